"""A package on the machine of who decides: opened, judged, answered. No database is changed here.

The answer is the one record of the decision. A file that holds the very submission, the manager's or a copy of it,
takes it in with `plan receive`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmkit.model.document import Circumstance, DocumentAction, DocumentKind, DocumentState, Move
from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import LinePart, TypedLine
from crmkit.model.operation import Act
from crmkit.model.package import Answer, Opened, Party, SentFeedback, Submission
from crmkit.model.person import Role
from crmkit.model.policy import Policy
from crmkit.rules.chain import holds
from crmkit.rules.states import decide
from crmkit.sources.package_file import packed, read_package
from crmkit.store import files, people
from crmkit.store.connection import Store
from crmkit.workflow.pack_month import policy_mark
from crmkit.workflow.unpack_month import SentMonth, unpack_month

LONGEST_REASON = 1_000
_OF_RESULT = {
    DocumentAction.APPROVE: DocumentAction.APPROVE_RESULT,
    DocumentAction.REJECT: DocumentAction.REJECT_RESULT,
}


@dataclass(frozen=True, slots=True)
class OpenedMonth:
    """A submission that holds together, unpacked; `same_policy`: it was made with the numbers in force here."""

    opened: Opened
    submission: Submission
    month: SentMonth
    same_policy: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A decision as it leaves; `moves` is what it will do where the month is."""

    answer: Answer
    moves: tuple[Move, ...]
    path: Path
    sealed: bool


def open_package(path: Path, key: bytes | None, policy: Policy) -> OpenedMonth | Opened:
    """What is in a package: a month that was sent up, or an answer as it is. Raises as read_package, and BAD_PACKAGE
    (chain, fields) for one that contradicts itself.
    """
    opened = read_package(path, key)
    if isinstance(opened.package, Answer):
        return opened
    sent = opened.package
    waiting = tuple(kind for kind in DocumentKind if (state := sent.states.state(kind)) and state.is_waiting)
    if not holds(sent.chain, sent.states, sent.head) or waiting != sent.waiting or not waiting:
        raise Refusal(Fault.BAD_PACKAGE, path=str(path), reason="chain", field="chain")
    try:
        month = unpack_month(sent)
    except KeyError:
        raise Refusal(Fault.BAD_PACKAGE, path=str(path), reason="fields", field="customers") from None
    return OpenedMonth(opened, sent, month, policy_mark(policy).fingerprint == sent.policy.fingerprint)


def sent_month(path: Path, key: bytes | None, policy: Policy) -> OpenedMonth:
    """A month that was sent up. Raises as open_package; BAD_PACKAGE (is-answer) for an answer."""
    found = open_package(path, key, policy)
    if isinstance(found, Opened):
        raise Refusal(Fault.BAD_PACKAGE, path=str(path), reason="is-answer", field="")
    return found


def answer_package(
    found: OpenedMonth,
    act: Act,
    decider: Party,
    action: DocumentAction,
    kinds: Sequence[DocumentKind] | None,
    reason: str | None = None,
    feedback: Sequence[SentFeedback] = (),
    *,
    target: Path,
    key: bytes | None,
    dry_run: bool = False,
) -> Answered:
    """Decide on a package and write the answer. `action` is approve or reject; of a result that was sent, its result.

    `kinds` are the documents meant, None: all that wait. Raises Refusal: RULE (decider-unknown-there, own-approval,
    reason-needed, reason-long), ROLE, STATE, NOT_FOUND for feedback on a customer who is not in the package.
    """
    sent = found.submission
    _check_decider(sent, decider)
    _check_words(sent, reason, feedback)
    meant = sent.waiting if kinds is None else tuple(kinds)
    done = _action(sent, action, meant)
    circumstance = Circumstance(
        actor=decider.code,
        role=Role.MARKET_MANAGER,
        manager=sent.manager.code,
        approval="self" if sent.policy.approval == "self" else "manager",
        today=act.today,
        reason=reason,
        submitters=sent.submitters,
    )
    moves = decide(done, meant, sent.states, circumstance).moves
    answer = Answer(
        sent.manager, sent.month, found.opened.digest, done, meant, decider, Role.MARKET_MANAGER,
        act.now.replace(microsecond=0), reason, tuple(feedback),
    )  # fmt: skip
    if not dry_run:
        files.write_file(target, packed(answer, key)[0])
    return Answered(answer, moves, target, key is not None)


