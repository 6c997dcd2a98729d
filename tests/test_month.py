"""The month as it is typed: analyse, plan, submit, reject, approve, visit; every gate names the way out."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
import wcwidth
from month_examples import BOSS, CLOSED, FALLING, METHODLESS, MONTH, OTHER, SHOPS, STOPPED, Typist, kept, write_exports

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language
from crmkit.store.opening import open_store

DRAFT, SUBMITTED, APPROVED = "draft", "submitted", "approved"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A fresh database with its people, customers and orders, the evening before the month."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def analysed(typed: Typist, actor: str | None = None) -> None:
    for words in (("compute",), ("score", "--all", "3"), ("generate",)):
        assert typed("analyze", *words, "--month", MONTH, actor=actor).code == 0


def drafted(typed: Typist, actor: str | None = None) -> None:
    analysed(typed, actor)
    assert typed("plan", "strategies", "--month", MONTH, "--satisfaction", "90", actor=actor).code == 0
    assert typed("plan", "generate", "--month", MONTH, actor=actor).code == 0


def approved(typed: Typist) -> None:
    drafted(typed)
    assert typed("plan", "submit", "--month", MONTH).code == 0
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0


def planned(typed: Typist) -> None:
    approved(typed)
    assert typed("plan", "visits", "--month", MONTH).code == 0


def value(typed: Typist, sql: str, *values: object) -> object:
    store = open_store(typed.folder / "crmkit.db")
    try:
        return store.value(sql, values)
    finally:
        store.close()


def refused(typed: Typist, *words: str, because: str, way_out: str, actor: str | None = None) -> None:
    """Exit 6, the reason, what to type; nothing was written."""
    before = value(typed, "SELECT count(*) FROM operation")
    answer = typed(*words, actor=actor)
    assert answer.code == Exit.FORBIDDEN, answer
    assert because in answer.err
    assert way_out in answer.err
    assert value(typed, "SELECT count(*) FROM operation") == before


# the way through the month


def test_a_month_from_orders_to_logged_visits(typed: Typist) -> None:
    analysed(typed)
    typed("plan", "strategies", "--month", MONTH, "--satisfaction", "92.5")
    plan = typed.json("plan", "generate", "--month", MONTH)
    assert plan["valid"] == SHOPS - 1
    assert plan["methodless"] == [METHODLESS]
    keys = {one["customer"]: one for one in plan["key_customers"] if one["standing"] == "proposed"}
    assert "stopped" in keys[STOPPED]["reasons"]
    assert keys[FALLING]["reasons"] == ["relative_volume"]
    assert CLOSED not in {line["customer"] for line in plan["frequencies"]}
    assert typed.json("plan", "submit", "--month", MONTH)["states"] == {"strategies": SUBMITTED, "plan": SUBMITTED}
    back = typed.json("plan", "reject", "--month", MONTH, "--reason", "太少", actor=BOSS)
    assert back["states"] == {"strategies": DRAFT, "plan": DRAFT}
    typed("plan", "submit", "--month", MONTH)
    assert value(typed, "SELECT count(*) FROM customer WHERE frequency IS NOT NULL") == 0
    done = typed.json("plan", "approve", "--month", MONTH, actor=BOSS)
    assert done["frequencies"] == SHOPS - 1 == value(typed, "SELECT count(frequency) FROM customer")
    visits = typed.json("plan", "visits", "--month", MONTH)
    assert visits["new"] == len(visits["visits"]) == value(typed, "SELECT count(*) FROM planned_visit") > SHOPS
    first = visits["visits"][0]
    typed.now = f"{first['date']}T18:00"
    assert typed.json("visit", "log", first["customer"], "--effect", "好")["ad_hoc"] is False
    listed = typed.json("visit", "list", "--date", first["date"])
    assert {row["customer"]: row["state"] for row in listed}[first["customer"]] == "visited"


def test_the_frequencies_are_those_of_the_rule(typed: Typist) -> None:
    drafted(typed)
    plan = typed.json("plan", "show", "--month", MONTH)
    others = [line for line in plan["frequencies"] if line["source"] == "rank"]
    count = len(others)
    top, bottom = (20 * count + 50) // 100, (30 * count + 50) // 100
    expected = ["weekly"] * top + ["twice_monthly"] * (count - top - bottom) + ["monthly"] * bottom
    assert [line["frequency"] for line in others] == expected
    ranked = [(-line["strategies"], -float(line["volume"]), line["customer"]) for line in others]
    assert ranked == sorted(ranked)
    assert all(line["frequency"] == "weekly" for line in plan["frequencies"] if line["source"] == "key")


def test_a_dry_run_says_the_same_and_writes_nothing(typed: Typist) -> None:
    drafted(typed)
    before = (typed.folder / "crmkit.db").read_bytes()
    dry = typed.json("plan", "submit", "--month", MONTH, "--dry-run")
    key = ("plan", "key", "1001", "--add", "--reason", "大户", "--month", MONTH)
    dry_key = typed.json(*key, "--dry-run")
    assert (typed.folder / "crmkit.db").read_bytes() == before
    assert {**typed.json(*key), "dry_run": True} == dry_key
    assert {**typed.json("plan", "submit", "--month", MONTH), "dry_run": True} == dry


# gates


def test_no_customers_is_a_gate(typed: Typist) -> None:
    assert typed("init", "--manager", "001=张三", "--db", "empty.db").code == 0
    words = ("analyze", "compute", "--month", MONTH, "--db", "empty.db")
    refused(typed, *words, because="no valid customer", way_out="crmkit import")


def test_each_step_waits_for_the_one_before(typed: Typist) -> None:
    month = ("--month", MONTH)

    def waits(*words: str, because: str, way_out: str) -> None:
        refused(typed, *words, *month, because=because, way_out=f"crmkit {way_out} --month {MONTH}")

    waits("analyze", "generate", because="not computed", way_out="analyze compute")
    waits("plan", "strategies", because="not generated", way_out="analyze compute")
    waits("plan", "generate", because="step 7", way_out="analyze compute")
    typed("analyze", "compute", *month)
    waits("analyze", "generate", because="1001, 1002", way_out="analyze score")
    typed("analyze", "score", "--all", "4", *month)
    typed("analyze", "generate", *month)
    typed("plan", "strategies", *month)
    waits("plan", "submit", because="no month plan", way_out="plan generate")
    typed("plan", "generate", *month)
    waits("plan", "submit", because="satisfaction", way_out="plan strategies")
    waits("plan", "submit", "--only", "plan", because="submitted first", way_out="plan submit")
    waits("plan", "visits", because="not approved", way_out="plan visits")
    sheet = ("visit", "sheet", "--date", "2026-11-03")
    refused(typed, *sheet, because="not approved", way_out=f"crmkit status --month {MONTH}")


def test_a_sheet_waits_for_a_visit_plan(typed: Typist) -> None:
    approved(typed)
    day = ("--date", "2026-11-03")
    refused(typed, "visit", "sheet", *day, because="2026-11-03", way_out=f"crmkit plan visits --month {MONTH}")


def test_submitted_is_read_only(typed: Typist) -> None:
    drafted(typed)
    typed("plan", "submit", "--month", MONTH)
    writing: Iterable[tuple[str, ...]] = (
        ("analyze", "compute"),
        ("analyze", "score", "1001", "display=5"),
        ("plan", "strategies", "--satisfaction", "80"),
        ("plan", "generate"),
        ("plan", "key", "1001", "--add", "--reason", "x"),
        ("plan", "frequency", "1001", "weekly", "--reason", "x"),
    )
    for words in writing:
        refused(typed, *words, "--month", MONTH, because="submitted", way_out=f"crmkit plan withdraw --month {MONTH}")


def test_submitting_twice_is_refused_and_approving_twice_is_no_event(typed: Typist) -> None:
    drafted(typed)
    typed("plan", "submit", "--month", MONTH)
    refused(typed, "plan", "submit", "--month", MONTH, because="submitted", way_out="crmkit plan approve")
    typed("plan", "approve", "--month", MONTH, actor=BOSS)
    events = value(typed, "SELECT count(*) FROM transition")
    operations = value(typed, "SELECT count(*) FROM operation")
    again = typed("plan", "approve", "--month", MONTH, actor=BOSS)
    assert again.code == 0
    assert "done before" in again.out
    assert value(typed, "SELECT count(*) FROM transition") == events
    assert value(typed, "SELECT count(*) FROM operation") == operations
    refused(
        typed, "plan", "reject", "--reason", "x", "--month", MONTH, because="approved", way_out="status", actor=BOSS
    )


def test_nobody_approves_his_own_month(typed: Typist) -> None:
    drafted(typed)
    typed("plan", "submit", "--month", MONTH)
    refused(typed, "plan", "approve", "--month", MONTH, because="market manager", way_out="--as")


def test_a_rejection_takes_an_unapproved_plan_along_and_a_plan_alone_can_be_rejected(typed: Typist) -> None:
    drafted(typed)
    typed("plan", "submit", "--month", MONTH)
    reject = ("plan", "reject", "--month", MONTH, "--reason", "x")
    assert typed.json(*reject, "--only", "月计划", actor=BOSS)["states"] == {"strategies": SUBMITTED, "plan": DRAFT}
    assert typed.json("plan", "submit", "--month", MONTH)["states"] == {"strategies": SUBMITTED, "plan": SUBMITTED}
    both = typed.json(*reject, "--only", "strategies", actor=BOSS)
    assert both["states"] == {"strategies": DRAFT, "plan": DRAFT}


def test_all_frequencies_are_written_or_none(typed: Typist) -> None:
    drafted(typed)
    typed("plan", "submit", "--month", MONTH)
    store = open_store(typed.folder / "crmkit.db")
    store.execute(
        "CREATE TRIGGER stop BEFORE UPDATE OF frequency ON customer WHEN NEW.code='1020' "
        "BEGIN SELECT RAISE(ABORT, 'stopped by the test'); END"
    )
    store.close()
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code != 0
    assert value(typed, "SELECT count(frequency) FROM customer") == 0
    assert value(typed, "SELECT count(*) FROM document WHERE state='submitted'") == 2


def test_a_month_that_cannot_fit_is_submitted_with_a_reason_only(typed: Typist) -> None:
    (typed.folder / "tight.toml").write_text(
        'extends = "standard"\n[capacity]\nurban_per_day = 2\nrural_per_day = 1\n', encoding="utf-8"
    )
    drafted(typed)
    (typed.folder / "crmkit.toml").write_text('policy = "tight.toml"\n', encoding="utf-8")
    plan = typed.json("plan", "show", "--month", MONTH)
    assert not plan["load"]["fits"]
    assert plan["load"]["repairs"] or plan["load"]["unfit"]
    refused(typed, "plan", "submit", "--month", MONTH, because="full days short", way_out="--accept-shortage")
    assert typed("plan", "submit", "--month", MONTH, "--accept-shortage", "人手不足").code == 0
    assert value(typed, "SELECT count(*) FROM transition WHERE reason='人手不足'") == 2


# changes by hand


def test_the_key_list_moves_by_hand_and_keeps_the_reason(typed: Typist) -> None:
    drafted(typed)
    month = ("--month", MONTH)
    added = typed.json("plan", "key", "1001", "--add", "--reason", "大户", *month)
    removed = typed.json("plan", "key", STOPPED, "--remove", "--reason", "已谈妥", *month)
    standing = {one["customer"]: (one["standing"], one["note"]) for one in removed["key_customers"]}
    assert standing["1001"] == ("added", "大户")
    assert standing[STOPPED] == ("removed", "已谈妥")
    assert _line(added, "1001")["frequency"] == "weekly"
    assert _line(removed, STOPPED)["source"] == "rank"


def test_a_frequency_set_by_hand_lives_until_the_next_approval(typed: Typist) -> None:
    drafted(typed)
    plan = typed.json("plan", "frequency", "1002", "每周一次", "--reason", "新品试点", "--month", MONTH)
    assert (_line(plan, "1002")["source"], _line(plan, "1002")["note"]) == ("override", "新品试点")
    typed("plan", "submit", "--month", MONTH)
    typed("plan", "approve", "--month", MONTH, actor=BOSS)
    assert value(typed, "SELECT frequency FROM customer WHERE code='1002'") == "weekly"
    typed.now = "2026-11-30T18:00"
    for words in (("analyze", "compute"), ("analyze", "score", "--carry"), ("analyze", "generate")):
        assert typed(*words, "--month", "2026-12").code == 0
    typed("plan", "strategies", "--month", "2026-12", "--satisfaction", "90")
    following = typed("plan", "generate", "--month", "2026-12")
    assert "approval writes over it: 1002" in " ".join(following.out.split())
    assert typed.json("plan", "show", "--month", "2026-12")["overwritten"] == ["1002"]


def test_a_change_for_a_shop_that_is_not_planned_is_refused(typed: Typist) -> None:
    drafted(typed)
    words = ("plan", "frequency", CLOSED, "weekly", "--reason", "x", "--month", MONTH)
    refused(typed, *words, because=f"{CLOSED} is not among the valid", way_out="crmkit customer list")
    key = ("plan", "key", CLOSED, "--add", "--reason", "x", "--month", MONTH)
    refused(typed, *key, because=f"{CLOSED} is not among the valid", way_out="crmkit customer list")


def _line(plan: dict[str, list[dict[str, str]]], code: str) -> dict[str, str]:
    return next(line for line in plan["frequencies"] if line["customer"] == code)


# scores


def test_scores_are_typed_in_both_languages_and_a_group_keeps_them(typed: Typist) -> None:
    month = ("--month", MONTH)
    typed("analyze", "compute", *month)
    state = typed.json("analyze", "score", "1001", "陈列=5", "stock＝1", *month)
    assert state["partly"] == {"1001": ["pricing", "recommending", "online", "lawful"]}
    state = typed.json("analyze", "score", "--all", "3", "守法=4", *month)
    assert state["unscored"] == []
    scores = typed.json("analyze", "effect", "1001", *month)["scores"]
    assert scores == {"display": 5, "stock": 1, "pricing": 3, "recommending": 3, "online": 3, "lawful": 4}


@pytest.mark.parametrize(
    "words",
    [("1001", "display=6"), ("1001", "charm=3"), ("--all", "9"), ("--all", "3", "--carry"), ("display=3",)],
)
def test_scores_that_are_none_are_refused(typed: Typist, words: tuple[str, ...]) -> None:
    typed("analyze", "compute", "--month", MONTH)
    assert typed("analyze", "score", *words, "--month", MONTH).code == Exit.USAGE
    assert value(typed, "SELECT count(*) FROM score") == 0


def test_rescoring_reopens_step_two(typed: Typist) -> None:
    analysed(typed)
    typed("analyze", "score", "1001", "display=5", "--month", MONTH)
    assert typed.json("analyze", "show", "--month", MONTH)["state"] == "computed"


# several managers


def test_the_market_manager_acts_on_the_only_one_who_waits(typed: Typist) -> None:
    drafted(typed)
    drafted(typed, actor=OTHER)
    typed("plan", "submit", "--month", MONTH)
    typed("plan", "submit", "--month", MONTH, actor=OTHER)
    several = typed("plan", "approve", "--month", MONTH, actor=BOSS)
    assert several.code == Exit.USAGE
    assert "--manager 001|002" in several.err
    assert typed.json("plan", "approve", "--month", MONTH, "--manager", OTHER, actor=BOSS)["manager"] == OTHER
    assert typed.json("plan", "approve", "--month", MONTH, actor=BOSS)["manager"] == "001"


def test_whose_month_must_be_said_when_nobody_of_the_file_acts(typed: Typist) -> None:
    answer = typed("plan", "show", "--month", MONTH, actor=BOSS)
    assert answer.code == Exit.USAGE
    assert "--manager" in answer.err
    wrong = typed("plan", "show", "--month", MONTH, "--manager", BOSS, actor=BOSS)
    assert wrong.code == Exit.FORBIDDEN


# the sheet and the facts of the street


def test_the_terminal_marks_nothing_and_paper_is_recorded(typed: Typist) -> None:
    planned(typed)
    typed.now = "2026-11-02T17:00"
    seen = typed("visit", "sheet", "--date", "next")
    assert seen.code == 0
    assert "next = 2026-11-03" in seen.err
    typed("visit", "sheet", "--date", "明天", "-o", "sheet.html", "--no-mark")
    assert value(typed, "SELECT count(*) FROM printing") == 0
    assert typed("visit", "sheet", "--date", "明天", "-o", "sheet.html").code == 0
    assert typed("visit", "sheet", "-o", "sheet.pdf").code == 0
    assert value(typed, "SELECT group_concat(day||version||format) FROM printing") == "2026-11-031html,2026-11-032pdf"
    assert (typed.folder / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_a_sheet_nobody_got_freezes_no_day(typed: Typist) -> None:
    planned(typed)
    answer = typed("visit", "sheet", "--date", "2026-11-03", "-o", "no/folder/sheet.html")
    assert answer.code == Exit.INPUT_REFUSED
    assert value(typed, "SELECT count(*) FROM printing") == 0


def test_visits_are_logged_by_the_codes_of_the_sheet(typed: Typist) -> None:
    planned(typed)
    typed.now = "2026-11-03T18:00"
    stop = typed.json("visit", "sheet", "--date", "today")["stops"][0]
    short, shop = stop["short_code"], stop["customer"]["code"] if isinstance(stop["customer"], dict) else stop["code"]
    words = ("visit", "log", short.lower(), "--done", f"{short}-1", "--arrived", "905", "--opinion", "想要新品")
    logged = typed.json(*words)
    assert (logged["customer"], logged["arrived"], len(logged["done"])) == (shop, "09:05", 1)
    assert typed.json(*words)["unchanged"] is True
    assert value(typed, "SELECT count(*) FROM strategy WHERE state='done'") == 1
    refused(typed, "visit", "log", short, "--opinion", "别的", because="logged already", way_out="--correct")
    assert typed.json("visit", "log", short, "--opinion", "别的", "--correct")["corrected"] is True
    assert value(typed, "SELECT count(*) FROM visit") == 1


@pytest.mark.parametrize(("why", "code"), [("关门", "closed"), ("owner_away", "owner_away"), ("拒访", "refused")])
def test_a_missed_visit_keeps_its_reason_in_either_language(typed: Typist, why: str, code: str) -> None:
    planned(typed)
    typed.now = "2026-11-03T18:00"
    shop = typed.json("visit", "list", "--date", "today")[0]["customer"]
    assert typed.json("visit", "miss", shop, "--why", why)["miss_reason"] == code
    assert value(typed, "SELECT count(*) FROM planned_visit WHERE state='missed'") == 1


def test_facts_are_never_gated_but_the_future_is_none(typed: Typist) -> None:
    logged = typed.json("visit", "log", "1001", "--method", "电话", "--effect", "好")
    assert (logged["ad_hoc"], logged["method"]) == (True, "phone")
    log = "crmkit visit log 1001 --date 2026-10-30"
    refused(typed, "visit", "log", "1001", "--date", "2026-11-20", because="not come yet", way_out=log)
    refused(typed, "visit", "log", "1002", "--done", "1", because="not approved", way_out="crmkit status")


# what is said


COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("operating-state/1", ("analyze", "show", "--month", MONTH)),
    ("effect/1", ("analyze", "effect", "1001", "--month", MONTH)),
    ("month-plan/1", ("plan", "show", "--month", MONTH)),
    ("documents/1", ("plan", "approve", "--month", MONTH, "--as", BOSS)),
    ("visit-plan/1", ("plan", "visits", "--month", MONTH, "--dry-run")),
    ("visit-moves/1", ("plan", "replan", "--month", MONTH, "--dry-run")),
    ("best-day/1", ("plan", "best-day", "1001", "--month", MONTH)),
    ("plan-comparison/1", ("plan", "compare", "--month", MONTH)),
    ("route/1", ("plan", "route", "--date", "2026-11-03", "--dry-run")),
    ("daily-sheet/1", ("visit", "sheet", "--date", "2026-11-03")),
    ("visits/1", ("visit", "list", "--date", "2026-11-03")),
    ("visit/1", ("visit", "log", "1001", "--dry-run")),
    ("customers/1", ("customer", "list")),
    ("customer/1", ("customer", "show", "1001", "--month", MONTH)),
)


def shape(thing: object) -> object:
    """Keys and kinds of a JSON value: what a program relies on."""
    if isinstance(thing, dict):
        return {key: shape(inner) for key, inner in thing.items()}
    if isinstance(thing, list):
        return [shape(thing[0])] if thing else []
    return type(thing).__name__


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(typed: Typist, request: pytest.FixtureRequest) -> None:
    planned(typed)
    shapes = {}
    for schema, words in COMMANDS:
        english = typed(*words, "--format", "json", lang="en")
        chinese = typed(*words, "--format", "json", lang="zh")
        assert english.code == chinese.code == 0, english
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    golden = request.getfixturevalue("golden")
    golden("month_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_page_of_the_month_fits_80_cells(typed: Typist, spoken: Language) -> None:
    drafted(typed)
    typed("plan", "submit", "--month", MONTH)
    typed("plan", "approve", "--month", MONTH, actor=BOSS)
    typed("plan", "visits", "--month", MONTH)
    for _schema, words in COMMANDS:
        answer = typed(*words, lang=spoken)
        assert answer.code == 0
        assert max(wcwidth.wcswidth(line) for line in answer.out.splitlines()) <= 80, words


def test_lists_mask_phones(typed: Typist) -> None:
    for form in ("table", "csv", "json", "md"):
        assert "13800138000" not in typed("customer", "list", "--format", form).out
    assert "138****8000" in typed("customer", "list", "--format", "csv").out
    assert "13800138000" in typed("customer", "show", "1001").out


def test_customers_without_a_visit_method_are_named(typed: Typist) -> None:
    assert [row["customer"] for row in typed.json("customer", "list", "--without-method")] == [METHODLESS]
    drafted(typed)
    assert f"daily sheets: {METHODLESS}" in " ".join(typed("plan", "show", "--month", MONTH).out.split())
