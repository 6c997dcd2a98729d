"""The watch list 关注商品 the market manager issues: what brand targets may be set for."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmkit.model.brand import BrandTarget
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Role
from crmkit.model.policy import Policy
from crmkit.model.product import Product, Watched
from crmkit.store import people, products, targets, watchlist
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class Issued:
    """Products put on the list, or the month after which they leave it (None: they were never on it)."""

    products: tuple[Product, ...]
    first: Month | None
    last: Month | None
    standing: tuple[BrandTarget, ...] = ()  # brand targets that go on after the last month watched


def watch_list(store: Store, month: Month) -> tuple[tuple[Product, Watched], ...]:
    """The products watched in a month, by code."""
    entries = {entry.product: entry for entry in watchlist.all(store) if entry.holds(month)}
    return tuple((one, entries[one.id]) for one in products.all(store) if one.id in entries)


def watch_products(
    store: Store, act: Act, policy: Policy, typed: Sequence[str], first: Month, last: Month | None, *,
    dry_run: bool = False,
) -> Issued:  # fmt: skip
    """Put products on the list. Raises Refusal: ROLE, BAD_VALUE, NOT_FOUND, AMBIGUOUS, RULE watched-already."""
    _refuse_role(act, policy)
    if last is not None and last < first:
        raise Refusal(Fault.BAD_VALUE, option="--to", value=str(last), expected=f">= {first}")
    chosen = _chosen(store, typed)
    for entry in watchlist.all(store):
        known = next((one for one in chosen if one.id == entry.product), None)
        if known and entry.meets(first, last):
            value = f"{known.code} {entry.first}…{entry.last or ''}"
            way_out = f"crmkit product watch end {known.code} --to {first.previous}"
            raise Refusal(Fault.RULE, rule="watched-already", value=value, way_out=way_out)
    if not dry_run:
        with store.operation(act):
            for one in chosen:
                watchlist.add(store, one.id, first, last)
    return Issued(chosen, first, last)


def end_watch(
    store: Store, act: Act, policy: Policy, typed: Sequence[str], last: Month, *, dry_run: bool = False
) -> Issued:
    """Let products leave the list after a month; an entry that begins later goes. Raises Refusal: ROLE, NOT_FOUND."""
    _refuse_role(act, policy)
    chosen, entries = _chosen(store, typed), watchlist.all(store)
    for one in chosen:
        if not any(entry.product == one.id and (entry.last is None or entry.last > last) for entry in entries):
            raise Refusal(Fault.NOT_FOUND, noun="watched", value=one.code, known="crmkit product watch list")
    if not dry_run:
        with store.operation(act):
            _end(store, {one.id for one in chosen}, last)
    return Issued(chosen, None, last, _standing(store, {one.id for one in chosen}, last))


def _standing(store: Store, wanted: set[int], last: Month) -> tuple[BrandTarget, ...]:
    managers = people.of_role(store, Role.CUSTOMER_MANAGER)
    held = (one for manager in managers for one in targets.of_manager(store, manager.id))
    return tuple(one for one in held if one.product in wanted and one.last > last)


def _end(store: Store, wanted: set[int], last: Month) -> None:
    for entry in watchlist.all(store):
        if entry.product in wanted and entry.first > last:
            watchlist.remove(store, entry.id)
        elif entry.product in wanted and (entry.last is None or entry.last > last):
            watchlist.end(store, entry.id, last)


def _refuse_role(act: Act, policy: Policy) -> None:
    """The market manager issues it; a person alone (approval = self) is his own."""
    if act.role is not Role.MARKET_MANAGER and policy.month.approval != "self":
        role = act.role.value if act.role else None
        raise Refusal(Fault.ROLE, role=role, needed=Role.MARKET_MANAGER.value)


def _chosen(store: Store, typed: Sequence[str]) -> tuple[Product, ...]:
    found = {one.id: one for one in (products.find(store, word) for word in typed)}
    return tuple(sorted(found.values(), key=lambda one: one.code))
