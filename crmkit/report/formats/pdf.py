"""PDF through typst: the font embedded, the text only data, the same page the same bytes."""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

from crmkit.report.page import Page
from crmkit.report.tree import as_tree
from crmkit.report.words import language

_TEMPLATES = Path(__file__).parent.parent / "templates"
_FONT_FILE = "NotoSansCJK-VF.otf.ttc"
_MISSING = "〓"  # the printer's mark for a sort he does not have
_INVISIBLE = {0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # joiners, variants


def render_pdf(page: Page) -> bytes:
    """The page on A4. A character the font does not have is printed as 〓; ask `missing_glyphs` for them."""
    return compiled("page.typ", _tree(page), "pdf")


def compiled(template: str, tree: dict[str, Any], form: Literal["pdf", "svg", "png"]) -> bytes:
    """A template of the package filled with a tree of texts, the font embedded; the same tree, the same bytes."""
    import typst

    made = typst.compile(
        _TEMPLATES / template,
        format=form,
        font_paths=[_font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"page": json.dumps(_printable(tree), ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def missing_glyphs(page: Page) -> tuple[str, ...]:
    """The characters of a page that the PDF cannot show, each as "U+1F600", in order."""
    known = _characters()
    text = unicodedata.normalize("NFC", json.dumps(_tree(page), ensure_ascii=False))
    missing = {ord(character) for character in text} - known
    return tuple(f"U+{point:04X}" for point in sorted(missing))


def _tree(page: Page) -> dict[str, Any]:
    return {**as_tree(page), "lang": language()}


def _printable(value: Any) -> Any:
    """Every text inside with only characters the font has."""
    if isinstance(value, str):
        return "".join(_shown(character) for character in unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list) else value


def _shown(character: str) -> str:
    point = ord(character)
    if point in _INVISIBLE:
        return ""
    return character if point in _characters() else _MISSING


def _font_folder() -> Path:
    import manimgx_fonts_cjk

    return Path(manimgx_fonts_cjk.__file__).parent


@cache
def _characters() -> frozenset[int]:
    """The code points the font shows, with the ones that need no glyph."""
    from fontTools.ttLib import TTFont

    with TTFont(_font_folder() / _FONT_FILE, fontNumber=2, lazy=True) as font:
        return frozenset(font.getBestCmap()) | _INVISIBLE | {0x0A}
