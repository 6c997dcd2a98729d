"""A file to import, opened: what it is, how it is read, and what one kind of it brought."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from crmkit.model.consequence import Consequence
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import CellChange, Counted, Field, Kind, Notice, Rejected, Totals
from crmkit.model.operation import Act
from crmkit.model.ownfield import AnyField, OwnField
from crmkit.model.policy import Policy
from crmkit.sources import layout as layouts
from crmkit.sources import mapping as mappings
from crmkit.sources import savedmaps
from crmkit.sources.cells import DateOrder, Epoch
from crmkit.sources.decoding import TextFile, examine, kind_of
from crmkit.sources.delimited import Table, open_table
from crmkit.sources.headers import month_columns
from crmkit.sources.layout import Layout, times_of
from crmkit.sources.matrix import find_square, unfold
from crmkit.sources.reading import ColumnBatch
from crmkit.sources.rejects import HEADINGS
from crmkit.sources.serial_dates import serial_columns
from crmkit.sources.workbook import read_sheet
from crmkit.store import files
from crmkit.store.connection import Store

Progress = Callable[[int], None]
MOST_PIPED = 2 << 30  # bytes taken from a pipe (our default)
_CHUNK = 1 << 20
MAPS_FOLDER = "maps"  # beside the database: mappings that are found by the header they were saved for


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says about how files are read."""

    map_file: Path | None = None
    kinds: tuple[Kind, ...] = ()
    encoding: str | None = None
    sheets: tuple[str, ...] = ()
    order: DateOrder = "ymd"
    system: str | None = None  # of the coordinates, where the user names it
    visible_only: bool = False
    strict_columns: bool = False
    own: tuple[OwnField, ...] = ()  # fields a user added: columns of their names are read too


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file, or a sheet of one, whose columns are known."""

    path: Path
    table: Table
    layout: Layout
    mapping: mappings.Mapping | None = None
    reading: Reading = Reading()
    notices: tuple[tuple[Notice, str], ...] = ()

    @property
    def map_sha256(self) -> str | None:
        """What beside the file's bytes decides what is read: mapping, sheet, choices. None when nothing does."""
        book = self.table.file.book
        own = [column.field.name for column in self.layout.columns if isinstance(column.field, OwnField)]
        parts = [
            self.mapping.sha256 if self.mapping else "",
            book.sheet if book else "",
            "visible" if self.reading.visible_only else "",
            "\x1f".join(own),
            self.reading.order if self.reading.order != "ymd" else "",
            *([self.reading.system] if self.reading.system else []),
        ]
        if not any(parts[1:]):
            return parts[0] or None
        return sha256("\0".join(parts).encode()).hexdigest()

    @property
    def name(self) -> str:
        """The file as it is called, with the sheet of a workbook of several; broken bytes are replaced."""
        shown = os.fsencode(self.path).decode("utf-8", "replace")
        book = self.table.file.book
        return f"{shown} [{book.sheet}]" if book and book.others else shown

    @property
    def names_system(self) -> bool:
        """Did somebody say which system the coordinates are of?"""
        return bool(self.reading.system or (self.mapping and "system" in self.mapping.settings))

    @property
    def is_mended(self) -> bool:
        """Is it a file of refused rows, which holds but a part of each order?"""
        return self.table.header[: len(HEADINGS)] == HEADINGS

    @property
    def lines(self) -> int:
        """How many lines will be read: once for each kind the file brings."""
        return self.table.file.lines * len(self.layout.kinds)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user wants done beside taking rows."""

    clear_blanks: bool = False  # a blank cell of a column the file has wipes what is stored
    archive_missing: bool = False  # customers a full file does not hold are marked closed


@dataclass(frozen=True, slots=True)
class Run:
    """One source on its way into the store, inside a running operation."""

    store: Store
    op: int
    act: Act
    policy: Policy
    source: Source
    choices: Choices
    progress: Progress

    @property
    def today(self) -> date:
        return self.act.today


@dataclass(slots=True)
class Brought:
    """What one kind of one file brought."""

    counted: Counted = field(default_factory=Counted)
    rejected: list[Rejected] = field(default_factory=list)
    rows: int = 0
    skipped: int = 0
    orders: int = 0
    totals: Totals = field(default_factory=Totals)
    notices: list[tuple[Notice, str]] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)

    def count(self, batch: ColumnBatch) -> None:
        """Count the rows of a batch; those refused in reading are refused."""
        self.rejected += batch.rejected
        self.rows += len(batch.lines) + len(batch.rejected)
        self.skipped += batch.skipped


@dataclass(slots=True)
class Staging:
    """Private temporary files beside the database: never in a shared temp folder. Gone when the import ends."""

    beside: Path
    made: list[Path] = field(default_factory=list)

    def new(self) -> tuple[Path, BinaryIO]:
        path, stream = files.open_part(self.beside)
        self.made.append(path)
        return path, stream


@contextmanager
def staging(beside: Path) -> Iterator[Staging]:
    made = Staging(beside.resolve())
    try:
        yield made
    finally:
        for path in made.made:
            path.unlink(missing_ok=True)


def open_sources(stage: Staging, path: Path, reading: Reading) -> list[Source]:
    """Read a file through once and understand its header: one source, or one for each sheet that is understood.

    Raises Refusal for what cannot be read.
    """
    mapping = mappings.read_mapping(reading.map_file) if reading.map_file else None
    whole = _copied(stage, path) if _is_pipe(path) else path
    if kind_of(whole, path) not in ("xlsx", "xls"):
        if reading.sheets:
            raise Refusal(Fault.BAD_VALUE, option="--sheet", value=reading.sheets[0], expected="xlsx, xls")
        encoding = reading.encoding or (mapping.settings.get("encoding") if mapping else None)
        return [_source(stage, path, examine(whole, encoding, path), mapping, reading)]
    return _sheets(stage, path, whole, mapping, reading)


def _is_pipe(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def _copied(stage: Staging, path: Path) -> Path:
    """What comes by a pipe, in a bounded private file: it is read more than once."""
    copy, into = stage.new()
    left = MOST_PIPED
    try:
        with into, path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Refusal(Fault.WRONG_FILE_TYPE, path=str(path), found="endless pipe", expected="csv")
                into.write(chunk)
    except OSError as error:
        raise files.refusal_for(error, stage.beside) from error
    return copy


def _sheets(
    stage: Staging, path: Path, whole: Path, mapping: mappings.Mapping | None, reading: Reading
) -> list[Source]:
    """The sheets asked for; or the only one; or all shown ones whose header is understood."""
    named = reading.sheets or ((mapping.settings["sheet"],) if mapping and "sheet" in mapping.settings else ())
    if named:
        return [_source(stage, path, _sheet(stage, path, whole, name, reading)[0], mapping, reading) for name in named]
    first, shown = _sheet(stage, path, whole, None, reading)
    texts = [first, *(_sheet(stage, path, whole, name, reading)[0] for name in shown[1:])]
    found = []
    refusal: Refusal | None = None
    for text in texts:
        try:
            found.append(_source(stage, path, text, mapping, reading))
        except Refusal as error:
            if error.fault not in (Fault.NO_HEADER, Fault.BAD_MAPPING, Fault.FILE_EMPTY):
                raise
            if refusal is None or refusal.fault is Fault.FILE_EMPTY:
                refusal = error
    if not found:
        assert refusal is not None
        raise refusal
    return found


def _sheet(
    stage: Staging, path: Path, whole: Path, name: str | None, reading: Reading
) -> tuple[TextFile, tuple[str, ...]]:
    target, into = stage.new()
    with into:
        read = read_sheet(whole, path, target, into, name, visible_only=reading.visible_only)
    return read.text, read.shown


def _source(stage: Staging, path: Path, file: TextFile, mapping: mappings.Mapping | None, reading: Reading) -> Source:
    """The header found and understood: by the mapping given, one saved for this header, or the words themselves."""
    square = find_square(file) if mapping is None and (Kind.DISTANCES in reading.kinds or not reading.kinds) else None
    if square is not None:
        file = unfold(square, *stage.new())
    epoch: Epoch | None = None if file.book is None else 1904 if file.book.epoch == 1904 else 1900
    saved = None
    if mapping is None and not reading.kinds:
        saved = mapping = _saved_map(stage, file)
    if mapping is None:
        table = open_table(file, None, lambda header: layouts.understands(header, reading.kinds))
    else:
        known = mapping
        table = open_table(file, known.settings.get("delimiter"), lambda header: mappings.understands(known, header))
    layout = _layout(path, table, mapping, reading, epoch)
    serial = serial_columns(table, layout) if epoch is None else {}
    if serial:
        layout = layouts.with_serial(layout, _layout(path, table, mapping, reading, 1900), serial)
    layout = replace(layout, system=reading.system or layout.system)
    if reading.strict_columns and layout.ignored:
        raise Refusal(Fault.UNKNOWN_COLUMNS, path=str(path), columns=", ".join(layout.ignored)[:500])
    notices = [(Notice.SAVED_MAP, saved.path.name)] if saved else []
    notices += [(Notice.SERIAL_DATES, _serial_day(layout, field, first)) for field, first in serial.items()]
    notices += [(Notice.MATRIX, f"{len(square.codes)} × {len(square.codes)}")] if square else []
    return Source(path, table, layout, mapping, reading, (*notices, *_notices(table, layout)))


def _layout(
    path: Path, table: Table, mapping: mappings.Mapping | None, reading: Reading, epoch: Epoch | None
) -> Layout:
    """Which column is what, and how its cells are read."""
    if mapping is None:
        found = layouts.by_headers(str(path), table.header, reading.kinds, reading.order, epoch)
    else:
        found = mappings.layout_for(mapping, table.header, epoch)
    return layouts.with_own(found, table.header, reading.own, epoch)


def _serial_day(layout: Layout, field: AnyField, first: str) -> str:
    """日期: 45231 = 2023-11-01."""
    column = next(column for column in layout.columns if column.field is field)
    return f"{column.heading}: {first} = {column.read[first]}"


def _saved_map(stage: Staging, file: TextFile) -> mappings.Mapping | None:
    kept = savedmaps.kept(stage.beside.parent / MAPS_FOLDER)
    if not kept:
        return None
    table = open_table(file, None, lambda header: savedmaps.fingerprint(header) in kept)
    return kept.get(savedmaps.fingerprint(table.header))


def _notices(table: Table, layout: Layout) -> list[tuple[Notice, str]]:
    """What the file itself is like."""
    found = [(Notice.UNIT, heading) for heading in layout.units]
    found += [(Notice.STRANGE_UNIT, heading) for heading in layout.strange]
    if layout.ignored:
        found.append((Notice.COLUMNS_IGNORED, ", ".join(layout.ignored)[:500]))
    if months := month_columns(layout.ignored):
        found.append((Notice.MONTH_COLUMNS, f"{months[0]} … {months[-1]} ({len(months)})"))
    length = layout.heading(Field.WAY_LENGTH)
    if length and times_of(Field.WAY_LENGTH, length) is None:
        found.append((Notice.METRES_ASSUMED, length))
    if table.above:
        found.append((Notice.TITLE_ROWS, str(table.above)))
    if len(table.heads) > 1:
        found.append((Notice.JOINED_HEADER, ", ".join(column.heading for column in layout.columns)[:500]))
    book = table.file.book
    if book is not None:
        counts = (
            (Notice.HIDDEN_ROWS, book.hidden_rows),
            (Notice.HIDDEN_COLUMNS, book.hidden_columns),
            (Notice.MERGED_CELLS, book.merged - (len(table.heads) > 1)),
            (Notice.FILTERED, int(book.filtered)),
        )
        found += [(notice, str(count)) for notice, count in counts if count > 0]
        if book.others:
            found.append((Notice.SHEETS_LEFT, ", ".join(book.others)[:500]))
    return found
