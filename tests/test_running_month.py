"""A month planned or looked at when it has begun: what is left counts, a past week is not owed."""

from datetime import date
from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, SHOPS, Typist, kept, write_exports

LATE = "2026-11-26T09:00"  # Thursday; Friday 27 and Monday 30 are the only days after it


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A database with its people, customers and orders, the evening before the month."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def drafted(typed: Typist) -> None:
    for words in (
        ("analyze", "compute"),
        ("analyze", "score", "--all", "3"),
        ("analyze", "generate"),
        ("plan", "strategies", "--satisfaction", "90"),
        ("plan", "generate"),
    ):
        assert typed(*words, "--month", MONTH).code == 0, words


def approved(typed: Typist, *shortage: str) -> None:
    drafted(typed)
    assert typed("plan", "submit", "--month", MONTH, *shortage).code == 0
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0


def test_the_load_of_a_running_month_is_that_of_the_days_that_are_left(typed: Typist) -> None:
    """Three days are left: what was owed in weeks gone by is asked no more, and the second visits find no gap."""
    drafted(typed)
    whole = typed.json("plan", "show", "--month", MONTH)["load"]
    assert whole["fits"]
    assert whole["from"] == "2026-11-01"
    typed.now = LATE
    for words in (("plan", "show"), ("plan", "generate", "--dry-run")):
        left = typed.json(*words, "--month", MONTH)["load"]
        assert left["from"] == "2026-11-26"
        assert left["visits"] < whole["visits"]
        assert left["days_room"] == "3"
        assert [week["week"] for week in left["weeks"]] == ["2026-11-23", "2026-11-30"]
        assert not left["fits"]
        assert {one["why"] for one in left["unfit"]} == {"gap"}
    assert typed("plan", "submit", "--month", MONTH).code == 6
    assert "cannot hold every visit still owed" in typed("plan", "show", "--month", MONTH).out
    told = typed("plan", "show", "--month", MONTH, lang="zh").out
    assert "余下的日子排不下全部应访" in told
    assert "11月26日起" in told
    assert "本月能排下" not in told


def test_what_the_plan_foresees_is_what_the_dated_visits_come_to(typed: Typist) -> None:
    """The month plan and plan visits of one day ask for the same visits, and miss the same ones."""
    typed.now = LATE
    approved(typed, "--accept-shortage", "月末补录")
    load = typed.json("plan", "show", "--month", MONTH)["load"]
    dated = typed.json("plan", "visits", "--month", MONTH)
    assert load["visits"] == dated["new"] + len(dated["unfit"])
    assert {(one["customer"], one["number"]) for one in load["unfit"]} == {
        (one["customer"], one["number"]) for one in dated["unfit"]
    }


def test_visits_made_are_not_asked_again(typed: Typist) -> None:
    """A month planned on time and worked: at its end nothing is short, typed in or not."""
    approved(typed)
    made = typed.json("plan", "visits", "--month", MONTH)["visits"]
    typed.now = LATE
    later = [one for one in made if one["date"] >= "2026-11-26"]
    load = typed.json("plan", "show", "--month", MONTH)["load"]
    assert load["fits"]
    assert load["visits"] == len(later)
    told = typed("plan", "show", "--month", MONTH, lang="zh").out
    assert "余下的日子能排下全部应访" in told


def test_a_month_planned_when_it_has_begun_is_compared_from_the_same_day(typed: Typist) -> None:
    typed.now = LATE
    approved(typed, "--accept-shortage", "月末补录")
    assert typed("plan", "visits", "--month", MONTH).code == 0
    found = typed.json("plan", "compare", "--month", MONTH)
    since = date.fromisoformat(found["since"])
    assert since >= date(2026, 11, 26)
    this, by_code = found["this"], found["by_code"]
    assert this["visits"] + this["calls"] == by_code["visits"] + by_code["calls"]
    assert by_code["days"] <= 3
    assert found["last"] is None
    kept = typed.json("plan", "show", "--month", MONTH)["visits"]
    assert kept["by_code"] == by_code
    assert "也从同一天算起" in typed("plan", "compare", "--month", MONTH, lang="zh").out
    assert "round-robin too" in typed("plan", "compare", "--month", MONTH).out


def test_a_shortage_that_was_accepted_stays_told_whatever_the_policy_says_later(typed: Typist) -> None:
    policy = typed.folder / "tight.toml"
    policy.write_text('extends = "standard"\n[capacity]\nurban_per_day = 2\nrural_per_day = 1\n', encoding="utf-8")
    settings = typed.folder / "crmkit.toml"
    settings.write_text('policy = "tight.toml"\n', encoding="utf-8")
    approved(typed, "--accept-shortage", "人手不足")
    settings.unlink()
    plan = typed.json("plan", "show", "--month", MONTH)
    assert plan["load"]["fits"]
    assert plan["shortage_accepted"] == "人手不足"
    told = typed("plan", "show", "--month", MONTH, lang="zh").out
    assert "排不下仍提交，理由：人手不足" in told
    assert "本月能排下全部拜访" not in told
    assert "Submitted although not every visit fitted: 人手不足" in typed("plan", "show", "--month", MONTH).out


def test_where_nothing_is_short_no_shortage_is_kept(typed: Typist) -> None:
    approved(typed, "--accept-shortage", "以防万一")
    plan = typed.json("plan", "show", "--month", MONTH)
    assert plan["shortage_accepted"] is None
    assert "The month can hold every visit." in typed("plan", "show", "--month", MONTH).out


def test_a_month_that_is_over_says_so(typed: Typist) -> None:
    approved(typed)
    typed.now = "2026-12-02T09:00"
    plan = typed.json("plan", "show", "--month", MONTH)
    assert plan["over"]
    assert plan["valid"] == SHOPS - 1
    told = typed("plan", "show", "--month", MONTH).out
    assert "The month is over" in told
    assert "can hold" not in told
    assert "本月已过" in typed("plan", "show", "--month", MONTH, lang="zh").out


def test_the_dated_plan_names_the_first_of_each_kind_and_all_of_them_on_demand(typed: Typist) -> None:
    typed.now = LATE
    approved(typed, "--accept-shortage", "月末补录")
    visits = ("plan", "visits", "--month", MONTH, "--dry-run")
    unfit = typed.json(*visits)["unfit"]
    assert len(unfit) > 5
    last = unfit[-1]["customer"]
    for lang in ("en", "zh"):
        assert last not in typed(*visits, lang=lang).out  # type: ignore[arg-type]
        assert last in typed(*visits, "--all", lang=lang).out  # type: ignore[arg-type]


def test_late_in_the_evening_nothing_is_dated_on_the_day_that_ends(typed: Typist) -> None:
    typed.now = LATE
    approved(typed, "--accept-shortage", "月末补录")
    visits = ("plan", "visits", "--month", MONTH, "--dry-run")
    assert min(one["date"] for one in typed.json(*visits)["visits"]) == "2026-11-26"
    typed.now = "2026-11-26T23:20"
    assert min(one["date"] for one in typed.json(*visits)["visits"]) == "2026-11-27"
