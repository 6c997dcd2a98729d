"""The customer file kept by hand: filtered, corrected, handed over, merged, checked; every act undone wholly."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, OTHER, SHOPS, Typist, kept, write_exports

from crmkit.model.errors import Exit
from crmkit.store import visits
from crmkit.store.opening import open_store

NOVEMBER_5, NOVEMBER_12 = "2026-11-05", "2026-11-12"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def dump(typed: Typist) -> list[str]:
    """Everything in the file but the log itself."""
    connection = sqlite3.connect(typed.folder / "crmkit.db")
    log = ('INSERT INTO "operation"', 'INSERT INTO "change"')
    lines = [line for line in connection.iterdump() if not line.startswith(log)]
    connection.close()
    return sorted(lines)


def codes(typed: Typist, *words: str) -> list[str]:
    return [row["customer"] for row in typed.json("customer", "list", *words)]


def undone_wholly(typed: Typist, *words: str, code: int = 0) -> None:
    """The command writes something, its dry run nothing, and undoing it leaves the file as it was."""
    before = dump(typed)
    assert typed(*words, "--dry-run").code == code
    assert dump(typed) == before
    answer = typed(*words)
    assert answer.code == code, answer
    assert dump(typed) != before
    who = words[words.index("--as") :][:2] if "--as" in words else ()
    assert typed("db", "undo", *who).code == 0
    assert dump(typed) == before


# the list


def test_the_list_is_filtered_by_fields_in_both_languages(typed: Typist) -> None:
    everyone = codes(typed)
    assert len(everyone) == SHOPS + 2
    rural = codes(typed, "--market-type", "乡村")
    assert rural == codes(typed, "--where", "market type=rural") == codes(typed, "--where", "市场类型=乡村")
    assert rural == [code for code in everyone if (int(code) - 1000) % 3 == 0]
    assert codes(typed, "--grade", "12-13") == [code for code in everyone if (int(code) - 1000) % 4 in (2, 3)]
    assert codes(typed, "--grade", "12") == [code for code in everyone if (int(code) - 1000) % 4 == 2]
    assert codes(typed, "--state", "歇业") == ["1024"]
    assert codes(typed, "--without", "拜访方式") == ["1023"]
    assert codes(typed, "--neighbourhood", "东片") == everyone
    assert codes(typed, "--where", "业态=") == everyone
    assert codes(typed, "--where", "状态=正常,歇业", "--manager", OTHER) == ["1025", "1026"]


def test_a_filter_nobody_understands_is_refused(typed: Typist) -> None:
    for where in ("客户经理=张三", "身高=3", "grade"):
        assert typed("customer", "list", "--where", where).code == Exit.USAGE
    for words in (["--without", "身高"], ["--grade", "31"]):
        assert typed("customer", "list", *words).code == Exit.USAGE


# set


def test_fields_are_set_in_both_languages_and_said_old_and_new(typed: Typist) -> None:
    words = ("档位=20", "market type=urban", "电话=139-0000-0000", "营业时间=9点-21:30")
    data = typed.json("customer", "set", "1001", *words)
    assert [(c["field"], c["before"], c["after"]) for c in data["changes"]] == [
        ("grade", 11, 20),
        ("phone", "13800138000", "13900000000"),
        ("hours", None, "09:00-21:30"),
    ]
    assert typed("customer", "set", "1001", "电话=", "档位=21").code == Exit.USAGE
    assert typed("customer", "set", "1001", "档位=99").code == Exit.USAGE
    assert typed.json("customer", "show", "1001")["grade"] == 20
    assert typed.json("customer", "set", "1001", "联系人=清空")["changes"][0]["after"] is None
    assert typed("customer", "set", "1001", "名称=清空").code == Exit.USAGE
    assert typed("customer", "set", "1001", "客户名称=清空").code == Exit.FORBIDDEN
    assert typed("customer", "set", "1001", "客户经理=002").code == Exit.FORBIDDEN
    assert typed("customer", "set", "1001", "经度=117.1").code == Exit.USAGE


def test_setting_is_undone_wholly(typed: Typist) -> None:
    undone_wholly(typed, "customer", "set", "--without", "拜访方式", "拜访方式=实地")
    undone_wholly(typed, "customer", "set", "1001,1002", "档位=20", "联系人=清空", "经度=117.1", "纬度=36.6")


def test_a_hand_correction_survives_the_next_import_until_it_is_released(typed: Typist) -> None:
    assert typed("customer", "set", "1001", "档位=20").code == 0
    text = (typed.folder / "customers.csv").read_text(encoding="utf-8").replace("东片", "北片")
    (typed.folder / "again.csv").write_text(text, encoding="utf-8")
    assert typed("import", "again.csv").code in (Exit.DONE, Exit.DONE_WITH_WARNINGS)
    shown = typed.json("customer", "show", "1001")
    assert (shown["grade"], shown["neighbourhood"], shown["held"]) == (20, "北片", ["grade"])
    assert typed("customer", "set", "1001", "--release", "档位").code == 0
    (typed.folder / "third.csv").write_text(text.replace("北片", "南片"), encoding="utf-8")
    assert typed("import", "third.csv").code in (Exit.DONE, Exit.DONE_WITH_WARNINGS)
    assert typed.json("customer", "show", "1001")["grade"] == 11


def test_a_shop_that_closes_loses_its_open_visits_with_the_reason(typed: Typist) -> None:
    assert typed("customer", "appoint", "1001", NOVEMBER_5).code == 0
    undone_wholly(typed, "customer", "set", "1001", "状态=歇业", "--reason", "拆迁")
    data = typed.json("customer", "set", "1001", "状态=歇业", "--reason", "拆迁")
    assert data["cancelled"] == [{"customer": "1001", "date": NOVEMBER_5}]
    assert {c["field"]: c["after"] for c in data["changes"]} == {"state": "closed", "closed_on": "2026-10-30"}
    row = sqlite3.connect(typed.folder / "crmkit.db").execute("SELECT state, note FROM planned_visit").fetchall()
    assert row == [("cancelled", "拆迁")]


# own fields


def test_own_fields_are_typed_shown_set_and_exported(typed: Typist) -> None:
    assert typed("customer", "field", "add", "店铺面积", "--type", "number").code == 0
    words = ("--type", "choice", "--choice", "热情", "--choice", "慢热")
    assert typed("customer", "field", "add", "店主性格", *words).code == 0
    assert typed("customer", "field", "add", "下次盘点", "--type", "date").code == 0
    assert typed("customer", "set", "1001", "店铺面积=３５.50", "店主性格=热情", "下次盘点=2026年3月1日").code == 0
    own = {"店铺面积": "35.5", "店主性格": "热情", "下次盘点": "2026-03-01"}
    assert typed.json("customer", "show", "1001")["own"] == own
    for wrong in ("店铺面积=大", "店主性格=冷", "下次盘点=明年"):
        assert typed("customer", "set", "1001", wrong).code == Exit.USAGE
    assert codes(typed, "--where", "店主性格=热情") == ["1001"]
    assert "店铺面积" in typed("customer", "list", "--format", "csv").out.splitlines()[0]
    listed = typed.json("customer", "field", "list")
    assert [(one["field"], one["type"], one["filled"]) for one in listed] == [
        ("店铺面积", "number", 1), ("店主性格", "choice", 1), ("下次盘点", "date", 1),
    ]  # fmt: skip
    undone_wholly(typed, "customer", "field", "remove", "店铺面积")
    undone_wholly(typed, "customer", "set", "1001", "店铺面积=清空")


@pytest.mark.parametrize("name", ["电话", "phone", "a=b", "-x", "", "x" * 61, "=1+1", "a,b"])
def test_a_name_that_could_not_be_typed_or_is_taken_is_no_own_field(typed: Typist, name: str) -> None:
    assert typed("customer", "field", "add", "--", name).code == Exit.USAGE


# hand-over


def test_a_hand_over_takes_open_visits_along_and_leaves_what_was_done(typed: Typist) -> None:
    assert typed("visit", "log", "1001", "--date", "2026-10-29").code == 0
    assert typed("customer", "appoint", "1001", NOVEMBER_5).code == 0
    undone_wholly(typed, "customer", "transfer", "1001", "--to", OTHER)
    data = typed.json("customer", "transfer", "1001", "--to", OTHER)
    assert (data["customers"], data["visits"], data["load"]) == (["1001"], 1, 3)
    rows = sqlite3.connect(typed.folder / "crmkit.db").execute(
        "SELECT 'planned', p.code FROM planned_visit v JOIN person p ON p.id=v.manager "
        "UNION ALL SELECT 'visit', p.code FROM visit v JOIN person p ON p.id=v.manager"
    )
    assert sorted(rows) == [("planned", OTHER), ("visit", "001")]
    assert codes(typed, "--manager", OTHER) == ["1001", "1025", "1026"]


def test_who_is_owned_is_transferred_not_assigned_and_a_boss_gets_none(typed: Typist) -> None:
    assert typed("customer", "assign", "1001", "--to", OTHER).code == Exit.FORBIDDEN
    assert typed("customer", "transfer", "1001", "--to", BOSS).code == Exit.FORBIDDEN
    assert typed("customer", "transfer", "--to", OTHER).code == Exit.USAGE
    assert typed("customer", "transfer", "1001", "--where", "状态=正常", "--to", OTHER).code == Exit.USAGE
    assert typed("customer", "transfer", "9999", "--to", OTHER).code == Exit.NOT_FOUND


def test_more_customers_than_the_policy_lets_one_have_are_a_warning(typed: Typist) -> None:
    (typed.folder / "policy.toml").write_text('name = "x"\nversion = "1"\n[base_data]\ncustomers_per_manager = 3\n')
    (typed.folder / "crmkit.toml").write_text('policy = "policy.toml"\n')
    assert typed("customer", "transfer", "1001", "--to", OTHER).code == Exit.DONE
    answer = typed("customer", "transfer", "1002", "--to", OTHER)
    assert answer.code == Exit.DONE_WITH_WARNINGS
    assert "李四 has 4 customers, 1 more" in answer.err


# merging


def test_a_merge_moves_every_record_and_the_old_code_leads_to_the_one_that_stays(typed: Typist) -> None:
    assert typed("visit", "log", "1002", "--date", "2026-10-29").code == 0
    assert typed("customer", "set", "1002", "地址=东街1号").code == 0
    undone_wholly(typed, "customer", "merge", "1001", "1002")
    assert typed("db", "check", "--full").code == 0
    data = typed.json("customer", "merge", "1001", "1002")
    assert (data["keep"], data["drop"], data["moved"]["orders"], data["moved"]["visit"]) == ("1001", "1002", 4, 1)
    assert data["filled"] == ["address"]
    assert "1002" not in codes(typed)
    assert typed.json("customer", "show", "1002")["customer"] == "1001"
    assert typed("db", "check", "--full").code == 0
    text = (typed.folder / "customers.csv").read_text(encoding="utf-8").replace("东片", "北片")
    (typed.folder / "again.csv").write_text(text, encoding="utf-8")
    typed("import", "again.csv")
    assert "1002" not in codes(typed)


def test_records_of_one_day_in_conflict_stop_a_merge_and_are_named(typed: Typist) -> None:
    for code, text in (("1001", "好"), ("1002", "差")):
        assert typed("visit", "log", code, "--date", "2026-10-29", "--effect", text).code == 0
    before = dump(typed)
    answer = typed("customer", "merge", "1001", "1002")
    assert (answer.code, "visit 2026-10-29" in answer.err) == (Exit.FORBIDDEN, True)
    assert typed("customer", "merge", "1001", "1001").code == Exit.FORBIDDEN
    assert typed("customer", "merge", "1001", "1025").code == Exit.FORBIDDEN
    assert dump(typed) == before


def test_computed_months_of_both_do_not_stop_a_merge(typed: Typist) -> None:
    for words in (("compute",), ("score", "--all", "3"), ("generate",)):
        assert typed("analyze", *words, "--month", MONTH).code == 0
    data = typed.json("customer", "merge", "1001", "1002")
    assert {one["table"] for one in data["dropped"]} >= {"effect", "score"}
    assert typed("db", "check", "--full").code == 0


# what is wrong with the file


def test_likely_duplicates_are_named_with_their_reasons_and_left_alone(typed: Typist) -> None:
    for code, words in (
        ("1001", ("许可证号=370100000001", "电话=13811111111")),
        ("1002", ("许可证号=370100000001",)),
        ("1003", ("客户名称=同名店", "联系人=甲", "经度=117.1", "纬度=36.6")),
        ("1004", ("客户名称=同名 店", "联系人=乙", "经度=117.1003", "纬度=36.6003")),
        ("1005", ("电话=13811111111",)),
    ):
        assert typed("customer", "set", code, *words).code == 0
    before = dump(typed)
    found = [(p["first"], p["second"], p["reasons"]) for p in typed.json("customer", "duplicates")]
    assert found == [
        ("1001", "1002", ["licence"]), ("1003", "1004", ["name_and_place"]), ("1001", "1005", ["phone"]),
    ]  # fmt: skip
    assert dump(typed) == before


def test_the_check_counts_what_is_filled_lacking_and_stale(typed: Typist) -> None:
    answer = typed("customer", "check", "--format", "json")
    assert answer.code == Exit.DONE_WITH_WARNINGS
    fields = {one["field"]: one for one in answer.data["fields"]}
    assert (fields["visit_method"]["filled"], fields["visit_method"]["of"]) == (24, 25)
    lacks = {one["customer"]: one["fields"] for one in answer.data["lacking"]}
    assert lacks["1023"] == ["visit_method", "place"]
    assert lacks["1001"] == ["place"]
    assert "1001" in fields["phone"]["stale"]
    undone_wholly(typed, "customer", "verify", "1001", "电话")
    assert typed("customer", "verify", "1001", "电话").code == 0
    stale = {one["field"]: one["stale"] for one in typed("customer", "check", "--format", "json").data["fields"]}
    assert "1001" not in stale["phone"]
    assert "1001" in stale["contact"]
    typed.now = "2027-01-30T09:00"
    stale = {one["field"]: one["stale"] for one in typed("customer", "check", "--format", "json").data["fields"]}
    assert "1001" not in stale["phone"]
    typed.now = "2027-01-31T09:00"
    stale = {one["field"]: one["stale"] for one in typed("customer", "check", "--format", "json").data["fields"]}
    assert "1001" in stale["phone"]


# days


def test_an_appointment_stays_where_it_is_through_planning(typed: Typist) -> None:
    undone_wholly(typed, "customer", "appoint", "1001", NOVEMBER_12, "--reason", "新品上柜")
    assert typed("customer", "appoint", "1001", NOVEMBER_12).code == 0
    assert typed("customer", "closed", "1002", "2026-11-01", "2026-11-30", "--reason", "装修").code == 0
    planned_month(typed)
    visits = sqlite3.connect(typed.folder / "crmkit.db").execute(
        "SELECT c.code, v.day, v.pinned FROM planned_visit v JOIN customer c ON c.id=v.customer"
    ).fetchall()
    assert ("1001", NOVEMBER_12, 1) in visits
    assert [visit for visit in visits if visit[0] == "1002"] == []
    assert len(visits) > SHOPS


def planned_month(typed: Typist) -> None:
    acts = [("analyze", "compute"), ("analyze", "score", "--all", "3"), ("analyze", "generate"), ("plan", "generate")]
    acts.insert(3, ("plan", "strategies", "--satisfaction", "90"))
    for words in (*acts, ("plan", "submit", "--accept-shortage", "装修")):
        answer = typed(*words, "--month", MONTH)
        assert answer.code == 0, answer
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    assert typed("plan", "visits", "--month", MONTH).code in (0, 3)


def test_closed_dates_refuse_appointments_and_are_taken_back(typed: Typist) -> None:
    undone_wholly(typed, "customer", "closed", "1001", "2026-11-10", "2026-11-20")
    assert typed("customer", "closed", "1001", "2026-11-10", "2026-11-20").code == 0
    assert typed("customer", "appoint", "1001", NOVEMBER_12).code == Exit.FORBIDDEN
    assert typed("customer", "appoint", "1001", "2026-10-29").code == Exit.FORBIDDEN
    assert typed("customer", "closed", "1001", "2026-11-20", "2026-11-10").code == Exit.USAGE
    assert typed("customer", "closed", "1001", NOVEMBER_12, "--remove").code == 0
    assert typed("customer", "closed", "1001", NOVEMBER_12, "--remove").code == Exit.NOT_FOUND
    assert typed("customer", "appoint", "1001", NOVEMBER_12).code == 0
    undone_wholly(typed, "customer", "appoint", "1001", NOVEMBER_12, "--remove")
    assert typed("customer", "appoint", "1001", NOVEMBER_5, "--remove").code == Exit.NOT_FOUND


def test_an_import_says_what_it_kept_as_set_by_hand(typed: Typist) -> None:
    assert typed("customer", "set", "1001", "档位=20").code == 0
    text = (typed.folder / "customers.csv").read_text(encoding="utf-8").replace("东片", "北片")
    (typed.folder / "again.csv").write_text(text, encoding="utf-8")
    assert "1001 Grade" in typed("import", "again.csv", "--dry-run").out
    assert "1001 档位" in typed("import", "again.csv", "--dry-run", lang="zh").out


def test_a_new_manager_plans_with_the_visits_the_former_one_made(typed: Typist) -> None:
    """1001 was visited on the last day of October: on his new manager's road too the gap holds."""
    assert typed("visit", "log", "1001", "--date", "2026-10-30").code == 0
    store = open_store(typed.folder / "crmkit.db")
    before = [visit.customer for visit in visits.of_portfolio(store, 2, date(2026, 10, 1), date(2026, 10, 31))]
    store.close()
    assert typed("customer", "transfer", "1001", "--to", OTHER).code == 0
    store = open_store(typed.folder / "crmkit.db")
    after = visits.of_portfolio(store, 2, date(2026, 10, 1), date(2026, 10, 31))
    store.close()
    assert (before, [visit.day for visit in after]) == ([], [date(2026, 10, 30)])


def test_an_appointment_noted_twice_is_one_act(typed: Typist) -> None:
    before = dump(typed)
    for _time in range(2):
        assert typed("customer", "appoint", "1001", NOVEMBER_5).code == 0
    assert typed("db", "undo").code == 0
    assert dump(typed) == before
