"""Codes → words of the field (method.md §2), and dates as people write them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from crmkit.model.month import Month
from crmkit.model.week import Week
from crmkit.report.terms_of_planning import PLANNING
from crmkit.report.terms_of_street import STREET
from crmkit.report.words import _, later

# One table per kind: members of different kinds share texts ("closed") and would be one key. Kinds and codes are named,
# not imported: that would load the whole model with each page.
TERMS: Mapping[str, Mapping[str, str]] = {
    "MarketType": {"urban": later("urban"), "rural": later("rural")},
    "BusinessType": {
        "mall": later("mall"),
        "supermarket": later("supermarket"),
        "convenience": later("convenience store"),
        "tobacco_liquor": later("tobacco and liquor"),
        "grocery": later("grocery"),
        "entertainment": later("entertainment"),
        "other": later("other business"),
    },
    "CustomerState": {
        "active": later("active"),
        "closed": later("closed down"),
        "suspended": later("suspended"),
        "revoked": later("licence revoked"),
        "expired": later("licence expired"),
    },
    "VisitMethod": {
        "onsite": later("on site"),
        "phone": later("by phone"),
        "wechat": later("by WeChat"),
        "online": later("online"),
        "meeting": later("group meeting"),
    },
    "Frequency": {
        "weekly": later("weekly"),
        "twice_monthly": later("twice a month"),
        "monthly": later("monthly"),
    },
    "Likeness": {
        "licence": later("same licence number"),
        "phone": later("same phone"),
        "address": later("same address"),
        "name_and_contact": later("same name and contact"),
        "name_and_place": later("same name, close together"),
        "code": later("codes look alike"),
    },
    "FieldType": {
        "text": later("text"),
        "number": later("number"),
        "date": later("date"),
        "choice": later("choice"),
    },
    "GradeBand": {
        "low": later("grades 1-10"),
        "middle": later("grades 11-20"),
        "high": later("grades 21-30"),
    },
    "Channel": {
        "online": later("online"),
        "phone": later("by phone"),
        "visit": later("on a visit"),
        "wechat": later("by WeChat"),
        "paper": later("on paper"),
        "other": later("another way"),
    },
    "Lacking": {
        "awaited": later("awaited online"),
        "overdue": later("nothing came online: by hand"),
        "by_hand": later("by hand"),
    },
    "EffectItem": {
        "volume_growth": later("volume growth"),
        "carton_value": later("carton value"),
        "products": later("products carried"),
        "ordered_share": later("ordered of allowed quantity"),
        "key_products": later("key-brand products carried"),
    },
    "AbilityItem": {
        "display": later("display"),
        "stock": later("stock keeping"),
        "pricing": later("price marking"),
        "recommending": later("recommending"),
        "online": later("ordering online himself"),
        "lawful": later("law-abiding"),
    },
    "Quadrant": {
        "keep": later("keep"),
        "unlock": later("unlock"),
        "coach": later("coach"),
        "support": later("support"),
    },
    "ScoreOrigin": {
        "entered": later("entered"),
        "carried": later("carried over"),
        "assumed": later("assumed for a group"),
    },
    "PeerGroup": {
        "grade": later("same market type, near grades"),
        "market": later("same market type"),
        "all": later("all customers"),
    },
    "Role": {
        "customer_manager": later("customer manager"),
        "market_manager": later("market manager"),
        "brand_manager": later("brand manager"),
    },
    "Judgement": {
        "abnormal": later("abnormal"),
        "normal": later("normal"),
        "not_judged": later("not judged"),
    },
    "Border": {
        "effect_cut": later("effect, cut"),
        "weak_item": later("weak item"),
        "ability_cut": later("ability, cut"),
        "indicator": later("indicator, % below target"),
        "rate": later("rate, % below target"),
        "relative_volume": later("volume, % of expected"),
        "peer_ratio": later("growth, % of peers'"),
        "carton_value_drop": later("carton value, fall in %"),
        "key_line": later("key customers, rank"),
        "frequency": later("frequency, rank"),
    },
    "RateKind": {
        "on_shelf": later("on-shelf rate"),
        "sell_through": later("sell-through rate"),
        "repurchase": later("repurchase rate"),
        "stock_out": later("stock-out rate"),
    },
    "Indicator": {
        "volume": later("sales volume"),
        "carton_value": later("carton value"),
        "key_brand_growth": later("key-brand growth"),
        "volume_growth": later("growth of the volume"),
        "amount": later("sales amount"),
        "ordering_customers": later("ordering customers"),
        "orders": later("orders placed"),
        "key_brand_share": later("share of key brands"),
    },
    "BaseKind": {
        "last_year": later("same month last year"),
        "last_month": later("the month before"),
    },
    "TargetOrigin": {
        "proposed": later("proposed, not confirmed"),
        "confirmed": later("confirmed as proposed"),
        "entered": later("entered by hand"),
    },
    "Follower": {
        "brand_state": later("abnormal rates"),
        "market_state": later("abnormal indicators"),
        "strategies": later("service strategies"),
        "problems": later("problems"),
        "key_customers": later("key customers"),
        "frequencies": later("visit frequencies"),
    },
    "AnalysisKind": {
        "brand": later("brand state"),
        "market": later("market state"),
    },
    "StepState": {
        "done": later("done"),
        "open": later("open"),
        "late": later("late"),
        "blocked": later("blocked"),
        "ahead": later("not yet due"),
    },
    "Cause": {
        "unassigned": later("no manager yet"),
        "limit": later("too many customers"),
        "road": later("shorter road"),
        "load": later("evener load"),
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
    return _(TERMS[type(member).__name__][member])


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
