"""Whose month it is: nobody writes in another's, nobody takes another's shops; reading is free."""

from pathlib import Path

import pytest
from month_examples import BOSS, MANAGER, MONTH, OTHER, Typist, write_exports

from crmkit.model.errors import Exit
from crmkit.model.person import Role
from crmkit.rules.rights import may_decide_for_all, may_write_month

SCORES = ("1001", "display=3")
WRITING = [
    ("analyze", "compute"),
    ("analyze", "score", *SCORES),
    ("analyze", "score", "--all", "3"),
    ("analyze", "score", "--carry"),
    ("analyze", "generate"),
    ("analyze", "demand", "enter", "1001", "P1=5"),
    ("analyze", "demand", "confirm", "--all"),
    ("analyze", "brand", "compute"),
    ("analyze", "brand", "judge", "P1", "on_shelf", "normal", "--note", "x"),
    ("analyze", "brand", "write", "--problems", "x"),
    ("analyze", "market", "compute"),
    ("analyze", "market", "target", "volume=3"),
    ("analyze", "market", "judge", "volume", "normal", "--note", "x"),
    ("analyze", "market", "write", "--focus", "x"),
    ("plan", "strategies", "--satisfaction", "90"),
    ("plan", "generate"),
    ("plan", "key", "1001", "--add", "--reason", "x"),
    ("plan", "frequency", "1001", "monthly", "--reason", "x"),
    ("plan", "submit"),
    ("plan", "visits"),
    ("plan", "replan"),
]
UNDATED = [
    ("analyze", "target", "set", "P1", "on_shelf=80", "--from", MONTH),
    ("analyze", "target", "remove", "P1", "--from", MONTH),
    ("analyze", "target", "choose", "P1", "1001"),
    ("plan", "route"),
]
OF_A_SHOP = [
    ("plan", "move", "1001", "--date", "2026-11-04", "--to", "2026-11-05"),
    ("plan", "pin", "1001", "--date", "2026-11-04"),
    ("plan", "unpin", "1001", "--date", "2026-11-04"),
    ("plan", "skip", "1001", "--date", "2026-11-04", "--reason", "x"),
]
READING = [
    ("status",),
    ("analyze", "show", "--month", MONTH),
    ("analyze", "score", "1001", "--month", MONTH),
    ("analyze", "demand", "list", "--month", MONTH),
    ("plan", "visits", "--trial", "--month", MONTH),
]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    write_exports(tmp_path)
    made = Typist(tmp_path, monkeypatch, capsys)
    made("init", "crmkit.db", "--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=王五")
    assert made("import", "customers.csv", "products.csv", "orders.csv").code == 0
    return made


def is_foreign(typed: Typist, *words: str, actor: str = OTHER) -> bool:
    answer = typed(*words, actor=actor, lang="zh")
    return answer.code == Exit.FORBIDDEN and "月份须由其客户经理本人" in answer.err


@pytest.mark.parametrize("words", [*((*words, "--month", MONTH) for words in WRITING), *UNDATED])
def test_nobody_writes_in_the_month_of_another(typed: Typist, words: tuple[str, ...]) -> None:
    assert is_foreign(typed, *words, "--manager", MANAGER)
    assert is_foreign(typed, *words, "--manager", MANAGER, actor=BOSS)
    assert not is_foreign(typed, *words, "--manager", MANAGER, actor=MANAGER)


@pytest.mark.parametrize("words", OF_A_SHOP)
def test_nobody_moves_the_visits_of_another(typed: Typist, words: tuple[str, ...]) -> None:
    assert is_foreign(typed, *words)
    assert not is_foreign(typed, *words, actor=MANAGER)


@pytest.mark.parametrize("words", READING)
def test_reading_is_free(typed: Typist, words: tuple[str, ...]) -> None:
    assert not is_foreign(typed, *words, "--manager", MANAGER)


def test_who_stands_in_writes_and_nobody_does_once_it_is_over(typed: Typist) -> None:
    words = ("analyze", "compute", "--month", MONTH, "--manager", MANAGER)
    assert typed("team", "stand-in", MANAGER, "--by", OTHER, "--from", "2026-10-30").code == 0
    assert typed(*words, actor=OTHER).code == 0
    typed.now = "2026-10-31T09:00"
    assert is_foreign(typed, *words)


def test_scores_of_another_do_not_come_by_a_file(typed: Typist) -> None:
    assert typed("analyze", "compute", "--month", MONTH).code == 0
    (typed.folder / "s.csv").write_text(f"客户编码,月份,陈列\n1001,{MONTH},3\n", encoding="utf-8")
    assert is_foreign(typed, "analyze", "score", "--import", "s.csv")
    assert is_foreign(typed, "import", "s.csv", "--kind", "scores")
    assert typed("analyze", "score", "--import", "s.csv").code == 0


