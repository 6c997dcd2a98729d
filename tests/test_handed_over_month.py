"""Customers who leave, close or come between draft, submit and approval: nobody is lost without a word."""

from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, OTHER, Typist, kept, write_exports
from test_month import drafted, value

from crmkit.report.words import Language

MOVED, SHUT = "1002", "1004"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    drafted(typist)


def frequency(typed: Typist, code: str) -> object:
    return value(typed, "SELECT frequency FROM customer WHERE code=?", code)


def line(typed: Typist, code: str) -> object:
    sql = "SELECT f.frequency FROM frequency_line f JOIN customer c ON c.id=f.customer WHERE c.code=? AND f.month=?"
    return value(typed, sql, code, MONTH)


def submitted(typed: Typist) -> None:
    assert typed("plan", "submit", "--month", MONTH).code == 0


def hand_over(typed: Typist) -> None:
    assert typed("customer", "transfer", MOVED, "--to", OTHER, actor=BOSS).code == 0


@pytest.mark.parametrize(("lang", "said"), [("en", "the frequency of this plan goes along"), ("zh", "随客户一并生效")])
def test_who_is_handed_over_after_submit_keeps_the_approved_frequency(
    typed: Typist, lang: Language, said: str
) -> None:
    submitted(typed)
    hand_over(typed)
    shown = typed("plan", "approve", "--month", MONTH, actor=BOSS, lang=lang)
    assert shown.code == 0
    assert [part for part in shown.out.split("\n") if said in part and MOVED in part]
    assert frequency(typed, MOVED) == line(typed, MOVED)
    assert frequency(typed, MOVED) is not None


def test_the_plan_of_the_new_manager_decides_where_there_is_one(typed: Typist) -> None:
    submitted(typed)
    hand_over(typed)
    drafted(typed, actor=OTHER)
    done = typed.json("plan", "approve", "--month", MONTH, "--manager", "001", actor=BOSS)
    assert {"customer": MOVED, "why": "elsewhere"} in done["asides"]
    assert frequency(typed, MOVED) is None
    assert typed("plan", "submit", "--month", MONTH, actor=OTHER).code == 0
    assert typed("plan", "approve", "--month", MONTH, "--manager", OTHER, actor=BOSS).code == 0
    assert frequency(typed, MOVED) == line(typed, MOVED)


@pytest.mark.parametrize(("lang", "said"), [("en", "no longer active"), ("zh", "已不是正常户")])
def test_who_closes_in_the_draft_is_named_and_gets_no_frequency(typed: Typist, lang: Language, said: str) -> None:
    assert line(typed, SHUT) is not None
    assert typed("customer", "set", SHUT, "state=closed").code == 0
    for words, actor in ((("plan", "submit"), "001"), (("plan", "approve"), BOSS)):
        shown = typed(*words, "--month", MONTH, actor=actor, lang=lang)
        assert shown.code == 0, shown
        assert [part for part in shown.out.split("\n") if said in part and SHUT in part], shown.out
    assert frequency(typed, SHUT) is None


def test_a_team_plan_says_that_it_touches_a_submitted_month(typed: Typist) -> None:
    submitted(typed)
    words = ("plan", "team", "--month", MONTH, "--apply", "--as", BOSS)
    assert typed.json(*words, "--dry-run")["settled"] == [{"manager": "001", "state": "submitted"}]
    assert "已不是草稿" in typed(*words, "--dry-run", lang="zh").out
    assert "is past its draft" in typed(*words).out
    done = typed.json("plan", "approve", "--month", MONTH, actor=BOSS)
    assert done["frequencies"] == value(typed, "SELECT count(*) FROM frequency_line WHERE month=?", MONTH)
    assert "followed" in {one["why"] for one in done["asides"]}
