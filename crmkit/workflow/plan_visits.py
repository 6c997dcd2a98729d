"""Step 9, visit plan 拜访计划: dated visits in batch from the frequencies in the customers' records."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.distance import Given
from crmkit.model.document import Document, DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.planning import DEFAULT_SEED, MonthVisits
from crmkit.model.policy import Policy
from crmkit.model.verifying import Recipe
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.calendar import visit_days
from crmkit.rules.capacity import on_road
from crmkit.rules.debt import unfit_after
from crmkit.rules.planning import steady
from crmkit.rules.routing import far_off, road_metres
from crmkit.rules.settling import settle
from crmkit.rules.states import is_approved
from crmkit.solvers.choosing import Chosen, best
from crmkit.solvers.moving import SteadySolver
from crmkit.store import customers, debts, documents, frequencies, people, planned
from crmkit.store.connection import Store
from crmkit.workflow.compare_plans import by_code, kept_figures
from crmkit.workflow.portfolio import portfolio_of
from crmkit.workflow.seal_plan import seal_visits, visit_inputs
from crmkit.workflow.visit_debt import VisitDebts, visit_debts
from crmkit.workflow.visit_problem import Ground, Range, clients_of_lines, clients_of_records, ground_of, lapsed
from crmkit.workflow.way_to_plan import way_to_plan
from crmkit.workflow.working_calendar import calendar_of_month

_EVENING = 20  # the hour from which a day takes no more visits [our default]


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """A visit plan: what is to be written, what stays, and what does not fit."""

    manager: Person
    month: Month
    range: Range
    trial: bool
    seed: int
    provisional: bool
    written: tuple[PlannedVisit, ...]
    kept: tuple[PlannedVisit, ...]
    replaced: int
    settled: MonthVisits
    days: tuple[date, ...]  # days that can take visits, in the range
    known: Mapping[int, Customer]
    methodless: tuple[Customer, ...]
    far: tuple[Customer, ...]  # coordinates far outside the area: not routed to
    moved: tuple[Customer, ...]  # moved since the ways to them were given: those are not used
    cancelled: tuple[PlannedVisit, ...]  # open visits of customers who are no longer valid
    untyped: int  # open visits of days that are over: they count as not made
    solver: str
    metres: Mapping[date, int | None]  # the road of each day, None where it is not known
    printed: tuple[date, ...]  # days whose sheet went out
    lapsed: int  # owed visits of the month's past that can no longer be made in time
    stranded: tuple[PlannedVisit, ...] = ()  # pinned or printed on the manager's day off, or while the shop is shut
    steady: bool = False  # planned anew: what is untyped of days before counts as made
    approved: bool = False  # the month plan is: a trial is no longer needed
    debts: VisitDebts | None = None  # visits owed and not made before this plan; None for a trial

    @property
    def per_day(self) -> Counter[date]:
        return Counter(visit.day for visit in (*self.written, *self.kept))

    @property
    def fixed_days(self) -> tuple[date, ...]:
        """Days in the range on which printed or pinned visits stay as they are."""
        fixed = {v.day for v in self.kept if (v.pinned or v.day in self.printed) and self.range.holds(v.day)}
        return tuple(sorted(fixed))

    @property
    def unreachable(self) -> tuple[Customer, ...]:
        """Customers to be phoned who have no phone number."""
        called = dict.fromkeys(v.customer for v in self.written if v.method is VisitMethod.PHONE)
        return tuple(self.known[customer] for customer in called if not self.known[customer].phone)

    @property
    def road_per_day(self) -> Counter[date]:
        """Visits that need a way to the shop."""
        return Counter(visit.day for visit in (*self.written, *self.kept) if on_road(visit.method))


def plan_visits(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    *,
    first: date | None = None,
    last: date | None = None,
    seed: int = DEFAULT_SEED,
    effort: str = "quick",
    trial: bool = False,
    assume_weekdays: bool = False,
    dry_run: bool = False,
    chosen: Chosen | None = None,
) -> VisitPlan:
    """Plan the whole month and write the days from `first` to `last`; a trial writes nothing.

    Raises Refusal: GATE (step 9) before the month plan is approved, CALENDAR_UNPUBLISHED, BAD_VALUE for a range
    outside the month or in the past.
    """
    _refuse_unapproved(store, act, policy, manager, month, trial=trial)
    wanted = range_of(month, first_free(store, act, manager, month), first, last)
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=assume_weekdays)
    search = Search(seed, effort, chosen or best(), trial)
    plan, ground = draft(store, policy, manager, month, calendar, wanted, search, act.today)
    if not trial and not dry_run:
        _keep(store, act, policy, plan, ground, search, assume_weekdays=assume_weekdays)
    return plan


@dataclass(frozen=True, slots=True)
class Search:
    """How a plan is searched: with which solver, and whether as little as possible may move (`steady`)."""

    seed: int
    effort: str
    chosen: Chosen
    trial: bool = False
    steady: bool = False


def draft(
    store: Store,
    policy: Policy,
    manager: Person,
    month: Month,
    calendar: WorkCalendar,
    wanted: Range,
    search: Search,
    today: date,
) -> tuple[VisitPlan, Ground]:
    """A visit plan nobody has written yet, and what it was planned from."""
    portfolio = portfolio_of(store, policy, manager, month, today)
    lines = frequencies.lines(store, manager.id, month)
    if search.trial:
        clients, owed = clients_of_lines(portfolio.valid, lines), None
    else:
        owed = visit_debts(store, policy, manager, min(today, month.last))
        clients = clients_of_records(portfolio.valid, lines, policy, month, owed.waiting)
    rules = steady(policy) if search.steady else policy
    ground = ground_of(store, rules, manager, month, calendar, clients, wanted, past_stays=search.steady)
    solver = SteadySolver(search.chosen.solver) if search.steady else search.chosen.solver
    settled = settle(ground.problem, solver, seed=search.seed, effort=search.chosen.efforts[search.effort])
    written = _written(manager, wanted, settled)
    known = {customer.id: customer for customer in customers.all(store, manager.id)}
    plan = VisitPlan(
        manager=manager,
        month=month,
        range=wanted,
        trial=search.trial,
        seed=search.seed,
        provisional=calendar.provisional,
        written=written,
        kept=ground.kept,
        replaced=sum(wanted.holds(visit.day) for visit in ground.dropped),
        settled=settled,
        days=tuple(d for d in visit_days(calendar, month, policy.month.opening_days) if wanted.holds(d)),
        known=known,
        methodless=portfolio.parted.methodless,
        far=far_off(portfolio.valid),
        cancelled=_of_strangers(store, manager, month, wanted, {client.customer.id for client in clients}),
        untyped=_untyped(store, manager, month, today),
        metres=_roads(policy, [*written, *kept_in_place(ground, settled)], known, ground.span.given),
        moved=ground.moved,
        printed=ground.frozen,
        solver=solver.name,
        lapsed=lapsed(ground),
        stranded=_stranded(ground, wanted, known),
        steady=search.steady,
        approved=_is_approved(store, manager, month),
        debts=owed,
    )
    return plan, ground


def _is_approved(store: Store, manager: Person, month: Month) -> bool:
    document = documents.find(store, manager.id, month, DocumentKind.PLAN)
    return document is not None and is_approved(document.state)


def _stranded(ground: Ground, wanted: Range, known: Mapping[int, Customer]) -> tuple[PlannedVisit, ...]:
    absent, mine = ground.span.calendar.absent, [visit for visit in ground.kept if wanted.holds(visit.day)]
    return tuple(visit for visit in mine if visit.day in absent or known[visit.customer].shut_on(visit.day))


def _untyped(store: Store, manager: Person, month: Month, today: date) -> int:
    plans = planned.between(store, manager.id, month.first, month.last)
    return sum(plan.state is PlannedState.OPEN and plan.day < today for plan in plans)


def _refuse_unapproved(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, *, trial: bool
) -> None:
    """Batch reads the customer record, so it needs step 8 approved; before that only a trial run."""
    document = documents.find(store, manager.id, month, DocumentKind.PLAN)
    if trial and document is not None:
        return
    if document is None:
        way_out = way_to_plan(store, policy, manager, month, act.today)
        raise Refusal(Fault.GATE, step=9, needs="plan-generated", way_out=way_out)
    if not is_approved(document.state):
        way_out = _way_to_approval(store, document, month)
        raise Refusal(Fault.GATE, step=9, needs="plan-approved", way_out=way_out)


def _way_to_approval(store: Store, document: Document, month: Month) -> str:
    """What is missing before the visits can be dated; a draft may be tried meanwhile."""
    if document.state is DocumentState.SUBMITTED:
        bosses = people.of_role(store, Role.MARKET_MANAGER)
        return f"crmkit plan approve --month {month}" + (f" --as {bosses[0].code}" if bosses else "")
    return f"crmkit plan submit --month {month}; crmkit plan visits --month {month} --trial"


def first_free(store: Store, act: Act, manager: Person, month: Month) -> date:
    """Today, or tomorrow once the evening has come or the day's planned visits are typed in: nobody sets out then."""
    over = act.now.hour >= _EVENING or (act.today < month.last and _typed_in(store, manager, act.today))
    return act.today + timedelta(days=over)


