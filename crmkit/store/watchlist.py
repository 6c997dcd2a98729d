"""The watch list 关注商品: products the market manager follows, valid by month."""

from crmkit.model.month import Month
from crmkit.model.product import Watched
from crmkit.store.connection import Store


def all(store: Store) -> list[Watched]:  # noqa: A001 - watchlist.all reads as it should
    """Every entry, the oldest first."""
    rows = store.rows("SELECT id, product, from_month, to_month FROM watched ORDER BY from_month, product")
    return [Watched(key, product, Month.parse(a), Month.parse(b) if b else None) for key, product, a, b in rows]


def of_month(store: Store, month: Month) -> frozenset[int]:
    """The keys of the products watched in a month."""
    return frozenset(entry.product for entry in all(store) if entry.holds(month))


def add(store: Store, product: int, first: Month, last: Month | None) -> None:
    store.execute(
        "INSERT INTO watched(product, from_month, to_month) VALUES (?,?,?)",
        (product, str(first), str(last) if last else None),
    )


def end(store: Store, key: int, last: Month | None) -> None:
    """Let an entry hold up to a month."""
    store.execute("UPDATE watched SET to_month=? WHERE id=?", (str(last) if last else None, key))


def remove(store: Store, key: int) -> None:
    store.execute("DELETE FROM watched WHERE id=?", (key,))
