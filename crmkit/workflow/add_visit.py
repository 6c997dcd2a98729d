"""A visit planned by hand (step 9): beyond what the month owes, or before any batch; it stays where it was put."""

from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.moving import DayOffer, MoveReason, VisitMove
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedVisit
from crmkit.solvers.choosing import Chosen
from crmkit.store import moves, planned
from crmkit.store.connection import Store
from crmkit.workflow.acting import manager_of
from crmkit.workflow.move_visit import order_day, refuse_red
from crmkit.workflow.visit_debt import visit_debts
from crmkit.workflow.weigh_days import weigh_more


@dataclass(frozen=True, slots=True)
class AddedVisit:
    """A visit put on the plan by a person. `owed_since`: the visit debt it can repay; `printed`: that sheet is out."""

    customer: Customer
    visit: PlannedVisit
    reason: str
    offer: DayOffer
    printed: bool
    owed_since: date | None


def add_visit(
    store: Store,
    act: Act,
    policy: Policy,
    customer: Customer,
    day: date,
    reason: str,
    *,
    anyway: bool = False,
    dry_run: bool = False,
    chosen: Chosen | None = None,
) -> AddedVisit:
    """Plan one visit more for that day and pin it; the day gets a new order, a printed one not.

    Raises Refusal RULE: reason-needed, plan-in-the-past, no-manager; day-red, which `anyway` accepts, and
    day-impossible where the shop is shut or has a visit that day.
    """
    again = f"crmkit plan add {customer.code} {day}"
    if not reason.strip():
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=f"{again} --reason REASON")
    if day < act.today:
        way_out = f"crmkit visit log {customer.code} --date {day}"
        raise Refusal(Fault.RULE, rule="plan-in-the-past", day=day.isoformat(), way_out=way_out)
    manager = manager_of(store, customer)
    offer, provisional = weigh_more(store, policy, customer, day)
    refuse_red(customer, f"crmkit plan best-day {customer.code} --month {Month.of(day)}", offer, anyway=anyway)
    method = customer.visit_method or VisitMethod.ONSITE
    visit = PlannedVisit(customer.id, manager.id, day, method, position=0)
    waiting = visit_debts(store, policy, manager, act.today, (customer.id,)).waiting
    if not dry_run:
        with store.operation(act, as_read=True):
            planned.pin(store, planned.add(store, visit), pinned=True, note=reason.strip())
            move = VisitMove(customer.id, None, day, MoveReason.ADDED, reason.strip())
            moves.add(store, act, manager.id, [move])
            order_day(store, policy, manager.id, day, chosen)
            if not planned.covered(store, manager.id, day):
                _cover(store, manager.id, day, provisional=provisional)
    printed = day in planned.printed_days(store, manager.id, day, day)
    return AddedVisit(customer, replace(visit, pinned=True), reason.strip(), offer, printed, waiting.get(customer.id))


def _cover(store: Store, manager: int, day: date, *, provisional: bool) -> None:
    """A day planned by hand has a visit plan: its sheet may be printed. What was kept beside the last plan stays."""
    figures = planned.newest_figures(store, manager, Month.of(day)) or "{}"
    planned.add_coverage(store, manager, planned.Coverage(Month.of(day), day, day, 0, provisional), figures)
