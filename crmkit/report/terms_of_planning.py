"""The words for codes of planning and approval: documents, lines, visits planned, moved and owed (steps 7 to 10)."""

from collections.abc import Mapping
from enum import StrEnum

from crmkit.model.debt import DebtCause, DebtState
from crmkit.model.distance import Had
from crmkit.model.document import DocumentAction, DocumentKind, DocumentState
from crmkit.model.feedback import LinePart
from crmkit.model.moving import Caution, MoveReason, Obstacle
from crmkit.model.package import Sealing
from crmkit.model.planning import Breach, Misfit, RepairKind
from crmkit.model.review import Sign, TextKind
from crmkit.model.strategy import (
    Aside,
    FrequencySource,
    Standing,
    StrategyAction,
    StrategyOrigin,
    StrategyState,
    TieBreak,
)
from crmkit.model.verifying import Because, InputState, SealKind, Verdict
from crmkit.model.visit import PlannedState
from crmkit.model.week import DayState
from crmkit.report.words import later

PLANNING: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Aside: {
        Aside.INACTIVE: later("On the list of the plan, but no longer active; no frequency is written"),
        Aside.ELSEWHERE: later("Handed over after submit; the plan of the new manager decides the frequency"),
        Aside.FOLLOWED: later("Handed over after submit; the frequency of this plan goes along"),
        Aside.UNLISTED: later("Valid, but not on the list of the plan; the frequency stays as it is"),
    },
    DocumentKind: {
        DocumentKind.STRATEGIES: later("service strategies"),
        DocumentKind.PLAN: later("month plan"),
    },
    DocumentState: {
        DocumentState.DRAFT: later("draft"),
        DocumentState.SUBMITTED: later("submitted"),
        DocumentState.APPROVED: later("approved"),
        DocumentState.RESULT_SUBMITTED: later("result submitted"),
        DocumentState.RESULT_APPROVED: later("result approved"),
    },
    DocumentAction: {
        DocumentAction.SUBMIT: later("submit"),
        DocumentAction.APPROVE: later("approve"),
        DocumentAction.REJECT: later("reject"),
        DocumentAction.WITHDRAW: later("withdraw"),
        DocumentAction.SUBMIT_RESULT: later("submit the result"),
        DocumentAction.APPROVE_RESULT: later("approve the result"),
        DocumentAction.REJECT_RESULT: later("reject the result"),
    },
    Sealing: {
        Sealing.NONE: later("none: the checksum finds damage, no forgery"),
        Sealing.UNCHECKED: later("sealed, not checked here"),
        Sealing.CHECKED: later("made by who has the review key"),
    },
    StrategyOrigin: {
        StrategyOrigin.QUADRANT: later("operating state"),
        StrategyOrigin.WEAK_EFFECT: later("potential demand"),
        StrategyOrigin.WEAK_ABILITY: later("operating ability"),
        StrategyOrigin.DEMAND: later("direct demand"),
        StrategyOrigin.CARRIED: later("from last month"),
        StrategyOrigin.HAND: later("added by hand"),
    },
    StrategyAction: {
        StrategyAction.ADD: later("added"),
        StrategyAction.EDIT: later("edited"),
        StrategyAction.DROP: later("dropped"),
        StrategyAction.RESTORE: later("restored"),
    },
    LinePart: {
        LinePart.CUSTOMER: later("all of the customer"),
        LinePart.STRATEGY: later("strategy"),
        LinePart.KEY: later("key customer"),
        LinePart.FREQUENCY: later("visit frequency"),
        LinePart.SATISFACTION: later("satisfaction target"),
        LinePart.PROBLEMS: later("problems"),
        LinePart.FOCUS: later("focus"),
    },
    StrategyState: {
        StrategyState.OPEN: later("open"),
        StrategyState.DONE: later("done"),
        StrategyState.DROPPED: later("dropped"),
    },
    Standing: {
        Standing.PROPOSED: later("proposed"),
        Standing.BELOW: later("below the line"),
        Standing.ADDED: later("added"),
        Standing.REMOVED: later("removed"),
    },
    FrequencySource: {
        FrequencySource.KEY: later("key customer"),
        FrequencySource.RANK: later("by rank"),
        FrequencySource.OVERRIDE: later("set by hand"),
        FrequencySource.NEW: later("new customer"),
    },
    TieBreak: {
        TieBreak.VOLUME: later("by last month's volume"),
        TieBreak.CODE: later("by customer code"),
    },
    Sign: {
        Sign.UNFIT: later("visits without room"),
        Sign.SHORTAGE: later("shortage accepted"),
        Sign.UNCHANGED: later("nothing changed since the rejection"),
        Sign.LOAD: later("load"),
        Sign.KEY_OVER: later("too many key customers"),
        Sign.STATES: later("states changed by hand"),
        Sign.KEY_SHARE: later("share of key customers"),
        Sign.KEY_CHANGES: later("key list changed by hand"),
        Sign.FREQUENCIES: later("frequencies set by hand"),
        Sign.COPIED: later("text copied from last month"),
        Sign.SHARED: later("same text as another manager's"),
        Sign.NOTES: later("reasons copied from last month"),
        Sign.CARRIED: later("scores not given anew"),
        Sign.ALIKE: later("scores all alike"),
        Sign.NOT_ANALYSED: later("not analysed"),
        Sign.NOT_JUDGED: later("not judged (indicators and rates)"),
        Sign.LEFT_OUT: later("customers without a visit method"),
        Sign.STRATEGIES: later("strategies changed by hand"),
        Sign.PHONE: later("visited another way than on site"),
        Sign.BORDERLINE: later("borderline judgements"),
        Sign.LATE: later("handed in late"),
    },
    TextKind: {
        TextKind.PLAN_PROBLEMS: later("problems of the month plan"),
        TextKind.PLAN_FOCUS: later("focus of the month plan"),
        TextKind.BRAND_PROBLEMS: later("problems of the brands"),
        TextKind.BRAND_FOCUS: later("focus of the brands"),
        TextKind.MARKET_PROBLEMS: later("problems of the market"),
        TextKind.MARKET_FOCUS: later("focus of the market"),
    },
    Misfit: {
        Misfit.ABSENT: later("you are away on every possible day"),
        Misfit.CLOSED: later("the shop is shut on every possible day"),
        Misfit.GAP: later("too near to another visit on every possible day"),
        Misfit.ROOM: later("the possible days are full"),
    },
    RepairKind: {
        RepairKind.SECOND_BY_PHONE: later("second visit of the month by phone"),
        RepairKind.MONTHLY_BY_PHONE: later("monthly visit by phone"),
        RepairKind.WEEKLY_BY_PHONE: later("weekly visit by phone in the shortest week"),
    },
    MoveReason: {
        MoveReason.ABSENT: later("nobody works on the old day"),
        MoveReason.CLOSED: later("the shop is shut on the old day"),
        MoveReason.GAP: later("the old day is too near to, or too far from, a visit that stays"),
        MoveReason.OTHER_VISIT: later("the shop's other visit moved too"),
        MoveReason.ROOM: later("made room for others"),
        MoveReason.NEW: later("owed, and not planned before"),
        MoveReason.MISSED: later("repays a missed visit"),
        MoveReason.NOT_OWED: later("no longer owed"),
        MoveReason.NO_DAY: later("no day holds it: visit debt"),
        MoveReason.HAND: later("moved by hand"),
        MoveReason.SKIPPED: later("taken off by hand"),
        MoveReason.ADDED: later("added by hand"),
    },
    Obstacle: {
        Obstacle.ABSENT: later("day off"),
        Obstacle.CLOSED: later("shop shut"),
        Obstacle.PRINTED: later("sheet printed"),
        Obstacle.TAKEN: later("has a visit that day"),
        Obstacle.GAP: later("gap to other visits"),
        Obstacle.WEEK: later("outside its week"),
        Obstacle.ROOM: later("day full"),
    },
    Caution: {
        Caution.DETOUR: later("long detour"),
        Caution.LOAD: later("fuller than other days"),
        Caution.SPACING: later("spacing not as preferred"),
        Caution.WEEKDAY: later("another weekday"),
    },
    Breach: {
        Breach.DAY_FULL: later("the day is full"),
        Breach.GAP_SHORT: later("too soon after the visit before"),
        Breach.GAP_LONG: later("too long after the visit before"),
        Breach.WRONG_DAY: later("not on this day"),
        Breach.NOT_PLANNED: later("not planned"),
    },
    PlannedState: {
        PlannedState.OPEN: later("planned"),
        PlannedState.VISITED: later("visited"),
        PlannedState.MISSED: later("missed"),
        PlannedState.CANCELLED: later("cancelled"),
        PlannedState.EARLY: later("visited early"),
    },
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
    Had: {Had.GIVEN: later("given"), Had.STRAIGHT: later("straight line"), Had.ADDRESS: later("by address")},
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
    DebtCause: {DebtCause.MISSED: later("missed"), DebtCause.UNFIT: later("without a day")},
    DebtState: {
        DebtState.OPEN: later("still owed"),
        DebtState.REPAID: later("repaid"),
        DebtState.FORGIVEN: later("forgiven"),
        DebtState.EXPIRED: later("expired"),
    },
}
