"""What steps 5 and 6 found abnormal in a manager's area, and which of them was not made yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmkit.model.brand import RateState
from crmkit.model.market import AnalysisKind, Indicator, IndicatorState, IndicatorTarget
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.product import Product
from crmkit.rules.matching import abnormal_indicators, abnormal_rates, rate_code
from crmkit.store import brand, market, products, targets
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class AreaFindings:
    """The abnormal rates and indicators of a working month (judging the month before), by their final state.

    `products` are those of the rates, `aims` the targets of the working month in force, `missing` the analyses not
    made: they block nothing and give no matches.
    """

    rates: tuple[RateState, ...] = ()
    indicators: tuple[IndicatorState, ...] = ()
    products: Mapping[int, Product] = field(default_factory=dict)
    aims: Mapping[Indicator, IndicatorTarget] = field(default_factory=dict)
    missing: tuple[AnalysisKind, ...] = ()

    @property
    def codes(self) -> dict[int, str]:
        return {key: product.code for key, product in self.products.items()}

    @property
    def abnormal(self) -> tuple[str, ...]:
        """Problem codes: volume, on_shelf:P, …"""
        by_rate = (rate_code(one.kind, self.codes[one.product]) for one in self.rates)
        return (*(one.indicator.value for one in self.indicators), *by_rate)


def findings_of(store: Store, manager: Person, month: Month) -> AreaFindings:
    rates = abnormal_rates(brand.states(store, manager.id, month))
    wanted = {one.product for one in rates}
    aims = targets.indicators(store, manager.id, month)
    return AreaFindings(
        rates,
        abnormal_indicators(market.states(store, manager.id, month)),
        {one.id: one for one in products.all(store) if one.id in wanted} if wanted else {},
        {indicator: one for indicator, one in aims.items() if one.in_force},
        tuple(kind for kind in AnalysisKind if market.analysis(store, manager.id, month, kind) is None),
    )
