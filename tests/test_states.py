"""The two documents: every rule once, and walked at random against a model written apart."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.document import Circumstance, Decision, DocumentAction, DocumentKind, Documents, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.person import Role
from crmkit.rules.states import allows_annotation, decide, is_approved, is_editable

A, K, S = DocumentAction, DocumentKind, DocumentState
BOTH = (K.STRATEGIES, K.PLAN)
OWN = Circumstance(
    actor="001",
    role=Role.CUSTOMER_MANAGER,
    manager="001",
    approval="manager",
    today=date(2026, 11, 30),
    satisfaction_target=True,
    last_planned_day=date(2026, 11, 30),
)
BOSS = replace(OWN, actor="900", role=Role.MARKET_MANAGER, reason="overload")
ALONE = replace(OWN, approval="self", reason="my own plan")
DRAFTS = Documents(S.DRAFT, S.DRAFT)
SUBMITTED = Documents(S.SUBMITTED, S.SUBMITTED)
APPROVED = Documents(S.APPROVED, S.APPROVED)


def moves(decision: Decision) -> list[tuple[str, str, str]]:
    return [(str(move.kind), str(move.before), str(move.after)) for move in decision.moves]


def refused(action: A, kinds: tuple[K, ...], documents: Documents, circumstance: Circumstance) -> Refusal:
    with pytest.raises(Refusal) as caught:
        decide(action, kinds, documents, circumstance)
    return caught.value


def test_both_are_submitted_and_approved_in_one_act_7_before_8() -> None:
    submitted = decide(A.SUBMIT, (K.PLAN, K.STRATEGIES), DRAFTS, OWN)
    assert moves(submitted) == [("strategies", "draft", "submitted"), ("plan", "draft", "submitted")]
    approved = decide(A.APPROVE, BOTH, submitted.after, BOSS)
    assert approved.after == APPROVED


def test_8_is_submitted_only_with_or_after_7() -> None:
    refusal = refused(A.SUBMIT, (K.PLAN,), DRAFTS, OWN)
    assert (refusal.fault, refusal.facts["needs"]) == (Fault.GATE, "strategies-submitted")
    assert decide(A.SUBMIT, (K.PLAN,), Documents(S.SUBMITTED, S.DRAFT), OWN).after == SUBMITTED
    assert decide(A.SUBMIT, (K.PLAN,), Documents(S.APPROVED, S.DRAFT), OWN).after.plan is S.SUBMITTED


def test_no_satisfaction_target_no_submit() -> None:
    refusal = refused(A.SUBMIT, BOTH, DRAFTS, replace(OWN, satisfaction_target=False))
    assert (refusal.fault, refusal.facts["step"]) == (Fault.GATE, 7)


def test_rejecting_7_returns_an_unapproved_8_and_is_refused_once_8_is_approved() -> None:
    assert moves(decide(A.REJECT, (K.STRATEGIES,), SUBMITTED, BOSS)) == [
        ("plan", "submitted", "draft"),
        ("strategies", "submitted", "draft"),
    ]
    assert decide(A.REJECT, BOTH, SUBMITTED, BOSS).after == DRAFTS
    assert moves(decide(A.REJECT, (K.STRATEGIES,), Documents(S.SUBMITTED, S.DRAFT), BOSS)) == [
        ("strategies", "submitted", "draft")
    ]
    refusal = refused(A.REJECT, (K.STRATEGIES,), Documents(S.SUBMITTED, S.APPROVED), BOSS)
    assert (refusal.fault, refusal.facts["document"]) == (Fault.STATE, K.PLAN)
    alone = decide(A.REJECT, (K.PLAN,), Documents(S.APPROVED, S.SUBMITTED), BOSS)
    assert alone.after == Documents(S.APPROVED, S.DRAFT)


def test_a_rejection_needs_a_reason() -> None:
    for reason in (None, "  "):
        refusal = refused(A.REJECT, BOTH, SUBMITTED, replace(BOSS, reason=reason))
        assert refusal.facts["rule"] == "reason-needed"


def test_approving_twice_is_no_event_and_the_first_of_the_two_may_already_be_approved() -> None:
    assert decide(A.APPROVE, BOTH, APPROVED, BOSS).already
    half = decide(A.APPROVE, BOTH, Documents(S.APPROVED, S.SUBMITTED), BOSS)
    assert moves(half) == [("plan", "submitted", "approved")]
    assert decide(A.APPROVE, (K.STRATEGIES,), Documents(S.RESULT_SUBMITTED, S.APPROVED), BOSS).already


def test_approval_belongs_to_the_market_manager() -> None:
    refusal = refused(A.APPROVE, BOTH, SUBMITTED, replace(OWN, actor="002"))
    assert (refusal.fault, refusal.facts["needed"]) == (Fault.ROLE, Role.MARKET_MANAGER)
    assert refused(A.APPROVE, BOTH, SUBMITTED, OWN).fault is Fault.ROLE
    assert refused(A.APPROVE, BOTH, SUBMITTED, replace(OWN, role=None)).fault is Fault.ROLE
    assert refused(A.APPROVE, BOTH, SUBMITTED, replace(ALONE, actor="002")).fault is Fault.ROLE


def test_nobody_approves_his_own_unless_the_policy_says_self() -> None:
    mine = replace(BOSS, actor="001")
    assert refused(A.APPROVE, BOTH, SUBMITTED, mine).facts["rule"] == "own-approval"
    proxy = replace(BOSS, submitters={K.PLAN: "900"})
    assert refused(A.APPROVE, BOTH, SUBMITTED, proxy).facts["rule"] == "own-approval"
    assert decide(A.APPROVE, BOTH, SUBMITTED, ALONE).after == APPROVED
    assert decide(A.APPROVE, BOTH, SUBMITTED, replace(BOSS, approval="self")).after == APPROVED


def test_only_its_manager_submits() -> None:
    assert refused(A.SUBMIT, BOTH, DRAFTS, BOSS).facts["rule"] == "not-your-document"


def test_the_submitter_withdraws_while_no_decision_exists_and_no_package_left() -> None:
    by_me = replace(OWN, submitters={K.STRATEGIES: "001", K.PLAN: "001"})
    assert decide(A.WITHDRAW, (K.STRATEGIES,), SUBMITTED, by_me).after == DRAFTS
    assert decide(A.WITHDRAW, (K.PLAN,), SUBMITTED, by_me).after == Documents(S.SUBMITTED, S.DRAFT)
    left = replace(by_me, package_left=frozenset({K.PLAN}))
    for kinds in ((K.PLAN,), (K.STRATEGIES,), BOTH):  # 7 would take 8 along
        assert refused(A.WITHDRAW, kinds, SUBMITTED, left).facts["rule"] == "package-left"
    alone = replace(by_me, package_left=frozenset({K.STRATEGIES}))
    assert decide(A.WITHDRAW, (K.PLAN,), SUBMITTED, alone).after == Documents(S.SUBMITTED, S.DRAFT)
    assert refused(A.WITHDRAW, (K.PLAN,), SUBMITTED, replace(by_me, actor="002")).facts["rule"] == "not-the-submitter"
    assert refused(A.WITHDRAW, BOTH, APPROVED, by_me).fault is Fault.STATE
    assert refused(A.WITHDRAW, (K.STRATEGIES,), Documents(S.SUBMITTED, S.APPROVED), by_me).fault is Fault.STATE


def test_results_open_on_the_last_planned_day() -> None:
    early = replace(OWN, today=date(2026, 11, 29))
    refusal = refused(A.SUBMIT_RESULT, (K.STRATEGIES,), APPROVED, early)
    assert (refusal.fault, refusal.facts["day"]) == (Fault.GATE, date(2026, 11, 30))
    assert refused(A.SUBMIT_RESULT, (K.STRATEGIES,), APPROVED, replace(OWN, last_planned_day=None)).fault is Fault.GATE
    submitted = decide(A.SUBMIT_RESULT, (K.STRATEGIES,), APPROVED, OWN).after
    assert submitted.strategies is S.RESULT_SUBMITTED
    assert decide(A.REJECT_RESULT, (K.STRATEGIES,), submitted, BOSS).after == APPROVED
    assert decide(A.WITHDRAW, (K.STRATEGIES,), submitted, OWN).after == APPROVED
    done = decide(A.APPROVE_RESULT, (K.STRATEGIES,), submitted, BOSS).after
    assert done.strategies is S.RESULT_APPROVED
    assert decide(A.APPROVE_RESULT, (K.STRATEGIES,), done, BOSS).already


def test_approvals_are_never_undone_and_a_month_plan_has_no_result() -> None:
    assert refused(A.REJECT, BOTH, APPROVED, BOSS).fault is Fault.STATE
    for action in (A.SUBMIT_RESULT, A.APPROVE_RESULT, A.REJECT_RESULT):
        assert refused(action, (K.PLAN,), APPROVED, replace(BOSS, manager="900", approval="self")).fault is Fault.STATE


def test_what_is_not_there_names_the_way_out() -> None:
    refusal = refused(A.SUBMIT, (K.STRATEGIES,), Documents(), OWN)
    assert (refusal.facts["state"], refusal.facts["way_out"]) == ("missing", "crmkit plan strategies")
    refusal = refused(A.APPROVE, (K.PLAN,), Documents(S.SUBMITTED), BOSS)
    assert refusal.facts["way_out"] == "crmkit plan generate"


def test_submitted_is_read_only_and_marks_are_made_while_exactly_approved() -> None:
    assert [is_editable(Documents(state, S.DRAFT), K.STRATEGIES) for state in (None, *S)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert [is_approved(state) for state in (None, *S)] == [False, False, False, True, True, True]
    assert [allows_annotation(Documents(state, None)) for state in S] == [False, False, True, False, False]


ANY = ("draft", "submitted", "approved", "result_submitted", "result_approved")
SAME = None
# action, document, where 7 may stand, where 8 may stand, 7 afterwards, 8 afterwards
TOLD = [
    ("submit", "strategies", ["draft"], ANY, "submitted", SAME),
    ("submit", "plan", ANY[1:], ["draft"], SAME, "submitted"),
    ("approve", "strategies", ["submitted"], ANY, "approved", SAME),
    ("approve", "strategies", ANY[2:], ANY, SAME, SAME),
    ("approve", "plan", ANY, ["submitted", "approved"], SAME, "approved"),
    ("reject", "strategies", ["submitted"], ["draft", "submitted"], "draft", "draft"),
    ("reject", "plan", ANY, ["submitted"], SAME, "draft"),
    ("withdraw", "strategies", ["submitted"], ["draft", "submitted"], "draft", "draft"),
    ("withdraw", "strategies", ["result_submitted"], ANY, "approved", SAME),
    ("withdraw", "plan", ANY, ["submitted"], SAME, "draft"),
    ("submit_result", "strategies", ["approved"], ANY, "result_submitted", SAME),
    ("approve_result", "strategies", ["result_submitted", "result_approved"], ANY, "result_approved", SAME),
    ("reject_result", "strategies", ["result_submitted"], ANY, "approved", SAME),
]


def modelled(action: str, kind: str, seven: str, eight: str) -> tuple[str, str] | None:
    """The rules of the documents once more, as a person would tell them; None = not allowed."""
    for told, document, sevens, eights, seven_after, eight_after in TOLD:
        if (told, document) == (action, kind) and seven in sevens and eight in eights:
            return seven_after or seven, eight_after or eight
    return None


@given(st.lists(st.tuples(st.sampled_from(A), st.sampled_from(K)), max_size=40))
def test_walked_at_random_no_illegal_change_and_no_legal_one_refused(walk: list[tuple[A, K]]) -> None:
    now = DRAFTS
    for action, kind in walk:
        expected = modelled(str(action), str(kind), str(now.strategies), str(now.plan))
        try:
            after: Documents | None = decide(action, [kind], now, ALONE).after
        except Refusal:
            after = None
        assert (None if after is None else (str(after.strategies), str(after.plan))) == expected
        now = after or now
        assert now.plan is S.DRAFT or now.strategies is not S.DRAFT
