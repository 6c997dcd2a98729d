"""The policy: shipped texts, a user's file over them, refusals with their line."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crmkit.model.errors import Fault, Refusal
from crmkit.model.limits import BETWEEN, RANGES, outside_range
from crmkit.model.operating import AbilityItem, EffectItem, Quadrant
from crmkit.model.policy import Policy, PolicyDifference, differences, flat
from crmkit.sources.policy import SHIPPED, lines_of_keys, load_policy, policy_origins, shipped_policy

STANDARD_NUMBERS = {
    "month.opening_days": 1,
    "month.questionnaire_day": 25,
    "valid.ordering_months": 3,
    "anomaly.shortfall_percent": 5,
    "anomaly.growth_points": 5,
    "anomaly.stock_out_points": 2,
    "ratio.warning": Decimal("0.8"),
    "ratio.big_customer_cartons": 1000,
    "ratio.big_customer_times": 4,
    "baseline.min_months": 2,
    "problem.indicator_factor": Decimal("0.95"),
    "problem.relative_volume": Decimal("0.80"),
    "problem.carton_value_drop_percent": 10,
    "rates.sell_through_months": 3,
    "indicator.units_per_case": 50_000,
    "indicator.units_per_carton": 200,
    "key.rule": "union",
    "key.max_share_percent": 15,
    "frequency.top_percent": 20,
    "frequency.bottom_percent": 30,
    "frequency.new_customer": "twice_monthly",
    "frequency.new_customer_within_days": 5,
    "effect.volume_growth": 25,
    "effect.carton_value": 25,
    "effect.products": 15,
    "effect.ordered_share": 15,
    "effect.key_products": 20,
    "effect.weak_below": 40,
    "effect.cut": 50,
    "effect.grade_span": 2,
    "effect.min_peers": 8,
    "ability.cut": 60,
    "ability.weak_at_most": 2,
    "capacity.urban_per_day": 30,
    "capacity.rural_per_day": 25,
    "visit.weekly_needs_working_days": 3,
    "visit.weekly.min": 3,
    "visit.weekly.max": 9,
    "visit.weekly.preferred_min": 4,
    "visit.weekly.preferred_max": 6,
    "visit.weekly.border_min": 3,
    "visit.twice_monthly.min": 6,
    "visit.twice_monthly.max": 14,
    "visit.twice_monthly.preferred_min": 8,
    "visit.twice_monthly.preferred_max": 12,
    "visit.twice_monthly.border_min": 5,
    "visit.monthly_border_min": 8,
    "calendar.country": "CN",
}


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_bytes(text.encode())
    return path


def refused(folder: Path, text: str) -> dict[str, Any]:
    with pytest.raises(Refusal) as caught:
        load_policy(written(folder, text))
    assert caught.value.fault is Fault.BAD_POLICY
    return caught.value.facts


def test_every_number_of_the_method_is_in_the_standard_policy() -> None:
    values = flat(shipped_policy())
    assert {key: values[key] for key in STANDARD_NUMBERS} == STANDARD_NUMBERS


def test_fractions_are_read_exactly_and_whole_numbers_become_decimals_where_fractions_may_stand() -> None:
    policy = shipped_policy()
    assert str(policy.problem.indicator_factor) == "0.95"
    assert isinstance(policy.anomaly.shortfall_percent, Decimal)


def test_the_catalogue_has_a_text_for_every_cause_the_rules_know() -> None:
    strategy = shipped_policy().strategy
    codes = {entry.code for entry in strategy.catalogue}
    assert {str(quadrant) for quadrant in Quadrant} <= codes
    assert {f"weak.{item}" for item in EffectItem} <= codes
    assert {f"low.{item}" for item in AbilityItem} <= codes
    assert [entry.code for entry in strategy.routine] == ["stock", "tags", "information"]
    assert any("\u4e00" <= letter <= "\u9fff" for entry in strategy.catalogue for letter in entry.zh)
    assert all(entry.en.isascii() for entry in strategy.catalogue)


def test_the_shipped_policies_keep_their_own_limits() -> None:
    for name in SHIPPED:
        values = flat(shipped_policy(name))
        for key, value in values.items():
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                assert outside_range(key, value) is None, key
        assert all(law.holds(values) for law in BETWEEN)
        assert set(RANGES) <= set(values)


def test_ratio_is_standard_but_for_the_rule() -> None:
    assert differences(shipped_policy("standard"), shipped_policy("ratio")) == (
        PolicyDifference("name", "standard", "ratio"),
        PolicyDifference("anomaly.rule", "target", "ratio"),
    )


def test_a_users_file_overrides_single_values_only(tmp_path: Path) -> None:
    mine = load_policy(written(tmp_path, "[frequency]\ntop_percent = 25\n"))
    changed = {difference.key for difference in differences(shipped_policy(), mine)}
    assert changed == {"name", "frequency.top_percent"}
    assert (mine.name, mine.frequency.top_percent, mine.frequency.bottom_percent) == ("mine", 25, 30)


def test_a_users_file_may_extend_ratio_name_itself_and_add_a_kind_of_demand(tmp_path: Path) -> None:
    text = (
        'name = "team-3"\nversion = "7"\nextends = "ratio"\n'
        "[strategy.catalogue.demand]\n"
        'lottery = { zh = "彩票机", en = "Lottery" }\nsupply = { zh = "货源" }\n'
    )
    mine = load_policy(written(tmp_path, text))
    assert (mine.name, mine.version, mine.anomaly.rule) == ("team-3", "7", "ratio")
    lottery = mine.strategy.entry("demand.lottery")
    supply = mine.strategy.entry("demand.supply")
    assert lottery is not None
    assert (lottery.zh, lottery.en) == ("彩票机", "Lottery")
    assert supply is not None
    assert supply.zh == "货源"
    assert supply.en.startswith("Supply wanted")
    assert mine.strategy.entry("hand") is None


@pytest.mark.parametrize(
    ("text", "line", "code", "key"),
    [
        ("[frequency]\n\ntop = 20\n", 3, "unknown-key", "frequency.top"),
        ("# x\n[frequencies]\ntop_percent = 20\n", 3, "unknown-key", "frequencies.top_percent"),
        ("[empty]\n", 1, "unknown-key", "empty"),
        (
            "[strategy.catalogue.weak]\nhope = {zh='a', en='b'}\n",
            2,
            "unknown-key",
            "strategy.catalogue.weak.hope.zh",
        ),
        ("\n\nfrequency.top_percent = '20'\n", 3, "wrong-type", "frequency.top_percent"),
        ("[frequency]\ntop_percent = 20.5\n", 2, "wrong-type", "frequency.top_percent"),
        ("[frequency]\ntop_percent = true\n", 2, "wrong-type", "frequency.top_percent"),
        ("frequency = 3\n", 1, "unknown-key", "frequency"),
        ("[problem]\nrelative_volume = nan\n", 2, "wrong-type", "problem.relative_volume"),
        ("[problem]\nrelative_volume = inf\n", 2, "wrong-type", "problem.relative_volume"),
        ("[month]\napproval = 'nobody'\n", 2, "wrong-type", "month.approval"),
        ("[valid]\nordering_counts = 1\n", 2, "wrong-type", "valid.ordering_counts"),
        ("[calendar]\nzone = ['x',\n 'y']\n", 2, "wrong-type", "calendar.zone"),
        ("[frequency]\ntop_percent = -1\n", 2, "out-of-range", "frequency.top_percent"),
        ("[problem]\n\n# 注\nrelative_volume = 1.01\n", 4, "out-of-range", "problem.relative_volume"),
        ("[frequency]\nbottom_percent = 60\ntop_percent = 50\n", 2, "impossible", "frequency.bottom_percent"),
        ("[frequency]\ntop_percent = 71\n", 2, "impossible", "frequency.top_percent"),
        ("[visit.weekly]\nmin = 5\n", 2, "impossible", "visit.weekly.min"),
        ("[visit.weekly]\nmax = 2\n", 2, "impossible", "visit.weekly.max"),
        (
            "[effect]\nvolume_growth=0\ncarton_value=0\nproducts=0\nordered_share=0\nkey_products=0\n",
            6,
            "impossible",
            "effect.key_products",
        ),
        (
            "[strategy.catalogue.demand]\nx = {zh='只有中文'}\n",
            2,
            "impossible",
            "strategy.catalogue.demand.x.zh",
        ),
        ("extends = 'mars'\n", 1, "extends", "extends"),
        ("[frequency]\ntop_percent = \n", 2, "syntax", ""),
        ("[frequency]\ntop_percent = 1\ntop_percent = 2\n", 3, "syntax", ""),
        ("[frequency", 1, "syntax", ""),
        ('x = """a\u2028b\n', 2, "syntax", ""),
    ],
)
def test_mistakes_are_refused_with_their_line(tmp_path: Path, text: str, line: int, code: str, key: str) -> None:
    facts = refused(tmp_path, text)
    assert (facts["line"], facts["code"], facts["key"]) == (line, code, key)
    assert facts["path"] == str(tmp_path / "mine.toml")
    assert facts["reason"]
    assert (facts["expected"] != "") == (code in ("wrong-type", "out-of-range"))


