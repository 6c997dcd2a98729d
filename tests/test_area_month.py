"""Steps 3 to 6 as they are typed: every gate out of order, what a change brings about, what stays after submit."""

import json
from pathlib import Path
from typing import Any

import pytest
import wcwidth
from month_examples import BOSS, CLOSED, FALLING, MONTH, OTHER, STOPPED, Typist, kept, write_exports
from test_month import drafted, shape, value

from crmkit.model.errors import Exit
from crmkit.report.words import LANGUAGES, Language

JUDGED = "2026-10"
TARGET = ("analyze", "target", "set", "P2", "--from", JUDGED, "--to", "2026-12")
RATES = ("上柜率=95", "sell_through=100", "重购率=100%", "stock_out=0")
CHOOSE = ("analyze", "target", "choose", "P2", "--month", JUDGED, "--where", "state=active")
AIM = ("analyze", "market", "target", "--month", JUDGED, "volume=2000", "平均单条值=200", "重点品牌增幅=-2")
BRAND = ("analyze", "brand", "compute", "--month", MONTH)
MARKET = ("analyze", "market", "compute", "--month", MONTH)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """People, customers and orders, on the opening day of November; three products are watched."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    typist.now = "2026-11-02T08:00"
    watched = typist("product", "watch", "add", "P1", "P2", "P3", "--from", "2026-09", actor=BOSS)
    assert watched.code == 0, watched


def aimed(typed: Typist) -> None:
    for words in ((*TARGET, *RATES), CHOOSE, AIM):
        assert typed(*words).code == 0, words


def analysed(typed: Typist) -> None:
    aimed(typed)
    assert typed(*BRAND).code == typed(*MARKET).code == 0


def rates(found: Any, product: str = "P2") -> dict[str, tuple[str, str]]:
    return {one["rate"]: (one["computed"], one["state"]) for one in found["rates"] if one["product"] == product}


def refused(typed: Typist, *words: str, because: str, way_out: str, actor: str | None = None) -> None:
    before = value(typed, "SELECT count(*) FROM operation")
    answer = typed(*words, actor=actor)
    assert answer.code == Exit.FORBIDDEN, (words, answer)
    assert because in answer.err
    assert f"Way out: crmkit {way_out}" in answer.err or way_out == "--note"
    assert value(typed, "SELECT count(*) FROM operation") == before


def test_every_gate_out_of_order_is_refused_with_the_way_out(typed: Typist) -> None:
    month = ("--month", MONTH)
    for words, because, way_out in (
        (("analyze", "target", "set", "P4", "on_shelf=1", "--from", JUDGED), "P4 is not on the watch list in 2026-10",
         f"product watch add P4 --from {JUDGED} --as {BOSS}"),
        (("analyze", "target", "set", "P2", "on_shelf=1", "--from", "2026-08"), "list in 2026-08", "product watch"),
        (("analyze", "target", "customers", "P2", "--month", JUDGED), "no brand target of P2", "analyze target set P2"),
        (CHOOSE, "no brand target of P2 holds in 2026-10", f"analyze target set P2 --from {JUDGED}"),
        (("analyze", "brand", "show", *month), "brand state of the month is not computed", "analyze brand compute"),
        (("analyze", "brand", "judge", "P2", "on_shelf", "normal", "--note", "x", *month), "not computed",
         f"analyze brand compute --month {MONTH}"),
        (("analyze", "brand", "write", "--focus", "x", *month), "not computed", "analyze brand compute"),
        (("analyze", "market", "show", *month), "the market of the month is not computed", "analyze market compute"),
        (("analyze", "market", "judge", "volume", "normal", "--note", "x", *month), "not computed", "analyze market"),
        (("analyze", "market", "write", "--focus", "x", *month), "not computed", "analyze market compute"),
        (("analyze", "brand", "compute", "--month", "2027-03"), "2027-02 has not begun", "status --month 2026-11"),
        (("analyze", "market", "compute", "--month", "2027-03"), "2027-02 has not begun", "status --month 2026-11"),
    ):  # fmt: skip
        refused(typed, *words, because=because, way_out=way_out)


def test_targets_are_set_changed_and_removed(typed: Typist) -> None:
    made = typed.json(*TARGET, *RATES)
    assert made["before"] is None
    assert made["after"] == {
        "first": JUDGED, "last": "2026-12", "on_shelf": "95", "sell_through": "100", "repurchase": "100",
        "stock_out": "0",
    }  # fmt: skip
    refused(typed, "analyze", "target", "set", "P2", "on_shelf=1", "--from", "2026-12", "--to", "2027-01",
            because="in these months already: P2 2026-10…2026-12", way_out="analyze target remove P2")  # fmt: skip
    assert typed("analyze", "target", "set", "P2", "--from", "2026-12", "--to", "2026-11").code == Exit.USAGE
    for wrong in ("on_shelf=101", "on_shelf=-1", "on_shelf=1e1000", "on_shelf=nan", "on_shelf", "shelf=5", "on_shelf="):
        assert typed("analyze", "target", "set", "P2", wrong, "--from", JUDGED).code == Exit.USAGE, wrong
    changed = typed.json(
        "analyze", "target", "set", "P2", "断货率=-", "动销率=99.90", "--from", JUDGED, "--to", "2026-11"
    )
    assert changed["after"] == {**made["after"], "last": "2026-11", "stock_out": None, "sell_through": "99.90"}
    typed(*CHOOSE)
    later = typed.json("analyze", "target", "set", "P2", "on_shelf=50", "--from", "2026-12")
    listed = typed.json("analyze", "target", "customers", "P2", "--month", "2026-12")["customers"]
    assert later["customers"] == len(listed) > 10, "a new range takes the list of the one before along"
    assert len(typed.json("analyze", "target", "list", "--all")) == 2
    gone = typed.json("analyze", "target", "remove", "P2", "--from", "2026-12")
    assert (gone["before"]["first"], gone["after"]) == ("2026-12", None)
    assert typed("analyze", "target", "remove", "P2", "--from", "2026-12").code == Exit.NOT_FOUND
    assert [row["first"] for row in typed.json("analyze", "target", "list", "--all")] == [JUDGED]
    assert typed.json("analyze", "target", "list", "--all", actor=OTHER) == []


def test_target_customers_are_a_list_that_stays_as_it_is(typed: Typist) -> None:
    typed(*TARGET, *RATES)
    urban = (*CHOOSE[:-1], "市场类型=城镇")
    first = typed.json(*urban)
    assert CLOSED not in first["customers"]
    assert set(first["customers"]) == set(first["came"])
    rural = typed.json("customer", "list", "--where", "market_type=rural", "--manager", "001")[1]["customer"]
    typed("customer", "set", rural, "市场类型=城镇")
    shown = ("analyze", "target", "customers", "P2", "--month", JUDGED)
    assert typed.json(*shown)["customers"] == first["customers"], "who fulfils the filter later does not come in"
    assert typed.json(*urban)["came"] == [rural]
    dropped = typed.json("analyze", "target", "choose", "P2", rural, "1001", "--drop", "--month", JUDGED)
    assert dropped["went"] == ["1001", rural]
    assert typed.json(*CHOOSE[:-2], "1001,1002")["came"] == ["1001"]
    refused(typed, *CHOOSE[:-2], CLOSED, because="not among the valid customers", way_out="customer list")
    assert typed(*CHOOSE[:-2]).code == Exit.USAGE  # nobody named, no filter: not everybody
    assert typed(*CHOOSE[:-2], "1025").code != 0  # a shop of the other manager


def test_the_state_of_every_watched_product_and_what_is_not_judged(typed: Typist) -> None:
    aimed(typed)
    found = typed.json(*BRAND)
    assert found["judged"] == JUDGED
    assert {one["product"] for one in found["rates"]} == {"P1", "P2", "P3"}
    assert rates(found, "P1") == dict.fromkeys(rates(found), ("not_judged", "not_judged")), "no target, never abnormal"
    assert rates(found)["stock_out"] == ("not_judged", "not_judged")
    assert rates(found)["on_shelf"] == ("abnormal", "abnormal")
    assert found["targetless"] == ["P1", "P3"]
    one = next(one for one in found["rates"] if (one["product"], one["rate"]) == ("P2", "repurchase"))
    assert value(typed, "SELECT count(DISTINCT o.customer) FROM orders o JOIN line l ON l.orders=o.id JOIN product p "
                 "ON p.id=l.product JOIN customer c ON c.id=o.customer JOIN person m ON m.id=c.manager "
                 "WHERE p.code='P2' AND m.code='001' AND o.day LIKE '2026-09%'") == one["denominator"]  # fmt: skip
    assert one["numerator"] == one["denominator"] - 1  # the shop that stopped


def test_a_state_changed_by_hand_needs_a_note_both_are_kept_and_the_next_computing_keeps_it(typed: Typist) -> None:
    analysed(typed)
    judge = ("analyze", "brand", "judge", "P2", "上柜率", "正常", "--month", MONTH)
    refused(typed, *judge, because="needs a note", way_out="--note")
    assert rates(typed.json(*judge, "--note", "货源不足"))["on_shelf"] == ("abnormal", "normal")
    assert rates(typed.json(*BRAND))["on_shelf"] == ("abnormal", "normal")
    assert "normal (computed: abnormal)" in typed("analyze", "brand", "show", "--month", MONTH, "--format", "md").out
    assert rates(typed.json(*judge[:-3], "异常", "--month", MONTH))["on_shelf"] == ("abnormal", "abnormal")
    market = ("analyze", "market", "judge", "carton_value", "normal", "--month", MONTH, "--note", "new prices")
    states = {one["indicator"]: one for one in typed.json(*market)["indicators"]}
    assert (states["carton_value"]["computed"], states["carton_value"]["state"]) == ("abnormal", "normal")
    again = {one["indicator"]: one for one in typed.json(*MARKET)["indicators"]}
    assert again["carton_value"]["note"] == "new prices"


def test_indicators_are_judged_by_targets_in_force_and_those_of_the_month_are_proposed(typed: Typist) -> None:
    found = typed.json(*MARKET)
    assert {one["state"] for one in found["indicators"]} == {"not_judged"}
    assert {one["origin"] for one in found["targets"]} == {"proposed"}
    assert [one["base"] for one in found["indicators"]] == [None, None, "last_month"]
    assert len(found["team"]) == 2
    followed = typed.json(*AIM)["consequences"]
    assert [(one["what"], one["month"], one["after"]) for one in followed] == [("market_state", MONTH, 3)]
    states = {
        one["indicator"]: one["state"]
        for one in typed.json("analyze", "market", "show", "--month", MONTH)["indicators"]
    }
    assert states == dict.fromkeys(("volume", "carton_value", "key_brand_growth"), "abnormal")
    confirmed = typed.json("analyze", "market", "target", "--confirm", "volume=900", "--month", MONTH)["targets"]
    assert [one["origin"] for one in confirmed] == ["entered", "confirmed", "confirmed"]
    assert typed("analyze", "market", "target", "amount=5", "--month", MONTH).code == Exit.NOT_FOUND
    for wrong in ("volume=0", "volume=-1", "volume=inf", "volume=1_000", "growth=1"):
        assert typed("analyze", "market", "target", wrong, "--month", MONTH).code == Exit.USAGE, wrong


def test_a_policy_adds_indicators_and_a_running_month_counts_up_to_its_last_order(typed: Typist) -> None:
    (typed.folder / "more.toml").write_text("[indicator]\nwith_amount = true\nwith_ordering_customers = true\n")
    (typed.folder / "crmkit.toml").write_text('policy = "more.toml"\n')
    (typed.folder / "more.toml").chmod(0o600)
    found = typed.json(*MARKET)
    assert [one["indicator"] for one in found["indicators"]][3:] == ["amount", "ordering_customers"]
    assert (found["running"], found["through"]) == (False, "2026-10-31")
    typed.now = "2026-10-20T18:00"
    found = typed.json(*MARKET)
    assert (found["running"], found["through"]) == (True, "2026-10-20")
    growth = found["indicators"][2]
    assert growth["base_last"] == "2026-09-14", "the first 9 working days of each: October began with its holidays"


def test_what_is_abnormal_makes_key_customers_and_is_drafted_as_problems_and_focus(typed: Typist) -> None:
    analysed(typed)
    drafted(typed)
    plan = typed.json("plan", "show", "--month", MONTH)
    assert plan["abnormal"][:3] == ["volume", "carton_value", "key_brand_growth"]
    assert plan["not_analysed"] == []
    reasons = {one["customer"]: one["reasons"] for one in plan["key_customers"]}
    assert {"stopped", "on_shelf:P2", "repurchase:P2", "sell_through:P2", "volume"} <= set(reasons[STOPPED])
    assert "relative_volume" in reasons[FALLING]
    assert any("relative_volume" not in codes and "stopped" not in codes for codes in reasons.values())
    page = typed("plan", "show", "--month", MONTH).out
    assert "on-shelf rate" in page
    assert "lift the on-shelf rate to 95.00%" in page
    own = typed.json("plan", "generate", "--month", MONTH, "--problems", "上柜不足", "--focus", "补货")
    assert (own["area_problems"], own["area_focus"]) == ("上柜不足", "补货")
    assert "上柜不足" in typed("plan", "show", "--month", MONTH).out
    typed(*BRAND)
    assert typed.json("plan", "show", "--month", MONTH)["area_focus"] == "补货", "what somebody wrote stays"
    assert typed.json("plan", "generate", "--month", MONTH, "--focus", "")["area_focus"] is None


def test_with_the_matching_rule_only_matches_make_key_customers(typed: Typist) -> None:
    analysed(typed)
    (typed.folder / "match.toml").write_text('[key]\nrule = "matching"\n')
    (typed.folder / "match.toml").chmod(0o600)
    (typed.folder / "crmkit.toml").write_text('policy = "match.toml"\n')
    drafted(typed)
    plan = typed.json("plan", "show", "--month", MONTH)
    for one in plan["key_customers"]:
        assert set(one["reasons"]) & set(plan["abnormal"]), one


def test_steps_5_and_6_missing_never_block_the_month_plan(typed: Typist) -> None:
    aimed(typed)
    drafted(typed)
    plan = typed.json("plan", "show", "--month", MONTH)
    assert plan["not_analysed"] == ["brand", "market"]
    assert plan["abnormal"] == []
    assert all(":" not in code for one in plan["key_customers"] for code in one["reasons"])
    page = " ".join(typed("plan", "show", "--month", MONTH).out.split())
    assert "Step 5 (brand state) is not done" in page
    assert typed("plan", "submit", "--month", MONTH).code == 0


def test_a_change_upstream_moves_what_hangs_on_it_says_so_and_a_dry_run_says_the_same(typed: Typist) -> None:
    analysed(typed)
    drafted(typed)
    before = typed.json("plan", "show", "--month", MONTH)
    for words in (
        ("analyze", "brand", "judge", "P2", "on_shelf", "normal", "--note", "x", "--month", MONTH),
        ("analyze", "market", "target", "volume=1", "--month", JUDGED),
        ("analyze", "target", "set", "P2", "sell_through=1", "--from", JUDGED),
        ("analyze", "target", "choose", "P2", STOPPED, "--drop", "--month", JUDGED),
    ):
        log = value(typed, "SELECT count(*) FROM operation")
        dry = typed.json(*words, "--dry-run")
        assert value(typed, "SELECT count(*) FROM operation") == log
        assert typed.json("plan", "show", "--month", MONTH) == before
        done = typed.json(*words)
        assert {**dry, "dry_run": False} == done, words
        assert done["consequences"], words
        after = typed.json("plan", "show", "--month", MONTH)
        problems = next(one for one in done["consequences"] if one["what"] == "problems")
        assert (problems["before"], problems["after"]) == (len(before["problems"]), len(after["problems"]))
        assert typed("db", "undo", "--yes").code == 0
        assert typed.json("plan", "show", "--month", MONTH) == before, "one operation, taken back whole"


def test_rescoring_waits_for_the_generation_which_the_strategies_and_the_plan_follow(typed: Typist) -> None:
    drafted(typed)
    before = typed.json("plan", "show", "--month", MONTH)
    counts = {line["customer"]: line["strategies"] for line in before["frequencies"]}
    assert typed("analyze", "score", STOPPED, "陈列=1", "明码标价=1", "--month", MONTH).code == 0
    refused(typed, "plan", "submit", "--month", MONTH, because="is not generated (step 2)", way_out="analyze generate")
    dry = typed.json("analyze", "generate", "--month", MONTH, "--dry-run")["consequences"]
    followed = typed.json("analyze", "generate", "--month", MONTH)["consequences"]
    assert dry == followed
    strategies = next(one for one in followed if one["what"] == "strategies")
    assert strategies["after"] == strategies["before"] + 2
    assert strategies["changed"] == [STOPPED]
    after = {
        line["customer"]: line["strategies"] for line in typed.json("plan", "show", "--month", MONTH)["frequencies"]
    }
    assert after == {**counts, STOPPED: counts[STOPPED] + 2}
    assert typed("plan", "submit", "--month", MONTH).code == 0


def test_after_submit_nothing_moves_and_after_approval_the_next_month_is_the_way_out(typed: Typist) -> None:
    analysed(typed)
    drafted(typed)
    typed("plan", "submit", "--month", MONTH)
    moves = (
        BRAND, MARKET, ("analyze", "brand", "judge", "P2", "on_shelf", "normal", "--note", "x", "--month", MONTH),
        ("analyze", "brand", "write", "--focus", "x", "--month", MONTH),
        ("analyze", "market", "write", "--focus", "x", "--month", MONTH),
        ("analyze", "market", "judge", "volume", "normal", "--note", "x", "--month", MONTH),
        ("analyze", "market", "target", "volume=2", "--month", JUDGED),
        ("analyze", "target", "set", "P2", "on_shelf=1", "--from", JUDGED),
        ("analyze", "target", "remove", "P2", "--from", JUDGED),
    )  # fmt: skip
    for words in moves:
        refused(typed, *words, because="month plan is submitted", way_out=f"plan withdraw --month {MONTH}")
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    for words in moves[:-2]:
        refused(typed, *words, because="is approved and stays as it is", way_out="analyze ")
    refused(typed, *moves[-2], because="approved", way_out=f"analyze target set P2 --from {MONTH}")
    assert typed("analyze", "target", "set", "P2", "--from", JUDGED, "--to", JUDGED).code == 0, "later months are open"
    assert typed("analyze", "target", "set", "P2", "on_shelf=1", "--from", MONTH).code == 0
    late = typed.json("analyze", "market", "target", "--confirm", "--month", MONTH)
    assert {one["origin"] for one in late["targets"]} == {"confirmed"}, "what was missing may still come"
    refused(typed, "analyze", "market", "target", "volume=2", "--month", MONTH, because="approved", way_out="analyze")


def test_status_knows_the_steps_and_names_the_next_command(typed: Typist) -> None:
    def steps() -> dict[str, tuple[str, str | None]]:
        listed = typed.json("status", "--month", MONTH)["steps"]
        return {one["key"]: (one["state"], one["command"]) for one in listed}

    assert steps()["brand_targets"] == ("open", "analyze target set")
    assert steps()["target_customers"] == ("blocked", None)
    assert steps()["brand_state"] == ("open", "analyze brand compute")
    aimed(typed)
    assert steps()["target_customers"][0] == "done"
    for words in (("compute",), ("score", "--all", "3"), ("generate",)):
        typed("analyze", *words, "--month", MONTH)
    assert typed.json("status", "--month", MONTH)["next"] == "analyze brand compute"
    typed(*BRAND)
    assert typed.json("status", "--month", MONTH)["next"] == "analyze market compute"
    typed(*MARKET)
    assert typed.json("status", "--month", MONTH)["next"] == "analyze market target --confirm"
    typed("analyze", "market", "target", "--confirm", "--month", MONTH)
    assert typed.json("status", "--month", MONTH)["next"] == "plan strategies"
    typed.now = "2026-11-03T08:00"
    assert steps()["brand_state"][0] == "done"
    assert steps()["demand"][0] == "late"


def test_two_managers_of_one_file_do_not_touch_each_other(typed: Typist) -> None:
    analysed(typed)
    mine = typed.json("analyze", "brand", "show", "--month", MONTH)
    other = typed.json(*BRAND, actor=OTHER)
    assert {one["state"] for one in other["rates"]} == {"not_judged"}
    assert typed.json("analyze", "brand", "show", "--month", MONTH) == mine


COMMANDS = (
    ("brand-target/1", (*TARGET, *RATES, "--dry-run")),
    ("brand-targets/1", ("analyze", "target", "list", "--month", JUDGED)),
    ("target-customers/1", ("analyze", "target", "customers", "P2", "--month", JUDGED)),
    ("brand-state/1", ("analyze", "brand", "judge", "P2", "on_shelf", "normal", "--note", "x", "--month", MONTH,
                       "--dry-run")),
    ("market-state/1", ("analyze", "market", "show", "--month", MONTH)),
    ("market-targets/1", (*AIM, "--dry-run")),
)  # fmt: skip


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(typed: Typist, request: pytest.FixtureRequest) -> None:
    analysed(typed)
    drafted(typed)
    shapes = {}
    for schema, words in COMMANDS:
        english, chinese = (typed(*words, "--format", "json", lang=lang) for lang in LANGUAGES)
        assert english.code == chinese.code == 0, english
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    request.getfixturevalue("golden")("area_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_page_fits_80_cells_and_speaks_one_language(typed: Typist, spoken: Language) -> None:
    analysed(typed)
    drafted(typed)
    for _schema, words in COMMANDS:
        answer = typed(*words, lang=spoken)
        assert answer.code == 0
        assert max(wcwidth.wcswidth(line) for line in answer.out.splitlines()) <= 80, words
        if spoken == "zh":
            english = {"Code", "Name", "Target", "abnormal", "Problems", "Focus", "rate", "Before", "State"}
            assert not english & set(answer.out.split()), (words, answer.out)


def test_stock_out_counts_confirmed_demand_that_was_served_with_nothing(typed: Typist) -> None:
    """1003 wanted P2 in October and got none; 1001 wanted it and was served; 1002 was not confirmed."""
    aimed(typed)
    enter = ("analyze", "demand", "enter")
    for customer, more in ((STOPPED, ("--confirm",)), ("1001", ("--confirm",)), ("1002", ())):
        assert typed(*enter, customer, "P2=5", *more, "--month", JUDGED).code == 0
    found = typed.json(*BRAND)
    (one,) = [one for one in found["rates"] if (one["product"], one["rate"]) == ("P2", "stock_out")]
    assert (one["numerator"], one["denominator"], one["actual"], one["state"]) == (1, 2, "50", "abnormal")
    drafted(typed)
    plan = typed.json("plan", "show", "--month", MONTH)
    assert {p["customer"] for p in plan["problems"] if p["problem"] == "stock_out:P2"} == {STOPPED}
    assert "bring the stock-out rate down to 0.00%" in typed("plan", "show", "--month", MONTH).out


def test_what_is_not_judged_is_named_and_what_is_near_is_pointed_at(typed: Typist) -> None:
    assert typed(*AIM[:-3], "volume=1").code == 0
    page = typed(*MARKET, lang="zh").out
    assert "没有异常" in page
    assert "未判定（没有目标或没有数据）：平均单条值，重点品牌增幅" in page
    assert "analyze borderline" not in page
    actual = next(one["actual"] for one in typed.json(*MARKET)["indicators"] if one["indicator"] == "volume")
    near = str(round(float(actual) / 0.952))  # 4.8 % short: 0.2 from the limit
    assert typed(*AIM[:-3], f"volume={near}").code == 0
    assert f"1 judgements lie near their threshold: crmkit analyze borderline --month {MONTH}" in typed(*MARKET).out
    shown = typed("analyze", "market", "show", "--month", MONTH).out
    assert "judgements lie near" in shown
    assert "The team side by side, from the orders as they are now" in shown


def test_a_long_list_is_cut_and_whole_with_all(typed: Typist) -> None:
    typed(*TARGET, *RATES)
    cut, whole = typed(*CHOOSE, "--dry-run").out, typed(*CHOOSE, "--all", "--dry-run").out
    assert "more; --all shows them." in cut
    assert "more; --all" not in whole
    assert len(whole.splitlines()) > len(cut.splitlines()) + 5
    assert len(typed(*CHOOSE, "--dry-run", "--format", "csv").out.splitlines()) > 12


def test_ending_a_watch_names_the_targets_that_outlive_it(typed: Typist) -> None:
    typed(*TARGET, *RATES)
    end = ("product", "watch", "end", "P2", "--to")
    told = typed(*end, "2026-11", actor=BOSS, lang="zh").out
    assert "此后仍有 1 个品牌目标未结束" in told
    assert "crmkit analyze target list --all" in told
    assert "No brand target goes on after it." in typed(*end[:3], "P1", "--to", "2026-12", actor=BOSS).out


def test_why_of_a_month_not_computed_and_of_anothers_customer(typed: Typist) -> None:
    for words, way in ((("rate", "P2", "on_shelf"), "brand"), (("indicator", "volume"), "market")):
        refused(typed, "explain", *words, "--month", MONTH, because="is not computed",
                way_out=f"analyze {way} compute --month {MONTH}")  # fmt: skip
    assert typed("analyze", "compute", "--month", MONTH).code == 0
    for what in ("effect", "problems"):
        refused(typed, "explain", what, "1025", "--month", MONTH, way_out="customer show",
                because="1025 is a customer of 李四 (002), not of 张三 (001)")  # fmt: skip
