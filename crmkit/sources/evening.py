"""The evening's lines read: one shop a line, its code first, then ★ ✗ ● and text; or pasted from a messenger.

`K7M ★ 补货2条; P3X ✗关门; +张记烟酒 ●送宣传册`. A line without a shop in front goes on with the shop before it.
"""

import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import EveningText, Mark, Piece, ShopLine
from crmkit.model.writing import as_written
from crmkit.sources.messenger import messenger_lines
from crmkit.sources.visitwords import METHODS, MISS_PHRASES, MISSES

Code = TypeVar("Code", bound=StrEnum)

_LONGEST = 1_000_000  # bytes: some hundred days' lines
_BREAK = r"(?=$|[^\w%°~/.:-]|[.:-](?!\d))"
_DONE = r"(?=已|都|办|完成|做完|搞定|弄好|好了)"  # ★2和4都办好了
_JOINT = r"(?:\s*[,、和及跟&+]\s*|\s)"  # between the numbers of tasks
_AFTER = r"(?:^|(?<=[\s;,.。、!?:]))"  # where a word of ours may begin
_CODE = rf"([0-9a-z]{{3}})(-\d{{1,2}}(?:{_JOINT}?-\d{{1,2}}|[,、和+]\d{{1,2}})*)?(?![0-9a-z.%-])"
_HEAD = re.compile(rf"\s*(?:\d{{1,2}}[.、)]\s*)?{_CODE}")
_ALSO = re.compile(rf"\s*[、,和&\s]\s*{_CODE}")  # EK6、BSR 都关门
_CUT = re.compile(r"[;。|/,、\s]\s*")
_INSIDE = re.compile(r"(?<![0-9a-z.-])[0-9a-z]{3}(?![0-9a-z.%])")
_STANDS = re.compile(r"$|[\s:★☆✓✔√●•✗✘╳❌×*-]|关门|不在|没开门|未开门|老板不在|店主不在")  # behind a shop's code
_EXTRA = re.compile(r"\s*\+\s*([^\s;,:★☆✓✔√●•✗✘❌]+)")
_SHEET = re.compile(r"\s*(?:sheet|表号|单号)?\s*#\s*([0-9a-z]+)\s*$")
_HALF = r"(?:早上|上午|中午|下午|傍晚|晚上)"
_DIGITAL = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_CLOCK = rf"(?:{_HALF}?\s*(?:{_DIGITAL}|(?:[01]?\d|2[0-3])点(?:半|[0-5]?\d分?)?))"
_CHECK = r"(?:核实|核对|核|verify|v)"
_TWO = r"[1-9](?:[,、和]?[1-9])?"
_PARTS = re.compile(
    rf"""{_AFTER}{_CHECK}\s?(?P<field>{_TWO})(?:\s*[=:]\s*(?P<value>[^;。]*?)\s*
           (?=$|[;。★☆✓✔√●•✗✘❌]|[,、\s]{_CHECK}\s?[1-9])|(?=$|[\s;,。、!?]|\.(?!\d)))
        |{_AFTER}(?P<checked>核(?=$|[\s;,.。、!?★☆●•✗])|v(?=\s*(?:$|[;,。、!?])))
        |(?P<done>[★☆✓✔√]|{_AFTER}(?:\*|(?:已?完成|done)(?=$|[\s;,。、\d*全]|all)))
           [ ]?(?P<which>(?:全部|全|all|\d(?:{_JOINT}?\d)*)(?:{_BREAK}|{_DONE}))?
        |(?P<missed>[✗✘╳❌]|\A[\s,:]*[x×](?![0-9a-z]))
        |(?P<item>[●•]|{_AFTER}\+)
        |{_AFTER}(?P<label>市场异常信息|市场异常|异常|异|客户意见建议|客户意见|意见|意|拜访效果|效果|效|承诺|诺
           |anomaly|opinion|effect|promise)\s*:
        |(?:{_AFTER}(?={_DIGITAL})|\A\s*)(?P<arrived>{_CLOCK})\s*[-~—–至到]+\s*(?P<left>{_CLOCK}){_BREAK}
        |\A[\s,:]*(?P<came>{_CLOCK})\s*(?:到店|到的|到|进店){_BREAK}
        |{_AFTER}(?P<went>{_CLOCK})\s*(?:离店|离开|走的|走){_BREAK}
        |{_AFTER}到店?\s*(?P<only_arrived>{_CLOCK}){_BREAK}
        |{_AFTER}离店?\s*(?P<only_left>{_CLOCK}){_BREAK}""",
    re.VERBOSE,
)
_RIGHT = frozenset(
    ["", "对", "对的", "正确", "无误", "没变", "不变", "是", "ok", "yes", "y", "right", "same", "√", "✓", "✔"]
)
_LABELS = {
    "异": Mark.ANOMALY, "市": Mark.ANOMALY, "a": Mark.ANOMALY,
    "意": Mark.OPINION, "客": Mark.OPINION, "o": Mark.OPINION,
    "效": Mark.EFFECT, "拜": Mark.EFFECT, "e": Mark.EFFECT,
    "诺": Mark.PROMISE, "承": Mark.PROMISE, "p": Mark.PROMISE,
}  # fmt: skip
_AROUND = re.compile(r"^(?:今天|都|也|又|还是)+|(?:了|的|着|呢|啊|家|家里|店里)+$")  # 都关门了, 不在家
_BEGUN = re.compile(  # 关门了下午再去; not 关门前, 不在乎
    r"[\s,:、]*((?:店铺|今天|都)?(?:关门|没开门|未开门)了?|(?:店主|老板)?(?:又|今天|都)?不在)"
    r"(?![前后时之以的乎\s;,.。、!?:]|$)"
)
_SPEAKER = re.compile(r"\s*\S.{0,19}?:\s*(?=\S)")
_SEPARATORS = " \t;,.。、!?:；，：！？．　"


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
    lines = [as_written(line) for line in text.splitlines()]
    skipped = messenger_lines(lines, reading.starts_shop)
    for place, line in enumerate(lines):
        if place in skipped:
            reading.heard(skipped[place])
        elif line:
            reading.take(place + 1, line)
    passed = tuple((place + 1, lines[place]) for place in sorted(skipped))
    return EveningText(
        tuple(reading.shops),
        tuple(reading.sheets),
        tuple(reading.lost),
        passed,
        tuple(reading.asides),
        tuple(reading.inside),
    )


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


