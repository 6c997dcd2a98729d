"""The category tree 品类: products hang on leaves only (method.md step 0), so nothing grows under one with products."""

from collections.abc import Collection

from crmkit.model.errors import Fault, Refusal

Path = tuple[str, ...]


def path_of(text: str) -> Path:
    """A path as typed, levels joined by > or ＞ or ›. Raises Refusal(BAD_VALUE)."""
    parts = tuple(part.strip() for part in text.replace("＞", ">").replace("›", ">").split(">"))
    if not all(parts) or any(len(part) > 100 for part in parts):
        raise Refusal(Fault.BAD_VALUE, option="PATH", value=text, expected="卷烟 > 一类")
    return parts


def shown(path: Path) -> str:
    """卷烟 > 一类."""
    return " > ".join(path)


def refuse_place(path: Path, tree: Collection[Path], holding: Collection[Path]) -> None:
    """May a category stand at this path? Raises Refusal(RULE): category-there, category-holds-products."""
    if path in tree:
        raise Refusal(Fault.RULE, rule="category-there", value=shown(path), way_out="crmkit product tree")
    above = next((path[:depth] for depth in range(1, len(path)) if path[:depth] in holding), None)
    if above:
        way_out = f"crmkit product list --category '{shown(above)}'"
        raise Refusal(Fault.RULE, rule="category-holds-products", value=shown(above), way_out=way_out)


def refuse_removal(path: Path, tree: Collection[Path], holding: Collection[Path]) -> None:
    """Raises Refusal(RULE category-not-empty) while products or categories hang below."""
    if path in holding or any(other[: len(path)] == path and other != path for other in tree):
        way_out = f"crmkit product list --category '{shown(path)}'"
        raise Refusal(Fault.RULE, rule="category-not-empty", value=shown(path), way_out=way_out)


def refuse_under_itself(path: Path, under: Path) -> None:
    """Raises Refusal(RULE category-under-itself)."""
    if under[: len(path)] == path:
        raise Refusal(Fault.RULE, rule="category-under-itself", value=shown(path), way_out="crmkit product tree")
