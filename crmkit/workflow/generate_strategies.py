"""Step 7, service strategies 生成服务策略: the satisfaction target first, then what effect and ability call for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from crmkit.model.consequence import Consequence
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import Strategy, StrategyOrigin, StrategyState
from crmkit.rules.strategies import counted, strategy_counts
from crmkit.rules.strategies_by_hand import first_texts, is_reworded, uncalled
from crmkit.store import documents, operating, strategies
from crmkit.store.connection import Store
from crmkit.workflow.derive_strategies import write_derived
from crmkit.workflow.draft_only import refuse_after_submit
from crmkit.workflow.portfolio import Portfolio, portfolio_of
from crmkit.workflow.rederive_month import with_consequences
from crmkit.workflow.way_to_plan import way_to_plan


@dataclass(frozen=True, slots=True)
class MonthStrategies:
    """Step 7 as it stands."""

    portfolio: Portfolio
    state: DocumentState | None
    satisfaction_target: str | None
    strategies: tuple[Strategy, ...]
    consequences: tuple[Consequence, ...] = ()  # what followed of the month plan
    reworded: int = 0  # by hand, and so kept
    uncalled: tuple[Strategy, ...] = ()  # reworded ones that steps 1 and 2 no longer call for

    @property
    def per_customer(self) -> Mapping[int, int]:
        return strategy_counts(self.strategies)

    @property
    def counted(self) -> tuple[Strategy, ...]:
        """All but the dropped ones."""
        return counted(self.strategies)

    @property
    def dropped(self) -> int:
        return len(self.strategies) - len(self.counted)

    @property
    def origins(self) -> Counter[StrategyOrigin]:
        return Counter(strategy.origin for strategy in self.counted)


def generate_strategies(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    satisfaction: Decimal | None = None,
    *,
    dry_run: bool = False,
) -> MonthStrategies:
    """Derive the month's strategies from steps 1 and 2 and what was left open in M-1; keep the satisfaction target.

    Those added, dropped or reworded by hand stay so, a month plan drafted before follows. Raises Refusal(GATE) before
    step 2 is generated, STATE once submitted.
    """
    refuse_after_submit(store, manager, month)
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    if operating.state(store, manager.id, month) != "generated":
        way_out = way_to_plan(store, policy, manager, month, act.today)
        raise Refusal(Fault.GATE, step=7, needs="generated", way_out=way_out)

    def write() -> MonthStrategies:
        document = documents.ensure(store, manager.id, month, DocumentKind.STRATEGIES)
        fresh = write_derived(store, policy, portfolio)
        if satisfaction is not None:
            documents.set_satisfaction_target(store, document.id, str(satisfaction))
        made = strategies_of(store, portfolio)
        return replace(made, uncalled=uncalled(fresh, made.strategies))

    made, followed = with_consequences(
        store, act, policy, manager, (month,), write, portfolio=portfolio, dry_run=dry_run
    )
    return replace(made, consequences=followed)


def strategies_of(store: Store, portfolio: Portfolio) -> MonthStrategies:
    """The strategies of a month as they are kept."""
    manager, month = portfolio.manager, portfolio.month
    document = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    listed = tuple(strategies.of_manager(store, manager.id, month))
    firsts = first_texts(strategies.edits(store, month, manager=manager.id))
    return MonthStrategies(
        portfolio,
        document.state if document else None,
        documents.satisfaction_target(store, document.id) if document else None,
        listed,
        reworded=sum(is_reworded(one, firsts) for one in listed if one.state is not StrategyState.DROPPED),
    )
