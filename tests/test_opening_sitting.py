"""The month the demo plays, opened at a terminal: how much is asked, stopped and killed anywhere, gone on with."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import wcwidth
from opening_examples import ASKED, CLOSED, MONTH, NEW, Alone, questions, sitting, worked_october

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a real terminal of Unix")

OPEN = ("plan", "open", "--month", MONTH)
MOST = 40  # decisions on the demo month (issue 6)


@pytest.fixture(scope="session")
def demo_november(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's territory on the morning of 2 November. Copy it: the whole session shares it."""
    folder = tmp_path_factory.mktemp("november")
    with pytest.MonkeyPatch.context() as patch:
        worked_october(Alone(folder, patch), demo_folder / "exports")
    return folder / "crmkit.db"


@pytest.fixture
def folder(demo_november: Path, tmp_path: Path) -> Path:
    shutil.copy(demo_november, tmp_path / "crmkit.db")
    return tmp_path


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "crmkit.db")) as file:
        return file.execute(sql).fetchall()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_month_takes_at_most_forty_decisions(folder: Path, lang: Language) -> None:
    """Enter at each of them; then nothing is open, and everything untouched is marked as what it is."""
    said, code = sitting(folder, *OPEN, lang=lang)
    prompts = said.count("> \r\n")
    asked = questions(said)
    assert code == Exit.DONE
    assert prompts == len(asked) + 1  # the last one asks whether to submit
    assert len(asked) == 16 <= MOST
    assert max(wcwidth.wcswidth(line) for line in said.replace("\r", "").split("\n")) <= 80
    origins = dict(rows(folder, f"SELECT origin, count(DISTINCT customer) FROM score WHERE month='{MONTH}' GROUP BY 1"))
    assert origins == {"carried": 228, "assumed": len(NEW)}
    marks = dict(rows(folder, f"SELECT matter, mark FROM opening_answer WHERE month='{MONTH}' AND asked=1"))
    assert (marks["up"], marks["down"], marks["satisfaction"]) == ("carried", "carried", "carried")
    assert (marks["rates"], marks["key_line"], marks["ties"]) == ("taken", "taken", "taken")
    states = rows(folder, f"SELECT DISTINCT state FROM document WHERE month='{MONTH}'")
    assert states == [("draft",)]  # Enter does not submit
    again, code = sitting(folder, *OPEN, lang=lang)
    assert (questions(again), code) == ([], Exit.DONE)


def test_killed_after_each_answer_it_goes_on_where_it_stopped(folder: Path) -> None:
    """kill -9 at every third prompt: each question is answered once, and the end is the same."""
    whole = shutil.copytree(folder, folder / "whole")
    said, _code = sitting(whole, *OPEN)
    put: list[str] = []
    for _time in range(MOST):
        said_, code = sitting(folder, *OPEN, answers=["", ""], end=signal.SIGKILL)
        put += questions(said_)[:2]
        if code != -signal.SIGKILL:
            break
        assert "Answered before" in said_ or len(put) <= 2
        assert rows(folder, "PRAGMA integrity_check") == [("ok",)]
    assert put == questions(said)
    for table in ("score", "strategy", "frequency_line", "key_candidate", "indicator_target", "opening_answer"):
        columns = [row[1] for row in rows(folder, f"PRAGMA table_info({table})") if row[1] != "id"]
        sql = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(columns)}"
        assert rows(folder, sql) == rows(whole, sql), table


def test_ctrl_c_keeps_what_was_answered_and_says_how_to_go_on(folder: Path) -> None:
    said, code = sitting(folder, *OPEN, answers=["", ""], end=signal.SIGINT)
    assert code == Exit.INTERRUPTED
    assert "Go on with: crmkit plan open --month 2026-11" in said
    assert "What was written before stays." in said
    kept = rows(folder, f"SELECT matter, count(*) FROM opening_answer WHERE month='{MONTH}' GROUP BY 1 ORDER BY 1")
    assert kept == [("lost", len(CLOSED)), ("methods", 2)]
    said, _code = sitting(folder, *OPEN, answers=["q"])
    assert "Answered before: without a visit method: taken as found 2; no longer valid: taken as found 3." in said
    assert questions(said) == ["Direct demand: questionnaires not confirmed"]


def test_later_and_stop_leave_the_question_for_the_next_sitting(folder: Path) -> None:
    said, code = sitting(folder, *OPEN, answers=["l", "以后", "退出"])
    asked = questions(said)
    assert (len(asked), code) == (3, Exit.DONE_WITH_WARNINGS)
    assert "Stopped; every answer is kept." in said
    assert questions(sitting(folder, *OPEN, answers=["q"])[0]) == asked[:1]


