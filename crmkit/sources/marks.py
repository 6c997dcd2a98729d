"""What stands behind a shop's code: ★ ✗ ●, labels, clocks, ways, reasons, and text."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from crmkit.model.evening import Mark, Piece
from crmkit.sources.visitwords import METHODS, MISS_PHRASES, MISSES

Code = TypeVar("Code", bound=StrEnum)

_BREAK = r"(?=$|[^\w%°~/.:-]|[.:-](?!\d))"
_DONE = r"(?=已|都|办|完成|做完|搞定|弄好|好了)"  # ★2和4都办好了
JOINT = r"(?:\s*[,、和及跟&+]\s*|\s)"  # between the numbers of tasks
_AFTER = r"(?:^|(?<=[\s;,.。、!?:]))"  # where a word of ours may begin
_HALF = r"(?:早上|上午|中午|下午|傍晚|晚上)"
_DIGITAL = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_CLOCK = rf"(?:{_HALF}?\s*(?:{_DIGITAL}|(?:[01]?\d|2[0-3])点(?:半|[0-5]?\d分?)?))"
_CHECK = r"(?:核实|核对|核|verify|v)"
_TWO = r"[1-9](?:[,、和]?[1-9])?"
NOT_DONE = r"(?:还|都|仍)?(?:未|没|尚未|不成|not\b|undone)"
_BARE_DONE = r"(?<![未没不待]\s)(?<!没有\s)(?<!not\s)(?<!n't\s)(?<!be\s)(?:已?完成|done)(?!\s(?:with|by|for|to|in)\b)"
_PARTS = re.compile(
    rf"""{_AFTER}{_CHECK}\s?(?P<field>{_TWO})(?:\s*[=:]\s*(?P<value>[^;。]*?)\s*
           (?=$|[;。★☆✓✔√●•✗✘❌]|[,、\s]{_CHECK}\s?[1-9])|(?=$|[\s;,。、!?]|\.(?!\d)))
        |{_AFTER}(?P<checked>核(?=$|[\s;,.。、!?★☆●•✗])|v(?=\s*(?:$|[;,。、!?])))
        |(?P<unsure>(?:[★☆*]\ufe0f?){{2,}}|(?:[★☆✓✔√*]|完成)\s?\d*\s?(?={NOT_DONE}))
        |{_AFTER}(?:(?P<every>全部?|都)完成了?|(?P<only>完成了))(?=$|[\s;,。、!])
        |(?P<done>[★☆✓✔√]\ufe0f?|{_AFTER}(?:\*|(?:{_BARE_DONE})(?=$|[\s;,。、\d*全]|all)(?!\s?\d+(?:\.\d+)?\s?%)))
           [ ]?(?P<which>(?:全部|全|all|\d(?:{JOINT}?\d)*)(?:{_BREAK}|{_DONE}))?
        |(?P<missed>[✗✘╳❌]\ufe0f?|\A[\s,:]*[x×](?![0-9a-z]))
        |(?P<item>[●•]|{_AFTER}\+(?!\s?\d+[^\s\d;,.。、]))
        |{_AFTER}(?P<label>市场异常信息|市场异常|异常|异|客户意见建议|客户意见|意见|意|拜访效果|效果|效|承诺|诺
           |anomaly|opinion|effect|promise)\s*:
        |(?:{_AFTER}(?={_DIGITAL})|\A\s*)(?P<arrived>{_CLOCK})\s*[-~—–至到]+\s*(?P<left>{_CLOCK}){_BREAK}
        |\A[\s,:]*(?P<came>{_CLOCK})\s*(?:到店|到的|到|进店){_BREAK}
        |{_AFTER}(?P<went>{_CLOCK})\s*(?:离店|离开|走的|走){_BREAK}
        |{_AFTER}到店?\s*(?P<only_arrived>{_CLOCK}){_BREAK}
        |{_AFTER}离店?\s*(?P<only_left>{_CLOCK}){_BREAK}""",
    re.VERBOSE,
)
_SIGNS = dict.fromkeys("⭐🌟✅☑", "★") | dict.fromkeys("✖❎🚫", "✗")  # as the keyboards of phones have them
_QUOTED = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|‘[^‘’]*’|(?<!\d)\"[^\"]*\"")
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
_NOT_SEEN = re.compile(
    r"((?<!上次)(?<!昨天)(?:没去成?|未去|没拜访|未拜访|没走到|来不及去?|没见到?(?:人|店主|老板)"
    r"|没人接|没打通|打不通|未接通|无人接听)了?"
    r"|no answer|not visited|did not go|didn't go)(?=$|[\s;,.。、!?])"
)
_SHORT = 24  # characters: in a longer text there was somebody to talk to
_SOFT = frozenset({"weather", "meeting", "refused", "other"})  # words that begin many a sentence
_PHRASE = re.compile(
    rf"[\s,:]*({'|'.join(phrase for phrases in MISS_PHRASES.values() for phrase in phrases)})(?=$|[;,.。!?])"
)
_SEPARATORS = " \t;,.。、!?:；，：！？．　"



def plain(text: str) -> str:
    """The same text as many characters long, full width and capitals taken away: what words are looked for in."""
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    folded = unicodedata.normalize("NFKC", _SIGNS.get(character, character)).lower()
    return folded if len(folded) == 1 else character


def pieces_of(text: str, *, reasons: bool = True) -> Iterator[Piece]:
    """The pieces of what stands behind a shop's code. `reasons`: a reason or a way may stand there bare."""
    text, first = bare_words(text) if reasons else (text, None)
    if first:
        yield first
    if reasons and (first is None or first.mark is Mark.METHOD):
        yield from _whether(text)
    mark, sign, start, shadow = Mark.EFFECT, "", 0, unquoted(plain(text))
    for found in _PARTS.finditer(shadow):
        yield from _piece(mark, text[start : found.start()], sign)
        mark, sign, start = _mark_of(found), found[0].strip(), found.end()
        if found["field"] or found["checked"]:
            yield from _checked(found["field"], text[slice(*found.span("value"))] if found["value"] else "")
        elif mark is Mark.DONE:
            yield Piece(mark, code=_tasks_of(found))
        elif mark is Mark.ARRIVED:
            yield from _clocks(found)
        if mark in (Mark.DONE, Mark.ARRIVED):
            mark = Mark.EFFECT
    yield from _piece(mark, text[start:], sign)


