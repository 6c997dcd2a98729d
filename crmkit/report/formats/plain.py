"""Plain text for pipes: full values, no wrap, no colour."""

from collections.abc import Iterator

from crmkit.report.harmless import one_line
from crmkit.report.page import Page, Table, said
from crmkit.report.typesetting import page_lines


def render_plain(page: Page) -> str:
    """The whole page, however long its lines."""
    return "".join(f"{line.rstrip()}\n" for line in page_lines(page, _set, None))


def _set(table: Table) -> Iterator[str]:
    from tabulate import tabulate

    yield from tabulate(
        [[one_line(said(cell)) for cell in row] for row in table.rows],
        headers=[one_line(column.word) for column in table.columns],
        tablefmt="plain",
        disable_numparse=True,
        colalign=["right" if column.kind == "number" else "left" for column in table.columns],
    ).splitlines()
