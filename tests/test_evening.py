"""A whole day typed in the evening: one operation or nothing, the same twice no change, corrections kept."""

import json
import os
import pty
import sqlite3
import sys
from pathlib import Path

import pytest
import wcwidth
from evening_examples import DAY, planned_month
from month_examples import OTHER, Answer, Typist

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return planned_month(tmp_path, monkeypatch, capsys)


def sheet(typed: Typist) -> list[tuple[str, str, list[int]]]:
    """Code on the sheet, customer, digits of what is open; in the order of the road, then calls."""
    found = typed.json("visit", "sheet", "--date", DAY)
    return [
        (stop["short_code"], stop["customer"]["code"], [task["number"] for task in stop["tasks"]])
        for stop in (*found["stops"], *found["calls"])
    ]


def enter(typed: Typist, lines: str, *more: str, day: str = DAY, **how: str) -> Answer:
    (typed.folder / "day.txt").write_text(lines, encoding="utf-8")
    return typed("visit", "enter", "day.txt", "--date", day, *more, **how)  # type: ignore[arg-type]


def value(typed: Typist, sql: str) -> object:
    return sqlite3.connect(typed.folder / "crmkit.db").execute(sql).fetchone()[0]


def test_a_whole_day_is_one_operation_and_all_of_it_is_there(typed: Typist) -> None:
    stops = sheet(typed)
    lines = "\n".join(f"{code} ★{tasks[0]} 说了{number}" for number, (code, _shop, tasks) in enumerate(stops))
    other = next(code for code in ("1002", "1003", "1005") if code not in {shop for _code, shop, _tasks in stops})
    answer = enter(typed, f"{lines}\n+{other} ●送宣传册 诺:带海报", "--format", "json")
    assert answer.code == 0, answer
    assert [shop["customer"] for shop in answer.data["shops"]][: len(stops)] == [shop for _c, shop, _t in stops]
    assert value(typed, "SELECT count(*) FROM visit WHERE visited=1") == len(stops) + 1
    assert value(typed, "SELECT count(*) FROM strategy WHERE state='done'") == len(stops)
    items = "SELECT group_concat(text||'='||ifnull(done_on,'')) FROM ad_hoc_item"
    assert value(typed, items) == f"送宣传册={DAY},带海报="
    assert value(typed, "SELECT count(DISTINCT op) FROM change WHERE tbl IN ('visit','strategy','ad_hoc_item') "
                 "AND op=(SELECT max(seq) FROM operation)") == 1  # fmt: skip
    again = sheet(typed)
    assert [(code, shop) for code, shop, _t in again] == [(code, shop) for code, shop, _t in stops]
    assert all(tasks[0] not in left for (_c, _s, tasks), (_d, _r, left) in zip(stops, again, strict=True))
    assert typed("db", "undo").code == 0
    assert value(typed, "SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM ad_hoc_item)") == 0
    assert sheet(typed) == stops


def test_the_same_day_twice_changes_nothing_and_other_words_need_correct(typed: Typist) -> None:
    code = sheet(typed)[0][0]
    assert enter(typed, f"{code} 好 ●送册子").code == 0
    before = value(typed, "SELECT max(seq) FROM operation")
    assert "nothing changed" in enter(typed, f"{code} 好 ●送册子").out
    assert value(typed, "SELECT max(seq) FROM operation") == before
    refused = enter(typed, f"{code} 别的")
    assert refused.code == Exit.INPUT_REFUSED
    assert "--correct" in refused.out
    assert value(typed, "SELECT effect FROM visit") == "好"
    assert enter(typed, f"{code} 别的", "--correct").code == 0
    assert value(typed, "SELECT effect FROM visit") == "别的"
    assert value(typed, "SELECT count(*) FROM change WHERE tbl='visit' AND col='effect' AND old='好'") == 1


