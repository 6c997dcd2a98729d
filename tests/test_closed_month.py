"""September 2022 of both managers, worked and closed by a seeded simulator: every figure counted anew.

What is expected comes from the raw files, from rows read with sqlite3 and from what the simulator says it typed; the
only thing asked of the program is what it prints. The fixture plans two months and types 37 evenings: a minute or two.
"""

import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
import slow_completion
import slow_month
from des_moines import EXAMPLES
from slow_month import FEDERAL_HOLIDAYS_2022, Raw
from test_sheet_density import assert_dense, shops_a_page
from visit_simulator import CHINESE, ENGLISH, HURRY, LATE, MONTH, SICK, TARGETS, Desk, Happened, Writer, simulate

from crmkit.report.words import LANGUAGES, Language

FIRST, LAST = date(2022, 9, 1), date(2022, 9, 30)
OPENING_DAY = FIRST
MANAGERS = ("CM1", "CM2")
LABOR_DAY_WEEK, SICK_WEEK = date(2022, 9, 5), date(2022, 9, 12)
WEEKS = (date(2022, 8, 29), LABOR_DAY_WEEK, SICK_WEEK, date(2022, 9, 19), date(2022, 9, 26))
TOO_CLOSE = "too_close"
LATER = "2022-11-01T12:00"
Rows = list[tuple[Any, ...]]


def working_days(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in FEDERAL_HOLIDAYS_2022]


@dataclass
class Closed:
    """The folder of the closed month, who worked in it, and the raw files."""

    folder: Path
    writers: dict[str, Writer]
    raw: Raw

    def rows(self, sql: str, *values: object) -> Rows:
        with sqlite3.connect(f"file:{self.folder / 'crmkit.db'}?mode=ro", uri=True) as connection:
            return connection.execute(sql, values).fetchall()

    def happened(self, manager: str) -> Happened:
        return self.writers[manager].happened

    def plans(self, manager: str) -> list[slow_completion.Plan]:
        sql = """SELECT p.customer, p.day, p.state='cancelled' FROM planned_visit p
                 JOIN person m ON m.id=p.manager WHERE m.code=?"""
        return [(customer, date.fromisoformat(day), bool(off)) for customer, day, off in self.rows(sql, manager)]

    def facts(self, manager: str) -> list[slow_completion.Fact]:
        sql = "SELECT v.customer, v.day, v.visited FROM visit v JOIN person m ON m.id=v.manager WHERE m.code=?"
        return [(customer, date.fromisoformat(day), bool(made)) for customer, day, made in self.rows(sql, manager)]

    def owed(self, manager: str, weeks: tuple[date, ...], *, month: bool) -> list[slow_completion.Window]:
        """One visit in each week of at least three working days behind the opening day; one or two in the month."""
        sql = """SELECT c.id, c.frequency FROM customer c JOIN person m ON m.id=c.manager
                 WHERE m.code=? AND c.state='active' AND c.visit_method IS NOT NULL AND c.frequency IS NOT NULL"""
        found: list[slow_completion.Window] = []
        for customer, frequency in self.rows(sql, manager):
            if frequency == "weekly":
                found += [(customer, monday, sunday(monday), 1) for monday in weeks if _counts(monday)]
            elif month:
                found.append((customer, FIRST, LAST, {"twice_monthly": 2, "monthly": 1}[frequency]))
        return found


def sunday(monday: date) -> date:
    return monday + timedelta(days=6)


def _counts(monday: date) -> bool:
    days = [day for day in working_days(monday, sunday(monday)) if OPENING_DAY < day <= LAST]
    return len(days) >= 3