def plain(text: str) -> str:
    """The same text as many characters long, full width and capitals taken away: what words are looked for in."""
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


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

    def heard(self, speaker: str) -> None:
        """A line of the messenger: who speaks from here on, where it names one."""
        self.speaker = speaker or self.speaker

    def take(self, number: int, line: str) -> None:
        """One line: a sheet's code, or what is said of shops."""
        if sheet := _SHEET.match(plain(line)):
            self.sheets.append((number, sheet[1].upper()))
            return
        line = self._without_speaker(line)
        if self.starts_shop(line):
            self.typist = self.speaker
            for part in self._parts(line):
                self._take_shop(number, part)
        elif self.shops and self.speaker != self.typist:
            self.asides.append((number, line))  # 收到，辛苦了: somebody else of the group
        elif self.shops:
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
        start, shadow = 0, plain(line)
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
        pieces = tuple(_pieces(rest))
        for shop, tasks in named:
            marked = (Piece(Mark.DONE, code=_which(tasks)),) if tasks else ()
            rest_of_them = tuple(p for p in pieces if p != Piece(Mark.DONE)) if marked else pieces  # K7M-2 ★: once
            self.shops.append(ShopLine(number, shop, extra, (*marked, *rest_of_them)))
        self._look_inside(number, rest, named[-1][0])

    def _go_on(self, number: int, line: str) -> None:
        """A line without a shop belongs to the shop before it."""
        before = self.shops[-1]
        pieces = tuple(_pieces(line, reasons=False))
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


def _pieces(text: str, *, reasons: bool = True) -> Iterator[Piece]:
    """The pieces of what stands behind a shop's code. `reasons`: a reason or a way may stand there bare."""
    text, first = _bare(text) if reasons else (text, None)
    if first:
        yield first
    elif reasons and (begun := _BEGUN.match(plain(text))):
        yield Piece(Mark.WHETHER, begun[1])
    mark, start, shadow = Mark.EFFECT, 0, plain(text)
    for found in _PARTS.finditer(shadow):
        yield from _piece(mark, text[start : found.start()])
        mark, start = Mark.EFFECT, found.end()
        if found["field"] or found["checked"]:
            yield from _checked(found["field"], text[slice(*found.span("value"))] if found["value"] else "")
        elif found["done"]:
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
        yield missed_piece(said)
    elif said:
        yield Piece(mark, said)


