"""The products of the file, and one with all that is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from crmkit.model.month import Month
from crmkit.model.product import Product, Watched
from crmkit.rules.categories import Path, path_of
from crmkit.store import categories, products, watchlist
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class ProductList:
    """Products by code; `paths` are by category key, `watched` the keys of the month's watch list."""

    products: tuple[Product, ...]
    paths: Mapping[int, Path]
    watched: frozenset[int]
    month: Month


@dataclass(frozen=True, slots=True)
class ShownProduct:
    product: Product
    path: Path
    watched: tuple[Watched, ...]


def list_products(
    store: Store,
    month: Month,
    *,
    category: str | None = None,
    key_brand: bool = False,
    watched: bool = False,
    without: str | None = None,
) -> ProductList:
    """Products below a category, of key brands, on the watch list, without tar or category.

    Raises Refusal(BAD_VALUE).
    """
    paths = {one.id: one.path for one in categories.all(store)}
    below = path_of(category) if category else ()
    on_list = watchlist.of_month(store, month)
    found = [
        one
        for one in products.all(store)
        if paths.get(one.category or 0, ())[: len(below)] == below
        and (one.key_brand or not key_brand)
        and (one.id in on_list or not watched)
        and (without is None or getattr(one, without) is None)
    ]
    return ProductList(tuple(found), paths, on_list, month)


def find_product(store: Store, typed: str) -> Product:
    """The product a code or a unique part means. Raises Refusal: NOT_FOUND, AMBIGUOUS."""
    return products.find(store, typed)


def show_product(store: Store, typed: str) -> ShownProduct:
    """The product a code or a unique part means. Raises Refusal: NOT_FOUND, AMBIGUOUS."""
    found = products.find(store, typed)
    paths = {one.id: one.path for one in categories.all(store)}
    entries = tuple(entry for entry in watchlist.all(store) if entry.product == found.id)
    return ShownProduct(found, paths.get(found.category or 0, ()), entries)
