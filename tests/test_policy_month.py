"""`policy diff --month`: what it says is what happens when the month is made under either policy."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from month_examples import MONTH, Typist, kept, write_exports

OTHER = 'extends = "ratio"\n[frequency]\ntop_percent = 35\n[effect]\ncut = 45\nweak_below = 55\n[ability]\ncut = 61\n'


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四").code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    (typist.folder / "other.toml").write_text(OTHER)
    (typist.folder / "other.toml").chmod(0o600)
    assert typist("analyze", "score", "--all", "3", "--month", MONTH).code == 0


def made(typed: Typist, monkeypatch: pytest.MonkeyPatch, policy: str) -> dict[str, Any]:
    """The month plan made under a policy, step by step, in a copy of the file."""
    shutil.copy(typed.folder / "crmkit.db", typed.folder / "copy.db")
    with monkeypatch.context() as patch:
        typed_words = ("--db", "copy.db")
        patch.setattr(Typist, "__call__", _with_policy(policy, patch))
        for words in (("analyze", "compute"), ("analyze", "generate"), ("plan", "strategies"), ("plan", "generate")):
            assert typed(*words, "--month", MONTH, *typed_words).code == 0, words
        found: dict[str, Any] = typed.json("plan", "generate", "--month", MONTH, "--dry-run", *typed_words)
    (typed.folder / "copy.db").unlink()
    shutil.rmtree(typed.folder / "copy.db.backups", ignore_errors=True)
    return found


def _with_policy(policy: str, patch: pytest.MonkeyPatch) -> Any:
    plain = Typist.__call__

    def call(self: Typist, *words: str, **more: Any) -> Any:
        patch.setenv("CRMKIT_POLICY", policy)
        return plain(self, *words, **more)

    return call


def test_the_changes_are_those_of_the_month_made_twice(typed: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    found = typed.json("policy", "diff", "standard", "other.toml", "--month", MONTH)["managers"][0]
    plans = [made(typed, monkeypatch, policy) for policy in ("standard", "other.toml")]
    lists = [{line["customer"]: line["frequency"] for line in plan["frequencies"]} for plan in plans]
    moved = {code: (lists[0][code], lists[1][code]) for code in lists[0] if lists[0][code] != lists[1][code]}
    said = {
        one["customer"]: (one["before"]["frequency"], one["after"]["frequency"])
        for one in found["customers"]
        if one["before"]["frequency"] != one["after"]["frequency"]
    }
    assert said == moved
    assert moved, "an example in which nothing moves would show nothing"
    assert found["visits"] == [plan["load"]["visits"] for plan in plans]
    assert found["visits"][0] < found["visits"][1], "more customers weekly cost visits"


def test_a_policy_against_itself_changes_nobody(typed: Typist) -> None:
    same = typed.json("policy", "diff", "standard", "--month", MONTH, "--team")["managers"]
    assert [one["manager"] for one in same] == ["001", "002"]
    for one in same:
        assert (one["customers"], one["area"]) == ([], [])
        assert one["visits"][0] == one["visits"][1]


def test_nothing_is_written(typed: Typist) -> None:
    before = typed("db", "log", "--format", "json").out
    assert typed("policy", "diff", "standard", "ratio", "--month", MONTH, "--team").code == 0
    assert typed("db", "log", "--format", "json").out == before
    assert typed("policy", "diff", "a", "b", "c").code == 2
    assert typed("policy", "diff", "ratio", "standard").out.count("anomaly.rule") == 1


def test_a_team_without_customers_waits_for_step_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = Typist(tmp_path, monkeypatch, capsys)
    assert fresh("init", "--manager", "001=张三").code == 0
    for lang, said in (("en", "Step 0 has to wait"), ("zh", "还没有有效客户")):
        answer = fresh("policy", "diff", "ratio", "--month", MONTH, "--team", lang=lang)
        assert answer.code == 6, answer
        assert said in answer.err
