"""Lines that a messenger puts between the messages one pastes: sender and time, day lines, pictures."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?"
_DATE = (
    rf"(?:(?:\d{{2,4}}[-/年.])?\d{{1,2}}[-/月.]\d{{1,2}}日?|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}"
    rf"|{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?|\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?)"
)
_DAY = rf"(?:{_DATE}|昨天|今天|前天|(?:星期|周)[一二三四五六日天]|yesterday|today|{_WEEKDAY})"
_HALF = r"(?:凌晨|早上|上午|中午|下午|晚上|am|pm)"
_CLOCK = rf"{_HALF}?\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*{_HALF}?"
_TIME = re.compile(
    rf"[-—–_=\s]*(?:(?:{_DAY},?\s*(?:at\s)?){{0,2}}(?<!\d){_CLOCK}|{_DAY})[-—–_=\s]*|[-—–_=\s]{{3,}}"
)
_DATED = re.compile(rf"(?P<who>\S.{{0,29}}?)[\s:]+{_DATE},?\s*(?:{_DAY})?\s*{_CLOCK}\s*:?")
_DATE_FIRST = re.compile(r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?\s+\d{1,2}:\d{2}:\d{2}\s+(?P<who>\S.{0,29})")
_WORD = r"[^\s:;,.。、!?]{1,20}"
_SENDER = re.compile(rf"(?P<who>{_WORD})[\s:]+(?:{_DAY}\s*)?{_CLOCK}\s*:?|(?P<name>{_WORD}):")
_IN_TWO_WORDS = re.compile(  # Zhang San Thu 6:02 PM
    rf"(?P<who>[A-Z][A-Za-z'-]*(?: [A-Z][A-Za-z'-]*){{1,2}}),? (?:(?i:{_DAY})\s*)?(?i:{_CLOCK})\s*:?"
)
_STAMPED = re.compile(  # [18:02] 张三: …, 11/27/26, 18:02 - 张三: …
    rf"\s*(?:\[(?:{_DAY},?\s*)?{_CLOCK}\]\s*|{_DATE},?\s*{_CLOCK}\s+-\s+)(?P<who>[^:;,.。、!?\[\]]{{1,30}}?):\s*"
)
_RULE = re.compile(r"[-—–_=\s]{3,}")
_LONGEST_QUOTE = 20  # lines
_QUOTE = re.compile(r"[「『][^「」『』:]{1,30}:")
_OF_SENTENCES = "说午天点来送要到约等再的了在是周"
_STOOD_FOR = (
    "图片|照片|语音|视频|表情|动画表情|位置|文件|链接|名片|语音通话|视频通话"
    "|photo|image|voice|video|sticker|location|file|link"
)
_STAND_INS = re.compile(
    rf"\[(?:{_STOOD_FOR})[^\[\]]{{0,20}}\](?:\s*(?:通话时长\s*)?[\d:]+[\"'″′]*)?(?:\s*(?:未读|已读|已取消|未接听))?"
    rf"|(?:图片|照片|视频|语音(?=\s*\d|$)|动画表情|语音通话|视频通话)(?:\s*[\d:]+[\"'″′]*)?"
    r"|.{0,30}(?:撤回了一条消息|recalled a message|unsent a message)(?:\s*重新编辑)?"
    r"|[-—–_=\s]*(?:以下为新消息|以下是新消息|以上是打招呼的内容|(?:new|unread) messages?(?: below)?)[-—–_=\s]*"
    r"|.{0,40}(?:的聊天记录|加入了?群聊|拍了拍.{1,20}|修改群名为.{1,30})|chat history .{0,40}"
)


def spoken_lines(lines: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each line without the time and name that a messenger puts in front of what was said, and that name where there
    is one: ("K7M ★", "张三") of [18:02] 张三: K7M ★.
    """
    return [_spoken(line) for line in lines]


