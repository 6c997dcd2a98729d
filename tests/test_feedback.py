"""A month argued about: rejections by line, rounds kept, diffs, what is new since a rejection."""

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import act_at
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from month_examples import BOSS, MONTH, Typist, kept, write_exports
from test_month import drafted, refused, shape, value

from crmkit.commands.typed_lines import lines_of
from crmkit.model.customer import Customer, Frequency
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Refusal
from crmkit.model.feedback import LineFeedback, LinePart, LineValue, PlanLine
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Role
from crmkit.model.strategy import Standing, StrategyAction
from crmkit.rules.feedback import changes_between
from crmkit.sources.policy import shipped_policy
from crmkit.store import changes, customers, people
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow import settle_documents as settling
from crmkit.workflow.compare_rounds import compare_rounds
from crmkit.workflow.edit_strategy import StrategyChange, edit_strategy
from crmkit.workflow.generate_month_plan import change_key, override_frequency
from crmkit.workflow.since_rejection import lines_since_rejection, open_feedback
from crmkit.workflow.undo_operation import undo_operation

OF_MONTH = ("--month", MONTH)
NOVEMBER = Month.parse(MONTH)
POLICY = shipped_policy()
TEAM = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
SHOP = "1006"  # four strategies, ranked


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A month with a drafted plan, nothing submitted."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    assert typist("init", *TEAM).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
    drafted(typist)


def submitted(typed: Typist) -> None:
    assert typed("plan", "submit", *OF_MONTH).code == 0


def rejected(typed: Typist, *lines: str) -> Any:
    words = [word for line in lines for word in ("--line", line)]
    return typed.json("plan", "reject", *OF_MONTH, *words, actor=BOSS)


