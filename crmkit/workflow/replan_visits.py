"""Step 9 again when life happened: the month planned anew with the fewest moves, each with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import VisitMove
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.planning import DEFAULT_SEED
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.capacity import on_road
from crmkit.rules.moving import Change, moves_between
from crmkit.solvers.choosing import Chosen, best
from crmkit.store import moves, planned
from crmkit.store.connection import Store
from crmkit.workflow.plan_visits import (
    Search,
    VisitPlan,
    draft,
    figures_of,
    first_free,
    keep_unfit,
    kept_in_place,
    range_of,
    recipe_of,
)
from crmkit.workflow.seal_plan import seal_visits, visit_inputs
from crmkit.workflow.visit_problem import Ground
from crmkit.workflow.working_calendar import calendar_of_month

Pairs = list[tuple[PlannedVisit, PlannedVisit]]


@dataclass(frozen=True, slots=True)
class Replanned:
    """A month planned anew: what moved and why, what stays, and how few moves there could be at least."""

    plan: VisitPlan
    moves: tuple[VisitMove, ...]
    stays: int  # visits that could have moved and did not
    by_method: tuple[tuple[PlannedVisit, PlannedVisit], ...]  # on their day, but made in another way: (before, now)

    @property
    def moved(self) -> int:
        return sum(move.was is not None and move.becomes is not None for move in self.moves)

    @property
    def fewest(self) -> bool:
        """Is it proven that fewer moves would not do?"""
        whole = not self.plan.settled.repairs and not self.plan.settled.unfit
        return whole and self.moved <= self.plan.settled.least_moves

    @property
    def nothing(self) -> bool:
        return not self.moves and not self.by_method and not self.plan.cancelled


def replan_visits(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    *,
    first: date | None = None,
    seed: int = DEFAULT_SEED,
    effort: str = "quick",
    assume_weekdays: bool = False,
    dry_run: bool = False,
    chosen: Chosen | None = None,
) -> Replanned:
    """Plan the days from `first` (today when left out) anew; visits made, printed and pinned stay, and of the others
    as many as can.

    Raises Refusal: GATE (step 9) when the month has no visit plan, CALENDAR_UNPUBLISHED, BAD_VALUE or RULE for a day
    outside the month or in the past.
    """
    if not planned.coverages(store, manager.id, month):
        way_out = f"crmkit plan visits --month {month}"
        raise Refusal(Fault.GATE, step=9, needs="month-planned", month=str(month), way_out=way_out)
    free = first_free(store, act, manager, month)
    wanted = range_of(month, min(free, max(act.today, month.last)), first, None)
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=assume_weekdays)
    search = Search(seed, effort, chosen or best(), steady=True)
    plan, ground = draft(store, policy, manager, month, calendar, wanted, search, act.today)
    result = _compared(store, manager, plan, ground)
    if not dry_run and not result.nothing:
        _keep(store, act, policy, result, ground, search, assume_weekdays=assume_weekdays)
    return result


def _compared(store: Store, manager: Person, plan: VisitPlan, ground: Ground) -> Replanned:
    gone = {visit.id for visit in plan.cancelled}
    old = [visit for visit in ground.dropped if visit.id not in gone]
    month = plan.month
    missed = {
        visit.customer
        for visit in planned.between(store, manager.id, month.first, month.last)
        if visit.state is PlannedState.MISSED
    }
    clients = {client.customer.id: client for client in ground.clients}
    unfit = {one.customer for one in plan.settled.unfit}
    change = Change(ground.span, ground.problem, clients, _days(old), _days(plan.written), unfit, missed)
    same = _same(old, plan.written)
    other_way = tuple((before, now) for before, now in same if before.method is not now.method)
    return Replanned(plan, moves_between(change), len(same), other_way)


def _days(visits: Iterable[PlannedVisit]) -> dict[int, set[date]]:
    days: dict[int, set[date]] = {}
    for visit in visits:
        days.setdefault(visit.customer, set()).add(visit.day)
    return days


def _same(old: Iterable[PlannedVisit], new: Iterable[PlannedVisit]) -> Pairs:
    """Visits that stay on their day: (as it was, as it is now)."""
    known = {(visit.customer, visit.day): visit for visit in new}
    return [(visit, known[visit.customer, visit.day]) for visit in old if (visit.customer, visit.day) in known]


def _keep(
    store: Store,
    act: Act,
    policy: Policy,
    result: Replanned,
    ground: Ground,
    search: Search,
    *,
    assume_weekdays: bool,
) -> None:
    """Write only what changes: moved, new and gone visits, and the order of the days they touch."""
    plan = result.plan
    was = {(visit.customer, visit.day): visit for visit in ground.dropped}
    now = {(visit.customer, visit.day): visit for visit in plan.written}
    with store.operation(act, as_read=True) as op:
        inputs = visit_inputs(store, policy, plan.manager, plan.month, act.today)
        for visit in plan.cancelled:
            planned.set_state(store, visit.id, PlannedState.CANCELLED, "not-valid")
        for move in result.moves:
            _write(store, move, was, now)
        for before, visit in result.by_method:
            planned.move(store, before.id, visit.day, visit.method, visit.position)
        planned.place(store, _places(result, ground))
        keep_unfit(store, plan, ground)
        moves.add(store, act, plan.manager.id, result.moves)
        coverage = planned.Coverage(plan.month, plan.range.first, plan.range.last, plan.seed, plan.provisional)
        planned.add_coverage(store, plan.manager.id, coverage, figures_of(store, policy, plan, search.chosen))
        recipe = recipe_of(plan, search, assume_weekdays=assume_weekdays)
        seal_visits(store, act, op, policy, plan.manager, plan.month, recipe, inputs)


def _write(
    store: Store,
    move: VisitMove,
    was: dict[tuple[int, date], PlannedVisit],
    now: dict[tuple[int, date], PlannedVisit],
) -> None:
    old = was[move.customer, move.was] if move.was else None
    new = now[move.customer, move.becomes] if move.becomes else None
    if old and new:
        planned.move(store, old.id, new.day, new.method, new.position)
    elif old:
        planned.remove(store, [old])
    elif new:
        planned.write(store, [new])


def _places(result: Replanned, ground: Ground) -> list[tuple[int, int]]:
    """New places on the road for what stays on a day that others left or came to; other days keep their order."""
    touched = {day for move in result.moves for day in (move.was, move.becomes) if day}
    touched |= {now.day for _, now in result.by_method} | {visit.day for visit in result.plan.cancelled}
    stay = [(before, now) for before, now in _same(ground.dropped, result.plan.written) if on_road(now.method)]
    pairs = [*stay, *zip(ground.kept, kept_in_place(ground, result.plan.settled), strict=True)]
    return [
        (before.id, now.position)
        for before, now in pairs
        if now.day in touched and now.day not in ground.frozen and now.position != before.position
    ]

