"""Area statistics 片区统计 of a month: only once the operating state is generated (step 2)."""

from dataclasses import dataclass

from crmkit.model.area import AreaGroup, AreaPlace, GradeBand
from crmkit.model.customer import MarketType
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.area import area_group, band, grouped, places
from crmkit.store import operating
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import Portfolio, portfolio_of


@dataclass(frozen=True, slots=True)
class AreaStatistics:
    """Every customer's place, the whole, and the groups by market type and by grade."""

    portfolio: Portfolio
    policy: Policy
    places: tuple[AreaPlace, ...]
    whole: AreaGroup
    markets: tuple[AreaGroup, ...]
    grades: tuple[AreaGroup, ...]


def area_statistics(store: Store, act: Act, policy: Policy, manager: Person, month: Month) -> AreaStatistics:
    """The statistics. Raises Refusal(GATE) naming the next command while the state is not generated."""
    state = operating.state(store, manager.id, month)
    if state != "generated":
        needs, command = ("generated", "generate") if state else ("computed", "compute")
        raise Refusal(Fault.GATE, step=2, needs=needs, way_out=f"crmkit analyze {command} --month {month}")
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    effects, abilities = operating.effects(store, manager.id, month), operating.abilities(store, manager.id, month)
    found = places(portfolio.owned.values(), effects, abilities, policy)
    return AreaStatistics(
        portfolio=portfolio,
        policy=policy,
        places=found,
        whole=area_group(None, found),
        markets=grouped(found, MarketType, lambda one: one.market_type),
        grades=grouped(found, GradeBand, lambda one: band(one.grade)),
    )