def names(records: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {(one["customer"], one["part"], one["number"]) for one in records}


def documents_of(typed: Typist, *words: str) -> dict[str, Any]:
    return {one["document"]: one for one in typed.json("plan", "diff", *OF_MONTH, *words)["documents"]}


# the story as it is typed


def test_a_month_argued_about_is_told_from_generated_to_final(typed: Typist) -> None:
    typed("plan", "strategy", SHOP, "--drop", "2", "--reason", "r", *OF_MONTH)
    typed("plan", "frequency", "1002", "weekly", "--reason", "新店主", *OF_MONTH)
    submitted(typed)
    lines = (f"{SHOP}/2：不要放弃", "1002 频率: 每周一次太多", "满意度：定95", "1003 key: 为什么", "1011: 多去")
    back = rejected(typed, *lines)
    assert back["states"] == {"strategies": "draft", "plan": "draft"}
    assert [one["text"] for one in back["feedback"]] == ["不要放弃", "每周一次太多", "定95", "为什么", "多去"]
    shown = typed.json("plan", "show", *OF_MONTH)
    assert {one["text"] for one in shown["feedback"]} == {"不要放弃", "每周一次太多", "定95", "为什么", "多去"}
    assert typed.json("plan", "strategy", SHOP, *OF_MONTH)["feedback"][0]["text"] == "不要放弃"
    assert typed.json("status", *OF_MONTH)["feedback"] == 5
    assert "5 lines have feedback" in typed("status", *OF_MONTH).out
    assert "有 5 条意见待处理" in typed("status", *OF_MONTH, lang="zh").out
    typed("plan", "strategy", SHOP, "--restore", "2", *OF_MONTH)
    typed("plan", "strategies", "--satisfaction", "95", *OF_MONTH)
    typed("plan", "frequency", "1002", "monthly", "--reason", "依审核意见", *OF_MONTH)
    submitted(typed)
    show = ("plan", "show", *OF_MONTH, "--manager", "001")
    seen = {one["document"]: one for one in typed.json(*show, actor=BOSS)["since_rejection"]}
    assert names(seen["strategies"]["changed"]) == {(SHOP, "strategy", 2), (None, "satisfaction", None)}
    assert (("1002", "frequency", None)) in names(seen["plan"]["changed"])
    assert names(seen["plan"]["unanswered"]) == {("1003", "key", None), ("1011", "customer", None)}
    assert typed.json("status", *OF_MONTH)["feedback"] == 0
    assert typed("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    record = documents_of(typed)["strategies"]
    assert [one["decided"]["action"] for one in record["rounds"]] == ["reject", "approve"]
    line = next(one for one in record["lines"] if one["number"] == 2)
    told = [line["original"], *(one["value"] for one in line["rounds"]), line["now"]]
    assert [one["value"] for one in told] == ["open", "dropped", "open", "open"]
    assert [(one["round"], one["text"], one["actor"]) for one in line["feedback"]] == [(1, "不要放弃", BOSS)]
    line = next(one for one in documents_of(typed)["plan"]["lines"] if names([one]) == {("1002", "frequency", None)})
    told = [line["original"], *(one["value"] for one in line["rounds"])]
    assert [one["value"] for one in told] == ["monthly", "weekly", "monthly"]
    assert [one["of"] for one in told] == ["rank", "override", "override"]


def test_a_withdrawn_round_is_none_however_it_was_taken_back(typed: Typist) -> None:
    counted = "SELECT count(*) FROM submitted_line"
    for back in (("plan", "withdraw", *OF_MONTH), ("db", "undo")):
        submitted(typed)
        assert value(typed, counted)
        assert typed(*back).code == 0
        assert value(typed, counted) == 0
        assert [one["rounds"] for one in documents_of(typed).values()] == [[], []]
    submitted(typed)
    rejected(typed, f"{SHOP}: nein")
    kept = value(typed, counted)
    submitted(typed)
    assert typed("db", "undo").code == 0
    assert value(typed, counted) == kept
    assert [one["number"] for one in typed.json("plan", "strategy", SHOP, *OF_MONTH)["strategies"]] == [1, 2, 3, 4]
    assert [len(one["rounds"]) for one in documents_of(typed).values()] == [1, 1]
    assert [one["text"] for one in typed.json("plan", "show", *OF_MONTH)["feedback"]] == ["nein"]


def test_a_rejection_of_the_plan_alone_takes_no_word_on_a_strategy(typed: Typist) -> None:
    submitted(typed)
    call = ("plan", "reject", *OF_MONTH, "--only", "plan")
    refused(
        typed, *call, "--line", f"{SHOP}/1: x", because="service strategies is submitted", way_out="plan show",
        actor=BOSS,
    )  # fmt: skip
    assert typed(*call, "--line", f"{SHOP} key: x", actor=BOSS).code == 0
    refused(typed, "plan", "strategy", SHOP, "--drop", "1", "--reason", "r", *OF_MONTH,
            because="submitted", way_out="plan withdraw")  # fmt: skip


def test_a_whole_rejection_needs_a_reason_a_rejection_by_line_brings_its_own(typed: Typist) -> None:
    submitted(typed)
    assert typed("plan", "reject", *OF_MONTH, actor=BOSS).code == 2
    before = value(typed, "SELECT count(*) FROM operation")
    dry = typed.json("plan", "reject", *OF_MONTH, "--line", f"{SHOP}/1: x", "--dry-run", actor=BOSS)
    assert value(typed, "SELECT count(*) FROM operation") == before
    done = rejected(typed, f"{SHOP}/1: x")
    assert {**done, "dry_run": True} == dry
    assert value(typed, "SELECT max(reason) FROM transition") == f"{SHOP}/1: x"
    assert typed.json("status", *OF_MONTH)["rejected"] == f"{SHOP}/1: x"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("9999: x", 5, "CUSTOMER/N"),
        (f"{SHOP} what: x", 5, f"{SHOP}/1"),
        (f"{SHOP}/9: x", 5, "1, 2, 3, 4"),
        ("小店1: x", 5, "1010"),  # ambiguous: the candidates
        ("1024: x", 6, "not among the valid customers"),  # closed: on no list
        ("1025: x", 6, "not among the valid customers"),  # another manager's
        (f"{SHOP}", 2, "--line"),
        (f"{SHOP}:", 2, "--line"),
        (": x", 2, "--line"),
        (f"{SHOP}: {'x' * 1001}", 2, "--line"),
    ],
)
def test_lines_that_are_none_are_refused_with_candidates(typed: Typist, line: str, code: int, said: str) -> None:
    submitted(typed)
    before = (typed.folder / "crmkit.db").read_bytes()
    answer = typed("plan", "reject", *OF_MONTH, "--line", line, actor=BOSS)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert (typed.folder / "crmkit.db").read_bytes() == before


