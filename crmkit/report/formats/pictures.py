"""SVG and PNG of a page's charts, drawn by the engine that sets the PDF: letters as outlines, no font needed."""

from dataclasses import replace
from typing import Literal

from crmkit.model.errors import Fault, Refusal
from crmkit.report.formats.pdf import compiled
from crmkit.report.harmless import one_line
from crmkit.report.page import Drawing, Page
from crmkit.report.tree import drawing_tree
from crmkit.report.words import language

_NO_CHART = "table plain csv tsv json ndjson md html pdf"


def render_picture(page: Page, *, png: bool) -> bytes:
    """All charts of a page below its title. Raises Refusal(BAD_VALUE) for a page without a chart."""
    if not page.charts:
        raise Refusal(Fault.BAD_VALUE, option="--format", value="png" if png else "svg", expected=_NO_CHART)
    drawn = _drawn(page.charts, one_line(page.title), one_line(page.subtitle), "png" if png else "svg")
    return drawn if png else drawn + b"\n"


def inline_svg(chart: Drawing) -> str:
    """One chart to stand below its title in an HTML page: no script, no style, no reference to anything outside."""
    return _drawn((replace(chart, title=""),), "", "", "svg").decode("utf-8")


def _drawn(charts: tuple[Drawing, ...], title: str, subtitle: str, form: Literal["svg", "png"]) -> bytes:
    tree = {"title": title, "subtitle": subtitle, "lang": language(), "charts": [drawing_tree(one) for one in charts]}
    return compiled("picture.typ", tree, form)
