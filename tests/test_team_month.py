"""The month of the whole team, counted once for the file, is every manager's month counted alone."""

from datetime import date
from pathlib import Path

import pytest
from month_examples import MONTH, Typist, kept, write_exports

from crmkit.model.month import Month
from crmkit.sources.policy import shipped_policy
from crmkit.store import people
from crmkit.store.opening import open_store
from crmkit.workflow.analyze_operating import effects_now
from crmkit.workflow.analyze_team import analyze_team
from crmkit.workflow.judge_customers import judge_customers
from crmkit.workflow.portfolio import portfolio_of

TODAY = date(2026, 11, 2)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四", "--manager", "003=王五").code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


@pytest.mark.parametrize("name", ["standard", "ratio"])
def test_each_area_is_the_managers_own_month(typed: Typist, name: str) -> None:
    store, policy, month = open_store(typed.folder / "crmkit.db"), shipped_policy(name), Month.parse(MONTH)
    found = analyze_team(store, policy, month, TODAY)
    assert [area.portfolio.manager.code for area in found.areas] == ["001", "002"], "003 has nobody"
    for area in found.areas:
        manager = next(one for one in people.everyone(store) if one.code == area.portfolio.manager.code)
        alone = portfolio_of(store, policy, manager, month, TODAY)
        assert area.portfolio.valid == alone.valid
        assert {one.customer: one for one in area.effects} == effects_now(store, policy, alone)[0]
        judged = judge_customers(store, policy, alone)
        assert (area.findings.problems, area.findings.lost) == (judged.problems, judged.lost)
        assert area.findings.baselines == judged.baselines
    store.close()


def test_the_page_has_a_row_for_each_manager_and_writes_nothing(typed: Typist) -> None:
    before = typed("db", "log", "--format", "json").out
    found = typed.json("analyze", "team", "--month", MONTH)
    assert [one["manager"] for one in found["managers"]] == ["001", "002"]
    assert typed("db", "log", "--format", "json").out == before
    assert found["managers"][0]["problem_customers"] >= 2, "one stopped, one fell"
