"""Week and month summaries: from facts, with drafts that are marked, and the person's part kept."""

import sqlite3
from pathlib import Path

import pytest
import wcwidth
from evening_examples import DAY, planned_month
from month_examples import MONTH, OTHER, Typist

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language

WEEK = "2026-W45"  # 2 to 8 November


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """The first day with visits typed in: the first shop missed, the others made, one more besides."""
    typist = planned_month(tmp_path, monkeypatch, capsys)
    found = typist.json("visit", "sheet", "--date", DAY)
    codes = [stop["short_code"] for stop in (*found["stops"], *found["calls"])]
    lines = [f"{codes[0]} 关门", *(f"{code} ★1 好 异:低价" for code in codes[1:])]
    (tmp_path / "day.txt").write_text("\n".join([*lines, "+1009 ●送册子 诺:带海报"]), encoding="utf-8")
    assert typist("visit", "enter", "day.txt", "--date", DAY).code == 0
    typist.now = "2026-11-06T18:00"
    return typist


def value(typed: Typist, sql: str) -> int:
    return int(sqlite3.connect(typed.folder / "crmkit.db").execute(sql).fetchone()[0])


def test_the_week_counts_what_the_file_holds(typed: Typist) -> None:
    found = typed.json("summarize", "week", "--week", WEEK)
    planned = value(typed, "SELECT count(*) FROM planned_visit WHERE day BETWEEN '2026-11-02' AND '2026-11-06'")
    done = value(typed, "SELECT count(*) FROM planned_visit WHERE state='visited'")
    assert found["completion"]["on_day"] == {"done": done, "of": planned}
    assert found["completion"]["missed"] == {"closed": 1}
    assert found["completion"]["untyped"] == planned - done - 1 - value(
        typed, "SELECT count(*) FROM planned_visit WHERE state='early' AND day<='2026-11-06'"
    )
    assert found["strategies"]["done"] == value(typed, "SELECT count(*) FROM strategy WHERE state='done'")
    assert len(found["anomalies"]) == done
    assert (len(found["handled"]), len(found["waiting"])) == (1, 1)
    assert (found["first"], found["last"], found["until"]) == ("2026-11-02", "2026-11-08", "2026-11-06")


def test_what_the_person_writes_is_kept_and_replaces_the_draft(typed: Typist) -> None:
    offered = typed("summarize", "week", "--week", WEEK, lang="zh").out
    assert "草稿" in offered
    assert typed("summarize", "week", "--week", WEEK, "--effect", "  新品上柜三户 ", "--dry-run").code == 0
    assert typed.json("summarize", "week", "--week", WEEK)["own"] == {}
    found = typed.json("summarize", "week", "--week", WEEK, "--effect", " 新品上柜三户 ")
    assert (found["own"], found["missing"]) == ({"effect": "新品上柜三户"}, ["state", "schedule"])
    assert typed("db", "undo").code == 0
    assert typed.json("summarize", "week", "--week", WEEK)["own"] == {}
    typed("summarize", "week", "--week", WEEK, "--effect", "a")
    assert typed.json("summarize", "week", "--week", WEEK, "--effect", "")["own"] == {}


def test_weeks_and_months_keep_their_words_apart(typed: Typist) -> None:
    typed("summarize", "week", "--week", WEEK, "--state", "好")
    typed("summarize", "month", "--month", MONTH, "--experience", "早到")
    assert typed.json("summarize", "month", "--month", MONTH)["own"] == {"experience": "早到"}
    assert typed.json("summarize", "week", "--week", WEEK)["own"] == {"state": "好"}


def test_others_read_and_do_not_write(typed: Typist) -> None:
    words = ("summarize", "week", "--week", WEEK, "--manager", "001")
    assert typed(*words, actor=OTHER).code == 0
    assert typed(*words, "--state", "x", actor=OTHER).code == Exit.FORBIDDEN


def test_what_lies_ahead_is_not_summarised_and_long_words_are_refused(typed: Typist) -> None:
    assert typed("summarize", "month", "--month", "2026-12").code == Exit.FORBIDDEN
    assert typed("summarize", "week", "--week", "next").code == Exit.FORBIDDEN
    assert typed("summarize", "week", "--week", WEEK, "--state", "长" * 4001).code == Exit.USAGE
    assert typed("summarize", "week", "--week", WEEK, "--write").code == Exit.USAGE


def test_the_month_is_last_month_by_default_and_this_one_is_named_at_its_end(typed: Typist) -> None:
    assert typed.json("summarize", "month")["first"] == "2026-10-01"
    assert "--month this" not in typed("summarize", "month").err
    typed.now = "2026-11-25T18:00"
    assert "--month this" in typed("summarize", "month").err


def test_a_month_is_provisional_until_its_analyses_are_made(typed: Typist) -> None:
    assert typed.json("summarize", "month", "--month", MONTH)["provisional"] is True
    typed.now = "2026-12-01T09:00"
    for words in (("analyze", "brand", "compute"), ("analyze", "market", "compute")):
        assert typed(*words, "--month", "2026-12").code == 0
    assert typed.json("summarize", "month", "--month", MONTH)["provisional"] is False


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("words", [("week", "--week", WEEK), ("month", "--month", MONTH)])
def test_pages_fit_80_cells_in_every_format(typed: Typist, spoken: Language, words: tuple[str, ...]) -> None:
    answer = typed("summarize", *words, lang=spoken)
    assert max(wcwidth.wcswidth(line) for line in answer.out.splitlines()) <= 80
    for form in ("html", "md", "csv", "plain", "json"):
        assert typed("summarize", *words, "--format", form, lang=spoken).code == 0
    assert typed("summarize", *words, "-o", "s.pdf", lang=spoken).code == 0
    assert (typed.folder / "s.pdf").read_bytes().startswith(b"%PDF")
