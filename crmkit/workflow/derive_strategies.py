"""What step 7 derives for a month, before anything is written, and how it is written."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from crmkit.model.document import DocumentKind
from crmkit.model.operating import Effect
from crmkit.model.policy import Policy
from crmkit.model.strategy import Strategy
from crmkit.rules.demand import demands
from crmkit.rules.strategies import derive_strategies
from crmkit.rules.strategies_by_hand import regenerated
from crmkit.store import demand, documents, feedback, operating, strategies
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


def with_hand(store: Store, portfolio: Portfolio, fresh: Sequence[Strategy]) -> tuple[Strategy, ...]:
    """The fresh strategies with what people added, dropped and reworded, each with its number."""
    manager, month = portfolio.manager, portfolio.month
    standing = strategies.of_manager(store, manager.id, month)
    edits = strategies.edits(store, month, manager=manager.id)
    return regenerated(fresh, standing, edits, numbers_shown(store, portfolio))


def write_derived(store: Store, policy: Policy, portfolio: Portfolio) -> tuple[Strategy, ...]:
    """Derive the month anew and write it, inside the caller's operation; returns what steps 1 and 2 call for."""
    fresh = derived(store, policy, portfolio)
    strategies.replace_all(store, portfolio.manager.id, portfolio.month, with_hand(store, portfolio, fresh))
    return fresh


def numbers_shown(store: Store, portfolio: Portfolio) -> Mapping[int, AbstractSet[int]]:
    """The numbers a round has shown to the market manager, by customer."""
    document = documents.find(store, portfolio.manager.id, portfolio.month, DocumentKind.STRATEGIES)
    return feedback.used_numbers(store, document.id) if document else {}
