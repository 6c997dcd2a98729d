"""A page as plain dicts and lists: what a template of HTML or PDF reads."""

from dataclasses import asdict
from typing import Any

from crmkit.report.harmless import lines, one_line
from crmkit.report.page import Block, Page, Table, said, tone_of
from crmkit.report.words import _


def as_tree(page: Page) -> dict[str, Any]:
    """The page as plain dicts of harmless texts, each block with its `kind`: what templates read."""
    return {
        "title": one_line(page.title),
        "subtitle": one_line(page.subtitle),
        "facts": [_clean(asdict(fact)) for fact in page.facts],
        "blocks": [_block(block) for block in page.blocks],
        "foot": one_line(page.foot),
        "page_of": _("Page {page} of {pages}"),  # the format fills it: only it knows
    }


def _block(block: Block) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, Table):
        return {"kind": kind, **_table(block)}
    tree: dict[str, Any] = _clean(asdict(block))
    return {"kind": kind, **tree}


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": one_line(table.title),
        "empty": one_line(table.empty),
        "columns": [{"word": one_line(column.word), "kind": column.kind} for column in table.columns],
        "rows": [[one_line(said(cell)) for cell in row] for row in table.rows],
        "tones": [[tone_of(cell) for cell in row] for row in table.rows],
    }


def _clean(value: Any) -> Any:
    """Every text inside, harmless; line ends stay."""
    if isinstance(value, str):
        return "\n".join(lines(value))
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value
