"""The products of the file."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crmkit.model.code import normal_code
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted
from crmkit.model.product import DEFAULT_UNITS_PER_CARTON, Product
from crmkit.store import base_data
from crmkit.store.connection import Store

_SELECT = "SELECT id, code, name, category, key_brand, tar, units_per_carton, active, held FROM product"
_DEFAULTS = {"key_brand": 0, "units_per_carton": DEFAULT_UNITS_PER_CARTON, "active": 1}


def all(store: Store) -> list[Product]:  # noqa: A001 - products.all reads as it should
    """Every product, by code."""
    return [_product(row) for row in store.rows(f"{_SELECT} ORDER BY code")]


def find(store: Store, text: str) -> Product:
    """The product a code, or a unique part of code or name, means. Raises Refusal NOT_FOUND or AMBIGUOUS."""
    exact = store.one(f"{_SELECT} WHERE code=?", (normal_code(text),))
    if exact:
        return _product(exact)
    part = text.strip()
    sql = f"{_SELECT} WHERE ?<>'' AND (instr(code, ?) OR instr(lower(name), lower(?))) ORDER BY code"
    found = [_product(row) for row in store.rows(sql, (part, normal_code(part), part))]
    if not found:
        raise Refusal(Fault.NOT_FOUND, noun="product", value=text)
    if len(found) > 1:
        shown = [(product.code, product.name) for product in found]
        raise Refusal(Fault.AMBIGUOUS, noun="product", value=text, candidates=shown)
    return found[0]


def keys(store: Store) -> dict[str, int]:
    """Every product's code and key."""
    return base_data.codes_and_keys(store, "product")


def units(store: Store) -> dict[int, int]:
    """支/条 of every product, by key."""
    return dict(store.rows("SELECT id, units_per_carton FROM product"))


def put(
    store: Store,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    clear: bool = False,
    cells: list[base_data.Cell] | None = None,
) -> Counted:
    """Write products by code (the first column); None keeps what is stored, new ones take the defaults.

    `clear` and `cells` as in base_data.put_rows.
    """
    return base_data.put_rows(store, "product", columns, rows, _DEFAULTS, clear=clear, cells=cells)


def set_columns(
    store: Store, key: int, values: Mapping[str, Any], hold: Iterable[str], release: Iterable[str] = ()
) -> None:
    """Write columns of one product by hand; an import leaves those in `hold` alone."""
    base_data.set_columns(store, "product", key, values, hold, release)


def names(store: Store) -> dict[str, str]:
    """Every product's name by code."""
    return dict(store.rows("SELECT code, name FROM product"))


def _product(row: tuple[Any, ...]) -> Product:
    key, code, name, category, key_brand, tar, units_per_carton, active, held = row
    content = Decimal(tar) if tar is not None else None
    by_hand = frozenset((held or "").split())
    return Product(key, code, name, category, bool(key_brand), content, units_per_carton, bool(active), by_hand)
