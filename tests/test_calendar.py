"""The working calendar: what is published, what an import adds, and counting in working days."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from crmkit.model.calendar import DayOff
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.rules import calendar as days
from crmkit.sources.calendar import read_calendar
from crmkit.sources.holidays import official_days, published_years
from crmkit.sources.policy import shipped_policy

YEAR_2027 = (date(2027, 1, 1), date(2027, 1, 31))


def calendar_of(month: str, *off: DayOff, country: str = "CN") -> days.WorkCalendar:
    covers = days.needed_range(Month.parse(month))
    return days.build_calendar(covers, official_days(country, *covers), off, person=1, zone="Asia/Shanghai")


def test_the_chinese_years_are_those_the_library_holds() -> None:
    years = published_years("CN")
    assert years[0] == 2004
    assert 2026 in years
    last = max(chinese_calendar.constants.holidays).year
    assert years[-1] == last
    assert official_days("CN", date(last, 12, 1), date(last + 1, 1, 31)).unpublished == (last + 1,)


def test_make_up_days_and_holidays_of_october_2025() -> None:
    working = official_days("CN", date(2025, 10, 1), date(2025, 10, 12)).working
    assert working == (date(2025, 10, 9), date(2025, 10, 10), date(2025, 10, 11))  # Saturday the 11th makes up


def test_an_unpublished_year_is_named_and_may_be_assumed() -> None:
    assert official_days("CN", *YEAR_2027).unpublished == (2027,)
    assumed = official_days("CN", *YEAR_2027, assume_weekdays=True)
    assert (assumed.provisional, assumed.unpublished, len(assumed.working)) == (True, (), 21)
    published = official_days("CN", date(2026, 3, 1), date(2026, 3, 31), assume_weekdays=True)
    assert not published.provisional


def test_imported_days_override_and_a_list_of_exceptions_publishes_its_year() -> None:
    new_year = {date(2027, 1, 1): False, date(2027, 1, 2): True}
    official = official_days("CN", *YEAR_2027, new_year)
    assert official.unpublished == ()
    assert official.working[:2] == (date(2027, 1, 2), date(2027, 1, 4))
    assert (
        date(2026, 3, 4)
        not in official_days("CN", *days.needed_range(Month(2026, 3)), {date(2026, 3, 4): False}).working
    )


def test_a_full_listing_publishes_only_what_it_lists() -> None:
    january = {day: day.isoweekday() < 6 for day in Month(2027, 1).days}
    assert official_days("CN", *YEAR_2027, january).unpublished == ()
    assert official_days("CN", date(2027, 1, 1), date(2027, 2, 1), january).unpublished == (2027,)


def test_other_countries() -> None:
    november = official_days("US", date(2022, 11, 1), date(2022, 11, 30)).working
    assert date(2022, 11, 24) not in november  # Thanksgiving
    assert len(november) == 20  # Veterans Day too
    assert 2030 not in published_years("MY", 2030, 2030)  # the library itself calls its moon days estimated
    with pytest.raises(Refusal) as refused:
        official_days("XX", *YEAR_2027)
    assert refused.value.fault is Fault.BAD_VALUE


def test_gaps_count_working_days_of_the_company_and_no_own_days_off() -> None:
    calendar = calendar_of("2025-10", DayOff(date(2025, 10, 14), None, "盘点"), DayOff(date(2025, 10, 15), 1, "事假"))
    assert days.gap(calendar, date(2025, 9, 30), date(2025, 10, 9)) == 1  # over the whole holiday
    assert days.gap(calendar, date(2025, 10, 13), date(2025, 10, 16)) == 2  # the 14th is no working day, the 15th is
    assert days.gap(calendar, date(2025, 10, 12), date(2025, 10, 13)) == 1  # a Sunday stands at the day before it
    assert days.gap(calendar, date(2025, 10, 11), date(2025, 10, 12)) == 0
    assert days.gap(calendar, date(2025, 10, 16), date(2025, 10, 13)) == -2
    assert not days.works_on(calendar, date(2025, 10, 15))
    assert days.is_working(calendar, date(2025, 10, 15))


def test_opening_days_deadline_and_next_working_day() -> None:
    calendar, month = calendar_of("2025-10", DayOff(date(2025, 10, 10), 1, "事假")), Month(2025, 10)
    assert days.opening_days(calendar, month, 2) == (date(2025, 10, 9), date(2025, 10, 10))
    assert days.deadline(calendar, month, 1) == date(2025, 10, 9)
    assert days.deadline(calendar, month, 0) == date(2025, 9, 30)
    assert days.visit_days(calendar, month, 1)[0] == date(2025, 10, 10)
    assert days.next_working_day(calendar, date(2025, 9, 30)) == date(2025, 10, 9)
    assert days.next_working_day(calendar, date(2025, 10, 9)) == date(2025, 10, 11)
    assert days.next_working_day(calendar, date(2025, 10, 31)) is None


def test_ordering_days_move_within_their_week_of_the_month() -> None:
    calendar, month = calendar_of("2025-10"), Month(2025, 10)
    assert [day.day for day in days.ordering_days(calendar, month, 3)] == [9, 15, 22, 29]  # the 8th is a holiday
    assert [day.day for day in days.ordering_days(calendar, month, 5)] == [10, 17, 24, 31]  # the 3rd week has no work
    assert [day.day for day in days.ordering_days(calendar, month, None)] == [9, 13, 20, 27]


@pytest.mark.parametrize(
    "text",
    [
        "date,working,name\n2027-01-01,no,New Year\n2027-01-02,yes,\n",
        "日期,上班,名称\n2027年1月1日,休,元旦\n2027/1/2,班,\n",
        "\ufeff日期;是否工作日\n2027-01-02;是\n2027-01-01;否\n\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_calendar_files(tmp_path: Path, text: str, encoding: str) -> None:
    file = tmp_path / "假期.csv"
    file.write_bytes(text.encode(encoding))
    read = read_calendar(file)
    assert [(line.day, line.working) for line in read] == [(date(2027, 1, 1), False), (date(2027, 1, 2), True)]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("day,name\n2027-01-01,x\n", 1, "header"),
        ("date,working,上班\n2027-01-01,no,no\n", 1, "header"),
        ("date,working\n", 1, "empty"),
        ("date,working\n2027-01-01\n", 2, "columns"),
        ("date,working\n2027-02-29,no\n", 2, "date"),
        ("date,working\n2027-W01-1,no\n", 2, "date"),
        ("date,working\n2127-01-01,no\n", 2, "range"),
        ("date,working\n2027-01-01,no\n2027-01-02,maybe\n", 3, "working"),
        ("date,working\n2027-01-01,no\n2027/1/1,no\n", 3, "twice"),
        ('date,working\n2027-01-01,"no\n', 2, "columns"),
    ],
)
def test_a_bad_calendar_names_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_calendar(file)
    assert refused.value.fault is Fault.BAD_CALENDAR
    assert (refused.value.facts["line"], refused.value.facts["reason"]) == (line, reason)


@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, Fault.FILE_MISSING), (b"", Fault.FILE_EMPTY), (b"\xff\xfe\x00\x00", Fault.WRONG_FILE_TYPE)],
)
def test_files_that_are_no_calendar(tmp_path: Path, content: bytes | None, fault: Fault) -> None:
    file = tmp_path / "none.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        read_calendar(file)
    assert refused.value.fault is fault


def test_the_policy_names_a_known_country() -> None:
    assert published_years(shipped_policy().calendar.country, 2026, 2026) == (2026,)
    assert days.gap(calendar_of("2026-01"), date(2025, 12, 31), date(2026, 1, 1) + timedelta(days=3)) == 1
