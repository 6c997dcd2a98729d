"""Customers and products out of the file, in the layout an import reads back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.importing import Field, Kind
from crmkit.model.product import Product
from crmkit.rules.choosing import cell
from crmkit.sources.exports import header_of, readable, readable_by, write_table
from crmkit.sources.ownfields import reader_of_own
from crmkit.store import categories, customers, files, ownfields, people, products
from crmkit.store.connection import Store
from crmkit.workflow.typed_fields import column_of

_LEVELS = (Field.CATEGORY_1, Field.CATEGORY_2, Field.CATEGORY_3)
_TREE = (Field.CATEGORY, *_LEVELS)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written; `header` are its columns."""

    path: Path
    rows: int
    header: tuple[str, ...]


def export_customers(store: Store, path: Path) -> Exported:
    """All customers by code, own fields behind the known ones. Raises Refusal: BAD_VALUE, FOLDER_MISSING, DISK."""
    codes = {person.id: person.code for person in people.everyone(store)}
    fields = [field for field in Field if field.kind is Kind.CUSTOMERS and _is_kept(field)]
    own, values = ownfields.all(store), ownfields.by_customer(store)

    def row(one: Customer) -> list[str]:
        known = [readable(field, _customer_cell(one, field, codes)) for field in fields]
        mine = [(reader_of_own(field), values.get(one.id, {}).get(field.name)) for field in own]
        return [*known, *(readable_by(read, value or "", value) for read, value in mine)]

    header = [*map(header_of, fields), *(field.name for field in own)]
    return _write(path, header, customers.all(store), row)


def _is_kept(field: Field) -> bool:
    """A field that has a column in the store; a mapping may know others."""
    return field in (Field.LATITUDE, Field.LONGITUDE) or field.key in Customer.__dataclass_fields__


def _customer_cell(one: Customer, field: Field, codes: dict[int, str]) -> Any:
    value = cell(one, column_of(field))
    return codes[value] if field is Field.MANAGER and value is not None else value


def export_products(store: Store, path: Path) -> Exported:
    """All products by code with the levels of their category. Raises Refusal: BAD_VALUE, FOLDER_MISSING, DISK."""
    paths = {category.id: category.path for category in categories.all(store)}
    fields = [field for field in Field if field.kind is Kind.PRODUCTS and field not in _TREE]
    deep = any(len(paths[one.category]) > len(_LEVELS) for one in products.all(store) if one.category)
    tree = _TREE if deep else _LEVELS

    def row(one: Product) -> list[str]:
        path = paths[one.category] if one.category else ()
        known = [readable(field, _product_cell(one, field)) for field in fields]
        return [*known, *(readable(field, text) for field, text in _tree_cells(tree, path))]

    return _write(path, [header_of(field) for field in (*fields, *tree)], products.all(store), row)


def _product_cell(one: Product, field: Field) -> Any:
    value = getattr(one, column_of(field))
    return str(value) if field is Field.TAR and value is not None else value


def _tree_cells(tree: Sequence[Field], path: tuple[str, ...]) -> list[tuple[Field, str | None]]:
    """The levels of a path, or all of it in one cell where it is deeper than the levels."""
    if len(path) > len(_LEVELS):
        return [(field, " > ".join(path) if field is Field.CATEGORY else None) for field in tree]
    levels = dict(zip(_LEVELS, path, strict=False))
    return [(field, levels.get(field)) for field in tree]


def _write(path: Path, header: list[str], things: Iterable[Any], row: Callable[[Any], list[str]]) -> Exported:
    rows = [row(one) for one in things]
    files.write_file(path, write_table(path, [header, *rows]))
    return Exported(path, len(rows), tuple(header))
