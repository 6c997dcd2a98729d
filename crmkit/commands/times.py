"""Times as people type them: months, dates, words for today."""

from datetime import date, timedelta

from crmkit.context import Context
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month

_MONTH_WORDS = {"this": 0, "本月": 0, "last": -1, "上月": -1, "next": 1, "下月": 1}
_DAY_WORDS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "yesterday": -1, "昨天": -1}
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


def day_of(context: Context, typed: str | None, option: str = "--date") -> date:
    """The date somebody means; today when nothing is typed. Only YYYY-MM-DD and the words."""
    word = (typed or "today").strip().translate(_FULL_WIDTH)
    if word in _DAY_WORDS:
        meant = context.today + timedelta(days=_DAY_WORDS[word])
        if typed:
            context.say(f"{word} = {meant.isoformat()}")
        return meant
    try:
        day = date.fromisoformat(word)
    except ValueError:
        day = None
    if day is None or word != day.isoformat():
        raise Refusal(Fault.BAD_VALUE, option=option, value=typed, expected="2026-11-02, today, tomorrow, 今天, 明天")
    return day
