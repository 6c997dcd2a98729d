"""The borderline list: half a point on either side of each threshold, nothing farther."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from month_examples import Typist, write_exports

from crmkit.model.borderline import Border
from crmkit.model.brand import RateKind, RateState
from crmkit.model.customer import Frequency
from crmkit.model.judgement import Baseline, Judgement, Rate
from crmkit.model.market import Indicator, IndicatorState
from crmkit.model.operating import Effect, EffectDetail, EffectItem, PeerGroup
from crmkit.model.strategy import KeyCandidate, Standing, TieBorder, TieBreak
from crmkit.rules import borderline
from crmkit.rules.anomaly import judge
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
HALF = Decimal("0.5")


def effect(score: Decimal | None, item: Decimal | None = None) -> Effect:
    return Effect(7, score, PeerGroup.ALL, 9, (EffectDetail(EffectItem.PRODUCTS, Decimal(3), item),))


@given(st.decimals(min_value=0, max_value=100, places=3), st.decimals(min_value=0, max_value=100, places=3))
def test_scores_within_half_a_point_are_named_and_no_others(score: Decimal, item: Decimal) -> None:
    found = {one.border: one for one in borderline.of_effects([effect(score, item)], POLICY)}
    assert (Border.EFFECT_CUT in found) == (abs(score - 50) <= HALF)
    assert (Border.WEAK_ITEM in found) == (abs(item - 40) <= HALF)
    if Border.EFFECT_CUT in found:
        assert found[Border.EFFECT_CUT].crossed == (score >= 50)
    if Border.WEAK_ITEM in found:
        assert found[Border.WEAK_ITEM].crossed == (not effect(score, item).weak_items(Decimal(40)))


@given(st.fractions(min_value=80, max_value=110))
def test_the_five_percent_rule_and_the_list_see_the_same_side(actual: Fraction) -> None:
    target = Decimal(100)
    said = judge(Indicator.VOLUME.measure, target, actual, POLICY.anomaly)
    state = IndicatorState(Indicator.VOLUME, target, actual, said, said)
    found = borderline.of_indicators([state], Fraction(1), POLICY)
    assert bool(found) == (Fraction("4.5") <= 100 - actual <= Fraction("5.5"))
    assert all(one.crossed == (said is Judgement.ABNORMAL) for one in found)


@pytest.mark.parametrize(("count", "abnormal"), [(24, True), (23, False), (25, True)])
def test_stock_out_counts_in_points_and_higher_is_worse(count: int, abnormal: bool) -> None:
    rate, target = Rate(count, 200), Decimal(10)  # 12.0, 11.5, 12.5 %: 2.0, 1.5, 2.5 points too many
    said = judge(RateKind.STOCK_OUT.measure, target, rate.value, POLICY.anomaly)
    assert (said is Judgement.ABNORMAL) == abnormal
    found = borderline.of_rates([RateState(1, RateKind.STOCK_OUT, target, rate, said, said)], {1: "P1"}, POLICY)
    assert len(found) == 1, "all three are within half a point"
    assert found[0].crossed == abnormal
    far = RateState(1, RateKind.STOCK_OUT, target, Rate(26, 200), said, said)
    assert borderline.of_rates([far], {1: "P1"}, POLICY) == []


def test_what_is_not_judged_is_on_no_border() -> None:
    state = IndicatorState(Indicator.VOLUME, None, Fraction(95), Judgement.NOT_JUDGED, Judgement.NOT_JUDGED)
    assert borderline.of_indicators([state], Fraction(1), POLICY) == []
    assert borderline.of_effects([effect(None)], POLICY) == []
    assert borderline.of_baselines([Baseline(1, 0)], {}, POLICY) == []


@pytest.mark.parametrize(
    ("relative", "crossed"), [("0.794", None), ("0.795", True), ("0.8", True), ("0.801", False), ("0.8051", None)]
)
def test_relative_volume_reaches_its_border_from_above(relative: str, crossed: bool | None) -> None:
    base = Baseline(3, 4, Fraction(1000), Decimal(relative), Fraction(10_000), Fraction(10_000))
    found = borderline.of_baselines([base], {}, POLICY)
    assert [one.crossed for one in found] == ([] if crossed is None else [crossed])


def test_the_key_line_is_a_border_only_between_equal_numbers_of_reasons() -> None:
    def candidate(number: int, standing: Standing, *reasons: str) -> KeyCandidate:
        return KeyCandidate(number, number, standing, reasons, 0)

    one, two = candidate(1, Standing.PROPOSED, "stopped"), candidate(2, Standing.BELOW, "relative_volume")
    assert [(b.customer, b.crossed) for b in borderline.of_key_line([one, two], 1)] == [(1, True), (2, False)]
    richer = candidate(1, Standing.PROPOSED, "stopped", "carton_value_drop")
    assert borderline.of_key_line([richer, two], 1) == []
    assert borderline.of_key_line([one], 1) == []


def test_a_frequency_border_names_the_two_beside_it() -> None:
    tie = TieBorder(Frequency.WEEKLY, Frequency.TWICE_MONTHLY, 2, 1, 3, TieBreak.VOLUME, (4,), (5, 6))
    found = borderline.of_frequencies([tie], {4: 1, 5: 2, 6: 3})
    assert [(one.customer, one.item, int(one.value), one.crossed) for one in found] == [
        (4, "weekly", 1, True),
        (5, "twice_monthly", 2, False),
    ]


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys) -> Typist:  # type: ignore[no-untyped-def]
    typist = Typist(tmp_path, monkeypatch, capsys)
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四").code == 0
    write_exports(tmp_path)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    return typist


def test_the_list_as_it_is_typed(typed: Typist) -> None:
    for words in (("compute",), ("score", "--all", "3"), ("generate",)):
        assert typed("analyze", *words, "--month", "2026-11").code == 0
    found = typed.json("analyze", "borderline", "--month", "2026-11")
    at_cut = [one for one in found["judgements"] if one["border"] == "ability_cut"]
    assert len(at_cut) == len({one["customer"] for one in at_cut}) == 23
    assert {one["outcome"] for one in at_cut} == {"reached"}
    assert found["not_made"] == [5, 6, 8]
    shown = typed("analyze", "borderline", "--month", "2026-11", "--format", "plain").out
    assert "23 customers with this figure (--all)" in shown
    everyone = typed("analyze", "borderline", "--month", "2026-11", "--all").out
    assert everyone.count("ability, cut") == 23
    (typed.folder / "wide.toml").write_text("[borderline]\npoints = 0\n")
    typed.now = "2026-10-30T18:00"
    assert typed("policy", "diff", "wide.toml").out.count("borderline.points") == 1
