"""Charts: the numbers of thirteen months, the axis, the same bytes each time, nothing wider than the terminal."""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from month_examples import Typist, kept, write_exports
from wcwidth import wcswidth

from crmkit.report.axis import mark_words, marks
from crmkit.report.figurewords import apart
from crmkit.report.page import Bar, Chart
from crmkit.report.terminal_charts import chart_lines

VALUE = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(st.lists(VALUE, max_size=13))
def test_the_axis_holds_every_value_and_nothing_in_round_steps(values: list[Decimal]) -> None:
    found = marks(values)
    assert found[0] <= min((*values, Decimal(0))) <= max((*values, Decimal(0))) <= found[-1]
    assert 0 in found
    assert 2 <= len(found) <= 7
    steps = {later - earlier for earlier, later in pairwise(found)}
    assert len(steps) == 1
    digits = mark_words(steps.pop()).replace(",", "")
    assert digits.rstrip("0").rstrip(".").lstrip("0.") in {"1", "2", "25", "5", "2.5", ""}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["0.3", "18.9"], ["0", "5", "10", "15", "20"]),
        (["-20", "180"], ["-50", "0", "50", "100", "150", "200"]),
        ([], ["0", "1"]),
        (["76269"], ["0", "20,000", "40,000", "60,000", "80,000"]),
    ],
)
def test_axes_as_people_would_mark_them(values: list[str], said: list[str]) -> None:
    assert [mark_words(mark) for mark in marks([Decimal(value) for value in values])] == said


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四").code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


SUBJECTS = (("customer", "1004"), ("product", "P2"), ("area",))


@pytest.mark.parametrize("words", SUBJECTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chart_fits_the_terminal_and_says_its_numbers(typed: Typist, words: tuple[str, ...], lang: str) -> None:
    answer = typed("analyze", "chart", *words, "--as-of", "2026-10-15", lang=lang)  # type: ignore[arg-type]
    assert answer.code == 0, answer
    assert max(wcswidth(line) for line in answer.out.splitlines()) <= 80
    assert "███" in answer.out
    assert "░░" in answer.out, "the running month is drawn lighter"
    assert "\x1b" not in answer.out


def test_the_months_of_an_area_are_its_customers_months(typed: Typist) -> None:
    """Every shop of 001 charted alone adds up to the area; products add up to it too."""
    area = typed.json("analyze", "chart", "area", "--manager", "001", "--as-of", "2026-10-30")["months"]
    shops = [typed.json("analyze", "chart", "customer", f"{1000 + n}")["months"] for n in range(1, 25)]
    goods = [typed.json("analyze", "chart", "product", f"P{n}", "--manager", "001")["months"] for n in range(1, 6)]
    assert [month["month"] for month in area] == [f"2025-{n:02}" for n in range(10, 13)] + [
        f"2026-{n:02}" for n in range(1, 11)
    ]
    for place, month in enumerate(area):
        if month["volume"] is None:
            assert month["month"] < "2026-07", "before the file's first order nothing is known"
            continue
        for key in ("volume", "key_volume"):
            whole = Decimal(month[key])
            assert whole == sum(Decimal(shop[place][key]) for shop in shops)
            assert whole == sum(Decimal(product[place][key]) for product in goods)
        assert month["orders"] == sum(shop[place]["orders"] for shop in shops)
        assert month["ordering_customers"] == sum(shop[place]["ordering_customers"] for shop in shops)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "html"])
def test_a_picture_is_the_same_bytes_each_time(typed: Typist, suffix: str) -> None:
    made = []
    for name in ("a", "b"):
        target = typed.folder / f"{name}.{suffix}"
        assert typed("analyze", "chart", "area", "--manager", "001", "-o", str(target), lang="zh").code == 0
        made.append(target.read_bytes())
    assert made[0] == made[1]
    begins = {"svg": b"<svg ", "png": b"\x89PNG", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}
    assert made[0].startswith(begins[suffix])


def test_a_page_carries_its_charts_inside_and_reaches_for_nothing(typed: Typist) -> None:
    target = typed.folder / "area.html"
    assert typed("analyze", "chart", "area", "--manager", "001", "-o", str(target)).code == 0
    page = target.read_text(encoding="utf-8")
    assert page.count("<svg ") == page.count("<figcaption>") == page.count('<div class="chart" role="img"') == 3
    assert not re.search(r"<script|(href|src)=.(?!#)|url\((?!#)|@import", page)


def test_a_shop_named_like_markup_is_drawn_as_text(typed: Typist) -> None:
    assert typed("customer", "set", "1004", "name=<b>$x^2$ #evil()[/]").code == 0
    target = typed.folder / "shop.svg"
    assert typed("analyze", "chart", "customer", "1004", "-o", str(target)).code == 0
    assert "<b>" not in target.read_text(encoding="utf-8")


def test_pages_without_a_chart_and_charts_of_nothing_are_refused(typed: Typist) -> None:
    assert typed("analyze", "progress", "--format", "svg").code == 2
    assert typed("analyze", "progress", "-o", "x.png").code == 2
    assert typed("analyze", "compute", "--month", "2026-11", "-o", "x.svg").code == 2, "before anything is written"
    assert typed.json("analyze", "show", "--month", "2026-11")["state"] is None
    assert not list(typed.folder.glob("x.*"))
    for words in (("shop", "1004"), ("customer",), ("area", "1004"), ("customer", "1004", "1005")):
        assert typed("analyze", "chart", *words).code == 2
    assert typed("analyze", "chart", "product", "nothing").code == 5


def test_nobody_charts_a_day_to_come(typed: Typist) -> None:
    answer = typed("analyze", "chart", "area", "--manager", "001", "--as-of", "2031-01-01")
    assert answer.code == 2
    assert "--as-of" in answer.err


@pytest.mark.parametrize(
    ("actual", "limit", "said"),
    [("293.68", "293.69", ("293.68", "293.69")), ("80", "80", ("80.0", "80.0")), ("1", "2", ("1.0", "2.0"))],
)
def test_a_figure_is_told_apart_from_its_limit(actual: str, limit: str, said: tuple[str, str]) -> None:
    assert tuple(map(str, apart(Fraction(actual), Fraction(limit), 1))) == said


@pytest.mark.parametrize("count", [1, 2, 5, 12, 13, 19, 22, 31])
@pytest.mark.parametrize("width", [80, 100])
def test_every_bar_is_as_wide_and_as_far_as_the_next(count: int, width: int) -> None:
    """Bars that share a cell, or are two cells here and three there, read as other figures."""
    bars = tuple(Bar(str(n), "", Decimal(9), hollow=n > 9) for n in range(1, count + 1))
    lines = chart_lines(Chart("", bars), width)
    assert max(map(wcswidth, lines)) <= width
    drawn = next(line for line in reversed(lines) if "█" in line or "░" in line)
    runs = [(found.start(), found.end() - found.start()) for found in re.finditer("[█░]+", drawn)]
    assert len(runs) == count
    assert len({wide for _start, wide in runs}) == 1
    assert len({after - before for (before, _w), (after, _v) in pairwise(runs)}) <= 1
