"""What of a month is done and what is open, the longest open first (step 12)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.annotation import ItemKind, MarkRestatement, MonthItem
from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.evening import AdHocItem
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import CatalogueEntry, Policy
from crmkit.model.strategy import Strategy, StrategyState
from crmkit.rules.annotation import by_age, first_months
from crmkit.rules.codes import short_codes
from crmkit.rules.strategies import strategy_words
from crmkit.rules.strategies_by_hand import numbered
from crmkit.store import adhoc, customers, documents, restatements, strategies
from crmkit.store.connection import Store

_BACK = 12  # months a carried strategy is followed back
AD_HOC_SIGN = "●"


@dataclass(frozen=True, slots=True)
class MonthItems:
    """The items of a month: its strategies, what is open of ●, and what of ● was done in it."""

    manager: Person
    month: Month
    today: date
    state: DocumentState | None  # of the month record
    items: tuple[MonthItem, ...]
    restatements: tuple[MarkRestatement, ...] = ()

    @property
    def open(self) -> tuple[MonthItem, ...]:
        return tuple(item for item in self.items if not item.done)


def month_items(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> MonthItems:
    """Every item of a manager's month by age."""
    owned = {customer.id: customer for customer in customers.all(store, manager.id)}
    codes = short_codes(customer.code for customer in owned.values())
    named = {customer.id: codes[customer.code] for customer in owned.values()}
    found = [*_strategies(store, policy, manager, month, owned, named), *_ad_hoc(store, manager, month, owned)]
    record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    asked = tuple(restatements.of_month(store, manager.id, month))
    return MonthItems(manager, month, today, record.state if record else None, by_age(found), asked)


def _strategies(
    store: Store,
    policy: Policy,
    manager: Person,
    month: Month,
    owned: Mapping[int, Customer],
    named: Mapping[int, str],
) -> Iterator[MonthItem]:
    listed = strategies.of_manager(store, manager.id, month)
    before = {month.plus(-n): strategies.of_manager(store, manager.id, month.plus(-n)) for n in range(1, _BACK + 1)}
    first = first_months(month, listed, before)
    mine: dict[int, list[Strategy]] = {}
    for strategy in listed:
        mine.setdefault(strategy.customer, []).append(strategy)
    for customer, those in mine.items():
        for number, one in numbered(those).items():
            if one.state is StrategyState.DROPPED:
                continue
            yield MonthItem(
                customer=owned[customer],
                kind=ItemKind.STRATEGY,
                code=f"{named[customer]}-{number}",
                words=strategy_words(one, policy),
                since=first[one.id].first,
                done=one.state is StrategyState.DONE,
                origin=one.origin,
                id=one.id,
            )


def _ad_hoc(store: Store, manager: Person, month: Month, owned: Mapping[int, Customer]) -> Iterator[MonthItem]:
    added = adhoc.between(store, manager.id, month.first, month.last)
    waiting = [item for item in adhoc.open_of(store, manager.id) if item.day <= month.last]
    for item in {one.id: one for one in (*waiting, *added)}.values():
        if item.customer in owned:
            yield as_item(item, owned[item.customer])


def as_item(item: AdHocItem, customer: Customer) -> MonthItem:
    """An ad hoc item as one of the month's."""
    return MonthItem(
        customer=customer,
        kind=ItemKind.AD_HOC,
        code=f"{AD_HOC_SIGN}{item.id}",
        words=CatalogueEntry("ad_hoc", item.text, item.text),
        since=item.day,
        done=item.done_on is not None,
        done_on=item.done_on,
        id=item.id,
    )
