"""Step 12: ★ and ● while the month is approved, the open ones by age, results, and restatements after them."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest
import wcwidth
from evening_examples import DAY, planned_month
from hypothesis import given
from hypothesis import strategies as some
from month_examples import BOSS, MONTH, OTHER, Typist

from crmkit.model.document import DocumentState
from crmkit.model.errors import Exit, Refusal
from crmkit.model.month import Month
from crmkit.model.strategy import Strategy, StrategyOrigin, StrategyState
from crmkit.report.words import LANGUAGES, Language
from crmkit.rules.annotation import first_months, refuse_closed, refuse_not_closed

NOVEMBER = Month(2026, 11)
END = "2026-11-30T19:00"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return planned_month(tmp_path, monkeypatch, capsys)


def value(typed: Typist, sql: str) -> object:
    return sqlite3.connect(typed.folder / "crmkit.db").execute(sql).fetchone()[0]


def items(typed: Typist, *more: str) -> dict[str, dict[str, object]]:
    return {item["item"]: item for item in typed.json("annotate", "list", "--month", MONTH, *more)["items"]}


def refused(typed: Typist, *words: str, because: str, actor: str | None = None) -> None:
    answer = typed(*words, actor=actor)
    assert answer.code == Exit.FORBIDDEN, answer
    assert because in answer.err


def test_items_are_marked_and_taken_back_and_each_is_undone(typed: Typist) -> None:
    first, second = list(items(typed))[:2]
    answer = typed.json("annotate", "done", first, second, "--date", DAY)
    assert [item["item"] for item in answer["changed"]] == [first, second]
    assert {code for code, item in items(typed).items() if item["done"]} == {first, second}
    assert typed.json("annotate", "done", first, "--date", DAY)["same"] == [first]
    assert typed("annotate", "open", first, "--date", DAY).code == 0
    assert {code for code, item in items(typed).items() if item["done"]} == {second}
    assert typed("db", "undo").code == 0
    assert items(typed)[first]["done"]


def test_an_item_is_named_by_the_customer_too_and_a_wrong_one_names_what_there_is(typed: Typist) -> None:
    named = {item["customer"]: code for code, item in items(typed).items()}
    digit = named["1001"].rpartition("-")[2]
    assert typed.json("annotate", "done", f"1001-{digit}", "--date", DAY)["changed"][0]["item"] == named["1001"]
    answer = typed("annotate", "done", "1001-99", "--date", DAY)
    assert answer.code == Exit.NOT_FOUND
    assert named["1001"][:4] in answer.err


def test_one_wrong_item_marks_none(typed: Typist) -> None:
    first = next(iter(items(typed)))
    assert typed("annotate", "done", first, "1001-99", "--date", DAY).code == Exit.NOT_FOUND
    assert not any(item["done"] for item in items(typed).values())


def test_a_dry_run_marks_nothing(typed: Typist) -> None:
    first = next(iter(items(typed)))
    assert typed("annotate", "done", first, "--date", DAY, "--dry-run").code == 0
    assert typed("annotate", "add", "1001", "海报", "--date", DAY, "--dry-run").code == 0
    written = "SELECT (SELECT count(*) FROM ad_hoc_item)+(SELECT count(*) FROM strategy WHERE state='done')"
    assert value(typed, written) == 0


def test_ad_hoc_items_are_added_done_or_open_and_finished_later(typed: Typist) -> None:
    assert typed("annotate", "add", "1001", "送宣传册", "--date", DAY).code == 0
    promise = typed.json("annotate", "add", "1002", "带海报", "--open", "--date", DAY)["changed"][0]["item"]
    assert typed.json("annotate", "add", "1002", "带海报", "--open", "--date", DAY)["same"] == [promise]
    typed.now = "2026-11-05T18:00"
    assert items(typed)[promise]["days_open"] == 2
    number = promise.removeprefix("●")
    assert typed("annotate", "done", f"a{number}", "--date", "today").code == 0
    kept = value(typed, "SELECT group_concat(text||done_on, ' ') FROM ad_hoc_item")
    assert kept == "送宣传册2026-11-03 带海报2026-11-05"
    assert typed("annotate", "add", "1001", "  ", "--date", DAY).code == Exit.USAGE
    assert typed("annotate", "add", "1001", "x" * 401, "--date", DAY).code == Exit.USAGE
    refused(typed, "annotate", "add", "1001", "later", "--date", "2026-11-09", because="not come yet")


def test_the_longest_open_come_first(typed: Typist) -> None:
    sqlite3.connect(typed.folder / "crmkit.db").executescript(
        "INSERT INTO strategy(customer, month, code, origin, cause) SELECT customer, '2026-10', code, 'hand', cause "
        "FROM strategy WHERE month='2026-11' AND customer=(SELECT id FROM customer WHERE code='1009') LIMIT 1"
    )
    typed("annotate", "add", "1002", "带海报", "--open", "--date", DAY)
    listed = list(items(typed).values())
    assert (listed[0]["customer"], listed[0]["since"]) == ("1009", "2026-10-01")
    assert (listed[-1]["kind"], listed[-1]["since"]) == ("ad_hoc", DAY)


def test_marks_wait_for_the_approval(typed: Typist) -> None:
    refused(typed, "annotate", "add", "1001", "x", "--date", "2026-10-20", because="not approved")


def test_another_manager_marks_nothing_here(typed: Typist) -> None:
    first = next(iter(items(typed)))
    words = ("annotate", "done", first, "--manager", "001", "--date", DAY)
    refused(typed, *words, actor=OTHER, because="own customer manager")


def closed(typed: Typist) -> str:
    """The results submitted on the last planned day; the first item, still open."""
    first = next(iter(items(typed)))
    typed.now = END
    assert typed("annotate", "submit", "--month", MONTH).code == 0
    return first


def test_results_open_on_the_last_planned_day_and_close_the_marks(typed: Typist) -> None:
    first = next(iter(items(typed)))
    refused(typed, "annotate", "submit", "--month", MONTH, because="from the last planned visit day")
    closed(typed)
    refused(typed, "annotate", "done", first, "--date", DAY, because="restatement")
    assert typed("annotate", "withdraw", "--month", MONTH).code == 0
    assert typed("annotate", "done", first, "--date", DAY).code == 0
    closed(typed)
    refused(typed, "annotate", "approve", "--month", MONTH, "--manager", "001", because="market manager")
    assert typed("annotate", "reject", "--reason", "少写了", "--month", MONTH, actor=BOSS).code == 0
    closed(typed)
    assert typed("annotate", "approve", "--month", MONTH, actor=BOSS).code == 0
    assert typed.json("annotate", "list", "--month", MONTH)["state"] == "result_approved"
    refused(typed, "annotate", "withdraw", "--month", MONTH, because="result approved")


def test_marks_are_undone_until_the_results_go_up(typed: Typist) -> None:
    first = next(iter(items(typed)))
    assert typed("annotate", "done", first, "--date", DAY).code == 0
    marked = str(value(typed, "SELECT max(seq) FROM operation"))
    closed(typed)
    assert typed("db", "undo", marked).code == Exit.FORBIDDEN
    assert items(typed)[first]["done"]


def test_visits_after_the_results_are_facts(typed: Typist) -> None:
    closed(typed)
    assert typed("visit", "log", "1001", "--effect", "晚录的").code == 0


def test_a_restatement_counts_only_when_it_is_approved_and_by_the_market_manager(typed: Typist) -> None:
    first = next(iter(items(typed)))
    refused(typed, "annotate", "restate", first, "--reason", "漏标", "--month", MONTH, because="not submitted yet")
    closed(typed)
    number = typed.json("annotate", "restate", first, "--reason", "漏标", "--month", MONTH)["restatements"][0]["number"]
    assert not items(typed)[first]["done"]
    refused(typed, "annotate", "restate", first, "--reason", "漏标", "--month", MONTH, because="waiting already")
    refused(typed, "annotate", "approve", "--restatement", str(number), because="market manager")
    assert typed("annotate", "approve", "--restatement", str(number), "--dry-run", actor=BOSS).code == 0
    assert not items(typed)[first]["done"]
    assert typed("annotate", "approve", "--restatement", str(number), actor=BOSS).code == 0
    assert items(typed)[first]["done"]
    refused(typed, "annotate", "approve", "--restatement", str(number), actor=BOSS, because="decided already")
    assert typed("annotate", "approve", "--restatement", "99", actor=BOSS).code == Exit.NOT_FOUND


def test_a_refused_restatement_leaves_the_mark_and_keeps_why(typed: Typist) -> None:
    first = closed(typed)
    number = typed.json("annotate", "restate", first, "--reason", "漏标", "--month", MONTH)["restatements"][0]["number"]
    assert typed("annotate", "reject", "--restatement", str(number), "--reason", "无凭据", actor=BOSS).code == 0
    found = typed.json("annotate", "list", "--month", MONTH)["restatements"][0]
    assert (found["state"], found["answer"], found["decided_by"]) == ("rejected", "无凭据", BOSS)
    assert not items(typed)[first]["done"]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_pages_fit_80_cells(typed: Typist, spoken: Language) -> None:
    first = closed(typed)
    typed("annotate", "restate", first, "--reason", "当时忘了标" * 9, "--month", MONTH)
    for words in (("list",), ("list", "--all", "--done"), ("restate", "1001-2", "--reason", "x")):
        answer = typed("annotate", *words, "--month", MONTH, lang=spoken)
        assert answer.code == 0, answer
        assert max(wcwidth.wcswidth(line) for line in answer.out.splitlines()) <= 80


@given(some.sampled_from(list(DocumentState)))
def test_a_month_takes_marks_or_restatements_and_never_both(state: DocumentState) -> None:
    taken = []
    for refuse in (refuse_closed, refuse_not_closed):
        try:
            refuse(state, NOVEMBER)
        except Refusal:
            continue
        taken.append(refuse)
    expected = {DocumentState.APPROVED: [refuse_closed], DocumentState.RESULT_SUBMITTED: [refuse_not_closed]}
    expected[DocumentState.RESULT_APPROVED] = [refuse_not_closed]
    assert taken == expected.get(state, [])


@given(some.lists(some.sampled_from(["open", "done", ""]), max_size=6))
def test_a_strategy_waits_since_the_first_month_of_an_unbroken_row(past: list[str]) -> None:
    """`past` is the state of the same strategy in the months before, the latest first; blank: not there."""
    now = Strategy(1, "low.stock", StrategyOrigin.CARRIED, "stock", id=9)
    before = {
        NOVEMBER.plus(-n): [Strategy(1, "low.stock", StrategyOrigin.HAND, "stock", state=StrategyState(state))]
        for n, state in enumerate(past, start=1)
        if state
    }
    count = next((n for n, state in enumerate(past) if state != "open"), len(past))
    assert first_months(NOVEMBER, [now], before) == {9: NOVEMBER.plus(-count)}
    assert NOVEMBER.plus(-count).first <= date(2026, 11, 1)
