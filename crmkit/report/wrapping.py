"""Our own words set in lines counted in terminal cells: a Chinese character takes two, and a line may end after it.

For text of unknown origin (names, notes) wcwidth counts in `typesetting`; help pages must not wait for it.
"""

from collections.abc import Iterator
from unicodedata import east_asian_width

_NEVER_FIRST = frozenset("，。、；：！？）】》」』”’…,.;:!?)]}%")
_NEVER_LAST = frozenset("（【《「『“‘([{")


def cells(text: str) -> int:
    """The cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def filled(text: str, width: int) -> str:
    """The text with spaces after it up to a width."""
    return text + " " * (width - cells(text))


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells; between Chinese characters too, never before 。 nor after （, nor in 5月."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and cells(line) + cells(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> Iterator[str]:
    """What must stay together: a word with the spaces after it, a Chinese character with its punctuation."""
    piece = ""
    for character in " ".join(text.split()):
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(left: str, right: str) -> bool:
    if right == " " or right in _NEVER_FIRST or left in _NEVER_LAST or (left.isdecimal() and right != " "):
        return False
    return left == " " or 2 in (_cells_of(left), _cells_of(right))


def _cells_of(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1
