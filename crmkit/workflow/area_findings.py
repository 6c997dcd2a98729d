"""What steps 5 and 6 found abnormal in a manager's area, and which of them was not made yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmkit.model.brand import RateState
from crmkit.model.market import AnalysisKind, IndicatorState
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.rules.matching import abnormal_indicators, abnormal_rates, rate_code
from crmkit.store import brand, market, products
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class AreaFindings:
    """The abnormal rates and indicators of a working month (judging the month before), by their final state.

    `codes` are the codes of all products, `missing` the analyses not made: they block nothing and give no matches.
    """

    rates: tuple[RateState, ...] = ()
    indicators: tuple[IndicatorState, ...] = ()
    codes: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[AnalysisKind, ...] = ()

    @property
    def abnormal(self) -> tuple[str, ...]:
        """Problem codes: volume, on_shelf:P, …"""
        by_rate = (rate_code(one.kind, self.codes[one.product]) for one in self.rates)
        return (*(one.indicator.value for one in self.indicators), *by_rate)


def findings_of(store: Store, manager: Person, month: Month) -> AreaFindings:
    return AreaFindings(
        abnormal_rates(brand.states(store, manager.id, month)),
        abnormal_indicators(market.states(store, manager.id, month)),
        {product.id: product.code for product in products.all(store)},
        tuple(kind for kind in AnalysisKind if market.analysis(store, manager.id, month, kind) is None),
    )
