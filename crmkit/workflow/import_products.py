"""Products and their category tree out of a file into the store."""

from collections.abc import Mapping
from typing import Any

from crmkit.model.importing import Field, Kind, Reason
from crmkit.rules.importing import off_leaf
from crmkit.store import categories, products
from crmkit.store.base_data import Cell
from crmkit.store.connection import Store
from crmkit.workflow.import_base_data import Gathered, Row, Why, changes_of, finish, gather, suspect
from crmkit.workflow.import_source import Brought, Run

_LEVELS = (Field.CATEGORY_1, Field.CATEGORY_2, Field.CATEGORY_3)
_TREE = frozenset({Field.CATEGORY, *_LEVELS})
_COLUMN = {Field.KEY_BRAND: "key_brand", Field.PRODUCT_ACTIVE: "active"}
Path = tuple[str, ...]


def import_products(run: Run) -> Brought:
    """Write the products of a file and the categories they need; a product hangs on a leaf only (step 0)."""
    store = run.store
    found = gather(run, Kind.PRODUCTS, _check)
    known = products.keys(store)
    suspect(found, known, products.names(store), Field.PRODUCT_NAME)
    for code in [
        code for code, row in found.merged.items() if code not in known and row[1:] and not _named(found, row)
    ]:
        found.refuse(code, (Field.PRODUCT_NAME, Reason.BLANK, ""))
    keys = _category_keys(store, found)
    kept = [place for place, field in enumerate(found.fields) if field not in _TREE]
    fields = [field for field in found.fields if isinstance(field, Field)]
    columns = [_COLUMN.get(fields[place], fields[place].key) for place in kept]
    rows = [tuple(row[place] for place in kept) for row in found.merged.values()]
    if len(kept) < len(found.fields):
        columns.append("category")
        paths = (keys.get(_path(found, row)) for row in found.merged.values())
        rows = [(*row, category) for row, category in zip(rows, paths, strict=True)]
    cells: list[Cell] = []
    found.brought.counted = products.put(store, columns, rows, clear=run.choices.clear_blanks, cells=cells)
    words = {key: " > ".join(path) for path, key in keys.items()}
    found.brought.changes = changes_of(Kind.PRODUCTS, [_told(cell, words) for cell in cells])
    return finish(found, run.source, Kind.PRODUCTS, known)


def _told(cell: Cell, categories: Mapping[int, str]) -> Cell:
    """A changed cell with the categories' names instead of keys."""
    code, column, old, new = cell
    return (code, column, categories.get(old), categories.get(new)) if column == "category" else cell


def _check(found: Gathered, row: Row) -> Why | None:
    levels = [found.cell(row, level) for level in _LEVELS]
    filled = [level is not None for level in levels]
    if filled != sorted(filled, reverse=True):  # a level below a blank one
        return (_LEVELS[filled.index(False)], Reason.BLANK, "")
    return None


def _named(found: Gathered, row: Row) -> bool:
    return found.cell(row, Field.PRODUCT_NAME) is not None


def _path(found: Gathered, row: Row) -> Path:
    """The category's path of names; empty when the row names none."""
    whole: Any = found.cell(row, Field.CATEGORY)
    if whole is not None:
        return tuple(part.strip() for part in str(whole).split(">") if part.strip())
    return tuple(level for level in (found.cell(row, level) for level in _LEVELS) if level is not None)


def _category_keys(store: Store, found: Gathered) -> dict[Path, int]:
    """Refuse what would hang off a leaf, then grow the tree by what is left."""
    wanted = {code: path for code, row in found.merged.items() if (path := _path(found, row))}
    held = [path for code, path in categories.of_products(store).items() if code not in wanted]
    for code, path in off_leaf(wanted, categories.paths(store), held).items():
        field = next((field for field in found.fields if field in _TREE), Field.CATEGORY)
        found.refuse(code, (field, Reason.NOT_A_LEAF, " > ".join(path)))
        del wanted[code]
    return categories.grow(store, wanted.values())
