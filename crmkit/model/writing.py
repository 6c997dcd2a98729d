"""Texts 文字 that people write of a visit: kept as written, without what no reader can see."""

import re
import unicodedata

_BLANK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # controls, escape sequences, line ends
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


def as_written(text: str) -> str:
    """One line in composed form (NFC) without control characters, direction marks and lone surrogates (bad-input.md
    225). Joiners stay: emoji are made of them.
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _BLANK.sub(" ", text))).strip()
