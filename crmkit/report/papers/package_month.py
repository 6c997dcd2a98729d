"""A package as the reviewer reads it: who sends what, how it came to stand here, the plan as its manager sees it."""

from collections import Counter
from pathlib import Path
from typing import Any

from crmkit.model.customer import Frequency
from crmkit.model.package import Link, Sealing, Submission
from crmkit.model.strategy import FrequencySource
from crmkit.report.gates import code_words
from crmkit.report.page import Block, Cell, Column, Fact, Heading, Page, Table, Term, Text
from crmkit.report.papers import month_plan as plan_papers
from crmkit.report.papers import strategies as strategy_papers
from crmkit.report.papers.headings import following
from crmkit.report.papers.package import SHOWN_DIGITS, kinds_words, parties, party_month, shown_name
from crmkit.report.terms import month_words, word
from crmkit.report.words import _
from crmkit.workflow.generate_month_plan import MonthPlan
from crmkit.workflow.review_package import OpenedMonth


def opened(found: OpenedMonth, *, show_all: bool = False) -> Page:
    """The whole package; every name with --all."""
    sent, plan = found.submission, found.month.plan
    made = strategy_papers.strategies(found.month.strategies, show_all=show_all)
    blocks: list[Block] = [*_warnings(found), _chain(sent), Heading(made.title), *made.blocks]
    facts, data, rows = [*_facts(found), *made.facts[1:2]], None, made.rows
    if plan is not None:
        page = plan_papers.month_plan(plan, show_all=show_all)
        blocks += [*_by_hand(plan, show_all=show_all), _changes(sent), Heading(page.title), *page.blocks]
        facts, data, rows = [*facts, *page.facts[1:]], page.data, page.rows
    return Page(
        title=_("Package for approval"),
        subtitle=party_month(sent.manager, month_words(sent.month)),
        schema="package/1",
        facts=tuple(facts),
        blocks=tuple(blocks),
        data={**_data(found), "step7": made.data, "step8": data},
        rows=rows,
    )


def next_step(found: OpenedMonth) -> str:
    """What to type after it: one of the two."""
    file = shown_name(Path(found.opened.path))
    told = _("crmkit review approve {file}, or crmkit review reject {file} --reason REASON")
    return following(told.format(file=file))


def _facts(found: OpenedMonth) -> list[Fact]:
    sent = found.submission
    scored = _("{entered} entered, {carried} carried over, {assumed} assumed for a group")
    same, other = _("{name} {version}; the same as here"), _("{name} {version}; not the same as here")
    policy = same if found.same_policy else other
    return [
        Fact(_("For decision"), kinds_words(sent.waiting)),
        Fact(_("May be decided by"), parties(sent.deciders)),
        Fact(_("Policy"), policy.format(name=sent.policy.name, version=sent.policy.version)),
        Fact(_("Checksum"), found.opened.digest[:SHOWN_DIGITS]),
        Fact(_("Review key"), word(found.opened.sealing)),
        Fact(_("Ability scores"), scored.format(entered=sent.entered, carried=sent.carried, assumed=sent.assumed)),
    ]


def _warnings(found: OpenedMonth) -> list[Block]:
    """What a reviewer must know before he trusts the page."""
    if found.opened.sealing is not Sealing.UNCHECKED:
        return []
    return [Text(_("It was sealed with a key, but no review_key is set here to check it."), "warning")]


def _chain(sent: Submission) -> Table:
    """Every step both documents took, with who, in which role, when and why."""
    columns = (
        Column("at", _("When")),
        Column("document", _("Document")),
        Column("action", _("Step")),
        Column("actor", _("Who")),
        Column("role", _("Role")),
        Column("reason", _("Reason")),
    )
    return Table(columns, tuple(_link(link) for link in sent.chain), title=_("How it came to stand here"))


def _link(link: Link) -> tuple[Cell, ...]:
    role = Term(link.role, str(code_words("role", link.role))) if link.role else None
    return (
        link.at.replace("T", " ")[:16],
        Term(link.document.value, word(link.document)),
        Term(link.action.value, word(link.action)),
        link.actor,
        role,
        link.reason,
    )


def _by_hand(plan: MonthPlan, *, show_all: bool) -> list[Block]:
    """Frequencies the manager set by hand, each with his reason."""
    lines = [line for line in plan.lines if line.source is FrequencySource.OVERRIDE]
    if not lines:
        return []
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("frequency", _("Visit frequency")),
        Column("reason", _("Reason")),
    )
    owned = plan.portfolio.owned
    rows = tuple(
        (owned[n.customer].code, owned[n.customer].name, Term(n.frequency.value, word(n.frequency)), n.note)
        for n in (lines if show_all else lines[:10])
    )
    more = len(lines) - len(rows)
    rest = [Text(_("and {count} more (--all)").format(count=more))] if more else []
    return [Table(columns, rows, title=_("Frequencies set by hand")), *rest]


def _changes(sent: Submission) -> Table:
    """What approval would change: the frequency in force against the plan's."""
    assert sent.step8 is not None
    now = {one.code: one.frequency for one in sent.customers}
    found = Counter((now[line.customer], line.frequency) for line in sent.step8.frequencies)
    columns = (
        Column("before", _("In force now")),
        Column("after", _("After approval")),
        Column("count", _("Customers"), "number"),
    )
    order = list(Frequency)
    ordered = sorted(found, key=lambda pair: (pair[0] is None, pair[0] and order.index(pair[0]), order.index(pair[1])))
    rows = tuple((_frequency(before), _frequency(after), found[before, after]) for before, after in ordered)
    return Table(columns, rows, title=_("What approval writes"))


def _frequency(frequency: Frequency | None) -> Term:
    return Term(frequency.value, word(frequency)) if frequency else Term("", _("none"))


def _data(found: OpenedMonth) -> dict[str, Any]:
    sent = found.submission
    return {
        "month": str(sent.month),
        "manager": sent.manager.code,
        "digest": found.opened.digest,
        "sealing": found.opened.sealing.value,
        "documents": [kind.value for kind in sent.waiting],
        "deciders": [one.code for one in sent.deciders],
        "policy": {"name": sent.policy.name, "version": sent.policy.version, "same": found.same_policy},
        "scores": {"entered": sent.entered, "carried": sent.carried, "assumed": sent.assumed},
        "chain": [
            {
                "at": link.at,
                "document": link.document.value,
                "action": link.action.value,
                "actor": link.actor,
                "role": link.role,
                "reason": link.reason,
                "previous": link.previous,
            }
            for link in sent.chain
        ],
    }
