"""What makes rows of a file contradict each other or the file's own tree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

Path = tuple[str, ...]

_LOOKALIKES = str.maketrans("OILQ", "0110")


def two_names(names: Iterable[tuple[str, str | None]]) -> dict[str, tuple[str, ...]]:
    """Codes that stand with more than one name: none of them may silently win (bad-input.md 105)."""
    seen: dict[str, dict[str, None]] = {}
    for code, name in names:
        if name is not None:
            seen.setdefault(code, {})[name] = None
    return {code: tuple(found) for code, found in seen.items() if len(found) > 1}


def lookalikes(codes: Iterable[str]) -> list[tuple[str, ...]]:
    """Codes that differ only by O and 0 or I, L and 1: a warning, no more (bad-input.md 107)."""
    groups: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        groups[code.translate(_LOOKALIKES)].add(code)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def off_leaf(wanted: Mapping[str, Path], tree: Iterable[Path], holding: Iterable[Path]) -> dict[str, Path]:
    """Products that would not hang on a leaf (method.md step 0): code → the category in the way.

    A product's category may have none below it, in the tree or in this file, and no stored product above it.
    """
    inner = {path[:depth] for path in (*tree, *wanted.values()) for depth in range(1, len(path))}
    held = set(holding)
    found = {}
    for code, path in wanted.items():
        above = next((path[:depth] for depth in range(1, len(path)) if path[:depth] in held), None)
        if path in inner:
            found[code] = path
        elif above is not None:
            found[code] = above
    return found
