"""Packages on their way: what left, what was answered, what an answer did where the month is."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.package import Answer, Opened, Party, Sealing, SentFeedback
from crmkit.report.page import Block, Column, Fact, Page, Table, Text
from crmkit.report.papers import documents as document_papers
from crmkit.report.papers.headings import following, unwritten
from crmkit.report.terms import month_words, word
from crmkit.report.words import _
from crmkit.workflow.receive_answer import Received
from crmkit.workflow.review_package import Answered
from crmkit.workflow.send_package import Sent

SHOWN_DIGITS = 12  # of a digest: enough to tell two packages apart on the telephone


def sent(result: Sent, *, dry_run: bool = False) -> Page:
    """A package that left."""
    found = result.submission
    facts = (
        Fact(_("File"), str(result.path)),
        Fact(_("For decision"), kinds_words(found.waiting)),
        Fact(_("May be decided by"), parties(found.deciders)),
        Fact(_("Checksum"), result.digest[:SHOWN_DIGITS]),
        Fact(_("Review key"), _("sealed with the review key") if result.sealed else word(Sealing.NONE)),
    )
    again = (Text(_("The very same package left before."), "note"),) if result.again else ()
    left = (Text(_("The month has left: it can no longer be withdrawn, only rejected."), "note"),)
    return Page(
        title=_("Package for approval"),
        subtitle=party_month(found.manager, month_words(found.month)),
        schema="package-sent/1",
        facts=facts,
        blocks=(*again, *left, *unwritten(dry_run=dry_run)),
        data={
            "month": str(found.month),
            "manager": found.manager.code,
            "file": str(result.path),
            "digest": result.digest,
            "documents": [kind.value for kind in found.waiting],
            "deciders": [one.code for one in found.deciders],
            "sealed": result.sealed,
            "again": result.again,
            "dry_run": dry_run,
        },
    )


def sent_next(path: Path) -> str:
    """What happens to the file now."""
    told = _("Send {file} to the market manager; there: crmkit review open {file}")
    return told.format(file=shown_name(path))


def answered(result: Answered, *, dry_run: bool = False) -> Page:
    """A decision as it leaves."""
    answer = result.answer
    facts = (Fact(_("File"), str(result.path)), *_decision(answer))
    if result.sealed:
        facts += (Fact(_("Review key"), _("sealed with the review key")),)
    return _answer_page(answer, facts, (*_feedback(answer.feedback), *unwritten(dry_run=dry_run)), dry_run=dry_run)


def answered_next(result: Answered) -> str:
    told = _("Send {file} back to {who}; there: crmkit plan receive {file}")
    return told.format(file=shown_name(result.path), who=result.answer.manager.name)


def other_answer(path: Path) -> str:
    """Two answers to one package contradict each other."""
    told = _("You have decided otherwise before: {file}. Whichever is received first counts; send only one of them.")
    return told.format(file=shown_name(path))


def opened_answer(found: Opened) -> Page:
    """An answer as somebody reads it."""
    answer = found.package
    assert isinstance(answer, Answer)
    facts = (*_decision(answer), Fact(_("Review key"), word(found.sealing)))
    return _answer_page(answer, facts, _feedback(answer.feedback))


def received(result: Received, *, dry_run: bool = False) -> Page:
    """What an answer did: the page of the two documents, and whose decision it was."""
    page = document_papers.settled(result.settled, dry_run=dry_run)
    before = result.before
    told: tuple[Block, ...] = ()
    if before is not None:
        said = _("This answer was received before, on {day} by {who}.").format(day=before.at[:10], who=before.actor)
        told = (Text(said, "note"),)
    data = {**page.data, "answer": _answer_data(result.answer), "received_before": before.at if before else None}
    return Page(
        title=page.title,
        subtitle=page.subtitle,
        schema="package-received/1",
        facts=(*_decision(result.answer)[1:], *page.facts),
        blocks=(*told, *page.blocks, *_feedback(result.answer.feedback)),
        data=data,
    )


def received_next(result: Received) -> str:
    """After a rejection the month is to be mended; else as after any decision."""
    states = result.settled.states
    if DocumentState.DRAFT in (states.strategies, states.plan):
        return following(f"crmkit plan show --month {result.settled.month}")
    return document_papers.next_step(result.settled)


def kinds_words(kinds: Iterable[DocumentKind]) -> str:
    return _(", ").join(word(kind) for kind in kinds)


def parties(found: Sequence[Party]) -> str:
    """M01 Zhou Zheng; nobody where the file knows no market manager."""
    return _(", ").join(f"{one.code} {one.name}" for one in found) or _("nobody of that file")


def party_month(party: Party, month: str) -> str:
    return f"{party.name} ({party.code}) · {month}"


def _decision(answer: Answer) -> tuple[Fact, ...]:
    facts = [
        Fact(_("Documents"), kinds_words(answer.documents)),
        Fact(_("Decided by"), parties([answer.decider])),
        Fact(_("On"), answer.at.isoformat(sep=" ", timespec="minutes")[:16]),
        Fact(_("Answer to"), answer.submission[:SHOWN_DIGITS]),
    ]
    if answer.reason:
        facts.append(Fact(_("Reason"), answer.reason))
    return tuple(facts)


def _answer_page(
    answer: Answer, facts: tuple[Fact, ...], blocks: tuple[Block, ...], *, dry_run: bool = False
) -> Page:
    return Page(
        title=document_papers.done_words(answer.action),
        subtitle=party_month(answer.manager, month_words(answer.month)),
        schema="package-answer/1",
        facts=facts,
        blocks=blocks,
        data={**_answer_data(answer), "dry_run": dry_run},
    )


def _feedback(found: tuple[SentFeedback, ...]) -> tuple[Block, ...]:
    if not found:
        return ()
    columns = (Column("customer", _("Code")), Column("text", _("Reason")))
    return (Table(columns, tuple((one.customer, one.text) for one in found), title=_("Line by line")),)


def _answer_data(answer: Answer) -> dict[str, Any]:
    return {
        "month": str(answer.month),
        "manager": answer.manager.code,
        "submission": answer.submission,
        "action": answer.action.value,
        "documents": [kind.value for kind in answer.documents],
        "decider": answer.decider.code,
        "at": answer.at.isoformat(),
        "reason": answer.reason,
        "feedback": [
            {"customer": one.customer, "part": one.part, "number": one.number, "text": one.text}
            for one in answer.feedback
        ],
    }


def shown_name(path: Path) -> str:
    """A name as it can be typed."""
    return quote(path.name)
