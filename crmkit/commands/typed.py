"""Codes as people type them, in both languages: scores, frequencies, ways and reasons of a visit."""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from crmkit.model.customer import Frequency
from crmkit.model.demand import Channel
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operating import AbilityItem
from crmkit.rules.codes import read_code

Code = TypeVar("Code", bound=StrEnum)

FREQUENCIES: Mapping[Frequency, str] = {
    Frequency.WEEKLY: "每周一次 每周 一周一次 week",
    Frequency.TWICE_MONTHLY: "每月两次 每月二次 两周一次 twice twice-monthly fortnightly",
    Frequency.MONTHLY: "每月一次 每月 一月一次 month",
}
ITEMS: Mapping[AbilityItem, str] = {
    AbilityItem.DISPLAY: "陈列",
    AbilityItem.STOCK: "存货 库存",
    AbilityItem.PRICING: "明码标价 标价 价签 price",
    AbilityItem.RECOMMENDING: "推荐 推介 recommend",
    AbilityItem.ONLINE: "自主网订 网订 网上订货",
    AbilityItem.LAWFUL: "守法 守法经营 law",
}
CHANNELS: Mapping[Channel, str] = {
    Channel.ONLINE: "网上 网络 线上 web",
    Channel.PHONE: "电话",
    Channel.VISIT: "拜访 实地 上门",
    Channel.WECHAT: "微信",
    Channel.PAPER: "纸质 纸",
    Channel.OTHER: "其他 人工",
}
DOCUMENTS: Mapping[DocumentKind, str] = {
    DocumentKind.STRATEGIES: "服务策略 策略",
    DocumentKind.PLAN: "月计划 月工作计划 计划",
}
BOTH = tuple(DocumentKind)


def code_of(words: Mapping[Code, str], typed: str, option: str) -> Code:
    """The code a word means. Raises Refusal(BAD_VALUE) with every code and its first Chinese word."""
    found = _plain(typed)
    for code, names in words.items():
        if found in (code.value, *names.split()):
            return code
    expected = ", ".join(f"{code.value} {names.split()[0]}" for code, names in words.items())
    raise Refusal(Fault.BAD_VALUE, option=option, value=typed, expected=expected)


def documents_of(typed: str | None) -> tuple[DocumentKind, ...]:
    """The document named with --only; both when none is."""
    return BOTH if typed is None else (code_of(DOCUMENTS, typed, "--only"),)


def scores_of(words: Sequence[str]) -> dict[AbilityItem, int]:
    """display=4 陈列=4 … as scores. Raises Refusal: BAD_VALUE, CONFLICTING_OPTIONS for two scores of one item."""
    found: dict[AbilityItem, int] = {}
    for word, (item, score) in zip(words, map(_score, words), strict=True):
        if found.setdefault(item, score) != score:
            first = next(other for other in words if _score(other)[0] is item)
            raise Refusal(Fault.CONFLICTING_OPTIONS, first=first, second=word)
    return found


def score_of(typed: str, option: str) -> int:
    """A score of 1 to 5. Raises Refusal(BAD_VALUE)."""
    found = _plain(typed)
    if found not in ("1", "2", "3", "4", "5"):
        raise Refusal(Fault.BAD_VALUE, option=option, value=typed, expected="1 2 3 4 5")
    return int(found)


def numbers_of(words: Sequence[str]) -> tuple[int, ...]:
    """Numbers of tasks on the sheet: 2, K7M-2, 1,3 or 1、3. Raises Refusal(BAD_VALUE)."""
    parts = [part for word in words for part in _plain(word).replace("、", ",").split(",") if part]
    return tuple(map(_number, parts))


def task_behind(customer: str) -> list[str]:
    """The task typed with a short code: K7M-2 as the customer also means task 2."""
    read = read_code(customer)
    return [str(read[1])] if read and read[1] is not None else []


def clock_of(typed: str | None, option: str) -> str | None:
    """A time of day as HH:MM: 9:05, 09:05, 0905. Raises Refusal(BAD_VALUE)."""
    if typed is None:
        return None
    digits = _plain(typed).replace(":", "")
    hours, minutes = digits[:-2], digits[-2:]
    if digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 4 and int(hours) < 24 and int(minutes) < 60:
        return f"{int(hours):02d}:{minutes}"
    raise Refusal(Fault.BAD_VALUE, option=option, value=typed, expected="09:05")


def _score(word: str) -> tuple[AbilityItem, int]:
    name, equals, score = unicodedata.normalize("NFKC", word).partition("=")
    if not equals:
        raise Refusal(Fault.BAD_VALUE, option="score", value=word, expected="display=4 陈列=4")
    return code_of(ITEMS, name, "score"), score_of(score, name)


def _number(part: str) -> int:
    if part.isascii() and part.isdigit():
        return int(part)
    read = read_code(part)
    if read is None or read[1] is None:
        raise Refusal(Fault.BAD_VALUE, option="--done", value=part, expected="2 K7M-2")
    return read[1]


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip().lower()
