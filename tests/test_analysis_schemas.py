"""The JSON of progress, charts, borders, policies over a month and explanations: named schemas, shapes kept."""

import json
from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, Typist, kept, write_exports
from test_month import shape

OF_MONTH = ("--month", MONTH)
COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("progress/1", ("analyze", "progress", "--month", "2026-10")),
    ("team-progress/1", ("analyze", "progress", "--month", "2026-10", "--team")),
    ("team-month/1", ("analyze", "team", *OF_MONTH)),
    ("chart/1", ("analyze", "chart", "area", "--month", "2026-10")),
    ("borderline/1", ("analyze", "borderline", *OF_MONTH)),
    ("policy-diff/1", ("policy", "diff", "standard", "ratio")),
    ("policy-diff-month/1", ("policy", "diff", "standard", "ratio", *OF_MONTH)),
    ("why-effect/1", ("explain", "effect", "1004", *OF_MONTH, "--rows", "1")),
    ("why-problems/1", ("explain", "problems", "1005", *OF_MONTH, "--rows", "1")),
    ("why-key/1", ("explain", "key", "1003", *OF_MONTH)),
    ("why-strategies/1", ("explain", "strategies", "1004", *OF_MONTH)),
    ("why-rate/1", ("explain", "rate", "P1", "repurchase", *OF_MONTH, "--rows", "1")),
    ("why-indicator/1", ("explain", "indicator", "key_brand_growth", *OF_MONTH, "--rows", "1")),
)
ENGLISH = {"Code", "Name", "From", "Customers", "Volume", "Growth", "Judged", "Target", "Rank", "Base", "Batch"}


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A file whose month was analysed and planned."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    assert typist("product", "watch", "add", "P1", "--from", "2026-07", actor=BOSS).code == 0
    for words in (
        ("analyze", "market", "target", "--month", "2026-10", "volume=3000", "key_brand_growth=1"),
        ("analyze", "target", "set", "P1", "repurchase=90", "--from", "2026-10"),
        ("analyze", "compute", *OF_MONTH),
        ("analyze", "score", "--all", "3", *OF_MONTH),
        ("analyze", "generate", *OF_MONTH),
        ("analyze", "brand", "compute", *OF_MONTH),
        ("analyze", "market", "compute", *OF_MONTH),
        ("plan", "strategies", *OF_MONTH, "--satisfaction", "90"),
        ("plan", "generate", *OF_MONTH),
    ):
        answer = typist(*words)
        assert answer.code in (0, 3), (words, answer)


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(typed: Typist, request: pytest.FixtureRequest) -> None:
    shapes = {}
    for schema, words in COMMANDS:
        english = typed(*words, "--format", "json", lang="en")
        chinese = typed(*words, "--format", "json", lang="zh")
        assert english.code == chinese.code == 0, english
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    request.getfixturevalue("golden")("analysis_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


def test_every_page_is_said_in_chinese(typed: Typist) -> None:
    for _schema, words in COMMANDS:
        answer = typed(*words, lang="zh")
        assert answer.code == 0
        assert not ENGLISH & set(answer.out.split()), (words, answer.out)


@pytest.mark.parametrize("form", ["csv", "tsv", "md", "html", "plain"])
def test_every_page_has_every_format(typed: Typist, form: str) -> None:
    for _schema, words in COMMANDS:
        answer = typed(*words, "--format", form)
        assert (answer.code, answer.err) == (0, ""), words
        assert answer.out
