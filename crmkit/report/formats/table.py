"""Text for a terminal: fits its width, coloured only when the terminal wants it."""

import re
from collections.abc import Iterator

from crmkit.report.harmless import one_line
from crmkit.report.page import Column, Fact, Page, Table, Tone, shown, tone_of
from crmkit.report.typesetting import Paint, Style, fact_lines, page_lines, unpainted, wrapped

_GAP = 2
_NARROWEST = 8
_TONES: dict[Tone, str] = {"": "", "good": "green", "poor": "yellow", "bad": "red"}
_CODE = re.compile(r"[\w-]{1,20}", re.ASCII)  # what people copy: broken over two lines it is none any more
_STYLES: dict[Style, str] = {
    "title": "bold cyan",
    "heading": "bold",
    "quiet": "dim",
    "strong": "bold",
    "warning": "yellow",
}


def render_table(page: Page, *, width: int = 80, colour: bool = False) -> str:
    """The whole page in at most `width` cells; with colour through rich, else through tabulate."""
    paint = _painted if colour else unpainted

    def set_table(table: Table) -> Iterator[str]:
        return _set(table, width, colour, paint)

    return "".join(f"{line.rstrip()}\n" for line in page_lines(page, set_table, width, paint))


def _painted(text: str, style: Style) -> str:
    from rich.style import Style as RichStyle

    return RichStyle.parse(_STYLES[style]).render(text)


def _set(table: Table, width: int, colour: bool, paint: Paint) -> Iterator[str]:
    texts = [[one_line(shown(cell)) for cell in row] for row in table.rows]
    widths = fitting_widths(table, texts, width)
    if widths is None:
        return _as_records(table, texts, width, paint)
    narrow = [["\n".join(wrapped(text, size)) for text, size in zip(row, widths, strict=True)] for row in texts]
    heads = ["\n".join(wrapped(c.word, size)) for c, size in zip(table.columns, widths, strict=True)]
    return _with_rich(table, heads, narrow, width) if colour else _with_tabulate(table, heads, narrow)


def fitting_widths(table: Table, texts: list[list[str]], width: int) -> list[int] | None:
    """The cells each column gets: its own need, the widest text columns giving way first, those of codes last.

    None where even the narrowest columns do not fit: then each row is set as a list of facts.
    """
    import wcwidth

    columns = [[one_line(column.word), *(row[n] for row in texts)] for n, column in enumerate(table.columns)]
    widths = [max(1, *(wcwidth.width(text) for text in column)) for column in columns]
    room = width - _GAP * (len(widths) - 1)
    codes = {n for n, (_head, *cells) in enumerate(columns) if all(map(_CODE.fullmatch, filter(None, cells)))}
    while sum(widths) > room:
        yielding = [n for n, column in enumerate(table.columns) if _yields(column, widths[n])]
        yielding = [n for n in yielding if n not in codes] or yielding
        if not yielding:
            return None
        widest = max(yielding, key=lambda n: widths[n])
        widths[widest] -= 1
    return widths


def _yields(column: Column, width: int) -> bool:
    return column.kind == "text" and width > _NARROWEST


def _with_tabulate(table: Table, heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    """The header is set as a row: as a header tabulate would make each column two cells wider than asked."""
    import wcwidth
    from tabulate import tabulate

    aligned = ["right" if column.kind == "number" else "left" for column in table.columns]
    lines = tabulate([heads, *rows], tablefmt="plain", disable_numparse=True, colalign=aligned).splitlines()
    columns = zip(heads, *rows, strict=True)
    rule = ["-" * max(wcwidth.width(line) for cell in cells for line in cell.split("\n")) for cells in columns]
    height = max(head.count("\n") for head in heads) + 1
    yield from (*lines[:height], (" " * _GAP).join(rule), *lines[height:])


def _with_rich(table: Table, heads: list[str], rows: list[list[str]], width: int) -> Iterator[str]:
    """Cells go in as Text, never as markup."""
    import io

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text as RichText

    drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP, 0, 0), show_edge=False)
    for head, column in zip(heads, table.columns, strict=True):
        drawn.add_column(RichText(head), justify="right" if column.kind == "number" else "left")
    for row, cells in zip(rows, table.rows, strict=True):
        drawn.add_row(*(RichText(text, _TONES[tone_of(cell)]) for text, cell in zip(row, cells, strict=True)))
    written = io.StringIO()
    console = Console(
        file=written,
        force_terminal=True,
        color_system="standard",
        width=width,
        legacy_windows=False,
        _environ={},
    )
    console.print(drawn)
    yield from written.getvalue().splitlines()


def _as_records(table: Table, texts: list[list[str]], width: int, paint: Paint) -> Iterator[str]:
    for number, row in enumerate(texts):
        if number:
            yield ""
        facts = tuple(Fact(c.word, text) for c, text in zip(table.columns, row, strict=True) if text)
        yield from fact_lines(facts, width, paint)
