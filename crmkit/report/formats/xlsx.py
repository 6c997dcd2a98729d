"""Dated visits for an office's wall: one sheet a week, a column a day, and behind them the plain list."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from crmkit.model.dated_visits import DatedVisit, DatedVisits
from crmkit.model.week import Week
from crmkit.report.harmless import one_line
from crmkit.report.terms import short_day, week_words, weekday, word
from crmkit.report.words import _
from crmkit.rules.capacity import on_road

_WIDE, _NARROW = 22, 6
_SHEET_NAME = 31  # characters Excel allows


def render_xlsx(dated: DatedVisits, rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook: the weeks of each manager as grids that fit one page across, then `rows`, header first.

    Every cell is text: nothing is calculated, no code loses its zeros.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    managers = {visit.identity.manager.code: visit.identity.manager for visit in dated.visits}
    for code, manager in sorted(managers.items()):
        mine = [v for v in dated.visits if v.identity.manager.code == code and not v.is_off]
        for week in sorted({Week.of(visit.day) for visit in mine}):
            name = f"{code} {week}" if len(managers) > 1 else str(week)
            title = f"{_('Visit plan')} · {manager.name} · {week_words(week)}"
            _grid(book.create_sheet(_sheet_name(name)), title, week, [v for v in mine if v.day in week])
    _list(book.create_sheet(_("All visits")), rows)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _sheet_name(name: str) -> str:
    return "".join("_" if one in r"[]:*?/\'" else one for one in name)[-_SHEET_NAME:]


def _grid(sheet: Any, title: str, week: Week, visits: list[DatedVisit]) -> None:
    """A column for each day from Monday to Friday, and for a weekend's day that has visits."""
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    held = {visit.day for visit in visits}
    days = [day for day in week.days if day.isoweekday() <= 5 or day in held]
    columns = [[_head(day, visits), *_column(day, visits)] for day in days]
    height = max(map(len, columns))
    _put(sheet, 1, 1, one_line(title)).font = Font(bold=True, size=14)
    line = Side(style="thin")
    for at, column in enumerate(columns, start=2):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDE
        for row in range(height):
            cell = _put(sheet, row + 2, at, column[row] if row < len(column) else "")
            cell.border = Border(line, line, line, line)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=row == 0)
    sheet.column_dimensions["A"].width = _NARROW
    for row in range(1, height):
        _put(sheet, row + 2, 1, str(row))
    _print_setup(sheet)


def _print_setup(sheet: Any) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"


def _head(day: date, visits: list[DatedVisit]) -> str:
    count = sum(visit.day == day for visit in visits)
    return f"{weekday(day)} {short_day(day)} ({count})"


def _column(day: date, visits: list[DatedVisit]) -> list[str]:
    return [_words(visit) for visit in visits if visit.day == day]


def _words(visit: DatedVisit) -> str:
    way = "" if on_road(visit.method) else f" ({word(visit.method)})"
    return f"{visit.short_code} {one_line(visit.customer.name)}{way}".strip()


def _list(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            _put(sheet, at, column, text)
    sheet.freeze_panes = "A2"


def _put(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row=row, column=column, value=text or None)
    cell.data_type = "s" if text else "n"
    return cell
