"""What the market manager's desk knows of a month's plan, and what it finds unusual in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from crmkit.model.customer import Frequency
from crmkit.model.document import DocumentKind
from crmkit.model.judgement import Judgement
from crmkit.model.market import AnalysisKind
from crmkit.model.month import Month
from crmkit.model.strategy import Standing


class Sign(StrEnum):
    """What can be unusual in a plan, most telling first [our default order].

    First what cannot be carried out or was not answered, then what was decided otherwise than computed, what looks
    copied, what was left out, and what is only worth knowing.
    """

    UNFIT = "unfit"  # visits that find no room, or room only by phone
    SHORTAGE = "shortage"  # submitted although not everything fits, with a reason
    UNCHANGED = "unchanged"  # handed in again after a rejection without any change
    LOAD = "load"  # visits asked for against the room, percent
    KEY_OVER = "key_over"  # share of key customers above key.max_share, percent
    STATES = "states"  # abnormal, normal or not judged otherwise than computed
    KEY_SHARE = "key_share"  # share of key customers off the mean of his own last months, points
    KEY_CHANGES = "key_changes"  # added to or taken off the key list by hand, percent of the list
    FREQUENCIES = "frequencies"  # set by hand, percent of the customers
    COPIED = "copied"  # a text is last month's, percent alike
    SHARED = "shared"  # a text is another manager's of this month, percent alike
    NOTES = "notes"  # reasons of hand changes that are last month's, percent of the reasons
    CARRIED = "carried"  # ability scores carried over or assumed, percent of the scores
    ALIKE = "alike"  # customers with one and the same six scores, percent of those scored
    NOT_ANALYSED = "not_analysed"  # steps 5 and 6 not done
    NOT_JUDGED = "not_judged"  # indicators and rates without a judgement
    LEFT_OUT = "left_out"  # customers without a visit method: on no week schedule, no daily sheet
    STRATEGIES = "strategies"  # dropped or added by hand, percent of all
    PHONE = "phone"  # customers visited another way than on site, percent
    BORDERLINE = "borderline"  # judgements near their threshold, percent of the customers
    LATE = "late"  # handed in after the deadline


class TextKind(StrEnum):
    """The texts a manager writes into a month."""

    PLAN_PROBLEMS = "plan_problems"
    PLAN_FOCUS = "plan_focus"
    BRAND_PROBLEMS = "brand_problems"
    BRAND_FOCUS = "brand_focus"
    MARKET_PROBLEMS = "market_problems"
    MARKET_FOCUS = "market_focus"


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """What SQL counted of one manager's month. All are whole numbers; nothing counted is 0.

    `scores` are single scores, `scored` customers with all six, `alike` the most customers with the same six;
    `judged` are indicators and rates with a judgement of any kind. `phone` and `left_out` go by the customers' visit
    methods of today.
    """

    frequencies: Mapping[Frequency, int] = field(default_factory=dict)
    by_hand: int = 0  # frequencies set by hand
    phone: int = 0
    left_out: int = 0
    key: int = 0
    key_added: int = 0
    key_removed: int = 0
    states: int = 0
    states_changed: int = 0
    not_judged: int = 0
    scores: int = 0
    carried: int = 0
    assumed: int = 0
    scored: int = 0
    alike: int = 0
    strategies: int = 0
    dropped: int = 0
    hand_strategies: int = 0

    @property
    def customers(self) -> int:
        """The customers of the plan."""
        return sum(self.frequencies.values())


@dataclass(frozen=True, slots=True)
class PlanLoad:
    """Visits asked for against the room, in hundredths of full days; what goes by phone or stands nowhere."""

    asked: Decimal
    room: Decimal
    visits: int
    repairs: int = 0
    unfit: int = 0
    fits: bool = True
    shortage: str | None = None  # the reason with which it was submitted all the same
    since: date | None = None  # of a month that runs: the first of the days that are left, which alone are counted


@dataclass(frozen=True, slots=True)
class HandFrequency:
    """A frequency set by hand, with its reason. `customer` is a code."""

    customer: str
    name: str
    frequency: Frequency
    note: str


@dataclass(frozen=True, slots=True)
class HandStanding:
    """A customer added to the key list or taken off it, with the reason."""

    customer: str
    name: str
    standing: Standing
    note: str


@dataclass(frozen=True, slots=True)
class HandState:
    """An indicator ("volume") or the rate of a product ("on_shelf:P1") judged otherwise than computed."""

    item: str
    computed: Judgement
    final: Judgement
    note: str


@dataclass(frozen=True, slots=True)
class HandStrategy:
    """A strategy dropped, or `added` by hand; `code` names its entry of the catalogue, `text` is in the manager's own
    words, `note` his reason.
    """

    customer: str
    name: str
    code: str
    added: bool
    note: str
    text: str = ""


HandChange = HandFrequency | HandStanding | HandState | HandStrategy


@dataclass(frozen=True, slots=True)
class Reworked:
    """What changed since the month was sent back last, by the word of the table; nothing where all is as it was."""

    at: str
    actor: str
    reason: str
    changes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One manager's month as the desk sees it: everything `rules.unusual` judges.

    `shares` are the shares of key customers of his last months in percent, the newest first; months without a plan
    are not in it. `others` are the texts of the other managers of the same month, by their codes.
    """

    manager: str
    month: Month
    counts: PlanCounts = field(default_factory=PlanCounts)
    load: PlanLoad | None = None
    shares: tuple[Fraction, ...] = ()
    hand: tuple[HandChange, ...] = ()
    hand_before: tuple[HandChange, ...] = ()
    texts: Mapping[TextKind, str] = field(default_factory=dict)
    texts_before: Mapping[TextKind, str] = field(default_factory=dict)
    others: Mapping[str, Mapping[TextKind, str]] = field(default_factory=dict)
    not_analysed: tuple[AnalysisKind, ...] = ()
    borderline: int = 0
    since: Reworked | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Unusual:
    """One unusual sign: its figure, from when on it is one (None: always), how many it is counted from.

    `subject` tells signs of a kind apart (a TextKind); `other` are the codes of the managers who wrote the same text,
    `text` is the text.
    """

    sign: Sign
    value: Fraction
    threshold: Fraction | None = None
    count: int = 0
    subject: str = ""
    other: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Usual:
    """What the figure of a sign was last month, and what it is in the middle of the team; None: not known."""

    before: Fraction | None = None
    team: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A month that waits for the market manager: which documents, since when, handed in late or not.

    `kinds` of the month plan and the strategies; `result`: it is the month's result that waits.
    """

    manager: int
    month: Month
    kinds: tuple[DocumentKind, ...]
    since: date
    late: bool
    result: bool = False
