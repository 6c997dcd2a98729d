"""The evening's lines read: one shop a line, its code first, then ★ ✗ ● and text; or pasted from a messenger.

`K7M ★ 补货2条; P3X ✗关门; +张记烟酒 ●送宣传册`. A line without a shop in front goes on with the shop before it.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import EveningText, Mark, Piece, ShopLine
from crmkit.model.writing import as_written
from crmkit.sources.marks import JOINT, NOT_DONE, bare_words, cleaned, pieces_of, plain, unquoted, which
from crmkit.sources.messenger import messenger_lines, quoted_lines, spoken_lines

_LONGEST = 1_000_000  # bytes: some hundred days' lines
_CODE = rf"([0-9a-z]{{3}})(-\d{{1,2}}(?:{JOINT}?-\d{{1,2}}|[,、和+]\d{{1,2}})*)?(?![0-9a-z.%-])"
_HEAD = re.compile(rf"\s*(?:\d{{1,2}}[.、)]\s*)?{_CODE}")
_ALSO = re.compile(rf"\s*[、,和&\s]\s*{_CODE}")  # EK6、BSR 都关门
_DICTATED = re.compile(r"[a-z](?=.{0,2}[ 二三四五六七八九])(?: ?[0-9a-z二三四五六七八九]){2}(?![0-9a-z])")
_NUMERALS = str.maketrans("二三四五六七八九", "23456789")
_CUT = re.compile(r"[;。|/,、\s]\s*")
_INSIDE = re.compile(r"(?<![0-9a-z.-])[0-9a-z]{3}(?![0-9a-z.%])")
_STANDS = re.compile(r"$|[\s:★☆✓✔√●•✗✘╳❌×*-]|关门|不在|没开门|未开门|老板不在|店主不在")  # behind a shop's code
_EXTRA = re.compile(r"\s*\+\s*([^\s;,:★☆✓✔√●•✗✘❌]+)")
_SHEET = re.compile(r"\s*(?:sheet|表号|单号)?\s*#\s*([0-9a-z]+)\s*$")
_SPEAKER = re.compile(r"\s*(?:@[^\s:]{1,20}[\s:]|[「『]?\S.{0,19}?:)\s*(?=\S)")


class Shops(Protocol):
    """What must be known of the day's shops to tell them from text."""

    def is_shop(self, word: str) -> bool:
        """Is a word of three letters, in capitals, the code of a shop, or one slip away from one on the sheet?"""

    def on_sheet(self, word: str) -> bool:
        """Is it, letter by letter, a code on the sheet of the day?"""

    def in_front(self, plain_text: str) -> str:
        """The name or office code of a shop with which a line begins; blank when there is none."""


def read_evening(text: str, shops: Shops) -> EveningText:
    """What the lines say. A digit or capitals make a word of three a code, so that a slip of the hand is never taken
    for text; other words only where `shops` knows them.
    """
    reading = _Reading(shops)
    spoken = spoken_lines([as_written(line) for line in text.splitlines()])
    lines = [_with_whole_code(line, shops) for line, _who in spoken]
    quoted = quoted_lines(lines)
    unquoted_lines = ["" if place in quoted else line for place, line in enumerate(lines)]
    skipped = messenger_lines(unquoted_lines, reading.starts_shop)
    for place, (line, who) in enumerate(zip(lines, (who for _line, who in spoken), strict=True)):
        reading.heard(who or skipped.get(place, ""))
        if place in quoted:
            reading.quoted(line)
        elif line and place not in skipped:
            reading.take(place + 1, line)
    skipped |= dict.fromkeys(sorted(quoted), "")
    passed = tuple((place + 1, lines[place]) for place in sorted(skipped))
    return EveningText(
        tuple(reading.shops),
        tuple(reading.sheets),
        tuple(reading.lost),
        passed,
        tuple(reading.asides),
        tuple(reading.inside),
    )


def _with_whole_code(line: str, shops: Shops) -> str:
    """k 7 m, k 7m and k七m, as they are dictated, with the code as it is printed: where it is one of the sheet, or
    three characters apart with a digit among them.
    """
    spoken = _DICTATED.match(plain(line))
    if spoken is None:
        return line
    code = spoken[0].translate(_NUMERALS).replace(" ", "").upper()
    apart = re.fullmatch(r"[a-z]( [0-9a-z]){2}", spoken[0]) and any(character.isdigit() for character in code)
    return code + line[spoken.end() :] if shops.on_sheet(code) or apart else line


def decoded(raw: bytes, name: str) -> str:
    """The lines of a file or a pipe: UTF-8, UTF-16 with its mark, else GB18030. Raises Refusal: NO_LINES, NOT_LINES."""
    if not raw.strip():
        raise Refusal(Fault.NO_LINES, path=name)
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
    raise Refusal(Fault.NOT_LINES, path=name, found=found)


