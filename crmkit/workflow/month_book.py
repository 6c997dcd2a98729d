"""The month book: everything the file holds of one month of one manager, gathered to be kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from crmkit.model.annotation import MonthItem
from crmkit.model.customer import Customer
from crmkit.model.errors import Refusal
from crmkit.model.helped import Helped
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import FrequencyLine, KeyCandidate
from crmkit.model.visit import PlannedState, PlannedVisit, Visit
from crmkit.rules.calendar import month_days
from crmkit.rules.codes import short_codes
from crmkit.store import customers, planned, visits
from crmkit.store.connection import Store
from crmkit.workflow.analyze_brand import brand_state
from crmkit.workflow.analyze_market import market_state
from crmkit.workflow.analyze_operating import OperatingState, operating_state
from crmkit.workflow.generate_month_plan import MonthPlan, month_plan
from crmkit.workflow.judge_brand import BrandAnalysis
from crmkit.workflow.judge_help import judge_help
from crmkit.workflow.judge_market import MarketAnalysis
from crmkit.workflow.list_items import MonthItems, month_items
from crmkit.workflow.list_visits import VisitsOfDay, list_visits
from crmkit.workflow.summarize import Summary, month_period, summarize, week_period
from crmkit.workflow.working_calendar import calendar_between

Found = TypeVar("Found")
_WEEK = timedelta(days=7)
_OFF = (PlannedState.CANCELLED, PlannedState.EARLY)  # as on the sheet


@dataclass(frozen=True, slots=True)
class CustomerMonthCard:
    """One customer of the book: what was to be done, what was planned, what happened."""

    customer: Customer
    code: str
    line: FrequencyLine | None
    key: KeyCandidate | None
    items: tuple[MonthItem, ...]
    plans: tuple[PlannedVisit, ...]
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class MonthBook:
    """What is missing was not made: no plan, no analysis, nothing to compare."""

    manager: Person
    month: Month
    today: date
    working: tuple[date, ...]
    summary: Summary | None
    weeks: tuple[Summary, ...]
    plan: MonthPlan | None
    state: OperatingState | None
    brand: BrandAnalysis | None
    market: MarketAnalysis | None
    helped: Helped | None
    items: MonthItems
    days: tuple[VisitsOfDay, ...]
    cards: tuple[CustomerMonthCard, ...]


def month_book(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> MonthBook:
    """Gather the month; what a gate refuses is left out of the book."""
    today = act.today
    calendar = calendar_between(store, policy, manager.id, month.first, month.last, assume_weekdays=True)
    plan = _or_none(lambda: month_plan(store, policy, manager, month, today))
    items = month_items(store, policy, manager, month, today)
    facts = visits.between(store, manager.id, month.first, month.last)
    plans = planned.between(store, manager.id, month.first, month.last)
    days = sorted({v.day for v in facts} | {p.day for p in plans if p.state not in _OFF})
    return MonthBook(
        manager=manager,
        month=month,
        today=today,
        working=tuple(day for day in month_days(calendar, month) if day not in calendar.absent),
        summary=_or_none(lambda: summarize(store, policy, manager, month_period(month, today))),
        weeks=_weeks(store, policy, manager, month, today),
        plan=plan,
        state=_or_none(lambda: operating_state(store, policy, manager, month, act)),
        brand=_or_none(lambda: brand_state(store, policy, manager, month, act)),
        market=_or_none(lambda: market_state(store, policy, manager, month, act)),
        helped=_or_none(lambda: judge_help(store, policy, manager, month, today)),
        items=items,
        days=tuple(list_visits(store, manager, day) for day in days),
        cards=_cards(store, manager, plan, items, plans, facts),
    )


def _or_none(ask: Callable[[], Found]) -> Found | None:
    """What was asked for; None where a gate stands before it: the book leaves it out."""
    try:
        return ask()
    except Refusal:
        return None


def _weeks(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> tuple[Summary, ...]:
    """The summaries of the weeks that end in the month, or end after it and began in it; none that lies ahead."""
    monday = month.first - timedelta(days=month.first.weekday())
    found = []
    while monday <= min(month.last, today):
        found.append(_or_none(lambda day=monday: summarize(store, policy, manager, week_period(day, today))))  # type: ignore[misc]
        monday += _WEEK
    return tuple(week for week in found if week is not None)


def _cards(
    store: Store,
    manager: Person,
    plan: MonthPlan | None,
    items: MonthItems,
    plans: Sequence[PlannedVisit],
    facts: Sequence[Visit],
) -> tuple[CustomerMonthCard, ...]:
    """A card for each customer the manager has now, by code."""
    owned = customers.all(store, manager.id)
    codes = short_codes(customer.code for customer in owned)
    lines = {line.customer: line for line in plan.lines} if plan else {}
    keys = {key.customer: key for key in plan.keys} if plan else {}
    return tuple(
        CustomerMonthCard(
            customer=one,
            code=codes[one.code],
            line=lines.get(one.id),
            key=keys.get(one.id),
            items=tuple(item for item in items.items if item.customer.id == one.id),
            plans=tuple(visit for visit in plans if visit.customer == one.id),
            visits=tuple(visit for visit in facts if visit.customer == one.id),
        )
        for one in sorted(owned, key=lambda customer: customer.code)
    )
