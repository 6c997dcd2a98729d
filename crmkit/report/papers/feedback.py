"""A month two people argued about: its rounds, each line through them, what is new since a rejection."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from crmkit.model.customer import Frequency
from crmkit.model.document import DocumentState, Transition
from crmkit.model.feedback import (
    LineChange,
    LineFeedback,
    LinePart,
    LineStory,
    LineValue,
    PlanLine,
    Round,
    SinceRejection,
)
from crmkit.model.policy import Policy
from crmkit.model.strategy import FrequencySource, Standing, StrategyState
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.headings import following, whose
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, ngettext
from crmkit.rules.strategies import catalogue_words
from crmkit.workflow.compare_rounds import Argument, DocumentRounds, MonthRounds

_MOST = 20  # lines shown on a page that is about something else


def rounds(found: MonthRounds, *, show_all: bool = False) -> Page:
    """Every changed line of both documents; with --all every line."""
    blocks: list[Block] = []
    for one in found.documents:
        blocks += [*_rounds_of(one), _stories(one, found, show_all=show_all)]
    return Page(
        title=_("Month plan through its rounds"),
        subtitle=whose(found.manager, found.month),
        schema="plan-diff/1",
        facts=tuple(Fact(word(one.kind), _told(one)) for one in found.documents),
        blocks=tuple(blocks),
        data=_data(found, show_all=show_all),
        rows=_all_stories(found, show_all=show_all),
    )


def next_step(found: MonthRounds) -> str:
    return following(f"crmkit plan show --month {found.month}")


def feedback_lines(said: Sequence[LineFeedback], names: Mapping[str, str]) -> tuple[Block, ...]:
    """What a rejection said of lines, one below the other; nothing where it was of the whole."""
    if not said:
        return ()
    told = "\n".join(f"· {line_words(one.line, names)}{_(': ')}{one.text}" for one in said)
    return (Text(_("Feedback by line, to be answered:") + "\n" + told, "warning"),)


def argued_blocks(argued: Argument | None) -> tuple[Block, ...]:
    """What is new since the last rejection and what waits for an answer, for the page of the plan."""
    return news(argued.since, argued.names, argued.policy) if argued else ()


def argued_data(argued: Argument | None) -> dict[str, Any]:
    """The same for programs; nothing where it was not asked for."""
    return {
        "feedback": feedback_data(argued.feedback) if argued else [],
        "since_rejection": since_data(argued.since) if argued else [],
    }


def news(since: Sequence[SinceRejection], names: Mapping[str, str], policy: Policy) -> tuple[Block, ...]:
    """The lines that are new since the last rejection, and feedback that nothing answered yet."""
    return tuple(block for one in since for block in _news(one, names, policy))


def line_words(line: PlanLine, names: Mapping[str, str]) -> str:
    """053900046 郑记杂货铺, strategy 2."""
    part = word(line.part) + (f" {line.number}" if line.number else "")
    if not line.customer:
        return part
    customer = f"{line.customer} {names.get(line.customer, '')}".rstrip()
    return _("{customer}, {part}").format(customer=customer, part=part)


def value_words(line: PlanLine, value: LineValue | None, policy: Policy) -> str:
    """What stands in a line, as people read it; a dash where there is no line."""
    if value is None:
        return "-"
    if line.part is LinePart.STRATEGY:
        said = value.text or words_of(catalogue_words(value.of.partition(" ")[0], policy))
        dropped = value.value == StrategyState.DROPPED.value
        return _("dropped: {text}").format(text=said) if dropped else said
    if line.part is LinePart.FREQUENCY:
        said = f"{word(Frequency(value.value))} ({word(FrequencySource(value.of))})"
    elif line.part is LinePart.KEY:
        said = word(Standing(value.value))
    else:
        return value.text if value.text is not None else value.value
    return said + (_(": ") + value.text if value.text else "")


def since_data(since: Sequence[SinceRejection]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "document": one.kind.value,
            "round": one.round,
            "changed": [_change_record(change) for change in one.changes],
            "unanswered": [_change_record(change) for change in one.unmoved],
        }
        for one in since
    ]


def feedback_data(said: Iterable[LineFeedback]) -> list[dict[str, Any]]:
    return [{**_name(one.line), "text": one.text, "actor": one.actor, "at": one.at} for one in said]


def _told(one: DocumentRounds) -> str:
    count = len(one.rounds)
    told = ngettext("{count} round", "{count} rounds", count).format(count=count)
    return f"{word(one.state)} ({told})"


def _rounds_of(one: DocumentRounds) -> tuple[Block, ...]:
    """Who submitted and who decided, when, and why."""
    lines = [line for each in one.rounds for line in _round_lines(one, each)]
    return (Text("\n".join(lines)),) if lines else ()


def _round_lines(one: DocumentRounds, each: Round) -> list[str]:
    said = _("{document}, round {number}: submitted by {who}, {day}")
    first = said.format(document=word(one.kind), number=each.number, **_step(each.submitted))
    lines = [first] if each.kept else [first + _(" (its lines were not kept by the crmkit of then)")]
    if each.decided:
        step = each.decided
        what = word(step.action)
        told = _("  {what} by {who}, {day}").format(what=what, **_step(step))
        lines.append(told + (_(": ") + step.reason if step.reason else ""))
    return lines


def _step(step: Transition | None) -> dict[str, str]:
    if step is None:
        return {"who": "-", "day": "-"}
    return {"who": step.actor, "day": short_day(date.fromisoformat(step.at[:10]))}


def _stories(one: DocumentRounds, found: MonthRounds, *, show_all: bool) -> Table:
    """Each line: as generated, in each round with what was said of it, as it stands."""
    kept = [each.number for each in one.rounds if each.kept]
    columns = (
        Column("line", _("Plan line")),
        Column("original", _("Generated")),
        *(Column(f"round_{number}", _("Round {number}").format(number=number)) for number in kept),
        *((Column("now", _("Draft now")),) if _is_draft(one) else ()),
    )
    rows = tuple(_story_row(story, one, kept, found) for story in (one.stories if show_all else one.changed))
    title = _("{document}: lines that were changed").format(document=word(one.kind))
    if show_all:
        title = _("{document}: all lines").format(document=word(one.kind))
    return Table(columns, rows, title=title, empty=_("No line was changed."))


def _story_row(story: LineStory, one: DocumentRounds, kept: Sequence[int], found: MonthRounds) -> tuple[Cell, ...]:
    def said(value: LineValue | None) -> str:
        return value_words(story.line, value, found.policy)

    told = [said(story.rounds.get(number)) + _feedback_of(story, number) for number in kept]
    lost = [one.text for one in story.feedback if one.round not in kept]
    name = line_words(story.line, found.names) + "".join(f" ← {text}" for text in lost)
    return (name, said(story.original), *told, *((said(story.now),) if _is_draft(one) else ()))


def _feedback_of(story: LineStory, number: int) -> str:
    """What was said of a line in a round stands behind what it was."""
    return "".join(f" ← {one.text}" for one in story.feedback if one.round == number)


def _is_draft(one: DocumentRounds) -> bool:
    return one.state is DocumentState.DRAFT


def _all_stories(found: MonthRounds, *, show_all: bool) -> Table:
    """One table of both documents for spreadsheets: a row for each line and round."""
    columns = (
        Column("document", _("Document")),
        Column("customer", _("Code")),
        Column("part", _("Part")),
        Column("number", _("No."), "number"),
        Column("round", _("Round"), "number"),
        Column("value", _("Value")),
        Column("feedback", _("Feedback")),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found.documents:
        for story in one.stories if show_all else one.changed:
            rows += _sheet_rows(one, story, found)
    return Table(columns, tuple(rows))


def _sheet_rows(one: DocumentRounds, story: LineStory, found: MonthRounds) -> list[tuple[Cell, ...]]:
    line = story.line
    head = (Term(one.kind.value, word(one.kind)), line.customer, Term(line.part.value, word(line.part)))
    values: list[tuple[int | None, LineValue | None]] = [(0, story.original), *story.rounds.items()]
    values += [(None, story.now)] if _is_draft(one) else []
    return [
        (
            *head,
            line.number or None,
            number,
            value_words(line, value, found.policy) if value else None,
            _("; ").join(said.text for said in story.feedback if said.round == number),
        )
        for number, value in values
    ]


def _news(one: SinceRejection, names: Mapping[str, str], policy: Policy) -> tuple[Block, ...]:
    day = short_day(date.fromisoformat(one.rejection.at[:10]))
    title = _("{document}: new since the rejection of {day}").format(document=word(one.kind), day=day)
    columns = (Column("line", _("Plan line")), Column("before", _("Rejected")), Column("after", _("Now")))
    rows = tuple(
        (
            line_words(change.line, names),
            value_words(change.line, change.before, policy) + "".join(f" ← {said.text}" for said in change.feedback),
            value_words(change.line, change.after, policy),
        )
        for change in one.changes[:_MOST]
    )
    blocks: list[Block] = [Table(columns, rows, title=title, empty=_("Nothing was changed since."))]
    more = len(one.changes) - _MOST
    if more > 0:
        blocks.append(Text(_("and {count} more: crmkit plan diff").format(count=more), "note"))
    return (*blocks, *_unanswered(one, names))


def _unanswered(one: SinceRejection, names: Mapping[str, str]) -> tuple[Block, ...]:
    if not one.unmoved:
        return ()
    said = "\n".join(
        f"· {line_words(change.line, names)}{_(': ')}{each.text}" for change in one.unmoved for each in change.feedback
    )
    return (Text(_("Feedback on lines that stand as they stood:") + "\n" + said, "warning"),)


def _data(found: MonthRounds, *, show_all: bool) -> dict[str, Any]:
    return {
        "month": str(found.month),
        "manager": found.manager.code,
        "documents": [
            {
                "document": one.kind.value,
                "state": one.state.value,
                "rounds": [_round_record(each) for each in one.rounds],
                "lines": [_story_record(story) for story in (one.stories if show_all else one.changed)],
            }
            for one in found.documents
        ],
    }


def _round_record(each: Round) -> dict[str, Any]:
    return {
        "round": each.number,
        "kept": each.kept,
        "submitted": _step_record(each.submitted),
        "decided": _step_record(each.decided),
    }


def _step_record(step: Transition | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "action": step.action.value, "actor": step.actor, "role": step.role, "at": step.at, "reason": step.reason,
    }  # fmt: skip


def _story_record(story: LineStory) -> dict[str, Any]:
    return {
        **_name(story.line),
        "changed": story.changed,
        "original": _value(story.original),
        "rounds": [{"round": number, "value": _value(value)} for number, value in story.rounds.items()],
        "now": _value(story.now),
        "feedback": [
            {"round": one.round, "text": one.text, "actor": one.actor, "at": one.at} for one in story.feedback
        ],
    }


def _change_record(change: LineChange) -> dict[str, Any]:
    return {
        **_name(change.line),
        "before": _value(change.before),
        "after": _value(change.after),
        "feedback": [one.text for one in change.feedback],
    }


def _name(line: PlanLine) -> dict[str, Any]:
    return {"customer": line.customer or None, "part": line.part.value, "number": line.number or None}


def _value(value: LineValue | None) -> dict[str, Any] | None:
    return None if value is None else {"value": value.value, "of": value.of or None, "text": value.text}
