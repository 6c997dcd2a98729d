"""A square table of distances, codes in its first row and first column, unfolded into a row a way."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from crmkit.model.code import without_invisible
from crmkit.model.importing import Reason
from crmkit.sources.cells import code, half_width
from crmkit.sources.decoding import TextFile
from crmkit.sources.delimited import Table, batches, open_table, rows_on
from crmkit.sources.headers import LENGTH_UNITS, length_unit, take_apart

_LOOKED_AT = 20
_NO_WAY = frozenset({"", "-", "--", "—", "——", "/", "×", "x", "∞", "inf", "none", "null"})
_UNITS = "|".join(sorted(map(re.escape, LENGTH_UNITS), key=len, reverse=True))
_TOLD = re.compile(rf"(?:单位|units?)\s*[:：]?\s*({_UNITS})(?![a-z])|[(\[【]\s*({_UNITS})\s*[)\]】]")
_EAST = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Square:
    """A table of distances: the codes of its columns from the second on, and the unit a title or its corner tells."""

    table: Table
    codes: tuple[str, ...]
    unit: str | None
    is_east: bool  # is anything in it written in hanzi?


def find_square(file: TextFile) -> Square | None:
    """The square table a file is, if it is one: most of its first column stands in its first row too."""
    table = open_table(file, None, lambda header: len(_codes_of(header)) > 1)
    codes = _codes_of(table.header)
    labels = [row[0] for batch in islice(batches(table), 1) for row in batch.rows[:_LOOKED_AT]]
    found = sum(code(label) in codes for label in labels)
    if len(codes) < 2 or found < 2 or found * 2 < len(labels):
        return None
    above = _above(table)
    told = next((unit for text in (table.header[0], *above) if (unit := _unit_in(text))), None)
    return Square(table, codes, told, bool(_EAST.search("".join((*above, *table.header, *labels)))))


def unfold(square: Square, path: Path, into: BinaryIO) -> TextFile:
    """Write a row for each way of the table into `path`, open for writing as `into`, in the encoding of the file.

    Blank cells, and the way of a shop to itself where it is blank or 0, are none; a row of the table with too few or
    too many cells stays one, to be refused.
    """
    file, count = square.table.file, 1
    with io.TextIOWrapper(into, encoding=file.encoding, newline="") as text:
        writer = csv.writer(text)
        writer.writerow(_header(square, file.encoding))
        for row in _ways(square):
            writer.writerow(row)
            count += 1
    return replace(file, path=path, compressed=False, lines=count)


def _codes_of(header: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of a header that may be a square table's; none where a cell between is no code or one stands twice."""
    while header and not header[-1]:
        header = header[:-1]
    found = tuple(one for cell in header[1:] if isinstance(one := code(cell), str))
    return found if len(set(found)) == len(header) - 1 else ()


def _above(table: Table) -> list[str]:
    """The lines over the header."""
    with table.file.open() as stream:
        return [without_invisible(line) for line in islice(stream, table.start - 2)]


def _unit_in(text: str) -> str | None:
    """The unit a title or a corner tells: 单位：公里, 距离(km), km."""
    plain = half_width(text).casefold()
    told = _TOLD.search(plain)
    if told:
        return told[1] or told[2]
    if plain in LENGTH_UNITS:
        return plain
    known = length_unit(plain)
    return next((unit for unit in LENGTH_UNITS if take_apart(plain).word.endswith(unit)), None) if known else None


def _header(square: Square, encoding: str) -> tuple[str, str, str]:
    east = ("起点", "终点", f"距离({square.unit})" if square.unit else "距离")
    try:
        "".join(east).encode(encoding)
    except UnicodeEncodeError:
        return _western(square)
    return east if square.is_east else _western(square)


def _western(square: Square) -> tuple[str, str, str]:
    return "from", "to", f"distance ({square.unit})" if square.unit else "distance"


def _ways(square: Square) -> Iterator[list[str]]:
    """Every way of the table as from, to, length."""
    for batch in batches(square.table):
        for row in batch.rows:
            label = code(row[0])
            yield from (
                [row[0], to, cell]
                for to, cell in zip(square.codes, row[1:], strict=False)
                if half_width(cell).casefold() not in _NO_WAY and not (label == to and _is_nothing(cell))
            )
        ragged = [reject.line for reject in batch.rejected if reject.reason is Reason.CELLS]
        yield from ([*row, ""] if len(row) == 3 else row for _line, row in rows_on(square.table, ragged))


def _is_nothing(cell: str) -> bool:
    return not half_width(cell).strip("0.,kmKM公里米 ")
