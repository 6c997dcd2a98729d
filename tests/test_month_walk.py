"""A month walked at random by five people, in its own file and through packages, against a slow model.

The model knows only what method.md says of the two documents. Real SQLite, real workflows, real files: some packages
and answers are lost (never received), some come twice, late, altered, or to a submission that stands no longer.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import act_at
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from crmkit.model.customer import Frequency
from crmkit.model.document import DocumentAction, DocumentKind
from crmkit.model.errors import Exit, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.strategy import Standing
from crmkit.sources.policy import shipped_policy
from crmkit.store import checking, customers, operating, people, stand_ins
from crmkit.store.opening import create_store, open_store
from crmkit.workflow import settle_documents as settling
from crmkit.workflow.acting import refuse_foreign
from crmkit.workflow.generate_month_plan import change_key, generate_month_plan, override_frequency
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.receive_answer import receive_answer
from crmkit.workflow.review_package import answer_package, decider_in, sent_month
from crmkit.workflow.send_package import send_package, submit_as_package
from crmkit.workflow.undo_operation import undo_operation

MONTH, DAY = Month(2026, 11), "2026-10-30"
POLICY = shipped_policy("standard")
OWN, DEPUTY, OTHER, BOSS, BRAND = "001", "003", "002", "M01", "B01"
ROLES = {
    OWN: Role.CUSTOMER_MANAGER,
    OTHER: Role.CUSTOMER_MANAGER,
    DEPUTY: Role.CUSTOMER_MANAGER,
    BOSS: Role.MARKET_MANAGER,
    BRAND: Role.BRAND_MANAGER,
}
S, P = "strategies", "plan"
CONTENT = ("strategy", "problem", "key_candidate", "frequency_line", "score", "operating")
# most do what they may, so that walks get far; approval ends a walk, so it is the rarer decision
ACTORS = st.sampled_from([OWN, OWN, OWN, OWN, DEPUTY, DEPUTY, BOSS, OTHER, BRAND])
DECIDERS = st.sampled_from([BOSS, BOSS, BOSS, BOSS, OWN, DEPUTY, OTHER, BRAND])
APPROVES = st.sampled_from([False, False, False, True])
KINDS = st.sampled_from([(S, P), (S, P), (S,), (P,)])
States = dict[str, str]


def act_of(actor: str, command: str = "test") -> Act:
    return replace(act_at(DAY, actor=actor, command=command), role=ROLES[actor])


@cache
def template() -> Path:
    """A file with four shops, strategies and a drafted plan; 003 stands in for 001."""
    path = Path(tempfile.mkdtemp()) / "crmkit.db"
    store = create_store(path)
    with store.operation(act_at(DAY)):
        for code, role in ROLES.items():
            people.add(store, code, f"name {code}", role)
        keys = {one.code: one.id for one in people.everyone(store)}
        stand_ins.add(store, keys[OWN], keys[DEPUTY], date(2026, 10, 1), date(2026, 12, 31))
        for number in range(1, 5):
            sql = "INSERT INTO customer(code, name, manager, visit_method) VALUES (?, ?, ?, 'onsite')"
            store.execute(sql, (f"C{number}", f"shop {number}", keys[OWN]))
            for code in range(number):
                sql = "INSERT INTO strategy(customer, month, code, origin, cause) VALUES (?, '2026-11', ?, 'hand', 'x')"
                store.execute(sql, (number, f"hand{code}"))
        operating.set_state(store, keys[OWN], MONTH, "generated")
    manager = people.named(store, OWN)[0]
    generate_strategies(store, act_of(OWN), POLICY, manager, MONTH, Decimal(90))
    generate_month_plan(store, act_of(OWN), POLICY, manager, MONTH)
    store.close()
    return path


def told(states: States, action: str, kinds: tuple[str, ...]) -> States | None:
    """What the two documents become by an action on exactly these; None where that is not allowed."""
    now = dict(states)
    for kind in sorted(kinds, reverse=action in ("submit", "approve")):  # strategies first, or plan first
        if action == "submit":
            if now[kind] != "draft" or (kind == P and now[S] == "draft"):
                return None
            now[kind] = "submitted"
        elif action == "approve":
            if now[kind] == "draft":
                return None
            now[kind] = "approved"
        elif now[kind] != "submitted" or (kind == S and now[P] == "approved"):
            return None
        else:
            now[kind] = "draft"
            if kind == S:
                now[P] = "draft"
    return now


@dataclass
class Package:
    """What left: the states then, which submission of each waiting document it carries."""

    path: Path
    states: States
    rounds: dict[str, int]


@dataclass
class Reply:
    path: Path
    package: Package
    action: str
    kinds: tuple[str, ...]
    taken: bool = False  # it did something once


@dataclass
class Done:
    """One operation in the model's own journal."""

    seq: int
    actor: str
    what: str
    before: dict[str, Any]
    after: dict[str, Any]
    kinds: tuple[str, ...] = ()
    undone: bool = False