def test_one_wrong_line_keeps_everything_out(typed: Typist) -> None:
    first, second = sheet(typed)[0][0], sheet(typed)[1][0]
    wrong = second[:2] + ("A" if second[2] != "A" else "B")
    answer = enter(typed, f"{first} 好\n{wrong} 关门")
    assert answer.code == Exit.INPUT_REFUSED
    assert second in answer.out
    assert value(typed, "SELECT count(*) FROM visit") == 0


def test_a_dry_run_writes_nothing(typed: Typist) -> None:
    assert enter(typed, f"{sheet(typed)[0][0]} 好 ●册子", "--dry-run").code == 0
    assert value(typed, "SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM ad_hoc_item)") == 0


def test_the_sheet_names_itself_and_another_days_paper_is_refused(typed: Typist) -> None:
    code = typed.json("visit", "sheet", "--date", DAY)["sheet_code"]
    line = f"{sheet(typed)[0][0]} 好"
    assert f"#{code}" in typed("visit", "sheet", "--date", DAY).out
    assert enter(typed, f"#{code}\n{line}", "--dry-run").code == 0
    typed.now = "2026-11-04T19:30"
    answer = enter(typed, f"#{code}\n{line}", day="2026-11-04")
    assert answer.code == Exit.INPUT_REFUSED
    assert "3 Nov" in answer.out


def test_a_visit_not_planned_takes_the_place_of_one_that_is(typed: Typist) -> None:
    later = {v["customer"] for v in typed.json("visit", "list", "--date", "2026-11-04")}
    shop = min(later - {shop for _c, shop, _t in sheet(typed)})
    found = enter(typed, f"+{shop} 顺路", "--format", "json").data["shops"][0]
    assert (found["customer"], found["ad_hoc"]) == (shop, True)
    assert value(typed, f"SELECT count(*) FROM planned_visit p JOIN customer c ON c.id=p.customer "
                 f"WHERE c.code='{shop}' AND p.state='early'") == 1  # fmt: skip


def test_another_managers_day_and_the_future_are_refused(typed: Typist) -> None:
    line = f"{sheet(typed)[0][0]} 好"
    assert enter(typed, line, "--manager", "001", actor=OTHER).code == Exit.FORBIDDEN
    assert enter(typed, "+1001 好", day="2026-11-05").code == Exit.FORBIDDEN
    assert value(typed, "SELECT count(*) FROM visit") == 0


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_page_fits_80_cells_and_its_json_has_codes(typed: Typist, spoken: Language) -> None:
    stops = sheet(typed)
    lines = f"{stops[0][0]} ★全 {'很长的一段话' * 12}\n{stops[1][0]} ✗关门\nA0A 好\n没有编码"
    answer = enter(typed, lines + "\n+没有 x", lang=spoken)
    assert max(wcwidth.wcswidth(line) for line in answer.out.splitlines()) <= 80
    slips = json.loads(enter(typed, lines, "--format", "json", lang=spoken).out)["data"]["slips"]
    assert slips == [{"line": 3, "slip": "wrong-code", "typed": "A0A", "near": []}]


def test_a_person_is_told_at_once_and_asked_before_anything_is_kept(typed: Typist) -> None:
    first, second = sheet(typed)[0][0], sheet(typed)[1][0]
    child, terminal = pty.fork()
    if child == 0:
        environment = os.environ | {"CRMKIT_NOW": typed.now, "CRMKIT_ACTOR": "001", "CRMKIT_LANG": "en"}
        os.execve(sys.executable, [sys.executable, "-m", "crmkit", "visit", "enter", "--date", DAY], environment)
    said = ""
    for answer in (f"{first} 好", "K0K 好", f"{second} 关门", ".", "y"):
        while not said.endswith(("> ", "[y/N] ")):
            said += os.read(terminal, 4096).decode(errors="replace")
        os.write(terminal, f"{answer}\n".encode())
        said += "\n"
    try:
        while piece := os.read(terminal, 4096):
            said += piece.decode(errors="replace")
    except OSError:
        pass  # the terminal is gone with the child
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    assert "K0K is no code" in said
    assert "Keep 2 shops?" in said
    assert value(typed, "SELECT group_concat(visited) FROM visit") == "1,0"
