"""Step 10, week schedule 周工作安排: the focus of the week, each day's route, notes and customers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer
from crmkit.model.distance import Given
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.planning import Client
from crmkit.model.policy import Policy
from crmkit.model.sheet import WEEK_SCHEDULE, Printing, SheetTask
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.model.week import Week
from crmkit.model.week_schedule import DayState, DayTotals, WeekDay, WeekSchedule, WeekStop, WeekTexts
from crmkit.rules.capacity import on_road
from crmkit.rules.codes import short_codes
from crmkit.rules.routing import road_metres
from crmkit.rules.states import is_approved
from crmkit.rules.validity import ordering_since, valid_customers
from crmkit.rules.week import DayGates, day_state, day_totals, due_day, is_late, shown_digest, week_totals
from crmkit.store import calendar as kept
from crmkit.store import customers, documents, figures, frequencies, keycustomers, planned, weeks
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import AreaFindings, findings_of
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.print_sheet import is_on_paper, open_tasks
from crmkit.workflow.visit_debt import visit_debts
from crmkit.workflow.visit_problem import clients_of_records
from crmkit.workflow.working_calendar import calendar_between

LONGEST = {"--market": 4000, "--brand": 4000, "--route": 400, "--note": 1000}  # characters a text may have
_THURSDAY = 3  # a week's month is that of its Thursday, as its year is
_OFF_PAPER = (PlannedState.CANCELLED, PlannedState.EARLY)


@dataclass(frozen=True, slots=True)
class TypedWeek:
    """What was typed of a week: None keeps a text, "" takes it back."""

    market: str | None = None
    brand: str | None = None
    routes: Mapping[date, str] | None = None
    notes: Mapping[date, str] | None = None

    @property
    def is_empty(self) -> bool:
        return self.market is None and self.brand is None and not self.routes and not self.notes


def schedule_week(store: Store, policy: Policy, manager: Person, week: Week, today: date) -> WeekSchedule:
    """The week as it stands. Days of a month nobody approved carry no customers; nothing is refused."""
    texts = weeks.texts(store, manager.id, week)
    return _schedule(store, policy, manager, week, today, texts)


def write_week(
    store: Store, act: Act, policy: Policy, manager: Person, week: Week, typed: TypedWeek, *, dry_run: bool = False
) -> WeekSchedule:
    """Write what was typed of a week. Raises Refusal(BAD_VALUE) for a text that is too long."""
    texts = _written_over(weeks.texts(store, manager.id, week), typed)
    if not dry_run:
        with store.operation(act):
            weeks.write(store, act, manager.id, week, texts)
        texts = weeks.texts(store, manager.id, week)
    return _schedule(store, policy, manager, week, act.today, texts)


def print_week(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    week: Week,
    form: str,
    deliver: Callable[[WeekSchedule], object] = lambda schedule: None,
) -> WeekSchedule:
    """The week on paper, its printing recorded; no day is frozen by it [our default].

    A week's paper is an outlook: were it to freeze its days, one sick Tuesday could not be planned anew, and every
    later paper would say what nobody does. What a customer manager carries through the street, and promises, is the
    daily sheet: that freezes. Instead each schedule names the days that are no longer what its last print shows.
    """
    schedule = schedule_week(store, policy, manager, week, act.today)
    shown = " ".join(map(shown_digest, schedule.days))
    with store.operation(act):
        version = planned.record_printing(store, act, manager.id, week.monday, WEEK_SCHEDULE, form, shown)
        printed = replace(schedule, printing=Printing(version, act.now), changed=())
        deliver(printed)
    return printed


def draft_focus(store: Store, manager: Person, week: Week) -> AreaFindings:
    """What the focus of a week can be drafted from: what steps 5 and 6 found abnormal for the month of its Thursday."""
    return findings_of(store, manager, Month.of(week.days[_THURSDAY]))


def _written_over(texts: WeekTexts, typed: TypedWeek) -> WeekTexts:
    market = _text(texts.market, typed.market, "--market")
    brand = _text(texts.brand, typed.brand, "--brand")
    routes = _by_day(texts.routes, typed.routes or {}, "--route")
    notes = _by_day(texts.notes, typed.notes or {}, "--note")
    return replace(texts, market=market, brand=brand, routes=routes, notes=notes)


def _text(old: str | None, new: str | None, option: str) -> str | None:
    if new is None:
        return old
    told = new.strip()
    if len(told) > LONGEST[option] or "\0" in told:
        shown = f"{told[:20]}… ({len(told)})"
        raise Refusal(Fault.BAD_VALUE, option=option, value=shown, expected=f"≤ {LONGEST[option]}")
    return told or None


def _by_day(old: Mapping[date, str], new: Mapping[date, str], option: str) -> dict[date, str]:
    merged = {day: _text(old.get(day), new.get(day), option) for day in (*old, *new)}
    return {day: text for day, text in sorted(merged.items()) if text}


def _schedule(
    store: Store, policy: Policy, manager: Person, week: Week, today: date, texts: WeekTexts
) -> WeekSchedule:
    months = dict.fromkeys(Month.of(day) for day in week.days)
    first = min(month.first for month in months)
    calendar = calendar_between(store, policy, manager.id, first, max(m.last for m in months), assume_weekdays=True)
    scenes = {month: _scene(store, policy, manager, month) for month in months}
    days = tuple(_day(store, policy, manager, calendar, scenes[Month.of(day)], day, texts) for day in week.days)
    due = due_day(calendar, week)
    done_on = datetime.fromisoformat(texts.done_at).date() if texts.done_at and texts.is_done else None
    printing, changed = _last_print(store, manager, week, days)
    return WeekSchedule(
        manager=manager,
        week=week,
        days=days,
        texts=texts,
        due=due,
        late=is_late(due, done_on, today),
        totals=week_totals(days),
        zone=policy.calendar.zone,
        methodless=_methodless(store, policy, manager, today),
        printing=printing,
        changed=changed,
        owed=visit_debts(store, policy, manager, min(today, week.sunday)).open,
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all days of one month share."""

    month: Month
    approved: bool
    known: Mapping[int, Customer]
    clients: Mapping[int, Client]
    codes: Mapping[str, str]
    tasks: Mapping[int, tuple[SheetTask, ...]]
    key: frozenset[int]
    given: Given


