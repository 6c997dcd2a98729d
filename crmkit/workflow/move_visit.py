"""A planned visit moved, pinned, let go or skipped by hand: a person decides, and the plan remembers who and why."""

from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import DayOffer, MoveReason, Obstacle, VisitMove
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.solvers.choosing import Chosen
from crmkit.store import moves, people, planned
from crmkit.store.connection import Store
from crmkit.workflow.route_day import routed
from crmkit.workflow.weigh_days import open_visit, weigh_day

_NEVER = (Obstacle.TAKEN, Obstacle.CLOSED)  # not even on a person's word


@dataclass(frozen=True, slots=True)
class MovedVisit:
    """A visit that a person moved. `offer` says what the new day means; `printed` names sheets to print again."""

    customer: Customer
    visit: PlannedVisit
    was: date
    reason: str
    offer: DayOffer
    printed: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A visit pinned, let go or skipped. `printed`: that day's sheet is out."""

    customer: Customer
    visit: PlannedVisit
    reason: str
    printed: bool
    known: bool = False  # it was so already: nothing to write


def move_visit(
    store: Store,
    act: Act,
    policy: Policy,
    customer: Customer,
    was: date,
    becomes: date,
    *,
    reason: str = "",
    anyway: bool = False,
    dry_run: bool = False,
    chosen: Chosen | None = None,
) -> MovedVisit:
    """Give a planned visit another day of its month and pin it there; both days get a new order, printed ones not.

    Raises Refusal: NOT_FOUND; BAD_VALUE for another month; RULE plan-in-the-past, day-red, which `anyway` accepts,
    and day-impossible where the shop is shut or has another visit.
    """
    visit = open_visit(store, customer, was)
    if min(was, becomes) < act.today:
        over = min(was, becomes).isoformat()
        raise Refusal(Fault.RULE, rule="plan-in-the-past", day=over, way_out=f"crmkit visit list --date {over}")
    if Month.of(becomes) != Month.of(was):
        raise Refusal(Fault.BAD_VALUE, option="--to", value=becomes.isoformat(), expected=str(Month.of(was)))
    offer = weigh_day(store, policy, visit, customer, becomes)
    refuse_red(customer, f"crmkit plan best-day {customer.code} --date {was}", offer, anyway=anyway)
    out = planned.printed_days(store, visit.manager, min(was, becomes), max(was, becomes))
    moved = replace(visit, day=becomes, position=0, pinned=True)
    if not dry_run:
        with store.operation(act, as_read=True):
            planned.move(store, visit.id, becomes, visit.method, 0)
            planned.pin(store, visit.id, pinned=True, note=reason or None)
            move = VisitMove(customer.id, was, becomes, MoveReason.HAND, reason)
            moves.add(store, act, visit.manager, [move])
            for day in (was, becomes):
                order_day(store, policy, visit.manager, day, chosen)
    return MovedVisit(customer, moved, was, reason, offer, tuple(day for day in (was, becomes) if day in out))


def refuse_red(customer: Customer, way_out: str, offer: DayOffer, *, anyway: bool) -> None:
    """A red day needs a person's word; some days are red whatever he says. Raises Refusal(RULE)."""
    never = [obstacle for obstacle in offer.obstacles if obstacle in _NEVER]
    against = never or ([] if anyway else list(offer.obstacles))
    if against:
        raise Refusal(
            Fault.RULE,
            rule="day-impossible" if never else "day-red",
            value=customer.code,
            day=offer.day.isoformat(),
            obstacle=against[0].value,
            way_out=way_out,
        )


def order_day(store: Store, policy: Policy, manager: int, day: date, chosen: Chosen | None) -> None:
    """Put the day in a short order, inside the caller's operation; a printed day stays as it is."""
    found = routed(store, policy, people.by_id(store, manager), day, chosen)
    if not found.printed:
        planned.place(store, found.changed)


def pin_visit(
    store: Store, act: Act, customer: Customer, day: date, reason: str, *, pinned: bool, dry_run: bool = False
) -> HeldVisit:
    """Keep a planned visit on its day through every planning, or let it go. Raises Refusal: NOT_FOUND, RULE."""
    visit = _coming(store, act, customer, day)
    known = visit.pinned == pinned and not reason
    if not known and not dry_run:
        with store.operation(act):
            planned.pin(store, visit.id, pinned=pinned, note=reason or None)
    return HeldVisit(customer, replace(visit, pinned=pinned), reason, _printed(store, visit), known)


def skip_visit(
    store: Store, act: Act, customer: Customer, day: date, reason: str, *, dry_run: bool = False
) -> HeldVisit:
    """Take a planned visit off with a reason: it is no longer owed, and no planning puts it back.

    Raises Refusal: NOT_FOUND, RULE plan-in-the-past, reason-needed.
    """
    if not reason.strip():
        way_out = f"crmkit plan skip {customer.code} --date {day} --reason REASON"
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=way_out)
    visit = _coming(store, act, customer, day)
    if not dry_run:
        with store.operation(act):
            planned.set_state(store, visit.id, PlannedState.CANCELLED, reason)
            moves.add(store, act, visit.manager, [VisitMove(customer.id, day, None, MoveReason.SKIPPED, reason)])
    return HeldVisit(customer, replace(visit, state=PlannedState.CANCELLED), reason, _printed(store, visit))


def _coming(store: Store, act: Act, customer: Customer, day: date) -> PlannedVisit:
    if day < act.today:
        way_out = f"crmkit visit list --date {day}"
        raise Refusal(Fault.RULE, rule="plan-in-the-past", day=day.isoformat(), way_out=way_out)
    return open_visit(store, customer, day)


def _printed(store: Store, visit: PlannedVisit) -> bool:
    return visit.day in planned.printed_days(store, visit.manager, visit.day, visit.day)
