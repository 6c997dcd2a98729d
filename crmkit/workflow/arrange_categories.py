"""The category tree kept by hand: shown, grown, renamed, moved, pruned."""

from dataclasses import dataclass

from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.rules.categories import Path, path_of, refuse_place, refuse_removal, refuse_under_itself, shown
from crmkit.store import categories
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class Tree:
    """Every category by path, with the products that hang on it."""

    counts: dict[Path, int]

    @property
    def leaves(self) -> frozenset[Path]:
        inner = {path[:depth] for path in self.counts for depth in range(1, len(path))}
        return frozenset(self.counts.keys() - inner)


@dataclass(frozen=True, slots=True)
class Arranged:
    """What happened to a category: where it was, where it is; None: nowhere."""

    before: Path | None
    after: Path | None


def category_tree(store: Store) -> Tree:
    """The tree in the order of its names."""
    counts = categories.counted(store)
    return Tree({path: counts.get(key, 0) for path, key in sorted(categories.paths(store).items())})


def add_category(store: Store, act: Act, text: str, *, dry_run: bool = False) -> Arranged:
    """Grow the tree by a path, missing levels above too. Raises Refusal(RULE)."""
    path, tree = path_of(text), category_tree(store)
    refuse_place(path, tree.counts, _holding(tree))
    if not dry_run:
        with store.operation(act):
            categories.grow(store, [path])
    return Arranged(None, path)


def rename_category(store: Store, act: Act, text: str, name: str, *, dry_run: bool = False) -> Arranged:
    """Give a category another name; what hangs on it stays. Raises Refusal: NOT_FOUND, BAD_VALUE, RULE."""
    path, new, tree = path_of(text), path_of(name), category_tree(store)
    if len(new) != 1:
        raise Refusal(Fault.BAD_VALUE, option="NAME", value=name, expected="一类")
    key, target = _key(store, path), (*path[:-1], *new)
    refuse_place(target, tree.counts, ())
    if not dry_run:
        with store.operation(act):
            categories.rename(store, key, new[0])
    return Arranged(path, target)


def move_category(store: Store, act: Act, text: str, under: str, *, dry_run: bool = False) -> Arranged:
    """Hang a category with all below it under another; under "" it becomes a root. Raises Refusal: NOT_FOUND, RULE."""
    path, tree = path_of(text), category_tree(store)
    key, parent = _key(store, path), path_of(under) if under.strip() else ()
    above = _key(store, parent) if parent else None
    target = (*parent, path[-1])
    refuse_under_itself(path, parent)
    refuse_place(target, tree.counts, _holding(tree))
    if not dry_run:
        with store.operation(act):
            categories.hang_under(store, key, above)
    return Arranged(path, target)


def remove_category(store: Store, act: Act, text: str, *, dry_run: bool = False) -> Arranged:
    """Take an empty category away. Raises Refusal: NOT_FOUND, RULE category-not-empty."""
    path, tree = path_of(text), category_tree(store)
    key = _key(store, path)
    refuse_removal(path, tree.counts, _holding(tree))
    if not dry_run:
        with store.operation(act):
            categories.remove(store, key)
    return Arranged(path, None)


def _holding(tree: Tree) -> frozenset[Path]:
    return frozenset(path for path, count in tree.counts.items() if count)


def _key(store: Store, path: Path) -> int:
    found = categories.paths(store)
    if path not in found:
        raise Refusal(Fault.NOT_FOUND, noun="category", value=shown(path), known=[shown(known) for known in found])
    return found[path]
