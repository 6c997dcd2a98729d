"""A file to import, opened: what it is, how it is read, and what one kind of it brought."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crmkit.model.importing import Counted, Kind, Notice, Rejected, Totals
from crmkit.sources import mapping as mappings
from crmkit.sources.decoding import examine
from crmkit.sources.delimited import Table, open_table
from crmkit.sources.layout import Layout, by_headers

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file whose columns are known."""

    path: Path
    table: Table
    layout: Layout
    map_sha256: str | None

    @property
    def lines(self) -> int:
        """How many lines will be read: once for each kind the file brings."""
        return self.table.file.lines * len(self.layout.kinds)


@dataclass(slots=True)
class Brought:
    """What one kind of one file brought."""

    counted: Counted = field(default_factory=Counted)
    rejected: list[Rejected] = field(default_factory=list)
    rows: int = 0
    skipped: int = 0
    orders: int = 0
    totals: Totals = field(default_factory=Totals)
    notices: list[tuple[Notice, str]] = field(default_factory=list)


def open_source(path: Path, map_file: Path | None, kinds: tuple[Kind, ...], encoding: str | None) -> Source:
    """Read a file through once and understand its header. Raises Refusal for what cannot be read."""
    mapping = mappings.read_mapping(map_file) if map_file else None
    file = examine(path, encoding or (mapping.encoding if mapping else None))
    table = open_table(file, mapping.delimiter if mapping else None)
    if mapping is None:
        return Source(path, table, by_headers(str(path), table.header, kinds), None)
    return Source(path, table, mappings.layout_for(mapping, table.header), mapping.sha256)
