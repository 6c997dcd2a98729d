"""Codes → words of the field (method.md §2), and dates as people write them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from crmkit.model.area import GradeBand
from crmkit.model.assigning import Cause
from crmkit.model.borderline import Border
from crmkit.model.brand import RateKind
from crmkit.model.consequence import Follower
from crmkit.model.customer import BusinessType, CustomerState, Frequency, Likeness, MarketType, VisitMethod
from crmkit.model.demand import Channel, Lacking
from crmkit.model.judgement import Judgement
from crmkit.model.market import AnalysisKind, BaseKind, Indicator, TargetOrigin
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem, EffectItem, PeerGroup, Quadrant, ScoreOrigin
from crmkit.model.ownfield import FieldType
from crmkit.model.person import Role
from crmkit.model.status import StepState
from crmkit.model.week import Week
from crmkit.report.terms_of_planning import PLANNING
from crmkit.report.terms_of_street import STREET
from crmkit.report.words import _, later

# one table per kind: members of different kinds share texts ("closed") and would be one key
_TERMS: dict[type[StrEnum], Mapping[StrEnum, str]] = {
    MarketType: {MarketType.URBAN: later("urban"), MarketType.RURAL: later("rural")},
    BusinessType: {
        BusinessType.MALL: later("mall"),
        BusinessType.SUPERMARKET: later("supermarket"),
        BusinessType.CONVENIENCE: later("convenience store"),
        BusinessType.TOBACCO_LIQUOR: later("tobacco and liquor"),
        BusinessType.GROCERY: later("grocery"),
        BusinessType.ENTERTAINMENT: later("entertainment"),
        BusinessType.OTHER: later("other business"),
    },
    CustomerState: {
        CustomerState.ACTIVE: later("active"),
        CustomerState.CLOSED: later("closed down"),
        CustomerState.SUSPENDED: later("suspended"),
        CustomerState.REVOKED: later("licence revoked"),
        CustomerState.EXPIRED: later("licence expired"),
    },
    VisitMethod: {
        VisitMethod.ONSITE: later("on site"),
        VisitMethod.PHONE: later("by phone"),
        VisitMethod.WECHAT: later("by WeChat"),
        VisitMethod.ONLINE: later("online"),
        VisitMethod.MEETING: later("group meeting"),
    },
    Frequency: {
        Frequency.WEEKLY: later("weekly"),
        Frequency.TWICE_MONTHLY: later("twice a month"),
        Frequency.MONTHLY: later("monthly"),
    },
    Likeness: {
        Likeness.LICENCE: later("same licence number"),
        Likeness.PHONE: later("same phone"),
        Likeness.ADDRESS: later("same address"),
        Likeness.NAME_AND_CONTACT: later("same name and contact"),
        Likeness.NAME_AND_PLACE: later("same name, close together"),
        Likeness.CODE: later("codes look alike"),
    },
    FieldType: {
        FieldType.TEXT: later("text"),
        FieldType.NUMBER: later("number"),
        FieldType.DATE: later("date"),
        FieldType.CHOICE: later("choice"),
    },
    GradeBand: {
        GradeBand.LOW: later("grades 1-10"),
        GradeBand.MIDDLE: later("grades 11-20"),
        GradeBand.HIGH: later("grades 21-30"),
    },
    Channel: {
        Channel.ONLINE: later("online"),
        Channel.PHONE: later("by phone"),
        Channel.VISIT: later("on a visit"),
        Channel.WECHAT: later("by WeChat"),
        Channel.PAPER: later("on paper"),
        Channel.OTHER: later("another way"),
    },
    Lacking: {
        Lacking.AWAITED: later("awaited online"),
        Lacking.OVERDUE: later("nothing came online: by hand"),
        Lacking.BY_HAND: later("by hand"),
    },
    EffectItem: {
        EffectItem.VOLUME_GROWTH: later("volume growth"),
        EffectItem.CARTON_VALUE: later("carton value"),
        EffectItem.PRODUCTS: later("products carried"),
        EffectItem.ORDERED_SHARE: later("ordered of allowed quantity"),
        EffectItem.KEY_PRODUCTS: later("key-brand products carried"),
    },
    AbilityItem: {
        AbilityItem.DISPLAY: later("display"),
        AbilityItem.STOCK: later("stock keeping"),
        AbilityItem.PRICING: later("price marking"),
        AbilityItem.RECOMMENDING: later("recommending"),
        AbilityItem.ONLINE: later("ordering online himself"),
        AbilityItem.LAWFUL: later("law-abiding"),
    },
    Quadrant: {
        Quadrant.KEEP: later("keep"),
        Quadrant.UNLOCK: later("unlock"),
        Quadrant.COACH: later("coach"),
        Quadrant.SUPPORT: later("support"),
    },
    ScoreOrigin: {
        ScoreOrigin.ENTERED: later("entered"),
        ScoreOrigin.CARRIED: later("carried over"),
        ScoreOrigin.ASSUMED: later("assumed for a group"),
    },
    PeerGroup: {
        PeerGroup.GRADE: later("same market type, near grades"),
        PeerGroup.MARKET: later("same market type"),
        PeerGroup.ALL: later("all customers"),
    },
    Role: {
        Role.CUSTOMER_MANAGER: later("customer manager"),
        Role.MARKET_MANAGER: later("market manager"),
        Role.BRAND_MANAGER: later("brand manager"),
    },
    Judgement: {
        Judgement.ABNORMAL: later("abnormal"),
        Judgement.NORMAL: later("normal"),
        Judgement.NOT_JUDGED: later("not judged"),
    },
    Border: {
        Border.EFFECT_CUT: later("effect, cut"),
        Border.WEAK_ITEM: later("weak item"),
        Border.ABILITY_CUT: later("ability, cut"),
        Border.INDICATOR: later("indicator, % below target"),
        Border.RATE: later("rate, % below target"),
        Border.RELATIVE_VOLUME: later("volume, % of expected"),
        Border.PEER_RATIO: later("growth, % of peers'"),
        Border.CARTON_VALUE_DROP: later("carton value, fall in %"),
        Border.KEY_LINE: later("key customers, rank"),
        Border.FREQUENCY: later("frequency, rank"),
    },
    RateKind: {
        RateKind.ON_SHELF: later("on-shelf rate"),
        RateKind.SELL_THROUGH: later("sell-through rate"),
        RateKind.REPURCHASE: later("repurchase rate"),
        RateKind.STOCK_OUT: later("stock-out rate"),
    },
    Indicator: {
        Indicator.VOLUME: later("sales volume"),
        Indicator.CARTON_VALUE: later("carton value"),
        Indicator.KEY_BRAND_GROWTH: later("key-brand growth"),
        Indicator.VOLUME_GROWTH: later("growth of the volume"),
        Indicator.AMOUNT: later("sales amount"),
        Indicator.ORDERING_CUSTOMERS: later("ordering customers"),
        Indicator.ORDERS: later("orders placed"),
        Indicator.KEY_BRAND_SHARE: later("share of key brands"),
    },
    BaseKind: {
        BaseKind.LAST_YEAR: later("same month last year"),
        BaseKind.LAST_MONTH: later("the month before"),
    },
    TargetOrigin: {
        TargetOrigin.PROPOSED: later("proposed, not confirmed"),
        TargetOrigin.CONFIRMED: later("confirmed as proposed"),
        TargetOrigin.ENTERED: later("entered by hand"),
    },
    Follower: {
        Follower.BRAND_STATE: later("abnormal rates"),
        Follower.MARKET_STATE: later("abnormal indicators"),
        Follower.STRATEGIES: later("service strategies"),
        Follower.PROBLEMS: later("problems"),
        Follower.KEY_CUSTOMERS: later("key customers"),
        Follower.FREQUENCIES: later("visit frequencies"),
    },
    AnalysisKind: {
        AnalysisKind.BRAND: later("brand state"),
        AnalysisKind.MARKET: later("market state"),
    },
    StepState: {
        StepState.DONE: later("done"),
        StepState.OPEN: later("open"),
        StepState.LATE: later("late"),
        StepState.BLOCKED: later("blocked"),
        StepState.AHEAD: later("not yet due"),
    },
    Cause: {
        Cause.UNASSIGNED: later("no manager yet"),
        Cause.LIMIT: later("too many customers"),
        Cause.ROAD: later("shorter road"),
        Cause.LOAD: later("evener load"),
    },
    **PLANNING,
    **STREET,
}

_PROBLEMS = {
    "volume": later("volume below its share of the target"),
    "carton_value": later("carton value below its share of the target"),
    "key_brand_growth": later("key-brand growth below its share of the target"),
    "relative_volume": later("volume fell against the area"),
    "stopped": later("ordered nothing last month"),
    "peer_ratio": later("growth behind its peers"),
    "carton_value_drop": later("carton value fell"),
    "complaint": later("open complaint"),
    "on_shelf": later("{product} not on the shelf"),
    "sell_through": later("{product} no longer sells"),
    "repurchase": later("{product} not reordered"),
    "stock_out": later("{product} out of stock"),
}

_WEEKDAYS = (later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun"))
_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]


def word(member: StrEnum) -> str:
    """The word for a code of the model. Raises KeyError for a code without one (a test forbids it)."""
    return _(_TERMS[type(member)][member])


def problem_words(code: str) -> str:
    """The words for a problem code such as "volume" or "on_shelf:P123"; an unknown code speaks for itself."""
    kind, _colon, product = code.partition(":")
    known = _PROBLEMS.get(kind)
    return _(known).format(product=product) if known else code


def weekday(day: date) -> str:
    """Tue · 周二."""
    return _(_WEEKDAYS[day.weekday()])


def day_words(day: date) -> str:
    """Tue 24 November 2026 · 2026年11月24日 周二."""
    return _fill(_("{weekday} {day} {month_name} {year}"), day)


def short_day(day: date) -> str:
    """24 Nov · 11月24日."""
    return _fill(_("{day} {month_short}"), day)


def week_words(week: Week) -> str:
    """2026-W45 (2 Nov - 8 Nov) · 2026年第45周（11月2日-11月8日）."""
    return _("{year}-W{number} ({first} - {last})").format(
        year=week.year, number=f"{week.number:02d}", first=short_day(week.monday), last=short_day(week.sunday)
    )


def month_words(month: Month) -> str:
    """November 2026 · 2026年11月."""
    return _fill(_("{month_name} {year}"), month.first)


def _fill(form: str, day: date) -> str:
    name = _MONTHS[day.month - 1]
    parts = {"weekday": weekday(day), "day": day.day, "month": day.month, "year": day.year}
    return form.format(**parts, month_name=name, month_short=name[:3])
