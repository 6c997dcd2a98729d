"""Codes 编码 are text: zeros in front matter, width and case do not."""

import unicodedata

_INVISIBLE = dict.fromkeys([0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)])


def without_invisible(text: str) -> str:
    """Text without byte order marks, zero-width characters and direction marks (bad-input.md 69 and 225)."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def normal_code(text: str) -> str:
    """One spelling for one code: half width, upper case, no blanks around (bad-input.md 13)."""
    return unicodedata.normalize("NFKC", without_invisible(text)).strip().upper()
