"""What step 7 derives for a month, before anything is written."""

from collections.abc import Mapping

from crmkit.model.operating import Effect
from crmkit.model.policy import Policy
from crmkit.model.strategy import Strategy
from crmkit.rules.demand import demands
from crmkit.rules.strategies import derive_strategies
from crmkit.store import demand, operating, strategies
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import Portfolio


def derived(
    store: Store, policy: Policy, portfolio: Portfolio, effects: Mapping[int, Effect] | None = None
) -> tuple[Strategy, ...]:
    """The strategies of a month from steps 1 and 2 and what was left open in M-1; `effects` in place of those kept."""
    manager, month = portfolio.manager, portfolio.month
    return derive_strategies(
        portfolio.valid,
        operating.effects(store, manager.id, month) if effects is None else effects,
        operating.abilities(store, manager.id, month),
        demands(demand.of_month(store, month, manager.id).values()),
        strategies.of_manager(store, manager.id, month.previous),
        policy,
    )
