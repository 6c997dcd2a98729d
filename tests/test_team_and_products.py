"""Products, their tree and the watch list, the team and its days off: kept by hand, every act undone wholly."""

from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, OTHER, SHOPS, Typist, kept, write_exports
from test_customer_file import dump, undone_wholly
from test_month import drafted

from crmkit.model.errors import Exit


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def products(typed: Typist, *words: str) -> list[str]:
    return [row["product"] for row in typed.json("product", "list", *words)]


def tree(typed: Typist) -> dict[str, int]:
    return {">".join(one["category"]): one["products"] for one in typed.json("product", "tree")}


def test_products_are_listed_by_what_they_are_and_lack(typed: Typist) -> None:
    assert products(typed) == ["P1", "P2", "P3", "P4", "P5"]
    assert products(typed, "--key") == ["P1"]
    assert products(typed, "--category", "卷烟") == ["P1", "P2", "P3", "P4", "P5"]
    assert products(typed, "--category", "雪茄") == []
    assert typed("product", "set", "P2", "焦油含量=8mg").code == 0
    assert products(typed, "--without", "tar") == ["P1", "P3", "P4", "P5"]
    assert typed("product", "show", "P9").code == Exit.NOT_FOUND


def test_tar_and_key_brand_set_by_hand_survive_the_next_import(typed: Typist) -> None:
    undone_wholly(typed, "product", "set", "P2", "P3", "焦油含量=8", "重点品牌=是")
    data = typed.json("product", "set", "P2", "焦油含量=8.50", "重点品牌=是")
    assert [(c["field"], c["before"], c["after"]) for c in data["changes"]] == [
        ("tar", None, "8.5"), ("key_brand", False, True),
    ]  # fmt: skip
    header = "商品编码,商品名称,一级品类,重点品牌,焦油含量\n"
    (typed.folder / "again.csv").write_text(header + "P2,新名,卷烟,否,11\n", encoding="utf-8")
    assert typed("import", "again.csv").code in (Exit.DONE, Exit.DONE_WITH_WARNINGS)
    shown = typed.json("product", "show", "P2")
    assert (shown["name"], shown["tar"], shown["key_brand"]) == ("新名", "8.5", True)
    assert shown["held"] == ["key_brand", "tar"]
    assert typed("product", "set", "P2", "--release", "焦油含量", "名称=别名").code == Exit.USAGE
    assert typed("product", "set", "P2", "商品名称=清空").code == Exit.FORBIDDEN


def test_products_hang_on_leaves_only(typed: Typist) -> None:
    undone_wholly(typed, "product", "set", "P5", "品类=雪茄 > 机制")
    assert typed("product", "set", "P5", "品类=雪茄 > 机制").code == 0
    assert tree(typed) == {"卷烟": 4, "雪茄": 0, "雪茄>机制": 1}
    before = dump(typed)
    for words in (
        ("set", "P4", "品类=雪茄"),
        ("set", "P4", "品类=卷烟 > 一类"),
        ("set", "P4", "一级品类=卷烟"),
        ("category", "add", "卷烟 > 一类"),
        ("category", "add", "雪茄 > 机制 > 小"),
        ("category", "add", "卷烟"),
        ("category", "remove", "雪茄"),
        ("category", "remove", "卷烟"),
        ("category", "move", "雪茄", "--under", "卷烟"),
        ("category", "move", "雪茄", "--under", "雪茄 > 机制"),
        ("category", "rename", "雪茄", "卷烟"),
    ):
        assert typed("product", *words).code == Exit.FORBIDDEN, words
    assert typed("product", "category", "add", "a >> b").code == Exit.USAGE
    assert typed("product", "category", "remove", "无").code == Exit.NOT_FOUND
    assert dump(typed) == before


def test_the_tree_is_grown_renamed_moved_and_pruned(typed: Typist) -> None:
    undone_wholly(typed, "product", "category", "add", "雪茄＞手工＞大")
    assert typed("product", "category", "add", "雪茄＞手工＞大").code == 0
    undone_wholly(typed, "product", "category", "rename", "雪茄 > 手工", "手卷")
    undone_wholly(typed, "product", "category", "move", "卷烟", "--under", "雪茄")
    undone_wholly(typed, "product", "category", "move", "雪茄 > 手工", "--under", "")
    undone_wholly(typed, "product", "category", "remove", "雪茄 > 手工 > 大")
    assert typed("product", "category", "move", "卷烟", "--under", "雪茄").code == 0
    assert tree(typed) == {"雪茄": 0, "雪茄>卷烟": 5, "雪茄>手工": 0, "雪茄>手工>大": 0}


