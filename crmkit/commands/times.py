"""Times as people type them: months, dates, words for today."""

import re
from datetime import date, timedelta

from crmkit.context import Context
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.week import Week
from crmkit.report.words import _, later

_MONTH_WORDS = {"this": 0, "本月": 0, "last": -1, "上月": -1, "next": 1, "下月": 1}
_WEEK_WORDS = {"this": 0, "本周": 0, "这周": 0, "last": -1, "上周": -1, "next": 1, "下周": 1}
_DAY_WORDS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "yesterday": -1, "昨天": -1, "后天": 2, "前天": -2}
_WEEKDAYS = "一二三四五六日"
EARLIEST, LATEST = 1990, 2100  # years the store takes (store.md)
_DAY_FORMS = later("2026-11-02 (YYYY-MM-DD), 2026年11月2日, today, tomorrow, yesterday (今天 明天 昨天), 周三, 下周一")
_WRITTEN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
NEXT = ("next", "下一工作日")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－", "0123456789-")


def month_of(context: Context, typed: str | None) -> Month:
    """The month somebody means; this month when nothing is typed. Full-width digits count as digits."""
    word = (typed or "this").strip().translate(_FULL_WIDTH)
    this = Month.of(context.today)
    if word in _MONTH_WORDS:
        return this.plus(_MONTH_WORDS[word])
    try:
        return Month.parse(word)
    except ValueError as error:
        raise Refusal(
            Fault.BAD_VALUE, option="--month", value=typed, expected="2026-11, this, last, next, 本月, 上月, 下月"
        ) from error


def week_of(context: Context, typed: str | None) -> Week:
    """The week somebody means; this week when nothing is typed. What a word means is said."""
    word = (typed or "this").strip().translate(_FULL_WIDTH)
    if word in _WEEK_WORDS:
        meant = Week.of(context.today).plus(_WEEK_WORDS[word])
        if typed:
            context.say(f"{word} = {meant}")
        return meant
    try:
        return Week.parse(word)
    except ValueError as error:
        expected = "2026-W45, this, last, next, 本周, 上周, 下周"
        raise Refusal(Fault.BAD_VALUE, option="--week", value=typed, expected=expected) from error


def day_in(week: Week, typed: str, option: str) -> date:
    """A day of a week as typed: 周三 is that of this week, 2026-11-04 must lie in it. Raises Refusal(BAD_VALUE)."""
    word = typed.strip().translate(_FULL_WIDTH)
    found = re.fullmatch(rf"(?:周|星期|礼拜)([{_WEEKDAYS}天])", word)
    day = week.days[_WEEKDAYS.index(found[1].replace("天", "日"))] if found else _written_day(word)
    if day is None or day not in week:
        expected = f"{week.monday} … {week.sunday}, 周一 … 周日"
        raise Refusal(Fault.BAD_VALUE, option=option, value=typed, expected=expected)
    return day


def day_of(context: Context, typed: str | None, option: str = "--date") -> date:
    """The date somebody means; today when nothing is typed. Year, month and day, or the words."""
    word = (typed or "today").strip().translate(_FULL_WIDTH)
    meant = _meant_day(context.today, word)
    if meant is not None:
        if typed:
            context.say(f"{word} = {meant.isoformat()}")
        return meant
    day = _written_day(word)
    if day is None or not EARLIEST <= day.year <= LATEST:
        raise Refusal(Fault.BAD_VALUE, option=option, value=typed, expected=_(_DAY_FORMS))
    if word != day.isoformat():
        context.say(f"{word} = {day.isoformat()}")
    return day


def as_of_day(context: Context, typed: str | None) -> date:
    """The day a page is to show things as of: today when nothing is typed; nobody knows a later one."""
    day = day_of(context, typed, "--as-of")
    if day > context.today:
        raise Refusal(Fault.BAD_VALUE, option="--as-of", value=typed, expected=f"<= {context.today.isoformat()}")
    return day


def _written_day(word: str) -> date | None:
    """2026-11-02, and as people write it with the year in front: 2026/11/2, 2026.11.2, 2026年11月2日."""
    found = _WRITTEN.fullmatch(word)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _meant_day(today: date, word: str) -> date | None:
    """The day a word means: 今天, 后天 …, or a day of this or the next week: 周三 本周三 下周一."""
    if word in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[word])
    found = re.fullmatch(rf"(下|本|这)?(?:周|星期|礼拜)([{_WEEKDAYS}天])", word)
    if found is None:
        return None
    monday = today - timedelta(days=today.isoweekday() - 1) + timedelta(days=7 if found[1] == "下" else 0)
    return monday + timedelta(days=_WEEKDAYS.index(found[2].replace("天", "日")))
