"""HTML: one file, no scripts, nothing from a network, made to be printed in black and white."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crmkit.report.harmless import lines, one_line
from crmkit.report.page import Block, Page, Table, said
from crmkit.report.words import _, language

_TEMPLATES = Path(__file__).parent.parent / "templates"


def render_html(page: Page) -> str:
    """The whole page; every text escaped by the template engine, the running foot as a CSS string."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["css"] = _css_string
    template = environment.get_template("page.html")
    return template.render(page=as_tree(page), lang={"zh": "zh-CN", "en": "en"}[language()]) + "\n"


def as_tree(page: Page) -> dict[str, Any]:
    """The page as plain dicts of harmless texts, each block with its `kind`: what templates read."""
    return {
        "title": one_line(page.title),
        "subtitle": one_line(page.subtitle),
        "facts": [_clean(asdict(fact)) for fact in page.facts],
        "blocks": [_block(block) for block in page.blocks],
        "foot": one_line(page.foot),
        "page_of": _("Page {page} of {pages}"),
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
    }


def _clean(value: Any) -> Any:
    """Every text inside, harmless; line ends stay."""
    if isinstance(value, str):
        return "\n".join(lines(value))
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value]


def _css_string(text: str) -> str:
    """A text inside the quotes of a CSS string: all but letters and digits as code points."""
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):06x}", text)