def test_answers_by_number_by_words_and_one_by_one(folder: Path) -> None:
    """Methods for all, one questionnaire passed over, 344355 for the new ones, two that rose scored anew, one state
    changed, own targets and words, a swap over the line and over a tie, each with a reason.
    """
    answers = [
        "电话", "",  # a method for both; the lost are right
        "o", *["s", *[""] * (len(ASKED) - 1)],  # one by one
        "344355",
        "1 2", "555555", "",  # the first anew, the second keeps last month's
        "", "",  # fallen; brand targets
        "1", "the wholesaler was closed",
        "9", "",  # there is no ninth indicator
        "销量=50000",
        "95%",
        "1", "+多陈列",
        "1 4", "", "1 4", "new owner",  # without a reason nothing is swapped
        "1 6", "promised", "",
        "y",
    ]  # fmt: skip
    said, code = sitting(folder, *OPEN, answers=answers)
    assert (code, "Submitted" in said) == (Exit.DONE, True)
    assert said.count("Not understood") == 1
    assert "this needs a reason" in said
    month = f"month='{MONTH}'"
    methods = "SELECT visit_method FROM customer WHERE code IN ('053900101','053900154')"
    assert rows(folder, methods) == [("phone",), ("phone",)]
    confirmed = f"SELECT confirmed, count(*) FROM questionnaire WHERE {month} GROUP BY 1"
    assert rows(folder, confirmed) == [(0, 1), (1, len(ASKED) - 1)]
    scored = f"SELECT group_concat(score, '') FROM (SELECT * FROM score JOIN customer c ON c.id=customer WHERE {month} "
    assert rows(folder, scored + f"AND code='{NEW[3]}' ORDER BY score.id)") == [("344355",)]
    entered = f"SELECT count(*) FROM score WHERE {month} AND origin='entered'"
    assert rows(folder, entered) == [(6,)]
    noted = f"SELECT count(*) FROM brand_state WHERE {month} AND note='the wholesaler was closed'"
    assert rows(folder, noted) == [(1,)]
    targets = dict(rows(folder, f"SELECT indicator, origin FROM indicator_target WHERE {month}"))
    assert (targets["volume"], targets["carton_value"]) == ("entered", "confirmed")
    ((satisfaction, problems, focus),) = rows(
        folder, f"SELECT max(satisfaction_target), max(problems), max(focus) FROM document WHERE {month}"
    )
    assert (satisfaction, str(problems).count("\n"), str(focus).endswith("\n多陈列")) == ("95", 0, True)
    standings = f"SELECT standing, count(*) FROM key_candidate WHERE {month} AND note='new owner' GROUP BY 1"
    assert rows(folder, standings) == [("added", 1), ("removed", 1)]
    overridden = f"SELECT frequency FROM frequency_line WHERE {month} AND source='override' ORDER BY rank"
    assert rows(folder, overridden) == [("twice_monthly",), ("weekly",)]
    assert rows(folder, f"SELECT DISTINCT state FROM document WHERE {month}") == [("submitted",)]
    commands = rows(folder, "SELECT command FROM operation WHERE seq>(SELECT max(seq)-5 FROM operation)")
    assert set(commands) == {("plan open",)}


def test_an_overload_goes_back_or_is_accepted_with_a_reason(folder: Path) -> None:
    """On a month with half the room: b puts key list and ties again, a reason goes into the submission."""
    (folder / "tight.toml").write_text("[capacity]\nurban_per_day = 20\nrural_per_day = 16\n", encoding="utf-8")
    (folder / "crmkit.toml").write_text('policy = "tight.toml"\n', encoding="utf-8")
    put = questions(sitting(folder, *OPEN, answers=[""] * 16 + ["q"])[0])
    assert put[-1] == "Month plan: overload"
    said, code = sitting(folder, *OPEN, answers=["", "b", "", "", "", "made up in December", "y"])
    again = questions(said)
    assert again == [put[-1], *put[-4:]]
    assert ("Not understood" in said, code) == (True, Exit.DONE)  # there is nothing to take unseen
    assert rows(folder, f"SELECT DISTINCT state FROM document WHERE month='{MONTH}'") == [("submitted",)]
    reasons = "SELECT reason FROM transition ORDER BY id DESC LIMIT 2"
    assert rows(folder, reasons) == [("made up in December",)] * 2


def test_without_scores_nothing_is_submitted_and_the_sitting_says_why(folder: Path) -> None:
    said, code = sitting(folder, *OPEN, answers=["", "", "", "l"])
    assert ("Steps 7 and 8 wait until every valid customer is scored." in said, "Submit" in said) == (True, False)
    assert code == Exit.DONE_WITH_WARNINGS
