"""Rows → columns of values, in batches: column by column, so that the cost of a cell is one look into a dict.

A row with one bad cell is rejected whole, with the first reason; the other rows of the batch go on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from sys import intern
from typing import Any

from crmkit.model.importing import Field, Kind, Reason, Rejected
from crmkit.model.ownfield import AnyField, OwnField
from crmkit.sources.delimited import RowBatch, Table, batches
from crmkit.sources.layout import KNOWN_WORDS, WHOLE, Column, Layout

_SHOWN = 40
_SUMMED = frozenset({Field.VOLUME, Field.AMOUNT})
_PRIVATE = frozenset({Field.PHONE, Field.CONTACT, Field.ADDRESS, Field.CUSTOMER_NAME})


@dataclass(slots=True)
class ColumnBatch:
    """Accepted rows as columns: `columns[field][i]` belongs to the row on line `lines[i]`."""

    lines: Sequence[int]
    columns: dict[AnyField, list[Any]]
    rejected: list[Rejected]
    skipped: int  # blank rows, repeated headers, sums and rows that people sign
    totals: list[dict[AnyField, Any]] = field(default_factory=list)  # what the file itself says is the sum of a column
    subtotals: int = 0
    feet: list[int] = field(default_factory=list)  # lines that people sign


def read_columns(table: Table, layout: Layout, kind: Kind) -> Iterator[ColumnBatch]:
    """Read what a file says about one kind."""
    columns = layout.of_kind(kind)
    for rows in batches(table):
        batch = _converted(rows, columns)
        batch.totals = [_sums(row, columns) for row in rows.totals]
        batch.subtotals, batch.feet = rows.subtotals, rows.feet
        yield batch


def _sums(row: list[str], columns: tuple[Column, ...]) -> dict[AnyField, Any]:
    """The figures of a row that says 合计."""
    found: dict[AnyField, Any] = {}
    for column in columns:
        if column.field in _SUMMED and column.index is not None and column.index < len(row):
            value = column.read.read(row[column.index])
            if isinstance(value, int):
                found[column.field] = value
    return found


def _converted(batch: RowBatch, columns: tuple[Column, ...]) -> ColumnBatch:
    skipped = _left_out(batch)
    raw: list[tuple[str, ...]] = list(zip(*batch.rows, strict=True))
    if not raw:
        return ColumnBatch((), {column.field: [] for column in columns}, batch.rejected, skipped)
    lines, values = batch.lines, {}
    texts = {column.field: _texts(column, raw, len(lines)) for column in columns}
    for column in columns:
        values[column.field] = list(map(column.read.__getitem__, texts[column.field]))
    bad = [c for c in columns if c.read.bad and not c.read.bad.isdisjoint(texts[c.field])]
    if not bad:
        return ColumnBatch(lines, values, batch.rejected, skipped)
    return _without_bad(batch, texts, values, bad)


def _left_out(batch: RowBatch) -> int:
    return batch.blank + batch.headers + len(batch.totals) + batch.subtotals + len(batch.feet)


def _texts(column: Column, raw: list[tuple[str, ...]], count: int) -> Sequence[str]:
    if column.index is None:
        return [column.constant] * count
    texts = raw[column.index]
    if column.cut == WHOLE:
        return texts
    part = slice(*column.cut)
    least = abs(column.cut[0] or column.cut[1] or 0)
    return [text[part] if len(text) > least else "" for text in texts]


def _without_bad(
    batch: RowBatch, texts: dict[AnyField, Sequence[str]], values: dict[AnyField, list[Any]], bad: list[Column]
) -> ColumnBatch:
    good = [True] * len(batch.lines)
    rejected, skipped = list(batch.rejected), _left_out(batch)
    for column in bad:
        for index, value in enumerate(values[column.field]):
            if type(value) is not Reason or not good[index]:
                continue
            good[index] = False
            if any(cell.strip() for cell in batch.rows[index]):
                rejected.append(_reject(batch.lines[index], column, value, texts[column.field][index]))
            else:
                skipped += 1  # a row of delimiters only is a blank row
    kept = {field: list(compress(column_values, good)) for field, column_values in values.items()}
    return ColumnBatch(list(compress(batch.lines, good)), kept, rejected, skipped)


def _reject(line: int, column: Column, reason: Reason, text: str) -> Rejected:
    private = column.field in _PRIVATE or isinstance(column.field, OwnField)
    shown = "" if private else "".join(c for c in text.strip() if c.isprintable())[:_SHOWN]
    known = _known_words(column.field) if reason is Reason.UNKNOWN_WORD else None
    # a file may be wrong in half a million rows: the same text is kept once
    told = intern(f"{shown} ({known})".lstrip() if known else shown)
    mapped = column.field.value if known and isinstance(column.field, Field) else ""
    return Rejected(line, column.heading, reason, told, mapped)


def _known_words(field: AnyField) -> str | None:
    return " ".join(field.choices) if isinstance(field, OwnField) else KNOWN_WORDS.get(field)