def test_the_watch_list_is_the_market_managers_and_holds_by_month(typed: Typist) -> None:
    words = ("product", "watch", "add", "P1", "P2", "--from", "2026-11", "--to", "2026-12")
    assert typed(*words).code == Exit.FORBIDDEN
    typed.actor = BOSS
    undone_wholly(typed, *words)
    assert typed(*words).code == 0
    for month, wanted in (("2026-10", []), ("2026-11", ["P1", "P2"]), ("2026-12", ["P1", "P2"]), ("2027-01", [])):
        assert [one["product"] for one in typed.json("product", "watch", "list", "--month", month)] == wanted
        assert products(typed, "--watched", "--month", month) == wanted
    assert typed("product", "watch", "add", "P1", "--from", "2026-12").code == Exit.FORBIDDEN
    assert typed("product", "watch", "add", "P1", "--from", "2027-02", "--to", "2027-01").code == Exit.USAGE
    assert typed("product", "watch", "add", "P1", "--from", "2027-01").code == 0
    undone_wholly(typed, "product", "watch", "end", "P1", "--to", "2026-11")
    assert typed("product", "watch", "end", "P1", "--to", "2026-11").code == 0
    assert [one["product"] for one in typed.json("product", "watch", "list", "--month", "2027-03")] == []
    assert typed("product", "watch", "end", "P1", "--to", "2026-11").code == Exit.NOT_FOUND


# the team


def test_the_team_is_listed_with_loads_and_grown(typed: Typist) -> None:
    found = {one["code"]: one["customers"] for one in typed.json("team", "list")}
    assert found == {"001": SHOPS, OTHER: 2, BOSS: None}
    undone_wholly(typed, "team", "add", "003", "王五", "--as", BOSS)
    undone_wholly(typed, "team", "set", "M01", "--name", "周直", "--as", BOSS)
    assert typed("team", "add", "００１", "别人", "--as", BOSS).code == Exit.USAGE
    assert typed("team", "set", "001", "--role", "brand_manager", "--as", BOSS).code == Exit.FORBIDDEN
    assert typed("team", "set", "003", "--as", BOSS).code == Exit.NOT_FOUND


def test_a_stand_in_holds_from_one_day_to_another(typed: Typist) -> None:
    words = ("team", "stand-in", BOSS, "--by", "001", "--from", "2026-10-30", "--to", "2026-11-02", "--as", BOSS)
    undone_wholly(typed, *words)
    assert typed(*words).code == 0
    assert {one["code"]: one["acting"] for one in typed.json("team", "list")}[BOSS] == "001"
    assert typed("team", "stand-in", BOSS, "--by", OTHER, "--from", "2026-11-02", "--as", BOSS).code == Exit.FORBIDDEN
    assert typed("team", "stand-in", BOSS, "--by", BOSS, "--as", BOSS).code == Exit.USAGE
    typed.now = "2026-11-03T08:00"
    assert {one["code"]: one["acting"] for one in typed.json("team", "list")}[BOSS] is None
    assert typed("team", "stand-in", BOSS, "--remove", "--as", BOSS).code == Exit.NOT_FOUND


def test_days_off_are_noted_listed_and_taken_back(typed: Typist) -> None:
    undone_wholly(typed, "calendar", "off", "2026-11-09", "--to", "2026-11-11", "--for", "001", "--reason", "年假")
    assert typed("calendar", "off", "2026-11-09", "--to", "2026-11-11", "--for", "001").code == 0
    assert typed("calendar", "off", "2026-11-10", "--reason", "店庆", "--for", "all", actor=BOSS).code == 0
    listed = [(one["date"], one["person"]) for one in typed.json("calendar", "off")]
    assert listed == [("2026-11-09", "001"), ("2026-11-10", ""), ("2026-11-10", "001"), ("2026-11-11", "001")]
    assert [one["person"] for one in typed.json("calendar", "off", "--for", OTHER)] == [""]
    assert typed.json("calendar", "off", "2026-11-10", "--for", "001")["known"] == 1
    undone_wholly(typed, "calendar", "off", "2026-11-10", "--to", "2026-11-30", "--for", "001", "--remove")
    assert typed("calendar", "off", "2026-11-12", "--remove").code == Exit.NOT_FOUND
    assert typed("calendar", "off", "2026-11-12", "--to", "2026-11-11").code == Exit.USAGE


def test_who_stands_in_for_the_market_manager_decides_like_one_on_those_days_only(typed: Typist) -> None:
    words = ("product", "watch", "add", "P1", "--dry-run", "--as", OTHER)
    assert typed(*words).code == Exit.FORBIDDEN
    lent = ("team", "stand-in", BOSS, "--by", OTHER, "--from", "2026-10-30", "--to", "2026-11-02")
    assert typed(*lent, actor=BOSS).code == 0
    assert typed(*words).code == 0
    typed.now = "2026-11-03T08:00"
    assert typed(*words).code == Exit.FORBIDDEN


def test_who_stands_in_submits_the_month_and_somebody_else_decides_on_it(typed: Typist) -> None:
    drafted(typed)
    submit = ("plan", "submit", "--month", MONTH, "--manager", "001")
    assert typed(*submit, actor=OTHER).code == Exit.FORBIDDEN
    assert typed("team", "stand-in", "001", "--by", OTHER).code == 0
    assert typed(*submit, actor=OTHER).code == 0
    assert typed("plan", "approve", "--month", MONTH, "--manager", "001", actor=OTHER).code == Exit.FORBIDDEN
    assert typed("plan", "approve", "--month", MONTH, "--manager", "001", actor=BOSS).code == 0
