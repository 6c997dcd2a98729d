"""Step 11, the daily visit sheet 日拜访记录表 of one day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from crmkit.model.customer import Customer, CustomerState, MarketType, VisitMethod
from crmkit.model.demand import Questionnaire
from crmkit.model.distance import Given
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import AdHocItem
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.sheet import DAILY_SHEET, Printing, Sheet, SheetTask, SheetTotals, SinceVisit, Stop
from crmkit.model.strategy import Strategy, StrategyState
from crmkit.model.visit import PlannedState, PlannedVisit, Visit
from crmkit.rules.arriving import arrivals, clock_of, is_shut
from crmkit.rules.calendar import next_working_day
from crmkit.rules.capacity import on_road
from crmkit.rules.codes import sheet_code, short_codes
from crmkit.rules.demand import behind
from crmkit.rules.distance import ways_had
from crmkit.rules.routing import road_metres
from crmkit.rules.sheet import day_minutes, fullness, since_visit, span_of, to_bring
from crmkit.rules.sketch import sketch_of
from crmkit.rules.states import is_approved
from crmkit.rules.strategies import strategy_words
from crmkit.rules.strategies_by_hand import numbered
from crmkit.store import (
    adhoc,
    customers,
    demand,
    documents,
    frequencies,
    keycustomers,
    planned,
    products,
    strategies,
    visits,
)
from crmkit.store import asked as printed_fields
from crmkit.store import sheet as sheets
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.verify_in_shop import asked
from crmkit.workflow.visit_debt import visit_debts
from crmkit.workflow.working_calendar import calendar_between

_NOT_PRINTED = (PlannedState.CANCELLED, PlannedState.EARLY)  # the visit is off, or another day had it
_FAR_ENOUGH = timedelta(days=31)  # no holiday is longer


def next_visit_day(store: Store, policy: Policy, manager: Person, today: date) -> date:
    """The manager's next working day 下一工作日. Raises Refusal(CALENDAR_UNPUBLISHED)."""
    calendar = calendar_between(store, policy, manager.id, today, today + _FAR_ENOUGH)
    found = next_working_day(calendar, today)
    if found is None:
        raise Refusal(Fault.NOT_FOUND, noun="working-day", value=today.isoformat(), known=[])
    return found


def sheet_of(store: Store, policy: Policy, manager: Person, day: date) -> Sheet:
    """The sheet of one day, nothing marked. Raises Refusal(GATE): step 8 not approved, or step 9 not planned."""
    _refuse_without_plan(store, manager, day)
    visits_ = [v for v in planned.between(store, manager.id, day, day) if v.state not in _NOT_PRINTED]
    known = {customer.id: customer for customer in customers.all(store, manager.id)}
    carried = [v for v in visits_ if v.customer in known and is_on_paper(known[v.customer], policy)]
    stops = _stops(store, policy, manager, day, carried, known)
    road = tuple(stop for stop in stops if on_road(stop.method))
    calls = tuple(replace(stop, position=n) for n, stop in enumerate((s for s in stops if s not in road), start=1))
    given = given_ways(store, (stop.customer for stop in road))
    road = _with_hours(policy, [replace(stop, position=n) for n, stop in enumerate(road, start=1)], given)
    newest = planned.newest_coverage(store, manager.id, day)
    return Sheet(
        manager=manager,
        day=day,
        zone=policy.calendar.zone,
        totals=_totals(policy, road, calls, given),
        stops=road,
        calls=calls,
        routine=policy.strategy.routine,
        provisional=newest.provisional if newest else False,
        bring=to_bring(stops),
        sketch=sketch_of([stop.customer for stop in road]),
        code=sheet_code(manager.code, day),
        left_out=tuple(known[v.customer] for v in visits_ if v.customer in known and v not in carried),
    )


def _with_hours(policy: Policy, road: list[Stop], given: Given) -> tuple[Stop, ...]:
    """The stops, with the hour of those whose opening hours say they are shut when they are likely reached."""
    reached = arrivals([stop.customer for stop in road], [stop.key for stop in road], policy.capacity, given)
    return tuple(
        replace(stop, shut_at=clock_of(minute) if is_shut(stop.customer.hours, minute) else None)
        for stop, minute in zip(road, reached, strict=True)
    )


def is_on_paper(customer: Customer, policy: Policy) -> bool:
    """On paper stands who can be visited: with a visit method, and not closed since the visit was planned."""
    active = customer.state is CustomerState.ACTIVE or policy.valid.ordering_counts
    return active and customer.visit_method is not None


def print_sheet(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    day: date,
    form: str,
    deliver: Callable[[Sheet], object] = lambda sheet: None,
) -> Sheet:
    """The sheet of one day, its printing recorded: the day is frozen against replanning.

    `deliver` puts the paper where it belongs; when it raises, nothing is recorded: no day is frozen by a paper that
    nobody has.
    """
    sheet = sheet_of(store, policy, manager, day)
    with store.operation(act):
        version = planned.record_printing(store, act, manager.id, day, DAILY_SHEET, form)
        printed_fields.note(store, day, {stop.customer.id: stop.verify for stop in (*sheet.stops, *sheet.calls)})
        printed = replace(sheet, printing=Printing(version, act.now))
        deliver(printed)
    return printed


