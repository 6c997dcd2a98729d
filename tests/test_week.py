"""Step 10, the week schedule: its days by their own month, its texts, its paper."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st
from month_examples import BOSS, METHODLESS, MONTH, Typist, kept, submitted
from pypdf import PdfReader
from week_examples import example_week

from crmkit.model.calendar import WorkCalendar
from crmkit.model.errors import Exit
from crmkit.model.week import Week
from crmkit.model.week_schedule import DayState
from crmkit.report.formats import Format, encoded, render
from crmkit.report.papers.week_schedule import week_schedule
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.rules.week import DayGates, day_state, due_day, is_late
from crmkit.store.opening import open_store
from crmkit.workflow.area_findings import AreaFindings

DAYS = st.dates(date(1991, 1, 1), date(2099, 12, 31))
Golden = Callable[[str, str], None]


# the week


@given(DAYS)
def test_every_day_lies_in_one_week_of_seven_days_and_the_week_is_read_back(day: date) -> None:
    week = Week.of(day)
    assert day in week
    assert [one.isoweekday() for one in week.days] == [1, 2, 3, 4, 5, 6, 7]
    assert Week.parse(str(week)) == week
    assert str(week) == f"{day:%G-W%V}"  # the C library's reading of ISO 8601
    assert week.plus(1).monday == week.sunday + timedelta(days=1)
    assert week.plus(1) > week


def test_a_year_of_53_weeks_and_one_of_52() -> None:
    last = Week.parse("2026-W53")
    assert (last.monday, last.sunday) == (date(2026, 12, 28), date(2027, 1, 3))
    assert last.plus(1) == Week(2027, 1)
    assert Week.of(date(2027, 1, 1)) == last
    for wrong in ("2027-W53", "2026-W00", "2026-W54", "2026-45", "w45", "2026-W4"):
        with pytest.raises(ValueError, match=r".+"):
            Week.parse(wrong)


# what a day is


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2), st.booleans(), DAYS)
def test_a_day_shows_customers_only_where_its_month_is_approved_and_planned(
    working: bool, absent: bool, approved: bool, covered: bool, visits: int, off: bool, day: date
) -> None:
    away = frozenset([day] if absent and working else [])
    calendar = WorkCalendar(day, day, (day,) if working else (), away)
    state = day_state(calendar, day, off, DayGates(approved, covered, visits), opening=1)
    if state is DayState.PLANNED:
        assert approved
        assert covered
    if visits and approved and covered:
        assert state is DayState.PLANNED  # whatever day it is: what a person put there is seen
    if working and not absent and not approved:
        assert state is DayState.WAITING
    if not working and not approved:
        assert state in (DayState.COMPANY_OFF, DayState.WEEKEND, DayState.HOLIDAY)
        assert (state is DayState.WEEKEND) == (not off and day.isoweekday() > 5)


def test_a_week_is_due_on_its_first_working_day_and_late_after_it() -> None:
    week = Week(2026, 41)  # the 5th to 7th are National Day's last
    calendar = WorkCalendar(week.monday, week.sunday, tuple(week.days[3:6]))
    assert due_day(calendar, week) == date(2026, 10, 8)
    assert due_day(WorkCalendar(week.monday, week.sunday, ()), week) is None
    due = date(2026, 10, 8)
    assert not is_late(due, None, due)
    assert is_late(due, None, date(2026, 10, 9))
    assert not is_late(due, due, date(2026, 10, 20))
    assert is_late(due, date(2026, 10, 9), date(2026, 10, 9))
    assert not is_late(None, None, date(2026, 10, 20))


# as it is typed


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """November planned on the evening before it."""
    return kept(submitted, tmp_path, monkeypatch, capsys)


def approve_and_date(typed: Typist, month: str = MONTH) -> None:
    assert typed("plan", "approve", "--month", month, actor=BOSS).code == 0
    assert typed("plan", "visits", "--month", month).code == 0


def states(schedule: dict[str, list[dict[str, str]]]) -> list[str]:
    return [day["state"] for day in schedule["days"]]


def test_days_wait_for_approval_and_are_filled_by_it(typed: Typist) -> None:
    waiting = typed.json("plan", "week", "--week", "2026-W45")
    assert states(waiting) == ["waiting"] * 5 + ["weekend"] * 2
    assert all(not day["visits"] for day in waiting["days"])
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    assert states(typed.json("plan", "week", "--week", "2026-W45")) == ["opening", *["unplanned"] * 4, *["weekend"] * 2]
    assert typed("plan", "visits", "--month", MONTH).code == 0
    filled = typed.json("plan", "week", "--week", "2026-W45")
    assert states(filled) == ["opening", *["planned"] * 4, *["weekend"] * 2]
    stops = [stop for day in filled["days"] for stop in day["visits"]]
    assert stops
    assert all(stop["tasks"] for stop in stops)
    assert METHODLESS in filled["methodless"]
    left = {code for day in filled["days"] for code in day["left_out"]}
    assert METHODLESS not in {stop["customer"] for stop in stops}
    assert left <= {METHODLESS}
    said = typed("plan", "week", "--week", "2026-W45", lang="zh").out
    assert "月初准备日" in said
    assert f"{METHODLESS} 试验小店23" in said


def test_a_week_over_the_month_border_is_judged_day_by_day(typed: Typist) -> None:
    approve_and_date(typed)
    found = typed.json("plan", "week", "--week", "2026-W49")  # 30 November to 6 December
    assert states(found) == ["planned", *["waiting"] * 4, *["weekend"] * 2]
    assert "待审核" in typed("plan", "week", "--week", "2026-W49", lang="zh").out
    first = typed.json("plan", "week", "--week", "2026-W44")  # October was never approved
    assert states(first) == ["waiting"] * 5 + ["weekend"] * 2


def test_the_order_and_the_totals_are_those_of_the_daily_sheet(typed: Typist) -> None:
    approve_and_date(typed)
    week = typed.json("plan", "week", "--week", "2026-W45")
    for day in week["days"][1:5]:
        sheet = typed.json("visit", "sheet", "--date", day["date"])
        stops = [*sheet["stops"], *sheet["calls"]]
        assert [one["customer"] for one in day["visits"]] == [one["customer"]["code"] for one in stops]
        assert (day["totals"]["onsite"], day["totals"]["calls"]) == (len(sheet["stops"]), len(sheet["calls"]))
        assert day["totals"]["metres"] == sheet["totals"]["metres"]
        tasks = [[(t["number"], t["code"]) for t in one["tasks"]] for one in stops]
        assert [[(t["number"], t["code"]) for t in one["tasks"]] for one in day["visits"]] == tasks
    assert week["totals"]["visits"] == sum(day["totals"]["visits"] for day in week["days"])


def test_finished_strategies_leave_and_none_left_says_so(typed: Typist) -> None:
    approve_and_date(typed)
    typed.now = "2026-11-03T18:00"
    day = typed.json("plan", "week", "--week", "2026-W45")["days"][1]
    shop = day["visits"][0]
    numbers = [word for task in shop["tasks"] for word in ("--done", str(task["number"]))]
    assert typed("visit", "log", shop["customer"], *numbers, "--effect", "ok").code == 0
    after = typed.json("plan", "week", "--week", "2026-W45")["days"][1]["visits"][0]
    assert (after["customer"], after["tasks"], after["state"]) == (shop["customer"], [], "visited")
    assert "本月策略已完成" in typed("plan", "week", "--week", "2026-W45", lang="zh").out


def test_texts_are_kept_by_week_and_taken_back(typed: Typist) -> None:
    write = ("plan", "week", "--week", "2026-W45")
    dry = typed.json(*write, "--market", "新品价格", "--dry-run")
    assert (dry["market"], typed.json(*write)["market"]) == ("新品价格", None)
    texts = ("--market", "新品价格", "--brand", "上柜", "--route", "周三=东片", "--note", "2026-11-05=开会")
    assert typed(*write, *texts).code == 0
    kept = typed.json(*write)
    assert (kept["market"], kept["brand"], kept["done_by"]) == ("新品价格", "上柜", "001")
    assert kept["days"][2]["route"] == "东片"
    assert kept["days"][3]["note"] == "开会"
    assert typed.json("plan", "week", "--week", "2026-W46")["market"] is None
    assert typed(*write, "--brand", "", "--route", "周三=").code == 0
    less = typed.json(*write)
    assert (less["market"], less["brand"], less["days"][2]["route"], less["days"][3]["note"]) == (
        "新品价格", None, None, "开会",
    )  # fmt: skip
    assert typed("db", "undo").code == 0
    assert typed.json(*write)["brand"] == "上柜"
    assert typed("db", "undo").code == 0
    assert typed.json(*write)["market"] is None
    log = typed("db", "log", "--changes", "1").out
    assert "新品价格" not in log


@pytest.mark.parametrize(
    "words",
    [
        ("--week", "2027-W53"),
        ("--week", "2026-11"),
        ("--week", "2026-W45", "--route", "2026-11-09=东片"),
        ("--week", "2026-W45", "--route", "东片"),
        ("--week", "2026-W45", "--note", "周三=一", "--note", "2026-11-04=二"),
        ("--week", "2026-W45", "--market", "长" * 4001),
        ("--week", "2026-W45", "--route", "周三=" + "长" * 401),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(typed: Typist, words: tuple[str, ...]) -> None:
    for lang in LANGUAGES:
        answer = typed("plan", "week", *words, lang=lang)
        assert answer.code == Exit.USAGE, answer
    assert typed.json("plan", "week", "--week", "2026-W45")["market"] is None


def test_another_managers_week_is_read_and_not_written(typed: Typist) -> None:
    assert typed("plan", "week", "--week", "2026-W45", "--manager", "001", actor="002").code == 0
    answer = typed("plan", "week", "--week", "2026-W45", "--manager", "001", "--market", "x", actor="002")
    assert answer.code == Exit.FORBIDDEN


def test_late_is_allowed_and_shown(typed: Typist) -> None:
    approve_and_date(typed)
    typed.now = "2026-11-10T08:00"
    texts = ("plan", "week", "--market", "价格", "--brand", "上柜")
    step = next(one for one in typed.json("status")["steps"] if one["key"] == "week")
    assert (step["state"], step["due"], step["command"]) == ("late", "2026-11-09", "plan week")
    late = typed.json(*texts)
    assert (late["week"], late["late"]) == ("2026-W46", True)
    assert "逾期" in typed("plan", "week", lang="zh").out
    step = next(one for one in typed.json("status")["steps"] if one["key"] == "week")
    assert step["state"] == "done"
    assert not typed.json(*texts, "--week", "下周")["late"]


def test_a_printed_week_is_recorded_freezes_nothing_and_says_when_it_no_longer_holds(typed: Typist) -> None:
    approve_and_date(typed)
    print_it = ("plan", "week", "--week", "2026-W46", "-o", "week.pdf")
    assert typed(*print_it, "--no-mark").code == 0
    assert typed.json("plan", "week", "--week", "2026-W46")["version"] is None
    assert typed(*print_it).code == 0
    before = typed.json("plan", "week", "--week", "2026-W46")
    assert (before["version"], before["changed"]) == (1, [])
    assert [day["sheet"] for day in before["days"]] == [0] * 7, "the week's paper counts as its Monday's sheet"
    assert typed("calendar", "off", "2026-11-10", "--reason", "发烧").code == 0
    assert typed("plan", "replan", "--month", MONTH).code == 0
    after = typed.json("plan", "week", "--week", "2026-W46")
    assert states(after)[1] == "away"
    assert not after["days"][1]["visits"], "a printed week has frozen the day"
    assert "2026-11-10" in after["changed"]
    assert "第1版" in typed("plan", "week", "--week", "2026-W46", lang="zh").out
    assert typed(*print_it).code == 0
    again = typed.json("plan", "week", "--week", "2026-W46")
    assert (again["version"], again["changed"]) == (2, [])


def test_a_paper_nobody_has_is_not_recorded(typed: Typist) -> None:
    approve_and_date(typed)
    assert typed("plan", "week", "--week", "2026-W46", "-o", "nowhere/week.pdf").code == Exit.INPUT_REFUSED
    store = open_store(typed.folder / "crmkit.db")
    assert store.value("SELECT count(*) FROM printing") == 0
    store.close()


def test_appointments_stand_out_and_a_company_day_off_says_why(typed: Typist) -> None:
    approve_and_date(typed)
    assert typed("customer", "appoint", "1001", "2026-11-11", "--reason", "带货样").code == 0
    assert typed("calendar", "off", "2026-11-12", "--reason", "盘点", "--for", "all", actor=BOSS).code == 0
    assert typed("plan", "replan", "--month", MONTH).code == 0
    week = typed.json("plan", "week", "--week", "2026-W46")
    fixed = [one for one in week["days"][2]["visits"] if one["customer"] == "1001"]
    assert [(one["pinned"], one["note"]) for one in fixed] == [(True, "带货样")]
    assert states(week)[3] == "company_off"
    said = typed("plan", "week", "--week", "2026-W46", lang="zh").out
    assert "盘点" in said
    assert "固定：带货样" in said.replace("\n", "").replace(" ", "")


# as it looks


def shown(form: Format) -> str:
    return encoded(render(week_schedule(example_week(), AreaFindings()), form)).decode()


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_schedule_looks_as_it_was_approved(spoken: Language, golden: Golden) -> None:
    use_language(spoken)
    golden(f"week_schedule.{spoken}.txt", shown(Format.TABLE))
    golden(f"week_schedule.{spoken}.html", shown(Format.HTML))
    page = week_schedule(example_week(), AreaFindings())
    reader = PdfReader(io.BytesIO(encoded(render(page, Format.PDF))))
    lines = [" ".join(line.split()) for one in reader.pages for line in one.extract_text().splitlines()]
    golden(f"week_schedule.{spoken}.pdf.txt", "\n".join([*lines, ""]))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_terminal_form_fits_80_cells(spoken: Language) -> None:
    use_language(spoken)
    assert all(wcwidth.width(line) <= 80 for line in shown(Format.TABLE).splitlines())


def test_json_is_the_same_in_both_languages_and_csv_has_a_row_a_visit() -> None:
    english = shown(Format.JSON)
    use_language("zh")
    assert shown(Format.JSON) == english
    page = json.loads(english)
    assert page["schema"] == "crmkit.week-schedule/1"
    assert len(shown(Format.CSV).splitlines()) == 1 + sum(len(day["visits"]) for day in page["data"]["days"])