def _mark_of(found: "re.Match[str]") -> Mark:
    """What the text behind it is about, or what it is itself."""
    if found["label"]:
        return _LABELS[found["label"][0]]
    groups = {
        "unsure": Mark.DONE, "every": Mark.DONE, "only": Mark.DONE, "done": Mark.DONE, "missed": Mark.MISSED,
        "item": Mark.ITEM, "field": Mark.EFFECT, "checked": Mark.EFFECT,
    }  # fmt: skip
    return next((mark for group, mark in groups.items() if found[group]), Mark.ARRIVED)


def _tasks_of(found: "re.Match[str]") -> str:
    """Which tasks a star is of; "?" where it says done and the words do not."""
    if found["unsure"]:
        return "?"
    return "all" if found["every"] else which(found["which"])


def _piece(mark: Mark, text: str, sign: str) -> Iterator[Piece]:
    said = cleaned(text)
    if mark is Mark.MISSED:
        yield missed_piece(said)
    elif mark is Mark.ITEM:
        yield Piece(mark, said, "" if said and sign != "+" else sign)
    elif said:
        yield Piece(mark, said)


def unquoted(shadow: str) -> str:
    """The same with what stands between quotation marks blotted out: nothing in there is a mark of ours."""
    return _QUOTED.sub(lambda quoted: "\x00" * len(quoted[0]), shadow)


def _checked(numbers: str | None, value: str) -> Iterator[Piece]:
    """核 both fields, 核1 the first, 核2=… with what is right; a word that says "right" is no value."""
    right = plain(value).strip() in _RIGHT
    for number in re.findall(r"\d", numbers or "") or [""]:
        yield Piece(Mark.VERIFIED, "" if right else cleaned(value), number)


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


def which(typed: str | None) -> str:
    """The numbers behind a star, comma between them; "all"; blank for the star alone."""
    if not typed:
        return ""
    return "all" if typed[0] in "全a" else ",".join(re.findall(r"\d+", typed))


_NOUNS = ("online", "shop")  # ways that begin a sentence as well: online orders, shop is full


def bare_words(text: str) -> tuple[str, Piece | None]:
    """A way (电话) or a reason (关门) that stands whole and bare behind the code, taken off the text. Whether closed
    early, 天气 很热 and 没打通 mean a visit is asked; online orders is text.
    """
    shadow = plain(text)
    if phrase := _PHRASE.match(shadow):
        return text[phrase.end() :], missed_piece(phrase[1])
    word = re.match(r"[\s,:、]*([^\s;,.。、:!?★☆✓✔√●•✗✘❌]+)", shadow)
    if word is None:
        return text, None
    rest, goes_on = text[word.end() :], word[1].isascii() and re.match(r"\s+[a-z]", shadow[word.end() :])
    if (way := _code(METHODS, word[1])) and not (goes_on and word[1] in _NOUNS):
        return rest, Piece(Mark.METHOD, code=way)
    reason = _code(MISSES, word[1]) or _code(MISSES, _AROUND.sub("", word[1]))
    if reason and (goes_on or (reason in _SOFT and cleaned(rest))):
        return text, Piece(Mark.WHETHER, word[1])
    return (rest, Piece(Mark.MISSED, code=reason)) if reason else (text, None)


def _whether(text: str) -> Iterator[Piece]:
    """Words that leave open whether there was a visit: 关门了下午再去, 天气不好没去."""
    shadow = plain(text)
    found = _BEGUN.match(shadow) or (_NOT_SEEN.search(shadow) if len(shadow) <= _SHORT else None)
    if found:
        yield Piece(Mark.WHETHER, found[1])


def missed_piece(said: str) -> Piece:
    """A visit not made: the reason with which the words begin; others are the reason "other" in one's own words."""
    shadow = plain(said)
    named = {reason: (reason.value, *names.split(), *MISS_PHRASES.get(reason, ())) for reason, names in MISSES.items()}
    words = [(word, reason) for reason, names in named.items() for word in names]
    for word, reason in sorted(words, key=lambda pair: -len(pair[0])):
        if shadow.startswith(word):
            rest = said[len(word) :]
            return Piece(Mark.MISSED, cleaned(rest.removeprefix("了")), reason.value)
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


def cleaned(text: str) -> str:
    return text.strip(_SEPARATORS)
