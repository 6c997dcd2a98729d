"""Did it help: recomputed by hand, and an honest word where groups are too small or were not alike."""

import json
import sqlite3
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from evening_examples import planned_month
from hypothesis import given
from hypothesis import strategies as some
from month_examples import MONTH

from crmkit.model.figures import CustomerMonth, MonthFigures
from crmkit.model.helped import Contrast, FlaggedGroup, HelpVerdict
from crmkit.model.month import Month
from crmkit.model.policy import SummaryPolicy
from crmkit.model.strategy import Problem
from crmkit.rules.helped import help_lines, verdict

POLICY = SummaryPolicy(effect_least=3, effect_alike=Decimal("0.75"), effect_points=10)
EARLY, LATE = date(2026, 11, 15), date(2026, 11, 16)
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def figures(month: Month, volumes: dict[int, int], days: int = 20) -> MonthFigures:
    return MonthFigures(month, days, {c: CustomerMonth(c, volume=v, amount=100 * v) for c, v in volumes.items()})


def group(customers: int, improved: int, before: int = 10) -> FlaggedGroup:
    return FlaggedGroup(customers, improved, Fraction(before), Fraction(before))


@pytest.mark.parametrize(
    ("visited", "others", "expected"),
    [
        (group(2, 2), group(9, 0), HelpVerdict.TOO_FEW),
        (group(9, 0), group(2, 2), HelpVerdict.TOO_FEW),
        (group(10, 9, before=10), group(10, 1, before=7), HelpVerdict.UNLIKE),
        (group(10, 9, before=100), group(10, 1, before=75), HelpVerdict.BETTER),
        (group(10, 5), group(10, 4), HelpVerdict.BETTER),  # ten points are worth a word
        (group(100, 50), group(100, 41), HelpVerdict.SAME),
        (group(10, 4), group(10, 5), HelpVerdict.WORSE),
        (group(10, 9, before=0), group(10, 1, before=0), HelpVerdict.BETTER),
    ],
)
def test_the_word_depends_on_size_likeness_and_difference(
    visited: FlaggedGroup, others: FlaggedGroup, expected: HelpVerdict
) -> None:
    assert verdict(visited, others, POLICY) is expected


@given(
    some.dictionaries(some.integers(1, 12), some.tuples(some.integers(0, 9), some.integers(0, 9)), min_size=1),
    some.sets(some.integers(1, 12)),
    some.integers(1, 25),
    some.integers(1, 25),
)
def test_groups_are_counted_as_one_would_by_hand(
    volumes: dict[int, tuple[int, int]], visited: set[int], days: int, other_days: int
) -> None:
    problems = [Problem(customer, "volume", "1", "2") for customer in volumes]
    months = (
        figures(OCTOBER, {c: v[0] for c, v in volumes.items()}, days),
        figures(NOVEMBER, {c: v[1] for c, v in volumes.items()}, other_days),
    )
    (line,) = help_lines(problems, dict.fromkeys(visited, (EARLY,)), months, ({}, {}), POLICY)
    for found, mine in ((line.visited, volumes.keys() & visited), (line.others, volumes.keys() - visited)):
        assert found.customers == len(mine)
        assert found.improved == sum(volumes[c][1] * days > volumes[c][0] * other_days for c in mine)
        if mine:
            assert found.before == Fraction(sum(volumes[c][0] for c in mine), 1000 * days * len(mine))


def test_a_product_problem_is_over_when_the_product_is_bought() -> None:
    problems = [Problem(c, "on_shelf:P1", "0", "1") for c in (1, 2, 3)] + [Problem(1, "complaint", "1", "0")]
    months = (figures(OCTOBER, {}), figures(NOVEMBER, {}))
    (line,) = help_lines(problems, {1: (EARLY,), 2: (EARLY,)}, months, ({}, {(1, "P1"): 500, (3, "P1"): -5}), POLICY)
    assert (line.code, line.visited.improved, line.others.improved) == ("on_shelf:P1", 1, 0)


