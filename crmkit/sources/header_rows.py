"""Where the header stands: below titles, in one row or in two whose cells are merged; and the words of sums below."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Row = tuple[str, ...]
Understands = Callable[[Row], bool]

_TOTAL = (
    "合计|合 计|合　计|合计：|合计:|总计|总 计|总　计|总计：|总计:|共计|合計|總計|Total|TOTAL|total|Total:|Grand Total"
)
_PART = "小计|小 计|小计：|小计:|本页小计|本页合计|小計|Subtotal|subtotal"
# word at the start of a row → is it the sum of all (True) or of a part (False)?
SUMS: dict[str, bool] = {
    **dict.fromkeys(_TOTAL.split("|"), True),
    **dict.fromkeys(_PART.split("|"), False),
}
_DIGIT = re.compile(r"[0-9０-９]")


@dataclass(frozen=True, slots=True)
class HeaderFound:
    """The header, the rows it was made of, and the place of the first of them."""

    header: Row
    heads: tuple[Row, ...]
    first: int


def find_header(rows: list[Row], understands: Understands) -> HeaderFound:
    """The first row, or pair of rows, that is understood; else the likeliest, for the message to show."""
    for place, row in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else ()
        joined = join(row, following) if _may_be_merged(row, following) else None
        single = understands(row)
        if joined is not None and understands(joined) and (not single or _hangs(row, following)):
            return HeaderFound(joined, (row, following), place)
        if single:
            return HeaderFound(row, (row,), place)
    place = _fullest(rows)
    return HeaderFound(rows[place], (rows[place],), place)


def _fullest(rows: list[Row]) -> int:
    """The first row below the titles: half as full as the fullest."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    return next(place for place, count in enumerate(filled) if count * 2 >= max(filled))


def join(upper: Row, lower: Row) -> Row:
    """金额 over 计划 and 实际 → 金额 计划, 金额 实际: a merged cell's text stands only in its first place."""
    width = max(len(upper), len(lower))
    upper, lower = upper + ("",) * (width - len(upper)), lower + ("",) * (width - len(lower))
    names, over = [], ""
    for above, below in zip(upper, lower, strict=True):
        over = above or (over if below else "")
        names.append(f"{over} {below}".strip() if below and below != over else over)
    return tuple(names)


def _may_be_merged(upper: Row, lower: Row) -> bool:
    """Text over a gap that the row below fills, and no figures below."""
    if any(_DIGIT.search(cell) for cell in lower):
        return False
    pairs = zip(upper, upper[1:], lower[: len(upper)], lower[1:], strict=False)
    return any(above and not gap and left and below for above, gap, left, below in pairs)


def _hangs(upper: Row, lower: Row) -> bool:
    """A cell of the upper row reaches down: below it is nothing."""
    lower = lower + ("",) * (len(upper) - len(lower))
    return any(above and not below for above, below in zip(upper, lower, strict=False))
