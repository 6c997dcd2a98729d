"""Customers and products out of the file, in the layout an import reads back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.importing import Field, Kind
from crmkit.model.product import Product
from crmkit.rules.choosing import cell
from crmkit.sources.exports import encoding_of, header_of, readable, readable_by, write_table
from crmkit.sources.ownfields import reader_of_own
from crmkit.store import categories, customers, files, ownfields, people, products
from crmkit.store.connection import Store
from crmkit.workflow.typed_fields import column_of

_LEVELS = (Field.CATEGORY_1, Field.CATEGORY_2, Field.CATEGORY_3)
_TREE = (Field.CATEGORY, *_LEVELS)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written; `header` are its columns, `encoding` is "xlsx" for a workbook."""

    path: Path
    rows: int
    header: tuple[str, ...]
    encoding: str


def export_customers(store: Store, path: Path, encoding: str | None = None) -> Exported:
    """All customers by code, own fields behind the known ones.

    Raises Refusal: BAD_VALUE, CONFLICTING_OPTIONS, NOT_ENCODABLE, FOLDER_MISSING, DISK.
    """
    codes = {person.id: person.code for person in people.everyone(store)}
    fields = [field for field in Field if field.kind is Kind.CUSTOMERS and _is_kept(field)]
    own, values = ownfields.all(store), ownfields.by_customer(store)

    def row(one: Customer) -> list[str]:
        known = [readable(field, _customer_cell(one, field, codes)) for field in fields]
        mine = [(reader_of_own(field), values.get(one.id, {}).get(field.name)) for field in own]
        return [*known, *(readable_by(read, value or "", value) for read, value in mine)]

    header = [*map(header_of, fields), *(field.name for field in own)]
    return write_export(path, encoding, header, map(row, customers.all(store)))


def _is_kept(field: Field) -> bool:
    """A field that has a column in the store; a mapping may know others."""
    return field in (Field.LATITUDE, Field.LONGITUDE) or field.key in Customer.__dataclass_fields__


def _customer_cell(one: Customer, field: Field, codes: dict[int, str]) -> Any:
    value = cell(one, column_of(field))
    return codes[value] if field is Field.MANAGER and value is not None else value


def export_products(store: Store, path: Path, encoding: str | None = None) -> Exported:
    """All products by code with the levels of their category. Raises as export_customers."""
    paths = {category.id: category.path for category in categories.all(store)}
    fields = [field for field in Field if field.kind is Kind.PRODUCTS and field not in _TREE]
    deep = any(len(paths[one.category]) > len(_LEVELS) for one in products.all(store) if one.category)
    tree = _TREE if deep else _LEVELS

    def row(one: Product) -> list[str]:
        path = paths[one.category] if one.category else ()
        known = [readable(field, _product_cell(one, field)) for field in fields]
        return [*known, *(readable(field, text) for field, text in _tree_cells(tree, path))]

    header = [header_of(field) for field in (*fields, *tree)]
    return write_export(path, encoding, header, map(row, products.all(store)))


def _product_cell(one: Product, field: Field) -> Any:
    value = getattr(one, column_of(field))
    return str(value) if field is Field.TAR and value is not None else value


def _tree_cells(tree: Sequence[Field], path: tuple[str, ...]) -> list[tuple[Field, str | None]]:
    """The levels of a path, or all of it in one cell where it is deeper than the levels."""
    if len(path) > len(_LEVELS):
        return [(field, " > ".join(path) if field is Field.CATEGORY else None) for field in tree]
    levels = dict(zip(_LEVELS, path, strict=False))
    return [(field, levels.get(field)) for field in tree]


def write_export(path: Path, wanted: str | None, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Exported:
    """Write header and rows, which are counted on their way: they may be too many to be held at once."""
    return _written(path, encoding_of(path, wanted), header, rows)


def write_csv(path: Path, wanted: str | None, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Exported:
    """The same as a CSV, whatever the file's name."""
    return _written(path, encoding_of(Path("any.csv"), wanted), header, rows)


def _written(path: Path, encoding: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Exported:
    count = 0

    def counted() -> Iterator[Sequence[str]]:
        nonlocal count
        yield header
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
            yield row

    files.write_with(path, lambda stream: write_table(stream, path, encoding, counted()))
    return Exported(path, count, tuple(header), encoding)
