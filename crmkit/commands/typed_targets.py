"""Rates, indicators, states and their numbers as people type them, in both languages."""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from crmkit.commands.typed import Code, code_of
from crmkit.model.brand import RateKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.judgement import Judgement
from crmkit.model.market import Indicator

RATES: Mapping[RateKind, str] = {
    RateKind.ON_SHELF: "上柜率 上柜 on-shelf",
    RateKind.SELL_THROUGH: "动销率 动销 sell-through",
    RateKind.REPURCHASE: "重购率 重购 reorder",
    RateKind.STOCK_OUT: "断货率 断货 stock-out",
}
INDICATORS: Mapping[Indicator, str] = {
    Indicator.VOLUME: "销量 sales_volume",
    Indicator.CARTON_VALUE: "平均单条值 单条值",
    Indicator.KEY_BRAND_GROWTH: "重点品牌增幅 重点品牌增长",
    Indicator.VOLUME_GROWTH: "销量增幅 增幅",
    Indicator.AMOUNT: "销售额 金额",
    Indicator.ORDERING_CUSTOMERS: "订货户数 customers",
    Indicator.ORDERS: "订货次数 订单数",
    Indicator.KEY_BRAND_SHARE: "重点品牌占比 key_share",
}
JUDGEMENTS: Mapping[Judgement, str] = {
    Judgement.ABNORMAL: "异常",
    Judgement.NORMAL: "正常",
    Judgement.NOT_JUDGED: "未判定 不判定 not-judged",
}
NONE = ("-", "none", "无")  # takes a rate away
_DIGITS = 30  # of a number, before and after the point together
_LARGEST = Decimal(10) ** 12


def rates_of(words: Sequence[str]) -> dict[RateKind, Decimal | None]:
    """on_shelf=60 上柜率=60% stock_out=- … in percent, exactly as typed. Raises Refusal(BAD_VALUE)."""
    found: dict[RateKind, Decimal | None] = {}
    for word in words:
        kind, text = _pair(RATES, word, "RATE", "on_shelf=60 上柜率=60")
        found[kind] = None if text in NONE else _percent(kind, text, word)
    return found


def targets_of(words: Sequence[str]) -> dict[Indicator, Decimal]:
    """volume=12000 重点品牌增幅=-2% … Raises Refusal(BAD_VALUE)."""
    found = {}
    for word in words:
        indicator, text = _pair(INDICATORS, word, "INDICATOR", "volume=12000 销量=12000")
        number = _number(text)
        if number is None or (number <= 0 and not indicator.is_growth):
            raise Refusal(Fault.BAD_VALUE, option=indicator.value, value=text, expected="12000 180.5")
        found[indicator] = number
    return found


def satisfaction_of(text: str) -> Decimal:
    """A satisfaction target as typed, 0 to 100; a percent sign may stand behind it. Raises Refusal(BAD_VALUE)."""
    try:
        target = Decimal(text.strip().removesuffix("%").removesuffix("％"))
    except InvalidOperation:
        target = Decimal(-1)
    if not target.is_finite() or not 0 <= target <= 100 or len(target.as_tuple().digits) > 6:
        raise Refusal(Fault.BAD_VALUE, option="--satisfaction", value=text, expected="90")
    return target


def texts_of(problems: str | None, focus: str | None) -> tuple[str | None, str | None]:
    """Problems and focus; at least one of them. Raises Refusal: ANSWER_NEEDED, BAD_VALUE when too long."""
    if problems is None and focus is None:
        raise Refusal(Fault.ANSWER_NEEDED, flag="--problems / --focus")
    for option, text in (("--problems", problems), ("--focus", focus)):
        if text is not None and (len(text) > _TEXT or "\0" in text):
            raise Refusal(Fault.BAD_VALUE, option=option, value=text[:20] + "…", expected=f"0-{_TEXT}")
    return problems, focus


_TEXT = 4000


def note_of(text: str) -> str:
    """A note of at most 400 characters. Raises Refusal(BAD_VALUE)."""
    if len(text) > _NOTE or "\0" in text:
        raise Refusal(Fault.BAD_VALUE, option="--note", value=text[:20] + "…", expected=f"0-{_NOTE}")
    return text


_NOTE = 400


def _pair(words: Mapping[Code, str], typed: str, option: str, expected: str) -> tuple[Code, str]:
    name, equals, text = unicodedata.normalize("NFKC", typed).partition("=")
    if not equals:
        raise Refusal(Fault.BAD_VALUE, option=option, value=typed, expected=expected)
    return code_of(words, name, option), text.strip().lower()


def _percent(kind: RateKind, text: str, typed: str) -> Decimal:
    """0 to 100; the sell-through rate may pass 100, for who orders anew counts too."""
    number = _number(text)
    top = 1000 if kind is RateKind.SELL_THROUGH else 100
    if number is None or not 0 <= number <= top:
        raise Refusal(Fault.BAD_VALUE, option=kind.value, value=typed, expected=f"0-{top}")
    return number


def _number(text: str) -> Decimal | None:
    """A plain number; thousands may be set off by commas, a percent sign may stand behind it."""
    plain = text.removesuffix("%").strip().replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if "_" in plain or not plain.isascii():  # what Python reads as a number and people do not
        return None
    if not number.is_finite() or abs(number) >= _LARGEST or len(f"{number:f}") > _DIGITS:
        return None
    return number
