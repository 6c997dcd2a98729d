"""HTML: one file, no scripts, nothing from a network, made to be printed in black and white."""

import re
from collections.abc import Callable
from pathlib import Path

from crmkit.report.page import Chart, Page, Scatter
from crmkit.report.tree import as_tree
from crmkit.report.words import language

_TEMPLATES = Path(__file__).parent.parent / "templates"


def render_html(page: Page) -> str:
    """The whole page; every text escaped by the template engine, the running foot as a CSS string."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["css"] = _css_string
    environment.globals["drawing"] = _drawing(page)
    environment.filters["css_counter"] = _css_counter
    template = environment.get_template("page.html")
    return template.render(page=as_tree(page), lang={"zh": "zh-CN", "en": "en"}[language()]) + "\n"


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
