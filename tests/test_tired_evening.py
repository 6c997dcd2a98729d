"""An evening after a bad day: what people really paste, dictate and mistype, and what must not come of it."""

import os
import pty
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from evening_examples import DAY, planned_month
from month_examples import BOSS, OTHER, Answer, Typist
from test_evening_lines import K, M, P, known, shops, slips

from crmkit.model.errors import Exit
from crmkit.model.evening import Slip
from crmkit.model.visit import MissReason
from crmkit.rules.evening import names_in_front, read_day
from crmkit.sources.evening import read_evening


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return planned_month(tmp_path, monkeypatch, capsys)


def codes(typed: Typist) -> list[str]:
    found = typed.json("visit", "sheet", "--date", DAY)
    return [stop["short_code"] for stop in (*found["stops"], *found["calls"])]


def enter(typed: Typist, lines: str, *more: str) -> Answer:
    (typed.folder / "day.txt").write_text(lines, encoding="utf-8")
    return typed("visit", "enter", "day.txt", "--date", DAY, *more)


def texts(typed: Typist) -> list[tuple[str | None, ...]]:
    with sqlite3.connect(typed.folder / "crmkit.db") as file:
        return file.execute("SELECT effect, anomaly, opinion FROM visit ORDER BY id").fetchall()


def test_what_no_reader_can_see_is_not_kept(typed: Typist) -> None:
    code = codes(typed)[0]
    said = f"{code} \x1b[31m红\x07 异:\u202eabc\u202c\u200b 意:👨\u200d👩\u200d👧 e\u0301"
    assert enter(typed, said).code == 0
    assert typed("annotate", "add", "1001", "a\u202e\x1bb", "--date", DAY).code == 0
    assert texts(typed) == [("[31m红", "abc", "👨\u200d👩\u200d👧 é")]
    with sqlite3.connect(typed.folder / "crmkit.db") as file:
        assert file.execute("SELECT text FROM ad_hoc_item").fetchall() == [("a b",)]


@pytest.mark.parametrize("raw", [b"", b" \r\n\t\n"])
def test_a_file_with_nothing_in_it_is_not_a_day(typed: Typist, raw: bytes) -> None:
    (typed.folder / "day.txt").write_bytes(raw)
    answer = typed("visit", "enter", "day.txt", "--date", DAY)
    assert (answer.code, "no line" in answer.err) == (Exit.INPUT_REFUSED, True)


def test_a_file_that_holds_no_lines_is_told_a_way_this_command_takes(typed: Typist) -> None:
    (typed.folder / "day.txt").write_bytes(b"PK\x03\x04\0\0")
    answer = typed("visit", "enter", "day.txt", "--date", DAY)
    assert answer.code == Exit.INPUT_REFUSED
    assert "xlsx" not in answer.err
    assert "crmkit visit enter" in answer.err


@pytest.mark.parametrize("closed", ["<&-", "</dev/null"])
def test_nobody_there_and_nothing_piped_in_is_a_slip_of_usage(typed: Typist, closed: str) -> None:
    command = f"'{sys.executable}' -m crmkit --as 001 visit enter --date {DAY} {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=typed.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, "crmkit visit enter FILE" in done.stderr) == (Exit.USAGE, True), done.stderr


def test_two_shops_in_one_line_are_two_shops() -> None:
    found = shops(f"{K} ★2，{P} 关门，{M} 补货")
    assert (found["张记烟酒"].done, found["红星便利店"].missed) == ((2,), MissReason.CLOSED)
    assert found["老王食杂"].effect == "补货"
    assert {name: shop.missed for name, shop in shops(f"{P}、{M} 都关门").items()} == {
        "红星便利店": MissReason.CLOSED, "老王食杂": MissReason.CLOSED,
    }  # fmt: skip
    both = shops(f"{P} {M} 两家都补了货")
    assert [shop.effect for shop in both.values()] == ["两家都补了货"] * 2


def test_a_code_within_a_text_is_asked_about() -> None:
    """Without a comma or blank it may be the next shop or one only spoken of: neither is guessed."""
    assert slips(f"{K}补货两条{P}关门了") == [(1, Slip.TWO_SHOPS)]
    assert slips(f"{K} 好\n下午老板说{P}串货") == [(2, Slip.TWO_SHOPS)]


