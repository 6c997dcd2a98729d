"""What late orders would change in a month's operating state, its strategies and frequencies; nothing is written."""

from dataclasses import dataclass, replace

from crmkit.model.consequence import Follower
from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operating import Effect
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.restating import Restatement
from crmkit.rules.operating import quadrant
from crmkit.rules.restating import Quadrants, moved_quadrants, restated
from crmkit.store import computing, operating
from crmkit.store.connection import Store
from crmkit.workflow.analyze_operating import effects_now
from crmkit.workflow.portfolio import Portfolio, portfolio_of
from crmkit.workflow.rederive_month import with_consequences


@dataclass(frozen=True, slots=True)
class RestatedMonth:
    """The restatement, with the customers it may name."""

    portfolio: Portfolio
    state: str
    customers: dict[int, Customer]
    found: Restatement


def restate_month(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> RestatedMonth:
    """Compute the state again by the orders of now for the same customers, and what would follow of it.

    The later steps are rehearsed in the file and taken back: what the strategies, the key list and the frequencies
    would be if they were made now. Raises Refusal(GATE) when the month's effects are not computed.
    """
    old = operating.effects(store, manager.id, month)
    state = operating.state(store, manager.id, month)
    if not old or state is None:
        raise Refusal(Fault.GATE, step=2, needs="computed", way_out=f"crmkit analyze compute --month {month}")
    now = portfolio_of(store, policy, manager, month, act.today)
    then = _as_computed(now, old)
    new, inputs = effects_now(store, policy, then)
    quadrants = (_quadrants(store, policy, then, old), _quadrants(store, policy, then, new))
    known = computing.inputs(store, manager.id, month)
    customers = restated(old, new, quadrants, (known, inputs), policy.effect.weak_below)
    kept = computing.of_month(store, manager.id, month)

    def write() -> None:
        computing.reopen(store, manager.id, month)
        operating.replace_effects(store, manager.id, month, new.values())
        operating.set_state(store, manager.id, month, state)

    _, followed = with_consequences(store, act, policy, manager, (month,), write, Follower.STRATEGIES, dry_run=True)
    found = Restatement(
        computing=kept,
        rows=computing.rows_now(store, manager.id, (month.plus(-2), month.previous)),
        late=tuple(computing.late_rows(store, manager.id, month, kept.through)) if kept else (),
        customers=customers,
        quadrants=moved_quadrants(customers),
        consequences=followed,
    )
    return RestatedMonth(now, state, dict(then.owned), found)


def _as_computed(now: Portfolio, old: dict[int, Effect]) -> Portfolio:
    """The portfolio of the customers the state was computed for, whatever their mark is now."""
    kept = tuple(one for one in now.owned.values() if one.id in old)
    others = tuple(one for one in now.owned.values() if one.id not in old)
    ordered = tuple(sorted(kept, key=lambda one: one.code))
    return replace(now, parted=replace(now.parted, valid=ordered, left_out=others))


def _quadrants(store: Store, policy: Policy, portfolio: Portfolio, effects: dict[int, Effect]) -> Quadrants:
    abilities = operating.abilities(store, portfolio.manager.id, portfolio.month)
    return {
        key: quadrant(effects[key].score, abilities[key].score, policy) for key in effects if key in abilities
    }
