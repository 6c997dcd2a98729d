"""The evening's lines read: one shop a line, its code first, then ★ ✗ ● and text; or pasted from a messenger.

`K7M ★ 补货2条; P3X ✗关门; +张记烟酒 ●送宣传册`. A line without a shop in front goes on with the shop before it.
"""

import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import EveningText, Mark, Piece, ShopLine
from crmkit.sources.messenger import messenger_lines
from crmkit.sources.visitwords import METHODS, MISSES

IsShop = Callable[[str], bool]
Code = TypeVar("Code", bound=StrEnum)

_LONGEST = 1_000_000  # bytes: some hundred days' lines
_BREAK = r"(?=$|[\s;,.。、!?:★☆✓✔√●•✗✘╳❌×])"
_AFTER = r"(?:^|(?<=[\s;,.。、!?:]))"  # where a word of ours may begin
_HEAD = re.compile(r"\s*(?:\d{1,2}[.、)]\s*)?([0-9a-z]{3})(-\d{1,2}(?:[,、]\d{1,2})*)?(?![0-9a-z.%-])")
_EXTRA = re.compile(r"\s*\+\s*([^\s;,:★☆✓✔√●•✗✘❌]+)")
_SHEET = re.compile(r"\s*(?:sheet|表号|单号)?\s*#\s*([0-9a-z]+)\s*$")
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_PARTS = re.compile(
    rf"""(?P<done>[★☆✓✔√]|{_AFTER}(?:\*|(?:已?完成|done)(?=$|[\s;,。、\d*全]|all)))
           [ ]?(?P<which>(?:全部|全|all|\d(?:[,、]?\d)*){_BREAK})?
        |(?P<missed>[✗✘╳❌]|{_AFTER}[x×](?![0-9a-z]))
        |(?P<item>[●•]|{_AFTER}\+)
        |{_AFTER}(?P<label>市场异常信息|市场异常|异常|异|客户意见建议|客户意见|意见|意|拜访效果|效果|效|承诺|诺
           |anomaly|opinion|effect|promise)\s*:
        |{_AFTER}(?P<arrived>{_CLOCK})\s*[-~—–至到]+\s*(?P<left>{_CLOCK}){_BREAK}
        |{_AFTER}到店?\s*(?P<only_arrived>{_CLOCK}){_BREAK}
        |{_AFTER}离店?\s*(?P<only_left>{_CLOCK}){_BREAK}""",
    re.VERBOSE,
)
_LABELS = {
    "异": Mark.ANOMALY, "市": Mark.ANOMALY, "a": Mark.ANOMALY,
    "意": Mark.OPINION, "客": Mark.OPINION, "o": Mark.OPINION,
    "效": Mark.EFFECT, "拜": Mark.EFFECT, "e": Mark.EFFECT,
    "诺": Mark.PROMISE, "承": Mark.PROMISE, "p": Mark.PROMISE,
}  # fmt: skip
_SPEAKER = re.compile(r"\s*\S.{0,19}?:\s*(?=\S)")
_SEPARATORS = " \t;,.。、!?:；，：！？．　"


def read_evening(text: str, is_shop: IsShop) -> EveningText:
    """What the lines say. `is_shop` tells whether a word of three letters is, or nearly is, the code of a shop:
    a digit or a capital in it makes it one anyhow, so that a slip of the hand is never taken for text.
    """
    reading = _Reading(is_shop)
    lines = text.splitlines()
    skipped = messenger_lines(lines, reading.starts_shop)
    for place, line in enumerate(lines):
        if line.strip() and place not in skipped:
            reading.take(place + 1, line)
    passed = tuple((place + 1, lines[place].strip()) for place in sorted(skipped))
    return EveningText(tuple(reading.shops), tuple(reading.sheets), tuple(reading.lost), passed)


def decoded(raw: bytes, name: str) -> str:
    """The lines of a file or a pipe: UTF-8, UTF-16 with its mark, else GB18030. Raises Refusal: WRONG_FILE_TYPE."""
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if len(raw) > _LONGEST or (encoding == "utf-16" and not raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))):
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    found = "binary" if len(raw) <= _LONGEST else f"> {_LONGEST // 1000} kB"
    raise Refusal(Fault.WRONG_FILE_TYPE, path=name, found=found, expected="text")


def plain(text: str) -> str:
    """The same text as many characters long, full width and capitals taken away: what words are looked for in."""
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


