"""A page before it has a format: words for people in its blocks, codes for programs in its data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from crmkit import __version__
from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import _

Tone = Literal["", "good", "poor", "bad"]
Json = Any  # what json.dumps takes: None, bool, int, str, list, dict


@dataclass(frozen=True, slots=True)
class Term:
    """A code and its word: people read the word, programs the code. `tone` adds a colour to what the word says."""

    code: str
    word: str
    tone: Tone = ""


Cell = str | int | Decimal | date | Term | None  # bool is an int


def said(cell: Cell) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.word if isinstance(cell, Term) else str(cell)


def shown(cell: Cell) -> str:
    """A cell as eyes see it: thousands apart, and what is bad with a sign, for those who print in black and white."""
    if isinstance(cell, Decimal):
        return f"{cell:,f}"
    return f"! {said(cell)}" if tone_of(cell) == "bad" else said(cell)


def tone_of(cell: Cell) -> Tone:
    """The colour a cell asks for."""
    return cell.tone if isinstance(cell, Term) else ""


def coded(cell: Cell) -> Json:
    """A cell as programs read it: ISO dates, decimals as strings, codes instead of words."""
    if isinstance(cell, Term):
        return cell.code
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else cell


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; line ends in it are kept."""

    text: str
    tone: Literal["normal", "note", "warning"] = "normal"


@dataclass(frozen=True, slots=True)
class Fact:
    word: str
    value: str


@dataclass(frozen=True, slots=True)
class Facts:
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the name in JSON and for --fields, `word` the header; numbers stand right."""

    key: str
    word: str
    kind: Literal["text", "number"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, one per column. `empty` is said instead of a table without rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    empty: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has not as many cells as the table has columns")

    def records(self) -> list[dict[str, Json]]:
        """Each row as {key: code}."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, map(coded, row), strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, ticked off by hand and typed in by its code; a routine item has none."""

    text: str
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One shop of a sheet to carry: who it is, what to do there, room to write.

    `lines` are joined facts, most wanted first; `verify` the word and what is to be made sure of there; `went` the box
    of a visit made, `blanks` the short blanks beside it, `missed` the word and the boxes of one not made; `writing` the
    labels of the lines to write on. From `went` on all is for paper only.
    """

    number: str
    code: str
    title: str
    aside: str = ""
    mark: str = ""
    lines: tuple[str, ...] = ()
    notes: tuple[Fact, ...] = ()
    tasks: tuple[Task, ...] = ()
    verify: tuple[str, ...] = ()
    went: str = ""
    blanks: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()
    paper_only: bool = False  # nothing but room to write: left out where nobody can
    anchor: str = ""  # the place in a book that others lead to


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of a chart. `label` stands below it, `above` (a year) where a year begins; `hollow`: not over yet."""

    label: str
    above: str
    value: Decimal | None
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side, one measure: for eyes only. The same numbers stand in a table of the page for all others."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Scatter:
    """Dots over two measures up to 100, cut into four fields: for eyes only, as a chart is. `least` are the smallest
    values the two can have.

    `dots` are (x, y, how many); `fields` the words of the four: upper left, upper right, lower left, lower right.
    """

    title: str
    across: str
    up: str
    least: tuple[int, int]
    cuts: tuple[Decimal, Decimal]
    fields: tuple[str, str, str, str]
    dots: tuple[tuple[Decimal, Decimal, int], ...]


@dataclass(frozen=True, slots=True)
class Road:
    """A sketch of a day's road: for eyes only, as a chart is. `spots` are (label, x, y) in a frame `wide` and `tall`,
    y downwards; `way` places in `spots` in order; `scale` the word of a bar `bar` long; `beside` what has no place,
    below the word `apart`.
    """

    title: str
    spots: tuple[tuple[str, int, int], ...]
    way: tuple[int, ...]
    wide: int
    tall: int
    scale: str
    bar: int
    north: str
    apart: str = ""
    beside: tuple[str, ...] = ()


Drawing = Chart | Scatter | Road
Block = Heading | Text | Facts | Table | Card | Drawing


@dataclass(frozen=True, slots=True)
class Page:
    """One result, ready for every format.

    `schema` is "noun/1"; `data` what JSON carries (None: the records of the rows); `rows` the table that
    csv, tsv and ndjson print (None: the first table among the blocks); `foot` runs along the foot of each
    printed page, `head` along the head of each but the first; `messages` are what `text` sends, part by part.
    """

    title: str
    schema: str
    blocks: tuple[Block, ...] = ()
    subtitle: str = ""
    facts: tuple[Fact, ...] = ()
    generated_for: date | None = None
    data: Json = None
    rows: Table | None = None
    foot: str = ""
    head: str = ""
    messages: tuple[str, ...] = ()

    @property
    def charts(self) -> tuple[Drawing, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Chart | Scatter | Road))

    @property
    def table(self) -> Table | None:
        """The table a spreadsheet gets."""
        return self.rows or next((block for block in self.blocks if isinstance(block, Table)), None)


def envelope(page: Page) -> dict[str, Json]:
    """The one envelope of all JSON: named schema, version, day, data."""
    return {
        "schema": f"crmkit.{page.schema}",
        "crmkit": __version__,
        "generated_for": coded(page.generated_for),
        "data": _data(page),
    }


def _data(page: Page) -> Json:
    if page.data is not None:
        return page.data
    return page.table.records() if page.table else None


def with_fields(page: Page, keys: tuple[str, ...]) -> Page:
    """The page with only these columns of its table, in this order.

    Raises Refusal(BAD_VALUE) for a key the table does not have.
    """
    table = page.table
    known = [column.key for column in table.columns] if table else []
    for key in keys:
        if key not in known:
            raise Refusal(Fault.BAD_VALUE, option="--fields", value=key, expected=", ".join(known))
    if table is None:
        return page
    narrow = _narrowed(table, [known.index(key) for key in keys])
    blocks = tuple(narrow if block is table else block for block in page.blocks)
    data = _narrowed_data(page.data, keys)
    return replace(page, blocks=blocks, data=data, rows=narrow if page.rows else None)


def _narrowed(table: Table, places: list[int]) -> Table:
    columns = tuple(table.columns[place] for place in places)
    return replace(table, columns=columns, rows=tuple(tuple(row[place] for place in places) for row in table.rows))


def _narrowed_data(data: Json, keys: tuple[str, ...]) -> Json:
    """A list of records is narrowed; any other shape stays whole."""
    if isinstance(data, list) and all(isinstance(record, Mapping) for record in data):
        return [{key: record.get(key) for key in keys} for record in data]
    return data
