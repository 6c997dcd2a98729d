"""The month book: one file with everything, nothing from a network, every link leads somewhere."""

import re
import sqlite3
from pathlib import Path

import pytest
from evening_examples import DAY, planned_month
from month_examples import MONTH, Typist

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """One day typed in, with a text that would break a page that escapes badly."""
    typist = planned_month(tmp_path, monkeypatch, capsys)
    code = typist.json("visit", "sheet", "--date", DAY)["stops"][0]["short_code"]
    (tmp_path / "day.txt").write_text(f"{code} <script>alert(1)</script> & \"'\n+1009 ●送册子", encoding="utf-8")
    assert typist("visit", "enter", "day.txt", "--date", DAY).code == 0
    typist("summarize", "week", "--week", "2026-W45", "--effect", "新品上柜三户")
    return typist


def book(typed: Typist, spoken: Language = "en") -> str:
    answer = typed("summarize", "book", "--month", MONTH, lang=spoken)
    assert answer.code == 0, answer
    return answer.out


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_it_is_one_file_that_asks_nothing_of_anybody(typed: Typist, spoken: Language) -> None:
    made = book(typed, spoken)
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", made)
    assert not [found for found in re.findall(r'href="([^"]*)"', made) if not found.startswith("#")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made


def test_every_link_leads_to_one_place(typed: Typist) -> None:
    made = book(typed)
    places = re.findall(r' id="([^"]*)"', made)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]*)"', made)) <= set(places)


def test_it_holds_the_month(typed: Typist) -> None:
    made = book(typed)
    assert "新品上柜三户" in made
    assert "送册子" in made
    for number in range(1, 25):
        assert f"试验小店{number}" in made
    with sqlite3.connect(typed.folder / "crmkit.db") as connection:
        days = connection.execute("SELECT DISTINCT day FROM planned_visit WHERE manager=1").fetchall()
    assert len(days) > 10
    for (day,) in days:
        assert f'id="day-{day}"' in made
    assert f'id="day-{DAY}"' in made


def test_the_same_month_makes_the_same_book(typed: Typist) -> None:
    assert book(typed) == book(typed)


def test_it_goes_into_a_file_and_is_html_only(typed: Typist) -> None:
    assert typed("summarize", "book", "--month", MONTH, "-o", "b.html").code == 0
    assert (typed.folder / "b.html").read_text(encoding="utf-8") == book(typed)
    assert typed("summarize", "book", "--month", MONTH, "-o", "b.pdf").code == Exit.USAGE
    assert typed("summarize", "book", "--month", MONTH, "--format", "csv").code == Exit.USAGE


def test_a_month_nobody_planned_is_a_thin_book(typed: Typist) -> None:
    answer = typed("summarize", "book", "--month", "2026-10")
    assert answer.code == 0
    assert "Index of customers" in answer.out
