"""What somebody is told without asking: a rejection, visits nobody typed in, a day off with visits, missing orders."""

from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, Typist, kept, write_exports

from crmkit.model.errors import Exit


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A month that was drafted the evening before it."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正").code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    for words in (("analyze", "compute"), ("analyze", "score", "--all", "3"), ("analyze", "generate")):
        assert typist(*words, "--month", MONTH).code == 0
    assert typist("plan", "strategies", "--month", MONTH, "--satisfaction", "90").code == 0
    assert typist("plan", "generate", "--month", MONTH).code == 0


def planned(typed: Typist) -> None:
    assert typed("plan", "submit", "--month", MONTH).code == 0
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    assert typed("plan", "visits", "--month", MONTH).code == 0


def test_a_rejection_is_told_with_its_reason_until_the_month_is_submitted_again(typed: Typist) -> None:
    month = ("--month", MONTH)
    typed("plan", "submit", *month)
    typed("plan", "reject", "--reason", "重点户不对", *month, actor=BOSS)
    assert "重点户不对" in typed("status", *month).out
    assert typed.json("status", *month)["rejected"] == "重点户不对"
    reminded = typed("remind", *month)
    assert reminded.code == Exit.DONE_WITH_WARNINGS
    assert "重点户不对" in reminded.out
    typed("plan", "submit", *month)
    assert typed.json("status", *month)["rejected"] is None
    assert "重点户不对" not in typed("remind", *month).out


def test_what_the_old_month_left_over_is_told_in_the_new_one(typed: Typist) -> None:
    planned(typed)
    typed.now = "2026-12-01T08:00"
    reminded = typed("remind")
    assert reminded.code == Exit.DONE_WITH_WARNINGS
    assert "visits of November 2026" in reminded.out
    assert "visit list --date 2026-11-0" in reminded.out


def test_a_day_off_with_visits_says_so(typed: Typist) -> None:
    planned(typed)
    count = len(typed.json("visit", "list", "--date", "2026-11-03"))
    assert count
    tried = typed("calendar", "off", "2026-11-03", "--for", "001", "--dry-run")
    assert str(count) in tried.out
    assert "visits" in tried.out
    assert "--dry-run" in tried.out
    assert "visits" in typed("calendar", "off", "2026-11-03", "--for", "001").out
    typed("plan", "visits", "--month", MONTH)
    again = typed("calendar", "off", "2026-11-03", "--for", "001")
    assert "visits" not in again.out


def test_planning_anew_says_what_nobody_typed_in(typed: Typist) -> None:
    planned(typed)
    count = len(typed.json("visit", "list", "--date", "2026-11-03"))
    typed.now = "2026-11-04T07:00"
    again = typed("plan", "visits", "--month", MONTH)
    assert f"{count} visits of the days before are not typed in" in again.out


def test_customers_without_a_method_are_listed_with_what_gives_them_one(typed: Typist) -> None:
    listed = typed("customer", "list", "--without-method")
    command = listed.err.strip().removeprefix("Next: crmkit ")
    assert typed(*command.split()).code == 0
    assert "Next" not in typed("customer", "list", "--without-method").err


def test_a_month_without_orders_is_no_ground_for_an_analysis(typed: Typist) -> None:
    assert "No orders of" not in typed("analyze", "show", "--month", MONTH).out
    typed.now = "2026-12-01T08:00"
    told = typed("analyze", "compute", "--month", "2026-12")
    assert "No orders of 2026-11" in told.out
    assert "No orders of 2026-10" not in told.out


def test_the_next_command_can_be_typed_as_it_stands(typed: Typist) -> None:
    typed("plan", "submit", "--month", MONTH)
    assert f"Next: crmkit plan approve --as MARKETMANAGER --month {MONTH}" in typed("status", "--month", MONTH).out
    assert "--as 市场经理编号" in typed("status", "--month", MONTH, lang="zh").out


def test_a_shop_seen_the_day_before_is_not_on_the_sheet(typed: Typist) -> None:
    planned(typed)
    day = ("--date", "2026-11-04")
    codes = [visit["customer"] for visit in typed.json("visit", "list", *day)]
    typed.now = "2026-11-03T18:00"
    fulfilled = next(code for code in codes if typed.json("visit", "log", code, "--effect", "x")["fulfils"] == day[1])
    assert fulfilled in typed("visit", "list", *day).out
    assert fulfilled not in typed("visit", "sheet", *day).out
