"""Products corrected by hand: what was set stays, whatever the next import says (method.md step 0)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Kind
from crmkit.model.operation import Act
from crmkit.model.product import Product
from crmkit.rules.categories import Path, path_of, shown
from crmkit.rules.importing import off_leaf
from crmkit.store import categories, products
from crmkit.store.connection import Store
from crmkit.workflow.set_customer import Change
from crmkit.workflow.typed_fields import read_values, target_of

_LEVELS = frozenset({"category_1", "category_2", "category_3"})
_NEVER_BLANK = frozenset({"name", "key_brand", "units_per_carton", "active"})


@dataclass(frozen=True, slots=True)
class SetProduct:
    product: Product
    changes: tuple[Change, ...]


def set_products(
    store: Store,
    act: Act,
    typed: Sequence[str],
    words: Iterable[str],
    *,
    release: Iterable[str] = (),
    dry_run: bool = False,
) -> tuple[SetProduct, ...]:
    """Set fields of products: 焦油含量=8 重点品牌=是 品类="卷烟 > 一类". A category that is missing is grown.

    Raises Refusal: BAD_VALUE, NOT_FOUND, AMBIGUOUS; RULE field-elsewhere, never-blank, category-holds-products.
    """
    chosen = {one.id: one for one in (products.find(store, word) for word in typed)}
    values = read_values(Kind.PRODUCTS, words).columns
    _refuse(values)
    path = path_of(values["category"]) if values.get("category") else None
    if path:
        _refuse_branch(store, [one.code for one in chosen.values()], path)
    freed = [target_of(Kind.PRODUCTS, name).column for name in release]
    result = tuple(SetProduct(one, _changes(store, one, values, path)) for one in chosen.values())
    if not dry_run:
        with store.operation(act):
            _apply(store, result, values, path, freed)
    return result


def _refuse(values: dict[str, Any]) -> None:
    for column, value in values.items():
        if column == "code" or column in _LEVELS:
            raise Refusal(Fault.RULE, rule="field-elsewhere", value=column, way_out="品类='卷烟 > 一类'")
        if value is None and column in _NEVER_BLANK:
            raise Refusal(Fault.RULE, rule="never-blank", value=column, way_out="")


def _refuse_branch(store: Store, codes: list[str], path: Path) -> None:
    """A product hangs on a leaf only."""
    held = [other for code, other in categories.of_products(store).items() if code not in codes]
    wrong = off_leaf(dict.fromkeys(codes, path), categories.paths(store), held)
    if wrong:
        branch = next(iter(wrong.values()))
        if branch == path:
            raise Refusal(Fault.RULE, rule="category-is-branch", value=shown(branch), way_out="crmkit product tree")
        raise Refusal(Fault.RULE, rule="category-holds-products", value=shown(branch), way_out="crmkit product tree")


def _changes(store: Store, one: Product, values: dict[str, Any], path: Path | None) -> tuple[Change, ...]:
    paths = {key: shown(known) for known, key in categories.paths(store).items()}
    before = {column: getattr(one, column) for column in values}
    before |= {"tar": None if one.tar is None else f"{one.tar:f}", "category": paths.get(one.category or 0)}
    after = {**values, "category": shown(path) if path else None} if "category" in values else values
    pairs = [Change(column, before[column], value) for column, value in after.items()]
    return tuple(change for change in pairs if change.before != change.after)


def _apply(
    store: Store, result: tuple[SetProduct, ...], values: dict[str, Any], path: Path | None, freed: list[str]
) -> None:
    written = dict(values)
    if "category" in written:
        written["category"] = categories.grow(store, [path])[path] if path else None
    for one in result:
        products.set_columns(store, one.product.id, written, written.keys(), freed)
