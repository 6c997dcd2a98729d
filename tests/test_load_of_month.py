"""What a month asks of its days, told by week and by neighbourhood; a month that cannot fit names its repairs."""

from decimal import Decimal
from pathlib import Path

import pytest
from conftest import act_at
from month_examples import MONTH, Typist, kept, write_exports
from test_month import drafted

from crmkit.model.errors import Exit
from crmkit.store.opening import open_store

OF_MONTH = ("--month", MONTH)
EAST, WEST = "东片", "西片"
OWED = {"weekly": 4, "twice_monthly": 2, "monthly": 1}  # November 2026 has four weeks that owe a weekly visit
SIX_A_DAY = "extends = 'standard'\n[capacity]\nurban_per_day = 2\nrural_per_day = 2\n"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A drafted month; the first nine shops lie in the west, one nowhere."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正").code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    store = open_store(typist.folder / "crmkit.db")
    with store.operation(act_at("2026-10-30")):
        store.execute("UPDATE customer SET neighbourhood=? WHERE code<'1010'", (WEST,))
        store.execute("UPDATE customer SET neighbourhood=NULL WHERE code='1012'")
    store.close()
    drafted(typist)


def place_of(code: str) -> str | None:
    return None if code == "1012" else WEST if code < "1010" else EAST


def test_visits_are_told_by_week_and_by_neighbourhood(typed: Typist) -> None:
    plan = typed.json("plan", "show", *OF_MONTH)
    load, owed = plan["load"], {one["customer"]: OWED[one["frequency"]] for one in plan["frequencies"]}
    weekly = sum(one["frequency"] == "weekly" for one in plan["frequencies"])
    assert [week["visits"] for week in load["weeks"]] == [weekly] * 4 + [0]
    assert load["visits"] == sum(owed.values())
    of_place = {place: [n for code, n in owed.items() if place_of(code) == place] for place in (EAST, WEST, None)}
    expected = {place: (len(visits), sum(visits)) for place, visits in of_place.items()}
    assert {one["neighbourhood"]: (one["customers"], one["visits"]) for one in load["areas"]} == expected
    told = typed("plan", "show", *OF_MONTH).out
    rest = load["visits"] - 4 * weekly
    row = next(line.split() for line in told.splitlines() if line.startswith("in any of several"))
    assert row[4] == str(rest)
    assert "without a neighbourhood" in told
    assert "未分小片" in typed("plan", "show", *OF_MONTH, lang="zh").out


def test_a_month_that_cannot_fit_names_each_repair_with_its_effect(typed: Typist) -> None:
    (typed.folder / "tight.toml").write_text(SIX_A_DAY, encoding="utf-8")
    (typed.folder / "crmkit.toml").write_text("policy = 'tight.toml'\n", encoding="utf-8")
    repairs = typed.json("plan", "show", *OF_MONTH)["load"]["repairs"]
    kinds = list(dict.fromkeys(one["kind"] for one in repairs))
    assert kinds == [kind for kind in ("second_by_phone", "monthly_by_phone", "weekly_by_phone") if kind in kinds]
    assert {one["days_freed"] for one in repairs} == {"0.5"}
    answer = typed("plan", "submit", *OF_MONTH)
    assert answer.code == Exit.FORBIDDEN
    for place, kind in enumerate(kinds, start=1):
        those = [one for one in repairs if one["kind"] == kind]
        line = next(line for line in answer.err.splitlines() if line.startswith(f"  {place}. {len(those)} visit"))
        freed = Decimal(len(those)) / 2
        assert f"(gives back {freed.normalize():f} full days)" in line
        assert those[0]["customer"] in line
    assert f"crmkit plan submit --month {MONTH} --accept-shortage REASON" in answer.err
    chinese = typed("plan", "submit", *OF_MONTH, lang="zh").err
    assert "拜访频率不变" in chinese
    assert f"crmkit plan submit --month {MONTH} --accept-shortage 理由" in chinese
    assert typed("plan", "submit", *OF_MONTH, "--accept-shortage", "改电话").code == 0