def seen_sheet(store: Store, policy: Policy, manager: Person, day: date, now: datetime) -> Sheet:
    """The sheet as it would print next, nothing recorded (--no-mark, terminal)."""
    version = planned.printed_days(store, manager.id, day, day).get(day, 0)
    return replace(sheet_of(store, policy, manager, day), printing=Printing(version, now) if version else None)


def _refuse_without_plan(store: Store, manager: Person, day: date) -> None:
    month = Month.of(day)
    record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    if record is None or not is_approved(record.state):
        raise Refusal(Fault.GATE, step=11, needs="strategies-approved", way_out=f"crmkit status --month {month}")
    if not planned.covered(store, manager.id, day):
        raise Refusal(
            Fault.GATE,
            step=11,
            needs="visits-planned",
            day=day.isoformat(),
            way_out=f"crmkit plan visits --month {month}",
        )


def _stops(
    store: Store,
    policy: Policy,
    manager: Person,
    day: date,
    visits_: list[PlannedVisit],
    known: Mapping[int, Customer],
) -> list[Stop]:
    """Each planned visit as a stop; `known` are the manager's customers."""
    month = Month.of(day)
    codes = short_codes(customer.code for customer in known.values())
    tasks = open_tasks(store, policy, manager, month)
    key = {c.customer: c.reasons for c in keycustomers.candidates(store, manager.id, month) if c.standing.is_key}
    wanted = {line.customer: line.frequency for line in frequencies.lines(store, manager.id, month)}
    last = visits.last_real(store, manager.id, day)
    debts = visit_debts(store, policy, manager, day - timedelta(days=1), {visit.customer for visit in visits_})
    since = _since(
        store, manager, {visit.customer: last[visit.customer] for visit in visits_ if visit.customer in last}, day
    )
    promised: dict[int, list[AdHocItem]] = {}
    for item in adhoc.open_of(store, manager.id):
        promised.setdefault(item.customer, []).append(item)
    verify = asked(store, policy, [known[visit.customer] for visit in visits_], day)
    owed = {customer: [debt for debt in debts.open if debt.customer == customer] for customer in debts.waiting}
    return [
        Stop(
            position=visit.position,
            short_code=codes[known[visit.customer].code],
            customer=known[visit.customer],
            method=visit.method,
            frequency=known[visit.customer].frequency or wanted.get(visit.customer),
            key=visit.customer in key,
            reasons=key.get(visit.customer, ()),
            last=last.get(visit.customer),
            tasks=tasks.get(visit.customer, ()),
            debt=len(owed.get(visit.customer, ())),
            owed=next(iter(owed.get(visit.customer, ())), None),
            since=since.get(visit.customer),
            promises=tuple(promised.get(visit.customer, ())),
            verify=verify[visit.customer],
        )
        for visit in visits_
    ]


def _since(store: Store, manager: Person, last: Mapping[int, Visit], day: date) -> dict[int, SinceVisit]:
    """What each shop ordered since its last visit; nothing of a shop of which no order day since is known."""
    until = sheets.orders_known_until(store, manager.id, day)
    seen = {customer: visit.day for customer, visit in last.items() if until and visit.day < until}
    if until is None:
        return {}
    counted = sheets.orders_around(store, {customer: span_of(at) for customer, at in seen.items()}, until)
    none = sheets.Around(0, ())
    sides = {one: (counted.get((one, True), none), counted.get((one, False), none)) for one in seen}
    return {one: since_visit(until, *now, *before) for one, (now, before) in sides.items()}


def open_tasks(store: Store, policy: Policy, manager: Person, month: Month) -> dict[int, tuple[SheetTask, ...]]:
    """Unfinished strategies by customer, each with its number in the month's list."""
    asked = {**demand.of_month(store, month.previous, manager.id), **demand.of_month(store, month, manager.id)}
    names = {one.id: one.name for one in products.all(store)} if asked else {}
    mine: dict[int, list[Strategy]] = {}
    for strategy in strategies.of_manager(store, manager.id, month):
        mine.setdefault(strategy.customer, []).append(strategy)
    return {
        customer: tuple(
            _task(number, strategy, policy, asked.get(customer), names)
            for number, strategy in numbered(listed).items()
            if strategy.state is StrategyState.OPEN
        )
        for customer, listed in mine.items()
    }


def _task(
    number: int, strategy: Strategy, policy: Policy, asked: Questionnaire | None, names: Mapping[int, str]
) -> SheetTask:
    """One task, with what the customer asked for behind a direct demand."""
    lines, said = behind(strategy.code, asked)
    wanted = tuple((names[line.product], line.volume) for line in lines)
    return SheetTask(number, strategy_words(strategy, policy), strategy.origin, strategy.id, wanted, said)


def _totals(policy: Policy, road: tuple[Stop, ...], calls: tuple[Stop, ...], given: Given) -> SheetTotals:
    shops = [stop.customer for stop in road]
    metres = road_metres(shops, policy.capacity.detour_percent, given)
    every = (*road, *calls)
    urban = sum(shop.market_type is MarketType.URBAN for shop in shops)
    return SheetTotals(
        visits=len(road),
        urban=urban,
        rural=len(road) - urban,
        phone=sum(stop.method is VisitMethod.PHONE for stop in calls),
        minutes=day_minutes(every, metres, policy.capacity) if every else None,
        metres=metres,
        full=fullness(every, metres, policy.capacity) if every else None,
        measured=not ways_had([shops], given).address,
    )