@dataclass
class _Reading:
    known: Shops
    shops: list[ShopLine] = field(default_factory=list)
    sheets: list[tuple[int, str]] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
    asides: list[tuple[int, str]] = field(default_factory=list)
    inside: list[tuple[int, str, str]] = field(default_factory=list)
    speaker: str = ""
    typist: str = ""  # who wrote of the shop before
    answering: bool = False  # below a quoted message: whose shop an answer is of is not known

    def heard(self, speaker: str) -> None:
        """A line of the messenger: who speaks from here on, where it names one."""
        self.speaker = speaker or self.speaker

    def quoted(self, line: str) -> None:
        """A message repeated above its answer: said before, so not taken twice; the answer may be of its shop."""
        speaker = _SPEAKER.match(plain(line))
        self.answering = self.answering or bool(speaker and self.starts_shop(line[speaker.end() :]))

    def take(self, number: int, line: str) -> None:
        """One line: a sheet's code, or what is said of shops."""
        if sheet := _SHEET.match(plain(line)):
            self.sheets.append((number, sheet[1].upper()))
            return
        line = self._without_speaker(line)
        if self.starts_shop(line):
            self.typist, self.answering = self.speaker, False
            for part in self._parts(line):
                self._take_shop(number, part)
        elif self.shops and self.speaker != self.typist:
            self.asides.append((number, line))  # 收到，辛苦了: somebody else of the group
        elif self.shops and not self.answering:
            self._go_on(number, line)
        else:
            self.lost.append((number, line))

    def _without_speaker(self, line: str) -> str:
        """张伟: K7M ★ without the speaker in front."""
        speaker = _SPEAKER.match(plain(line))
        if speaker and not self.starts_shop(line) and self.starts_shop(line[speaker.end() :]):
            return line[speaker.end() :]
        return line

    def starts_shop(self, text: str) -> bool:
        """Does a shop's code or name, or + and a name, stand in front?"""
        shadow = plain(text)
        return bool(_EXTRA.match(shadow)) or self._head(text) is not None or bool(self.known.in_front(shadow))

    def _head(self, text: str) -> "re.Match[str] | None":
        """The code in front; a word of small letters, or a number, only where it is a shop's or nearly so."""
        found = _HEAD.match(plain(text))
        if found is None:
            return None
        word = text[found.start(1) : found.end(1)]
        certain = _is_certain(word) or found[2] is not None
        return found if certain or self.known.is_shop(found[1].upper()) else None

    def _heads(self, text: str) -> list["re.Match[str]"]:
        """All codes in front: of EK6、BSR 都关门 both."""
        found = self._head(text)
        heads = []
        while found is not None:
            heads.append(found)
            found = _ALSO.match(plain(text), found.end())
            if found and not self._on_sheet(text[found.start(1) : found.end(1)]):
                found = None
        return heads

    def _on_sheet(self, word: str) -> bool:
        return _is_certain(word) and self.known.on_sheet(plain(word).upper())

    def _parts(self, line: str) -> Iterator[str]:
        """A line cut where the next shop begins: behind a semicolon or full stop, or where its very code stands apart
        behind a comma or blank.
        """
        start, shadow = 0, unquoted(plain(line))
        free = self._end_of_heads(line, 0)
        for place in _CUT.finditer(shadow):
            rest = line[place.end() :]
            cut = self.starts_shop(rest) if place[0][0] in ";。|/" else self._stands_apart(rest)
            if cut and place.start() >= free:
                yield line[start : place.start()]
                start, free = place.end(), self._end_of_heads(line, place.end())
        yield line[start:]

    def _end_of_heads(self, line: str, start: int) -> int:
        heads = self._heads(line[start:])
        return start + heads[-1].end() if heads else start

    def _stands_apart(self, text: str) -> bool:
        return self._on_sheet(text[:3]) and bool(_STANDS.match(plain(text), 3))

    def _take_shop(self, number: int, part: str) -> None:
        shadow = plain(part)
        extra, heads, name = _EXTRA.match(shadow), self._heads(part), self.known.in_front(shadow)
        if extra:
            self._say(number, [(part[extra.start(1) : extra.end(1)], "")], part[extra.end() :], extra=True)
        elif heads:
            named = [(head[1].upper(), head[2] or "") for head in heads]
            self._say(number, named, part[heads[-1].end() :])
        else:
            self._say(number, [(name, "")], part[len(name) :])

    def _say(self, number: int, named: list[tuple[str, str]], rest: str, *, extra: bool = False) -> None:
        """The same words of each shop named, with the tasks behind its code."""
        pieces = tuple(pieces_of(rest))
        for shop, tasks in named:
            unsure = re.match(rf"\s*{NOT_DONE}", plain(rest))
            marked = (Piece(Mark.DONE, code="?" if unsure else which(tasks)),) if tasks else ()
            rest_of_them = tuple(p for p in pieces if p != Piece(Mark.DONE)) if marked else pieces  # K7M-2 ★: once
            self.shops.append(ShopLine(number, shop, extra, (*marked, *rest_of_them)))
        self._look_inside(number, rest, named[-1][0])

    def _go_on(self, number: int, line: str) -> None:
        """A line without a shop belongs to the shop before it."""
        before = self.shops[-1]
        bare = not any(said.pieces for said in self.shops if said.shop == before.shop)
        pieces = tuple(pieces_of(line, reasons=bare))
        rest, reason = bare_words(line)
        if not bare and reason and reason.mark is Mark.MISSED and not cleaned(rest):  # 补货, and below it: 关门
            pieces = (Piece(Mark.WHETHER, cleaned(line)), *pieces)
        self.shops.append(ShopLine(number, before.shop, before.extra, pieces, goes_on=True))
        self._look_inside(number, line, before.shop)

    def _look_inside(self, number: int, text: str, shop: str) -> None:
        """Note each code of the sheet that stands within a text."""
        for other in _INSIDE.finditer(plain(text)):
            if self._on_sheet(text[other.start() : other.end()]):
                self.inside.append((number, other[0].upper(), shop))


def _is_certain(word: str) -> bool:
    """Typed as codes are printed: capitals, with a digit among them or not; small letters with a digit."""
    mixed = any(c.isdigit() for c in word) and not word.isdigit()
    return mixed or (word.isupper() and not word.isdigit())
