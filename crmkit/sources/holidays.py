"""Official working days: holidays and make-up days 调休 of a country, from maintained libraries.

China comes from `chinesecalendar`, which holds the published notices only. Other countries come from
`holidays`, which also guesses: a year in which it marks any day as estimated counts as not published.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol

from crmkit.model.calendar import OfficialDays
from crmkit.model.errors import Fault, Refusal

_WEEKEND = 6  # ISO Saturday


class _Source(Protocol):
    def published(self, year: int) -> bool: ...

    def working(self, day: date) -> bool: ...


class _China:
    """The notices of the State Council as `chinesecalendar` holds them."""

    def __init__(self) -> None:
        from chinese_calendar import constants, is_workday

        self._years = {day.year for day in constants.holidays}
        self._is_workday = is_workday

    def published(self, year: int) -> bool:
        return year in self._years

    def working(self, day: date) -> bool:
        return bool(self._is_workday(day))


class _Elsewhere:
    """Public holidays by law, and the weekend of the country; "US" or "US-IA"."""

    def __init__(self, country: str) -> None:
        import holidays

        code, _, part = country.partition("-")
        try:
            self._days = holidays.country_holidays(code, subdiv=part or None, language="en_US")
        except NotImplementedError:
            raise Refusal(
                Fault.BAD_VALUE, option="calendar.country", value=country, expected="CN, US, US-IA, …"
            ) from None

    def published(self, year: int) -> bool:
        if not self._days.start_year <= year <= self._days.end_year:
            return False
        date(year, 1, 1) in self._days  # noqa: B015 - asking for a day makes the library fill its year
        return not any(day.year == year and "estimated" in name for day, name in self._days.items())

    def working(self, day: date) -> bool:
        return bool(self._days.is_working_day(day))


def _source(country: str) -> _Source:
    return _China() if country == "CN" else _Elsewhere(country)


def published_years(country: str, first: int = 1990, last: int = 2100) -> tuple[int, ...]:
    """The years between `first` and `last` of which the library knows the official calendar. It is asked, not
    trusted to a number of ours. Raises Refusal(BAD_VALUE) for a country no library knows.
    """
    source = _source(country)
    return tuple(year for year in range(first, last + 1) if source.published(year))


def official_days(
    country: str,
    first: date,
    last: date,
    imported: Mapping[date, bool] | None = None,
    *,
    assume_weekdays: bool = False,
) -> OfficialDays:
    """The official working days from `first` to `last`, both included.

    `imported` are the days of `calendar import` for this country: they override the library, and they publish
    a year it does not hold. A list of exceptions (holidays, make-up days) publishes its whole year, other
    days being Monday to Friday; a list that also names ordinary weekdays as working is a full listing and
    publishes only what it lists. Days still unknown name their year in `unpublished`, unless
    `assume_weekdays` takes Monday to Friday for them and marks the result provisional. Raises
    Refusal(BAD_VALUE) for a country no library knows.
    """
    stated = imported or {}
    source = _source(country)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    published = {year: source.published(year) for year in range(first.year, last.year + 1)}
    listed = {day.year for day in stated}
    full = {day.year for day, working in stated.items() if working and day.isoweekday() < _WEEKEND}
    working: list[date] = []
    unknown: list[date] = []
    for day in days:
        if day in stated:
            works = stated[day]
        elif published[day.year]:
            works = source.working(day)
        else:
            works = day.isoweekday() < _WEEKEND
            if day.year not in listed or day.year in full:
                unknown.append(day)
                works = works and assume_weekdays
        if works:
            working.append(day)
    if assume_weekdays:
        return OfficialDays(tuple(working), provisional=bool(unknown))
    return OfficialDays(tuple(working), tuple(sorted({day.year for day in unknown})))
