"""Submit, withdraw, approve, reject in any order, by anybody: the store follows a model one reads at a glance."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import act_at
from fresh_stores import fresh_store
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crmkit.model.customer import Frequency
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Exit, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.strategy import FrequencyLine, FrequencySource
from crmkit.sources.policy import shipped_policy
from crmkit.store import documents, frequencies, operating, people
from crmkit.workflow import settle_documents as settling

MONTH = Month(2026, 11)
POLICY = shipped_policy("standard")
ROLES = {"001": Role.CUSTOMER_MANAGER, "002": Role.CUSTOMER_MANAGER, "M01": Role.MARKET_MANAGER}
STRATEGIES, PLAN = "strategies", "plan"
ACTIONS = {
    "submit": settling.submit,
    "withdraw": settling.withdraw,
    "approve": settling.approve,
    "reject": settling.reject,
}
MEANT = {"submit": "draft"}  # of the documents named, those in this state are meant; submitted ones else


def expected(states: dict[str, str], action: str, actor: str, kinds: tuple[str, ...]) -> dict[str, str] | None:
    """What the two documents become (method.md, Two documents); None where the action is refused."""
    owner = actor == "001"
    if owner == (action in ("approve", "reject")) or actor == "002":
        return None
    meant = [kind for kind in kinds if states[kind] == MEANT.get(action, "submitted")] or list(kinds)
    now = dict(states)
    for kind in sorted(meant, reverse=action not in ("withdraw", "reject")):
        if action == "submit":
            if now[kind] != "draft" or (kind == PLAN and now[STRATEGIES] == "draft"):
                return None
            now[kind] = "submitted"
        elif action == "approve":
            if now[kind] == "draft":
                return None
            now[kind] = "approved"
        elif now[kind] != "submitted" or (kind == STRATEGIES and now[PLAN] == "approved"):
            return None
        else:
            now[kind] = "draft"
            if kind == STRATEGIES:
                now[PLAN] = "draft"
    return now


class Settling(RuleBasedStateMachine):
    """One manager's month, one customer on its frequency list, three people who try everything."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = fresh_store(self.folder / "crmkit.db")
        self.manager = self._furnish()
        self.states = {STRATEGIES: "draft", PLAN: "draft"}
        self.written: str | None = None
        self.steps = 0
        self.operations = self._operations()

    def _furnish(self) -> Person:
        with self.store.operation(act_at("2026-10-30")):
            for code, role in ROLES.items():
                people.add(self.store, code, f"name {code}", role)
            manager = people.named(self.store, "001")[0]
            self.store.execute(
                "INSERT INTO customer(code, name, manager, visit_method) VALUES ('1', 'one', ?, 'onsite')",
                (manager.id,),
            )
            line = FrequencyLine(1, Frequency.TWICE_MONTHLY, FrequencySource.RANK, 1, 3, 0, 1)
            frequencies.replace_lines(self.store, manager.id, MONTH, [line])
            for kind in DocumentKind:
                documents.ensure(self.store, manager.id, MONTH, kind)
            record = documents.ensure(self.store, manager.id, MONTH, DocumentKind.STRATEGIES)
            documents.set_satisfaction_target(self.store, record.id, "90")
            operating.set_state(self.store, manager.id, MONTH, "generated")  # what the strategies were derived from
        return manager

    def _operations(self) -> int:
        return int(self.store.value("SELECT count(*) FROM operation"))

    def _act(self, actor: str) -> Act:
        return replace(act_at("2026-10-30", actor=actor), role=ROLES[actor])

    @rule(
        action=st.sampled_from(sorted(ACTIONS)),
        actor=st.sampled_from(["001", "001", "M01", "M01", "002"]),
        kinds=st.sampled_from([(STRATEGIES, PLAN), (STRATEGIES, PLAN), (STRATEGIES,), (PLAN,)]),
        rehearsed=st.booleans(),
    )
    def settle(self, action: str, actor: str, kinds: tuple[str, ...], rehearsed: bool) -> None:
        more = {"reason": "because"} if action == "reject" else {}
        wanted = [DocumentKind(kind) for kind in kinds]
        becomes = expected(self.states, action, actor, kinds)
        common = (self.store, self._act(actor), POLICY, self.manager, MONTH, wanted)
        if becomes is None:
            with pytest.raises(Refusal) as refusal:
                ACTIONS[action](*common, **more, dry_run=rehearsed)  # type: ignore[operator]
            assert refusal.value.exit is Exit.FORBIDDEN
            return
        done = ACTIONS[action](*common, **more, dry_run=rehearsed)  # type: ignore[operator]
        assert {STRATEGIES: done.states.strategies, PLAN: done.states.plan} == becomes
        if rehearsed:
            return
        moved = sum(becomes[kind] != self.states[kind] for kind in becomes)
        assert len(done.moves) == moved
        self.steps += moved
        self.operations += bool(moved)
        if becomes[PLAN] == "approved":
            self.written = "twice_monthly"
        self.states = becomes

    @invariant()
    def the_store_is_the_model(self) -> None:
        kept = dict(self.store.rows("SELECT kind, state FROM document"))
        assert kept == self.states
        assert self.store.value("SELECT count(*) FROM transition") == self.steps
        assert self._operations() == self.operations
        assert self.store.value("SELECT frequency FROM customer") == self.written

    @invariant()
    def what_is_approved_is_never_taken_back(self) -> None:
        back = "SELECT count(*) FROM transition WHERE before='approved'"
        assert self.store.value(back) == 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)


TestSettling = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")(Settling.TestCase)
TestSettling.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
