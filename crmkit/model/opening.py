"""The month opened in one sitting: what a person is asked, what each answer was given to, and how it is marked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crmkit.model.operating import Quadrant, ScoreOrigin
from crmkit.model.planning import Foresight
from crmkit.model.strategy import KeyCandidate, TieBorder


class Matter(StrEnum):
    """What may have to be decided when a month is opened, in the order it is asked."""

    METHODS = "methods"  # step 0: customers without a visit method
    LOST = "lost"  # customers of last month that are no longer valid
    DEMAND = "demand"  # step 1: questionnaires nobody confirmed
    SCORES = "scores"  # step 2: nobody scored them, and last month has nothing to carry over
    UP = "up"  # their effect rose into another quadrant, their scores are carried over
    DOWN = "down"
    BRAND_TARGETS = "brand_targets"  # steps 3 and 4: watched, aimed at last month and not yet this one
    RATES = "rates"  # step 5: abnormal rates
    INDICATORS = "indicators"  # step 6: abnormal indicators
    TARGETS = "targets"  # step 6: targets of the month that are not in force
    SATISFACTION = "satisfaction"  # step 7
    PROBLEMS = "problems"  # step 8: the text
    FOCUS = "focus"
    KEY_LINE = "key_line"  # candidates just above and just below the line of the key list
    TIES = "ties"  # a border of the frequency list runs through equals
    LOAD = "load"  # the month cannot hold every visit


class Mark(StrEnum):
    """What the reviewer is told of an answer."""

    CARRIED = "carried"  # last month's, untouched
    ASSUMED = "assumed"  # set for a group, not looked at one by one
    TAKEN = "taken"  # as the program found, computed or drafted it
    CHANGED = "changed"  # by hand


@dataclass(frozen=True, slots=True)
class Point:
    """One exception: about whom or what, and what it stood at when it was asked. Another basis is asked again."""

    subject: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is asked in one question: its open points. `group` parts a matter (grades, a border); `mark` is what taking
    the proposal will be marked; without one (`proposed` false) there is nothing to take unseen.
    """

    matter: Matter
    points: tuple[Point, ...]
    mark: Mark
    group: str = ""
    proposed: bool = True

    @property
    def key(self) -> tuple[Matter, str]:
        return self.matter, self.group

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(point.subject for point in self.points)


@dataclass(frozen=True, slots=True)
class Answer:
    """One point as it was answered. `asked`: a person saw the question; else --yes or --take took the proposal."""

    matter: Matter
    subject: str
    basis: str
    mark: Mark
    asked: bool
    actor: str
    at: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Carry:
    """Where a customer's effect put him last month and now, and where his scores are from."""

    before: Quadrant
    now: Quadrant
    origin: ScoreOrigin


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What the exceptions of a month are found in. Customers are codes; what was not made yet is empty or None.

    `record_open` and `plan_open`: the two documents may still change. `unscored` maps customers to the group they are
    scored in. `rates` and `indicators` are abnormal and untouched. `drafted` are the codes behind the drafts of
    problems and focus, `written` the matters whose text is a person's own, `last_written` those of last month's plan.
    """

    record_open: bool = True
    plan_open: bool = True
    methodless: tuple[str, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: tuple[str, ...] = ()
    unscored: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, Carry] = field(default_factory=dict)
    aimed_before: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    aimless: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()  # of the aimless indicators, those with a proposal
    has_strategies: bool = False
    has_satisfaction: bool = False
    satisfaction_carried: bool = False
    has_plan: bool = False
    drafted: tuple[str, ...] = ()
    written: frozenset[Matter] = frozenset()
    last_written: frozenset[Matter] = frozenset()
    candidates: tuple[KeyCandidate, ...] = ()
    key_limit: int = 0
    borders: tuple[TieBorder, ...] = ()
    load: Foresight | None = None