def _checked(numbers: str | None, value: str) -> Iterator[Piece]:
    """核 both fields, 核1 the first, 核2=… with what is right; a word that says "right" is no value."""
    right = plain(value).strip() in _RIGHT
    for number in re.findall(r"\d", numbers or "") or [""]:
        yield Piece(Mark.VERIFIED, "" if right else _clean(value), number)


def checked_pieces(typed: str) -> Iterator[Piece]:
    """A cell or an option that says which of the two fields were checked: √, 核, 1, √2, 1,2, 2=13900001111.

    What cannot be read is a piece with the code "?".
    """
    for part in re.split(r"[;；\n]+", typed):
        found = re.fullmatch(rf"(?:{_CHECK}|[√✓✔])?\s*(?:(?P<n>{_TWO})(?:\s*[=:]\s*(?P<v>.*))?)?", plain(part).strip())
        said = part.strip()
        if plain(said) in _RIGHT - {""}:
            yield Piece(Mark.VERIFIED)
        elif found and said:
            yield from _checked(found["n"], said[slice(*found.span("v"))] if found["v"] else "")
        elif said:
            yield Piece(Mark.VERIFIED, said, "?")


def _clocks(found: "re.Match[str]") -> Iterator[Piece]:
    arrived = found["arrived"] or found["only_arrived"] or found["came"]
    left = found["left"] or found["only_left"] or found["went"]
    half = re.match(_HALF, found["arrived"] or "")
    if half and left and not re.match(_HALF, left):  # 下午2点到3点
        left = half[0] + left
    if arrived:
        yield Piece(Mark.ARRIVED, code=_hours(arrived))
    if left:
        yield Piece(Mark.LEFT, code=_hours(left))


def _hours(typed: str) -> str:
    """下午2点半, 14:30 → 14:30."""
    numbers = [int(number) for number in re.findall(r"\d+", typed)]
    minute = 30 if "半" in typed else (numbers[1] if len(numbers) > 1 else 0)
    later = typed.startswith(("下午", "傍晚", "晚上")) or (typed.startswith("中午") and numbers[0] < 3)
    return f"{numbers[0] + 12 if later and numbers[0] < 12 else numbers[0]:02}:{minute:02}"


def _which(typed: str | None) -> str:
    """The numbers behind a star, comma between them; "all"; blank for the star alone."""
    if not typed:
        return ""
    return "all" if typed[0] in "全a" else ",".join(re.findall(r"\d+", typed))


def _bare(text: str) -> tuple[str, Piece | None]:
    """A way (电话) or a reason (关门) that stands whole and bare behind the code, taken off the text."""
    word = re.match(r"[\s,:、]*([^\s;,.。、:!?★☆✓✔√●•✗✘❌]+)", plain(text))
    if word is None:
        return text, None
    way = _code(METHODS, word[1])
    if way:
        return text[word.end() :], Piece(Mark.METHOD, code=way)
    reason = _code(MISSES, word[1]) or _code(MISSES, _AROUND.sub("", word[1]))
    if reason:
        return text[word.end() :], Piece(Mark.MISSED, code=reason)
    return text, None


def missed_piece(said: str) -> Piece:
    """A visit not made: the reason with which the words begin; others are the reason "other" in one's own words."""
    shadow = plain(said)
    named = {reason: (reason.value, *names.split(), *MISS_PHRASES.get(reason, ())) for reason, names in MISSES.items()}
    words = [(word, reason) for reason, names in named.items() for word in names]
    for word, reason in sorted(words, key=lambda pair: -len(pair[0])):
        if shadow.startswith(word):
            rest = said[len(word) :]
            return Piece(Mark.MISSED, _clean(rest.removeprefix("了")), reason.value)
    return Piece(Mark.MISSED, said, "other" if said else "")


def way_piece(typed: str) -> Piece | None:
    """The way of a visit a word names."""
    way = _code(METHODS, plain(typed))
    return Piece(Mark.METHOD, code=way) if way else None


def clock_in(typed: str) -> str | None:
    """HH:MM of a time of day, its seconds left out; None for anything else."""
    found = re.fullmatch(rf"\s*({_CLOCK})(?::[0-5]\d)?\s*", plain(typed))
    return found[1].zfill(5) if found else None


def _code(words: Mapping[Code, str], typed: str) -> str:
    """The code of a word, blank when it is none."""
    return next((code.value for code, names in words.items() if typed in (code.value, *names.split())), "")


def _clean(text: str) -> str:
    return text.strip(_SEPARATORS)
