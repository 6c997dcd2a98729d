"""plan visits --week: step 9 as many do it, week by week (method.md: start of M or each week)."""

import pytest
from month_examples import BOSS, Typist
from test_strategies_by_hand import OF_MONTH, typed  # noqa: F401 - a fixture


@pytest.fixture
def approved(typed: Typist) -> Typist:  # noqa: F811
    assert typed("plan", "submit", *OF_MONTH).code == 0
    assert typed("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    typed.now = "2026-11-06T18:00"
    return typed


def days(typed: Typist, *words: str) -> list[str]:  # noqa: F811
    return sorted({visit["date"] for visit in typed.json("plan", "visits", *words)["visits"]})


@pytest.mark.parametrize("word", ["next", "下周", "2026-W46"])
def test_a_week_is_planned_by_its_name(approved: Typist, word: str) -> None:
    found = days(approved, "--week", word)
    assert found
    assert "2026-11-09" <= found[0] <= found[-1] <= "2026-11-15"
    assert found == days(approved, "--from", "2026-11-09", "--to", "2026-11-15", "--dry-run")


def test_a_week_over_two_months_says_what_is_left(approved: Typist) -> None:
    approved.now = "2026-11-27T18:00"
    told = approved("plan", "visits", "--week", "2026-W49")
    assert told.code in (0, 3)
    assert "crmkit plan visits --week 2026-W49 --month 2026-12" in told.err
    assert "2026-12-01" in told.err
    there = approved("plan", "visits", "--week", "2026-W49", "--month", "2026-12")
    assert (there.code, "Step 9" in there.err) == (6, True), "December's own gate holds"
    strange = approved("plan", "visits", "--week", "2026-W49", "--month", "2026-10")
    assert (strange.code, "2026-11 2026-12" in strange.err) == (2, True)


def test_a_week_and_days_of_ones_own_exclude_each_other(approved: Typist) -> None:
    both = approved("plan", "visits", "--week", "next", "--to", "2026-11-10")
    assert (both.code, "--week" in both.err) == (2, True)
