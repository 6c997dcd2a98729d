"""examples/approved-month: the story of a month, typed as both pages tell it, and held against what they say."""

import csv
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import wcwidth
from ics_reader import read_ics
from opening_examples import Alone
from story_examples import Speaker, Teller, chapters, skeleton

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "approved-month"
PAGES: dict[Language, Path] = {"en": EXAMPLE / "README.md", "zh": EXAMPLE / "README.zh-CN.md"}
MONTH = ("--month", "2026-11")
FLU = {"2026-11-09", "2026-11-10", "2026-11-11"}


class Told:
    """The story at the end of a chapter, asked as JSON."""

    def __init__(self, folder: Path, teller: Teller) -> None:
        self.folder, self.teller = folder, teller

    def json(self, *words: str, fine: Exit = Exit.DONE) -> Any:
        answer = self.teller.typist(*words, "--format", "json")
        assert answer.code == fine, (words, answer)
        return answer.data

    def rows(self, sql: str, file: str = "crmkit.db") -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / file)) as found:
            return found.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    def visits(self, customer: str) -> dict[str, str]:
        """Day and state of each planned visit."""
        sql = f"SELECT p.day,p.state FROM planned_visit p JOIN customer c ON c.id=p.customer WHERE c.code='{customer}'"
        return dict(self.rows(sql))


def test_both_pages_type_the_same_commands() -> None:
    assert skeleton(PAGES["en"]) == skeleton(PAGES["zh"])
    assert len(chapters(PAGES["en"])) == 9