def _scene(store: Store, policy: Policy, manager: Person, month: Month) -> _Scene:
    record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    listed = customers.all(store, manager.id)
    clients = clients_of_records(listed, frequencies.lines(store, manager.id, month), policy, month)
    candidates = keycustomers.candidates(store, manager.id, month)
    visited = {plan.customer for plan in planned.between(store, manager.id, month.first, month.last)}
    return _Scene(
        month,
        record is not None and is_approved(record.state),
        {one.id: one for one in listed},
        {client.customer.id: client for client in clients},
        short_codes(one.code for one in listed),
        open_tasks(store, policy, manager, month),
        frozenset(one.customer for one in candidates if one.standing.is_key),
        given_ways(store, (one for one in listed if one.id in visited)),
    )


def _day(
    store: Store,
    policy: Policy,
    manager: Person,
    calendar: WorkCalendar,
    scene: _Scene,
    day: date,
    texts: WeekTexts,
) -> WeekDay:
    plans = [p for p in planned.between(store, manager.id, day, day) if p.state not in _OFF_PAPER]
    mine = [plan for plan in plans if plan.customer in scene.known]
    coverage = planned.newest_coverage(store, manager.id, day)
    off = next((off for off in kept.days_off(store, day, day) if off.person is None), None)
    gates = DayGates(scene.approved, coverage is not None, len(mine))
    state = day_state(calendar, day, off is not None, gates, policy.month.opening_days)
    reason = off.reason if off else None
    made = WeekDay(day, state, route=texts.routes.get(day), note=texts.notes.get(day), reason=reason)
    if state is not DayState.PLANNED:
        return made
    carried = [plan for plan in mine if is_on_paper(scene.known[plan.customer], policy)]
    notes = planned.notes(store, manager.id, day, day)
    stops = _stops(scene, carried, notes)
    return replace(
        made,
        stops=stops,
        totals=_totals(policy, scene, stops),
        left_out=tuple(scene.known[plan.customer] for plan in mine if plan not in carried),
        provisional=coverage is not None and coverage.provisional,
        sheet=planned.printed_days(store, manager.id, day, day).get(day, 0),
    )


def _stops(scene: _Scene, carried: list[PlannedVisit], notes: Mapping[int, str]) -> tuple[WeekStop, ...]:
    """In visiting order, those without a road last."""
    ordered = sorted(carried, key=lambda plan: (not on_road(plan.method), plan.position, plan.id))
    return tuple(_stop(scene, at, plan, notes.get(plan.id)) for at, plan in enumerate(ordered, start=1))


def _stop(scene: _Scene, position: int, plan: PlannedVisit, note: str | None) -> WeekStop:
    customer = scene.known[plan.customer]
    return WeekStop(
        position=position,
        short_code=scene.codes[customer.code],
        customer=customer,
        method=plan.method,
        state=plan.state,
        pinned=plan.pinned,
        note=note if plan.pinned else None,
        frequency=customer.frequency,
        key=customer.id in scene.key,
        tasks=scene.tasks.get(customer.id, ()),
    )


def _totals(policy: Policy, scene: _Scene, stops: tuple[WeekStop, ...]) -> DayTotals:
    road = [stop.customer for stop in stops if on_road(stop.method)]
    visits = [(scene.clients[stop.customer.id], stop.method) for stop in stops]
    return day_totals(policy.capacity, visits, road_metres(road, policy.capacity.detour_percent, scene.given))


def _methodless(store: Store, policy: Policy, manager: Person, today: date) -> tuple[Customer, ...]:
    ordering = figures.ordering(store, ordering_since(today, policy.valid), today, manager.id)
    return valid_customers(customers.all(store, manager.id), manager.id, ordering, policy.valid).methodless


def _last_print(
    store: Store, manager: Person, week: Week, days: tuple[WeekDay, ...]
) -> tuple[Printing | None, tuple[date, ...]]:
    """The newest print of the week, and the days that look different now."""
    found = planned.newest_printing(store, manager.id, week.monday, WEEK_SCHEDULE)
    if found is None:
        return None, ()
    printing, shown = found
    pairs = zip(days, shown.split(), strict=False)
    return printing, tuple(day.day for day, digest in pairs if shown_digest(day) != digest)
