"""NDJSON: one record per line, without the envelope."""

import json

from crmkit.report.harmless import escaped_json
from crmkit.report.page import Page, envelope


def render_ndjson(page: Page) -> str:
    """The records of the page's table, each on a line; a page without a table is one line of its data."""
    records = page.table.records() if page.table else [envelope(page)["data"]]
    return "".join(_line(record) for record in records)


def _line(record: object) -> str:
    return escaped_json(json.dumps(record, ensure_ascii=False, allow_nan=False)) + "\n"
