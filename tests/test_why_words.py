"""What explanations say of hand changes and demands: words, never raw codes or a rank of 0."""

from pathlib import Path

import pytest
from month_examples import MONTH, Typist, kept, write_exports

OF_MONTH = ("--month", MONTH)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A drafted month; shop 1010 asked for a delivery."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", "--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正").code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    for words in (
        ("analyze", "demand", "enter", "1010", "P1=5", "服务=送货", "--confirm"),
        ("analyze", "compute"),
        ("analyze", "score", "--all", "3"),
        ("analyze", "generate"),
        ("plan", "strategies", "--satisfaction", "90"),
        ("plan", "generate"),
    ):
        assert typist(*words, *OF_MONTH).code == 0, words


def test_a_key_customer_with_a_frequency_by_hand_has_no_rank_of_nought(typed: Typist) -> None:
    assert typed("plan", "key", "1010", "--add", "--reason", "投诉未了", *OF_MONTH).code == 0
    assert typed("plan", "frequency", "1010", "monthly", "--reason", "店主要求", *OF_MONTH).code == 0
    english = typed("explain", "frequency", "1010", *OF_MONTH).out
    assert "By the rule alone: weekly, as a key customer." in " ".join(english.split())
    assert "rank 0" not in english
    chinese = typed("explain", "frequency", "1010", *OF_MONTH, lang="zh").out
    assert "店主要求" in chinese
    assert "第 0" not in chinese
    assert "按规则本应每周一次" in chinese


def test_who_added_a_key_customer_and_why_stands_on_his_page(typed: Typist) -> None:
    assert typed("plan", "key", "1010", "--add", "--reason", "投诉未了", *OF_MONTH).code == 0
    for lang in ("en", "zh"):
        assert "投诉未了" in typed("customer", "show", "1010", *OF_MONTH, lang=lang).out  # type: ignore[arg-type]


def test_a_strategy_out_of_a_demand_says_so_in_words(typed: Typist) -> None:
    found = typed.json("explain", "strategies", "1010", *OF_MONTH)
    causes = {one["because"] for one in found["strategies"] if one["code"].startswith("demand.")}
    assert causes == {"supply", "delivery"}, "programs read the codes"
    english = typed("explain", "strategies", "1010", *OF_MONTH).out
    assert "asked for in the month's" in " ".join(english.split())
    assert " supply " not in english
    chinese = typed("explain", "strategies", "1010", *OF_MONTH, lang="zh").out
    assert "本月问卷提出" in chinese
    assert "supply" not in chinese
    assert "delivery" not in chinese


def test_below_the_line_is_not_offline(typed: Typist) -> None:
    policy = 'extends = "standard"\n[key]\nmax_share_percent = 5\n'
    (typed.folder / "few.toml").write_text(policy, encoding="utf-8")
    (typed.folder / "crmkit.toml").write_text('policy = "few.toml"\n', encoding="utf-8")
    assert typed("plan", "generate", *OF_MONTH).code == 0
    shown = typed.json("plan", "show", *OF_MONTH)["key_customers"]
    below = next((one["customer"] for one in shown if one["standing"] == "below"), None)
    assert below, "somebody stands below the line"
    told = typed("explain", "key", below, *OF_MONTH, lang="zh").out
    assert "未入选" in told
    assert "线下" not in told


def test_the_teams_growth_names_its_base(typed: Typist) -> None:
    english, chinese = (typed("analyze", "team", *OF_MONTH, lang=lang).out for lang in ("en", "zh"))  # type: ignore[arg-type]
    assert "September 2026" in english
    assert "环比" in chinese
    assert "2026年9月" in chinese


def test_chart_and_progress_count_a_running_month_up_to_the_same_day(typed: Typist) -> None:
    typed.now = "2026-10-30T18:00"
    last = typed.json("analyze", "progress", "--month", "2026-10")["until"]
    through = typed.json("analyze", "chart", "area", "--month", "2026-10")["through"]
    assert through == last
    said = typed("analyze", "chart", "area", "--month", "2026-10", lang="zh").out
    assert "流失" not in said + typed("explain", "problems", "1005", *OF_MONTH, lang="zh").out
