"""TSV for `cut` and `awk`: one record, one line; no quotes."""

from crmkit.report.formats.csv import guarded_rows
from crmkit.report.harmless import one_line
from crmkit.report.page import Page


def render_tsv(page: Page) -> str:
    """The page's table with its words as header; tabs and line ends inside a cell become a space."""
    rows = guarded_rows(page.table) if page.table else []
    return "".join("\t".join(map(one_line, row)) + "\n" for row in rows)
