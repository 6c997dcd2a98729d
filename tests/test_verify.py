"""plan verify: the same plan again, from the file taken back to its day; whatever was altered past crmkit is named."""

import csv
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from month_examples import BOSS, MONTH, Typist, write_exports

from crmkit.commands.manual import HelpContext
from crmkit.commands.root import root_command
from crmkit.model.errors import Exit
from crmkit.rules.verifying import SOURCES, WRITERS
from crmkit.store import past
from crmkit.store.opening import open_store

VERIFY = ("plan", "verify", "--month", MONTH, "--format", "json")


class _Unheard:
    def readouterr(self) -> Any:
        return type("Said", (), {"out": "", "err": ""})()


@pytest.fixture(scope="module")
def approved_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """November approved and dated on the evening before it; copied by every test."""
    folder = tmp_path_factory.mktemp("verified")
    with pytest.MonkeyPatch.context() as patch:
        typist = Typist(folder, patch, _Unheard())  # type: ignore[arg-type]
        people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
        assert typist("init", *people).code == 0
        write_exports(folder)
        for words in (
            ("import", "customers.csv", "products.csv"),
            ("import", "orders.csv"),
            ("analyze", "compute", "--month", MONTH),
            ("analyze", "score", "--all", "3", "--month", MONTH),
            ("analyze", "generate", "--month", MONTH),
            ("plan", "strategies", "--month", MONTH, "--satisfaction", "90"),
            ("plan", "generate", "--month", MONTH),
            ("plan", "frequency", "1002", "weekly", "--month", MONTH, "--reason", "新品试点"),
            ("plan", "submit", "--month", MONTH),
        ):
            assert typist(*words).code == 0, words
        assert typist("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
        assert typist("plan", "visits", "--month", MONTH).code == 0
    return folder


@pytest.fixture
def typed(
    approved_month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typist:
    for name in ("crmkit.db", "customers.csv", "products.csv", "orders.csv"):
        shutil.copy(approved_month / name, tmp_path)
    typist = Typist(tmp_path, monkeypatch, capsys)
    typist.now = "2026-11-01T09:00"
    return typist


def verified(typed: Typist, code: Exit) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two seals verified: frequencies and visits."""
    before = (typed.folder / "crmkit.db").read_bytes()
    answer = typed(*VERIFY)
    assert answer.code == code, answer
    assert (typed.folder / "crmkit.db").read_bytes() == before, "verifying wrote into the file"
    plan, visits = answer.data["seals"]
    return plan, visits


def states(seal: dict[str, Any]) -> dict[str, str]:
    return {one["data"]: one["state"] for one in seal["inputs"] if one["state"] != "same"}


def because(seal: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in seal["differences"]:
        found.setdefault(one["because"], set()).add(one["customer"])
    return found


def tamper(typed: Typist, sql: str, *, silently: bool) -> None:
    """Somebody opens the file with another tool; `silently`: he takes the change log's triggers away meanwhile."""
    typed._seen = 2**40  # what another tool writes under a command's number is not that command's
    connection = sqlite3.connect(typed.folder / "crmkit.db")
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type='trigger'").fetchall()
    for name, _sql in triggers if silently else ():
        connection.execute(f"DROP TRIGGER {name}")
    assert connection.execute(sql).rowcount == 1
    for _name, made in triggers if silently else ():
        connection.execute(made)
    connection.commit()
    connection.close()


def test_an_untouched_month_is_proven(typed: Typist) -> None:
    plan, visits = verified(typed, Exit.DONE)
    for seal in (plan, visits):
        assert (seal["verdict"], seal["clean"], seal["differences"]) == ("same", True, [])
        assert not states(seal)
        assert seal["inputs"]
    for lang in ("en", "zh"):
        assert typed("plan", "verify", "--month", MONTH, lang=lang).code == 0  # type: ignore[arg-type]


def test_a_month_that_runs_stays_proven_and_its_moves_are_explained(typed: Typist) -> None:
    visits = typed.json("plan", "visits", "--month", MONTH, "--dry-run")["visits"]
    first = {one["customer"]: one["date"] for one in reversed(visits)}
    typed.now = "2026-11-03T18:00"
    today = [one["customer"] for one in visits if one["date"] == "2026-11-03"]
    for code in today:
        assert typed("visit", "log", code, "--effect", "ok").code == 0
    others = [code for code in first if code not in today]
    moved, skipped, fixed = others[:3]
    to = "2026-11-26" if first[moved] != "2026-11-26" else "2026-11-25"
    assert typed("plan", "move", moved, "--date", first[moved], "--to", to, "--reason", "x", "--anyway").code == 0
    assert typed("plan", "skip", skipped, "--date", first[skipped], "--reason", "装修").code == 0
    assert typed("customer", "appoint", fixed, "2026-11-28", "--reason", "约定").code == 0
    assert typed("customer", "set", today[0], "name=新店名").code == 0
    plan, dated = verified(typed, Exit.DONE)
    assert (plan["verdict"], dated["verdict"]) == ("same", "same")
    assert because(dated) == {"moved": {moved, skipped}, "changed": {fixed}}


def test_a_plan_made_anew_is_sealed_anew(typed: Typist) -> None:
    typed.now = "2026-11-09T08:00"
    assert typed("calendar", "off", "2026-11-10", "--reason", "发烧").code == 0
    assert typed("plan", "replan", "--month", MONTH).code == 0
    _plan, dated = verified(typed, Exit.DONE)
    assert (dated["verdict"], dated["differences"]) == ("same", [])
    assert typed("db", "undo").code == 0
    _plan, dated = verified(typed, Exit.DONE_WITH_WARNINGS)
    assert (dated["verdict"], states(dated)) == ("same", {"calendar": "changed"})


TAMPERS = {
    "a frequency of the plan": "UPDATE frequency_line SET frequency='monthly' WHERE id="
    "(SELECT min(id) FROM frequency_line WHERE frequency='weekly')",
    "a frequency of a customer": "UPDATE customer SET frequency='monthly' WHERE id="
    "(SELECT min(id) FROM customer WHERE frequency='weekly')",
    "a visit's date": "UPDATE planned_visit SET day='2026-11-27' WHERE id="
    "(SELECT min(id) FROM planned_visit WHERE day<'2026-11-10')",
    "a score": "UPDATE score SET score=5 WHERE id=(SELECT min(id) FROM score WHERE score=3)",
    "an order line": "UPDATE line SET volume=volume*2 WHERE (orders, no)=(SELECT orders, no FROM line LIMIT 1)",
}


@pytest.mark.parametrize("silently", [False, True], ids=["logged", "silently"])
@pytest.mark.parametrize("what", TAMPERS)
def test_what_was_altered_past_crmkit_is_found_and_named(typed: Typist, what: str, silently: bool) -> None:
    tamper(typed, TAMPERS[what], silently=silently)
    plan, dated = verified(typed, Exit.DAMAGED)
    if what == "a frequency of the plan":
        assert len(because(plan)["altered"]) == 1
    elif what == "a frequency of a customer":
        assert len(because(plan).get("altered", ())) == 1 or states(dated) == {"customers": "altered"}
    elif what == "a visit's date":
        assert len(because(dated)["altered"]) == 1
        assert {one["sealed"] for one in dated["differences"]} != {None}
        assert "2026-11-27" in {one["found"] for one in dated["differences"]}
    else:
        assert states(plan) == {"scores" if what == "a score" else "orders": "altered"}
    for lang in ("en", "zh"):
        assert typed("plan", "verify", "--month", MONTH, lang=lang).code == Exit.DAMAGED  # type: ignore[arg-type]


def test_a_date_altered_after_other_commands_is_found_too(typed: Typist) -> None:
    typed.now = "2026-11-03T18:00"
    code = typed.json("visit", "sheet", "--date", "2026-11-03")["stops"][0]["customer"]["code"]
    assert typed("visit", "log", code, "--effect", "ok").code == 0
    tamper(typed, TAMPERS["a visit's date"].replace("day<'2026-11-10'", "day='2026-11-04'"), silently=False)
    _plan, dated = verified(typed, Exit.DAMAGED)
    assert len(because(dated)["altered"]) == 1


OWING = {
    "a debt forgiven": "INSERT INTO forgiven_debt(customer, since, reason, at, actor) SELECT customer, day, 'x', "
    "'2026-11-04T09:00:00+08:00', '001' FROM visit WHERE visited=0",
    "a missed visit made": "UPDATE visit SET visited=1, miss_reason=NULL WHERE visited=0",
}


@pytest.mark.parametrize("silently", [False, True], ids=["logged", "silently"])
@pytest.mark.parametrize("what", OWING)
def test_visit_debt_is_sealed_with_the_visits_it_moves(typed: Typist, what: str, silently: bool) -> None:
    typed.now = "2026-11-03T18:00"
    code = typed.json("visit", "sheet", "--date", "2026-11-03")["stops"][0]["customer"]["code"]
    assert typed("visit", "miss", code, "--why", "closed").code == 0
    typed.now = "2026-11-05T08:00"
    assert typed("plan", "visits", "--month", MONTH).code in (0, 3)
    _plan, dated = verified(typed, Exit.DONE)
    assert (dated["verdict"], states(dated)) == ("same", {})
    assert typed("visit", "forgive", code, "--reason", "约好下月", "--dry-run").code == 0
    tamper(typed, OWING[what], silently=silently)
    _plan, dated = verified(typed, Exit.DAMAGED)
    wanted = {"debts": "altered"} if what == "a debt forgiven" else {"visits": "altered"}
    assert states(dated) == wanted


def test_what_is_forgiven_later_was_owed_then(typed: Typist) -> None:
    typed.now = "2026-11-03T18:00"
    code = typed.json("visit", "sheet", "--date", "2026-11-03")["stops"][0]["customer"]["code"]
    assert typed("visit", "miss", code, "--why", "closed").code == 0
    typed.now = "2026-11-05T08:00"
    assert typed("plan", "visits", "--month", MONTH).code in (0, 3)
    typed.now = "2026-11-06T18:00"
    assert typed("visit", "forgive", code, "--reason", "约好下月").code == 0
    _plan, dated = verified(typed, Exit.DONE)
    assert (dated["verdict"], states(dated)) == ("same", {})


def test_an_altered_seal_says_so_itself(typed: Typist) -> None:
    tamper(typed, "UPDATE plan_seal SET listing=replace(listing,'weekly','monthly') WHERE kind='plan'", silently=True)
    plan, dated = verified(typed, Exit.DAMAGED)
    assert (plan["intact"], dated["intact"]) == (False, True)


def test_late_orders_are_told_with_what_they_would_change(typed: Typist) -> None:
    header = ["订单号", "行号", "订货日期", "客户编码", "商品编码", "数量(条)", "金额(元)", "可订量"]
    rows = [(f"L{n}", "1", "2026-10-28", f"{1000 + n}", "P1", "900", "90000.00", "905") for n in (3, 5, 9, 11)]
    with (typed.folder / "late.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    assert typed("import", "late.csv").code == 0
    plan, dated = verified(typed, Exit.DONE_WITH_WARNINGS)
    assert (plan["verdict"], states(plan)) == ("same", {"orders": "changed"})
    (orders,) = [one for one in plan["inputs"] if one["data"] == "orders"]
    assert len(orders["operations"]) == 1
    assert because(plan).keys() == {"now"}, "the frequencies of now are not told"
    assert "1003" in because(plan)["now"]
    assert (dated["verdict"], states(dated)) == ("same", {})


def test_orders_of_an_import_undone_since_are_a_change_and_no_crime(typed: Typist) -> None:
    undone = typed("import", "undo", "3")
    assert undone.code == 0, undone
    plan, _dated = verified(typed, Exit.DONE_WITH_WARNINGS)
    assert states(plan)["orders"] == "changed"


def test_another_policy_or_version_makes_no_plan_again_and_says_so(typed: Typist) -> None:
    policy = typed.folder / "policy.toml"
    policy.write_text('extends = "standard"\n[frequency]\ntop_percent = 30\n', encoding="utf-8")
    policy.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRMKIT_POLICY", str(policy))
        plan, dated = verified(typed, Exit.DONE_WITH_WARNINGS)
    assert (plan["verdict"], dated["verdict"]) == ("policy", "policy")
    assert plan["policy_keys"] == ["frequency.top_percent"]
    tamper(typed, "UPDATE plan_seal SET crmkit='0.0.1' WHERE kind='visits'", silently=True)
    plan, dated = verified(typed, Exit.DONE_WITH_WARNINGS)
    assert (plan["verdict"], dated["verdict"]) == ("same", "version")
    assert dated["inputs"]


def test_over_a_migration_only_digests_are_compared(typed: Typist) -> None:
    store = open_store(typed.folder / "crmkit.db")
    store.execute("INSERT INTO operation(at, actor, host, command) VALUES ('2026-11-01T09:00','001','h','db migrate')")
    assert past.before(store, 1) is None
    store.close()
    plan, dated = verified(typed, Exit.DONE_WITH_WARNINGS)
    assert (plan["verdict"], dated["verdict"]) == ("past", "past")
    assert not states(plan)
    assert not plan["differences"]


def test_without_a_seal_there_is_nothing_to_verify(typed: Typist) -> None:
    for lang in ("en", "zh"):
        assert typed("plan", "verify", "--month", "2026-12", lang=lang).code == Exit.FORBIDDEN  # type: ignore[arg-type]


def test_the_file_taken_back_is_the_file_of_then(typed: Typist) -> None:
    """Every table, row by row, as it was: whatever was typed in between."""
    store = open_store(typed.folder / "crmkit.db")
    op = store.value("SELECT max(seq) FROM operation") + 1
    kept = dump(store.rows, store)
    store.close()
    typed.now = "2026-11-09T18:00"
    code = typed.json("visit", "sheet", "--date", "2026-11-09")["stops"][0]["customer"]["code"]
    for words in (
        ("visit", "log", code, "--effect", "ok", "--done", "1"),
        ("calendar", "off", "2026-11-11", "--reason", "x"),
        ("plan", "replan", "--month", MONTH),
        ("plan", "visits", "--month", MONTH, "--seed", "3"),
        ("db", "undo"),
        ("plan", "week", "--week", "2026-W46", "--market", "a", "--brand", "b"),
    ):
        typed(*words)
    store = open_store(typed.folder / "crmkit.db")
    assert store.value("SELECT count(*) FROM change WHERE op>=?", (op,)) > 50
    then = past.before(store, op)
    assert then is not None
    assert then.untraced == ()
    assert dump(then.store.rows, store) == kept
    store.close()


def dump(rows: Callable[[str], list[tuple[Any, ...]]], store: Any) -> dict[str, list[tuple[Any, ...]]]:
    names = [name for (name,) in store.rows("SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name")]
    skipped = ("sqlite_sequence", "change", "operation", "batch", "seal")
    return {name: sorted(rows(f"SELECT * FROM {name}"), key=repr) for name in names if name not in skipped}


def test_every_writer_named_is_a_command() -> None:
    """A name that is no command any more would explain nothing; new writers are found by every Typist."""
    root = root_command()
    ctx = HelpContext(root, info_name="crmkit")
    commands = {
        f"{group} {name}".strip()
        for group in root.list_commands(ctx)
        for name in ("", *getattr(root.get_command(ctx, group), "commands", ()))
    }
    assert {one for named in WRITERS.values() for one in named} <= commands
    assert {table for tables in SOURCES.values() for table in tables} == WRITERS.keys()
