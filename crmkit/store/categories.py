"""The category tree 品类: read and grown as paths of names from the root down."""

from collections.abc import Iterable

from crmkit.model.product import Category
from crmkit.store.connection import Store

Path = tuple[str, ...]


def paths(store: Store) -> dict[Path, int]:
    """Every category by its path."""
    rows = {key: (parent, name) for key, parent, name in store.rows("SELECT id, parent, name FROM category")}

    def path_of(key: int) -> Path:
        parent, name = rows[key]
        return (*path_of(parent), name) if parent is not None else (name,)

    return {path_of(key): key for key in rows}


def all(store: Store) -> list[Category]:  # noqa: A001 - categories.all reads as it should
    """Every category, in the order of the tree."""
    return [Category(key, path) for path, key in sorted(paths(store).items())]


def of_products(store: Store) -> dict[str, Path]:
    """The category each product hangs on, by product code."""
    by_key = {key: path for path, key in paths(store).items()}
    rows = store.rows("SELECT code, category FROM product WHERE category IS NOT NULL")
    return {code: by_key[category] for code, category in rows}


def grow(store: Store, wanted: Iterable[Path]) -> dict[Path, int]:
    """Make the categories that are missing, parents first; returns all by path."""
    known = paths(store)
    for path in sorted(set(wanted)):
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            if part not in known:
                parent = known.get(part[:-1])
                cursor = store.execute("INSERT INTO category(parent, name) VALUES (?,?)", (parent, part[-1]))
                assert cursor.lastrowid is not None
                known[part] = cursor.lastrowid
    return known


def rename(store: Store, key: int, name: str) -> None:
    store.execute("UPDATE category SET name=? WHERE id=?", (name, key))


def hang_under(store: Store, key: int, parent: int | None) -> None:
    store.execute("UPDATE category SET parent=? WHERE id=?", (parent, key))


def remove(store: Store, key: int) -> None:
    """Take a category away; products or categories that hang on it forbid it."""
    store.execute("DELETE FROM category WHERE id=?", (key,))


def counted(store: Store) -> dict[int, int]:
    """How many products hang on each category that has any."""
    return dict(store.rows("SELECT category, count(*) FROM product WHERE category IS NOT NULL GROUP BY category"))