def decider_in(store: Store, act: Act, policy: Policy) -> Party:
    """Who decides, by his own file. Raises Refusal(ROLE) for who is no market manager there."""
    found = next((one for one in people.everyone(store) if one.code == act.actor), None)
    if found is None or (act.role is not Role.MARKET_MANAGER and policy.month.approval != "self"):
        role = act.role.value if act.role else None
        raise Refusal(Fault.ROLE, role=role, needed=Role.MARKET_MANAGER.value)
    return Party(found.code, found.name)


def decider_named(sent: Submission, word: str) -> Party:
    """Who decides where there is no file of his own: the one the package knows by this code or name, else the word."""
    return next((one for one in sent.deciders if word in (one.code, one.name)), Party(word, word))


def answer_beside(package: Path, action: DocumentAction) -> Path:
    """Where the answer goes when nobody says: beside the package, named after it and the decision."""
    return package.with_name(f"{package.stem}-{'approved' if action is DocumentAction.APPROVE else 'rejected'}.crmplan")


def _check_decider(sent: Submission, decider: Party) -> None:
    """Whom the other file does not know as market manager it will not believe: better said before the way back."""
    alone = sent.policy.approval == "self" and decider.code == sent.manager.code
    if not alone and decider.code not in {one.code for one in sent.deciders}:
        known = ", ".join(f"{one.code} {one.name}" for one in sent.deciders) or "-"
        way_out = f"crmkit team add {decider.code} NAME --role market_manager"
        facts = {"value": decider.code, "known": known, "manager": sent.manager.code, "way_out": way_out}
        raise Refusal(Fault.RULE, rule="decider-unknown-there", **facts)


def feedback_on(sent: Submission, typed: Sequence[TypedLine]) -> tuple[SentFeedback, ...]:
    """Which lines of the package are meant; customers by code or name as it knows them, strategies by their numbers.
    Raises Refusal(NOT_FOUND).
    """
    codes = {word: one.code for one in sent.customers for word in (one.name, one.code)}
    meant = tuple(_meant(codes, one) for one in typed)
    for one in meant:
        numbers = [strategy.number for strategy in sent.step7.strategies if strategy.customer == one.customer]
        if one.part == LinePart.STRATEGY and one.number not in numbers:
            raise Refusal(Fault.NOT_FOUND, noun="strategy", value=one.number, known=sorted(numbers))
    return meant


def _meant(codes: Mapping[str, str], typed: TypedLine) -> SentFeedback:
    for who, part, number in typed.readings:
        if not who or who in codes:
            return SentFeedback(codes.get(who, ""), part.value, number, typed.text)
    name = typed.typed.partition(":")[0]
    raise Refusal(Fault.NOT_FOUND, noun="customer", value=name, known=sorted(set(codes.values()))[:10])


def _check_words(sent: Submission, reason: str | None, feedback: Sequence[SentFeedback]) -> None:
    if any(len(text) > LONGEST_REASON for text in (reason or "", *(one.text for one in feedback))):
        raise Refusal(Fault.RULE, rule="reason-long", allowed=LONGEST_REASON, way_out="--reason REASON")


def _action(sent: Submission, action: DocumentAction, meant: Sequence[DocumentKind]) -> DocumentAction:
    """Approving what was sent as a result approves the result."""
    states = {sent.states.state(kind) for kind in meant}
    return _OF_RESULT[action] if states == {DocumentState.RESULT_SUBMITTED} else action