class Walk(RuleBasedStateMachine):
    """Two files: `store` has the month, `theirs` is the market manager's own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        for name in ("his.db", "theirs.db"):
            shutil.copy(template(), self.folder / name)
        self.store, self.theirs = open_store(self.folder / "his.db"), open_store(self.folder / "theirs.db")
        self.manager: Person = people.named(self.store, OWN)[0]
        self.states: States = {S: "draft", P: "draft"}
        self.round = {S: 0, P: 0}
        self.submitter: dict[str, str] = {}
        self.left: set[str] = set()
        self.force: dict[str, str | None] = {f"C{n}": None for n in range(1, 5)}
        self.content = self._content()
        self.packages: list[Package] = []
        self.replies: list[Reply] = []
        self.journal: list[Done] = []
        self.operations = self._count("operation")
        self.transitions: list[tuple[str, str, str]] = []  # document, action, actor
        self.files = 0

    # what is in the file

    def _count(self, table: str) -> int:
        return int(self.store.value(f"SELECT count(*) FROM {table}"))

    def _content(self) -> dict[str, Any]:
        """Everything a reviewer judges."""
        columns = {
            table: ", ".join(row[1] for row in self.store.rows(f"PRAGMA table_info({table})") if row[1] != "id")
            for table in CONTENT
        }
        found = {
            table: self.store.rows(f"SELECT {named} FROM {table} ORDER BY {named}") for table, named in columns.items()
        }
        texts = self.store.rows("SELECT kind, problems, focus, satisfaction_target FROM document ORDER BY kind")
        return {**found, "texts": texts}

    def _file(self) -> Path:
        self.files += 1
        return self.folder / f"{self.files}.crmplan"

    # one thing somebody does

    def _does(
        self,
        actor: str,
        what: str,
        work: Callable[[], object],
        allowed: bool,
        kinds: tuple[str, ...] = (),
        event: bool = True,
    ) -> bool:
        """Let it happen; it must be refused exactly where the model says so, and then leave nothing."""
        before, bytes_before = self._content(), sorted(self.folder.iterdir())
        if not allowed:
            with pytest.raises(Refusal) as caught:
                work()
            assert caught.value.exit in (Exit.FORBIDDEN, Exit.NOT_FOUND, Exit.INPUT_REFUSED)
            assert self._content() == before
            assert sorted(self.folder.iterdir()) == bytes_before
            return False
        work()
        if event and self._count("operation") > self.operations:
            self.operations += 1
            seq, by = self.store.rows("SELECT seq, actor FROM operation ORDER BY seq DESC LIMIT 1")[0]
            assert by == actor
            self.journal.append(Done(seq, actor, what, before, self._content(), kinds))
            return True
        return False

    def _becomes(self, after: States, action: str, actor: str) -> None:
        """Note in the model what moved."""
        moved = [kind for kind in (S, P) if after[kind] != self.states[kind]]
        for kind in moved if action in ("submit", "approve") else reversed(moved):
            self.transitions.append((kind, action, actor))
            if action == "submit":
                self.round[kind] += 1
                self.submitter[kind] = actor
                self.left.discard(kind)
            if kind == P and action == "approve":
                sql = "SELECT c.code, f.frequency FROM frequency_line f JOIN customer c ON c.id=f.customer"
                self.force |= dict(self.store.rows(f"{sql} WHERE f.month='2026-11'"))
        self.states = after

    def _meant(self, kinds: tuple[str, ...], state: str) -> tuple[str, ...]:
        """Of the documents named those in the state meant; all of them when none is."""
        return tuple(kind for kind in kinds if self.states[kind] == state) or kinds

    def _waiting(self) -> dict[str, int]:
        return {kind: self.round[kind] for kind in (S, P) if self.states[kind] == "submitted"}

    # in the file itself

    @rule(actor=ACTORS, kinds=KINDS, packed=st.sampled_from([True, True, False]))
    def submit(self, actor: str, kinds: tuple[str, ...], packed: bool) -> None:
        after = told(self.states, "submit", self._meant(kinds, "draft"))
        allowed = actor in (OWN, DEPUTY) and after is not None
        wanted = [DocumentKind(kind) for kind in kinds]
        common = (self.store, act_of(actor), POLICY, self.manager, MONTH, wanted)
        path = self._file()
        if not packed:
            done = self._does(actor, "submit", lambda: settling.submit(*common), allowed, self._meant(kinds, "draft"))
        else:
            work = lambda: submit_as_package(*common, target=path, key=None)  # noqa: E731 - one of two
            done = self._does(actor, "submit", work, allowed, self._meant(kinds, "draft"))
        if done and after is not None:
            self._becomes(after, "submit", actor)
            if packed:
                self._leaves(path)

    @rule(actor=ACTORS)
    def send(self, actor: str) -> None:
        path = self._file()

        def work() -> None:
            refuse_foreign(self.store, act_of(actor), POLICY, self.manager)
            send_package(self.store, act_of(actor), POLICY, self.manager, MONTH, target=path, key=None)

        allowed = actor in (OWN, DEPUTY) and bool(self._waiting())
        self._does(actor, "send", work, allowed)
        if allowed:
            self._leaves(path)

    def _leaves(self, path: Path) -> None:
        self.packages.append(Package(path, dict(self.states), self._waiting()))
        self.left |= self._waiting().keys()

    @rule(actor=ACTORS, kinds=KINDS)
    def withdraw(self, actor: str, kinds: tuple[str, ...]) -> None:
        meant = self._meant(kinds, "submitted")
        after = told(self.states, "withdraw", meant)
        along = {P} if S in meant and self.states[P] == "submitted" else set()
        allowed = after is not None and not {*meant, *along} & self.left
        allowed = allowed and all(self.submitter.get(kind) == actor for kind in meant)
        common = (self.store, act_of(actor), POLICY, self.manager, MONTH, [DocumentKind(kind) for kind in kinds])
        if self._does(actor, "withdraw", lambda: settling.withdraw(*common), allowed) and after is not None:
            self._becomes(after, "withdraw", actor)

    @rule(actor=DECIDERS, kinds=KINDS, approves=APPROVES)
    def decide(self, actor: str, kinds: tuple[str, ...], approves: bool) -> None:
        action = "approve" if approves else "reject"
        after = told(self.states, action, self._meant(kinds, "submitted"))
        allowed = actor == BOSS and after is not None
        common = (self.store, act_of(actor), POLICY, self.manager, MONTH, [DocumentKind(kind) for kind in kinds])
        if approves:
            done = self._does(actor, action, lambda: settling.approve(*common), allowed)
        else:
            done = self._does(actor, action, lambda: settling.reject(*common, reason="too much"), allowed)
        assert done == (allowed and after != self.states)
        if done and after is not None:
            self._becomes(after, action, actor)

    @rule(
        actor=ACTORS,
        what=st.sampled_from(["key", "frequency", "texts", "generate", "strategies"]),
        number=st.integers(1, 4),
        frequency=st.sampled_from(Frequency),
        added=st.booleans(),
    )
    def edit(self, actor: str, what: str, number: int, frequency: Frequency, added: bool) -> None:
        customer, act = customers.by_id(self.store, number), act_of(actor)
        common = (self.store, act, POLICY, self.manager, MONTH)

        def work() -> None:
            refuse_foreign(self.store, act, POLICY, self.manager)
            if what == "key":
                change_key(*common, customer, Standing.ADDED if added else Standing.REMOVED, "a reason")
            elif what == "frequency":
                override_frequency(*common, customer, frequency, "a reason")
            elif what == "strategies":
                generate_strategies(*common, Decimal(80 + number))
            else:
                generate_month_plan(*common, texts=(f"p{number}", None) if what == "texts" else (None, None))

        free = self.states[S if what == "strategies" else P] == "draft"
        self._does(actor, "edit", work, actor in (OWN, DEPUTY) and free)
        if not (actor in (OWN, DEPUTY) and free):
            return
        self.content = self._content()

    @rule(actor=ACTORS, back=st.integers(0, 3))
    def undo(self, actor: str, back: int) -> None:
        """Somebody takes back one of his newest operations."""
        mine = [one for one in reversed(self.journal) if one.actor == actor and not one.undone]
        if back >= len(mine):
            return
        one = mine[back]
        submit = one.what == "submit"
        draft = all(self.states[kind] == "draft" for kind in self._documents(one))
        if submit:
            sure = self._may_take_back(one)
        elif one.what == "edit":
            sure = draft and one.after == self._content()
        else:
            sure = False
        unsure = one.what == "edit" and draft and not sure  # it depends on which rows were changed since
        undone = self._undoes(actor, one.seq)
        assert undone or not sure or one.before == one.after, one.what
        assert sure or unsure or not undone, one.what
        if not undone:
            return
        one.undone = True
        self.operations += 1
        if submit:
            self._taken_back(one)
        if sure and not submit:
            assert self._content() == one.before
        self.content = self._content()

    def _undoes(self, actor: str, seq: int) -> bool:
        try:
            undo_operation(self.store, act_of(actor, "db undo"), op=seq)
        except Refusal:
            return False
        return True

    def _documents(self, one: Done) -> set[str]:
        """Whose content an edit changed."""
        changed = {table for table in one.before if one.before[table] != one.after[table]}
        lists = {S if table == "strategy" else P for table in changed - {"texts"}}
        return lists | {kind for kind, *_texts in {*one.before["texts"]} ^ {*one.after["texts"]}}

    def _may_take_back(self, one: Done) -> bool:
        """A submission that stands, undecided, not sent, and with no other one leaning on it."""
        stands = all(self.states[kind] == "submitted" for kind in one.kinds)
        same = all(self.journal_round(one)[kind] == self.round[kind] for kind in one.kinds)
        leans = S in one.kinds and P not in one.kinds and self.states[P] != "draft"
        return stands and same and not leans and not set(one.kinds) & self.left

    def journal_round(self, one: Done) -> dict[str, int]:
        """Which round of each document this submission was."""
        before = [other for other in self.journal if other.what == "submit" and other.seq <= one.seq]
        return {kind: sum(kind in other.kinds for other in before) for kind in (S, P)}

    def _taken_back(self, one: Done) -> None:
        for kind in one.kinds:
            self.states[kind] = "draft"
            self.transitions.append((kind, "withdraw", one.actor))

    # between the machines

    @precondition(lambda self: self.packages)
    @rule(data=st.data(), approves=APPROVES, kinds=st.sampled_from([None, None, (S, P), (S,), (P,)]))
    def answer(self, data: st.DataObject, approves: bool, kinds: tuple[str, ...] | None) -> None:
        package = data.draw(st.sampled_from(self.packages))
        action = "approve" if approves else "reject"
        meant = kinds or tuple(package.rounds)
        path = self._file()
        act = act_of(BOSS, f"review {action}")

        def work() -> None:
            found = sent_month(package.path, None, POLICY)
            decider = decider_in(self.theirs, act, POLICY)
            wanted = None if kinds is None else [DocumentKind(kind) for kind in kinds]
            answer_package(found, act, decider, DocumentAction(action), wanted, "too much", target=path, key=None)

        if self._does(BOSS, "answer", work, told(package.states, action, meant) is not None, event=False):
            raise AssertionError
        if path.exists():
            self.replies.append(Reply(path, package, action, meant))

    @precondition(lambda self: self.replies)
    @rule(data=st.data(), actor=st.sampled_from([OWN, OWN, DEPUTY, BOSS, OTHER]))
    def receive(self, data: st.DataObject, actor: str) -> None:
        reply = data.draw(st.sampled_from(self.replies))
        content = reply.path.read_bytes()  # the same decision at the same time is the same answer
        taken = any(one.taken and one.path.read_bytes() == content for one in self.replies)
        after = dict(self.states) if taken else self._answered(reply)
        allowed = actor != OTHER and after is not None
        work = lambda: receive_answer(self.store, act_of(actor), POLICY, reply.path, None)  # noqa: E731
        done = self._does(actor, "receive", work, allowed)
        assert done == (allowed and after != self.states)
        if done and after is not None:
            self._becomes(after, reply.action, BOSS)
            reply.taken = True

    def _answered(self, reply: Reply) -> States | None:
        current = all(reply.package.rounds.get(kind) == self.round[kind] for kind in reply.kinds)
        return told(self.states, reply.action, reply.kinds) if current else None

    @precondition(lambda self: self.replies or self.packages)
    @rule(data=st.data(), actor=st.sampled_from([OWN, BOSS]))
    def altered(self, data: st.DataObject, actor: str) -> None:
        """Any file with any byte turned: nobody takes it."""
        files = [one.path for one in (*self.replies, *self.packages)]
        content = bytearray(data.draw(st.sampled_from(files)).read_bytes())
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
        path = self._file()
        path.write_bytes(content)
        self._does(actor, "altered", lambda: receive_answer(self.store, act_of(actor), POLICY, path, None), False)
        self._does(actor, "altered", lambda: sent_month(path, None, POLICY), False)

    # what holds at all times

    @invariant()
    def the_file_is_the_model(self) -> None:
        assert dict(self.store.rows("SELECT kind, state FROM document")) == self.states
        steps = self.store.rows(
            "SELECT d.kind, t.action, t.actor FROM transition t JOIN document d ON d.id=t.document ORDER BY t.id"
        )
        assert sorted(steps) == sorted(self.transitions)
        assert self._count("operation") == self.operations

    @invariant()
    def frequencies_are_written_by_approval_only(self) -> None:
        assert dict(self.store.rows("SELECT code, frequency FROM customer")) == self.force

    @invariant()
    def nothing_moves_but_by_an_edit_of_a_draft(self) -> None:
        assert self._content() == self.content

    @invariant()
    def no_plan_stands_on_strategies_that_are_a_draft(self) -> None:
        assert self.states[P] == "draft" or self.states[S] != "draft"

    @invariant()
    def their_file_never_changes(self) -> None:
        assert self.theirs.value("SELECT count(*) FROM transition") == 0

    def teardown(self) -> None:
        assert checking.findings(self.store, full=True) == []
        for store in (self.store, self.theirs):
            store.close()
        shutil.rmtree(self.folder)


TestWalk = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")(Walk.TestCase)
TestWalk.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
