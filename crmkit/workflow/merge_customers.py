"""Two customers that are one shop become one: a person names both, records move, nothing is lost silently."""

from dataclasses import dataclass
from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.rules.duplicates import Pair, likely_duplicates
from crmkit.rules.merging import Clash, Outcome, filled, outcome, refuse_merge
from crmkit.store import customers, distances, merging
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge does: rows that move by table, rows that go, blanks that are filled."""

    keep: Customer
    drop: Customer
    moved: dict[str, int]
    gone: tuple[Clash, ...]
    filled: dict[str, Any]
    ways: int = 0  # given ways to the one who goes: they are forgotten


def merge_customers(store: Store, act: Act, keep: Customer, drop: Customer, *, dry_run: bool = False) -> Merged:
    """Give everything of `drop` to `keep`; the code of `drop` leads to `keep` from now on, also in files to come.

    Raises Refusal(RULE): merge-itself, merge-two-managers, merge-conflict (both have a record of one day or month).
    """
    clashes = _clashes(store, keep, drop)
    refuse_merge(keep, drop, clashes)
    gone = tuple(clash for clash in clashes if outcome(clash) is Outcome.GOES)
    merged = Merged(keep, drop, _moving(store, drop, gone), gone, filled(keep, drop), distances.count(store, drop.id))
    if not dry_run:
        with store.operation(act):
            _apply(store, merged)
    return merged


def find_duplicates(store: Store, policy: Policy) -> tuple[Pair, ...]:
    """Customers of the file that are perhaps one shop."""
    return likely_duplicates(customers.all(store), policy.base_data.duplicate_metres)


def _clashes(store: Store, keep: Customer, drop: Customer) -> list[Clash]:
    return [
        Clash(
            reference.table, {name: row[name] for name in reference.key}, kept, row,
            parent=merging.is_parent(store, reference.table),
        )
        for reference in merging.references(store)
        for kept, row in merging.shared(store, reference, keep.id, drop.id)
    ]


def _moving(store: Store, drop: Customer, gone: tuple[Clash, ...]) -> dict[str, int]:
    going = [clash.table for clash in gone]
    counts = {one.table: merging.count(store, one, drop.id) for one in merging.references(store)}
    return {table: n - going.count(table) for table, n in counts.items() if n > going.count(table)}


def _apply(store: Store, merged: Merged) -> None:
    keep, drop = merged.keep.id, merged.drop.id
    for clash in merged.gone:
        merging.delete(store, clash.table, clash.dropped["id"])
    distances.forget(store, drop)
    for reference in merging.references(store):
        merging.move(store, reference, keep, drop)
    if merged.filled:
        customers.set_columns(store, keep, merged.filled, ())
    merging.retire(store, merged.drop.code, drop, keep)
