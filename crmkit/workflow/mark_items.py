"""Step 12, annotation 任务执行标注: ★ on what is done, ● added."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.annotation import ItemKind, MonthItem
from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import LONGEST_ITEM, AdHocItem
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import StrategyState
from crmkit.model.writing import as_written
from crmkit.rules.annotation import refuse_closed
from crmkit.store import adhoc, documents, strategies
from crmkit.store.connection import Store
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.list_items import AD_HOC_SIGN, MonthItems, as_item, month_items

_SIGNS = "●•+A"  # what may stand before the number of an ad hoc item


@dataclass(frozen=True, slots=True)
class Marked:
    """What was marked or added: `changed` are the items as they are now, `same` those that were so before."""

    manager: Person
    month: Month
    changed: tuple[MonthItem, ...]
    same: tuple[MonthItem, ...] = ()


def mark_items(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    words: Iterable[str],
    *,
    done: bool,
    day: date,
    dry_run: bool = False,
) -> Marked:
    """Mark ★, or take the mark back (`done` False). All of the items or none.

    Raises Refusal: GATE and RULE of refuse_closed, RULE future-visit, NOT_FOUND for a code that names nothing.
    """
    _refuse_closed(store, manager, month)
    _refuse_future(act, day, "done" if done else "open")
    found = month_items(store, policy, manager, month, act.today)
    named = [item_named(store, found, word) for word in words]
    wanted = tuple(dict.fromkeys(item for item in named if item.done != done))
    if wanted and not dry_run:
        with store.operation(act, as_read=True):
            write_marks(store, wanted, done=done, day=day)
    changed = tuple(replace(item, done=done) for item in wanted)
    return Marked(manager, month, changed, tuple(item for item in named if item.done == done))


def write_marks(store: Store, items: Iterable[MonthItem], *, done: bool, day: date) -> None:
    """Write the marks; inside an operation."""
    for item in items:
        if item.kind is ItemKind.STRATEGY:
            strategies.set_state(store, item.id, StrategyState.DONE if done else StrategyState.OPEN)
        else:
            adhoc.finish(store, [item.id], max(day, item.since) if done else None)


def add_item(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    customer: Customer,
    text: str,
    *,
    done: bool,
    day: date,
    dry_run: bool = False,
) -> Marked:
    """Add an ad hoc item ●, done on its day or left open. Raises Refusal: BAD_VALUE, those of refuse_closed."""
    month, said = Month.of(day), as_written(text)
    _refuse_closed(store, manager, month)
    if not said or len(said) > LONGEST_ITEM:
        raise Refusal(Fault.BAD_VALUE, option="TEXT", value=f"{said[:20]}…", expected=f"1 - {LONGEST_ITEM}")
    _refuse_future(act, day, "add")
    item = AdHocItem(customer.id, manager.id, day, said, day if done else None)
    there = _same(adhoc.of_customer(store, customer.id), item)
    if there is None and not dry_run:
        with store.operation(act, as_read=True):
            adhoc.add(store, [item])
        there = _same(adhoc.of_customer(store, customer.id), item)
        return Marked(manager, month, (as_item(there or item, customer),))
    same = () if there is None else (as_item(there, customer),)
    return Marked(manager, month, () if there else (as_item(item, customer),), same)


def _refuse_future(act: Act, day: date, verb: str) -> None:
    if day > act.today:
        way_out = f"crmkit annotate {verb} --date {act.today}"
        raise Refusal(Fault.RULE, rule="future-visit", day=day.isoformat(), way_out=way_out)


def _same(known: Sequence[AdHocItem], item: AdHocItem) -> AdHocItem | None:
    return next((one for one in known if (one.day, one.text) == (item.day, item.text)), None)


def item_named(store: Store, found: MonthItems, word: str) -> MonthItem:
    """The item a word means: K7M-2 or 1001-2 a strategy, ●12 (also +12, A12) an ad hoc item.

    Raises Refusal(NOT_FOUND) with what there is.
    """
    by_code: Mapping[str, MonthItem] = {item.code: item for item in found.items}
    plain = unicodedata.normalize("NFKC", word).strip().upper()
    if plain[:1] in _SIGNS and plain[1:].isdigit():
        plain = AD_HOC_SIGN + plain[1:]
    exact = by_code.get(plain)
    if exact:
        return exact
    shop, dash, number = plain.rpartition("-")
    if not dash:
        raise Refusal(Fault.NOT_FOUND, noun="item", value=word, known=sorted(by_code)[:_SHOWN])
    customer = find_customer(store, shop, found.manager)
    mine = [item for item in found.items if item.customer.id == customer.id and item.kind is ItemKind.STRATEGY]
    meant = [item for item in mine if item.code.endswith(f"-{number}")]
    if not meant:
        raise Refusal(Fault.NOT_FOUND, noun="item", value=word, known=[item.code for item in mine])
    return meant[0]


_SHOWN = 10


def _refuse_closed(store: Store, manager: Person, month: Month) -> None:
    record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    refuse_closed(record.state if record else None, month)