@pytest.mark.parametrize(
    ("typed_line", "reading"),
    [
        ("1003: r", ("1003", LinePart.CUSTOMER, 0)),
        ("1003：r", ("1003", LinePart.CUSTOMER, 0)),
        ("1003/2: r", ("1003", LinePart.STRATEGY, 2)),
        ("1003／2：r", ("1003", LinePart.STRATEGY, 2)),
        ("红旗超市 策略2：r", ("红旗超市", LinePart.STRATEGY, 2)),
        ("红旗超市的策略 2 条：r", ("红旗超市", LinePart.STRATEGY, 2)),
        ("红旗超市第2条：r", ("红旗超市", LinePart.STRATEGY, 2)),
        ("red flag strategy 2: r", ("red flag", LinePart.STRATEGY, 2)),
        ("1003 key: r", ("1003", LinePart.KEY, 0)),
        ("1003　重点：r", ("1003", LinePart.KEY, 0)),
        ("1003的拜访频率：r", ("1003", LinePart.FREQUENCY, 0)),
        ("1003 Frequency: r", ("1003", LinePart.FREQUENCY, 0)),
        ("monkey: r", ("monkey", LinePart.CUSTOMER, 0)),
        ("满意度：r", ("", LinePart.SATISFACTION, 0)),
        ("Satisfaction: r", ("", LinePart.SATISFACTION, 0)),
        ("存在问题：r", ("", LinePart.PROBLEMS, 0)),
        ("工作重点：r", ("", LinePart.FOCUS, 0)),
    ],
)
def test_a_line_is_read_as_people_write_it(typed_line: str, reading: tuple[str, LinePart, int]) -> None:
    (line,) = lines_of([typed_line])
    assert line.readings[0] == reading
    assert line.text == "r"


def test_what_is_said_may_hold_colons_and_both_kinds_of_them() -> None:
    first, second = lines_of(["1003: a：b: c", "1003：a: b：c"])
    assert (first.text, second.text) == ("a：b: c", "a: b：c")


# any sequence of changes


