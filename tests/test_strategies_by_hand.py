"""Strategies a person changes: numbers that stay, hand edits that outlive generating anew, nothing after submit."""

from pathlib import Path

import pytest
from conftest import act_at
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from month_examples import BOSS, MONTH, OTHER, SHOPS, Typist, kept, write_exports
from test_month import drafted, refused, value

from crmkit.model.errors import Refusal
from crmkit.model.month import Month
from crmkit.model.strategy import Strategy, StrategyAction, StrategyEdit, StrategyOrigin, StrategyState
from crmkit.rules.strategies_by_hand import added, changed, key_of, numbered, regenerated
from crmkit.store.connection import in_memory
from crmkit.store.migrating import STEPS, apply_pending

OF_MONTH = ("--month", MONTH)
SHOP = "1006"  # four strategies, ranked


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A month with a drafted plan, nothing submitted."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    drafted(typist)


def strategy(typed: Typist, *words: str, shop: str = SHOP) -> dict[str, object]:
    return dict(typed.json("plan", "strategy", shop, *words, *OF_MONTH))


def listed(typed: Typist, shop: str = SHOP) -> list[dict[str, object]]:
    return strategy(typed, shop=shop)["strategies"]  # type: ignore[return-value]


def frequencies(typed: Typist) -> dict[str, str]:
    lines = typed.json("plan", "show", *OF_MONTH)["frequencies"]
    return {line["customer"]: line["frequency"] for line in lines}


# as typed


def test_numbers_are_those_of_the_list_and_stay_when_one_is_dropped(typed: Typist) -> None:
    before = listed(typed)
    assert [one["number"] for one in before] == list(range(1, len(before) + 1))
    strategy(typed, "--drop", "1", "--reason", "已解决")
    after = listed(typed)
    assert [one["number"] for one in after] == [one["number"] for one in before]
    dropped = after[0]
    assert (dropped["state"], dropped["reason"], dropped["actor"]) == ("dropped", "已解决", "001")
    assert str(dropped["at"]).startswith("2026-10-30T18:00")
    assert strategy(typed)["counted"] == len(before) - 1


def test_an_added_one_is_of_hand_counts_and_moves_the_frequencies_in_the_same_operation(typed: Typist) -> None:
    operations = value(typed, "SELECT count(*) FROM operation")
    before = frequencies(typed)
    lowest = next(shop for shop, frequency in sorted(before.items()) if frequency == "monthly")
    moved = []
    for n in range(9):
        done = strategy(typed, "--add", f"上门教他用订货软件 {n}", "--reason", "本人要求", shop=lowest)
        moved += done["frequencies"]  # type: ignore[operator]
    after = frequencies(typed)
    assert after[lowest] == "weekly"
    turned = dict(before)
    for one in moved:
        assert turned[one["customer"]] == one["before"]
        turned[one["customer"]] = one["after"]
    assert turned == after, "old → new, told one by one, is the way from the list before to the list after"
    assert value(typed, "SELECT count(*) FROM operation") == operations + 9
    hand = [one for one in listed(typed, lowest) if one["origin"] == "hand"]
    assert [one["reason"] for one in hand] == ["本人要求"] * 9
    for _n in range(9):
        assert typed("db", "undo").code == 0
    assert frequencies(typed) == before
    assert not [one for one in listed(typed, lowest) if one["origin"] == "hand"]


def test_generating_anew_keeps_what_was_changed_by_hand_and_says_so(typed: Typist) -> None:
    strategy(typed, "--add", "带新品样品去", "--reason", "答应过")
    strategy(typed, "--edit", "1", "--text", "每周看一次陈列", "--reason", "更具体")
    strategy(typed, "--drop", "2", "--reason", "不需要")
    before = listed(typed)
    assert typed("analyze", "score", SHOP, "陈列=1", *OF_MONTH).code == 0
    assert typed("analyze", "generate", *OF_MONTH).code == 0
    answer = typed("plan", "strategies", *OF_MONTH)
    assert "added 1, reworded 1, dropped 1" in answer.out
    assert "增加 1 条，修改 1 条，放弃 1 条" in typed("plan", "strategies", *OF_MONTH, lang="zh").out
    after = {one["number"]: one for one in listed(typed)}
    for one in before:
        if one["action"]:
            assert after[one["number"]] == one
    came = [one for one in after.values() if one["code"] == "low.display"]
    assert len(came) == 1
    assert came[0]["number"] not in {one["number"] for one in before}