def _typed_in(store: Store, manager: Person, day: date) -> bool:
    states = {plan.state for plan in planned.between(store, manager.id, day, day)}
    return bool(states & {PlannedState.VISITED, PlannedState.MISSED}) and PlannedState.OPEN not in states


def range_of(month: Month, today: date, first: date | None, last: date | None) -> Range:
    """The days to write; the past is past, and on a day that has begun nothing is planned away."""
    wanted = Range(first or month.first, last or month.last, max(month.first, today))
    if wanted.first > wanted.last or wanted.first not in month or wanted.last not in month:
        raise Refusal(Fault.BAD_VALUE, option="--from/--to", value=f"{wanted.first} {wanted.last}", expected=str(month))
    if wanted.last < today:
        way_out = f"crmkit plan visits --month {Month.of(today)}"
        raise Refusal(Fault.RULE, rule="plan-in-the-past", day=wanted.last.isoformat(), way_out=way_out)
    return wanted


def _written(manager: Person, wanted: Range, settled: MonthVisits) -> tuple[PlannedVisit, ...]:
    return tuple(
        PlannedVisit(visit.customer, manager.id, visit.day, visit.method, visit.position)
        for visit in settled.visits
        if wanted.holds(visit.day)
    )


def kept_in_place(ground: Ground, settled: MonthVisits) -> list[PlannedVisit]:
    """The visits that stay, each at its new place on the road."""
    return [replace(v, position=settled.kept.get((v.customer, v.day), v.position)) for v in ground.kept]


