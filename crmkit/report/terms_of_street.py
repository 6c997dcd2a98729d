"""The words for codes of the street and the evening: visits, annotation, summaries, checks (steps 11 to 14)."""

from collections.abc import Mapping
from enum import StrEnum

from crmkit.model.annotation import ItemKind, RestatementState
from crmkit.model.helped import HelpVerdict
from crmkit.model.honesty import Doubt
from crmkit.model.summary import SummaryKind, SummaryPart
from crmkit.model.visit import MissReason
from crmkit.report.words import later

STREET: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    ItemKind: {
        ItemKind.STRATEGY: later("service strategy"),
        ItemKind.AD_HOC: later("ad hoc item"),
    },
    Doubt: {
        Doubt.SAME_TEXT: later("one text for many customers"),
        Doubt.LAST_TIME: later("the text of last time"),
        Doubt.TOO_CLOSE: later("too close in time"),
        Doubt.DAY_TOO_LONG: later("more than the day has"),
        Doubt.AT_ONCE: later("a day typed at once"),
        Doubt.PART_TWICE: later("one text in two parts"),
    },
    HelpVerdict: {
        HelpVerdict.TOO_FEW: later("too few to say"),
        HelpVerdict.UNLIKE: later("groups differed before"),
        HelpVerdict.BETTER: later("more of the visited improved"),
        HelpVerdict.SAME: later("no difference"),
        HelpVerdict.WORSE: later("fewer of the visited improved"),
    },
    SummaryKind: {
        SummaryKind.WEEK: later("week summary"),
        SummaryKind.MONTH: later("month summary"),
    },
    SummaryPart: {
        SummaryPart.STATE: later("State of the indicators"),
        SummaryPart.SCHEDULE: later("Reasonableness of the schedule"),
        SummaryPart.EFFECT: later("Effectiveness of the work"),
        SummaryPart.COMPLETION: later("Completion of the plan"),
        SummaryPart.ACCURACY: later("Accuracy of the analysis"),
        SummaryPart.REASON: later("Reasonableness of the plan"),
        SummaryPart.EXPERIENCE: later("Experience"),
        SummaryPart.SHORTCOMINGS: later("Shortcomings"),
    },
    RestatementState: {
        RestatementState.WAITING: later("waiting"),
        RestatementState.APPROVED: later("restated"),
        RestatementState.REJECTED: later("rejected"),
    },
    MissReason: {
        MissReason.CLOSED: later("shop shut"),
        MissReason.OWNER_AWAY: later("owner away"),
        MissReason.WEATHER: later("weather"),
        MissReason.MEETING: later("in a meeting"),
        MissReason.REFUSED: later("visit refused"),
        MissReason.OTHER: later("other reason"),
    },
}