def test_a_change_taken_back_stands_as_it_was_generated(typed: Typist) -> None:
    before = [(one["number"], one["text"], one["state"]) for one in listed(typed)]
    strategy(typed, "--edit", "1", "--text", "甲", "--reason", "r")
    strategy(typed, "--edit", "1", "--text", "乙", "--reason", "r")
    strategy(typed, "--drop", "1", "--reason", "r")
    strategy(typed, "--restore", "1")
    assert listed(typed)[0]["text"] == "乙"
    strategy(typed, "--restore", "1")
    assert [(one["number"], one["text"], one["state"]) for one in listed(typed)] == before
    call = ("plan", "strategy", SHOP, "--restore", "1", *OF_MONTH)
    refused(typed, *call, because="nothing to take back", way_out="--edit 1")


def test_what_was_done_before_is_no_operation(typed: Typist) -> None:
    strategy(typed, "--add", "甲", "--reason", "r")
    strategy(typed, "--drop", "1", "--reason", "r")
    operations = value(typed, "SELECT count(*) FROM operation")
    assert strategy(typed, "--add", "甲", "--reason", "again")["unchanged"] is True
    assert strategy(typed, "--drop", "1", "--reason", "again")["unchanged"] is True
    assert value(typed, "SELECT count(*) FROM operation") == operations


@pytest.mark.parametrize("words", [("--add", "甲"), ("--edit", "1", "--text", "甲"), ("--drop", "1")])
def test_a_dry_run_says_the_same_and_writes_nothing(typed: Typist, words: tuple[str, ...]) -> None:
    before = (typed.folder / "crmkit.db").read_bytes()
    dry = strategy(typed, *words, "--reason", "r", "--dry-run")
    assert (typed.folder / "crmkit.db").read_bytes() == before
    assert {**strategy(typed, *words, "--reason", "r"), "dry_run": True} == dry


CHANGES = [("--add", "甲"), ("--edit", "1", "--text", "甲"), ("--drop", "1"), ("--restore", "1")]


@pytest.mark.parametrize("words", CHANGES)
def test_nothing_changes_after_submit(typed: Typist, words: tuple[str, ...]) -> None:
    strategy(typed, "--drop", "1", "--reason", "r")
    assert typed("plan", "submit", *OF_MONTH).code == 0
    call = ("plan", "strategy", SHOP, *words, "--reason", "r", *OF_MONTH)
    refused(typed, *call, because="submitted", way_out=f"crmkit plan withdraw --month {MONTH}")
    assert typed("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    refused(typed, *call, because="approved", way_out="crmkit status --month 2026-12")


@pytest.mark.parametrize("words", CHANGES[:3])
def test_a_change_needs_a_reason_and_the_month_of_the_actor(typed: Typist, words: tuple[str, ...]) -> None:
    call = ("plan", "strategy", SHOP, *words, *OF_MONTH)
    refused(typed, *call, because="needs a reason", way_out=f"crmkit plan strategy {SHOP} --month {MONTH} {words[0]}")
    foreign = (*call, "--reason", "r", "--manager", "001")
    refused(typed, *foreign, because="its own customer manager", way_out="--as 001", actor=OTHER)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--drop", "77", "--reason", "r"), 5),
        (("--drop", "1", "--restore", "1"), 2),
        (("--edit", "1", "--reason", "r"), 2),
        (("--text", "甲", "--reason", "r"), 2),
        (("--add", "  ", "--reason", "r"), 2),
        (("--add", "甲" * 401, "--reason", "r"), 2),
        (("--add", "甲", "--reason", "r" * 401), 2),
        (("--reason", "r"), 2),
    ],
)
def test_slips_are_refused(typed: Typist, words: tuple[str, ...], code: int) -> None:
    before = (typed.folder / "crmkit.db").read_bytes()
    answer = typed("plan", "strategy", SHOP, *words, *OF_MONTH)
    assert (answer.code, answer.out) == (code, "")
    assert (typed.folder / "crmkit.db").read_bytes() == before


