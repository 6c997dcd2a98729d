"""Text of unknown origin made harmless for a reader's screen or paper.

Control characters, escape sequences, direction overrides and lone surrogates become `�`, so that one
sees that something stood there; what they would have done does not happen.
"""

import re

_REPLACEMENT = "\ufffd"
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# C0, DEL, C1; marks, embeddings, overrides and isolates of direction; zero width space and joiner
# of words; byte order mark; surrogates that no encoding can write
_UNSAFE = r"\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff"
_HARMFUL = re.compile(f"[{_UNSAFE}]")
_ESCAPED_IN_JSON = re.compile(f"[{_UNSAFE}\u2028\u2029]")


def one_line(text: str) -> str:
    """The text on one line, harmless."""
    return _HARMFUL.sub(_REPLACEMENT, _SPACES.sub(" ", text))


def lines(text: str) -> list[str]:
    """The lines of a longer text, each harmless."""
    return [one_line(line) for line in text.splitlines()]


def escaped_json(text: str) -> str:
    """JSON text with its harmful characters as \\uXXXX: the value stays exact. Line ends of ours stay."""
    return _ESCAPED_IN_JSON.sub(lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    return character if character == "\n" else f"\\u{ord(character):04x}"
