"""Where a month stands: the facts, and each of the fourteen steps judged."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crmkit.model.document import Documents
from crmkit.model.month import Month


class StepState(StrEnum):
    DONE = "done"
    OPEN = "open"
    LATE = "late"
    BLOCKED = "blocked"
    AHEAD = "ahead"  # its time has not come


class Due(StrEnum):
    """When a step is to be finished."""

    ALWAYS = "always"  # base data, before all
    DEADLINE = "deadline"  # end of the last opening day of M
    MONTH = "month"  # any time in M
    PLANNED = "planned"  # before the first visit day: start of M
    WEEK = "week"  # every week
    DAY = "day"  # every day with visits
    CLOSE = "close"  # end of M or before M+1's deadline


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What SQL counted of one manager's month M, as of `today`; everything that was not counted stays at its default.

    Days: `deadline` the last opening day of M, `next_deadline` that of M+1 (None: calendar unknown), `week_due` the
    first working day of the week of today, `last_planned_day` the last planned visit of M. Counts are of valid
    customers where they are customers.
    """

    month: Month
    today: date
    deadline: date
    next_deadline: date | None = None
    customers: int = 0  # valid
    methodless: int = 0  # valid, without a visit method (step 0)
    demands_missing: int = 0  # valid customers without a questionnaire record of M (step 1)
    demands_unconfirmed: int = 0
    demands: int = 0  # records of M, of valid customers
    effects: int = 0  # valid customers with a computed effect of M
    unscored: int = 0  # valid customers without six scores
    generated: bool = False  # step 2
    watched: int = 0  # products on the watch list in M
    brand_targets: int = 0  # step 3: watched products of M with a target
    target_customers: int = 0  # step 4: of those, the ones with target customers
    brand_aims: bool = False  # step 5: brand targets hold in M-1
    market_aims: bool = False  # step 6: indicators of M-1 have targets in force
    brand_analysed: bool = False  # step 5, of M-1
    market_analysed: bool = False  # step 6, of M-1
    market_targets_missing: int = 0  # step 6: indicators of M without a confirmed target
    satisfaction_target: bool = False  # step 7
    documents: Documents = field(default_factory=Documents)
    owed_visits: int = 0  # planned visits of M, any state
    covered_until: date | None = None  # last day of M a visit plan covers without a gap from the first visit day on
    last_visit_day: date | None = None  # the last working day of M on which visits could be planned
    last_planned_day: date | None = None
    week_scheduled: bool = False  # step 10, the week of `today`: both focus texts are written
    week_due: date | None = None
    unrecorded: int = 0  # planned visits before today, neither visited nor missed (step 11)
    unrecorded_since: date | None = None  # the first day of them
    visits_today: int = 0  # planned visits of today still open
    printed_today: bool = False  # the sheet of today went out
    unmarked: int = 0  # strategies of visited customers neither done nor dropped (step 12)
    unsummarised: tuple[date, ...] = ()  # step 13: Mondays of weeks with visits, over, a part still to be written
    week_summarised: bool = False  # step 13: some week of M is written
    month_summarised: bool = False  # step 14: every part is written


@dataclass(frozen=True, slots=True)
class StepStatus:
    """One step of the month. `missing` counts what is still to do; `blocked_by` names a step key or "approval";
    `command` is what to type, without "crmkit"; None where there is nothing to type.
    """

    number: int
    key: str
    state: StepState
    due: date | None = None
    late: bool = False
    missing: int = 0
    blocked_by: str | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """All steps, and the one command to type next (None: nothing waits)."""

    month: Month
    steps: tuple[StepStatus, ...]
    next_command: str | None
