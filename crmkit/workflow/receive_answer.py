"""An answer comes back to the file it left from: the decision is taken in by the same rules, once, or not at all."""

from dataclasses import dataclass, replace
from pathlib import Path

from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import LineFeedback, LinePart, PlanLine
from crmkit.model.operation import Act
from crmkit.model.package import Answer, Opened, SentFeedback
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.sources.package_file import read_package
from crmkit.store import documents, packages, people
from crmkit.store.connection import Store
from crmkit.store.packages import KeptPackage
from crmkit.workflow.acting import refuse_foreign, role_on
from crmkit.workflow.settle_documents import Settled, settle_answer, states_of

LONGEST_REASON = 1_000  # characters the file keeps


@dataclass(frozen=True, slots=True)
class Received:
    """What an answer did here; `before`: the very same was received before, and when."""

    opened: Opened
    answer: Answer
    settled: Settled
    before: KeptPackage | None = None


def receive_answer(
    store: Store, act: Act, policy: Policy, path: Path, key: bytes | None, *, dry_run: bool = False
) -> Received:
    """Take in the answer to a package that left this file.

    The same answer twice is no event. Raises as read_package; RULE: package-not-ours, package-unknown,
    package-older, decider-unknown, decider-no-market-manager, own-approval; STATE where it was decided otherwise.
    """
    opened = read_package(path, key)
    if not isinstance(opened.package, Answer):
        raise Refusal(Fault.BAD_PACKAGE, path=str(path), reason="is-submission", field="")
    answer = opened.package
    manager = _manager(store, answer)
    if act.role is not Role.MARKET_MANAGER:
        refuse_foreign(store, act, policy, manager)
    before = packages.find(store, manager.id, answer.month, opened.digest)
    if before is not None:
        return Received(opened, answer, _nothing(store, manager, answer), before)
    _refuse_unless_current(store, manager, answer)
    by = replace(act, actor=answer.decider.code, role=_role(store, policy, manager, answer), now=answer.at)
    lines = tuple(map(_line, answer.feedback))
    common = (store, act, policy, manager, answer.month, answer.action, answer.documents, _reason(answer), lines)

    def keep(settled: Settled) -> None:
        steps = {move.kind: _newest(store, manager, answer, move.kind) for move in settled.moves}
        packages.keep(store, manager.id, answer.month, opened.digest, steps, act, answer.submission)

    return Received(opened, answer, settle_answer(*common, by=by, also=keep, dry_run=dry_run))


def _manager(store: Store, answer: Answer) -> Person:
    found = next((one for one in people.everyone(store) if one.code == answer.manager.code), None)
    if found is None or found.role is not Role.CUSTOMER_MANAGER:
        raise Refusal(Fault.RULE, rule="package-not-ours", value=answer.manager.code, way_out="crmkit team list")
    return found


def _refuse_unless_current(store: Store, manager: Person, answer: Answer) -> None:
    """The answer is to what stands submitted here: not to a package this file never sent, nor to an earlier one."""
    month = answer.month
    sent = packages.find(store, manager.id, month, answer.submission)
    if sent is None or sent.answers is not None:
        way_out = f"crmkit plan package --month {month} -o FILE.crmplan"
        raise Refusal(Fault.RULE, rule="package-unknown", month=month, way_out=way_out)
    for kind in answer.documents:
        found = documents.find(store, manager.id, month, kind)
        if found is None or sent.steps.get(kind) != packages.last_submit(store, found.id):
            way_out = f"crmkit plan package --month {month} -o FILE.crmplan"
            raise Refusal(Fault.RULE, rule="package-older", month=month, way_out=way_out)


def _role(store: Store, policy: Policy, manager: Person, answer: Answer) -> Role | None:
    """The role this file gives who decided: what the answer says of him counts for nothing."""
    code = answer.decider.code
    found = next((one for one in people.everyone(store) if one.code == code), None)
    if found is None:
        way_out = f"crmkit team add {code} NAME --role market_manager"
        raise Refusal(Fault.RULE, rule="decider-unknown", value=code, way_out=way_out)
    role = role_on(store, found, answer.at.date())
    alone = policy.month.approval == "self" and code == manager.code
    if role is not Role.MARKET_MANAGER and not alone:
        raise Refusal(Fault.RULE, rule="decider-no-market-manager", value=code, way_out="crmkit team list")
    return role


def _reason(answer: Answer) -> str | None:
    """The reason, and behind it what was said of single customers."""
    said = [*([answer.reason] if answer.reason else []), *(f"{one.customer}: {one.text}" for one in answer.feedback)]
    told = "; ".join(said)
    if not told:
        return None
    return told if len(told) <= LONGEST_REASON else told[: LONGEST_REASON - 1] + "…"


def _line(said: SentFeedback) -> LineFeedback:
    """Feedback as it is kept here; of a part this version does not know it is of the whole customer."""
    if said.part not in list(LinePart):
        return LineFeedback(PlanLine(said.customer, LinePart.CUSTOMER), said.text)
    return LineFeedback(PlanLine(said.customer, LinePart(said.part), said.number), said.text)


def _newest(store: Store, manager: Person, answer: Answer, kind: DocumentKind) -> int:
    found = documents.find(store, manager.id, answer.month, kind)
    assert found is not None, "a document that moved"
    return packages.last_step(store, found.id)


def _nothing(store: Store, manager: Person, answer: Answer) -> Settled:
    return Settled(manager, answer.month, answer.action, (), states_of(store, manager, answer.month))
