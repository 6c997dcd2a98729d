"""A month with given ways: every road is measured by them, every page says so, plan verify knows them."""

import csv
import re
import sqlite3
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from month_examples import MONTH, SHOPS, Typist, dated_month, kept

from crmkit.model.errors import Exit

VERIFY = ("plan", "verify", "--month", MONTH, "--format", "json")
COMPARE = ("plan", "compare", "--month", MONTH)
VISITS = ("plan", "visits", "--month", MONTH)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(dated_month, tmp_path, monkeypatch, capsys)


def way(one: str, other: str) -> int:
    """Shops stand in two streets, the odd numbers in one and the even in the other, 7 km apart."""
    a, b = int(one), int(other)
    return 0 if a == b else 200 * abs(a - b) + (7_000 if (a - b) % 2 else 0)


def square(folder: Path, name: str = "ways.csv", codes: range = range(1001, 1001 + SHOPS)) -> str:
    shops = [str(code) for code in codes]
    with (folder / name).open("w", encoding="gb18030", newline="") as handle:
        rows = [["距离(米)", *shops], *([one, *(way(one, other) for other in shops)] for one in shops)]
        csv.writer(handle).writerows(rows)
    return name


def week_of(day: str) -> str:
    year, week, _weekday = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"


def roads(data: dict[str, Any]) -> dict[str, list[str]]:
    """The customers of each day's road in its order."""
    days: dict[str, list[str]] = {}
    for visit in data["visits"]:
        if visit["method"] == "onsite":
            days.setdefault(visit["date"], []).append(visit["customer"])
    return days


def test_a_month_dated_with_given_ways_drives_them_and_says_so(typed: Typist) -> None:
    bare = typed.json(*COMPARE)
    assert bare["ways"]["address"] > bare["ways"]["given"] == bare["ways"]["straight"] == 0
    assert "by neighbourhood and address" in typed(*COMPARE).out
    assert "按小片和地址估计" in typed(*COMPARE, lang="zh").out
    assert typed("import", square(typed.folder)).code == 0
    planned = typed.json(*VISITS)
    for day in planned["days"]:
        listed = roads(planned).get(day["date"], [])
        assert day["metres"] == (sum(way(a, b) for a, b in pairwise(listed)) if len(listed) > 1 else None)
    found = typed.json(*COMPARE)
    assert found["ways"]["given"] > found["ways"]["straight"] == found["ways"]["address"] == 0
    assert found["this"]["metres"] == sum(day["metres"] or 0 for day in planned["days"])
    assert "100 % of the ways driven are given" in typed(*COMPARE).out
    assert "所走路段 100% 为给定路程" in typed(*COMPARE, lang="zh").out
    verified = typed(*VERIFY)
    assert verified.code == Exit.DONE
    assert verified.data["clean"]


def test_a_road_of_two_kinds_of_ways_says_how_many_are_given(typed: Typist) -> None:
    assert typed("import", square(typed.folder, codes=range(1001, 1013))).code == 0
    shares = typed.json(*COMPARE)["ways"]
    assert shares["given"] > 0 < shares["address"]
    said = typed(*COMPARE).out
    given, percent = shares["given"], re.findall(r"(\d+) %\s+(?:of the ways driven are given|by neighbourhood)", said)
    assert abs(int(percent[0]) - 100 * given / (given + shares["address"])) < 1
    assert int(percent[0]) + int(percent[1]) == 100


def test_verify_notices_ways_given_since_and_the_plan_is_still_the_same_again(typed: Typist) -> None:
    assert typed("import", square(typed.folder)).code == 0
    answer = typed(*VERIFY)
    assert answer.code == Exit.DONE_WITH_WARNINGS
    visits = answer.data["seals"][1]
    assert visits["verdict"] == "same"
    assert {one["data"]: one["state"] for one in visits["inputs"] if one["state"] != "same"} == {"ways": "changed"}
    shown = typed("plan", "show", "--month", MONTH).out
    assert "ways were given since the plan was made" in shown
    assert "less road than round-robin" not in shown, "measured in two ways"
    assert typed("db", "undo").code == 0
    assert "ways were given since" not in typed("plan", "show", "--month", MONTH).out


def test_a_way_altered_past_crmkit_is_found(typed: Typist) -> None:
    assert typed("import", square(typed.folder)).code == 0
    assert typed(*VISITS).code == 0
    typed._seen = 2**40
    with sqlite3.connect(typed.folder / "crmkit.db") as file:
        for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type='trigger' AND tbl_name='distance'"):
            file.execute(f"DROP TRIGGER {name}")
        file.execute("UPDATE distance SET metres=metres+1 WHERE id=(SELECT min(id) FROM distance)")
    answer = typed(*VERIFY)
    assert answer.code == Exit.DAMAGED
    assert {one["data"]: one["state"] for one in answer.data["seals"][1]["inputs"]}["ways"] == "altered"


def test_a_place_on_the_road_says_how_the_ways_beside_it_were_had(typed: Typist) -> None:
    assert typed("import", square(typed.folder)).code == 0
    day, listed = next((day, road) for day, road in roads(typed.json(*VISITS)).items() if len(road) > 2)
    words = ("explain", "place", listed[1], "--date", day)
    found = typed.json(*words)
    assert found["before"] == {"customer": listed[0], "metres": way(listed[0], listed[1]), "had": "given"}
    assert found["after"] == {"customer": listed[2], "metres": way(listed[1], listed[2]), "had": "given"}
    assert "km (given)" in typed(*words).out
    assert "公里（给定）" in typed(*words, lang="zh").out


def test_the_sheet_and_the_week_drive_the_given_ways(typed: Typist) -> None:
    assert typed("import", square(typed.folder)).code == 0
    planned = typed.json(*VISITS)
    day = next(day for day, road in roads(planned).items() if len(road) > 2)
    metres = next(one["metres"] for one in planned["days"] if one["date"] == day)
    sheet = typed.json("visit", "sheet", "--date", day)
    assert sheet["totals"]["metres"] == metres
    said = typed("visit", "sheet", "--date", day).out
    assert f"{metres // 1000}.{metres % 1000 // 100} km" in said
    assert "without coordinates" not in said
    week = typed.json("plan", "week", "--week", week_of(day))
    assert metres in [one["totals"]["metres"] for one in week["days"] if one["totals"]]


def test_a_moved_shop_is_named_where_the_month_is_dated(typed: Typist) -> None:
    assert typed("customer", "set", "1001", "longitude=110.33", "latitude=20.03").code == 0
    assert typed("import", square(typed.folder)).code == 0
    assert typed.json(*VISITS)["moved"] == []
    assert typed("customer", "set", "1001", "longitude=110.332", "latitude=20.03").code == 0
    assert typed.json(*VISITS)["moved"] == ["1001"]
    assert "Moved since the ways to them were given" in typed(*VISITS).out
    assert "1001 试验小店1" in typed(*COMPARE, lang="zh").out
