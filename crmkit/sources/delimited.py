"""Text → rows of cells, in batches, each row with the line it starts on."""

import csv
import itertools
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from crmkit.model.code import without_invisible
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Reason, Rejected
from crmkit.sources.decoding import TextFile

BATCH = 5_000
DELIMITERS = ",\t;|，"
_SEPARATOR_LINE = "sep="


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited file whose header has been found. `start` is the line the first data row stands on."""

    file: TextFile
    delimiter: str
    header: tuple[str, ...]
    start: int


@dataclass(slots=True)
class RowBatch:
    """Rows with exactly as many cells as the header, the line of each, and what was left out."""

    rows: list[list[str]]
    lines: Sequence[int]
    rejected: list[Rejected] = field(default_factory=list)
    blank: int = 0
    headers: int = 0  # the header row again, as in files joined end to end


def open_table(file: TextFile, delimiter: str | None = None) -> Table:
    """Find delimiter and header: the first row that is neither blank nor `sep=`. Raises Refusal(FILE_EMPTY)."""
    with file.open() as stream:
        first = next((line for line in stream if line.strip("\ufeff \t\r\n,;|")), "")
    if not first:
        raise Refusal(Fault.FILE_EMPTY, path=str(file.path))
    chosen = _stated(first) or delimiter or _sniff(first)
    with file.open() as stream:
        reader = _reader(stream, chosen)
        try:
            for row in reader:
                cells = tuple(without_invisible(cell).strip() for cell in row)
                if any(cells) and not _is_separator_line(cells, chosen):
                    return Table(file, chosen, cells, reader.line_num + 1)
        except csv.Error as error:
            raise _broken(file, reader.line_num) from error
    raise Refusal(Fault.FILE_EMPTY, path=str(file.path))


def _stated(line: str) -> str | None:
    """The delimiter of Excel's first line `sep=;`."""
    text = without_invisible(line).strip('\r\n"')
    return text[4] if text.lower().startswith(_SEPARATOR_LINE) and len(text) >= 5 else None


def _is_separator_line(cells: tuple[str, ...], delimiter: str) -> bool:
    return cells[0].lower() in (_SEPARATOR_LINE, _SEPARATOR_LINE + delimiter) and not any(cells[1:])


def _sniff(line: str) -> str:
    """The delimiter that stands most often in the header outside quotes; a comma when none does."""
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _reader(stream: IO[str], delimiter: str) -> "csv._reader":  # type: ignore[name-defined,unused-ignore]
    return csv.reader(stream, delimiter=delimiter)


def _broken(file: TextFile, line: int) -> Refusal:
    """A field larger than any cell, often an unclosed quote."""
    return Refusal(Fault.DAMAGED_TEXT, path=str(file.path), encoding=file.encoding, line=line, byte=None)


def batches(table: Table) -> Iterator[RowBatch]:
    """All rows below the header. Raises Refusal(DAMAGED_TEXT) for a field of more than 128 KB."""
    for rows, lines in _stretches(table):
        yield _sorted_out(table.header, rows, lines)


def rows_on(table: Table, wanted: Container[int]) -> Iterator[tuple[int, list[str]]]:
    """The rows that start on these lines, as they stand."""
    for rows, lines in _stretches(table):
        yield from ((line, row) for line, row in zip(lines, rows, strict=True) if line in wanted)


def _stretches(table: Table) -> Iterator[tuple[list[list[str]], Sequence[int]]]:
    with table.file.open() as stream:
        reader = _reader(stream, table.delimiter)
        try:
            while reader.line_num < table.start - 1:
                next(reader)
            line = table.start
            while rows := list(itertools.islice(reader, BATCH)):
                yield rows, _lines(rows, line, reader.line_num + 1)
                line = reader.line_num + 1
        except csv.Error as error:
            raise _broken(table.file, reader.line_num) from error


def _lines(rows: list[list[str]], first: int, following: int) -> Sequence[int]:
    """The line each row starts on; cells with line ends inside make rows longer."""
    if following - first == len(rows):
        return range(first, following)
    lines = []
    for row in rows:
        lines.append(first)
        first += 1 + sum(_line_ends(cell) for cell in row)
    return lines


def _line_ends(cell: str) -> int:
    ends = cell.count("\n")
    return ends + cell.replace("\r\n", "").count("\r") if "\r" in cell else ends


def _sorted_out(header: tuple[str, ...], rows: list[list[str]], lines: Sequence[int]) -> RowBatch:
    width = len(header)
    again, marked = list(header), ["\ufeff" + header[0], *header[1:]]
    if set(map(len, rows)) == {width} and again not in rows and marked not in rows:
        return RowBatch(rows, lines)
    batch = RowBatch([], kept := [])
    for line, row in zip(lines, rows, strict=True):
        if not any(cell.strip() for cell in row):
            batch.blank += 1
        elif len(row) != width:
            batch.rejected.append(Rejected(line, "", Reason.CELLS, f"{len(row)}/{width}"))
        elif tuple(without_invisible(cell).strip() for cell in row) == header:
            batch.headers += 1
        else:
            batch.rows.append(row)
            kept.append(line)
    return batch
