"""HTML: one file, no scripts, nothing from a network, made to be printed in black and white."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from crmkit.report.book import Book
from crmkit.report.harmless import one_line
from crmkit.report.page import Chart, Page, Scatter
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
                    "page": as_tree(entry.page),
                    "drawing": _drawing(entry.page),
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


def _drawing(page: Page) -> Callable[[int], str]:
    """Draws the page's block of a number; loaded only where there is one to draw."""

    def draw(number: int) -> str:
        from crmkit.report.formats.pictures import inline_svg

        block = page.blocks[number]
        assert isinstance(block, Chart | Scatter)
        return inline_svg(block)

    return draw


def _css_counter(form: str) -> str:
    """ "Page {page} of {pages}" as CSS content with the two counters."""
    parts = re.split(r"\{(pages?)\}", form)
    return " ".join(f"counter({part})" if place % 2 else f'"{_css_string(part)}"' for place, part in enumerate(parts))


def _css_string(text: str) -> str:
    """A text inside the quotes of a CSS string: all but letters and digits as code points."""
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):06x}", text)
