"""`crmkit plan open` where nobody can be asked: cron, --yes, --take; what it carries over, lists, and leaves alone."""

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from month_examples import BOSS, MONTH, SHOPS, Typist, write_exports
from opening_examples import Alone, must
from test_month import shape

from crmkit.model.errors import Exit
from crmkit.store.opening import open_store

BEFORE = "2026-10"
NEW = ("1201", "1202")


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file with its exports and nothing begun; and one on the morning of 2 November, October opened, submitted and
    approved: two new shops, one closed, a questionnaire, targets that were missed. Copy them.
    """
    folder = tmp_path_factory.mktemp("months")
    first, november = folder / "first.db", folder / "november.db"
    with pytest.MonkeyPatch.context() as patch:
        typed = Alone(folder, patch)
        typed.now = "2026-10-30T18:00"
        must(typed, "init", "--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
        write_exports(folder)
        must(typed, "import", "customers.csv", "products.csv", "orders.csv")
        shutil.copy("crmkit.db", first)
        must(typed, "product", "watch", "add", "P1", "--from", "2026-09", actor=BOSS)
        must(typed, "analyze", "target", "set", "P1", "repurchase=100", "--from", BEFORE)
        must(typed, "analyze", "market", "target", "--month", BEFORE, "volume=30000")
        must(typed, "plan", "open", "--month", BEFORE, "--yes", "--accept-shortage", "late", "--submit")
        must(typed, "plan", "approve", "--month", BEFORE, actor=BOSS)
        rows = "\n".join(f"{code},新店{code},张三,正常,11,城镇,实地" for code in NEW)
        header = "客户编码,客户名称,客户经理,状态,档位,市场类型,拜访方式"
        Path("new.csv").write_text(f"{header}\n{rows}\n", encoding="utf-8")
        must(typed, "import", "new.csv")
        must(typed, "customer", "set", "1002", "state=closed")
        must(typed, "analyze", "demand", "enter", "1001", "P1=5", "--month", MONTH)
        shutil.copy("crmkit.db", november)
    return first, november


@pytest.fixture
def typed(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typist:
    shutil.copy(files[0], tmp_path / "crmkit.db")
    return Typist(tmp_path, monkeypatch, capsys)


@pytest.fixture
def november(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typist:
    shutil.copy(files[1], tmp_path / "crmkit.db")
    typist = Typist(tmp_path, monkeypatch, capsys)
    typist.now = "2026-11-02T08:30"
    return typist


def opened(typed: Typist, *words: str, fine: tuple[int, ...] = (0, 3)) -> Any:
    answer = typed("plan", "open", "--month", MONTH, *words, "--format", "json")
    assert answer.code in fine, answer
    return answer.data


def matters(listed: list[dict[str, Any]]) -> list[str]:
    return [one["matter"] for one in listed]


def test_cron_carries_and_computes_all_and_lists_what_is_open(november: Typist) -> None:
    answer = november("plan", "open", "--month", MONTH, "--format", "json")
    assert answer.code == Exit.DONE_WITH_WARNINGS
    found = answer.data
    made = {one["what"]: one["count"] for one in found["advanced"]}
    valid = SHOPS - 2 + len(NEW)  # one is closed from the start, one closed since
    assert (made["computed"], made["carried"]) == (valid, SHOPS - 2)
    assert "generated" not in made  # the two new shops are not scored
    asked = {one["matter"]: one["subjects"] for one in found["open"]}
    assert (asked["lost"], asked["scores"], asked["demand"]) == (["1002"], list(NEW), ["1001"])
    assert asked["methods"] == ["1023"]
    assert asked["indicators"] == ["volume", "key_brand_growth"]
    assert asked["brand_targets"] == ["P1"]
    assert "satisfaction" in matters(found["later"])
    assert set(asked).isdisjoint(matters(found["later"]))
    again = november("plan", "open", "--month", MONTH, "--format", "json")
    assert (again.data["advanced"], again.data["open"]) == ([], found["open"])


def test_each_open_decision_names_the_command_that_answers_it(november: Typist) -> None:
    """Typed one after another they leave nothing open, and every one of them closes what it was named for."""
    for _round in range(40):
        found = opened(november)
        if not found["open"]:
            break
        first = found["open"][0]
        command = first["command"].replace("REASON", "agreed")
        answer = november(*shlex.split(command)[1:])
        assert answer.code in (0, 3), (command, answer)
        left = [(one["matter"], one["group"]) for one in opened(november)["open"]]
        assert (first["matter"], first["group"]) not in left, command
    else:
        pytest.fail("decisions stay open")
    assert november("plan", "submit", "--month", MONTH).code == 0


def test_a_dry_run_shows_it_all_and_writes_nothing(november: Typist) -> None:
    before = Path("crmkit.db").read_bytes()
    told = opened(november, "--dry-run", fine=(0,))
    assert Path("crmkit.db").read_bytes() == before
    real = opened(november)
    assert (told["open"], told["later"]) == (real["open"], real["later"])
    assert {one["what"] for one in told["advanced"]} == {
        "brand", "market", "computed", "carried", "generated", "strategies", "plan",
    }  # fmt: skip


def test_yes_takes_every_proposal_marks_it_and_never_submits(november: Typist) -> None:
    found = opened(november, "--yes", fine=(0,))
    assert (found["open"], found["states"]) == ([], {"strategies": "draft", "plan": "draft"})
    marks = {one["matter"]: (one["mark"], one["asked"]) for one in found["answers"]}
    assert marks["lost"] == ("taken", False)
    assert marks["satisfaction"] == ("carried", False)
    assert marks["brand_targets"] == ("carried", False)
    scores = november.json("analyze", "show", "--month", MONTH)
    origins = {one["customer"]: one["scores"] for one in scores["customers"]}
    assert {origins[code] for code in NEW} == {"assumed"}
    assert set(origins.values()) == {"assumed", "carried"}
    assert november.json("analyze", "target", "list", "--month", MONTH)
    again = opened(november, "--yes", fine=(0,))
    assert again["advanced"] == []


def test_after_submit_it_says_where_the_month_stands_and_writes_nothing(november: Typist) -> None:
    done = opened(november, "--yes", "--submit", fine=(0,))
    assert done["states"] == {"strategies": "submitted", "plan": "submitted"}
    before = Path("crmkit.db").read_bytes()
    answer = november("plan", "open", "--month", MONTH, "--yes", "--submit")
    assert (answer.code, "Nothing is asked any more" in answer.err) == (0, True)
    assert Path("crmkit.db").read_bytes() == before
    assert november("plan", "open", "--month", MONTH, "--yes", lang="zh").err.startswith("不再询问：服务策略 计划提交")


def test_another_manager_is_refused_and_so_is_a_month_to_come(november: Typist) -> None:
    answer = november("plan", "open", "--month", MONTH, "--manager", "001", actor="002")
    assert (answer.code, "--as 001" in answer.err) == (Exit.FORBIDDEN, True)
    later = november("plan", "open", "--month", "2027-03", "--dry-run")
    assert (later.code, "2027-02 has not begun" in later.err) == (Exit.FORBIDDEN, True)


def test_every_answer_is_one_operation_and_its_undo_asks_again(november: Typist) -> None:
    opened(november)
    before = november.json("db", "log")[0]["op"]
    opened(november, "--take", "brand_targets", "--take", "lost")
    log = november.json("db", "log")
    assert log[0]["op"] == before + 2
    assert [one["arguments"] for one in log[:2]] == ["answer=brand_targets", "answer=lost"]
    assert "brand_targets" not in matters(opened(november)["open"])
    assert november("db", "undo").code == 0
    found = opened(november)
    assert "brand_targets" in matters(found["open"])
    assert "lost" not in matters(found["open"])
    assert november("analyze", "target", "list", "--month", MONTH, "--format", "json").out.count("2026-11") == 0


def test_orders_that_come_late_are_computed_in_and_ask_only_what_moved(november: Typist) -> None:
    opened(november, "--yes", fine=(0,))
    before = {one["customer"]: one["quadrant"] for one in _state(november)}
    lines = [f"L1,{n},2026-10-30,1003,P{n},90,19900.00" for n in range(1, 6)]
    text = "\n".join(["订单号,行号,订货日期,客户编码,商品编码,数量(条),金额(元)", *lines, ""])
    Path("late.csv").write_text(text, encoding="utf-8")
    assert november("import", "late.csv").code == 0
    found = opened(november)
    assert "computed" in [one["what"] for one in found["advanced"]]
    after = {one["customer"]: one["quadrant"] for one in _state(november)}
    moved = {code for code in before if before[code] != after[code]}
    asked = {code for one in found["open"] if one["matter"] in ("up", "down") for code in one["subjects"]}
    assert "1003" in moved
    assert asked <= moved
    assert not set(matters(found["open"])) & {"lost", "methods", "satisfaction", "targets", "demand", "scores"}


def _state(typed: Typist) -> Any:
    return typed.json("analyze", "show", "--month", MONTH)["customers"]


def test_the_first_month_of_a_file_asks_group_by_group(typed: Typist) -> None:
    found = opened(typed)
    scores = [one for one in found["open"] if one["matter"] == "scores"]
    assert len(found["open"]) + len(found["later"]) <= 12
    assert sum(len(one["subjects"]) for one in scores) == SHOPS - 1
    assert [one["group"] for one in scores] == ["low", "middle"]
    assert not set(matters(found["open"])) & {"lost", "up", "down"}
    last = opened(typed, "--yes", fine=(0,))
    marks = {one["matter"]: one["mark"] for one in last["answers"]}
    assert marks["satisfaction"] == "assumed"


def test_shop_by_hand_scored_is_not_asked_about(november: Typist) -> None:
    found = opened(november)
    moved = [code for one in found["open"] if one["matter"] in ("up", "down") for code in one["subjects"]]
    scores = ("display=4", "stock=4", "pricing=4", "recommending=4", "online=4", "lawful=4")
    assert november("analyze", "score", moved[0], *scores, "--month", MONTH).code == 0
    left = [code for one in opened(november)["open"] if one["matter"] in ("up", "down") for code in one["subjects"]]
    assert left == moved[1:]


def test_an_overload_is_never_taken_unseen(november: Typist) -> None:
    """Three days are left: the proposals are taken, the overload is not; a reason accepts it and goes along."""
    november.now = "2026-11-26T08:30"
    Path("crmkit.toml").write_text('policy = "tight.toml"\n', encoding="utf-8")
    Path("tight.toml").write_text('[capacity]\nurban_per_day = 1\nrural_per_day = 1\n', "utf-8")
    found = opened(november, "--yes", fine=(3,))
    assert matters(found["open"]) == ["load"]
    refused = november("plan", "open", "--month", MONTH, "--yes", "--submit")
    assert refused.code == Exit.FORBIDDEN
    done = opened(november, "--accept-shortage", "flu", "--submit", fine=(0,))
    assert done["states"]["plan"] == "submitted"
    assert "flu" in november("plan", "show", "--month", MONTH).out


def test_a_wrong_word_names_the_right_ones(november: Typist) -> None:
    answer = november("plan", "open", "--take", "everything")
    assert (answer.code, "key_line" in answer.err) == (Exit.USAGE, True)


def test_the_shape_of_its_json_is_kept(november: Typist, golden: Any) -> None:
    november("plan", "open", "--month", MONTH, "--take", "lost")
    answer = november("plan", "open", "--month", MONTH, "--format", "json")
    assert answer.schema == "crmkit.month-opening/1"
    golden("opening_schemas.json", json.dumps(shape(answer.data), indent=2, ensure_ascii=False) + "\n")


def test_a_copy_of_the_file_opens_alike(november: Typist, tmp_path: Path) -> None:
    """Same data, same questions."""
    shutil.copy("crmkit.db", tmp_path / "copy.db")
    first = opened(november)
    assert opened(november, "--db", "copy.db")["open"] == first["open"]
    with_store = open_store(tmp_path / "copy.db")
    try:
        assert with_store.value("SELECT count(*) FROM opening_answer WHERE month=?", (MONTH,)) == 0
    finally:
        with_store.close()
