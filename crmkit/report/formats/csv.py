"""CSV for spreadsheets: full values, no cell becomes a formula, and what was guarded can be read back."""

import csv
import io
import re

from crmkit.report.harmless import lines
from crmkit.report.page import Cell, Page, Table, said

_MARK = "\ufeff"
# what a spreadsheet would calculate, and what already looks guarded
_GUARDED = re.compile(r"\s*[=+\-@'\t\r\n＝＋－＠]")
_FIGURE = re.compile(r"[+-]?[\d,]+(\.\d+)?%?", re.ASCII)


def render_csv(page: Page, *, bom: bool = False) -> str:
    """The page's table under its words, "" for a page without one. `bom` tells Excel that it is UTF-8."""
    written = io.StringIO()
    if page.table:
        csv.writer(written, lineterminator="\n").writerows(guarded_rows(page.table))
    return (_MARK if bom else "") + written.getvalue()


def guarded_rows(table: Table) -> list[list[str]]:
    """Header and rows as text, texts guarded, numbers and dates as they are."""
    header = [_cell(column.word) for column in table.columns]
    kinds = [column.kind for column in table.columns]
    return [header, *([_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in table.rows)]


def guarded(text: str) -> str:
    """The text with one apostrophe before it where a spreadsheet would take it for a formula.

    A text that starts with an apostrophe gets one more: taking one leading apostrophe away always gives the
    text back.
    """
    return f"'{text}" if _GUARDED.match(text) else text


def _cell(cell: Cell, kind: str = "text") -> str:
    """A name like +1 is guarded; +24.10% of our own in a column of numbers is what a spreadsheet shall take it for."""
    text = "\n".join(lines(said(cell)))
    if kind == "number" and _FIGURE.fullmatch(text):
        return text
    return guarded(text) if isinstance(cell, str) or hasattr(cell, "word") else text
