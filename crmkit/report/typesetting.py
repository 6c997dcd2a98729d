"""A page as lines of text for eyes: aligned by the width of characters in cells, Chinese ones two."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, assert_never

from crmkit.report.harmless import lines, one_line
from crmkit.report.page import Block, Card, Chart, Fact, Facts, Heading, Page, Road, Scatter, Table, Text
from crmkit.report.words import _
from crmkit.report.wrapping import cells, wrap

Style = Literal["title", "heading", "quiet", "strong", "warning"]
Paint = Callable[[str, Style], str]
SetTable = Callable[[Table], Iterable[str]]

# letters, signs and hanzi that stand for themselves: no marks that join, no emoji made of several
_ORDINARY = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u25a0-\u25ff"
    "\u3000-\u3029\u3030-\u303e\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60\U00020000-\U0002fa1f]*"
)
_CARD_INDENT = 9
_GAP = 2
_BOX = "□"


def unpainted(text: str, _style: Style) -> str:
    """No colour."""
    return text


def width_of(text: str) -> int:
    """The cells of one harmless line. Ordinary text is counted here; wcwidth, slow to load, knows the rest."""
    if text.isascii():
        return len(text)
    if _ORDINARY.fullmatch(text):
        return cells(text)
    import wcwidth

    return wcwidth.width(text)


def wrapped(text: str, width: int | None) -> list[str]:
    """Harmless lines of at most so many cells; None: as long as they are."""
    if width is None:
        return lines(text) or [""]
    return [part for line in lines(text) for part in _broken(line, max(width, 2))] or [""]


def _broken(line: str, width: int) -> list[str]:
    if width_of(line) <= width:
        return [line]
    broken = wrap(line, width) if _ORDINARY.fullmatch(line) else []
    if broken and all(width_of(part) <= width for part in broken):
        return broken
    import wcwidth

    return wcwidth.wrap(line, width) or [""]


def padded(text: str, width: int) -> str:
    """The text filled up with spaces to so many cells."""
    return text + " " * (width - width_of(text))


def page_lines(page: Page, set_table: SetTable, width: int | None, paint: Paint = unpainted) -> Iterator[str]:
    """All lines of a page, without line ends. `set_table` sets the tables, `width` wraps all else."""
    for line in wrapped(page.title, width):
        yield paint(line, "title")
    for line in wrapped(page.subtitle, width) if page.subtitle else []:
        yield paint(line, "quiet")
    yield from fact_lines(page.facts, width, paint)
    for block in page.blocks:
        paper = (isinstance(block, Card) and block.paper_only) or isinstance(block, Scatter | Road)
        if paper or (isinstance(block, Chart) and width is None):
            continue  # room to write, and pictures, are nothing for a pipe
        yield ""
        yield from _block(block, set_table, width, paint)


def _block(block: Block, set_table: SetTable, width: int | None, paint: Paint) -> Iterator[str]:
    match block:
        case Heading(text):
            yield from (paint(line, "heading") for line in wrapped(text, width))
        case Text(text, "normal"):
            yield from wrapped(text, width)
        case Text(text, tone):
            style: Style = "quiet" if tone == "note" else "warning"
            yield from (paint(line, style) for line in wrapped(text, width))
        case Facts(facts):
            yield from fact_lines(facts, width, paint)
        case Table():
            yield from _table(block, set_table, width, paint)
        case Card():
            yield from _card(block, width, paint)
        case Chart():
            yield from _chart(block, width, paint)
        case Scatter() | Road():
            return  # dots need more room than letters give; the table beside them says as much
        case _:
            assert_never(block)


def _chart(chart: Chart, width: int | None, paint: Paint) -> Iterator[str]:
    from crmkit.report.terminal_charts import chart_lines

    yield from (paint(line, "heading") for line in wrapped(chart.title, width))
    yield from chart_lines(chart, width or 80)


def _table(table: Table, set_table: SetTable, width: int | None, paint: Paint) -> Iterator[str]:
    if table.title:
        yield from (paint(line, "heading") for line in wrapped(table.title, width))
    yield from set_table(table) if table.rows else wrapped(table.empty, width)


def fact_lines(facts: tuple[Fact, ...], width: int | None, paint: Paint) -> Iterator[str]:
    """Words on the left in one column, values beside them; below a word that would take half the line."""
    words = [one_line(fact.word) for fact in facts]
    widths = [width_of(word) for word in words]
    left = max((one for one in widths if width is None or one * 2 <= width), default=0) + 2
    for word, taken, fact in zip(words, widths, facts, strict=True):
        lines = wrapped(fact.value, width and width - left)
        if taken + 2 > left:
            yield from (paint(line, "quiet") for line in wrapped(word, width))
        else:
            yield paint(padded(word, left), "quiet") + lines.pop(0)
        yield from (" " * left + line for line in lines)


def _card(card: Card, width: int | None, paint: Paint) -> Iterator[str]:
    yield from _card_head(card, width, paint)
    inner = width and width - _CARD_INDENT
    indent = " " * _CARD_INDENT
    for text in card.lines:
        yield from (indent + paint(line, "quiet") for line in wrapped(text, inner))
    notes = (*card.notes, Fact(card.verify[0], _(", ").join(card.verify[1:]))) if card.verify else card.notes
    yield from (indent + line for line in fact_lines(notes, inner, paint))
    for task in card.tasks:
        head = f"{_BOX} {one_line(task.code)} " if task.code else f"{_BOX} "
        note = _(" ({note})").format(note=task.note) if task.note else ""
        first, *rest = wrapped(task.text + note, inner and inner - len(head) - 1)
        yield f"{indent}{head}{first}"
        yield from (indent + " " * len(head) + line for line in rest)


def _card_head(card: Card, width: int | None, paint: Paint) -> Iterator[str]:
    """Number, code and name on the left, mark and aside on the right while there is room for both."""
    head = one_line(f"{card.number:>3}  {card.code} ")
    title = one_line(card.title)
    aside = one_line(" · ".join(part for part in (card.mark, card.aside) if part))
    if width is None:
        yield f"{head}{title}  {aside}"
        return
    room = width - width_of(head) - width_of(aside) - _GAP
    if width_of(title) <= room:
        yield paint(head + padded(title, room), "strong") + " " * _GAP + aside
        return
    yield from (paint(line, "strong") for line in wrapped(head + title, width))
    yield from (" " * _CARD_INDENT + line for line in wrapped(aside, width - _CARD_INDENT) if line)
