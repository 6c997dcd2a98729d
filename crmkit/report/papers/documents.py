"""What submitting, withdrawing, approving or rejecting did to the two documents of a month."""

from crmkit.model.document import DocumentAction, DocumentKind, DocumentState
from crmkit.model.strategy import Aside
from crmkit.report.page import Block, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.feedback import feedback_data, feedback_lines
from crmkit.report.papers.headings import following, named, unwritten, whose
from crmkit.report.terms import word
from crmkit.report.words import _, later, ngettext
from crmkit.workflow.settle_documents import Settled

_DONE = {
    DocumentAction.SUBMIT: later("Submitted"),
    DocumentAction.APPROVE: later("Approved"),
    DocumentAction.REJECT: later("Rejected"),
    DocumentAction.WITHDRAW: later("Withdrawn"),
    DocumentAction.SUBMIT_RESULT: later("Result submitted"),
    DocumentAction.APPROVE_RESULT: later("Result approved"),
    DocumentAction.REJECT_RESULT: later("Result rejected"),
}


def settled(result: Settled, *, dry_run: bool = False) -> Page:
    """Which document moved from where to where."""
    return Page(
        title=done_words(result.action),
        subtitle=whose(result.manager, result.month),
        schema="documents/1",
        facts=_facts(result),
        blocks=(
            *_moves(result),
            *_late(result),
            *feedback_lines(result.feedback, {}),
            *_asides(result),
            *unwritten(dry_run=dry_run),
        ),
        data={
            "month": str(result.month),
            "manager": result.manager.code,
            "action": result.action.value,
            "moves": [
                {"document": m.kind.value, "action": m.action.value, "before": m.before.value, "after": m.after.value}
                for m in result.moves
            ],
            "states": {kind.value: _state(result, kind) for kind in DocumentKind},
            "frequencies": result.frequencies,
            "late": result.late,
            "feedback": feedback_data(result.feedback),
            "asides": [{"customer": one.customer.code, "why": one.why.value} for one in result.asides],
            "dry_run": dry_run,
        },
    )


def done_words(action: DocumentAction) -> str:
    """Approved, Rejected, …"""
    return _(_DONE[action])


def next_step(result: Settled) -> str:
    """What to type after it, and who."""
    month, states = result.month, result.states
    if DocumentState.SUBMITTED in (states.strategies, states.plan):
        return following(f"crmkit plan approve --month {month} --as " + _("MARKETMANAGER"))
    if states.plan is DocumentState.APPROVED:
        return following(f"crmkit plan visits --month {month}")
    return following(f"crmkit plan submit --month {month}")


def _facts(result: Settled) -> tuple[Fact, ...]:
    facts = [Fact(word(kind), _state_words(result, kind)) for kind in DocumentKind]
    if result.frequencies:
        told = ngettext("{count} customer", "{count} customers", result.frequencies).format(count=result.frequencies)
        facts.append(Fact(_("Frequencies written"), told))
    return tuple(facts)


def _state(result: Settled, kind: DocumentKind) -> str | None:
    state = result.states.state(kind)
    return state.value if state else None


def _state_words(result: Settled, kind: DocumentKind) -> str:
    state = result.states.state(kind)
    return word(state) if state else _("not generated yet")


def _moves(result: Settled) -> tuple[Block, ...]:
    if not result.moves:
        return (Text(_("That had been done before; nothing was recorded again."), "note"),)
    columns = (Column("document", _("Document")), Column("before", _("Before")), Column("after", _("After")))
    rows = tuple(
        tuple(Term(code.value, word(code)) for code in (move.kind, move.before, move.after)) for move in result.moves
    )
    return (Table(columns, rows),)


def _late(result: Settled) -> tuple[Block, ...]:
    """Late is allowed and shown as late."""
    if not result.late:
        return ()
    if result.action is DocumentAction.SUBMIT_RESULT:
        return (Text(_("Late: the opening days of the next month are over."), "warning"),)
    return (Text(_("Late: the opening days of the month are over."), "warning"),)


def _asides(result: Settled) -> list[Block]:
    """Whom the list of the plan and life tell differently, by name."""
    blocks: list[Block] = []
    for why in Aside:
        those = [one.customer for one in result.asides if one.why is why]
        if those:
            told = f"{word(why)}{_(': ')}{named(those)}"
            blocks.append(Text(told, "note" if why is Aside.FOLLOWED else "warning"))
    return blocks
