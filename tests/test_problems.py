"""Baselines, problem customers, problem codes and the key list."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.figures import CustomerMonth, MonthFigures
from crmkit.model.judgement import Baseline
from crmkit.model.month import Month
from crmkit.model.strategy import Problem, Standing
from crmkit.rules.keycustomers import key_candidates, key_customers, key_limit, key_reasons
from crmkit.rules.problems import (
    ProblemFindings,
    by_customer,
    find_problem_customers,
    indicator_problem,
    lost_volume,
    matching,
    on_shelf_problems,
    repurchase_problems,
    sell_through_problems,
    stock_out_problems,
)
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
LAST = Month(2026, 10)


def shops(count: int) -> list[Customer]:
    return [Customer(id=number, code=f"C{number:03}", name="shop") for number in range(1, count + 1)]


def history(*volumes: dict[int, int], days: tuple[int, ...] = (), price: int = 200) -> list[MonthFigures]:
    """Months ending with October 2026; volumes in thousandths, amounts at one price a carton."""
    start = LAST.plus(1 - len(volumes))
    return [
        MonthFigures(
            start.plus(at),
            days[at] if days else 20,
            {one: CustomerMonth(one, volume=volume, amount=volume * price // 1000) for one, volume in month.items()},
        )
        for at, month in enumerate(volumes)
    ]


def found(months: list[MonthFigures], first: Month | None = None, **complaints: int) -> ProblemFindings:
    ids = sorted({one for month in months for one in month.customers})
    first_orders = dict.fromkeys(ids, first or months[0].month.previous)
    valid = [Customer(id=one, code=f"C{one:03}", name="shop") for one in ids]
    return find_problem_customers(valid, months, first_orders, {int(k[1:]): v for k, v in complaints.items()}, POLICY)


def codes(findings: ProblemFindings, customer: int) -> list[str]:
    return [problem.code for problem in findings.problems.get(customer, ())]


def test_80_percent_of_the_base_is_a_problem_and_a_carton_more_is_not() -> None:
    """The area stays at 20 000: customer 2 takes what customer 1 loses."""
    at_limit = found(history({1: 10_000, 2: 10_000}, {1: 10_000, 2: 10_000}, {1: 8_000, 2: 12_000}))
    assert codes(at_limit, 1) == ["relative_volume"]
    assert at_limit.problems[1][0] == Problem(1, "relative_volume", "0.8", "0.80")
    assert (at_limit.lost[1], at_limit.lost[2]) == (2_000, 0)
    above = found(history({1: 10_000, 2: 10_000}, {1: 10_000, 2: 10_000}, {1: 8_001, 2: 11_999}))
    assert codes(above, 1) == []


def test_spring_festival_marks_nobody() -> None:
    """The whole area falls to 40 % on fewer ordering days: nobody fell against the area."""
    months = history({1: 10_000, 2: 30_000}, {1: 10_000, 2: 30_000}, {1: 4_000, 2: 12_000}, days=(20, 22, 12))
    assert found(months).problems == {}


def test_fewer_than_two_complete_months_are_not_judged() -> None:
    months = history({1: 9_000, 2: 9_000}, {1: 9_000, 2: 9_000}, {1: 100, 2: 9_000})
    assert codes(found(months), 1) == ["relative_volume"]
    assert codes(found(months, first=months[0].month), 1) == []
    assert found(months, first=months[0].month).baselines[1].months == 0
    nothing = find_problem_customers(shops(1), months, {}, {}, POLICY)
    assert nothing.problems == {}


def test_the_base_looks_back_at_most_max_months() -> None:
    policy = replace(POLICY, baseline=replace(POLICY.baseline, max_months=2))
    months = history({1: 99_000, 2: 1}, {1: 1_000, 2: 1_000}, {1: 1_000, 2: 1_000}, {1: 1_000, 2: 1_000})
    findings = find_problem_customers(shops(2), months, dict.fromkeys((1, 2), Month(2020, 1)), {}, policy)
    assert (findings.problems, findings.baselines[1].months) == ({}, 2)


def test_own_ordering_days_of_a_shop_are_compared_with_its_own() -> None:
    months = history({1: 4_000, 2: 9_000}, {1: 4_000, 2: 9_000}, {1: 5_000, 2: 9_000})
    weekly = [replace(month, own_days={1: days}) for month, days in zip(months, (4, 4, 5), strict=True)]
    base = found(weekly).baselines[1]
    assert base.expected_volume == Fraction(4_000, 4) * 5 * Fraction(14_000, 13_000)


def test_ordered_in_m_2_and_nothing_in_m_1() -> None:
    months = history({1: 5, 2: 9_000}, {2: 9_000}, {1: 3_000, 2: 9_000}, {1: -200, 2: 9_000})
    findings = found(months, first=months[2].month)
    assert codes(findings, 1) == ["stopped"]
    assert findings.lost[1] == 3_200
    assert codes(found(history({1: 0, 2: 9}, {1: 0, 2: 9}, {1: 0, 2: 9})), 1) == []
    silent = history({1: 5, 2: 9}, {1: 5, 2: 9}, {2: 9})
    assert codes(found(silent, first=silent[1].month), 1) == ["stopped"]


def test_a_carton_value_10_percent_below_its_base_exactly_and_a_cent_above() -> None:
    """Base 100 ÷ 3 a carton has no end in decimals; 30 is exactly 10 % below it."""
    months = history({1: 3_000}, {1: 3_000}, {1: 1_000})
    priced = [
        replace(month, customers={1: replace(month.customers[1], amount=amount)})
        for month, amount in zip(months, (100, 100, 30), strict=True)
    ]
    assert "carton_value_drop" in codes(found(priced), 1)
    last = replace(priced[2], customers={1: replace(priced[2].customers[1], amount=31)})
    assert "carton_value_drop" not in codes(found([*priced[:2], last]), 1)


def test_an_open_complaint_alone_makes_a_problem_customer() -> None:
    months = history({1: 1_000}, {1: 1_000}, {1: 1_000})
    assert codes(found(months, c1=2), 1) == ["complaint"]
    assert codes(found(months, c1=0), 1) == []


def test_under_the_ratio_policy_growth_against_the_peers_stands_for_relative_volume() -> None:
    months = history({1: 1_000, 2: 9_000}, {1: 9_000, 2: 9_000}, {1: 10_000, 2: 10_000}, {1: 7_500, 2: 10_000})
    first = dict.fromkeys((1, 2), months[0].month.previous)
    standard = find_problem_customers(shops(2), months, first, {}, POLICY)
    by_ratio = find_problem_customers(shops(2), months, first, {}, shipped_policy("ratio"))
    assert codes(standard, 1) == []
    assert codes(by_ratio, 1) == []  # 0.75 ÷ 0.875 = 0.857
    lower = history({1: 1_000, 2: 9_000}, {1: 9_000, 2: 9_000}, {1: 10_000, 2: 90_000}, {1: 7_800, 2: 90_000})
    warned = find_problem_customers(shops(2), lower, first, {}, shipped_policy("ratio"))
    assert codes(warned, 1) == ["peer_ratio"]


@given(st.lists(st.lists(st.integers(-2, 40), min_size=4, max_size=4), min_size=1, max_size=6), st.integers(1, 9))
def test_scaling_all_volumes_changes_no_problem_and_scales_what_was_lost(rows: list[list[int]], factor: int) -> None:
    def months(scale: int) -> list[MonthFigures]:
        return history(
            *({n: row[at] * 1000 * scale for n, row in enumerate(rows, start=1)} for at in range(4)), price=100
        )

    one, scaled = found(months(1)), found(months(factor))
    assert {n: [p.code for p in ps] for n, ps in one.problems.items()} == {
        n: [p.code for p in ps] for n, ps in scaled.problems.items()
    }
    assert [base.relative_volume for base in one.baselines.values()] == [
        base.relative_volume for base in scaled.baselines.values()
    ]
    assert all(abs(scaled.lost[n] - factor * lost) <= factor for n, lost in one.lost.items())


def test_lost_volume_is_rounded_half_up() -> None:
    (before, now) = history({1: 0}, {1: 1})
    assert lost_volume(Baseline(1, 2, expected_volume=Fraction(7, 2)), now, before) == 3
    assert lost_volume(Baseline(1, 2, expected_volume=Fraction(349, 100)), now, before) == 2


def test_an_indicator_problem_is_at_or_below_95_percent_of_its_share_of_the_target() -> None:
    def at(actual: str) -> Problem | None:
        return indicator_problem(1, "volume", Decimal(actual), 100, 1_200, 1_000, POLICY.problem)

    assert at("114") == Problem(1, "volume", "114", "114")
    assert at("114.0001") is None
    assert indicator_problem(1, "volume", None, 100, 1, 1, POLICY.problem) is None
    assert indicator_problem(1, "volume", 1, 100, None, 1, POLICY.problem) is None
    assert indicator_problem(1, "volume", 1, 0, 1, 1, POLICY.problem) is None


def test_product_problems_name_their_product() -> None:
    assert [(p.customer, p.code) for p in on_shelf_problems("P1", {3, 1, 2}, {2})] == [
        (1, "on_shelf:P1"),
        (3, "on_shelf:P1"),
    ]
    assert [p.code for p in sell_through_problems("P1", {1, 2}, {2})] == ["sell_through:P1"]
    assert [p.customer for p in repurchase_problems("P1", {1, 2}, {2, 3})] == [1]
    assert [p.actual for p in stock_out_problems("P1", {1: 2, 2: 0})] == ["2"]


def problem(customer: int, code: str) -> Problem:
    return Problem(customer, code, "1", "2")


def test_matching_takes_what_is_abnormal_in_the_area() -> None:
    problems = [problem(1, "volume"), problem(1, "on_shelf:P1"), problem(2, "on_shelf:P2")]
    assert matching(problems, {"on_shelf:P1", "carton_value"}) == (problem(1, "on_shelf:P1"),)
    assert by_customer(problems) == {1: tuple(problems[:2]), 2: (problems[2],)}


def test_union_takes_both_kinds_and_matching_only_the_matches() -> None:
    problems = {1: [problem(1, "stopped")], 2: [problem(2, "complaint")]}
    matches = {2: [problem(2, "volume")], 3: [problem(3, "volume")]}
    assert key_reasons(problems, matches, POLICY.key) == {1: ("stopped",), 2: ("complaint", "volume"), 3: ("volume",)}
    narrow = replace(POLICY.key, rule="matching")
    assert key_reasons(problems, matches, narrow) == {2: ("complaint", "volume"), 3: ("volume",)}
    assert key_reasons(problems, {}, narrow) == {}


@pytest.mark.parametrize(("valid", "limit"), [(0, 0), (6, 0), (7, 1), (13, 1), (14, 2), (240, 36), (239, 35)])
def test_the_share_is_never_passed(valid: int, limit: int) -> None:
    assert key_limit(valid, POLICY.key) == limit


def test_candidates_are_ranked_by_reasons_then_lost_volume_then_code() -> None:
    reasons = {5: ("a",), 4: ("a",), 3: ("a", "b"), 2: ("a",), 1: ("a",)}
    candidates = key_candidates(shops(20), reasons, {4: 10, 5: 10, 2: 99}, POLICY.key)
    assert [(c.customer, c.rank, str(c.standing)) for c in candidates] == [
        (3, 1, "proposed"),
        (2, 2, "proposed"),
        (4, 3, "proposed"),
        (5, 4, "below"),
        (1, 5, "below"),
    ]
    assert key_customers(candidates) == {3, 2, 4}


def test_by_hand_with_a_reason_and_nobody_moves_up_unasked() -> None:
    reasons = {1: ("a", "b"), 2: ("a",), 3: ("a",)}
    candidates = key_candidates(shops(14), reasons, {}, POLICY.key, {9: "new manager", 3: "asked"}, {1: "retired"})
    assert [(c.customer, str(c.standing), c.note) for c in candidates] == [
        (1, "removed", "retired"),
        (2, "proposed", None),
        (3, "added", "asked"),
        (9, "added", "new manager"),
    ]
    assert key_customers(candidates) == {2, 3, 9}
    assert Standing.BELOW not in {c.standing for c in candidates}


@pytest.mark.parametrize(
    ("added", "removed", "rule"),
    [
        ({99: "x"}, {}, "key-not-valid"),
        ({1: " "}, {}, "key-needs-reason"),
        ({1: "x"}, {1: "y"}, "key-added-and-removed"),
    ],
)
def test_hand_changes_that_make_no_sense_are_refused(added: dict[int, str], removed: dict[int, str], rule: str) -> None:
    with pytest.raises(Refusal) as caught:
        key_candidates(shops(9), {}, {}, POLICY.key, added, removed)
    assert (caught.value.fault, caught.value.facts["rule"]) == (Fault.RULE, rule)


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 3), max_size=30), st.permutations(range(1, 31)))
def test_the_key_list_does_not_depend_on_row_order(reasons: dict[int, int], order: list[int]) -> None:
    given_reasons = {one: ("r",) * count for one, count in reasons.items()}
    valid = shops(30)
    shuffled = [valid[number - 1] for number in order]
    candidates = key_candidates(valid, given_reasons, {}, POLICY.key)
    assert candidates == key_candidates(shuffled, given_reasons, {}, POLICY.key)
    assert len(key_customers(candidates)) == min(4, sum(1 for count in reasons.values() if count))
