"""Base data out of a file: distinct rows, joined by code, contradictions refused."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmkit.model.importing import CellChange, Field, Kind, Notice, Reason, Rejected
from crmkit.model.ownfield import AnyField
from crmkit.rules import importing as rules
from crmkit.sources.layout import Layout
from crmkit.sources.reading import read_columns
from crmkit.workflow.import_source import Brought, Run, Source

LISTED = 10
SHOWN_CHANGES = 200  # of each kind of each file
Row = tuple[Any, ...]
Why = tuple[AnyField, Reason, str]


@dataclass(slots=True)
class Gathered:
    """The rows of one kind: `merged` by code, cells in the order of `fields`; refusals by row or by code."""

    fields: tuple[AnyField, ...]
    merged: dict[str, Row] = field(default_factory=dict)
    refused_rows: dict[Row, Why] = field(default_factory=dict)
    refused_codes: dict[str, Why] = field(default_factory=dict)
    brought: Brought = field(default_factory=Brought)

    def cell(self, row: Row, wanted: AnyField) -> Any:
        return row[self.fields.index(wanted)] if wanted in self.fields else None

    def refuse(self, code: str, why: Why) -> None:
        """Refuse every row of a code."""
        self.refused_codes.setdefault(code, why)
        self.merged.pop(code, None)


def gather(run: Run, kind: Kind, check: Callable[[Gathered, Row], Why | None]) -> Gathered:
    """Read one kind of a file. `check` says why a row cannot be taken; of rows of one code the last cell counts."""
    source = run.source
    columns = source.layout.of_kind(kind)
    code, name = (
        (Field.CUSTOMER_CODE, Field.CUSTOMER_NAME)
        if kind is Kind.CUSTOMERS
        else (Field.PRODUCT_CODE, Field.PRODUCT_NAME)
    )
    found = Gathered((code, *(column.field for column in columns if column.field is not code)))
    distinct: dict[Row, None] = {}
    totals = subtotals = 0
    feet: list[int] = []
    for batch in read_columns(source.table, source.layout, kind):
        found.brought.count(batch)
        totals += len(batch.totals)
        subtotals += batch.subtotals
        feet += batch.feet
        distinct.update(dict.fromkeys(zip(*(batch.columns[f] for f in found.fields), strict=True)))
        run.progress(len(batch.lines))
    if totals + subtotals:
        found.brought.notices.append((Notice.SUBTOTALS, str(totals + subtotals)))
    if feet:
        found.brought.notices.append((Notice.FOOT_ROWS, line_list(feet)))
    for row in distinct:
        why = check(found, row)
        if why is not None:
            found.refused_rows[row] = why
    _join(found, [row for row in distinct if row not in found.refused_rows], source.layout)
    names = rules.two_names((row[0], found.cell(row, name)) for row in distinct)
    for key, both in names.items():
        found.refuse(key, (name, Reason.TWO_NAMES, " | ".join(both)))
    return found


def _join(found: Gathered, rows: list[Row], layout: Layout) -> None:
    differing, columns = 0, dict[str, None]()
    for row in rows:
        before = found.merged.get(row[0])
        if before is None:
            found.merged[row[0]] = row
        else:
            found.merged[row[0]] = tuple(b if a is None else a for a, b in zip(row, before, strict=True))
            triples = zip(found.fields, row, before, strict=True)
            other = [layout.heading(field) for field, a, b in triples if None not in (a, b) and a != b]
            differing += bool(other)
            columns.update(dict.fromkeys(other))
    if differing:
        found.brought.notices.append((Notice.LATER_ROW, f"{differing} ({', '.join(columns)})"))


def suspect(found: Gathered, known: Iterable[str], names: Mapping[str, str], name: Field) -> None:
    """Refuse codes that lost their zeros, and name codes that come with quite another name than before."""
    known = set(known)
    code = found.fields[0]
    for lost, twin in rules.padded_twins([key for key in found.merged if key not in known], known).items():
        found.refuse(lost, (code, Reason.LOST_ZEROS, f"{lost} ({twin}?)"))
    for whole, twin in rules.bare_twins([key for key in found.merged if key not in known], known).items():
        found.refuse(whole, (code, Reason.STORED_WITHOUT_ZEROS, f"{whole} ({twin})"))
    if name in found.fields:
        place = found.fields.index(name)
        pairs = [(key, names[key], row[place]) for key, row in found.merged.items() if key in names and row[place]]
        renamed = [f"{key}: {old} → {new}" for key, old, new in pairs if rules.quite_another(old, new)]
        if renamed:
            found.brought.notices.append((Notice.NEW_NAME, listed(renamed)))


def listed(items: Sequence[str]) -> str:
    """The first items, and how many there are."""
    more = f" … ({len(items)})" if len(items) > LISTED else ""
    return "; ".join(items[:LISTED]) + more


def line_list(lines: Sequence[int]) -> str:
    """How many lines, and the first of them."""
    return f"{len(lines)} ({', '.join(map(str, lines[:LISTED]))}{' …' if len(lines) > LISTED else ''})"


def changes_of(kind: Kind, cells: list[tuple[str, str, Any, Any]]) -> list[CellChange]:
    """The first cells that changed."""
    return [CellChange(kind, *cell) for cell in cells[:SHOWN_CHANGES]]


def finish(found: Gathered, source: Source, kind: Kind, known: Container[str]) -> Brought:
    """Name the lines of everything refused. Reads the file once more, only when something was."""
    twins = [" ".join(group) for group in rules.lookalikes(found.merged)]
    if twins:
        found.brought.notices.append((Notice.LOOKALIKE_CODES, "; ".join(twins[:10])))
    if found.refused_rows or found.refused_codes:
        found.brought.rejected += _refused_lines(found, source, kind)
    return found.brought


def _refused_lines(found: Gathered, source: Source, kind: Kind) -> Iterator[Rejected]:
    for batch in read_columns(source.table, source.layout, kind):
        rows = zip(*(batch.columns[f] for f in found.fields), strict=True)
        for line, row in zip(batch.lines, rows, strict=True):
            why = found.refused_rows.get(row) or found.refused_codes.get(row[0])
            if why is not None:
                yield Rejected(line, source.layout.heading(why[0]), why[1], why[2])
