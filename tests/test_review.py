"""The market manager's desk as it is typed: two managers, two months, everything done by hand found and counted."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from conftest import act_at
from month_examples import BOSS, MONTH, OTHER, Typist, kept, write_exports
from test_month import shape

from crmkit.model.month import Month
from crmkit.model.review import Sign
from crmkit.sources.policy import shipped_policy
from crmkit.store import customers, people, planned
from crmkit.store.opening import open_store
from crmkit.workflow.compare_plans import figures_of_month
from crmkit.workflow.review_plan import review_plan, road_of

OF_MONTH = ("--month", MONTH)
BEFORE = ("--month", "2026-10")
PROBLEMS = "东片断货较多，部分店价签不全"
ABILITIES = ("display", "stock", "pricing", "recommending", "online", "lawful")
FOCUS = "先补齐断货规格，再把价签补完，每周走访两次"
ENGLISH = {"Review", "Usual", "More", "Approve", "Unusual", "Waiting", "Customers", "Reason", "Type"}


def must(typist: Typist, *words: str, **more: Any) -> None:
    answer = typist(*words, **more)
    assert answer.code in (0, 3), (words, answer)


def drafted(typist: Typist, month: tuple[str, str], actor: str, *texts: str) -> None:
    """A manager's month up to the draft of the plan."""
    for words in (("analyze", "compute"), ("analyze", "score", "--all", "3"), ("analyze", "generate")):
        must(typist, *words, *month, actor=actor)
    must(typist, "plan", "strategies", *month, "--satisfaction", "90", actor=actor)
    must(typist, "plan", "generate", *month, *texts, actor=actor)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """October approved for 001; nothing of November yet."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    must(typist, "init", *people)
    write_exports(typist.folder)
    must(typist, "import", "customers.csv", "products.csv", "orders.csv")
    typist.now = "2026-09-30T18:00"
    drafted(typist, BEFORE, "001", "--problems", PROBLEMS, "--focus", FOCUS)
    must(typist, "plan", "frequency", "1001", "weekly", "--reason", "店主要求", *BEFORE)
    must(typist, "plan", "submit", *BEFORE)
    must(typist, "plan", "approve", "--manager", "001", *BEFORE, actor=BOSS)
    typist.now = "2026-10-30T18:00"


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """November: 001 changed much by hand and copied, 002 wrote the same text; both handed in."""
    return kept(_handed_in, tmp_path, monkeypatch, capsys)


def _handed_in(typist: Typist) -> None:
    _prepared(typist)
    drafted(typist, OF_MONTH, "001", "--problems", PROBLEMS + "。", "--focus", "本月换一种做法，从乡村店开始看陈列")
    for words in (
        ("plan", "frequency", "1001", "weekly", "--reason", "店主要求"),
        ("plan", "frequency", "1002", "monthly", "--reason", "装修"),
        ("plan", "key", "1010", "--add", "--reason", "新开学校"),
        ("plan", "key", "1011", "--add", "--reason", "竞争激烈"),
    ):
        must(typist, *words, *OF_MONTH)
    must(typist, "plan", "submit", *OF_MONTH)
    typist.now = "2026-11-04T18:00"
    drafted(typist, OF_MONTH, OTHER, "--problems", PROBLEMS)
    must(typist, "plan", "submit", *OF_MONTH, actor=OTHER)


def signs(found: Any) -> dict[str, Any]:
    return {one["sign"]: one for one in found["signs"]}


def one_value(typist: Typist, sql: str) -> int:
    with sqlite3.connect(typist.folder / "crmkit.db") as connection:
        return int(connection.execute(sql).fetchone()[0])


def test_the_desk_lists_what_waits_the_longest_waiting_first(waiting: Typist) -> None:
    found = waiting.json("review", actor=BOSS)
    assert [(one["manager"], one["since"], one["age"], one["late"]) for one in found["waiting"]] == [
        ("001", "2026-10-30", 5, False),
        ("002", "2026-11-04", 0, True),
    ]
    assert all(one["documents"] == ["strategies", "plan"] for one in found["waiting"])
    assert found["not_handed_in"] == []
    assert found == waiting.json("review", "list", actor=BOSS)
    assert waiting.json("review", *BEFORE, actor=BOSS)["waiting"] == []


def test_every_sign_of_a_plan_is_what_the_file_holds(waiting: Typist) -> None:
    found = waiting.json("review", "show", "001", *OF_MONTH, actor=BOSS)
    kept = signs(found)
    mine = (
        "SELECT count(*) FROM frequency_line f JOIN customer c ON c.id=f.customer JOIN person p ON p.id=c.manager "
        "WHERE p.code='001' AND f.month='2026-11'"
    )
    lines, by_hand = one_value(waiting, mine), one_value(waiting, mine + " AND f.source='override'")
    assert by_hand == kept["frequencies"]["count"] == 2
    assert float(kept["frequencies"]["figure"]) == pytest.approx(100 * by_hand / lines)
    assert kept["key_changes"]["count"] == 2
    assert (kept["copied"]["subject"], kept["copied"]["figure"]) == ("plan_problems", "100")
    assert (kept["shared"]["subject"], kept["shared"]["others"]) == ("plan_problems", ["002"])
    assert kept["notes"]["count"] == 1, "the reason for 1001 is last month's"
    assert kept["left_out"]["count"] == one_value(waiting, mine + " AND c.visit_method IS NULL") == 1
    assert kept["alike"]["count"] == lines
    assert kept["carried"]["figure"] == "100", "all scores were given to a group"
    assert kept["not_analysed"]["count"] == 2
    assert "late" not in kept
    order = [one["sign"] for one in found["signs"]]
    assert order.index("key_changes") < order.index("copied") < order.index("not_analysed")
    assert float(kept["frequencies"]["last_month"]) == pytest.approx(100 / lines)


def test_what_was_decided_by_hand_is_listed_with_its_reason(waiting: Typist) -> None:
    found = waiting.json("review", "show", "001", *OF_MONTH, actor=BOSS)["by_hand"]
    assert [(one["kind"], one["item"].split()[0], one["decided"], one["reason"]) for one in found] == [
        ("key", "1010", "added", "新开学校"),
        ("key", "1011", "added", "竞争激烈"),
        ("frequency", "1001", "weekly", "店主要求"),
        ("frequency", "1002", "monthly", "装修"),
    ]
    rows = waiting("review", "show", "001", *OF_MONTH, "--format", "csv", actor=BOSS).out.splitlines()
    assert len(rows) == 1 + len(waiting.json("review", "show", "001", *OF_MONTH, actor=BOSS)["signs"])


def test_whose_month_is_meant(waiting: Typist) -> None:
    asked = waiting("review", "show", *OF_MONTH, actor=BOSS)
    assert (asked.code, f"crmkit review show 001|002 --month {MONTH}" in asked.err) == (2, True)
    assert waiting.json("review", "show", *OF_MONTH, actor=OTHER)["manager"] == OTHER, "a manager's own"
    must(waiting, "plan", "approve", "--manager", "001", *OF_MONTH, actor=BOSS)
    assert waiting.json("review", "show", *OF_MONTH, actor=BOSS)["manager"] == OTHER, "the only one that waits"
    flagged = waiting.json("review", "--db", "crmkit.db", "show", "001", *OF_MONTH, actor=BOSS)
    assert flagged["manager"] == "001"


def test_the_team_stands_side_by_side(waiting: Typist) -> None:
    found = waiting.json("review", "show", "002", *OF_MONTH, actor=BOSS)
    team = {one["manager"]: one for one in found["team"]}
    assert list(team) == ["001", "002"]
    assert team["002"]["customers"] == 2
    assert sum(team["001"]["frequencies"].values()) == team["001"]["customers"]
    assert "late" in signs(found)


def test_the_page_says_what_to_type_and_it_can_be_typed(waiting: Typist) -> None:
    page = waiting("review", "show", "001", *OF_MONTH, actor=BOSS)
    assert f"crmkit plan approve --month {MONTH} --manager 001\n" in page.out
    for one in waiting.json("review", "show", "001", *OF_MONTH, actor=BOSS)["signs"]:
        answer = waiting(*one["command"].split()[1:], actor=BOSS)
        assert answer.code == 0, (one["command"], answer)
    must(waiting, "plan", "approve", "--month", MONTH, "--manager", "001", actor=BOSS)
    assert [one["manager"] for one in waiting.json("review", actor=BOSS)["waiting"]] == ["002"]
    decided = waiting("review", "show", "001", *OF_MONTH, actor=BOSS).out
    assert "crmkit plan approve" not in decided


def test_what_changed_since_a_rejection_is_counted_by_content(waiting: Typist) -> None:
    must(waiting, "plan", "reject", "--manager", "001", *OF_MONTH, "--reason", "重点户太多", actor=BOSS)
    must(waiting, "plan", "submit", *OF_MONTH)
    kept = waiting.json("review", "show", "001", *OF_MONTH, actor=BOSS)
    assert kept["signs"][0]["sign"] == "unchanged"
    assert (kept["rejection"]["actor"], kept["rejection"]["reason"]) == (BOSS, "重点户太多")
    assert "重点户太多" in waiting("review", "show", "001", *OF_MONTH, actor=BOSS).out
    must(waiting, "plan", "withdraw", *OF_MONTH)
    must(waiting, "plan", "key", "1010", "--remove", "--reason", "已谈妥", *OF_MONTH)
    must(waiting, "plan", "generate", *OF_MONTH, "--focus", "另一套打法，先看城镇店的陈列")
    must(waiting, "plan", "submit", *OF_MONTH)
    kept = waiting.json("review", "show", "001", *OF_MONTH, actor=BOSS)
    assert "unchanged" not in signs(kept)
    assert kept["changed_since"]["key_candidate"] == 1
    assert kept["changed_since"]["document"] == 1
    assert set(kept["changed_since"]) <= {"key_candidate", "document", "frequency_line"}


def test_an_own_month_can_be_looked_at_before_it_is_handed_in(typed: Typist) -> None:
    refused = typed("review", "show", "001", *OF_MONTH)
    assert (refused.code, "crmkit analyze compute" in refused.err) == (6, True)
    drafted(typed, OF_MONTH, "001", "--problems", PROBLEMS)
    page = typed("review", "show", "001", *OF_MONTH).out
    assert "so your market manager sees it" in page
    assert f"crmkit plan submit --month {MONTH}" in page
    assert "crmkit plan approve" not in page
    assert signs(typed.json("review", "show", *OF_MONTH))["copied"]["figure"] == "100"


def test_nothing_unusual_is_said_in_one_line(typed: Typist) -> None:
    targets = ("volume=3000", "carton_value=120", "key_brand_growth=1")
    wide = "carried_percent = 100\nalike_percent = 100\nborderline_percent = 100\nkey_share_points = 20\n"
    (typed.folder / "calm.toml").write_text(f"[review]\n{wide}", encoding="utf-8")
    (typed.folder / "crmkit.toml").write_text('policy = "calm.toml"\n', encoding="utf-8")
    must(typed, "customer", "set", "1023", "visit_method=onsite")
    must(typed, "analyze", "market", "target", *BEFORE, *targets)
    must(typed, "analyze", "compute", *OF_MONTH)
    must(typed, "analyze", "score", "1001", *OF_MONTH, *(f"{one}=5" for one in ABILITIES))
    must(typed, "analyze", "score", "--all", "4", *OF_MONTH)
    must(typed, "analyze", "generate", *OF_MONTH)
    for kind in ("brand", "market"):
        must(typed, "analyze", kind, "compute", *OF_MONTH)
    must(typed, "plan", "strategies", *OF_MONTH, "--satisfaction", "90")
    must(typed, "plan", "generate", *OF_MONTH)
    assert typed.json("review", "show", *OF_MONTH)["signs"] == []
    assert "\nNothing is unusual.\n" in typed("review", "show", *OF_MONTH).out
    assert "没有不寻常之处" in typed("review", "show", *OF_MONTH, lang="zh").out


def test_the_desk_of_a_market_manager_is_his_front_page(waiting: Typist) -> None:
    status = waiting("status", actor=BOSS)
    assert (status.code, status.err) == (0, f"Next: crmkit review show 001 --month {MONTH}\n")
    assert waiting.json("status", actor=BOSS) == waiting.json("review", actor=BOSS)
    reminded = waiting("remind", actor=BOSS, lang="zh")
    assert reminded.code == 3
    assert "review show 001" in reminded.out
    assert "张三" in waiting("status", "--manager", "001", *OF_MONTH, actor=BOSS).out
    assert waiting.json("status", "--manager", "001", *OF_MONTH, actor=BOSS)["next"] == "review"
    assert waiting.json("status", *OF_MONTH)["next"] == "plan approve", "the manager himself has nothing to review"
    for code in ("001", OTHER):
        must(waiting, "plan", "approve", "--manager", code, *OF_MONTH, actor=BOSS)
    assert waiting("remind", *OF_MONTH, actor=BOSS).code == 0
    assert waiting("review", actor=BOSS).err == ""


def test_who_has_not_handed_in_is_named(typed: Typist) -> None:
    typed.now = "2026-11-04T18:00"
    found = typed.json("review", *OF_MONTH, actor=BOSS)
    assert found["not_handed_in"] == [{"manager": code, "month": MONTH, "late": True} for code in ("001", "002")]
    assert typed("remind", *OF_MONTH, actor=BOSS).code == 3


def test_who_types_a_manager_where_a_package_belongs_is_told_the_command(waiting: Typist) -> None:
    refused = waiting("review", "approve", "001", actor=BOSS)
    assert refused.code == 2
    assert "crmkit plan approve --manager 001" in refused.err
    refused = waiting("review", "reject", "001", actor=BOSS)
    assert "crmkit plan reject --manager 001 --reason REASON" in refused.err


def test_looking_writes_nothing_and_is_free_to_all(waiting: Typist) -> None:
    before = waiting("db", "log", "--format", "json").out
    for actor in ("001", OTHER, BOSS):
        assert waiting("review", actor=actor).code == 0
        assert waiting("review", "show", "001", *OF_MONTH, actor=actor).code == 0
    assert waiting("db", "log", "--format", "json").out == before


COMMANDS = (("review-list/1", ("review",)), ("review-plan/1", ("review", "show", "001", *OF_MONTH)))


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(
    waiting: Typist, request: pytest.FixtureRequest
) -> None:
    must(waiting, "plan", "reject", "--manager", "001", *OF_MONTH, "--reason", "重点户太多", actor=BOSS)
    must(waiting, "plan", "submit", *OF_MONTH)
    shapes = {}
    for schema, words in COMMANDS:
        english = waiting(*words, "--format", "json", lang="en", actor=BOSS)
        chinese = waiting(*words, "--format", "json", lang="zh", actor=BOSS)
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    request.getfixturevalue("golden")("review_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "md", "html", "plain", "ndjson"])
def test_every_format_in_both_languages(waiting: Typist, form: str) -> None:
    for _schema, words in COMMANDS:
        for lang in ("zh", "en"):
            answer = waiting(*words, "--format", form, lang=lang, actor=BOSS)  # type: ignore[arg-type]
            assert answer.code == 0
            assert answer.out
            if lang == "zh" and form != "ndjson":
                assert not ENGLISH & set(answer.out.replace("<", " ").replace(">", " ").split()), answer.out


def test_the_demo_and_the_road_of_its_visits(demo_folder: Path, tmp_path: Path) -> None:
    """November of the demo is decided already; its page and the road beside it, as `plan compare` measures it."""
    store = open_store(Path(shutil.copy(demo_folder / "crmkit.db", tmp_path / "crmkit.db")))
    month, policy, manager = Month.parse(MONTH), shipped_policy(), people.named(store, "001")[0]
    page = review_plan(store, act_at("2026-11-02", BOSS), policy, manager, month)
    found = {one.sign: one for one in page.signs}
    nobody = store.value(
        """SELECT count(*) FROM frequency_line f JOIN customer c ON c.id=f.customer
           WHERE f.month='2026-11' AND c.visit_method IS NULL"""
    )
    assert found[Sign.LEFT_OUT].count == nobody == 2
    assert found[Sign.NOT_ANALYSED].count == 2
    assert (page.waiting, page.age) == (None, None)
    visits = planned.between(store, 1, month.first, month.last)
    known = {one.id: one for one in customers.all(store)}
    measured = figures_of_month(store, policy, manager, month)
    assert measured is not None
    assert road_of(visits, known, policy) == measured.this.metres > 0
    store.close()


def test_what_was_said_of_a_line_and_not_answered_is_counted_and_leads_to_the_rounds(waiting: Typist) -> None:
    must(waiting, "plan", "reject", "--manager", "001", *OF_MONTH, "--line", "1003/1: 换个办法", actor=BOSS)
    must(waiting, "plan", "strategy", "1010", "--add", "上门教他用订货软件", "--reason", "店主要求", *OF_MONTH)
    must(waiting, "plan", "strategy", "1011", "--drop", "1", "--reason", "已解决", *OF_MONTH)
    must(waiting, "plan", "submit", *OF_MONTH)
    kept = waiting.json("review", "show", "001", *OF_MONTH, actor=BOSS)
    assert kept["unanswered"] == 1
    by_hand = {one["item"].split()[0]: one for one in kept["by_hand"] if one["kind"] == "strategy"}
    assert (by_hand["1010"]["reason"], by_hand["1011"]["reason"]) == ("店主要求", "已解决")
    page = waiting("review", "show", "001", *OF_MONTH, actor=BOSS).out
    assert f"crmkit plan diff --month {MONTH} --manager 001" in page
    assert "Of 1 line something was said" in page
    assert "上门教他用订货软件" in page


def test_an_opening_nobody_looked_at_says_so(typed: Typist) -> None:
    assert typed("plan", "open", *OF_MONTH, "--yes").code in (0, 3)
    answers = typed.json("review", "show", *OF_MONTH)["opening"]
    assert answers["unseen"] == answers["answers"] > 0
    told = typed("review", "show", *OF_MONTH)
    assert f"{answers['unseen']} taken without being looked at" in told.out
    assert "未经查看即采用" in typed("review", "show", *OF_MONTH, lang="zh").out