@pytest.mark.parametrize("joint", ["和", "、", "及", "+", " ", "，"])
def test_numbers_of_tasks_are_joined_as_people_do(joint: str) -> None:
    assert shops(f"{K} ★2{joint}3都办好了")["张记烟酒"].done == (2, 3)


@pytest.mark.parametrize(
    ("typed", "done"), [("-2 -3", (2, 3)), ("-2、-3 ★", (2, 3)), (" ★3❤️👍", (3,)), (" ★全部办好了", (2, 3))]
)
def test_marks_next_to_marks(typed: str, done: tuple[int, ...]) -> None:
    assert shops(f"{K}{typed}")["张记烟酒"].done == done


@pytest.mark.parametrize("text", ["★3条烟", "★2.5条", "★3:1", "★2月底"])
def test_a_number_that_counts_something_else_is_no_task(text: str) -> None:
    assert slips(f"{K} {text}") == [(1, Slip.WHICH_TASK)]


@pytest.mark.parametrize("text", ["关门了下午再去", "老板不在儿媳妇签收", "没开门打了电话"])
def test_words_of_a_missed_visit_with_more_behind_them_are_asked_about(text: str) -> None:
    assert slips(f"{M} {text}") == [(1, Slip.WHETHER)]
    assert shops(f"{M} 效：{text}")["老王食杂"].effect == text
    assert shops(f"{M} ✗{text}")["老王食杂"].missed is not None


@pytest.mark.parametrize("text", ["关门前补货2条", "不在乎价格", "天气好，客流多", "要 5 x 3 条", "wants 5 × 3"])
def test_sentences_that_begin_like_a_reason_are_text(text: str) -> None:
    assert shops(f"{M} {text}")["老王食杂"].effect == text


@pytest.mark.parametrize(
    "lines", [f"{P} ★1\n{P} 关门", f"{P} 补货\n{P} 关门", f"{P} 关门\n{P} 补货三条", f"{P} 关门 ★1"]
)
def test_a_shop_seen_and_missed_is_asked_about(lines: str) -> None:
    assert Slip.MADE_AND_MISSED in {slip for _line, slip in slips(lines)}


def test_what_is_said_below_a_missed_visit_belongs_to_it() -> None:
    assert shops(f"{P} 关门\n下午再去")["红星便利店"].effect == "下午再去"


@pytest.mark.parametrize(
    ("typed", "arrived", "left"),
    [("9点10分到 补货 9点25分走", "09:10", "09:25"), ("上午9点40 到店，补货", "09:40", None),
     ("9:10～9:25 补货", "09:10", "09:25"), ("下午2点半到3点 补货", "14:30", "15:00"),
     ("到9点 离9点半 补货", "09:00", "09:30")],
)  # fmt: skip
def test_clocks_as_they_are_spoken(typed: str, arrived: str, left: str | None) -> None:
    found = shops(f"{K} {typed}")["张记烟酒"]
    assert (found.arrived, found.left, found.effect) == (arrived, left, "补货")


@pytest.mark.parametrize("text", ["老板说9点到10点送货", "货周五9点到", "到9点还没开门", "3点开会"])
def test_clocks_in_a_sentence_are_text(text: str) -> None:
    assert shops(f"{K} {text}")["张记烟酒"] == shops(f"{K} 效：{text}")["张记烟酒"]


def test_a_name_or_an_office_code_may_stand_in_front() -> None:
    facts = known()
    facts = replace(facts, names=names_in_front(facts.codes.values()))
    found = read_day(read_evening(f"{K} 好\n老王食杂 补货2条\n{P} 好\n好又多超市：★", facts), facts)
    assert {shop.customer.name: shop.effect for shop in found.shops} == {
        "张记烟酒": "好",
        "老王食杂": "补货2条",
        "红星便利店": "好",
    }
    assert [(slip.line, slip.slip) for slip in found.slips] == [(4, Slip.NO_SUCH_TASK)]
    other = read_day(read_evening("红星超市 补货", facts), facts)
    assert [slip.slip for slip in other.slips] == [Slip.NOT_ON_SHEET]


