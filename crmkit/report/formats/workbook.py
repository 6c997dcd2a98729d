"""A table as a workbook to fill in and print: all cells text, header repeated on each page, A4 across."""

import io
from collections.abc import Collection
from typing import Any

from crmkit.report.harmless import lines, one_line
from crmkit.report.page import Table, said
from crmkit.report.typesetting import width_of

_NARROWEST, _WIDEST = 6, 28  # characters of a column; longer texts wrap
_ROOM_TO_WRITE = 14
_NAME_LONGEST = 31  # characters Excel allows


def render_workbook(table: Table, title: str, to_fill: Collection[str]) -> bytes:
    """One sheet, the header in its first row. Nothing is calculated: a cell is text, also typed over (no code loses
    its zeros, 1-2 does not become a date). Columns in `to_fill` have a frame.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "".join("_" if one in r"[]:*?/\'" else one for one in one_line(title))[:_NAME_LONGEST]
    line = Side(style="thin")
    head = PatternFill("solid", fgColor="DDDDDD")
    for at, column in enumerate(table.columns, start=1):
        texts = [column.word, *("\n".join(lines(said(row[at - 1]))) for row in table.rows)]
        fills = column.key in to_fill
        for row, text in enumerate(texts, start=1):
            cell = sheet.cell(row=row, column=at, value=text or None)
            cell.data_type = "s" if text else "n"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=row == 1, size=10)
            if fills or row == 1:
                cell.border = Border(line, line, line, line)
            if row == 1 and not fills:
                cell.fill = head
        widest = max(width_of(part) for text in texts for part in text.split("\n")) + 2
        least = _ROOM_TO_WRITE if fills else _NARROWEST
        sheet.column_dimensions[get_column_letter(at)].width = min(max(widest, least), _WIDEST)
    sheet.freeze_panes = "D2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text = one_line(title).replace("&", "&&")
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