@pytest.fixture(scope="module")
def closed(shared_data: Path, iowa_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Closed:
    folder = tmp_path_factory.mktemp("closed")
    shutil.copy(iowa_file, folder / "crmkit.db")
    for name in ("crmkit.toml", "policy.toml"):
        shutil.copy(EXAMPLES / "des-moines" / name, folder)
    raw = slow_month.read_raw(shared_data / "iowa-des-moines")
    places = {
        code: (float(store["latitude"]), float(store["longitude"]))
        for code, store in raw.stores.items()
        if store["latitude"]
    }
    return Closed(folder, simulate(folder, working_days(date(2022, 9, 2), LAST), places), raw)


def month_of(closed: Closed, manager: str, now: str = LATER) -> Any:
    return Desk(closed.folder).data(now, manager, "summarize", "month", "--month", MONTH)


def week_of(closed: Closed, manager: str, monday: date, now: str = "") -> Any:
    year, number, _day = monday.isocalendar()
    words = ("summarize", "week", "--week", f"{year}-W{number:02d}")
    return Desk(closed.folder).data(now or f"{sunday(monday)}T20:00", manager, *words)


def shares(found: Any) -> list[tuple[int, int]]:
    return [(found[way]["done"], found[way]["of"]) for way in ("on_day", "in_period", "by_frequency")]


@pytest.mark.parametrize("manager", MANAGERS)
def test_the_file_holds_what_was_typed(closed: Closed, manager: str) -> None:
    told = closed.happened(manager)
    sql = """SELECT v.day, c.code, v.visited, v.miss_reason, v.ad_hoc AND v.planned IS NULL, v.method
             FROM visit v JOIN customer c ON c.id=v.customer JOIN person m ON m.id=v.manager WHERE m.code=?"""
    rows = [(date.fromisoformat(row[0]), *row[1:]) for row in closed.rows(sql, manager)]
    assert {(day, code) for day, code, made, *_ in rows if made} == told.made
    assert {(day, code): reason for day, code, made, reason, *_ in rows if not made} == told.missed
    assert {(day, code) for day, code, _m, _r, extra, _w in rows if extra} <= told.extra
    assert {(day, code) for day, code, made, _r, _e, way in rows if made and way != "onsite"} == told.by_phone
    assert not told.untyped & {(day, code) for day, code, *_ in rows}
    assert {"closed", "owner_away"} <= set(told.missed.values())
    assert told.extra
    assert told.untyped
    assert any(day == LATE for day, _code in told.made)


@pytest.mark.parametrize("manager", MANAGERS)
def test_the_month_is_completed_as_a_slow_count_says(closed: Closed, manager: str) -> None:
    plans, facts = closed.plans(manager), closed.facts(manager)
    found = month_of(closed, manager)["completion"]
    assert shares(found) == [
        slow_completion.on_day(plans, facts, FIRST, LAST),
        slow_completion.in_period(plans, facts, FIRST, LAST),
        slow_completion.by_frequency(closed.owed(manager, WEEKS, month=True), facts, FIRST, LAST),
    ]
    told = closed.happened(manager)
    assert (found["made"], found["by_phone"]) == (len(told.made), len(told.by_phone))
    assert found["missed"] == Counter(told.missed.values())
    assert found["untyped"] == len(told.untyped)


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("monday", WEEKS)
def test_each_week_is_completed_as_a_slow_count_says(closed: Closed, manager: str, monday: date) -> None:
    """Two weeks over a border of the month, the one with Labor Day, the one of the sick day."""
    plans, facts = closed.plans(manager), closed.facts(manager)
    found = week_of(closed, manager, monday)
    span = (monday, sunday(monday))
    assert shares(found["completion"]) == [
        slow_completion.on_day(plans, facts, *span),
        slow_completion.in_period(plans, facts, *span),
        slow_completion.by_frequency(closed.owed(manager, (monday,), month=False), facts, *span),
    ]
    told = closed.happened(manager)
    stars = sum(count for day, count in told.stars.items() if monday <= day <= sunday(monday))
    assert found["strategies"]["marked"] == stars
    assert found["strategies"]["done"] == sum(count for day, count in told.stars.items() if day <= sunday(monday))
    assert len(found["anomalies"]) == sum(n for day, n in told.anomalies.items() if monday <= day <= sunday(monday))
    worked = {str(day) for day, _code in told.made if monday <= day <= sunday(monday)}
    assert [day["day"] for day in found["days"]] == sorted(worked)


def test_the_printed_days_hold_eight_shops_a_page(closed: Closed) -> None:
    """Long names, addresses and English words, as they were carried each morning."""
    printed = sorted(closed.folder.glob("CM?-*.pdf"))
    assert len(printed) == 2 * 20 - 1  # one was sick
    assert_dense([shops_a_page(path.read_bytes()) for path in printed])


def test_nobody_worked_on_labor_day_or_sick(closed: Closed) -> None:
    for manager in MANAGERS:
        assert "2022-09-05" not in [day["day"] for day in week_of(closed, manager, LABOR_DAY_WEEK)["days"]]
    assert str(SICK) not in [day["day"] for day in week_of(closed, "CM1", SICK_WEEK)["days"]]
    assert str(SICK) in [day["day"] for day in week_of(closed, "CM2", SICK_WEEK)["days"]]
    before = month_of(closed, "CM1", "2022-09-18T20:00")["completion"]
    assert before["by_frequency"]["of"] == len(closed.owed("CM1", WEEKS[:3], month=False))  # duty stays, room went


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("until", [date(2022, 9, 4), date(2022, 9, 11), date(2022, 9, 30)])
def test_the_pace_is_that_of_the_calendar_and_the_orders(closed: Closed, manager: str, until: date) -> None:
    """Labor Day is no working day; August stands beside September in the week over their border."""
    monday = until - timedelta(days=until.weekday())
    told = {one["month"]: one for one in week_of(closed, manager, monday, f"{until}T20:00")["months"]}
    assert list(told) == (["2022-08", MONTH] if monday < FIRST else [MONTH])
    found = told[MONTH]
    assert found["working_days_passed"] == len(working_days(FIRST, until))
    assert found["working_days"] == len(working_days(FIRST, LAST)) == 21
    bottles = _bottles(closed.raw, manager, FIRST, until)
    assert Decimal(found["volume"]) == bottles
    reached = Decimal(bottles * 100) / TARGETS[manager]
    assert Decimal(found["volume_reached"]) == reached.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _bottles(raw: Raw, manager: str, first: date, last: date) -> int:
    owned = set(raw.owned(manager))
    return sum(
        bottles
        for store, days in raw.daily.items()
        for day, bottles in days.items()
        if store in owned and str(first) <= day <= str(last)
    )


def test_october_is_not_told_in_the_week_in_which_none_of_it_was_worked(closed: Closed) -> None:
    found = week_of(closed, "CM1", WEEKS[-1])
    assert [one["month"] for one in found["months"]] == [MONTH]
    assert found["strategies"]["of"] == closed.rows(
        """SELECT count(*) FROM strategy s JOIN customer c ON c.id=s.customer JOIN person m ON m.id=c.manager
           WHERE m.code='CM1' AND s.month=? AND s.state<>'dropped'""", MONTH
    )[0][0]  # fmt: skip


@pytest.mark.parametrize("manager", MANAGERS)
def test_the_month_counts_every_mark_and_the_restated_one(closed: Closed, manager: str) -> None:
    told = closed.happened(manager)
    assert month_of(closed, manager)["strategies"]["done"] == told.stars.total() + 1
    items = Desk(closed.folder).data(LATER, manager, "annotate", "list", "--month", MONTH, "--done", "--all")
    assert items["state"] == "result_approved"
    assert [one["state"] for one in items["restatements"]] == ["approved"]


@pytest.mark.parametrize("manager", MANAGERS)
def test_what_helped_is_counted_from_the_raw_orders(closed: Closed, manager: str) -> None:
    """Flagged in the file, visited in the file; before and after from the wholesaler's own lines."""
    sql = """SELECT p.code, c.code FROM problem p JOIN customer c ON c.id=p.customer JOIN person m ON m.id=c.manager
             WHERE m.code=? AND p.month=?"""
    flagged: dict[str, list[str]] = defaultdict(list)
    for problem, store in closed.rows(sql, manager, MONTH):
        flagged[problem].append(store)
    visited = {code for _day, code in closed.happened(manager).made}
    found = Desk(closed.folder).data(LATER, manager, "summarize", "effect", "--month", MONTH)
    assert {line["problem"] for line in found["problems"]} == flagged.keys()
    assert found["whole"] is True
    for line in found["problems"]:
        both = {store: _before_and_after(closed.raw, store, line["problem"]) for store in flagged[line["problem"]]}
        for group, seen in (("visited", True), ("others", False)):
            mine = [pair for store, pair in both.items() if pair and (store in visited) is seen]
            told = line[group]
            assert (told["customers"], told["improved"]) == (len(mine), sum(after > was for was, after in mine))
            if mine:
                means = [sum(pair[n] for pair in mine) / len(mine) for n in (0, 1)]
                assert [Decimal(told["before"]), Decimal(told["after"])] == [_thousandth(mean) for mean in means]
        _contrasts_are_counted(closed, manager, line, both)


def _contrasts_are_counted(
    closed: Closed, manager: str, line: dict[str, Any], both: dict[str, tuple[Fraction, Fraction] | None]
) -> None:
    """Early and often, where hardly anybody was left out: from the days the simulator walked."""
    days = defaultdict(set)
    for day, store in closed.happened(manager).made:
        days[store].add(day)
    known = {store: pair for store, pair in both.items() if pair}
    early = {store for store in known if any(day <= date(2022, 9, 15) for day in days[store])}
    often, once = ({s for s in known if (len(days[s]) > 1) is more and days[s]} for more in (True, False))
    sides = {"early": (early, known.keys() - early), "several": (often, once)}
    few = line["verdict"] == "too_few"
    assert {one["kind"] for one in line["contrasts"]} == {
        kind for kind, (these, others) in sides.items() if few and min(len(these), len(others)) >= 8
    }
    for one in line["contrasts"]:
        for told, mine in zip((one["these"], one["others"]), sides[one["kind"]], strict=True):
            assert told["customers"] == len(mine)
            assert told["improved"] == sum(known[store][1] > known[store][0] for store in mine)


def _before_and_after(raw: Raw, store: str, problem: str) -> tuple[Fraction, Fraction] | None:
    months = [raw.of(store, month) for month in (8, 9)]
    if problem.startswith("carton_value"):
        if min(bought.bottles for bought in months) <= 0:
            return None
        was, after = (Fraction(bought.cents, 100 * bought.bottles) for bought in months)
    else:
        days = (len(working_days(date(2022, 8, 1), date(2022, 8, 31))), 21)
        was, after = (Fraction(bought.bottles, n) for bought, n in zip(months, days, strict=True))
    return was, after


def _thousandth(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.001"), ROUND_HALF_UP)


def test_the_check_finds_the_hurried_day_and_no_other(closed: Closed) -> None:
    for manager, days in (("CM1", set()), ("CM2", {str(HURRY)})):
        found = Desk(closed.folder).data(LATER, manager, "visit", "check", "--month", MONTH)
        assert {one["day"] for one in found["found"] if one["doubt"] == TOO_CLOSE} == days


def test_a_day_is_typed_with_the_same_words_from_the_same_seed() -> None:
    stop = {"short_code": "K7M", "customer": {"code": "1"}, "tasks": [{"number": 1}, {"number": 2}]}
    told = {"stops": [stop] * 30, "calls": [stop]}

    def lines(seed: int) -> list[str]:
        writer = Writer(Desk(Path()), "CM1", CHINESE, Random(seed), {})
        return [line for stop in told["stops"] for line in writer._shop(FIRST, stop, "9:00-9:10")]

    assert lines(1) == lines(1) != lines(2)
    assert ENGLISH != CHINESE


def test_the_status_asks_for_the_summaries_that_are_missing(closed: Closed, tmp_path: Path) -> None:
    folder = shutil.copytree(closed.folder, tmp_path / "copy")
    desk, now = Desk(Path(folder)), "2022-10-04T21:00"

    def steps() -> dict[int, tuple[str, int, str | None]]:
        found = desk.data(now, "CM1", "status", "--month", MONTH)["steps"]
        return {one["number"]: (one["state"], one["missing"], one["command"]) for one in found}

    assert [steps()[number] for number in (13, 14)] == [("done", 0, None)] * 2
    desk.type(now, "CM1", "summarize", "week", "--week", "last", "--effect", "")
    desk.type(now, "CM1", "summarize", "month", "--month", MONTH, "--experience", "")
    assert steps()[13] == ("late", 1, "summarize week --week last")
    assert steps()[14][0::2] == ("late", "summarize month")
    desk.type(now, "CM1", "summarize", "week", "--week", "2022-W36", "--effect", "")
    assert steps()[13][1] == 2


@pytest.mark.parametrize(
    "words", [("month", "--month", MONTH, "--all"), ("week", "--week", "2022-W37"), ("effect", "--month", MONTH)]
)
def test_a_chinese_page_has_no_english_words_of_ours(closed: Closed, words: tuple[str, ...]) -> None:
    page = Desk(closed.folder, "zh").type(LATER, "CM1", "summarize", *words)
    names = set(re.findall(r"[A-Za-z]+", " ".join(store["Name"] for store in closed.raw.stores.values())))
    assert set(re.findall(r"[A-Za-z]{2,}", page)) - names <= {"Ann", "CM", "all"}  # all: of --all


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_book_leads_to_every_day_week_and_customer(closed: Closed, language: Language) -> None:
    made = Desk(closed.folder, language).type(LATER, "CM1", "summarize", "book", "--month", MONTH)
    leads = set(re.findall(r'href="#([^"]*)"', made))
    assert leads <= set(re.findall(r' id="([^"]*)"', made))
    told = closed.happened("CM1")
    assert {f"day-{day}" for day, _code in told.made} <= leads
    assert {f"week-{monday}" for monday in WEEKS} <= leads
    names = {code: closed.raw.stores[code]["Name"] for _day, code in told.made}
    assert len([place for place in leads if place.startswith("shop-")]) >= len(names)
    assert "--all" not in made
    assert "网上订货还要多教" in made
