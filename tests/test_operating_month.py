"""Step 2 as it is typed: scores one by one and by a file, area statistics, what it was computed from, restating."""

import csv
import json
import os
import pty
import random
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import wcwidth
from conftest import act_at
from month_examples import BOSS, MONTH, SHOPS, Typist, write_exports

from crmkit.commands.analyze_prompts import digits_of
from crmkit.model.errors import Exit
from crmkit.model.importing import Kind
from crmkit.model.operating import AbilityItem
from crmkit.report.papers.scores import headers
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.sources.headers import kinds_of
from crmkit.store.changes import create_triggers, drop_triggers
from crmkit.store.migrating import STEPS
from crmkit.store.opening import open_migrated, open_store

VALID = SHOPS - 1
NEXT = "2026-12"
ITEMS = [item.value for item in AbilityItem]
Founder = Callable[[Path], Typist]


@pytest.fixture
def founded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Founder:
    """Makes the invented month's base in a folder, the evening before the month; without the orders when asked."""

    def found(folder: Path) -> Typist:
        folder.mkdir(exist_ok=True)
        typist = Typist(folder, monkeypatch, capsys)
        people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
        assert typist("init", *people).code == 0
        write_exports(folder)
        return typist

    return found


@pytest.fixture
def typed(tmp_path: Path, founded: Founder) -> Typist:
    typist = founded(tmp_path)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    return typist


def generated(typed: Typist, month: str = MONTH) -> None:
    for words in (("compute",), ("score", "--all", "3"), ("generate",)):
        assert typed("analyze", *words, "--month", month).code == 0


def state(typed: Typist, month: str = MONTH) -> str:
    return str(typed.json("analyze", "show", "--month", month)["state"])


def scores(typed: Typist, customer: str, month: str = MONTH) -> dict[str, tuple[int | None, str | None]]:
    data = typed.json("analyze", "score", customer, "--month", month)
    return {one["item"]: (one["score"], one["origin"]) for one in data["items"]}


# scores by a file


