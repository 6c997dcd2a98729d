"""HTML: one file, no scripts, nothing from a network, made to be printed in black and white."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkit.report.book import Book
from crmkit.report.harmless import one_line
from crmkit.report.page import Cell, Chart, Page, Road, Scatter, Table, coded
from crmkit.report.tree import as_tree
from crmkit.report.words import _, language

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent.parent / "templates"


def render_html(page: Page) -> str:
    """The whole page; every text escaped by the template engine, the running foot as a CSS string."""
    environment = _environment()
    environment.globals["drawing"] = _drawing(page)
    return environment.get_template("page.html").render(page=as_tree(page), lang=_lang()) + "\n"


def render_book(book: Book) -> str:
    """All pages in one file, the contents leading to each."""
    chapters = [
        {
            "anchor": chapter.anchor,
            "title": one_line(chapter.title),
            "entries": [
                {
                    "anchor": entry.anchor,
                    "title": one_line(entry.title),
                    "page": _with_links(entry.page, book.places),
                    "drawing": _drawing(entry.page, entry.anchor),
                }
                for entry in chapter.entries
            ],
        }
        for chapter in book.chapters
    ]
    tree = {
        "title": one_line(book.title),
        "subtitle": one_line(book.subtitle),
        "foot": one_line(book.foot),
        "page_of": _("Page {page} of {pages}"),
        "back": _("Contents"),
        "chapters": chapters,
    }
    return _environment().get_template("book.html").render(book=tree, lang=_lang()) + "\n"


def _with_links(page: Page, places: Mapping[str, str]) -> dict[str, Any]:
    """The page as a tree, each cell of a table with the anchor it leads to, or blank."""
    tree = as_tree(page)
    for block, branch in zip(page.blocks, tree["blocks"], strict=True):
        if isinstance(block, Table):
            keys = [column.key for column in block.columns]
            branch["links"] = [[_link(*pair, places) for pair in zip(keys, row, strict=True)] for row in block.rows]
    return tree


def _link(key: str, cell: Cell, places: Mapping[str, str]) -> str:
    """Where a cell of a column of customers, days or weeks leads to."""
    kind = key.partition("-")[0]
    return places.get(f"{kind}:{coded(cell)}", "") if kind in ("customer", "date", "week") else ""


def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["css"] = _css_string
    environment.filters["css_counter"] = _css_counter
    return environment


def _lang() -> str:
    return {"zh": "zh-CN", "en": "en"}[language()]


def _drawing(page: Page, anchor: str = "") -> Callable[[int], str]:
    """Draws the page's block of a number; loaded only where there is one to draw. In a book the ids within a drawing
    begin with the page's anchor: two drawings may hold the same figures.
    """

    def draw(number: int) -> str:
        from crmkit.report.formats.pictures import inline_svg

        block = page.blocks[number]
        assert isinstance(block, Chart | Scatter | Road)
        drawn = inline_svg(block)
        return re.sub(r'(\bid="|href="#)', rf"\g<1>{anchor}-{number}-", drawn) if anchor else drawn

    return draw


def _css_counter(form: str) -> str:
    """ "Page {page} of {pages}" as CSS content with the two counters."""
    parts = re.split(r"\{(pages?)\}", form)
    return " ".join(f"counter({part})" if place % 2 else f'"{_css_string(part)}"' for place, part in enumerate(parts))


def _css_string(text: str) -> str:
    """A text inside the quotes of a CSS string: all but letters and digits as code points."""
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):06x}", text)
