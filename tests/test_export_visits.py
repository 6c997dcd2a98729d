"""Dated visits out of the file: what a phone takes in, a table holds and an office prints."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ics_reader import Component, read_ics
from month_examples import MONTH, Typist, dated_month, kept
from openpyxl import load_workbook
from sheet_examples import MANAGER, stop

from crmkit.model.customer import Frequency, MarketType, VisitMethod
from crmkit.model.dated_visits import DatedVisit, DatedVisits, Identity
from crmkit.model.errors import Exit
from crmkit.model.month import Month
from crmkit.model.planning import Client
from crmkit.model.visit import PlannedState
from crmkit.report.formats.ics import render_ics
from crmkit.rules.visit_times import Leg, visit_times
from crmkit.sources.policy import load_policy


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """November approved and dated on the evening before it."""
    return kept(dated_month, tmp_path, monkeypatch, capsys)


def exported(typed: Typist, *words: str, name: str = "v.ics") -> bytes:
    answer = typed("plan", "export", *words, "-o", name)
    assert answer.code == 0, answer
    return (typed.folder / name).read_bytes()


def events(data: bytes) -> dict[str, Component]:
    """What a phone holds: one entry a UID. A UID twice in a file fails here."""
    found = read_ics(data).every("VEVENT")
    assert len({one.values["UID"] for one in found}) == len(found)
    return {one.values["UID"]: one for one in found}


class Phone:
    """A calendar that takes files in as RFC 5546 says: a lower SEQUENCE changes nothing."""

    def __init__(self) -> None:
        self.held: dict[str, Component] = {}

    def take(self, data: bytes) -> None:
        for uid, event in events(data).items():
            old = self.held.get(uid)
            if old is None or int(event.values["SEQUENCE"]) >= int(old.values["SEQUENCE"]):
                self.held[uid] = event

    @property
    def shown(self) -> list[tuple[str, str]]:
        """(day, summary without its place) of what is not cancelled."""
        return sorted(
            (one.values["DTSTART"], one.text("SUMMARY").split(" ", 1)[1])
            for one in self.held.values()
            if one.values["STATUS"] == "CONFIRMED"
        )


def planned(typed: Typist, *words: str) -> list[tuple[str, str]]:
    """(day, name) of every visit that stands, by the table."""
    text = exported(typed, *words, name="v.csv").decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    off = ("cancelled", "visited early")
    return sorted((row["Date"].replace("-", ""), row["Name"]) for row in rows if row["State"] not in off)


def on_phone(phone: Phone) -> list[tuple[str, str]]:
    return sorted((day, name.removeprefix("by phone: ")) for day, name in phone.shown)


def test_the_same_data_are_the_same_bytes_and_the_phone_shows_the_plan(typed: Typist) -> None:
    first = exported(typed, "--month", MONTH)
    typed.now = "2026-11-01T09:00"
    assert exported(typed, "--month", MONTH) == first
    phone = Phone()
    phone.take(first)
    assert on_phone(phone) == planned(typed, "--month", MONTH)
    assert b"13800138000" not in first
    assert "王五" not in first.decode()
    assert b"13800138000" in exported(typed, "--month", MONTH, "--with-phones")


def test_a_plan_made_anew_moves_what_the_phone_has_and_doubles_nothing(typed: Typist) -> None:
    phone = Phone()
    phone.take(exported(typed, "--month", MONTH))
    typed.now = "2026-11-02T09:00"
    for words in (
        ("calendar", "off", "2026-11-10", "--reason", "发烧"),
        ("plan", "replan", "--month", MONTH),
        ("plan", "visits", "--month", MONTH, "--seed", "7"),
        ("plan", "skip", "1001", "--date", _first_day(typed, "试验小店1"), "--reason", "装修"),
        ("customer", "set", "1002", "state=closed"),
        ("plan", "replan", "--month", MONTH),
    ):
        assert typed(*words).code == 0, (words, typed(*words))
        phone.take(exported(typed, "--month", MONTH))
        assert on_phone(phone) == planned(typed, "--month", MONTH), words
    assert typed("db", "undo").code == 0
    phone.take(exported(typed, "--month", MONTH))
    assert on_phone(phone) == planned(typed, "--month", MONTH)


def test_a_visit_that_is_no_more_leaves_the_phone(typed: Typist) -> None:
    phone = Phone()
    held = {day for day, name in planned(typed, "--month", MONTH) if name == "试验小店1"}
    free = next(f"2026-11-{day}" for day in range(10, 28) if f"202611{day}" not in held)
    assert typed("customer", "appoint", "1001", free, "--reason", "带货样").code == 0
    phone.take(exported(typed, "--month", MONTH))
    assert (free.replace("-", ""), "试验小店1") in on_phone(phone)
    assert typed("db", "undo").code == 0
    phone.take(exported(typed, "--month", MONTH))
    assert on_phone(phone) == planned(typed, "--month", MONTH)


def _first_day(typed: Typist, name: str) -> str:
    day = min(day for day, who in planned(typed, "--month", MONTH) if who == name)
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def test_a_week_and_its_month_speak_of_the_same_events(typed: Typist) -> None:
    month, week = events(exported(typed, "--month", MONTH)), events(exported(typed, "--week", "2026-W46"))
    assert week.keys() <= month.keys()
    assert all("20261109" <= one.values["DTSTART"] <= "20261115" for one in week.values())
    assert sum("20261109" <= one.values["DTSTART"] <= "20261115" for one in month.values()) == len(week)


def test_a_timed_day_follows_the_road_in_the_business_zone(typed: Typist) -> None:
    data = exported(typed, "--week", "2026-W46", "--start", "08:30")
    calendar = read_ics(data)
    assert [zone.values["TZID"] for zone in calendar.every("VTIMEZONE")] == ["Asia/Shanghai"]
    days: dict[str, list[Component]] = {}
    for event in calendar.every("VEVENT"):
        assert event.parameters["DTSTART"] == {"TZID": "Asia/Shanghai"}
        days.setdefault(event.values["DTSTART"][:8], []).append(event)
    for listed in days.values():
        ordered = sorted(listed, key=lambda event: int(event.text("SUMMARY").split(" ")[0]))
        assert ordered[0].values["DTSTART"].endswith("T083000")
        for before, after in pairwise(ordered):
            assert before.values["DTSTART"] < before.values["DTEND"] <= after.values["DTSTART"]


def test_tables_are_guarded_and_encoded_and_the_grid_holds_every_visit(typed: Typist) -> None:
    assert typed("customer", "set", "1001", "name==1+1").code == 0
    text = exported(typed, "--month", MONTH, "--encoding", "gb18030", name="v.csv").decode("gb18030")
    assert ",'=1+1," in text
    exported(typed, "--month", MONTH, name="v.xlsx")
    book = load_workbook(typed.folder / "v.xlsx")
    weeks = [sheet for sheet in book.worksheets if sheet.title.startswith("2026-W")]
    assert [sheet.title for sheet in weeks] == ["2026-W45", "2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    rows = [row for sheet in weeks for row in sheet.iter_rows(min_row=3, min_col=2)]
    grid = [cell.value for row in rows for cell in row if cell.value]
    assert len(grid) == len(planned(typed, "--month", MONTH))
    assert all(sheet.page_setup.orientation == "landscape" for sheet in weeks)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--month", MONTH), Exit.USAGE),
        (("--month", MONTH, "-o", "v.pdf"), Exit.USAGE),
        (("--month", MONTH, "--week", "2026-W45", "-o", "v.ics"), Exit.USAGE),
        (("--month", MONTH, "-o", "v.ics", "--encoding", "gbk"), Exit.USAGE),
        (("--month", MONTH, "-o", "v.ics", "--start", "25:00"), Exit.USAGE),
        (("--month", "2026-12", "-o", "v.ics"), Exit.FORBIDDEN),
        (("--month", MONTH, "-o", "nowhere/v.ics"), Exit.INPUT_REFUSED),
        (("--month", MONTH, "-o", "crmkit.db", "--format", "ics"), Exit.INPUT_REFUSED),
    ],
)
def test_what_makes_no_sense_is_refused(typed: Typist, words: tuple[str, ...], code: Exit) -> None:
    assert typed("plan", "export", *words).code == code
    assert not (typed.folder / "v.ics").exists()
    assert typed("status", "--format", "ics").code == Exit.USAGE


# by itself


def dated(name: str, address: str, day: date, zone: str = "Asia/Shanghai", begins: time | None = None) -> DatedVisits:
    customer = replace(stop(0, "K7G").customer, name=name, address=address)
    identity = Identity(MANAGER, customer, Month.of(day), 1, 5, datetime(2026, 10, 30, 18, tzinfo=ZoneInfo(zone)))
    visit = DatedVisit(identity, day, VisitMethod.ONSITE, PlannedState.OPEN, 1, "K7G")
    if begins:
        start = datetime.combine(day, begins, ZoneInfo(zone))
        visit = replace(visit, begins=start, ends=start + timedelta(minutes=20))
    return DatedVisits(day, day, zone, (visit,))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(TEXT, TEXT, st.dates(date(1991, 1, 1), date(2099, 12, 31)))
@settings(deadline=None, max_examples=60)
def test_any_name_is_read_back_from_lines_of_75_octets(name: str, address: str, day: date) -> None:
    (event,) = read_ics(render_ics(dated(name, address, day))).every("VEVENT")
    said = event.text("SUMMARY")
    assert said.startswith("1 ")
    plain = [one for one in name if one.isprintable() and not one.isspace()]
    assert [one for one in said[2:] if one in set(plain)] == plain or "\ufffd" in said
    assert event.values["DTSTART"] == f"{day:%Y%m%d}"
    assert event.values["DTEND"] == f"{day + timedelta(days=1):%Y%m%d}"


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)))
@settings(deadline=None, max_examples=20)
def test_a_timed_event_is_the_same_moment_by_the_zone_of_its_own_file(day: date) -> None:
    calendar = read_ics(render_ics(dated("Shop", "Main St", day, "America/Chicago", time(9, 30))))
    (event,), (zone,) = calendar.every("VEVENT"), calendar.every("VTIMEZONE")
    local = datetime.fromisoformat(event.values["DTSTART"])
    assert local == datetime.combine(day, time(9, 30))
    begun = [one for one in zone.inside if "RRULE" not in one.values]
    dates = [(one.values["DTSTART"], one) for one in begun]
    dates += [(extra, one) for one in begun for extra in one.values.get("RDATE", "").split(",") if extra]
    found = max((at, one) for at, one in dates if at <= event.values["DTSTART"]) if dates else None
    assert found is not None
    hours = int(found[1].values["TZOFFSETTO"][:3])
    assert (local - timedelta(hours=hours)).replace(tzinfo=UTC) == local.replace(tzinfo=ZoneInfo("America/Chicago"))


def test_lunch_is_taken_once_and_ways_take_time() -> None:
    capacity = load_policy(None).capacity
    client = Client(replace(stop(0, "K7G").customer, market_type=MarketType.URBAN), Frequency.WEEKLY, 1, key=False)
    ways = ((VisitMethod.ONSITE, 0), (VisitMethod.ONSITE, 1000), (VisitMethod.PHONE, 0))
    legs = [Leg(client, *way) for way in ways]
    start = datetime(2026, 11, 4, 11, 55)  # noqa: DTZ001 - the zone does not matter here
    times = visit_times(capacity, legs, start)
    way = -(-60 * 1000 // (1000 * capacity.speed_kmh))
    assert times[0] == (start, start + timedelta(minutes=capacity.urban_minutes))
    assert times[1][0] == times[0][1] + timedelta(minutes=way + capacity.lunch_minutes)
    assert times[2] == (times[1][1], times[1][1] + timedelta(minutes=max(1, capacity.phone_minutes)))
