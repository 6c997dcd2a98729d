"""What goes from one machine to another in a package file: a month sent up for a decision, and the answer to it.

The names of the fields are the names in the file (sources/package_file.py): changing one is a new version of the
format. Customers and persons are named by their codes, so that it means the same in every file. No phone, address or
licence of a customer is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from crmkit.model.brand import RateKind
from crmkit.model.customer import Frequency, MarketType, VisitMethod
from crmkit.model.document import DocumentAction, DocumentKind, Documents, DocumentState
from crmkit.model.market import AnalysisKind, Indicator
from crmkit.model.month import Month
from crmkit.model.person import Role
from crmkit.model.planning import Misfit, RepairKind
from crmkit.model.policy import CatalogueEntry
from crmkit.model.strategy import FrequencySource, Standing, StrategyOrigin, StrategyState, TieBreak

SUFFIX = ".crmplan"


class Sealing(StrEnum):
    """What is known of who made a package."""

    NONE = "none"  # no key here, none used: whoever has the file could have made another one
    UNCHECKED = "unchecked"  # made with a key, none is set here
    CHECKED = "checked"  # made by somebody who has the key that is set here


@dataclass(frozen=True, slots=True)
class Party:
    """A person as another file may know him."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """One step a document took, tied to the one before it by that one's digest (rules/chain.py)."""

    document: DocumentKind
    action: DocumentAction
    before: DocumentState
    after: DocumentState
    actor: str
    role: str
    at: str
    reason: str | None
    previous: str


@dataclass(frozen=True, slots=True)
class PolicyMark:
    """Which numbers a month was made with: name and version for people, a digest of every number."""

    name: str
    version: str
    fingerprint: str
    approval: str


@dataclass(frozen=True, slots=True)
class SentCustomer:
    """What a reviewer needs of a customer. `frequency` is the one in force, `valid` as of the day of sending."""

    code: str
    name: str
    grade: int | None
    market: MarketType | None
    method: VisitMethod | None
    frequency: Frequency | None
    valid: bool


@dataclass(frozen=True, slots=True)
class SentStrategy:
    customer: str
    number: int  # the digit on the sheet, by which a reviewer names it
    code: str
    origin: StrategyOrigin
    cause: str
    text: str | None
    state: StrategyState


@dataclass(frozen=True, slots=True)
class SentStrategies:
    """Step 7: the satisfaction target, every strategy, and what the catalogue says of their codes."""

    satisfaction: str | None
    strategies: tuple[SentStrategy, ...]
    catalogue: tuple[CatalogueEntry, ...]


@dataclass(frozen=True, slots=True)
class SentProblem:
    customer: str
    code: str
    actual: str
    limit: str


@dataclass(frozen=True, slots=True)
class SentKey:
    """A key candidate; `lost` in thousandths of a carton."""

    customer: str
    rank: int
    standing: Standing
    reasons: tuple[str, ...]
    lost: int
    note: str | None


@dataclass(frozen=True, slots=True)
class SentFrequency:
    """The frequency the plan gives a customer; `volume` in thousandths of a carton."""

    customer: str
    frequency: Frequency
    source: FrequencySource
    rank: int
    strategies: int
    volume: int
    tied: int
    note: str | None


@dataclass(frozen=True, slots=True)
class SentTie:
    upper: Frequency
    lower: Frequency
    strategies: int
    went_up: int
    tied: int
    by: TieBreak
    above: tuple[str, ...]
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentWeek:
    week: date
    days: int
    room: int
    bound: int


@dataclass(frozen=True, slots=True)
class SentRepair:
    customer: str
    number: int
    kind: RepairKind
    week: date | None


@dataclass(frozen=True, slots=True)
class SentUnfit:
    customer: str
    number: int
    misfit: Misfit
    week: date | None


@dataclass(frozen=True, slots=True)
class SentLoad:
    """What the month asks of its days from `since` on, in units of which `day` are one day's room."""

    since: date
    over: bool
    asked: int
    room: int
    short: int
    day: int
    visits: int
    weeks: tuple[SentWeek, ...]
    repairs: tuple[SentRepair, ...]
    unfit: tuple[SentUnfit, ...]


@dataclass(frozen=True, slots=True)
class SentIndicator:
    """An abnormal indicator of the area, exact, and what the month aims at."""

    indicator: Indicator
    target: Fraction | None
    actual: Fraction | None
    ratio: Fraction | None
    aim: Fraction | None


@dataclass(frozen=True, slots=True)
class SentRate:
    """An abnormal rate of a product."""

    product: str
    name: str
    rate: RateKind
    target: Fraction | None
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class SentPlan:
    """Step 8 as it was submitted. `problems` and `focus` of the area are the manager's own words; None: drafted from
    what is abnormal.
    """

    area_problems: str | None
    area_focus: str | None
    indicators: tuple[SentIndicator, ...]
    rates: tuple[SentRate, ...]
    not_analysed: tuple[AnalysisKind, ...]
    problems: tuple[SentProblem, ...]
    key_limit: int
    keys: tuple[SentKey, ...]
    frequencies: tuple[SentFrequency, ...]
    ties: tuple[SentTie, ...]
    overwritten: tuple[str, ...]
    load: SentLoad
    shortage: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A month sent up. `waiting` are the documents a decision is asked for, `deciders` who may give it, as the file it
    comes from knows them; `head` is the digest of the last link of the chain.
    """

    manager: Party
    month: Month
    strategies: DocumentState | None
    plan: DocumentState | None
    waiting: tuple[DocumentKind, ...]
    deciders: tuple[Party, ...]
    policy: PolicyMark
    chain: tuple[Link, ...]
    head: str
    entered: int  # ability scores entered, carried over, assumed for a group
    carried: int
    assumed: int
    customers: tuple[SentCustomer, ...]
    step7: SentStrategies
    step8: SentPlan | None

    @property
    def states(self) -> Documents:
        return Documents(self.strategies, self.plan)

    @property
    def submitters(self) -> Mapping[DocumentKind, str]:
        """Who submitted each document last."""
        raised = (DocumentAction.SUBMIT, DocumentAction.SUBMIT_RESULT)
        return {link.document: link.actor for link in self.chain if link.action in raised}


@dataclass(frozen=True, slots=True)
class SentFeedback:
    """What was said of one line in a rejection. `part` is "customer" for all lines of a customer at once."""

    customer: str
    part: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision on a submission. `submission` is the digest of the very package that was judged."""

    manager: Party
    month: Month
    submission: str
    action: DocumentAction
    documents: tuple[DocumentKind, ...]
    decider: Party
    role: Role
    at: datetime
    reason: str | None
    feedback: tuple[SentFeedback, ...]


Package = Submission | Answer
KINDS: Mapping[str, type[Submission] | type[Answer]] = {"submission": Submission, "answer": Answer}


@dataclass(frozen=True, slots=True)
class Opened:
    """A package as it was read: its digest, and what is known of who made it."""

    package: Package
    digest: str
    sealing: Sealing
    path: str = field(default="", compare=False)
