"""examples/worked-month: the month calculated by hand on its pages, and by crmkit."""

import re
import shlex
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from month_examples import Typist

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "worked-month"
PAGES = ("README.md", "README.zh-CN.md")
MONTH = "2026-11"
ITEMS = ("volume_growth", "carton_value", "products", "key_products")
QUADRANTS = {"keep", "unlock", "coach", "support"}


def written(page: str, name: str) -> list[list[str]]:
    """The cells of the table under a mark of a page."""
    text = (EXAMPLE / page).read_text(encoding="utf-8")
    table = text.split(f"<!-- {name} -->\n")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return rows[2:]


def commands(page: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (EXAMPLE / page).read_text(encoding="utf-8"), re.S)[0].splitlines()


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """The example's folder after its commands."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    typist = Typist(tmp_path, monkeypatch, capsys)
    for line in commands(PAGES[0]):
        if line.startswith("export CRMKIT_NOW="):
            typist.now = line.partition("=")[2]
            continue
        answer = typist(*shlex.split(line)[1:])
        assert answer.code == 0, (line, answer)
    return typist


def test_both_pages_show_the_same_commands_and_figures() -> None:
    assert commands(PAGES[0]) == commands(PAGES[1])
    for name in ("effects", "problems", "key", "frequencies"):
        assert written(PAGES[0], name) == written(PAGES[1], name)
    for name in ("quadrants", "rates", "indicators"):
        numbers = [[re.findall(r"[-\d.]+", cell) for cell in row] for row in written(PAGES[0], name)]
        assert numbers == [[re.findall(r"[-\d.]+", cell) for cell in row] for row in written(PAGES[1], name)]


def near(found: str | None, hand: str, places: int = 1) -> bool:
    """Is a figure what the page says, rounded half up as the page is?"""
    if found is None or hand == "–":
        return found is None and hand == "–"
    return abs(Decimal(found) - Decimal(hand)) <= Decimal("0.5").scaleb(-places)


def test_the_hand_calculation_is_crmkits(typed: Typist) -> None:
    page = PAGES[0]
    _effects(typed, page)
    plan = typed.json("plan", "generate", "--month", MONTH, "--dry-run")
    _quadrants(typed, plan, page)
    _rates_and_indicators(typed, page)
    _problems(typed, plan, page)
    _lists(plan, page)


def _effects(typed: Typist, page: str) -> None:
    for shop, *cells in written(page, "effects"):
        found = typed.json("analyze", "effect", shop, "--month", MONTH)
        assert near(found["effect"], cells[-1]), (shop, found["effect"])
        known = {item["item"]: item for item in found["items"]}
        for place, name in enumerate(ITEMS):
            value, percentile = cells[2 * place : 2 * place + 2]
            assert near(known[name]["score"], percentile), (shop, name)
            if name == "volume_growth":
                assert near(str(100 * Decimal(known[name]["value"])), value)
            elif name == "carton_value" and value != "–":
                assert near(str(Decimal(known[name]["value"]) / 100), value, 2)
            elif value != "–":
                assert known[name]["value"] == value
        assert known["ordered_share"]["score"] is None
        assert found["peer_count"] == (9 if int(shop) < 200 else 12)


def _quadrants(typed: Typist, plan: Any, page: str) -> None:
    shown = {one["customer"]: one for one in typed.json("analyze", "show", "--month", MONTH)["customers"]}
    for shop, effect, ability, place, strategies in written(page, "quadrants"):
        assert place in QUADRANTS
        assert shown[shop]["quadrant"] == place
        assert near(shown[shop]["effect"], effect)
        assert Decimal(shown[shop]["ability"]) == int(ability)
        assert typed.json("explain", "strategies", shop, "--month", MONTH)["counted"] == int(strategies)
        line = next(one for one in plan["frequencies"] if one["customer"] == shop)
        assert line["strategies"] == int(strategies)


def _rates_and_indicators(typed: Typist, page: str) -> None:
    for kind, above, below, value, target, state in written(page, "rates"):
        found = typed.json("explain", "rate", "P1", kind, "--month", MONTH)
        assert (found["numerator"], found["denominator"]) == (int(above), int(below))
        assert near(str(100 * Decimal(above) / Decimal(below)), value)
        assert (Decimal(found["target"]), found["computed"]) == (Decimal(target), state)
    for indicator, actual, target, _short, state in written(page, "indicators"):
        found = typed.json("explain", "indicator", indicator, "--month", MONTH)
        numerator, _slash, denominator = found["actual"].partition("/")
        assert near(str(Decimal(numerator) / Decimal(denominator or 1)), actual, 2)
        assert (Decimal(found["target"]), found["computed"]) == (Decimal(target), state)


def _problems(typed: Typist, plan: Any, page: str) -> None:
    for shop, base, expected, october, relative, value, value_now, codes in written(page, "problems"):
        found = typed.json("explain", "problems", shop, "--month", MONTH)
        volumes = {one["month"]: one["volume"] for one in found["months"]}
        assert (Decimal(volumes["2026-09"]), Decimal(volumes["2026-10"])) == (Decimal(base), Decimal(october))
        assert near(found["expected_volume"], expected)
        assert near(found["relative_volume"], relative, 3)
        said = {one["problem"] for one in plan["problems"] if one["customer"] == shop}
        assert said == set(codes.split()) - {"–"}, shop
        assert near(found["carton_value_base"], value, 2)
        assert near(found["carton_value"], value_now, 2)


def _lists(plan: Any, page: str) -> None:
    keys = [
        [str(one["rank"]), one["customer"], str(len(one["reasons"])), one["standing"]] for one in plan["key_customers"]
    ]
    hand = written(page, "key")
    assert keys == [[*row[:3], row[4]] for row in hand]
    for row, one in zip(hand, plan["key_customers"], strict=True):
        assert near(one["lost"], row[3])
    ranked = [one for one in plan["frequencies"] if one["source"] == "rank"]
    assert [
        [str(one["rank"]), one["customer"], str(one["strategies"]), str(one["volume"]), one["frequency"]]
        for one in sorted(ranked, key=lambda one: int(one["rank"]))
    ] == written(page, "frequencies")
    (key,) = (one for one in plan["frequencies"] if one["source"] == "key")
    assert (key["customer"], key["frequency"]) == ("103", "weekly")
