"""One page, one file per format, one switch."""

from enum import StrEnum
from pathlib import PurePath
from typing import assert_never

from crmkit.model.errors import Fault, Refusal
from crmkit.report.page import Page


class Format(StrEnum):
    """What --format takes."""

    TABLE = "table"
    PLAIN = "plain"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    NDJSON = "ndjson"
    MD = "md"
    HTML = "html"
    PDF = "pdf"
    SVG = "svg"
    PNG = "png"
    TEXT = "text"  # messages for a messenger


_SUFFIXES = {".txt": Format.PLAIN, ".jsonl": Format.NDJSON, ".htm": Format.HTML, ".markdown": Format.MD}
_SUFFIXES |= {f".{form}": form for form in Format if form not in (Format.TABLE, Format.PLAIN, Format.TEXT)}


def format_of(path: PurePath) -> Format:
    """The format a file's suffix asks for. Raises Refusal(BAD_VALUE) for a suffix that names none."""
    found = _SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise Refusal(Fault.BAD_VALUE, option="--output", value=path.name, expected=" ".join(sorted(_SUFFIXES)))
    return found


def render(  # noqa: PLR0911, C901 - one return per format is the point
    page: Page, form: Format, *, width: int = 80, colour: bool = False, to_file: bool = False
) -> str | bytes:
    """The page in a format: text ending in a line end, or the bytes of a PDF or PNG.

    `width` and `colour` serve `table` only; `to_file` gives csv the mark by which Excel knows UTF-8. Same
    page, same result. Heavy libraries load in the branch that uses them.
    """
    match form:
        case Format.TABLE:
            from crmkit.report.formats.table import render_table

            return render_table(page, width=width, colour=colour)
        case Format.PLAIN:
            from crmkit.report.formats.plain import render_plain

            return render_plain(page)
        case Format.CSV:
            from crmkit.report.formats.csv import render_csv

            return render_csv(page, bom=to_file)
        case Format.TSV:
            from crmkit.report.formats.tsv import render_tsv

            return render_tsv(page)
        case Format.JSON:
            from crmkit.report.formats.json import render_json

            return render_json(page)
        case Format.NDJSON:
            from crmkit.report.formats.ndjson import render_ndjson

            return render_ndjson(page)
        case Format.MD:
            from crmkit.report.formats.md import render_md

            return render_md(page)
        case Format.HTML:
            from crmkit.report.formats.html import render_html

            return render_html(page)
        case Format.PDF:
            from crmkit.report.formats.pdf import render_pdf

            return render_pdf(page)
        case Format.SVG | Format.PNG:
            from crmkit.report.formats.pictures import render_picture

            return render_picture(page, png=form is Format.PNG)
        case Format.TEXT:
            from crmkit.report.formats.text import render_text

            return render_text(page)
    assert_never(form)


def encoded(rendered: str | bytes) -> bytes:
    """What goes into a file: text as UTF-8; a file's name may hold bytes that are none."""
    return rendered.encode("utf-8", "replace") if isinstance(rendered, str) else rendered
