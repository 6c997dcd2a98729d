"""The words of the week's days and of verified plans; `terms.word` says them."""

from enum import StrEnum

from crmkit.model.verifying import Because, InputState, SealKind, Verdict
from crmkit.model.week import DayState
from crmkit.report.words import later

PLAN_TERMS: dict[type[StrEnum], dict[StrEnum, str]] = {
    SealKind: {
        SealKind.PLAN: later("month plan"),
        SealKind.VISITS: later("visit plan"),
    },
    Verdict: {
        Verdict.SAME: later("the same plan again, proven"),
        Verdict.OTHER: later("made again, another plan comes out"),
        Verdict.VERSION: later("cannot be made again: another crmkit or kernel; digests are compared"),
        Verdict.POLICY: later("cannot be made again: the policy says other numbers now"),
        Verdict.PAST: later("cannot be made again: the file was migrated or restored since"),
        Verdict.INTERRUPTED: later("cannot be made again: the search was broken off by hand"),
    },
    InputState: {
        InputState.SAME: later("as sealed"),
        InputState.CHANGED: later("changed since"),
        InputState.ALTERED: later("altered past crmkit"),
    },
    Because: {
        Because.MOVED: later("moved since by a command"),
        Because.CHANGED: later("changed since by another command"),
        Because.HANDED_OVER: later("handed over"),
        Because.ALTERED: later("altered past crmkit"),
        Because.NOW: later("what the data of now would give"),
    },
    DayState: {
        DayState.PLANNED: later("visits planned"),
        DayState.UNPLANNED: later("no visit plan yet"),
        DayState.WAITING: later("awaiting approval"),
        DayState.OPENING: later("opening day"),
        DayState.AWAY: later("own day off"),
        DayState.COMPANY_OFF: later("company's day off"),
        DayState.HOLIDAY: later("holiday"),
        DayState.WEEKEND: later("weekend"),
    },
}
