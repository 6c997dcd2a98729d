"""The two fields a sheet asks to verify, typed in with the evening: 核, 核1, 核2=what is right."""

import csv
import io
import sqlite3
from pathlib import Path

import pytest
from evening_examples import DAY, planned_month
from month_examples import Answer, Typist
from test_evening_lines import K, shops

from crmkit.model.errors import Exit

FIELDS = "contact, phone, business_type, address, hours"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return planned_month(tmp_path, monkeypatch, capsys)


def first_stop(typed: Typist, day: str = DAY) -> tuple[str, str, list[str]]:
    """Short code, customer code and the fields asked for."""
    stop = typed.json("visit", "sheet", "--date", day)["stops"][0]
    return stop["short_code"], stop["customer"]["code"], stop["verify"]


def enter(typed: Typist, lines: str, *more: str) -> Answer:
    (typed.folder / "day.txt").write_text(lines, encoding="utf-8")
    return typed("visit", "enter", "day.txt", "--date", DAY, *more)


def rows(typed: Typist, sql: str, *values: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(typed.folder / "crmkit.db") as file:
        return file.execute(sql, values).fetchall()


def as_it_stands(typed: Typist, customer: str) -> tuple[object, ...]:
    return rows(typed, f"SELECT {FIELDS} FROM customer WHERE code=?", customer)[0]


def verified(typed: Typist, customer: str) -> set[tuple[object, ...]]:
    sql = "SELECT v.field, v.day FROM verified v JOIN customer c ON c.id=v.customer WHERE c.code=?"
    return set(rows(typed, sql, customer))


NEW = {
    "contact": "王五", "phone": "13900001111", "address": "人民路9号", "hours": "08:00-21:00", "business_type": "超市",
}  # fmt: skip


@pytest.mark.parametrize("mark", ["核", "V", "核1、2", "核１,２", "核 1;核 2", "核1=对;核2=无误", "核实1；核对2"])
def test_both_are_right(typed: Typist, mark: str) -> None:
    code, customer, asked = first_stop(typed)
    before = as_it_stands(typed, customer)
    assert enter(typed, f"{code} 补货;{mark}").code == 0
    assert verified(typed, customer) == {(name, DAY) for name in asked}
    assert as_it_stands(typed, customer) == before
    assert rows(typed, "SELECT effect FROM visit") == [("补货",)]
    assert enter(typed, f"{code} 补货;{mark}").out.count("nothing changed") == 1


def test_a_new_value_is_shown_kept_held_and_taken_back_with_the_day(typed: Typist) -> None:
    code, customer, asked = first_stop(typed)
    before, value = as_it_stands(typed, customer), NEW[asked[1]]
    lines = f"{code} 核1 核2＝{value}；补货2条"
    shown = enter(typed, lines, "--dry-run").out
    assert (f"→ {value}" in " ".join(shown.split()), verified(typed, customer)) == (True, set())
    operations = rows(typed, "SELECT max(seq) FROM operation")[0][0]
    assert enter(typed, lines).code == 0
    assert rows(typed, "SELECT max(seq) FROM operation") == [(operations + 1,)]  # type: ignore[operator]
    assert rows(typed, f"SELECT {asked[1]} FROM customer WHERE code=?", customer)[0][0] in (value, "supermarket")
    assert asked[1] in str(rows(typed, "SELECT held FROM customer WHERE code=?", customer)[0][0])
    assert value not in str(rows(typed, "SELECT * FROM operation"))
    assert not typed.json("plan", "verify")["altered"]  # by a command, not past crmkit
    assert typed("db", "undo").code == 0
    assert (as_it_stands(typed, customer), verified(typed, customer)) == (before, set())


def test_the_next_sheet_asks_for_the_next_fields_and_the_numbers_of_this_paper_stay(typed: Typist) -> None:
    code, customer, asked = first_stop(typed)
    assert enter(typed, f"{code} 核1").code == 0
    assert first_stop(typed)[2] == asked
    assert enter(typed, f"{code} 核2", "--add").code == 0
    assert verified(typed, customer) == {(name, DAY) for name in asked}


@pytest.mark.parametrize("mark", ["核3", "核1=不对", "核2=", "核1=甲;核1=乙", "核1=王 补货", "核2=王 补货"])
def test_what_cannot_stand_is_refused_and_nothing_is_kept(typed: Typist, mark: str) -> None:
    code, customer, _asked = first_stop(typed)
    before = as_it_stands(typed, customer)
    answer = enter(typed, f"{code} 补货;{mark}")
    if mark == "核2=":  # nothing behind it: right as it stands
        assert answer.code == 0
        return
    assert answer.code == Exit.INPUT_REFUSED, answer.out
    assert (as_it_stands(typed, customer), verified(typed, customer), rows(typed, "SELECT * FROM visit")) == (
        before, set(), [],
    )  # fmt: skip


def test_a_shop_whose_sheet_asks_nothing_cannot_be_answered_by_number(typed: Typist) -> None:
    _code, customer, _asked = first_stop(typed)
    answer = enter(typed, f"+{customer[:-1]}9 核")
    assert answer.code in (Exit.INPUT_REFUSED, Exit.NOT_FOUND)


@pytest.mark.parametrize("said", ["核对了库存", "核实价格没有问题", "核桃奶2箱", "v good", "电话核1次", "500ml v2.0"])
def test_words_that_only_begin_so_stay_text(said: str) -> None:
    shop = shops(f"{K} {said}")["张记烟酒"]
    assert (shop.effect, shop.verified) == (said, ())


def test_one_visit_is_logged_with_its_fields(typed: Typist) -> None:
    _code, customer, asked = first_stop(typed)
    assert typed("visit", "log", customer, "--date", DAY, "--verify", "1", "--verify", f"2={NEW[asked[1]]}").code == 0
    assert verified(typed, customer) == {(name, DAY) for name in asked}
    assert NEW[asked[1]] not in str(rows(typed, "SELECT * FROM operation"))
    assert typed("visit", "log", customer, "--date", DAY, "--verify", "3", "--correct").code == Exit.USAGE


@pytest.mark.parametrize(("cell", "both"), [("√", True), ("1,2", True), ("核", True), ("1", False), ("√1", False)])
def test_a_filled_table_says_it_in_its_own_column(typed: Typist, cell: str, both: bool) -> None:
    _code, customer, asked = first_stop(typed)
    assert typed("visit", "sheet", "--date", DAY, "-o", "sheet.csv", lang="zh").code == 0
    text = (typed.folder / "sheet.csv").read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert table[0]["待核实"].startswith("1 ")
    table[0].update(拜访情况="已拜访", 核实结果=cell)
    with (typed.folder / "sheet.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    assert typed("visit", "import", "sheet.csv").code == 0
    assert verified(typed, customer) == {(name, DAY) for name in (asked if both else asked[:1])}


@pytest.mark.parametrize("day", ["2026-11-02", DAY, "2026-11-04"])
def test_a_number_means_what_the_paper_asked_whatever_is_verified_in_between(typed: Typist, day: str) -> None:
    typed.now = "2026-11-02T08:30"
    assert typed("visit", "sheet", "--date", DAY, "-o", "sheet.html").code == 0
    _code, customer, asked = first_stop(typed)
    typed.now = f"{day}T17:30"
    others = [name for name in ("contact", "phone", "address") if name not in asked]
    assert typed("customer", "verify", customer, asked[0], *others).code == 0
    typed.now = f"{max(day, DAY)}T19:30"
    code, _customer, again = first_stop(typed)
    assert again == asked
    assert enter(typed, f"{code} 核2").code == 0
    assert asked[1] in {name for name, _day in verified(typed, customer)}
    assert typed("visit", "sheet", "--date", DAY, "-o", "again.html").code == 0  # printed again it asks the same
    assert first_stop(typed)[2] == asked


def test_a_printing_taken_back_asks_nothing(typed: Typist) -> None:
    assert typed("visit", "sheet", "--date", DAY, "-o", "sheet.html").code == 0
    assert rows(typed, "SELECT count(*)>0 FROM asked WHERE day=?", DAY) == [(1,)]
    assert typed("db", "undo").code == 0
    assert rows(typed, "SELECT count(*) FROM asked") == [(0,)]
