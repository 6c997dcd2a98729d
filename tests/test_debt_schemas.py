"""The JSON of visit debts, visits planned by hand and what explains a plan: named schemas, shapes kept."""

import json
from pathlib import Path

import pytest
from month_examples import MONTH, Answer, Typist, kept, write_exports
from test_month import planned, shape

OF_MONTH = ("--month", MONTH)
ENGLISH = {"Code", "Name", "Why", "Owed", "Days", "When", "Who", "What", "Place", "Planned", "Visit", "Date", "Reason"}


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A month planned, its first visits missed, one forgiven."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    planned(typist)


def visits_of(typed: Typist, customer: str) -> list[str]:
    told = typed.json("explain", "customer", customer, *OF_MONTH)["visits"]
    return [one["date"] for one in told]


def commands(typed: Typist) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Everything that is asked here, once two visits were missed and one of them was forgiven."""
    first, second = visits_of(typed, "1001"), visits_of(typed, "1002")
    typed.now = "2026-11-27T18:00"
    for shop, day in (("1001", first[0]), ("1002", second[0])):
        assert typed("visit", "miss", shop, "--why", "关门", "--date", day).code == 0
    assert typed("visit", "forgive", "1002", "--reason", "搬迁").code == 0
    assert typed("plan", "add", "1001", "2026-12-03", "--reason", "补访", "--anyway").code == 0
    return (
        ("visit-debt/1", ("visit", "debt")),
        ("visit-debt/1", ("visit", "debt", "1002")),
        ("why-debt/1", ("explain", "debt", "1001")),
        ("why-customer/1", ("explain", "customer", "1001", *OF_MONTH)),
        ("why-place/1", ("explain", "place", "1003", "--date", visits_of(typed, "1003")[0])),
        ("why-change/1", ("explain", "change", "1001", "--month", "2026-12")),
        ("why-visit/1", ("explain", "visit", "1001", "--date", "2026-12-03")),
        ("forgiven-debt/1", ("visit", "forgive", "1001", "--reason", "搬迁", "--dry-run")),
        ("added-visit/1", ("plan", "add", "1001", "2026-12-14", "--reason", "补访", "--dry-run", "--anyway")),
    )


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(typed: Typist, request: pytest.FixtureRequest) -> None:
    shapes = {}
    for schema, words in commands(typed):
        english = typed(*words, "--format", "json", lang="en")
        chinese = typed(*words, "--format", "json", lang="zh")
        assert english.code == chinese.code == 0, (words, english)
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    request.getfixturevalue("golden")("debt_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


def test_every_page_is_said_in_chinese_and_has_every_format(typed: Typist) -> None:
    for _schema, words in commands(typed):
        answer = typed(*words, lang="zh")
        assert answer.code == 0
        assert not ENGLISH & set(answer.out.split()), (words, answer.out)
        for form in ("md", "html", "plain"):
            told: Answer = typed(*words, "--format", form)
            assert told.code == 0, words
            assert told.out


def test_the_plan_says_in_one_line_what_is_owed(typed: Typist) -> None:
    before = typed("plan", "show", *OF_MONTH).out
    assert "visit debt" not in before.lower().replace("become visit debt", "").replace("becomes visit debt", "")
    commands(typed)
    shown = typed("plan", "show", *OF_MONTH, lang="zh").out
    assert "欠访：1 户 1 次" in shown
    assert "crmkit visit debt" in shown


def test_what_is_owed_is_the_sum_of_what_became_of_it(typed: Typist) -> None:
    commands(typed)
    told = typed.json("visit", "debt")
    assert told["owed"] == told["open"] + told["repaid"] + told["forgiven"] + told["expired"] == 2
    assert {one["customer"]: one["state"] for one in told["debts"]} == {"1001": "open", "1002": "forgiven"}


def test_nobody_forgives_for_another(typed: Typist) -> None:
    day = visits_of(typed, "1001")[0]
    typed.now = "2026-11-27T18:00"
    assert typed("visit", "miss", "1001", "--why", "关门", "--date", day).code == 0
    answer = typed("visit", "forgive", "1001", "--reason", "搬迁", actor="002")
    assert answer.code in (5, 6)
    assert typed.json("visit", "debt")["open"] == 1


def test_who_is_owed_a_visit_stands_on_the_front_page_and_on_the_week(typed: Typist) -> None:
    first, *_rest = visits_of(typed, "1001")
    for words in (("status", *OF_MONTH), ("plan", "week", "--week", "2026-W48")):
        assert "crmkit visit debt" not in typed(*words).out
    typed.now = "2026-11-27T18:00"
    assert typed("visit", "miss", "1001", "--why", "关门", "--date", first).code == 0
    for words in (("status", *OF_MONTH), ("plan", "week", "--week", "2026-W48")):
        assert typed.json(*words)["visit_debts"] == 1
        assert "crmkit visit debt" in typed(*words).out
        assert "欠访" in typed(*words, lang="zh").out
    assert typed.json("plan", "week", "--week", "2026-W45")["visit_debts"] == int(first <= "2026-11-08")