def _roads(
    policy: Policy, listed: list[PlannedVisit], known: Mapping[int, Customer], given: Given
) -> dict[date, int | None]:
    """The road of each day in metres."""
    roads: dict[date, list[Customer]] = {}
    for visit in sorted(listed, key=lambda visit: (visit.day, visit.position)):
        if on_road(visit.method):
            roads.setdefault(visit.day, []).append(known[visit.customer])
    return {day: road_metres(shops, policy.capacity.detour_percent, given) for day, shops in roads.items()}


def _of_strangers(
    store: Store, manager: Person, month: Month, wanted: Range, ours: set[int]
) -> tuple[PlannedVisit, ...]:
    """Open visits of customers who closed or left: cancelled, the reason kept."""
    return tuple(
        visit
        for visit in planned.between(store, manager.id, max(month.first, wanted.start), month.last)
        if visit.state is PlannedState.OPEN and visit.customer not in ours
    )


def _keep(
    store: Store,
    act: Act,
    policy: Policy,
    plan: VisitPlan,
    ground: Ground,
    search: Search,
    *,
    assume_weekdays: bool,
) -> None:
    """Write the plan: the open visits of the range are replaced, the rest keeps its days, and gets its place."""
    with store.operation(act, as_read=True) as op:
        inputs = visit_inputs(store, policy, plan.manager, plan.month, act.today)
        for visit in plan.cancelled:
            planned.set_state(store, visit.id, PlannedState.CANCELLED, "not-valid")
        gone = {visit.id for visit in plan.cancelled}  # stays on record with its reason
        planned.remove(store, [v for v in ground.dropped if plan.range.holds(v.day) and v.id not in gone])
        planned.write(store, plan.written)
        planned.place(store, _places(plan, ground))
        keep_unfit(store, plan, ground)
        coverage = planned.Coverage(plan.month, plan.range.first, plan.range.last, plan.seed, plan.provisional)
        planned.add_coverage(store, plan.manager.id, coverage, figures_of(store, policy, plan, search.chosen))
        recipe = recipe_of(plan, search, assume_weekdays=assume_weekdays)
        seal_visits(store, act, op, policy, plan.manager, plan.month, recipe, inputs)


def recipe_of(plan: VisitPlan, search: Search, *, assume_weekdays: bool) -> Recipe:
    """What is needed to make this plan again."""
    return Recipe(
        first=plan.range.first,
        last=plan.range.last,
        seed=plan.seed,
        effort=search.effort,
        steady=search.steady,
        assume_weekdays=assume_weekdays,
        iterations=plan.settled.iterations,
        solver=search.chosen.solver.name,
    )


def keep_unfit(store: Store, plan: VisitPlan, ground: Ground) -> None:
    """What stands on no day is visit debt."""
    known = debts.unfit_of_month(store, plan.manager.id, plan.month)
    found = unfit_after(ground.span, plan.manager.id, known, plan.settled.unfit)
    debts.replace_unfit(store, plan.manager.id, plan.month, found)


def _places(plan: VisitPlan, ground: Ground) -> list[tuple[int, int]]:
    """New places on the road of visits that keep their day: (visit, place). A printed day stays as it is."""
    places = []
    for visit in ground.kept:
        place = plan.settled.kept.get((visit.customer, visit.day))
        if place is not None and visit.day not in ground.frozen and place != visit.position:
            places.append((visit.id, place))
    return places


def figures_of(store: Store, policy: Policy, plan: VisitPlan, chosen: Chosen) -> str:
    """What the solver reports and what round-robin by code would drive, kept beside the plan."""
    return json.dumps(
        {
            "by_code": kept_figures(by_code(store, policy, plan.manager, plan.month, chosen)),
            "solver": plan.solver,
            "iterations": plan.settled.iterations,
            "cost": plan.settled.cost,
            "repairs": len(plan.settled.repairs),
        },
        sort_keys=True,
    )