def test_what_others_say_in_the_group_is_not_a_shop_text() -> None:
    pasted = f"李岚 18:02\n{K} 好\n王敏 18:10\n收到，辛苦了\n李岚 18:12\n{P} 好\n老板说下午 3:30\n李岚 18:15\n再来"
    found = read_evening(pasted, known())
    assert found.asides == ((4, "收到，辛苦了"),)
    assert shops(pasted)["红星便利店"].effect == "好；老板说下午 3:30；再来"


def test_the_rest_of_the_day_comes_later_without_a_word(typed: Typist) -> None:
    first, second, *_rest = codes(typed)
    assert enter(typed, f"{first} 好").code == 0
    assert enter(typed, f"{second} 关门").code == 0
    assert [text for text, _a, _o in texts(typed)] == ["好", None]


def test_more_about_a_shop_is_refused_with_a_way_and_added_by_it(typed: Typist) -> None:
    code, other, *_rest = codes(typed)
    assert enter(typed, f"{code} 9:10-9:20 好 异:串货").code == 0
    refused = enter(typed, f"{code} 又来电 9:30离店")
    assert refused.code == Exit.INPUT_REFUSED
    assert "--add" in refused.out
    more = f"{code} 好；又来电，要两条 异:串货\n{other} 补货"
    assert enter(typed, more, "--add").code == 0
    again = enter(typed, f"{code} 又来电，要两条", "--add", "--format", "json")
    assert (again.code, again.data["shops"][0]["unchanged"]) == (0, True)
    assert enter(typed, f"{code} 第三句 意:早点送", "--add").code == 0
    assert texts(typed) == [("好；又来电，要两条；第三句", "串货", "早点送"), ("补货", None, None)]
    assert typed("db", "undo").code == 0
    assert texts(typed)[0] == ("好；又来电，要两条", "串货", None)


def test_adding_turns_no_missed_visit_into_a_made_one(typed: Typist) -> None:
    code = codes(typed)[0]
    assert enter(typed, f"{code} 关门").code == 0
    assert enter(typed, f"{code} ★1 后来开门了", "--add").code == Exit.INPUT_REFUSED
    assert enter(typed, f"{code} ✗天气", "--add").code == Exit.INPUT_REFUSED
    assert enter(typed, f"{code} 关门 下午再去", "--add").code == 0
    assert texts(typed) == [("下午再去", None, None)]
    assert enter(typed, f"{code} ★1 后来开门了", "--correct").code == 0


def test_what_is_added_may_not_grow_past_a_text(typed: Typist) -> None:
    code = codes(typed)[0]
    assert enter(typed, f"{code} {'字' * 1500}").code == 0
    answer = enter(typed, f"{code} {'句' * 1500}", "--add")
    assert (answer.code, "2000" in answer.out) == (Exit.INPUT_REFUSED, True)


def test_adding_and_correcting_at_once_is_a_slip_of_usage(typed: Typist) -> None:
    answer = enter(typed, f"{codes(typed)[0]} 好", "--add", "--correct")
    assert (answer.code, "--add" in answer.err, "--correct" in answer.err) == (Exit.USAGE, True, True)


def sitting(typed: Typist, *answers: str) -> tuple[int, str]:
    """What a person at a terminal is told who types these lines, one for each question."""
    child, terminal = pty.fork()
    if child == 0:
        environment = os.environ | {"CRMKIT_NOW": typed.now, "CRMKIT_ACTOR": "001", "CRMKIT_LANG": "en"}
        os.execve(sys.executable, [sys.executable, "-m", "crmkit", "visit", "enter", "--date", DAY], environment)
    said = ""
    for answer in answers:
        while not said.endswith(("> ", "[y/N] ")):
            said += os.read(terminal, 4096).decode(errors="replace")
        os.write(terminal, f"{answer}\n".encode())
        said += "\n"
    try:
        while piece := os.read(terminal, 4096):
            said += piece.decode(errors="replace")
    except OSError:
        pass  # the terminal is gone with the child
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def test_at_the_prompt_a_line_is_taken_back_and_a_no_loses_no_typed_line(typed: Typist) -> None:
    first, second, *_rest = codes(typed)
    code, said = sitting(typed, f"{first} 写错了", "撤", f"{second} 好", ".", "n")
    assert (code, texts(typed)) == (0, [])
    assert "Taken back" in said
    assert f"{second} 好" in said[said.index("Nothing was kept") :]
    assert "dry-run" not in said


