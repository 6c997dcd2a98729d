"""The rows of an XLSX sheet as texts. Runs in the child process of workbook_reading only."""

import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.handler import ContentHandler

UNCALCULATED = "#FORMULA!"  # a formula whose file holds no result
MOST_ROWS = 1_048_576
_LARGEST_EXACT = 10**15  # Excel keeps 15 digits
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_ZEROS = re.compile(r"0{2,}")


class NoSheetError(Exception):
    """No sheet of this name; the arguments are the names there are."""


@dataclass(slots=True)
class Hidden:
    """What the eye does not see of a sheet, and what joins cells."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    merged: int = 0
    filtered: bool = False
    uncalculated: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True)
class Sheet:
    """A sheet of a book, ready to be read once. Rows and columns count from 1."""

    format: str
    names: list[str]
    shown: list[str]
    name: str
    epoch: int
    hidden: Hidden
    rows: Iterator[list[str]]


def open_sheet(path: Path, wanted: str | None) -> Sheet:
    """The sheet of this name, or the first one shown. Raises NoSheetError; anything else for a damaged file."""
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    warnings.simplefilter("ignore")
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheets: dict[str, Any] = {sheet.title: sheet for sheet in book.worksheets}
    shown = [name for name, sheet in sheets.items() if sheet.sheet_state == "visible"]
    name = wanted if wanted is not None else (shown or list(sheets))[0]
    if name not in sheets:
        raise NoSheetError(*sheets)
    sheet = sheets[name]
    hidden = _scan(path, sheet._worksheet_path)
    sheet.reset_dimensions()
    epoch = 1904 if book.epoch == CALENDAR_MAC_1904 else 1900
    return Sheet("xlsx", list(sheets), shown, name, epoch, hidden, _rows(sheet, hidden))


def _rows(sheet: Any, hidden: Hidden) -> Iterator[list[str]]:
    zeros: dict[int, int] = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > MOST_ROWS:
            raise ValueError("rows")
        texts = [_text(cell, zeros) for cell in row]
        if hidden.uncalculated:
            for column in range(len(texts)):
                if (number, column + 1) in hidden.uncalculated:
                    texts[column] = UNCALCULATED
        yield texts


def _text(cell: Any, zeros: dict[int, int]) -> str:
    value = cell.value
    if value is None:
        return ""
    if type(value) is str:
        return value
    if type(value) is int or type(value) is float:
        text = number_text(value)
        return text.zfill(_width(cell, zeros)) if type(value) is int and value >= 0 else text
    return other_text(value)


def _width(cell: Any, zeros: dict[int, int]) -> int:
    """How many digits the cell's format shows: 00000 shows 123 as 00123."""
    style: int = cell._style_id  # its format is looked up once: asking the cell costs more than reading it
    if style not in zeros:
        zeros[style] = zero_width(cell.number_format)
    return zeros[style]


def zero_width(number_format: str) -> int:
    return len(number_format) if _ZEROS.fullmatch(number_format) else 0


def number_text(value: float) -> str:
    """A number as Excel shows it: 15 digits, no .0; beyond that its digits are lost and it says so (1.23E+18)."""
    if abs(value) >= _LARGEST_EXACT or math.isnan(value):
        return f"{value:.15G}" if type(value) is float else f"{Decimal(value):.14E}"
    if type(value) is int:
        return str(value)
    if value == int(value):
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"


def other_text(value: object) -> str:
    """Dates as ISO text, with the time of day when there is one; TRUE and FALSE."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


class _Scan(ContentHandler):
    """Hidden rows and columns, merged cells, filters and formulas without a result."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Hidden()
        self.row = 0
        self.in_value = False
        self.last = 0  # column
        self.cell: tuple[int, int] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name xml.sax gives it
        name = name.rpartition(":")[2]
        self.in_value = name in ("v", "t")
        if name == "row":
            row = int(attrs.get("r", self.row + 1))
            if row <= self.row:
                raise ValueError("rows out of order")  # openpyxl would leave them out
            self.row = row
            if attrs.get("hidden") in ("1", "true"):
                self.found.rows.add(self.row)
            self.last = 0
        elif name == "c":
            self.cell = None
            self._at(attrs.get("r"))
        elif name == "f":
            self.cell = self.row, self.last
        elif name == "mergeCell":
            self.found.merged += 1
        elif name == "autoFilter":
            self.found.filtered = True
        elif name == "col" and attrs.get("hidden") in ("1", "true"):
            self.found.columns.update(range(int(attrs["min"]), min(int(attrs["max"]), 16_384) + 1))

    def _at(self, reference: str | None) -> None:
        """A cell of another row, or left of the last one, is one that openpyxl would put over another."""
        place = _place(reference) if reference else (self.row, self.last + 1)
        if place is None or place[0] != self.row or place[1] <= self.last:
            raise ValueError("cells out of place")
        self.last = place[1]

    def characters(self, content: str) -> None:
        if self.in_value and content.strip():
            self.cell = None  # the formula's result is there

    def endElement(self, name: str) -> None:  # noqa: N802 - the name xml.sax gives it
        self.in_value = False
        if self.cell is not None and name.rpartition(":")[2] == "c":
            self.found.uncalculated.add(self.cell)
            self.cell = None


def _place(reference: str) -> tuple[int, int] | None:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _scan(path: Path, sheet_path: str) -> Hidden:
    """A first pass over the sheet's XML; no entity or DTD passes it, so none reaches openpyxl's own parser."""
    import zipfile

    import defusedxml.sax

    handler = _Scan()
    with zipfile.ZipFile(path) as archive:
        if "xl/sharedStrings.xml" in archive.namelist():
            with archive.open("xl/sharedStrings.xml") as stream:
                defusedxml.sax.parse(stream, ContentHandler(), forbid_dtd=True)
        with archive.open(sheet_path.lstrip("/")) as stream:
            defusedxml.sax.parse(stream, handler, forbid_dtd=True)
    return handler.found
