"""Plain text for pipes: full values, no wrap, no colour, and no library to wait for."""

from collections.abc import Iterator

from crmkit.report.harmless import one_line
from crmkit.report.page import Column, Page, Table, said
from crmkit.report.typesetting import page_lines, width_of

_GAP = "  "


def render_plain(page: Page) -> str:
    """The whole page, however long its lines."""
    return "".join(f"{line.rstrip()}\n" for line in page_lines(page, _set, None))


def _set(table: Table) -> Iterator[str]:
    head = [one_line(column.word) for column in table.columns]
    rows = [head, *([one_line(said(cell)) for cell in row] for row in table.rows)]
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        parts = zip(table.columns, row, widths, strict=True)
        yield _GAP.join(_aligned(column, text, width) for column, text, width in parts)


def _aligned(column: Column, text: str, width: int) -> str:
    room = " " * (width - width_of(text))
    return room + text if column.kind == "number" else text + room