def test_at_the_prompt_a_contradiction_is_told_at_once_and_spoils_no_other_line(typed: Typist) -> None:
    first, second, *_rest = codes(typed)
    code, said = sitting(typed, f"{first} ★1 好", f"{first} 关门", f"{second} 好", ".", "y")
    assert (code, "visited and missed" in said) == (0, True), said
    assert texts(typed) == [("好", None, None), ("好", None, None)]


@pytest.mark.parametrize("who", [BOSS, OTHER])
def test_nobody_else_writes_the_facts_of_a_managers_day(typed: Typist, who: str) -> None:
    log, miss = ("log", "1001", "--effect", "好"), ("miss", "1001", "--why", "closed")
    for words in (log, miss, ("enter", "day.txt", "--manager", "001")):
        (typed.folder / "day.txt").write_text(f"{codes(typed)[0]} 好", encoding="utf-8")
        answer = typed("visit", *words, "--date", DAY, actor=who)
        assert (answer.code, "--as 001" in answer.err) == (Exit.FORBIDDEN, True), answer
    assert texts(typed) == []
    assert typed("visit", "log", "1001", "--effect", "好", "--date", DAY, actor="001").code == 0


def test_nothing_is_done_on_a_day_to_come(typed: Typist) -> None:
    assert typed("annotate", "add", "1001", "带册子", "--open", "--date", DAY).code == 0
    answer = typed("annotate", "done", "●1", "--date", "2026-11-29")
    assert (answer.code, "crmkit annotate done" in answer.err) == (Exit.FORBIDDEN, True), answer


def test_a_shop_of_another_day_is_told_with_that_day(typed: Typist) -> None:
    """After midnight, and on Monday for Friday."""
    code = codes(typed)[0]
    typed.now = "2026-11-04T00:40"
    (typed.folder / "day.txt").write_text(f"{code} 好", encoding="utf-8")
    late = typed("visit", "enter", "day.txt")
    assert (late.code, f"--date {DAY}" in " ".join(late.out.split())) == (Exit.INPUT_REFUSED, True), late.out
    assert typed("visit", "enter", "day.txt", "--date", DAY).code == 0
    sheet = typed.json("visit", "sheet", "--date", DAY)["sheet_code"]
    (typed.folder / "day.txt").write_text(f"#{sheet}\n{code} 好", encoding="utf-8")
    assert f"--date {DAY}" in " ".join(typed("visit", "enter", "day.txt").out.split())


@pytest.mark.parametrize("typed_before", [["{} 好"], ["{} 好", "."]])
def test_broken_off_no_typed_line_is_lost(typed: Typist, typed_before: list[str]) -> None:
    """Ctrl-C among the lines, or at the question: what was typed stands there to be pasted again."""
    code = codes(typed)[0]
    ended, said = sitting(typed, *(line.format(code) for line in typed_before), "\x03")
    assert (ended, texts(typed)) == (130, [])
    assert f"{code} 好" in said[said.index("pasted again") :]


def test_a_planned_shop_that_no_paper_carries_is_not_waited_for_and_may_be_typed(typed: Typist) -> None:
    first, second = typed.json("visit", "sheet", "--date", DAY)["stops"][:2]

    def waits() -> bool:
        seen = enter(typed, f"{second['short_code']} 好", "--dry-run", "--format", "json").data["waiting"]
        return first["short_code"] in {one["code"] for one in seen}

    assert waits()
    with sqlite3.connect(typed.folder / "crmkit.db") as file:
        file.execute("UPDATE customer SET visit_method=NULL WHERE code=?", (first["customer"]["code"],))
    assert not waits()
    assert enter(typed, f"{first['short_code']} 好").code == 0


def test_a_shop_that_closed_before_printing_may_be_typed_with_a_plus(typed: Typist) -> None:
    first = typed.json("visit", "sheet", "--date", DAY)["stops"][0]
    assert typed("customer", "set", first["customer"]["code"], "state=closed").code == 0
    told = enter(typed, f"{first['short_code']} ✗停业")
    assert (told.code, f"+{first['short_code']}" in told.out) == (Exit.INPUT_REFUSED, True)
    assert enter(typed, f"+{first['short_code']} ✗停业").code == 0
