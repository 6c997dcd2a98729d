"""Feedback on one line of a month as people type it: "1003/2: 原因", "1003 频率：原因", "满意度：原因"."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import LinePart, TypedLine
from crmkit.rules.codes import read_code

OF_CUSTOMER: Mapping[LinePart, str] = {
    LinePart.KEY: "key 重点拜访客户 重点客户 重点",
    LinePart.FREQUENCY: "frequency 拜访频率 频率 频次",
}
OF_MONTH: Mapping[LinePart, str] = {
    LinePart.SATISFACTION: "satisfaction 客户满意度目标 满意度目标 客户满意度 满意度",
    LinePart.PROBLEMS: "problems 存在问题 问题",
    LinePart.FOCUS: "focus 工作重点 本月重点 重点",
}
_COLON = re.compile("[:：]")
_NUMBERED = (
    re.compile(r"(?P<who>.+?)\s*[/#]\s*(?P<number>[0-9]{1,3})"),
    re.compile(r"(?P<who>.+?)(?:\s+strategy\s*|[\s的]*(?:服务策略|策略|第)\s*)(?P<number>[0-9]{1,3})\s*条?", re.I),
)
_LONGEST = 1000  # characters of what is said of a line, and of all typed lines together as the reason
EXAMPLE = '"1003: …" "1003/2: …" "1003 key: …" "1003 frequency: …" "satisfaction: …" "problems: …" "focus: …"'


def lines_of(words: Sequence[str]) -> tuple[TypedLine, ...]:
    """Each --line as all the ways its name can be read. Raises Refusal(BAD_VALUE)."""
    return tuple(map(_line, words))


def reason_of(reason: str | None, lines: Sequence[TypedLine]) -> str | None:
    """The reason of the whole rejection: the one given, else the lines as typed. Raises Refusal(ANSWER_NEEDED)."""
    if reason is None and not lines:
        raise Refusal(Fault.ANSWER_NEEDED, flag='--reason TEXT | --line "CUSTOMER: TEXT"')
    told = reason if reason is not None else "; ".join(one.typed for one in lines)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


def _line(typed: str) -> TypedLine:
    colon = _COLON.search(typed)
    name, text = (typed[: colon.start()].strip(), typed[colon.end() :].strip()) if colon else ("", "")
    if not (name and text) or len(text) > _LONGEST or "\0" in typed:
        raise Refusal(Fault.BAD_VALUE, option="--line", value=typed[:40], expected=EXAMPLE)
    return TypedLine(f"{name}: {text}", tuple(dict.fromkeys(_readings(name))), text)


def _readings(name: str) -> Iterator[tuple[str, LinePart, int]]:
    """The most telling first, the whole name as a customer last."""
    plain = unicodedata.normalize("NFKC", name)
    of_month = [part for part, words in OF_MONTH.items() if plain.lower() in words.split()]
    yield from (("", part, 0) for part in of_month)
    for form in _NUMBERED:
        found = form.fullmatch(plain)
        if found:
            yield found["who"], LinePart.STRATEGY, int(found["number"])
    code = read_code(name)
    if code and code[1] is not None:
        yield name, LinePart.STRATEGY, code[1]
    for part, words in OF_CUSTOMER.items():
        yield from ((who, part, 0) for word in words.split() if (who := _before(plain, word)))
    yield name, LinePart.CUSTOMER, 0


def _before(name: str, word: str) -> str:
    """What stands before a word at the end; an English word stands apart, a Chinese one may not."""
    if not name.lower().endswith(word):
        return ""
    rest = name[: -len(word)]
    if word.isascii() and not rest.endswith((" ", "\t")):
        return ""
    return rest.strip().removesuffix("的").strip()
