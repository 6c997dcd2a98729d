"""Text → rows of cells, in batches, each row with the line it starts on."""

import csv
import itertools
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from crmkit.model.code import without_invisible
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Reason, Rejected
from crmkit.sources.decoding import HEADER_ROWS, TextFile
from crmkit.sources.foot_rows import FIRST, is_foot
from crmkit.sources.header_rows import SUMS, Understands, find_header

BATCH = 5_000
DELIMITERS = ",\t;|，"
_SEPARATOR_LINE = "sep="


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited file whose header has been found. `start` is the line the first data row stands on.

    `heads` are the rows the header was made of, as they may come again in files joined end to end.
    """

    file: TextFile
    delimiter: str
    header: tuple[str, ...]
    start: int
    heads: tuple[tuple[str, ...], ...] = ()
    above: int = 0  # rows with text over the header

    @property
    def from_book(self) -> bool:
        return self.file.book is not None


@dataclass(slots=True)
class RowBatch:
    """Rows with exactly as many cells as the header, the line of each, and what was left out."""

    rows: list[list[str]]
    lines: Sequence[int]
    rejected: list[Rejected] = field(default_factory=list)
    blank: int = 0
    headers: int = 0  # the header row again, as in files joined end to end
    totals: list[list[str]] = field(default_factory=list)  # rows that say 合计: compared, never imported
    subtotals: int = 0
    feet: list[int] = field(default_factory=list)  # lines that people sign: 制表人, 审核, 共 N 条


def open_table(file: TextFile, delimiter: str | None = None, understands: Understands = lambda header: True) -> Table:
    """Find delimiter and header, in the first 20 rows, past titles, blanks and `sep=`. Raises Refusal(FILE_EMPTY)."""
    tried = [_table(file, mark, understands) for mark in _delimiters(file, delimiter)[:1]]
    if not understands(tried[0].header):
        # marks inside names may outnumber those between cells
        tried += [_table(file, mark, understands) for mark in _delimiters(file, delimiter)[1:]]
    return next((table for table in tried if understands(table.header)), tried[0])


def _table(file: TextFile, delimiter: str, understands: Understands) -> Table:
    rows = _first_rows(file, delimiter)
    if not rows:
        raise Refusal(Fault.FILE_EMPTY, path=str(file.name))
    found = find_header([cells for cells, _next in rows], understands)
    last = found.first + len(found.heads) - 1
    return Table(file, delimiter, found.header, rows[last][1], found.heads, found.first)


def _delimiters(file: TextFile, wanted: str | None) -> Sequence[str]:
    """What may stand between the cells, the likeliest first."""
    if file.book:
        return ","
    first = _first_lines(file)
    return _stated(first[0]) or wanted or _sniff(first)


def _first_lines(file: TextFile) -> list[str]:
    with file.open() as stream:
        lines = list(itertools.islice((line for line in stream if line.strip("\ufeff \t\r\n,;|")), HEADER_ROWS))
    if not lines:
        raise Refusal(Fault.FILE_EMPTY, path=str(file.name))
    return lines


def _first_rows(file: TextFile, delimiter: str) -> list[tuple[tuple[str, ...], int]]:
    """The first rows with text, each with the line that follows it."""
    found: list[tuple[tuple[str, ...], int]] = []
    with file.open() as stream:
        reader = _reader(stream, delimiter)
        try:
            for row in reader:
                cells = tuple(without_invisible(cell).strip() for cell in row)
                if any(cells) and not _is_separator_line(cells, delimiter):
                    found.append((cells, reader.line_num + 1))
                if len(found) == HEADER_ROWS:
                    break
        except csv.Error as error:
            if not found:
                raise _broken(file, reader.line_num) from error
    return found


def _stated(line: str) -> str | None:
    """The delimiter of Excel's first line `sep=;`."""
    text = without_invisible(line).strip('\r\n"')
    return text[4] if text.lower().startswith(_SEPARATOR_LINE) and len(text) >= 5 else None