def test_alone_the_policy_says_self_and_nobody_is_asked(typed: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    (typed.folder / "p.toml").write_text('[month]\napproval = "self"\n', encoding="utf-8")
    monkeypatch.setenv("CRMKIT_POLICY", "p.toml")
    words = ("analyze", "compute", "--month", MONTH, "--manager", MANAGER)
    assert typed(*words, actor=OTHER).code == 0


def test_shops_are_taken_from_another_by_the_market_manager_only(typed: Typist) -> None:
    words = ("customer", "transfer", "1001", "--to", OTHER)
    assert (typed(*words, actor=OTHER).code, typed(*words, "--dry-run", actor=OTHER).code) == (6, 6)
    assert typed(*words, "--dry-run").code == 0  # his own he gives
    assert typed(*words, actor=BOSS).code == 0
    assert typed("customer", "transfer", "1001", "--to", MANAGER).code == Exit.FORBIDDEN


def test_a_team_plan_is_proposed_to_all_and_applied_by_the_market_manager_only(typed: Typist) -> None:
    answer = typed("plan", "team", "--month", MONTH, "--apply", "-y", lang="zh")
    assert (answer.code, "市场经理" in answer.err) == (Exit.FORBIDDEN, True)
    assert typed("plan", "team", "--month", MONTH).code == 0
    assert typed("plan", "team", "--month", MONTH, "--apply", "-y", actor=BOSS).code == 0


def test_where_nobody_is_above_the_team_anybody_settles_for_it() -> None:
    assert may_decide_for_all(Role.CUSTOMER_MANAGER, "manager", has_market_manager=False)
    assert may_decide_for_all(Role.CUSTOMER_MANAGER, "self", has_market_manager=True)
    assert may_decide_for_all(Role.MARKET_MANAGER, "manager", has_market_manager=True)
    assert not may_decide_for_all(Role.BRAND_MANAGER, "manager", has_market_manager=True)
    assert not may_decide_for_all(None, "manager", has_market_manager=True)
    assert may_write_month("001", "001", "manager", stands_in=False)
    assert not may_write_month("", "001", "manager", stands_in=False)


def test_a_sick_day_is_his_own_and_the_company_rests_by_the_market_managers_word(typed: Typist) -> None:
    off = ("calendar", "off", "2026-11-06", "--reason", "发烧")
    assert typed.json(*off, "--dry-run")["person"] == MANAGER
    assert "张三" in typed(*off, "--dry-run", lang="zh").out
    for word in ("all", "全公司"):
        assert typed(*off, "--for", word).code == Exit.FORBIDDEN
        assert typed.json(*off, "--for", word, "--dry-run", actor=BOSS)["person"] is None
    assert is_foreign(typed, *off, "--for", OTHER, actor=MANAGER)
    assert typed(*off, "--for", OTHER, "--dry-run", actor=BOSS).code == 0
    asked = typed(*off, actor=BOSS)
    assert (asked.code, "--for 001|002|all" in asked.err) == (Exit.USAGE, True)


def test_days_off_that_change_nothing_are_said(typed: Typist) -> None:
    assert typed("calendar", "off", "2026-11-06").code == 0
    said = typed("calendar", "off", "2026-10-30", "--to", "2026-11-08", lang="zh").out
    assert ("已登记过：1 天" in said, "本来就不上班：4 天" in said) == (True, True)
    typed.now = "2026-11-02T09:00"
    assert "已经过去：3 天" in typed("calendar", "off", "2026-10-30", "--to", "2026-11-02", lang="zh").out


def test_nobody_gives_himself_the_rights_of_another(typed: Typist) -> None:
    """Roles and stand-ins are what all rights hang on: a customer manager names only his own stand-in."""
    for words in (
        ("team", "set", MANAGER, "--role", "market_manager"),
        ("team", "set", OTHER, "--name", "x"),
        ("team", "add", "009", "x", "--role", "market_manager"),
        ("team", "stand-in", BOSS, "--by", MANAGER),
        ("team", "stand-in", OTHER, "--by", MANAGER),
    ):
        answer = typed(*words, actor=MANAGER)
        assert answer.code == Exit.FORBIDDEN, words
        assert "market manager" in answer.err
    assert typed("team", "stand-in", OTHER, "--by", MANAGER, actor=BOSS).code == 0
    assert typed("team", "stand-in", OTHER, "--remove", actor=MANAGER).code == Exit.FORBIDDEN
    assert typed("team", "stand-in", OTHER, "--remove", actor=OTHER).code == 0
    assert typed("team", "stand-in", OTHER, "--by", MANAGER, actor=OTHER).code == 0
    assert typed("team", "set", MANAGER, "--name", "x", actor=MANAGER).code == 0
    assert typed("team", "add", "009", "x", actor=BOSS).code == 0
