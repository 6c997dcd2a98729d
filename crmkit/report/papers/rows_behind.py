"""The imported rows behind a figure, at the foot of every page that answers "why"."""

from typing import Any

from crmkit.model.provenance import Behind
from crmkit.report.figurewords import cartons, money
from crmkit.report.page import Block, Column, Table, Text, coded
from crmkit.report.words import _


def rows_behind(spans: tuple[Behind, ...]) -> list[Block]:
    """Which imports brought the rows of each span; below, the rows themselves where they were asked for."""
    columns = (
        Column("from", _("First day")),
        Column("to", _("Last day")),
        Column("batch", _("Batch"), "number"),
        Column("file", _("File")),
        Column("orders", _("Orders"), "number"),
        Column("lines", _("Lines"), "number"),
        Column("volume", _("Volume"), "number"),
        Column("amount", _("Amount"), "number"),
    )
    rows = tuple(
        (span.first.isoformat(), span.last.isoformat(), one.batch, one.file, one.orders, one.lines,
         cartons(one.volume), money(one.amount))
        for span in spans
        for one in span.sources
    )  # fmt: skip
    table = Table(columns, rows, title=_("Imported rows behind it"), empty=_("No row of the file is behind it."))
    return [table, *(block for span in spans for block in _lines(span))]


def _lines(span: Behind) -> list[Block]:
    if not span.rows:
        return []
    columns = (
        Column("day", _("Date")),
        Column("customer", _("Code")),
        Column("number", _("Order")),
        Column("no", _("Line"), "number"),
        Column("product", _("Product")),
        Column("volume", _("Volume"), "number"),
        Column("amount", _("Amount"), "number"),
        Column("batch", _("Batch"), "number"),
    )
    rows = tuple(
        (one.day.isoformat(), one.customer, one.number, one.no, one.product, cartons(one.volume), money(one.amount),
         one.batch)
        for one in span.rows
    )  # fmt: skip
    title = _("Order lines from {first} to {last}").format(first=span.first, last=span.last)
    shown = _("{shown} of {all} lines; --rows N shows more.").format(shown=len(span.rows), all=span.lines)
    return [Table(columns, rows, title=title), *([Text(shown, "note")] if len(span.rows) < span.lines else [])]


def behind_data(spans: tuple[Behind, ...]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "first": coded(span.first),
            "last": coded(span.last),
            "sources": [
                {
                    "batch": one.batch, "file": one.file, "orders": one.orders, "lines": one.lines,
                    "volume": coded(cartons(one.volume)), "amount": coded(money(one.amount)),
                }
                for one in span.sources
            ],
            "rows": [
                {
                    "day": coded(one.day), "customer": one.customer, "number": one.number, "no": one.no,
                    "product": one.product, "volume": coded(cartons(one.volume)), "amount": coded(money(one.amount)),
                    "batch": one.batch,
                }
                for one in span.rows
            ],
        }
        for span in spans
    ]  # fmt: skip