@dataclass
class _Reading:
    is_shop: IsShop
    shops: list[ShopLine] = field(default_factory=list)
    sheets: list[tuple[int, str]] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """One line: a sheet's code, or what is said of shops."""
        if sheet := _SHEET.match(plain(line)):
            self.sheets.append((number, sheet[1].upper()))
            return
        line = self._without_speaker(line)
        if self.starts_shop(line):
            for part in self._parts(line):
                self._take_shop(number, part)
        elif self.shops:
            self._go_on(number, line)
        else:
            self.lost.append((number, line.strip()))

    def _without_speaker(self, line: str) -> str:
        """张伟: K7M ★ without the speaker in front."""
        speaker = _SPEAKER.match(plain(line))
        if speaker and not self.starts_shop(line) and self.starts_shop(line[speaker.end() :]):
            return line[speaker.end() :]
        return line

    def starts_shop(self, text: str) -> bool:
        """Does a shop's code, or + and a name, stand in front?"""
        return bool(_EXTRA.match(plain(text))) or self._head(text) is not None

    def _head(self, text: str) -> "re.Match[str] | None":
        """The code in front; a word of small letters, or a number, only where it is a shop's or nearly so."""
        found = _HEAD.match(plain(text))
        if found is None:
            return None
        word = text[found.start(1) : found.end(1)]
        mixed = any(c.isdigit() for c in word) and not word.isdigit()
        certain = mixed or (word.isupper() and not word.isdigit()) or found[2] is not None
        return found if certain or self.is_shop(found[1].upper()) else None

    def _parts(self, line: str) -> Iterator[str]:
        """A line cut at each semicolon behind which a shop begins."""
        start = 0
        for place in re.finditer(";", plain(line)):
            if self.starts_shop(line[place.end() :]):
                yield line[start : place.start()]
                start = place.end()
        yield line[start:]

    def _take_shop(self, number: int, part: str) -> None:
        extra = _EXTRA.match(plain(part))
        if extra:
            shop, rest = part[extra.start(1) : extra.end(1)], part[extra.end() :]
            self.shops.append(ShopLine(number, shop, True, tuple(_pieces(rest))))
            return
        found = self._head(part)
        assert found is not None, "the line was cut where a shop begins"
        marked = (Piece(Mark.DONE, code=_which(found[2][1:])),) if found[2] else ()
        pieces = tuple(_pieces(part[found.end() :]))
        if marked:  # K7M-2 ★: the star repeats the digit
            pieces = tuple(piece for piece in pieces if piece != Piece(Mark.DONE))
        self.shops.append(ShopLine(number, found[1].upper(), False, (*marked, *pieces)))

    def _go_on(self, number: int, line: str) -> None:
        """A line without a shop belongs to the shop before it."""
        before = self.shops[-1]
        pieces = tuple(_pieces(line, reasons=False))
        self.shops.append(ShopLine(number, before.shop, before.extra, pieces))


def _pieces(text: str, *, reasons: bool = True) -> Iterator[Piece]:
    """The pieces of what stands behind a shop's code. `reasons`: a reason or a way may stand there bare."""
    text, first = _bare(text) if reasons else (text, None)
    if first:
        yield first
    mark, start, shadow = Mark.EFFECT, 0, plain(text)
    for found in _PARTS.finditer(shadow):
        yield from _piece(mark, text[start : found.start()])
        mark, start = Mark.EFFECT, found.end()
        if found["done"]:
            yield Piece(Mark.DONE, code=_which(found["which"]))
        elif found["missed"]:
            mark = Mark.MISSED
        elif found["item"]:
            mark = Mark.ITEM
        elif found["label"]:
            mark = _LABELS[found["label"][0]]
        else:
            yield from _clocks(found)
    yield from _piece(mark, text[start:])


def _piece(mark: Mark, text: str) -> Iterator[Piece]:
    said = _clean(text)
    if mark is Mark.MISSED:
        yield _missed(said)
    elif said:
        yield Piece(mark, said)


def _clocks(found: "re.Match[str]") -> Iterator[Piece]:
    arrived, left = found["arrived"] or found["only_arrived"], found["left"] or found["only_left"]
    if arrived:
        yield Piece(Mark.ARRIVED, code=arrived.zfill(5))
    if left:
        yield Piece(Mark.LEFT, code=left.zfill(5))


def _which(typed: str | None) -> str:
    """The numbers behind a star, comma between them; "all"; blank for the star alone."""
    if not typed:
        return ""
    return "all" if typed[0] in "全a" else typed.replace("、", ",")


def _bare(text: str) -> tuple[str, Piece | None]:
    """A way (电话) or a reason (关门) that stands whole and bare behind the code, taken off the text."""
    word = re.match(r"[\s,:、]*([^\s;,.。、:!?★☆✓✔√●•✗✘❌]+)", plain(text))
    if word is None:
        return text, None
    way = _code(METHODS, word[1])
    if way:
        return text[word.end() :], Piece(Mark.METHOD, code=way)
    reason = _code(MISSES, word[1])
    if reason:
        return "", Piece(Mark.MISSED, _clean(text[word.end() :]), reason)
    return text, None


def _missed(said: str) -> Piece:
    """The reason with which what stands behind ✗ begins; other words are the reason "other" in one's own words."""
    shadow = plain(said)
    words = [(word, reason) for reason, names in MISSES.items() for word in (reason.value, *names.split())]
    for word, reason in sorted(words, key=lambda pair: -len(pair[0])):
        if shadow.startswith(word):
            return Piece(Mark.MISSED, _clean(said[len(word) :]), reason.value)
    return Piece(Mark.MISSED, said, "other" if said else "")


def _code(words: Mapping[Code, str], typed: str) -> str:
    """The code of a word, blank when it is none."""
    return next((code.value for code, names in words.items() if typed in (code.value, *names.split())), "")


def _clean(text: str) -> str:
    return text.strip(_SEPARATORS)