def test_a_dropped_one_is_not_on_the_sheet_and_cannot_be_done(typed: Typist) -> None:
    strategy(typed, "--drop", "1", "--reason", "r")
    rest = [one["number"] for one in listed(typed)][1:]
    assert typed("plan", "submit", *OF_MONTH).code == 0
    assert typed("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    visits = typed.json("plan", "visits", *OF_MONTH)["visits"]
    day = next(visit["date"] for visit in visits if visit["customer"] == SHOP)
    typed.now = f"{day}T18:00"
    sheet = typed.json("visit", "sheet", "--date", day, "--no-mark")
    stop = next(one for one in [*sheet["stops"], *sheet["calls"]] if one["customer"]["code"] == SHOP)
    assert [task["number"] for task in stop["tasks"]] == rest
    assert typed("visit", "log", SHOP, "--date", day, "--done", "1", "--effect", "好").code == 5
    assert typed("visit", "log", SHOP, "--date", day, "--done", str(rest[0]), "--effect", "好").code == 0


# the rules

ONE = st.builds(
    Strategy,
    customer=st.integers(1, 2),
    code=st.sampled_from(["keep", "weak.a", "demand.x"]),
    origin=st.sampled_from([StrategyOrigin.QUADRANT, StrategyOrigin.CARRIED]),
    cause=st.sampled_from(["p", "q"]),
    text=st.sampled_from([None, "last month's words"]),
)
FRESH = st.lists(ONE, max_size=6, unique_by=key_of)
STEP = st.one_of(
    FRESH,
    st.tuples(st.sampled_from(["edit", "drop", "restore"]), st.integers(0, 5), st.sampled_from(["A", "B"])),
    st.tuples(st.just("add"), st.integers(1, 2), st.sampled_from(["C", "D"])),
)


def walked(
    steps: list[object], standing: list[Strategy], edits: list[StrategyEdit]
) -> tuple[list[Strategy], list[tuple[object, list[Strategy], list[Strategy]]]]:
    """Every step done as the workflow does it; each with what stood before and after."""
    story = []
    for step in steps:
        before = list(standing)
        if isinstance(step, list):
            standing = stored(regenerated(step, standing, edits))
        elif step[0] == "add":  # type: ignore[index]
            _verb, customer, text = step  # type: ignore[misc]
            mine = [one for one in standing if one.customer == customer]
            made = added(mine, customer, Month(2026, 11), text, ())
            if not made.id:
                standing = stored([*standing, made])
                edits.append(StrategyEdit(*key_of(made), StrategyAction.ADD, "r", "001", "t"))
        elif standing:
            verb, at, text = step  # type: ignore[misc]
            one = standing[at % len(standing)]
            mine = [other for other in standing if other.customer == one.customer]
            try:
                old, new = changed(mine, edits, one.number, StrategyAction(verb), text)
            except Refusal:  # nothing changes
                continue
            standing = [new if other == old else other for other in standing]
            if old != new:
                edits.append(StrategyEdit(*key_of(one), StrategyAction(verb), "r", "001", "t", before=old.text))
        story.append((step, before, list(standing)))
    return standing, story


def stored(listed: list[Strategy] | tuple[Strategy, ...]) -> list[Strategy]:
    """As the store gives them back: every one with an id."""
    taken = max((one.id for one in listed), default=0)
    kept = []
    for one in listed:
        if not one.id:
            taken += 1
        kept.append(Strategy(*[getattr(one, name) for name in FIELDS], id=one.id or taken, number=one.number))
    return kept


FIELDS = ("customer", "code", "origin", "cause", "text", "state")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(STEP, max_size=14))
def test_numbers_stay_and_hand_work_is_never_lost_by_generating(steps: list[object]) -> None:
    _standing, story = walked(steps, [], [])
    touched: dict[tuple[int, str, str], Strategy] = {}
    for step, before, after in story:
        numbers = [(one.customer, one.number) for one in after]
        assert len(set(numbers)) == len(numbers)
        assert all(number > 0 for _customer, number in numbers)
        known = {key_of(one): one for one in after}
        for one in before:
            if key_of(one) in known:
                assert known[key_of(one)].number == one.number
        if not isinstance(step, list):
            for one in after:
                if one not in before:
                    touched[key_of(one)] = one
            continue
        assert {key_of(one) for one in step} <= known.keys()
        for key, one in touched.items():
            if one.origin is StrategyOrigin.HAND or one.text in ("A", "B"):
                assert known[key].text == one.text
            if one.origin is StrategyOrigin.HAND or one.state is StrategyState.DROPPED or one.text in ("A", "B"):
                assert known[key].state == one.state


def test_two_shops_that_became_one_have_no_number_twice() -> None:
    both = [Strategy(1, "keep", StrategyOrigin.QUADRANT, str(n), id=n, number=1 + n % 2) for n in range(1, 5)]
    assert sorted(numbered(both)) == [1, 2, 3, 4]
    assert [numbered(both)[n].id for n in (2, 1)] == [1, 2]
    assert sorted(numbered(both, reserved=(3, 4))) == [1, 2, 5, 6]


def test_the_typed_month_has_every_shop(typed: Typist) -> None:
    assert len(frequencies(typed)) == SHOPS - 1


def test_an_older_file_gives_each_strategy_the_digit_its_sheets_had() -> None:
    store = in_memory()
    apply_pending(store, steps=STEPS[:5])
    rows = [(1, MONTH, "b"), (2, MONTH, "a"), (1, MONTH, "a"), (1, "2026-12", "a"), (1, MONTH, "c")]
    sql = "INSERT INTO strategy(customer, month, code, origin, cause) VALUES (?,?,?,'quadrant','x')"
    with store.operation(act_at("2026-10-30")):
        store.execute("INSERT INTO customer(code, name) VALUES ('1', 'one'), ('2', 'two')")
        store.executemany(sql, rows)
    apply_pending(store, steps=STEPS[:6])
    assert [number for (number,) in store.rows("SELECT number FROM strategy ORDER BY id")] == [1, 1, 2, 1, 3]
