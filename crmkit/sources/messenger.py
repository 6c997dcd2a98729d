"""Lines that a messenger puts between the messages one pastes: sender and time, day lines, pictures."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

_DATE = r"(?:(?:\d{2,4}[-/年.])?\d{1,2}[-/月.]\d{1,2}日?)"
_DAY = rf"(?:{_DATE}|昨天|今天|前天|(?:星期|周)[一二三四五六日天]|yesterday|today)"
_HALF = r"(?:凌晨|早上|上午|中午|下午|晚上|am|pm)"
_CLOCK = rf"{_HALF}?\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*{_HALF}?"
_TIME = re.compile(rf"[-—–_=\s]*(?:(?:{_DAY}\s*){{0,2}}(?<!\d){_CLOCK}|{_DAY})[-—–_=\s]*")
_DATED = re.compile(rf"(?P<who>\S.{{0,29}}?)[\s:]+{_DATE}\s*(?:{_DAY})?\s*{_CLOCK}\s*:?")
_WORD = r"[^\s:;,.。、!?]{1,20}"
_SENDER = re.compile(rf"(?P<who>{_WORD})[\s:]+(?:{_DAY}\s*)?{_CLOCK}\s*:?|(?P<name>{_WORD}):")
_OF_SENTENCES = "说午天点来送要到约等再的了在是周"
_STAND_INS = re.compile(
    r"\[(?:图片|照片|语音|视频|表情|动画表情|位置|文件|链接|photo|image|voice|video|sticker|location|file|link)[^\[\]]{0,20}\]"
    r"(?:\s*\d+[\"'″]*)?|.{0,30}(?:撤回了一条消息|recalled a message)"
)


def messenger_lines(lines: Sequence[str], starts_shop: Callable[[str], bool]) -> dict[int, str]:
    """The places of lines that nobody wrote, with who speaks from there on, blank where it says nobody.

    A name with a time and no date is taken for the sender where it stands twice or alone before a shop, and, in a chat
    that shows the times, wherever it is no sentence: 老板说下午 3:30 is one.
    """
    plain = [unicodedata.normalize("NFKC", line).strip().lower() for line in lines]
    shops = [starts_shop(line) for line in lines]
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


def _timed(line: str) -> bool:
    """Is it a sender with the time behind the name?"""
    found = _SENDER.fullmatch(line) or _DATED.fullmatch(line)
    return bool(found and found["who"])


def _is_once(line: str) -> bool:
    """王敏 18:10, and no sentence that ends with a time."""
    return _timed(line) and not set(_speaker(line)) & set(_OF_SENTENCES)


def _speaker(line: str) -> str:
    dated = None if _is_stand_in(line) else _DATED.fullmatch(line)
    return dated["who"] if dated else ("" if _TIME.fullmatch(line) or _is_stand_in(line) else _sender(line))


def _is_stand_in(line: str) -> bool:
    return _STAND_INS.fullmatch(line) is not None


def _is_plain(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_TIME, _DATED, _STAND_INS))


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
