"""The rows of an old XLS sheet as texts. Runs in the child process of workbook_reading only."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crmkit.sources.xlsx import Hidden, NoSheetError, Sheet, number_text, zero_width

_SECONDS = 86_400
_FIRST = {0: date(1899, 12, 30), 1: date(1904, 1, 1)}


def open_sheet(path: Path, wanted: str | None) -> Sheet:
    """The sheet of this name, or the first one shown. Raises NoSheetError; anything else for a damaged file."""
    import xlrd

    book: Any = xlrd.open_workbook(str(path), logfile=io.StringIO(), formatting_info=True, on_demand=True)
    names = book.sheet_names()
    # without loading the sheets: on_demand keeps the visibility in the book
    shown = [name for name, state in zip(names, book._sheet_visibility, strict=True) if state == 0]
    name = wanted if wanted is not None else (shown or names)[0]
    if name not in names:
        raise NoSheetError(*names)
    sheet = book.sheet_by_name(name)
    hidden = Hidden(
        rows={row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden},
        columns={column + 1 for column, info in sheet.colinfo_map.items() if info.hidden},
        merged=len(sheet.merged_cells),
    )
    return Sheet("xls", names, shown, name, 1904 if book.datemode else 1900, hidden, _rows(book, sheet))


def _rows(book: Any, sheet: Any) -> Iterator[list[str]]:
    for row in range(sheet.nrows):
        yield [_text(book, sheet.cell(row, column)) for column in range(sheet.row_len(row))]


def _text(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return number_text(cell.value).zfill(_width(book, cell.xf_index))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _day_text(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#VALUE!"))
    return ""


def _width(book: Any, style: int) -> int:
    return zero_width(book.format_map[book.xf_list[style].format_key].format_str)


def _day_text(value: float, datemode: int) -> str:
    """A serial day: its whole part is the day, whatever the time of day rounds to."""
    days, seconds = int(value), int((value - int(value)) * _SECONDS)
    if not 0 < days < 2_958_466:
        return number_text(value)
    day = (_FIRST[datemode] + timedelta(days)).isoformat()
    return f"{day} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if seconds else day