def _is_separator_line(cells: tuple[str, ...], delimiter: str) -> bool:
    return cells[0].lower() in (_SEPARATOR_LINE, _SEPARATOR_LINE + delimiter) and not any(cells[1:])


def _sniff(lines: list[str]) -> Sequence[str]:
    """The delimiters by how often they stand in one of the first lines outside quotes; a comma when none does."""
    outside = ["".join(line.split('"')[::2]) for line in lines]
    counts = {mark: max(line.count(mark) for line in outside) for mark in DELIMITERS}
    return sorted((mark for mark in DELIMITERS if counts[mark]), key=lambda mark: -counts[mark]) or ","


def _reader(stream: IO[str], delimiter: str) -> "csv._reader":  # type: ignore[name-defined,unused-ignore]
    return csv.reader(stream, delimiter=delimiter)


def _broken(file: TextFile, line: int) -> Refusal:
    """A field larger than any cell, often an unclosed quote."""
    return Refusal(Fault.DAMAGED_TEXT, path=str(file.name), encoding=file.encoding, line=line, byte=None)


def batches(table: Table) -> Iterator[RowBatch]:
    """All rows below the header. Raises Refusal(DAMAGED_TEXT) for a field of more than 128 KB."""
    for rows, lines in _stretches(table):
        yield _sorted_out(table, rows, lines)


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
            line = last = table.start
            while rows := list(itertools.islice(reader, BATCH)):
                lines = _lines(rows, line, reader.line_num + 1)
                yield rows, lines
                line, last = reader.line_num + 1, lines[-1]
        except csv.Error as error:
            raise _broken(table.file, reader.line_num) from error
    if last < line - 1 and not table.from_book:
        _refuse_open_quote(table, last)


def _refuse_open_quote(table: Table, line: int) -> None:
    """Raises Refusal(OPEN_QUOTE) when the row that starts here is quoted to the file's end: it has swallowed rows."""
    with table.file.open() as stream:
        try:
            list(csv.reader(itertools.islice(stream, line - 1, None), delimiter=table.delimiter, strict=True))
        except csv.Error as error:
            if "end of data" in str(error):
                raise Refusal(Fault.OPEN_QUOTE, path=str(table.file.name), line=line) from error


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


def _sorted_out(table: Table, rows: list[list[str]], lines: Sequence[int]) -> RowBatch:
    width = len(table.header)
    if table.from_book:
        rows = [row + [""] * (width - len(row)) if len(row) < width else row[:width] for row in rows]
    again, marked = [list(head) for head in table.heads], ["\ufeff" + table.header[0], *table.header[1:]]
    plain = set(map(len, rows)) == {width} and not any(head in rows for head in again) and marked not in rows
    if plain and not any(row[0] in SUMS or not row[0] or (row[0][:1] in FIRST and is_foot(row)) for row in rows):
        return RowBatch(rows, lines)
    kept: list[int] = []
    batch = RowBatch([], kept)
    for line, row in zip(lines, rows, strict=True):
        _place(table, batch, kept, line, row)
    return batch


def _place(table: Table, batch: RowBatch, kept: list[int], line: int, row: list[str]) -> None:
    """Put one row where it belongs."""
    first = next((cell for cell in row if cell.strip()), "")
    if not first:
        batch.blank += 1
    elif first in SUMS and sum(bool(cell.strip()) for cell in row) < len(row):
        if SUMS[first]:
            batch.totals.append(row)
        else:
            batch.subtotals += 1
    elif is_foot(row):
        batch.feet.append(line)
    elif tuple(without_invisible(cell).strip() for cell in row) in table.heads:
        batch.headers += 1
    elif len(row) != len(table.header):
        batch.rejected.append(Rejected(line, "", Reason.CELLS, f"{len(row)}/{len(table.header)}"))
    else:
        batch.rows.append(row)
        kept.append(line)