def test_the_exports_are_what_the_script_invents(tmp_path: Path) -> None:
    copytree(EXAMPLE, tmp_path / "story")
    written = sorted(EXAMPLE.glob("*.csv"))
    for file in written:
        if file.name != "new-shop.csv":
            (tmp_path / "story" / file.name).unlink()
    subprocess.run([sys.executable, "invent.py"], cwd=tmp_path / "story", check=True)
    for file in written:
        assert (tmp_path / "story" / file.name).read_bytes() == file.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="the commands are written for sh")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_month_is_as_it_is_told(lang: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chapter after chapter; after each the file holds what the page says."""
    copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    for name in [name for name in os.environ if name.startswith("CRMKIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("COLUMNS", "80")
    teller = Teller(Speaker(Alone(tmp_path, monkeypatch), lang), monkeypatch)
    told = Told(tmp_path, teller)
    checks = (prepared, refused, approved, by_package, dated, first_week, flu, changes, closed)
    for block, check in zip(chapters(PAGES[lang]), checks, strict=True):
        teller.tell(block)
        _fits_the_terminal(teller)
        check(told)


def _fits_the_terminal(teller: Teller) -> None:
    for line, answer in teller.said:
        if "--format json" not in line:
            wide = [row for row in answer.out.splitlines() if wcwidth.wcswidth(row) > 80]
            assert wide == [], line


def prepared(told: Told) -> None:
    assert told.one("SELECT count(*) FROM customer WHERE state='active'") == 56


def refused(told: Told) -> None:
    plan = told.json("plan", "show", *MONTH)
    load = plan["load"]
    assert (plan["state"], plan["valid"], load["visits"], load["days_asked"], load["days_room"], load["fits"]) == (
        "draft", 44, 105, "23.6", "20", False
    )  # fmt: skip
    assert {one["kind"] for one in load["repairs"]} == {"second_by_phone"}
    assert (len(load["repairs"]), load["unfit"]) == (16, [])
    answer = told.teller.answer("plan submit")
    assert answer.code == Exit.FORBIDDEN
    assert re.findall(r"\b(?:105|89|16)\b", answer.err)[:3] == ["105", "89", "16"]
    assert "--accept-shortage" in answer.err
    assert told.rows("SELECT DISTINCT state FROM document") == [("draft",)]
    assert "assumed" in {mark for (mark,) in told.rows("SELECT DISTINCT mark FROM opening_answer")}


def approved(told: Told) -> None:
    assert told.rows("SELECT DISTINCT state FROM document") == [("approved",)]
    assert told.one("SELECT count(*) FROM customer WHERE frequency IS NOT NULL") == 44
    writers = "SELECT DISTINCT o.command FROM change c JOIN operation o ON o.seq=c.op WHERE c.col='frequency'"
    assert told.rows(f"{writers} AND c.tbl='customer'") == [("plan approve",)]
    lines = {}
    for document in told.json("plan", "diff", *MONTH)["documents"]:
        assert len(document["rounds"]) == 2
        lines |= {(line["customer"], line["part"]): line for line in document["lines"]}
    for name in (("2010", "strategy"), ("2013", "frequency"), ("2002", "key")):
        line = lines[name]
        first, second = (one["value"] for one in line["rounds"])
        assert line["original"] == first != second == line["now"]
        assert [(one["round"], one["actor"]) for one in line["feedback"]] == [(1, "M01")]
    plan = told.json("plan", "show", *MONTH)
    frequencies = {one["customer"]: (one["frequency"], one["source"]) for one in plan["frequencies"]}
    assert (frequencies["2013"], frequencies["2002"]) == (("weekly", "override"), ("twice_monthly", "rank"))
    assert all(not one["unanswered"] for one in plan["since_rejection"])


def by_package(told: Told) -> None:
    office = told.folder / "office"
    assert sorted(path.name for path in office.iterdir()) == [
        "altered.crmplan", "approved.crmplan", "first.crmplan", "second.crmplan", "sent-back.crmplan"
    ]  # fmt: skip
    hers = "hejing/crmkit.db"
    assert told.rows("SELECT DISTINCT state FROM document", hers) == [("approved",)]
    assert told.rows("SELECT count(*) FROM customer WHERE frequency IS NOT NULL", hers) == [(12,)]
    added = "SELECT count(*) FROM strategy s JOIN customer c ON c.id=s.customer WHERE c.code='2046'"
    assert told.rows(f"{added} AND s.text LIKE '%云帆样品%'", hers) == [(1,)]
    refusal = next(answer for line, answer in told.teller.said if "altered" in line)
    assert refusal.code == Exit.INPUT_REFUSED
    assert told.one("SELECT count(*) FROM customer WHERE frequency IS NOT NULL") == 44


def dated(told: Told) -> None:
    methods = told.rows("SELECT method,count(*) FROM planned_visit GROUP BY 1 ORDER BY 1")
    assert methods == [("onsite", 89), ("phone", 15)]
    assert told.visits("2025")["2026-11-12"] == "open"
    calendar = read_ics((told.folder / "visits.ics").read_bytes())
    assert len(calendar.every("VEVENT")) == 104
    with (told.folder / "visits.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert len(list(csv.reader(handle))) == 105
    for paper in ("week.pdf", "sheet.pdf"):
        assert (told.folder / paper).read_bytes().startswith(b"%PDF")
    assert told.json("plan", "verify", *MONTH)["clean"] is True
    assert told.one("SELECT count(*) FROM printing") == 2


def first_week(told: Told) -> None:
    debt = told.json("visit", "debt", "--all")
    shut = told.rows("SELECT c.code FROM visit v JOIN customer c ON c.id=v.customer WHERE v.visited=0")
    assert sorted(one["customer"] for one in debt["debts"]) == sorted(code for (code,) in shut)
    assert debt["owed"] == debt["open"] == len(shut) > 1
    week = told.json("summarize", "week", "--week", "2026-W45")
    planned = told.one("SELECT count(*) FROM planned_visit WHERE day<'2026-11-07'")
    assert week["completion"]["on_day"] == {"done": planned - len(shut), "of": planned}
    assert set(week["own"]) == {"state", "schedule", "effect"}
    assert (told.folder / "meeting.pdf").read_bytes().startswith(b"%PDF")


def flu(told: Told) -> None:
    first, second = (answer.out for line, answer in told.teller.said if line.startswith("crmkit plan replan"))
    assert first.startswith(second.rstrip("\n"))
    days = {day for (day,) in told.rows("SELECT DISTINCT day FROM planned_visit WHERE state<>'cancelled'")}
    assert days & FLU == set()
    assert told.visits("2025")["2026-11-12"] in ("visited", "missed")
    moves = told.rows("SELECT was,becomes,reason FROM visit_move")
    assert all(reason for _was, _becomes, reason in moves)
    assert {was for was, _becomes, _reason in moves if was} >= FLU
    assert not any(day and day < "2026-11-09" for was, becomes, _reason in moves for day in (was, becomes))
    happenings = told.json("explain", "change", "2003", *MONTH)["changes"]
    assert FLU & {one["was"] for one in happenings if one["happening"] == "moved"}


def changes(told: Told) -> None:
    new = sorted(told.visits("2090"))
    assert "2026-11-17" <= new[0] <= "2026-11-24"
    assert told.json("explain", "customer", "2090", *MONTH)["frequency"] == "twice_monthly"
    assert set(told.visits("2031").values()) == {"cancelled"}
    assert told.visits("2021")["2026-11-20"] == "visited"
    debt = told.json("visit", "debt", "--all")
    became = {(one["customer"], one["since"]): one for one in debt["debts"]}
    assert became["2010", "2026-11-05"]["state"] == "forgiven"
    assert became["2025", "2026-11-03"]["state"] == "repaid"
    assert debt["owed"] == len(debt["debts"]) == debt["open"] + debt["repaid"] + debt["forgiven"]
    verified = told.json("plan", "verify", *MONTH, fine=Exit.DONE_WITH_WARNINGS)
    assert (verified["clean"], verified["altered"]) == (False, False)
    assert all(seal["proved"] and seal["intact"] for seal in verified["seals"])
    differ = {line["customer"] for seal in verified["seals"] for line in seal["differences"]}
    assert differ == {"2031", "2090"}


def closed(told: Told) -> None:
    assert told.rows("SELECT state FROM document WHERE kind='strategies'") == [("result_approved",)]
    items = told.json("annotate", "list", *MONTH)
    assert next(one["done"] for one in items["items"] if one["item"] == "X8X-3") is True
    (restated,) = items["restatements"]
    assert (restated["state"], restated["decided_by"]) == ("approved", "M01")
    month = told.json("summarize", "month", *MONTH)
    on_day = month["completion"]["on_day"]
    assert 0 < on_day["done"] < on_day["of"] == told.one("SELECT count(*) FROM planned_visit WHERE state<>'cancelled'")
    assert (len(month["own"]), month["missing"], month["key_customers"]) == (5, [], {"done": 5, "of": 5})
    checked = told.json("visit", "check", *MONTH)
    assert checked["found"] == []  # "deliver before 7" and "before 8" are two wishes
    book = (told.folder / "book.html").read_text(encoding="utf-8")
    for said in ("2090", "X8X", *month["own"].values()):
        assert said in book
    assert told.json("visit", "debt", "--all")["open"] == 0  # the approved result ends what is left