def test_a_file_that_is_no_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes("[month]\n# 名\n".encode() + "approval = '自己'".encode("gbk"))
    with pytest.raises(Refusal) as caught:
        load_policy(path)
    assert (caught.value.facts["code"], caught.value.facts["line"]) == ("text", 3)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        load_policy(tmp_path / "none.toml")
    assert caught.value.fault is Fault.FILE_MISSING


def test_bom_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes("\ufeff[frequency]\r\ntop_percent = 25\r\n".encode())
    assert load_policy(path).frequency.top_percent == 25
    assert policy_origins(path)["frequency.top_percent"] == f"{path}:2"


def test_origins_name_the_text_each_value_comes_from(tmp_path: Path) -> None:
    path = written(tmp_path, 'extends = "ratio"\n[key]\nmax_share_percent = 8\n')
    origins = policy_origins(path)
    assert list(origins) == list(flat(load_policy(path)))
    assert origins["key.max_share_percent"] == f"{path}:3"
    assert origins["anomaly.rule"] == "ratio"
    assert origins["frequency.top_percent"] == "standard"
    assert set(policy_origins().values()) == {"standard"}


def test_lines_are_found_for_every_way_of_writing_a_key() -> None:
    text = 'a.b = 1\n[t]\n"c d" = """\n[not.a.table]\n"""\ne = {f = 2,\n}\n[[list]]\ng = 1\n'.replace(",\n}", "}")
    assert lines_of_keys(text) == {"a": 1, "a.b": 1, "t": 2, "t.c d": 3, "t.e": 6, "t.e.f": 6, "list": 7}


def test_every_field_of_the_policy_is_a_key_of_the_file_and_nothing_else() -> None:
    def keys(prefix: str, table: Any) -> set[str]:
        return {
            key
            for field in fields(table)
            for key in (
                keys(f"{prefix}{field.name}.", field.type) if is_dataclass(field.type) else {f"{prefix}{field.name}"}
            )
        }

    shown = {key for key in flat(shipped_policy()) if not key.startswith("strategy.")}
    assert shown == {key for key in keys("", Policy) if not key.startswith("strategy.")}