def test_who_has_no_carton_value_is_not_compared() -> None:
    problems = [Problem(1, "carton_value", "1", "2")]
    months = (figures(OCTOBER, {1: 5}), figures(NOVEMBER, {}))
    assert help_lines(problems, {1: (EARLY,)}, months, ({}, {}), POLICY) == ()


def test_the_page_speaks_of_the_month_the_problems_were_found_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = planned_month(tmp_path, monkeypatch, capsys)
    found = typed.json("summarize", "effect", "--month", MONTH)
    codes = {
        code
        for (code,) in sqlite3.connect(tmp_path / "crmkit.db").execute("SELECT code FROM problem WHERE month='2026-11'")
    }
    assert {line["problem"] for line in found["problems"]} <= codes
    assert found["problems"]
    assert found["whole"] is False
    assert "provisional" in typed("summarize", "effect", "--month", MONTH).out
    assert typed("summarize", "effect", "--month", "2026-10").code == 6
    zh = json.loads(typed("summarize", "effect", "--month", MONTH, "--format", "json", lang="zh").out)["data"]
    assert zh == found


@given(
    some.dictionaries(
        some.integers(1, 14),
        some.tuples(some.integers(0, 9), some.integers(0, 9), some.sets(some.dates(NOVEMBER.first, NOVEMBER.last))),
        min_size=1,
    )
)
def test_early_and_often_visited_are_counted_where_hardly_anybody_was_left_out(
    shops: dict[int, tuple[int, int, set[date]]],
) -> None:
    problems = [Problem(customer, "volume", "1", "2") for customer in shops]
    months = (
        figures(OCTOBER, {c: one[0] for c, one in shops.items()}),
        figures(NOVEMBER, {c: one[1] for c, one in shops.items()}),
    )
    days = {c: sorted(one[2]) for c, one in shops.items()}
    (line,) = help_lines(problems, days, months, ({}, {}), POLICY)
    early = [c for c in shops if any(day.day <= 15 for day in days[c])]
    late = [c for c in shops if c not in early]
    often, once = [c for c in shops if len(days[c]) > 1], [c for c in shops if len(days[c]) == 1]
    expected = {
        kind: (these, others)
        for kind, these, others in ((Contrast.EARLY, early, late), (Contrast.SEVERAL, often, once))
        if line.verdict is HelpVerdict.TOO_FEW and min(len(these), len(others)) >= 3
    }
    assert {one.kind for one in line.contrasts} == expected.keys()
    for one in line.contrasts:
        for told, mine in zip((one.these, one.others), expected[one.kind], strict=True):
            assert (told.customers, told.improved) == (len(mine), sum(shops[c][1] > shops[c][0] for c in mine))
            assert told.before == Fraction(sum(shops[c][0] for c in mine), 1000 * 20 * len(mine))
        assert one.verdict is verdict(one.these, one.others, POLICY)


def test_a_line_is_halved_at_the_middle_of_the_month() -> None:
    months = (figures(OCTOBER, dict.fromkeys(range(1, 7), 5)), figures(NOVEMBER, {1: 9, 2: 9, 3: 9, 4: 5, 5: 5, 6: 5}))
    problems = [Problem(c, "volume", "1", "2") for c in range(1, 7)]
    days = {1: (EARLY,), 2: (EARLY, LATE), 3: (EARLY, LATE), 4: (LATE,), 5: (LATE,), 6: (LATE,)}
    (line,) = help_lines(problems, days, months, ({}, {}), POLICY)
    (contrast,) = line.contrasts  # only two were visited twice
    assert (line.verdict, contrast.kind, contrast.verdict) == (HelpVerdict.TOO_FEW, Contrast.EARLY, HelpVerdict.BETTER)
    assert (contrast.these.improved, contrast.others.improved) == (3, 0)