@pytest.fixture(scope="module")
def drafted_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a drafted month, made once."""
    folder = tmp_path_factory.mktemp("drafted")
    with pytest.MonkeyPatch.context() as patch:
        typist = Typist.__new__(Typist)
        typist.folder, typist._monkeypatch, typist._seen = folder, patch, 0
        typist._capsys = _NoCapture()  # type: ignore[assignment]
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "settings"))
        typist.actor, typist.now = "001", "2026-10-30T18:00"
        assert typist("init", *TEAM).code == 0
        write_exports(folder)
        assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0
        drafted(typist)
    return folder / "crmkit.db"


class _NoCapture:
    """Nobody reads what these commands say."""

    def readouterr(self) -> Any:
        return type("Said", (), {"out": "", "err": ""})


SHOPS = ["1002", "1006", "1010", "1003"]
STEP = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(SHOPS), st.integers(1, 4), st.sampled_from(["甲", "乙"])),
    st.tuples(st.sampled_from(["drop", "restore"]), st.sampled_from(SHOPS), st.integers(1, 4)),
    st.tuples(st.just("add"), st.sampled_from(SHOPS), st.sampled_from(["丙", "丁"])),
    st.tuples(st.just("key"), st.sampled_from(SHOPS), st.sampled_from([Standing.ADDED, Standing.REMOVED])),
    st.tuples(st.just("frequency"), st.sampled_from(SHOPS), st.sampled_from(list(Frequency))),
    st.tuples(st.just("submit")),
    st.tuples(st.just("reject"), st.sampled_from(SHOPS), st.sampled_from(list(LinePart)[:4])),
    st.tuples(st.sampled_from(["withdraw", "undo", "undo"])),
)


class Walk:
    """The program's month beside raw copies of its tables, taken by this test at each submit."""

    def __init__(self, store: Store) -> None:
        self.store, self.manager = store, people.named(store, "001")[0]
        self.original = self.raw()
        self.began = changes.newest_of(store, "001") or 0
        self.rounds: list[dict[Any, Any]] = []
        self.popped: list[dict[Any, Any]] = []
        self.said: list[tuple[int, Any, str]] = []
        self.up = False

    def raw(self) -> dict[Any, Any]:
        """Every line of both documents as the tables have it."""
        found: dict[Any, Any] = {}
        for code, number, state, of, text in self.store.rows(
            "SELECT c.code, s.number, s.state, s.code||' '||s.cause, s.text FROM strategy s JOIN customer c "
            "ON c.id=s.customer WHERE c.manager=? AND s.month=?", (self.manager.id, MONTH),
        ):  # fmt: skip
            found[code, "strategy", number] = (state, of, text)
        for code, standing, note in self.store.rows(
            "SELECT c.code, k.standing, k.note FROM key_candidate k JOIN customer c ON c.id=k.customer WHERE k.month=?",
            (MONTH,),
        ):
            found[code, "key", 0] = (standing, "", note)
        for code, *cells in self.store.rows(
            "SELECT c.code, f.frequency, f.source, f.note FROM frequency_line f JOIN customer c ON c.id=f.customer "
            "WHERE f.month=?", (MONTH,),
        ):  # fmt: skip
            found[code, "frequency", 0] = tuple(cells)
        found["", "satisfaction", 0] = ("90", "", None)
        return found

    def act(self, actor: str = "001") -> Act:
        role = Role.MARKET_MANAGER if actor == BOSS else Role.CUSTOMER_MANAGER
        return replace(act_at("2026-10-30", actor=actor), role=role)

    def shop(self, code: str) -> Customer:
        found = customers.with_code(self.store, code)
        assert found
        return found

    def step(self, step: tuple[Any, ...]) -> None:
        """Do one step; what is refused must have changed nothing."""
        before = self.raw()
        try:
            getattr(self, f"do_{step[0]}", self.do_change)(*step)
        except Refusal:
            assert self.raw() == before
        if step[0] not in ("submit", "reject", "withdraw", "undo") and self.up:
            assert self.raw() == before, "nothing changes after submit"

    def do_change(self, verb: str, code: str, *more: Any) -> None:
        common = (self.store, self.act(), POLICY, self.manager, NOVEMBER, self.shop(code))
        if verb == "key":
            change_key(*common, more[0], "key reason")
        elif verb == "frequency":
            override_frequency(*common, more[0], "frequency reason")
        elif verb == "add":
            edit_strategy(*common, StrategyChange(StrategyAction.ADD, "r", text=more[0]))
        else:
            text = more[1] if verb == "edit" else None
            edit_strategy(*common, StrategyChange(StrategyAction(verb), "r", more[0], text))

    def do_submit(self, _verb: str) -> None:
        now = self.raw()
        settling.submit(self.store, self.act(), POLICY, self.manager, NOVEMBER, accept_shortage="r")
        self.rounds.append(now)
        self.up = True

    def do_withdraw(self, _verb: str) -> None:
        settling.withdraw(self.store, self.act(), POLICY, self.manager, NOVEMBER)
        self.popped.append(self.rounds.pop())
        self.up = False

    def do_undo(self, _verb: str) -> None:
        if (changes.newest_of(self.store, "001") or 0) <= self.began:
            return  # what the month was drafted with stays
        undo_operation(self.store, self.act())
        state = self.store.value("SELECT state FROM document WHERE kind='strategies' AND month=?", (MONTH,))
        if self.up and state == "draft":  # a submission was undone
            self.popped.append(self.rounds.pop())
        elif not self.up and state == "submitted":  # a withdrawal was undone
            self.rounds.append(self.popped.pop())
        self.up = state == "submitted"

    def do_reject(self, _verb: str, code: str, part: LinePart) -> None:
        number = 1 if part is LinePart.STRATEGY else 0
        line = LineFeedback(PlanLine(code, part, number), f"about {code}")
        common = (self.store, self.act(BOSS), POLICY, self.manager, NOVEMBER)
        settling.reject(*common, reason="because", lines=[line])
        self.said.append((len(self.rounds), (code, part.value, number), line.text))
        self.up = False


