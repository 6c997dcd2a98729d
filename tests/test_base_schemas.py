"""The JSON of the customer file, the products and the team: named schemas, codes in both languages, shapes kept."""

import json
from pathlib import Path

import pytest
from month_examples import BOSS, OTHER, Typist, kept, write_exports
from test_month import shape

WRITTEN = ("--dry-run",)
COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("customer-set/1", ("customer", "set", "1001", "档位=20", *WRITTEN)),
    ("customer-transfer/1", ("customer", "transfer", "1001", "--to", OTHER, *WRITTEN)),
    ("customer-merge/1", ("customer", "merge", "1001", "1002", *WRITTEN)),
    ("customer-duplicates/1", ("customer", "duplicates")),
    ("customer-verify/1", ("customer", "verify", "1001", *WRITTEN)),
    ("own-fields/1", ("customer", "field", "list")),
    ("own-field/1", ("customer", "field", "add", "面积", *WRITTEN)),
    ("appointment/1", ("customer", "appoint", "1001", "2026-11-05", *WRITTEN)),
    ("closed-days/1", ("customer", "closed", "1001", "2026-11-05", *WRITTEN)),
    ("export/1", ("customer", "export", "x.csv")),
    ("products/1", ("product", "list")),
    ("product/1", ("product", "show", "P1")),
    ("product-set/1", ("product", "set", "P1", "焦油含量=8", *WRITTEN)),
    ("category-tree/1", ("product", "tree")),
    ("category/1", ("product", "category", "add", "雪茄", *WRITTEN)),
    ("watch-list/1", ("product", "watch", "list")),
    ("watch/1", ("product", "watch", "add", "P2", "--as", BOSS, *WRITTEN)),
    ("team/1", ("team", "list")),
    ("person/1", ("team", "add", "003", "王五", "--as", BOSS, *WRITTEN)),
    ("team-plan/1", ("plan", "team", "--month", "2026-11")),
    ("stand-in/1", ("team", "stand-in", BOSS, "--by", "001", "--as", BOSS, *WRITTEN)),
    ("days-off/1", ("calendar", "off")),
    ("day-off/1", ("calendar", "off", "2026-11-09", "--for", "all", "--as", BOSS, *WRITTEN)),
)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A file in which every list holds something."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    for words in (
        ("customer", "field", "add", "性格", "--type", "choice", "--choice", "热情"),
        ("customer", "set", "1003,1004", "许可证号=370100000001"),
        ("product", "watch", "add", "P1", "--as", BOSS),
        ("team", "stand-in", "002", "--by", "001", "--as", "002"),
        ("calendar", "off", "2026-11-10", "--for", "all", "--as", BOSS),
    ):
        assert typist(*words).code == 0, words


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(typed: Typist, request: pytest.FixtureRequest) -> None:
    shapes = {}
    for schema, words in COMMANDS:
        english = typed(*words, "--format", "json", lang="en")
        chinese = typed(*words, "--format", "json", lang="zh")
        assert english.code == chinese.code == 0, english
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    check = typed("customer", "check", "--format", "json")
    assert (check.code, check.schema) == (3, "crmkit.customer-check/1")
    shapes["customer-check/1"] = shape(check.data)
    request.getfixturevalue("golden")("base_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


def test_every_page_is_said_in_chinese(typed: Typist) -> None:
    for _schema, words in COMMANDS:
        answer = typed(*words, lang="zh")
        assert answer.code == 0
        assert not {"Code", "Name", "Nothing", "From", "Customers"} & set(answer.out.split()), (words, answer.out)
