"""A second entry by hand loses nothing, clears what is said to be cleared, and says whose month it went to."""

from pathlib import Path

import pytest
from month_examples import MANAGER, MONTH, Typist, write_exports


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    write_exports(tmp_path)
    made = Typist(tmp_path, monkeypatch, capsys)
    made("init", "crmkit.db", "--manager", f"{MANAGER}=张三", "--manager", "002=李四")
    assert made("import", "customers.csv", "products.csv", "orders.csv").code == 0
    return made


def test_a_second_entry_keeps_how_the_first_came_and_none_clears_it(typed: Typist) -> None:
    enter = ("analyze", "demand", "enter", "1001")
    assert typed(*enter, "P1=5", "服务=送货", "--how", "phone", "--month", MONTH).code == 0
    assert typed(*enter, "P2=3", "--month", MONTH).code == 0
    (record,) = typed.json("analyze", "demand", "list", "--month", MONTH)["questionnaires"]
    assert (record["channel"], len(record["lines"]), len(record["wishes"])) == ("phone", 2, 1)
    assert typed.json(*enter, "--none", "--month", MONTH)["changed"] == ["1001"]
    (record,) = typed.json("analyze", "demand", "list", "--month", MONTH)["questionnaires"]
    assert (record["channel"], record["lines"], record["wishes"]) == ("phone", [], [])
    assert typed.json(*enter, "--none", "--month", MONTH)["changed"] == []


def test_an_entry_that_went_to_another_month_says_so(typed: Typist) -> None:
    said = typed("analyze", "demand", "enter", "1001", "P1=5", lang="zh").err
    assert "已记入2026年11月，不是2026年10月" in said
    assert "crmkit analyze demand list --month 2026-11" in said
    assert "已记入" not in typed("analyze", "demand", "enter", "1001", "P1=6", "--month", MONTH, lang="zh").err


@pytest.mark.parametrize("month", ["1990-01", "2100-12"])
@pytest.mark.parametrize("words", [("analyze", "show"), ("analyze", "demand", "list"), ("analyze", "market", "show")])
def test_the_first_and_the_last_month_have_neighbours(typed: Typist, words: tuple[str, ...], month: str) -> None:
    assert typed(*words, "--month", month).code in (0, 3, 6)
    assert typed(*words, "--month", "1989-12").code == 2
