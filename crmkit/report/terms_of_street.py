"""The words for codes of the street and the evening: visits, annotation, summaries, checks (steps 11 to 14)."""

from collections.abc import Mapping

from crmkit.report.words import later

STREET: Mapping[str, Mapping[str, str]] = {
    "ItemKind": {
        "strategy": later("service strategy"),
        "ad_hoc": later("ad hoc item"),
    },
    "Doubt": {
        "same_text": later("one text for many customers"),
        "last_time": later("the text of last time"),
        "too_close": later("too close in time"),
        "day_too_long": later("more than the day has"),
        "at_once": later("a day typed at once"),
        "part_twice": later("one text in two parts"),
    },
    "HelpVerdict": {
        "too_few": later("too few to say"),
        "unlike": later("groups differed before"),
        "better": later("more of the visited improved"),
        "same": later("no difference"),
        "worse": later("fewer of the visited improved"),
    },
    "Contrast": {
        "early": later("visited in the first half"),
        "several": later("visited twice or more"),
    },
    "SummaryKind": {
        "week": later("week summary"),
        "month": later("month summary"),
    },
    "SummaryPart": {
        "state": later("State of the indicators"),
        "schedule": later("Reasonableness of the schedule"),
        "effect": later("Effectiveness of the work"),
        "completion": later("Completion of the plan"),
        "accuracy": later("Accuracy of the analysis"),
        "reason": later("Reasonableness of the plan"),
        "experience": later("Experience"),
        "shortcomings": later("Shortcomings"),
    },
    "RestatementState": {
        "waiting": later("waiting"),
        "approved": later("restated"),
        "rejected": later("rejected"),
    },
    "MissReason": {
        "closed": later("shop shut"),
        "owner_away": later("owner away"),
        "weather": later("weather"),
        "meeting": later("in a meeting"),
        "refused": later("visit refused"),
        "other": later("other reason"),
    },
}
