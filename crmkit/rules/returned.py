"""What changed between two states of a month's rows, seen by what people decide and not by how rows are stored.

A list made anew has other rows and the same content: only what a reader would call a change counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

CONTENT: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "document": (("kind",), ("problems", "focus", "satisfaction_target")),
    "analysis": (("kind",), ("problems", "focus")),
    "brand_state": (("product", "rate"), ("final", "note")),
    "market_state": (("indicator",), ("final", "note")),
    "score": (("customer", "item"), ("score",)),
    "strategy": (("customer", "code", "cause"), ("state", "text")),
    "key_candidate": (("customer",), ("standing", "note")),
    "frequency_line": (("customer",), ("frequency", "source", "note")),
}
"""Of each table: what names a line to people, and what of it a person decides."""

Row = Mapping[str, Any]


def net_changes(moved: Iterable[tuple[str, Row | None, Row | None]]) -> dict[str, int]:
    """Lines that differ, by table. `moved` are (table, the row then, the row now) of every row that was touched."""
    then: dict[tuple[str, tuple[Any, ...]], tuple[Any, ...]] = {}
    now = dict(then)
    for table, before, after in moved:
        names, content = CONTENT[table]
        for row, side in ((before, then), (after, now)):
            if row is not None:
                side[table, tuple(row.get(name) for name in names)] = tuple(row.get(name) for name in content)
    return dict(Counter(key[0] for key in sorted(then.keys() | now.keys(), key=str) if then.get(key) != now.get(key)))
