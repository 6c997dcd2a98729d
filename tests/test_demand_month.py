"""Direct demand as it is typed and imported: step 1 from the first file to the strategies and frequencies it causes."""

import csv
from pathlib import Path

import openpyxl
import pytest
import wcwidth
from month_examples import BOSS, CLOSED, MONTH, SHOPS, Typist, kept, write_exports

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language
from crmkit.store.opening import open_store

HEADER = ("客户编码", "客户名称", "填报日期", "填报方式", "需求商品", "需求量(条)", "服务需求", "需求说明")
ENGLISH = (
    "Customer code", "Customer name", "Entered on", "Channel", "Product wanted", "Quantity wanted", "Wishes", "Note"
)  # fmt: skip
VALID = SHOPS - 1  # one is closed


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """The invented month on 24 October: before the cut-off of November."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    typist.now = "2026-10-30T18:00"
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def write(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> str:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in (header, *rows):
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([header, *rows])
    return path.name


def row(
    customer: str, day: str, how: str = "网上", product: str = "", volume: str = "", wish: str = "", note: str = ""
) -> tuple[str, ...]:
    return (customer, "店", day, how, product, volume, wish, note)


def value(typed: Typist, sql: str, *values: object) -> object:
    store = open_store(typed.folder / "crmkit.db")
    try:
        return store.value(sql, values)
    finally:
        store.close()


def listed(typed: Typist, month: str = MONTH) -> dict[str, dict[str, object]]:
    data = typed.json("analyze", "demand", "list", "--month", month)
    return {one["customer"]: one for one in data["questionnaires"]}


@pytest.mark.parametrize("name", ["q.csv", "q.xlsx"])
@pytest.mark.parametrize("header", [HEADER, ENGLISH], ids=["zh", "en"])
def test_a_file_is_read_by_its_headers_in_both_languages(name: str, header: tuple[str, ...], typed: Typist) -> None:
    rows = (
        row("1001", "2026-10-20", product="P1", volume="5", wish="送货；培训"),
        row("1001", "2026-10-20", product="样品2", volume="2.5"),
        row("1002", "2026-10-21", "电话", wish="投诉：价签不全"),
        row("1004", "2026-10-21", "", note="早点来"),
    )
    (result,) = typed.json("import", write(typed.folder / name, *rows, header=header))
    assert result["kinds"] == ["demand"]
    assert result["counted"]["demand"] == {"new": 3, "changed": 0, "unchanged": 0, "held": 0}
    found = listed(typed)
    assert found["1001"]["lines"] == [{"product": "P1", "cartons": "5"}, {"product": "P2", "cartons": "2.5"}]
    assert [wish["kind"] for wish in found["1001"]["wishes"]] == ["delivery", "training"]  # type: ignore[attr-defined]
    assert found["1002"]["wishes"] == [{"kind": "complaint", "note": "价签不全"}]
    assert (found["1002"]["channel"], found["1004"]["channel"]) == ("phone", "paper")
    assert found["1004"]["wishes"] == [{"kind": "other", "note": "早点来"}]


def test_what_comes_online_after_the_25th_is_named_and_counts_for_the_month_after(typed: Typist) -> None:
    typed.now = "2026-12-28T09:00"
    rows = (
        row("1001", "2026-12-25", product="P1", volume="5"),
        row("1002", "2026-12-26", product="P1", volume="5"),
        row("1004", "2026-12-26", "电话", product="P1", volume="5"),
    )
    (result,) = typed.json("import", write(typed.folder / "q.csv", *rows))
    late = {notice["notice"]: notice["detail"] for notice in result["notices"]}["late-demand"]
    assert late == "1002 2026-12-26 → 2027-02"
    assert set(listed(typed, "2027-01")) == {"1001", "1004"}
    assert set(listed(typed, "2027-02")) == {"1002"}


def test_rows_that_cannot_be_taken_are_named_with_their_reason(typed: Typist) -> None:
    assert typed("product", "set", "P5", "name=样品4").code == 0  # now two products have this name
    rows = (
        row("1001", "2026-10-20", product="P1", volume="5"),
        row("999", "2026-10-20", product="P1", volume="5"),
        row("1001", "2026-10-20", product="没有的烟", volume="5"),
        row("1001", "2026-10-20", product="样品4", volume="5"),
        row("1001", "2026-10-20", product="P2"),
        row("1001", "2026-10-20", volume="3"),
        row("1001", "2026-10-20", product="P2", volume="-1"),
        row("1001", "2026-10-31", product="P2", volume="1"),
        row("1001", "2026-10-20", "飞鸽", product="P2", volume="1"),
    )
    name = write(typed.folder / "q.csv", *rows)
    answer = typed("import", name, "--format", "json")
    assert answer.code == Exit.DONE_WITH_WARNINGS
    (result,) = answer.data
    reasons = {one["line"]: (one["reason"], one["detail"]) for one in result["rejected"]}
    assert {line: reason for line, (reason, _detail) in reasons.items()} == {
        3: "unknown-customer", 4: "unknown-product", 5: "two-products", 6: "blank", 7: "blank", 8: "too-large",
        9: "future-date", 10: "unknown-word",
    }  # fmt: skip
    assert (reasons[4][1], reasons[5][1]) == ("没有的烟", "样品4 (P4 P5)")
    assert (typed.folder / "q-rejects.csv").read_text("utf-8-sig").count("\n") == 9


def test_notes_of_one_kind_in_several_rows_are_all_kept_and_too_long_ones_refused(typed: Typist) -> None:
    rows = (
        row("1001", "2026-10-20", note="早点来"),
        row("1001", "2026-10-20", note="价签坏了"),
        row("1001", "2026-10-20", note="很" * 400),
        row("1002", "2026-10-20", note="很" * 400),
    )
    name = write(typed.folder / "q.csv", *rows)
    (result,) = typed("import", name, "--format", "json").data
    assert [(one["line"], one["reason"]) for one in result["rejected"]] == [(4, "too-long")]
    found = listed(typed)
    assert found["1001"]["wishes"] == [{"kind": "other", "note": "早点来；价签坏了"}]
    assert found["1002"]["wishes"] == [{"kind": "other", "note": "很" * 400}]


def test_a_changed_file_unconfirms_the_same_one_changes_nothing_and_undo_brings_all_back(typed: Typist) -> None:
    first = write(typed.folder / "q.csv", row("1001", "2026-10-20", product="P1", volume="5", wish="送货"),
                  row("1002", "2026-10-20", product="P1", volume="5"))  # fmt: skip
    assert typed("import", first).code == 0
    assert typed("analyze", "demand", "confirm", "--all", "--month", MONTH).code == 0
    operations = value(typed, "SELECT count(*) FROM operation")
    assert typed.json("import", first)[0]["already"] is not None
    same = write(typed.folder / "same.csv", row("1001", "2026-10-22", "电话", product="样品1", volume="5.000"))
    assert typed.json("import", same)[0]["counted"]["demand"]["unchanged"] == 1
    assert listed(typed)["1001"]["confirmed"] is True
    changed = write(typed.folder / "changed.csv", row("1001", "2026-10-22", product="P1", volume="6"))
    (result,) = typed.json("import", changed)
    assert {"notice": "unconfirmed", "detail": f"1001 {MONTH}"} in result["notices"]
    assert result["changes"] == [
        {"kind": "demand", "key": f"1001/{MONTH}/P1", "field": "volume", "old": "5", "new": "6"}
    ]
    found = listed(typed)
    assert (found["1001"]["confirmed"], found["1002"]["confirmed"]) == (False, True)
    assert found["1001"]["wishes"]  # what the file does not name stays
    assert typed("import", "undo", str(result["batch"])).code == 0
    assert listed(typed)["1001"]["confirmed"] is True
    assert value(typed, "SELECT count(*) FROM operation") > operations  # type: ignore[operator]


def test_by_hand_entering_confirming_and_editing(typed: Typist) -> None:
    enter = ("analyze", "demand", "enter", "1001", "--month", MONTH)
    dry = typed.json(*enter, "P1=5", "样品2=1.5", "服务=送货：上午", "--dry-run")
    assert value(typed, "SELECT count(*) FROM questionnaire") == 0
    assert {**typed.json(*enter, "P1=5", "样品2=1.5", "服务=送货：上午"), "dry_run": True} == dry
    assert typed.json(*enter, "P1=5")["changed"] == []
    confirmed = typed.json("analyze", "demand", "confirm", "1001", "--month", MONTH)
    assert (confirmed["changed"], confirmed["unconfirmed"]) == (["1001"], [])
    assert len(confirmed["missing"]) == VALID - 1  # allowed before all are there
    edited = typed.json(*enter, "P1=0", "服务=-送货", "服务=培训")
    assert edited["unconfirmed"] == ["1001"]
    one = listed(typed)["1001"]
    assert one["lines"] == [{"product": "P2", "cartons": "1.5"}]
    assert [wish["kind"] for wish in one["wishes"]] == ["training"]  # type: ignore[attr-defined]
    assert typed("db", "undo").code == 0
    assert listed(typed)["1001"]["confirmed"] is True
    nothing = typed.json("analyze", "demand", "enter", "1002", "--none", "--confirm", "--how", "电话", "--month", MONTH)
    assert nothing["changed"] == ["1002"]
    assert listed(typed)["1002"]["lines"] == []


def test_confirming_some_by_a_filter_leaves_the_others(typed: Typist) -> None:
    for customer in ("1003", "1004", "1006"):
        assert typed("analyze", "demand", "enter", customer, "P1=1", "--month", MONTH).code == 0
    found = typed.json("analyze", "demand", "confirm", "--where", "市场类型=乡村", "--month", MONTH)
    assert found["changed"] == ["1003", "1006"]
    assert found["unconfirmed"] == ["1004"]


def refused(typed: Typist, *words: str, because: str, way_out: str, code: Exit = Exit.FORBIDDEN) -> None:
    before = value(typed, "SELECT count(*) FROM operation")
    answer = typed(*words)
    assert answer.code == code, answer
    assert because in answer.err
    assert way_out in answer.err
    assert value(typed, "SELECT count(*) FROM operation") == before


def test_refusals_name_the_way_out(typed: Typist) -> None:
    month = ("--month", MONTH)
    enter = ("analyze", "demand", "enter")
    refused(typed, *enter, CLOSED, "P1=1", *month, because="not among the valid", way_out="crmkit customer list")
    refused(typed, *enter, "1001", "P9=1", *month, because="P9", way_out="", code=Exit.NOT_FOUND)
    refused(typed, *enter, "1001", "P1=x", *month, because="P1=x", way_out="P1=5", code=Exit.USAGE)
    for slip in ("服务=送货：" + "很" * 400, "服务=-没有的", "服务=", "P1=-1", "P1=0.00001", "P1=1e99"):
        refused(typed, *enter, "1001", slip, *month, because=slip[:10], way_out="=", code=Exit.USAGE)
    refused(typed, *enter, "1001", *month, because="P1=5 服务=送货 | --none", way_out="", code=Exit.USAGE)
    confirm = ("analyze", "demand", "confirm")
    way_out = f"crmkit analyze demand missing --month {MONTH}"
    refused(typed, *confirm, "1001", *month, because="1001", way_out=way_out, code=Exit.NOT_FOUND)
    refused(typed, *confirm, *month, because="CUSTOMER / --where", way_out="", code=Exit.USAGE)


def drafted(typed: Typist) -> None:
    for words in (("analyze", "compute"), ("analyze", "score", "--all", "3"), ("analyze", "generate"),
                  ("plan", "strategies", "--satisfaction", "90"), ("plan", "generate")):  # fmt: skip
        assert typed(*words, "--month", MONTH).code == 0


def test_only_confirmed_demand_causes_strategies_and_the_frequencies_follow_their_count(typed: Typist) -> None:
    drafted(typed)
    before = typed.json("plan", "show", "--month", MONTH)
    counts = {line["customer"]: line["strategies"] for line in before["frequencies"]}
    last = [line["customer"] for line in before["frequencies"] if line["source"] == "rank"][-1]
    words = ("P1=5", "P2=3", "服务=送货", "服务=培训", "服务=投诉", "服务=陈列需求")
    assert typed.json("analyze", "demand", "enter", last, *words, "--month", MONTH)["consequences"] == []
    dry = typed.json("analyze", "demand", "confirm", last, "--month", MONTH, "--dry-run")
    followed = typed.json("analyze", "demand", "confirm", last, "--month", MONTH)
    assert {**followed, "dry_run": True} == dry
    moved = {one["what"]: one for one in followed["consequences"]}
    # the product lines together are one, and each kind of wish; what hangs on them follows in the same operation
    assert moved["strategies"]["changed"] == [last]
    assert last in moved["frequencies"]["changed"]
    made = typed.json("plan", "strategies", "--month", MONTH)
    assert made["origins"]["demand"] == 5
    after = typed.json("plan", "show", "--month", MONTH)
    line = next(line for line in after["frequencies"] if line["customer"] == last)
    assert line["strategies"] == counts[last] + 5
    assert line["frequency"] == "weekly"
    assert next(one for one in before["frequencies"] if one["customer"] == last)["frequency"] == "monthly"


def test_a_file_that_changes_confirmed_demand_takes_its_strategies_back_at_once(typed: Typist) -> None:
    drafted(typed)
    assert typed("analyze", "demand", "enter", "1001", "P1=5", "--confirm", "--month", MONTH).code == 0
    assert typed.json("plan", "strategies", "--month", MONTH)["origins"]["demand"] == 1
    name = write(typed.folder / "q.csv", row("1001", "2026-10-20", product="P1", volume="6"))
    (dry,) = typed.json("import", name, "--dry-run")
    (result,) = typed.json("import", name)
    assert result["consequences"] == dry["consequences"]
    assert {one["what"]: one["changed"] for one in result["consequences"]}["strategies"] == ["1001"]
    store = open_store(typed.folder / "crmkit.db")
    assert store.value("SELECT count(*) FROM strategy WHERE origin='demand'") == 0
    store.close()
    assert typed("import", "undo", str(result["batch"])).code == 0
    assert value(typed, "SELECT count(*) FROM strategy WHERE origin='demand'") == 1


def test_at_the_door_stands_what_the_customer_asked_for(typed: Typist) -> None:
    drafted(typed)
    enter = ("analyze", "demand", "enter", "1001", "P1=5", "P2=2.5", "服务=送货：上午来", "--confirm")
    assert typed(*enter, "--month", MONTH).code == 0
    assert typed("plan", "submit", "--month", MONTH).code == 0
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    visits = typed.json("plan", "visits", "--month", MONTH)["visits"]
    day = next(visit["date"] for visit in visits if visit["customer"] == "1001")
    typed.now = f"{day}T07:00"
    sheet = " ".join(typed("visit", "sheet", "--date", day, "--no-mark", "--format", "md", lang="zh").out.split())
    assert "样品1 5，样品2 2.5" in sheet
    assert "上午来" in sheet


def test_after_submit_no_demand_of_the_month_moves(typed: Typist) -> None:
    drafted(typed)
    enter = ("analyze", "demand", "enter", "1001", "P1=5", "--month", MONTH)
    assert typed(*enter).code == 0
    assert typed("plan", "submit", "--month", MONTH).code == 0
    way_out = f"crmkit plan withdraw --month {MONTH}"
    refused(typed, *enter[:-3], "P1=6", "--month", MONTH, because="submitted", way_out=way_out)
    refused(typed, "analyze", "demand", "confirm", "--all", "--month", MONTH, because="submitted", way_out=way_out)
    rows = (row("1001", "2026-10-20", product="P1", volume="6"), row("1025", "2026-10-20", product="P1", volume="6"))
    (result,) = typed("import", write(typed.folder / "q.csv", *rows), "--format", "json").data
    assert [(one["line"], one["reason"]) for one in result["rejected"]] == [(2, "month-submitted")]
    assert result["counted"]["demand"]["new"] == 1  # the other manager's month is open
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    refused(typed, *enter[:-3], "P1=6", "--month", MONTH, because="approved", way_out="--month 2026-12")


def step_one(typed: Typist) -> dict[str, object]:
    steps = typed.json("status", "--month", MONTH)["steps"]
    return next(step for step in steps if step["key"] == "demand")


def test_the_front_page_knows_who_is_missing_who_is_unconfirmed_and_what_to_type(typed: Typist) -> None:
    assert (step_one(typed)["missing"], step_one(typed)["command"]) == (VALID, "analyze demand missing")
    rows = [row(f"{1000 + n}", "2026-10-20", product="P1", volume="1") for n in range(1, SHOPS + 1)]
    assert typed("import", write(typed.folder / "q.csv", *rows)).code == 0
    found = step_one(typed)
    assert (found["state"], found["missing"]) == ("open", VALID)
    assert found["command"] == "analyze demand confirm --all"
    typed.now = "2026-11-03T08:00"
    assert step_one(typed)["state"] == "late"
    assert typed("analyze", "demand", "confirm", "--all", "--month", MONTH).code == 0
    assert (step_one(typed)["state"], step_one(typed)["missing"]) == ("done", 0)


def test_the_page_of_a_day_gone_by(typed: Typist) -> None:
    assert typed("analyze", "demand", "enter", "1001", "P1=1", "--date", "2026-10-20", "--month", MONTH).code == 0
    assert typed("analyze", "demand", "confirm", "1001", "--month", MONTH).code == 0
    data = {
        day: typed.json("analyze", "demand", "list", "--month", MONTH, "--as-of", day)
        for day in ("2026-10-19", "2026-10-29", "2026-10-30")
    }
    assert [len(one["questionnaires"]) for one in data.values()] == [0, 1, 1]
    assert [one["unconfirmed"] for one in data.values()] == [[], ["1001"], []]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_fit_eighty_columns(lang: Language, typed: Typist) -> None:
    assert typed("analyze", "demand", "enter", "1001", "P1=1", "P2=100.5", "服务=送货：" + "很早" * 40,
                 "服务=培训", "服务=投诉", "服务=货源", "--month", MONTH).code == 0  # fmt: skip
    for words in (("list",), ("list", "1001"), ("missing", "--all"), ("confirm", "--all")):
        answer = typed("analyze", "demand", *words, "--month", MONTH, lang=lang)
        assert answer.code == 0
        assert [line for line in answer.out.splitlines() if wcwidth.wcswidth(line) > 80] == []


@pytest.mark.parametrize(("lang", "said"), [("en", "too far from the running one"), ("zh", "离当月太远")])
def test_a_mistyped_month_is_a_rejected_row_and_the_others_come_in(typed: Typist, lang: Language, said: str) -> None:
    months = ("1990-01", "2025-08", "2027-01", "2028-05", "2100-12", MONTH)
    rows = [(*row(f"{1001 + n}", "2026-10-20", product="P1", volume="5"), month) for n, month in enumerate(months)]
    rows.append((*row("1010", "1990-01-01", product="P1", volume="5"), ""))
    name = write(typed.folder / "q.csv", *rows, header=(*HEADER, "需求月份"))
    assert said in typed("import", name, "--dry-run", lang=lang).out
    (result,) = typed("import", name, "--format", "json").data
    assert [(one["line"], one["reason"]) for one in result["rejected"]] == [
        (line, "month-far") for line in (2, 3, 4, 5, 6, 8)
    ]
    assert listed(typed).keys() == {"1006"}


def test_one_product_twice_in_an_entry_is_refused(typed: Typist) -> None:
    words = ("analyze", "demand", "enter", "1001", "--month", MONTH, "P1=5")
    assert typed(*words, "P1=6").code == 2
    assert typed(*words, "P2=6").code == 0


def test_scores_of_a_month_far_away_are_rejected_rows(typed: Typist) -> None:
    items = ("陈列", "存货", "明码标价", "推荐", "自主网订", "守法经营")
    rows = [("1001", month, *"333333") for month in ("1990-01", "2030-01", MONTH)]
    name = write(typed.folder / "s.csv", *rows, header=("客户编码", "月份", *items))
    (result,) = typed("import", name, "--format", "json").data
    assert [(one["line"], one["reason"]) for one in result["rejected"]] == [(2, "month-far"), (3, "month-far")]
    assert value(typed, "SELECT count(*) FROM score") == 6