@pytest.mark.parametrize("name", ["s.csv", "s.xlsx"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_file_to_score_in_is_read_back_in_both_languages(name: str, lang: Language, typed: Typist) -> None:
    generated(typed)
    assert typed("analyze", "score", "1001", "display=5", "--month", MONTH).code == 0
    typed.now = "2026-11-30T18:00"
    assert typed("analyze", "compute", "--month", NEXT).code == 0
    answer = typed("analyze", "score", "--export", name, "--month", NEXT, lang=lang)
    assert answer.code == 0, answer
    change(typed.folder / name, "1002", 3, "1")
    (result,) = typed.json("analyze", "score", "--import", name, "--month", NEXT)
    assert result["counted"]["scores"] == {"new": VALID, "changed": 0, "unchanged": 0, "held": 0}
    assert (result["kinds"], result["rejected_rows"]) == (["scores"], 0)
    assert scores(typed, "1001", NEXT) == {**dict.fromkeys(ITEMS, (3, "carried")), "display": (5, "carried")}
    assert scores(typed, "1002", NEXT) == {**dict.fromkeys(ITEMS, (3, "entered")), "display": (1, "entered")}
    shown = typed.json("analyze", "score", "1002", "--month", NEXT)["items"][0]
    assert (shown["last"], shown["by"], shown["at"]) == (3, "001", "2026-11-30T18:00:00+08:00")
    assert typed("analyze", "generate", "--month", NEXT).code == 0  # everybody is scored
    assert typed("db", "undo").code == 0
    assert typed("db", "undo").code == 0
    assert len(typed.json("analyze", "show", "--month", NEXT)["unscored"]) == VALID


def change(path: Path, customer: str, column: int, text: str) -> None:
    """Type another value into one cell of a scores file."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        assert book.active is not None
        for cells in book.active.iter_rows():
            if cells[0].value == customer:
                cells[column].value = int(text)
        book.save(path)
        return
    rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    for row in rows:
        if row[0] == customer:
            row[column] = text
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows(rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_headers_of_that_file_tell_what_it_is(lang: Language) -> None:
    use_language(lang)
    assert kinds_of(tuple(headers().values())) == (Kind.SCORES,)


def test_scores_of_strangers_of_other_months_and_out_of_range_are_refused(typed: Typist) -> None:
    generated(typed)
    for words in (("strategies", "--satisfaction", "90"), ("generate",), ("submit",)):
        assert typed("plan", *words, "--month", MONTH).code == 0
    use_language("zh")
    header = list(headers().values())
    use_language("en")
    rows = [
        ["1001", "", MONTH, "3", "3", "3", "3", "3", "3"],
        ["1001", "", "2026年12月", "3", "3", "3", "3", "3", ""],
        ["999", "", NEXT, "3", "3", "3", "3", "3", "3"],
        ["1002", "", NEXT, "6", "3", "3", "3", "3", "3"],
        ["1002", "", "每月", "3", "3", "3", "3", "3", "3"],
    ]
    with (typed.folder / "s.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    answer = typed("import", "s.csv", "--format", "json")
    assert answer.code == Exit.DONE_WITH_WARNINGS
    reasons = {one["line"]: one["reason"] for one in answer.data[0]["rejected"]}
    assert reasons == {2: "month-submitted", 4: "unknown-customer", 5: "too-large", 6: "bad-month"}
    assert [item for item, (score, _origin) in scores(typed, "1001", NEXT).items() if score is None] == ["lawful"]


# scores by prompt


@pytest.mark.parametrize(
    ("typed_", "expected"),
    [
        ("344355", [3, 4, 4, 3, 5, 5]),
        ("３ ４４３５５", [3, 4, 4, 3, 5, 5]),
        ("34435", None),
        ("344356", None),
        ("x", None),
    ],
)
def test_six_digits_are_six_scores(typed_: str, expected: list[int] | None) -> None:
    found = digits_of(typed_, {})
    assert (list(found.values()) if found else None) == expected


def test_enter_takes_last_months_six_scores_only_where_there_are_six() -> None:
    last = dict.fromkeys(AbilityItem, 4)
    assert digits_of("", last) == last
    assert digits_of("", {AbilityItem.STOCK: 4}) is None


def test_scoring_by_prompt_is_kept_at_once_goes_back_skips_and_goes_on_where_it_stood(typed: Typist) -> None:
    assert typed("analyze", "compute", "--month", MONTH).code == 0
    first = prompted(typed.folder, ["344355", "", "12", "b", "s", "222222", "s", "q"])
    assert "1001 试验小店1" in first
    assert "六位" not in first  # English
    assert scores(typed, "1001")["online"] == (5, "entered")
    assert scores(typed, "1002")["online"] == (2, "entered")
    again = prompted(typed.folder, ["q"])
    assert f"1/{VALID - 2}  1003" in again  # the two that were answered are not asked again


def prompted(folder: Path, answers: list[str]) -> str:
    """What `analyze score` says to a person at a terminal who answers so."""
    child, terminal = pty.fork()
    if child == 0:
        environment = os.environ | {"CRMKIT_LANG": "en", "CRMKIT_NOW": "2026-10-30T18:00", "COLUMNS": "80"}
        os.chdir(folder)
        words = [sys.executable, "-m", "crmkit", "analyze", "score", "--month", MONTH]
        os.execve(sys.executable, words, environment)
    said = b""
    for answer in answers:
        while not said.endswith(b"> "):
            said += os.read(terminal, 4096)
        os.write(terminal, answer.encode() + b"\n")
        said += b"\n"
    try:
        while more := os.read(terminal, 4096):
            said += more
    except OSError:  # Linux's way to say that the other side has closed
        pass
    os.waitpid(child, 0)
    os.close(terminal)
    return said.decode()


def test_without_a_terminal_and_without_scores_the_ways_are_named(typed: Typist) -> None:
    answer = typed("analyze", "score", "--month", MONTH)
    assert answer.code == Exit.USAGE
    assert "--export FILE" in answer.err
    assert typed("analyze", "score", "--carry", "--export", "x.csv", "--month", MONTH).code == Exit.USAGE
    assert typed("analyze", "score", "--export", "x.doc", "--month", MONTH).code == Exit.USAGE


def test_scores_nobody_looked_at_are_told_with_who_and_when(typed: Typist) -> None:
    generated(typed)
    assert typed("analyze", "score", "1001", *(f"{item}=4" for item in ITEMS), "--month", MONTH).code == 0
    told = typed.json("analyze", "show", "--month", MONTH)["unseen"]
    assert told == [{"origin": "assumed", "by": "001", "day": "2026-10-30", "customers": VALID - 1}]
    typed.now = "2026-11-30T18:00"
    assert typed("analyze", "score", "--carry", "--month", NEXT).code == 0
    told = typed.json("analyze", "show", "--month", NEXT)["unseen"]
    assert told == [{"origin": "carried", "by": "001", "day": "2026-11-30", "customers": VALID}]


# the state machine


def test_other_scores_and_a_new_computing_invalidate_what_was_generated_the_same_ones_do_not(typed: Typist) -> None:
    generated(typed)
    assert state(typed) == "generated"
    assert typed.json("analyze", "score", "1001", "display=3", "--month", MONTH)["state"] == "generated"
    assert typed.json("analyze", "score", "1001", "display=4", "--month", MONTH)["state"] == "computed"
    assert state(typed) == "computed"
    assert typed("analyze", "generate", "--month", MONTH).code == 0
    assert typed("analyze", "compute", "--month", MONTH).code == 0
    assert state(typed) == "computed"
    assert typed("analyze", "generate", "--month", MONTH).code == 0
    assert typed("analyze", "score", "--export", "s.csv", "--month", MONTH).code == 0
    assert typed("import", "s.csv").code == 0
    assert state(typed) == "generated"  # the file as it was written changes nothing
    change(typed.folder / "s.csv", "1001", 3, "1")
    assert typed("import", "s.csv").code == 0
    assert state(typed) == "computed"


# area statistics


def test_the_area_waits_for_generate_and_names_the_way(typed: Typist) -> None:
    for command in ("compute", "generate"):
        answer = typed("analyze", "area", "--month", MONTH)
        assert answer.code == Exit.FORBIDDEN
        assert f"crmkit analyze {command} --month {MONTH}" in answer.err
        assert typed("analyze", "compute", "--month", MONTH).code == 0


def test_the_matrix_is_that_of_the_customers_counted_one_by_one(typed: Typist) -> None:
    assert typed("analyze", "compute", "--month", MONTH).code == 0
    dice = random.Random(3)
    for number in range(1, SHOPS + 1):
        given = [f"{item}={dice.randint(1, 5)}" for item in ITEMS]
        typed("analyze", "score", str(1000 + number), *given, "--month", MONTH)
    assert typed("analyze", "generate", "--month", MONTH).code == 0
    data = typed.json("analyze", "area", "--month", MONTH)
    slow: dict[str, int] = defaultdict(int)
    markets: dict[str, list[Fraction]] = defaultdict(list)
    for one in data["customers"]:
        effect = typed.json("analyze", "effect", one["customer"], "--month", MONTH)
        able = Fraction(sum(effect["scores"].values()) * 20, 6) >= 60
        good = Fraction(effect["effect"]) >= 50
        slow[{(True, True): "keep", (False, True): "unlock", (True, False): "coach"}.get((good, able), "support")] += 1
        markets[one["market_type"]].append(Fraction(effect["effect"]))
    assert len(slow) == 4  # the dice have put somebody everywhere
    assert data["whole"]["quadrants"] == dict(slow)
    assert data["whole"]["customers"] == VALID == len(data["customers"])
    for part in ("market_types", "grades"):
        for place, count in slow.items():
            assert sum(group["quadrants"][place] for group in data[part]) == count
    for group in data["market_types"]:
        values = markets[group["group"]]
        assert abs(Fraction(group["effect"]) - sum(values) / len(values)) < Fraction(1, 10**9)


def test_the_picture_is_drawn_with_the_counts_and_nothing_foreign(typed: Typist) -> None:
    generated(typed)
    for name in ("a.svg", "a.png", "a.pdf", "a.html"):
        assert typed("analyze", "area", "--month", MONTH, "-o", name).code == 0
    svg = (typed.folder / "a.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "<script" not in svg
    html = (typed.folder / "a.html").read_text(encoding="utf-8")
    assert html.count("<svg") == 1
    assert "http" not in html.replace("http://www.w3.org", "")
    assert (typed.folder / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (typed.folder / "a.pdf").read_bytes().startswith(b"%PDF")


# what it was computed from, and restating


def approved(typed: Typist) -> None:
    generated(typed)
    for words in (("strategies", "--satisfaction", "90"), ("generate",), ("submit",)):
        assert typed("plan", *words, "--month", MONTH).code == 0
    assert typed("plan", "approve", "--month", MONTH, actor=BOSS).code == 0


def late_orders(folder: Path) -> str:
    """Orders of October that came in November: a good month of one shop more, and returns of another."""
    head = ["订单号", "行号", "订货日期", "客户编码", "商品编码", "数量(条)", "金额(元)", "可订量"]
    rows = [
        ["L1", "1", "2026-10-30", "1007", "P1", "90", "9900.00", ""],
        ["L1", "2", "2026-10-30", "1007", "P5", "10", "1500.00", ""],
        ["L2", "1", "2026-10-29", "1011", "P1", "-15", "-1650.00", ""],
    ]
    with (folder / "late.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([head, *rows])
    return "late.csv"


def effects(typed: Typist) -> dict[str, str | None]:
    found = {}
    for customer in typed.json("analyze", "show", "--month", MONTH)["customers"]:
        data = typed.json("analyze", "effect", customer["customer"], "--month", MONTH)
        found[customer["customer"]] = data["effect"]
    return found


def test_after_late_orders_nothing_moves_and_the_restatement_is_what_a_fresh_file_computes(
    tmp_path: Path, founded: Founder
) -> None:
    typed = founded(tmp_path / "late")
    assert typed("import", "customers.csv", "products.csv", "orders.csv").code == 0
    approved(typed)
    before = effects(typed)
    assert "analyze restate" not in typed("analyze", "show", "--month", MONTH, "--format", "plain").out
    same = typed.json("analyze", "restate", "--month", MONTH)
    assert (same["same_rows"], same["customers"], same["late"], same["consequences"]) == (True, [], [], [])
    typed.now = "2026-11-10T18:00"
    assert typed("import", late_orders(typed.folder)).code == 0
    shown = typed("analyze", "show", "--month", MONTH, "--format", "plain").out
    assert f"crmkit analyze restate --month {MONTH}" in shown
    file = (typed.folder / "crmkit.db").read_bytes()
    told = typed.json("analyze", "restate", "--month", MONTH)
    assert f"computed: {sum(one['lines'] for one in told['late'])};" in shown
    assert (typed.folder / "crmkit.db").read_bytes() == file
    assert effects(typed) == before
    assert typed("analyze", "compute", "--month", MONTH).code == Exit.FORBIDDEN
    assert told["same_rows"] is False
    assert [(one["actor"], one["command"], one["lines"]) for one in told["late"]] == [("001", "import", 3)]
    moved = {one["customer"]: one for one in told["customers"]}
    volumes = {code: [move for move in one["moved"] if move["figure"] == "volume"] for code, one in moved.items()}
    assert {code for code, moves in volumes.items() if moves} == {"1007", "1011"}
    (own,) = volumes["1007"]
    assert float(own["new"]) - float(own["old"]) == 100
    assert moved["1007"]["effect"][0] == before["1007"]
    assert told["computed"]["rows"][1]["lines"] + 3 == told["rows"][1]["lines"]

    fresh = founded(tmp_path / "fresh")
    late_orders(fresh.folder)
    assert fresh("import", "customers.csv", "products.csv", "orders.csv").code == 0
    fresh.now = "2026-11-10T18:00"
    assert fresh("import", "late.csv").code == 0
    generated(fresh)
    now = effects(fresh)
    assert {code: now[code] for code in moved} == {code: one["effect"][1] for code, one in moved.items()}
    assert {code: now[code] for code in before if code not in moved} == {
        code: score for code, score in before.items() if code not in moved
    }
    assert any(one["what"] == "strategies" for one in told["consequences"])


def test_the_figures_behind_each_effect_are_those_of_the_export(typed: Typist) -> None:
    """The kept inputs against a slow count of the file that was imported."""
    assert typed("analyze", "compute", "--month", MONTH).code == 0
    slow: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    products: dict[tuple[str, str], set[str]] = defaultdict(set)
    with (typed.folder / "orders.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            key = (row["客户编码"], row["订货日期"][:7])
            slow[key][0] += int(row["数量(条)"]) * 1000
            slow[key][1] += int(row["金额(元)"].replace(".", ""))
            products[key].add(row["商品编码"])
    store = open_store(typed.folder / "crmkit.db")
    rows = store.rows(
        "SELECT c.code, i.month, i.volume, i.amount, i.products FROM effect_input i JOIN effect e ON e.id=i.effect "
        "JOIN customer c ON c.id=e.customer WHERE e.month=?", (MONTH,),
    )  # fmt: skip
    store.close()
    assert len(rows) == 2 * VALID
    for code, month, volume, amount, carried in rows:
        assert [volume, amount] == slow[(code, month)]
        assert carried == len(products[(code, month)])


def test_a_computing_is_undone_with_all_it_kept(typed: Typist) -> None:
    generated(typed)
    tables = ("computing", "computing_rows", "effect_input", "effect", "effect_item", "score")
    store = open_store(typed.folder / "crmkit.db")
    kept = {table: store.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}
    store.close()
    assert typed("analyze", "compute", "--month", MONTH).code == 0
    assert typed("db", "undo").code == 0
    store = open_store(typed.folder / "crmkit.db")
    assert {table: store.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables} == kept
    store.close()


def test_an_undone_import_is_told_too(typed: Typist) -> None:
    generated(typed)
    batch = typed.json("import", late_orders(typed.folder))[0]["batch"]
    assert typed.json("analyze", "restate", "--month", MONTH)["same_rows"] is False
    assert typed("import", "undo", str(batch)).code == 0
    back = typed.json("analyze", "restate", "--month", MONTH)
    assert (back["same_rows"], back["customers"]) == (True, [])


def test_restating_before_computing_names_the_way(typed: Typist) -> None:
    answer = typed("analyze", "restate", "--month", MONTH)
    assert answer.code == Exit.FORBIDDEN
    assert f"crmkit analyze compute --month {MONTH}" in answer.err


# a file of the first schema


def test_a_file_of_the_first_schema_keeps_its_scores_and_says_what_it_never_kept(typed: Typist, tmp_path: Path) -> None:
    generated(typed)
    store = open_store(typed.folder / "crmkit.db")
    old = tmp_path / "old.db"
    store.execute("VACUUM INTO ?", (str(old),))
    store.close()
    back_to_first(old)
    store = open_migrated(old, act_at().now).store
    assert store.value("PRAGMA user_version") == len(STEPS)
    assert store.value("SELECT count(*) FROM score") == VALID * len(ITEMS)
    store.close()
    told = typed.json("analyze", "restate", "--month", MONTH, "--db", str(old))
    assert (told["computed"], told["customers"]) == (None, [])
    shown = typed.json("analyze", "score", "1001", "--month", MONTH, "--db", str(old))["items"][0]
    assert (shown["score"], shown["origin"], shown["by"]) == (3, "assumed", "")


def back_to_first(path: Path) -> None:
    """Take from a file what the steps after the first have added."""
    with closing(open_store(path)) as store:
        drop_triggers(store)
        first = sqlite3.connect(":memory:")
        for statement in STEPS[0]:
            first.execute(statement)
        known = {name for (name,) in first.execute("SELECT name FROM sqlite_schema")}
        store.execute("PRAGMA foreign_keys=OFF")
        for name, kind in store.rows("SELECT name, type FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"):
            if name not in known and kind == "table":
                store.execute(f"DROP TABLE {name}")
        for (table,) in first.execute("SELECT name FROM sqlite_schema WHERE type='table'"):
            was = {row[1] for row in first.execute(f"PRAGMA table_xinfo({table})")}
            for row in store.rows(f"PRAGMA table_xinfo({table})"):
                if row[1] not in was:
                    store.execute(f"ALTER TABLE {table} DROP COLUMN {row[1]}")
        create_triggers(store)
        store.execute("PRAGMA user_version=1")


# the pages


SCHEMAS = (
    ("direct-demand/1", ("analyze", "demand", "list", "--month", MONTH)),
    ("direct-demand/1", ("analyze", "demand", "confirm", "--all", "--dry-run", "--month", MONTH)),
    ("demand-missing/1", ("analyze", "demand", "missing", "--month", MONTH)),
    ("questionnaire/1", ("analyze", "demand", "list", "1001", "--month", MONTH)),
    ("scores/1", ("analyze", "score", "1001", "--month", MONTH)),
    ("area-statistics/1", ("analyze", "area", "--month", MONTH)),
    ("restatement/1", ("analyze", "restate", "--month", MONTH)),
)


def shape(thing: object) -> object:
    if isinstance(thing, dict):
        return {key: shape(inner) for key, inner in thing.items()}
    if isinstance(thing, list):
        return [shape(thing[0])] if thing else []
    return type(thing).__name__


def begun(typed: Typist) -> None:
    generated(typed)
    words = ("P1=5", "服务=送货：" + "很早" * 40, "服务=培训")
    assert typed("analyze", "demand", "enter", "1001", *words, "--month", MONTH).code == 0
    assert typed("import", late_orders(typed.folder)).code == 0


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(
    typed: Typist, golden: Callable[[str, str], None]
) -> None:
    begun(typed)
    shapes = {}
    for schema, words in SCHEMAS:
        english, chinese = (typed(*words, "--format", "json", lang=lang) for lang in LANGUAGES)
        assert english.code == chinese.code == 0, english
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    golden("operating_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_fit_eighty_columns(lang: Language, typed: Typist) -> None:
    begun(typed)
    for _schema, words in SCHEMAS:
        answer = typed(*words, lang=lang)
        assert [line for line in answer.out.splitlines() if wcwidth.wcswidth(line) > 80] == []
