"""The month opened: what was carried over and computed, what was decided and how it is marked, what is open."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from crmkit.model.customer import Frequency
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.month import Month
from crmkit.model.opening import Decision, Matter
from crmkit.model.operating import Quadrant, ScoreOrigin
from crmkit.report.page import Block, Fact, Heading, Page, Text
from crmkit.report.papers.headings import following, unwritten, whose
from crmkit.report.papers.month_load import load_words
from crmkit.report.papers.opening_question import group_word, missing_demand
from crmkit.report.papers.opening_words import ADVANCED, answer_words, command_for, mark_word, matter_words
from crmkit.report.terms import word
from crmkit.report.words import _, ngettext
from crmkit.rules.opening import STEP_OF
from crmkit.workflow.open_month import Advanced, Opening

Made = Sequence[tuple[Advanced, int]]


def opened(opening: Opening, *, dry_run: bool = False) -> Page:
    """The summary at the end of a sitting, and the whole answer where nobody is asked."""
    blocks: list[Block] = [*_advanced(opening, dry_run=dry_run), *_answered(opening), *_open(opening, dry_run=dry_run)]
    return Page(
        title=_("Month opening"),
        subtitle=whose(opening.portfolio.manager, opening.month),
        schema="month-opening/1",
        facts=_facts(opening),
        blocks=(*blocks, *_untold(opening), *unwritten(dry_run=dry_run)),
        data=_data(opening, dry_run=dry_run),
    )


def next_step(opening: Opening) -> str:
    """What to type after it."""
    month = opening.month
    if opening.is_closed:
        return following(f"crmkit status --month {month}")
    if opening.decisions:
        return following(f"crmkit plan open --month {month}")
    return following(f"crmkit plan submit --month {month}")


def made_lines(made: Made) -> list[str]:
    """What was carried over or computed, a line each."""
    return [_(ADVANCED[what]).format(count=count) for what, count in made]


def resumed(opening: Opening) -> list[str]:
    """What was answered before this sitting; nothing where it is the first."""
    if not opening.answers:
        return []
    said = _("; ").join(answer_words(opening.answers))
    return [_("Answered before: {answers}.").format(answers=said), _("It goes on where it stopped.")]


def closed(opening: Opening) -> str:
    """Why nothing is asked."""
    states = (f"{word(kind)} {word(state)}" for kind in DocumentKind if (state := opening.documents.state(kind)))
    return _("Nothing is asked any more: {states}.").format(states=_(", ").join(states))


def stopping(month: Month) -> str:
    """What a person who stops is told."""
    told = _("Stopped; every answer is kept. Go on with: crmkit plan open --month {month}")
    return told.format(month=month)


def submit_question(opening: Opening) -> str:
    """The last question."""
    left = len(opening.decisions)
    told = ngettext("{count} decision is left open. ", "{count} decisions are left open. ", left)
    return (told.format(count=left) if left else "") + _("Submit strategies and month plan now? [y/N]")


def _facts(opening: Opening) -> tuple[Fact, ...]:
    facts = [
        *(Fact(word(kind), _state_words(opening.documents.state(kind))) for kind in DocumentKind),
        Fact(_("Valid customers"), str(len(opening.portfolio.valid))),
        Fact(_("Ability scored"), _scored(opening)),
    ]
    if opening.state.quadrants:
        counts = opening.state.counts
        facts.append(Fact(_("Quadrants"), _(", ").join(f"{word(one)} {counts[one]}" for one in Quadrant)))
    if opening.satisfaction:
        facts.append(Fact(_("Satisfaction target"), opening.satisfaction))
    if opening.plan:
        facts += [
            Fact(_("Key customers"), str(len(opening.plan.keys))), Fact(_("Visits"), load_words(opening.plan))
        ]  # fmt: skip
    return tuple(facts)


def _state_words(state: DocumentState | None) -> str:
    return word(state) if state else _("not generated yet")


def _scored(opening: Opening) -> str:
    counts = Counter(one.origin for one in opening.state.abilities.values())
    parts = [f"{word(origin)} {counts[origin]}" for origin in ScoreOrigin if counts[origin]]
    return str(counts.total()) + (_(": ") + _(", ").join(parts) if parts else "")


def _advanced(opening: Opening, *, dry_run: bool) -> list[Block]:
    if not opening.advanced:
        return []
    head = _("Would be carried over and computed") if dry_run else _("Carried over and computed")
    return [Heading(head), Text("\n".join(f"· {line}" for line in made_lines(opening.advanced)))]


def _answered(opening: Opening) -> list[Block]:
    if not opening.answers:
        return []
    lines = "\n".join(f"· {line}" for line in answer_words(opening.answers))
    return [Heading(_("Decided, with the mark the reviewer sees")), Text(lines)]


def _open(opening: Opening, *, dry_run: bool) -> list[Block]:
    """Every open decision with the command that answers it."""
    asked, later = opening.decisions, opening.later
    head = _("Would be asked") if dry_run else _("Open, and what answers it")
    blocks: list[Block] = [Heading(head)] if asked or later else []
    blocks += [_line(opening, one) for one in asked]
    if later:
        blocks.append(Text(_("After that, if these are taken as proposed:"), "note"))
    return [*blocks, *(_line(opening, one) for one in later)]


def _line(opening: Opening, decision: Decision) -> Text:
    command = command_for(decision, opening.month, opening.offered)
    count = len(decision.points)
    return Text(f"{STEP_OF[decision.matter]}  {matter_words(decision)}{_of(decision)}{_(': ')}{count}\n   {command}")


def _of(decision: Decision) -> str:
    """Which of its kind: a border, a group of grades."""
    if decision.matter is Matter.TIES:
        return _(", ") + word(Frequency(decision.group))
    return _(", ") + group_word(decision.group).removesuffix(_(": ")) if decision.group else ""


def taken(decision: Decision) -> str:
    """What Enter made of it."""
    return f"→ {mark_word(decision.mark)} {len(decision.points)}"


def _untold(opening: Opening) -> list[Block]:
    """What is missing without being asked: customers without a questionnaire, orders that came late."""
    if opening.is_closed:
        return []
    waits = _("Steps 7 and 8 wait until every valid customer is scored.")
    return [*([Text(waits, "warning")] if opening.state.unscored else []), *missing_demand(opening)]


def _data(opening: Opening, *, dry_run: bool) -> dict[str, Any]:
    return {
        "month": str(opening.month),
        "manager": opening.portfolio.manager.code,
        "states": {kind.value: _code(opening.documents.state(kind)) for kind in DocumentKind},
        "advanced": [{"what": what.value, "count": count} for what, count in opening.advanced],
        "answers": [
            {
                "matter": one.matter.value,
                "subject": one.subject,
                "mark": one.mark.value,
                "asked": one.asked,
                "actor": one.actor,
                "at": one.at,
                "note": one.note,
            }
            for one in opening.answers
        ],
        "open": [_decision_data(opening, one) for one in opening.decisions],
        "later": [_decision_data(opening, one) for one in opening.later],
        "demand_missing": [one.customer.code for one in opening.demand.missing],
        "dry_run": dry_run,
    }


def _decision_data(opening: Opening, one: Decision) -> dict[str, Any]:
    return {
        "step": STEP_OF[one.matter],
        "matter": one.matter.value,
        "group": one.group,
        "subjects": list(one.subjects),
        "mark": one.mark.value,
        "proposed": one.proposed,
        "command": command_for(one, opening.month, opening.offered),
    }


def _code(state: DocumentState | None) -> str | None:
    return state.value if state else None
