"""An approved and planned month, on the evening of its first day with visits."""

from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, Typist, kept, write_exports

DAY = "2026-11-03"


def planned_month(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """Everybody scored 2: each shop has several strategies."""
    return kept(_prepared, folder, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    month = (
        ("analyze", "compute"), ("analyze", "score", "--all", "2"), ("analyze", "generate"),
        ("plan", "strategies", "--satisfaction", "90"), ("plan", "generate"), ("plan", "submit"),
    )  # fmt: skip
    for words in month:
        assert typist(*words, "--month", MONTH).code == 0, words
    assert typist("plan", "approve", "--month", MONTH, actor=BOSS).code == 0
    assert typist("plan", "visits", "--month", MONTH).code == 0
    typist.now = f"{DAY}T19:30"
