"""Cells that hold one of a few words, in Chinese and English: states, types, weekdays, yes and no, grades."""

import re
from collections.abc import Iterable
from enum import StrEnum

from crmkit.model.customer import BusinessType, CustomerState, MarketType, VisitMethod
from crmkit.model.demand import Channel
from crmkit.model.importing import Reason
from crmkit.sources.cells import Reader, half_width
from crmkit.sources.headers import VOLUME_UNITS

STATES: dict[StrEnum, str] = {
    CustomerState.ACTIVE: "正常 正常经营 正常营业 开业 营业 营业中 在营 有效 active open normal",
    CustomerState.CLOSED: "歇业 关闭 已歇业 永久歇业 closed",
    CustomerState.SUSPENDED: "停业 暂停 暂停营业 已停业 停业整顿 停歇业 临时停业 suspended",
    CustomerState.REVOKED: "注销 吊销 许可证注销 许可证吊销 已注销 revoked",
    CustomerState.EXPIRED: "过期 许可证过期 已过期 expired",
}
MARKETS: dict[StrEnum, str] = {
    MarketType.URBAN: "城镇 城市 城区 市区 县城 城网 urban city",
    MarketType.RURAL: "乡村 农村 农网 乡镇 rural village",
}
BUSINESSES: dict[StrEnum, str] = {
    BusinessType.MALL: "商场 百货 百货店 百货商场 大型商场 商厦 购物中心 mall department_store",
    BusinessType.SUPERMARKET: "超市 超级市场 小超市 中型超市 大超市 大型超市 连锁超市 生活超市 supermarket",
    BusinessType.CONVENIENCE: "便利店 便利 便利商店 便民店 连锁便利店 24小时便利店 convenience convenience_store",
    BusinessType.TOBACCO_LIQUOR: "烟酒商店 烟酒店 烟酒行 烟酒 烟酒类 烟酒专卖店 名烟名酒 名烟名酒店 tobacco_liquor",
    BusinessType.GROCERY: "食杂店 食杂 食杂类 小卖部 小卖店 杂货店 杂货 副食店 食品店 日杂店 夫妻店 grocery",
    BusinessType.ENTERTAINMENT: (
        "娱乐服务类 娱乐服务 娱乐服务业 娱乐类 服务类 娱乐 娱乐场所 宾馆 酒店 餐饮 饭店 网吧 ktv entertainment"
    ),
    BusinessType.OTHER: "其他类 其它类 其他 其它 其他业态 other",
}
METHODS: dict[StrEnum, str] = {
    VisitMethod.ONSITE: "实地 实地拜访 上门 onsite",
    VisitMethod.PHONE: "电话 电话拜访 phone",
    VisitMethod.WECHAT: "微信 微信拜访 wechat",
    VisitMethod.ONLINE: "网络 网络拜访 线上 online",
    VisitMethod.MEETING: "集中 集中拜访 meeting",
}
CHANNELS: dict[StrEnum, str] = {
    Channel.ONLINE: "网上 网上填报 网上订货 网络 线上 在线 问卷星 小程序 手机 app 新商盟 online web",
    Channel.PHONE: "电话 电话填报 电话询问 phone telephone",
    Channel.VISIT: "拜访 实地 实地拜访 上门 走访 现场 visit onsite",
    Channel.WECHAT: "微信 微信群 wechat",
    Channel.PAPER: "纸质 纸质问卷 纸 书面 paper",
    Channel.OTHER: "其他 其它 人工 人工录入 other",
}
_YES = frozenset(["是", "有", "y", "yes", "true", "1", "√", "on"])
_NO = frozenset(["否", "无", "n", "no", "false", "0", "×", "x", "off"])
_SELLING = frozenset(["正常", "在销", "在售", "启用", "有效", "active", "yes", "true", "1", "是"])
_NOT_SELLING = frozenset(["停产", "停用", "停销", "退市", "无效", "inactive", "no", "false", "0", "否"])
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7} | {str(n): n for n in range(1, 8)}
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_GRADE = re.compile(r"第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:\.0+)?档?级?")
_LETTER = re.compile(r"(?<=\w)\([a-z]\)$|^[a-z][-.、](?=\w)")  # the letter a system sets beside a word: 食杂店(N)
_LIST = re.compile(r"[、,，;；/\s]+")


def word_of(words: dict[StrEnum, str]) -> Reader:
    """A reader of one enumeration; the words that lead to each value are given, blanks between them."""
    known = {_joined(name): str(value) for value, names in words.items() for name in (*names.split(), str(value))}

    def word(text: str) -> str | Reason | None:
        found = _joined(half_width(text))
        return known.get(found) or known.get(_LETTER.sub("", found), Reason.UNKNOWN_WORD) if found else None

    return word


def volume_unit(text: str) -> str | Reason | None:
    """条 包 箱 件 支, cartons, packs … → what a quantity counts."""
    found = half_width(text).casefold()
    return VOLUME_UNITS.get(found, Reason.UNKNOWN_WORD) if found else None


def _joined(word: str) -> str:
    """Blanks and underscores inside a word make no difference: tobacco liquor, tobacco_liquor."""
    return word.lower().replace(" ", "").replace("_", "")


def unit_word(unit: str) -> str:
    """The first word of a unit."""
    return next(word for word, known in VOLUME_UNITS.items() if known == unit)


def known_words(words: dict[StrEnum, str]) -> str:
    """The first Chinese word of each value: what a message offers."""
    return " ".join(names.split()[0] for names in words.values())


def _flag_of(yes: Iterable[str], no: Iterable[str]) -> Reader:
    def flag(text: str) -> int | Reason | None:
        found = half_width(text).lower()
        if not found:
            return None
        return 1 if found in yes else 0 if found in no else Reason.UNKNOWN_WORD

    return flag


yes_or_no = _flag_of(_YES, _NO)
selling = _flag_of(_SELLING, _NOT_SELLING)


def weekday(text: str) -> int | Reason | None:
    """周一 星期日 礼拜天 3 Mon Sunday → 1 to 7."""
    found = half_width(text).lower()
    if not found:
        return None
    for prefix in ("星期", "礼拜", "周", "每周"):
        found = found.removeprefix(prefix)
    if found in _WEEKDAYS:
        return _WEEKDAYS[found]
    english = found[:3]
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return (
        _ENGLISH_DAYS.index(english) + 1 if english == found in _ENGLISH_DAYS or found in full else Reason.UNKNOWN_WORD
    )


def weekdays(text: str) -> str | Reason | None:
    """周六、周日 → "67": ISO weekdays in order."""
    found: set[str] = set()
    for part in _LIST.split(half_width(text)):
        value = weekday(part)
        if isinstance(value, Reason):
            return value
        if value is not None:
            found.add(str(value))
    return "".join(sorted(found)) or None


def grade(text: str) -> int | Reason | None:
    """档位: 30, 30档, 三十档, 第五档, 30 档, 30.0 → 1 to 30."""
    found = half_width(text).replace(" ", "")
    if not found:
        return None
    match = _GRADE.fullmatch(found)
    value = _numeral(match[1]) if match else None
    return value if value is not None and 1 <= value <= 30 else Reason.UNKNOWN_WORD


def _numeral(text: str) -> int | None:
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text)
    high = _DIGITS.get(tens) if tens else 1
    low = _DIGITS.get(ones) if ones else 0
    return None if high is None or low is None else high * 10 + low