def told(value_: LineValue | None) -> Any:
    return None if value_ is None else (value_.value, value_.of, value_.text)


@settings(
    max_examples=6, deadline=None, phases=(Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_the_rounds_of_any_walk_are_those_a_slow_copy_kept(drafted_file: Path, steps: list[tuple[Any, ...]]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copy(drafted_file, folder / "crmkit.db")
        store = open_store(folder / "crmkit.db")
        try:
            _walk(Walk(store), steps)
        finally:
            store.close()
    finally:
        shutil.rmtree(folder)


def _walk(walk: Walk, steps: list[tuple[Any, ...]]) -> None:
    for step in steps:
        walk.step(step)
    now = walk.rounds[-1] if walk.up else walk.raw()
    found = compare_rounds(walk.store, POLICY, walk.manager, NOVEMBER, act_at("2026-10-30").today)
    stories = {
        (one.line.customer, one.line.part.value, one.line.number): one
        for document in found.documents
        for one in document.stories
    }
    feedback = {name for _round, name, _text in walk.said}
    generated = {name: cells for name, cells in walk.original.items() if name[1] != "satisfaction"}
    assert stories.keys() == generated.keys() | now.keys() | {n for one in walk.rounds for n in one} | feedback
    for name, story in stories.items():
        assert told(story.original) == generated.get(name), name
        assert [told(one) for one in story.rounds.values()] == [one.get(name) for one in walk.rounds]
        assert told(story.now) == now.get(name)
        assert [(one.round, one.text) for one in story.feedback] == [(r, t) for r, n, t in walk.said if n == name]
    _check_news(walk, now)


def _check_news(walk: Walk, now: dict[Any, Any]) -> None:
    news = lines_since_rejection(walk.store, walk.manager, NOVEMBER)
    if not walk.said:
        assert news == ()
        return
    last = walk.said[-1][0]
    before = walk.rounds[last - 1]
    expected = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    changes = [one for each in news for one in each.changes]
    assert {(one.line.customer, one.line.part.value, one.line.number) for one in changes} == expected
    waiting = open_feedback(walk.store, walk.manager, NOVEMBER)
    assert [one.text for one in waiting] == ([] if walk.up else [text for r, _n, text in walk.said if r == last])


# the rules alone

LINE = st.builds(PlanLine, st.sampled_from(["", "1", "2"]), st.sampled_from(list(LinePart)), st.integers(0, 2))
LINES = st.dictionaries(LINE, st.builds(LineValue, st.sampled_from(["a", "b"])), max_size=5)
SAID = st.lists(st.builds(LineFeedback, LINE, st.sampled_from(["x", "y"])), max_size=4)


@given(LINES, LINES, SAID)
def test_changes_and_unanswered_feedback_equal_a_slow_comparison(
    before: dict[PlanLine, LineValue], after: dict[PlanLine, LineValue], said: list[LineFeedback]
) -> None:
    moved, unmoved = changes_between(before, after, said)
    everything = set(before) | set(after)
    expected = [name for name in everything if before.get(name) != after.get(name)]
    assert sorted(one.line for one in moved) == sorted(expected)
    answered = set(expected) | {PlanLine(one.customer, LinePart.CUSTOMER) for one in expected}
    kept = [PlanLine(one.line.customer, one.line.part, one.line.number) for one in unmoved]
    waits = {
        one.line
        for one in said
        if one.line not in expected
        and not (one.line.part is LinePart.CUSTOMER and one.line.customer in {each.customer for each in answered})
    }
    assert set(kept) == waits
    assert len(kept) == len(set(kept))
    for one in (*moved, *unmoved):
        assert [each.text for each in one.feedback] == [each.text for each in said if each.line == one.line]


# shapes


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(typed: Typist, request: pytest.FixtureRequest) -> None:
    typed("plan", "strategy", SHOP, "--drop", "2", "--reason", "r", *OF_MONTH)
    submitted(typed)
    shapes = {"documents/1": shape(rejected(typed, f"{SHOP}/2: x", f"{SHOP} key: y"))}
    added = typed.json("plan", "strategy", SHOP, "--add", "甲", "--reason", "r", *OF_MONTH)
    shapes["customer-strategies/1 changed"] = shape(added)
    for schema, words in (
        ("plan-diff/1", ("plan", "diff", *OF_MONTH)),
        ("customer-strategies/1", ("plan", "strategy", SHOP, *OF_MONTH)),
        ("month-plan/1", ("plan", "show", *OF_MONTH)),
    ):
        english, chinese = (typed(*words, "--format", "json", lang=lang) for lang in ("en", "zh"))  # type: ignore[arg-type]
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    request.getfixturevalue("golden")("feedback_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


def test_kinds_have_each_their_lines() -> None:
    assert {part for part in LinePart if PlanLine("1", part).kind is DocumentKind.STRATEGIES} == {
        LinePart.STRATEGY, LinePart.SATISFACTION,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "tsv", "md", "html", "plain", "ndjson"])
def test_every_page_has_every_format(typed: Typist, form: str) -> None:
    submitted(typed)
    rejected(typed, f"{SHOP}/2: x")
    for words in (("plan", "diff"), ("plan", "diff", "--all"), ("plan", "strategy", SHOP), ("plan", "show")):
        answer = typed(*words, *OF_MONTH, "--format", form)
        assert answer.code == 0, answer
        assert answer.out


def test_a_month_submitted_before_rounds_were_kept_can_still_be_argued_about(typed: Typist) -> None:
    """As an older crmkit left it: submitted, and nothing known of its lines."""
    submitted(typed)
    store = open_store(typed.folder / "crmkit.db")
    with store.operation(act_at("2026-10-30")):
        store.execute("DELETE FROM submitted_line")
    store.close()
    assert [one["rounds"][0]["kept"] for one in documents_of(typed).values()] == [False, False]
    assert "were not kept" in typed("plan", "diff", *OF_MONTH).out
    rejected(typed, f"{SHOP}/2: x")
    assert [one["text"] for one in typed.json("plan", "show", *OF_MONTH)["feedback"]] == ["x"]
    typed("plan", "strategy", SHOP, "--drop", "2", "--reason", "r", *OF_MONTH)
    submitted(typed)
    assert [[one["kept"] for one in document["rounds"]] for document in documents_of(typed).values()] == [
        [False, True], [False, True],
    ]  # fmt: skip
    assert typed("plan", "approve", *OF_MONTH, actor=BOSS).code == 0
    line = next(one for one in documents_of(typed)["strategies"]["lines"] if one["number"] == 2)
    assert (line["original"]["value"], line["now"]["value"], line["feedback"][0]["round"]) == ("open", "dropped", 1)
