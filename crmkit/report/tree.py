"""A page as plain dicts and lists: what a template of HTML or PDF reads."""

from dataclasses import asdict
from typing import Any

from crmkit.report.axis import mark_words, marks
from crmkit.report.harmless import lines, one_line
from crmkit.report.page import Block, Chart, Drawing, Page, Road, Scatter, Table, said, shown, tone_of
from crmkit.report.typesetting import width_of
from crmkit.report.words import _

_UNBROKEN = 14  # codes, months, states and the like never stand on two lines: nobody reads 26 over 30 as a code
_LONG = 40  # a name of a shop
_WIDEST = 60  # a longer text gets no more room than this one


def as_tree(page: Page) -> dict[str, Any]:
    """The page as plain dicts of harmless texts, each block with its `kind`: what templates read."""
    return {
        "title": one_line(page.title),
        "subtitle": one_line(page.subtitle),
        "facts": [_clean(asdict(fact)) for fact in page.facts],
        "blocks": [_block(block) for block in page.blocks],
        "foot": one_line(page.foot),
        "head": one_line(page.head),
        "page_of": _("Page {page} of {pages}"),  # the format fills it: only it knows
    }


def _block(block: Block) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, Table):
        return {"kind": kind, **_table(block)}
    if isinstance(block, Chart | Scatter | Road):
        return drawing_tree(block)
    tree: dict[str, Any] = _clean(asdict(block))
    return {"kind": kind, **tree}


def drawing_tree(drawing: Drawing) -> dict[str, Any]:
    """A drawing with its kind, as the templates take it."""
    if isinstance(drawing, Chart):
        return {"kind": "chart", **chart_tree(drawing)}
    if isinstance(drawing, Road):
        spots = [{"label": one_line(label), "x": x, "y": y} for label, x, y in drawing.spots]
        return {"kind": "road", **_clean(asdict(drawing)), "spots": spots}
    return {
        "kind": "scatter",
        "title": one_line(drawing.title),
        "across": one_line(drawing.across),
        "up": one_line(drawing.up),
        "least": list(drawing.least),
        "cuts": [float(cut) for cut in drawing.cuts],
        "said": [said(cut) for cut in drawing.cuts],
        "fields": [one_line(field) for field in drawing.fields],
        "dots": [[float(x), float(y), count] for x, y, count in drawing.dots],
    }


def chart_tree(chart: Chart) -> dict[str, Any]:
    """A chart with each value as it is written and as a number to draw by; None where there is none."""
    bars = [
        {
            "label": one_line(bar.label),
            "above": one_line(bar.above),
            "value": None if bar.value is None else float(bar.value),
            "said": shown(bar.value),
            "hollow": bar.hollow,
        }
        for bar in chart.bars
    ]
    axis = marks([bar.value for bar in chart.bars if bar.value is not None])
    return {
        "title": one_line(chart.title),
        "bars": bars,
        "marks": [{"value": float(mark), "said": mark_words(mark)} for mark in axis],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": one_line(table.title),
        "empty": one_line(table.empty),
        "columns": [_column(table, place) for place in range(len(table.columns))],
        "rows": [[one_line(shown(cell)) for cell in row] for row in table.rows],
        "tones": [[tone_of(cell) for cell in row] for row in table.rows],
    }


def _column(table: Table, place: int) -> dict[str, Any]:
    """A column and how it sits on a page: `wide` is what its text may share of the room, 0 where nothing breaks."""
    column = table.columns[place]
    widest = max((width_of(one_line(shown(row[place]))) for row in table.rows), default=0)
    wide = 0 if column.kind == "number" or widest <= _UNBROKEN else min(widest, _WIDEST)
    kind = column.kind if column.kind == "number" else "short" if not wide else "long" if wide <= _LONG else "longer"
    return {"word": one_line(column.word), "kind": kind, "wide": wide}


def _clean(value: Any) -> Any:
    """Every text inside, harmless; line ends stay."""
    if isinstance(value, str):
        return "\n".join(lines(value))
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value