def _spoken(line: str) -> tuple[str, str | None]:
    stamped = _STAMPED.match(_folded(line))
    if stamped is None or set(stamped["who"]) & set(_OF_SENTENCES):
        return line, None
    return line[stamped.end() :], stamped["who"]


def _folded(line: str) -> str:
    """In half width and small letters, as many characters long."""
    return "".join(c if len(c) == 1 else old for old in line for c in [unicodedata.normalize("NFKC", old).lower()])


def quoted_lines(lines: Sequence[str]) -> frozenset[int]:
    """The places of lines that repeat another message above an answer: 「张三: …」 and a rule below."""
    found: set[int] = set()
    for place, line in enumerate(lines):
        if place not in found and _QUOTE.match(_folded(line)):
            below = range(place, min(place + _LONGEST_QUOTE, len(lines)))
            last = next((at for at in below if lines[at].endswith(("」", "』"))), len(lines))
            rule = next((at for at in range(last + 1, len(lines)) if lines[at]), None)
            if rule is not None and _RULE.fullmatch(lines[rule]):
                found.update(range(place, rule + 1))
    return frozenset(found)


def messenger_lines(lines: Sequence[str], starts_shop: Callable[[str], bool]) -> dict[int, str]:
    """The places of lines that nobody wrote, with who speaks from there on, blank where it says nobody.

    A name with a time and no date is taken for the sender where it stands twice or alone before a shop, and, in a chat
    that shows the times, wherever it is no sentence: 老板说下午 3:30 is one.
    """
    plain = [unicodedata.normalize("NFKC", line).strip().lower() for line in lines]
    shops = [starts_shop(line) for line in lines]
    plain = [_with_one_name(line, seen) for line, seen in zip(lines, plain, strict=True)]
    senders = Counter(who for line, shop in zip(plain, shops, strict=True) if not shop and (who := _sender(line)))
    passed = [
        place
        for place, line in enumerate(plain)
        if line and not shops[place] and (_is_plain(line) or _is_sender(place, plain, shops, senders))
    ]
    if any(_timed(plain[place]) for place in passed):  # such a chat: whoever speaks in it, even once
        more = [place for place, line in enumerate(plain) if not shops[place] and _is_once(line)]
        passed = sorted({*passed, *more})
    return {place: _speaker(plain[place]) for place in passed}


def _with_one_name(line: str, plain: str) -> str:
    """Zhang San Thu 6:02 PM with the name as one word."""
    found = _IN_TWO_WORDS.fullmatch(unicodedata.normalize("NFKC", line).strip())
    return found["who"].lower().replace(" ", "_") + plain[len(found["who"]) :] if found else plain


def _timed(line: str) -> bool:
    """Is it a sender with the time behind the name?"""
    found = _SENDER.fullmatch(line) or _DATED.fullmatch(line) or _DATE_FIRST.fullmatch(line)
    return bool(found and found["who"])


def _is_once(line: str) -> bool:
    """王敏 18:10, and no sentence that ends with a time."""
    return _timed(line) and not set(_speaker(line)) & set(_OF_SENTENCES)


def _speaker(line: str) -> str:
    dated = None if _is_stand_in(line) else _DATED.fullmatch(line) or _DATE_FIRST.fullmatch(line)
    return dated["who"] if dated else ("" if _TIME.fullmatch(line) or _is_stand_in(line) else _sender(line))


def _is_stand_in(line: str) -> bool:
    return _STAND_INS.fullmatch(line) is not None


def _is_plain(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_TIME, _DATED, _DATE_FIRST, _STAND_INS))


def _is_sender(place: int, plain: Sequence[str], shops: Sequence[bool], senders: Counter[str]) -> bool:
    who = _sender(plain[place])
    if not who:
        return False
    first = place == 0 or not plain[place - 1]
    following = next((shops[after] for after in range(place + 1, len(plain)) if plain[after]), False)
    return senders[who] > 1 or (first and following)


def _sender(line: str) -> str:
    found = _SENDER.fullmatch(line)
    return (found["who"] or found["name"]) if found else ""
