"""plan verify: is it the same plan again, what changed since, what was altered."""

from datetime import date

from crmkit.model.customer import Frequency
from crmkit.model.strategy import FrequencySource
from crmkit.model.verifying import (
    Because,
    Difference,
    InputCheck,
    InputState,
    SealKind,
    Verdict,
    Verification,
)
from crmkit.report.page import Block, Column, Heading, Json, Page, Table, Term, Text, Tone
from crmkit.report.papers.headings import whose
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, later, ngettext
from crmkit.workflow.verify_plan import VerifiedMonth

_SHOWN = 20  # differences in a table, all with --all

_INPUTS = {
    "customers": later("customers"),
    "orders": later("orders of the months before"),
    "scores": later("ability scores"),
    "effects": later("operating effects"),
    "strategies": later("service strategies"),
    "findings": later("findings on brands and market"),
    "by hand": later("key customers and frequencies by hand"),
    "frequencies": later("approved frequencies"),
    "calendar": later("working days"),
    "visits": later("visits made before"),
    "ways": later("given ways between shops"),
    "debts": later("visit debt"),
}
_TONES: dict[InputState, Tone] = {InputState.SAME: "good", InputState.CHANGED: "poor", InputState.ALTERED: "bad"}


def verified(found: VerifiedMonth, *, show_all: bool = False) -> Page:
    """Frequencies, then visits, each with its verdict, its data and its differences."""
    return Page(
        title=_("Verification of the plan"),
        subtitle=whose(found.manager, found.month),
        schema="verification/1",
        blocks=tuple(block for part in found.parts for block in _part(part, show_all=show_all)),
        data={
            "manager": found.manager.code,
            "month": str(found.month),
            "clean": found.is_clean,
            "altered": found.is_altered,
            "seals": [_data(part) for part in found.parts],
        },
    )


def warning(found: VerifiedMonth) -> str:
    """What the exit code says, in words."""
    if found.is_altered:
        return _("Altered past crmkit: see the lines marked so. What the log knows: crmkit db check --full")
    return _("Not all is as it was when the plan was made: see above.")


def _part(part: Verification, *, show_all: bool) -> list[Block]:
    seal = part.seal
    name = _("Frequencies of the month plan") if seal.kind is SealKind.PLAN else _("Visits by date")
    told = _("Sealed {time} by {who} (crmkit {command}, operation {op})").format(
        time=seal.at[:16].replace("T", " "), who=seal.actor, command=seal.command, op=seal.op
    )
    blocks: list[Block] = [
        Heading(f"{name}{_(': ')}{word(part.verdict)}"),
        Text(told, "note"),
    ]
    if not seal.intact:
        blocks.append(Text(_("The seal itself was altered."), "warning"))
    if part.policy_keys:
        blocks.append(Text(_("Of the policy: ") + _(", ").join(part.policy_keys), "warning"))
    if part.untraced:
        rows = _(", ").join(part.untraced[:_SHOWN])
        blocks.append(Text(_("Rows that are not what the change log left: ") + rows, "warning"))
    if part.inputs:
        blocks.append(_inputs(part))
    return [*blocks, *_differences(part, show_all=show_all)]


def _inputs(part: Verification) -> Table:
    columns = (Column("data", _("Data")), Column("state", _("State")), Column("ops", _("Changed by")))
    return Table(columns, tuple(map(_input, part.inputs)))


def _input(one: InputCheck) -> tuple[Term, Term, str]:
    ops = _("; ").join(f"{seq} {command} {at[:10]}" for seq, command, at in one.ops[:3])
    name = Term(one.name, _(_INPUTS[one.name]) if one.name in _INPUTS else one.name)
    return name, Term(one.state.value, word(one.state), _TONES[one.state]), ops


def _differences(part: Verification, *, show_all: bool) -> list[Block]:
    if not part.differences:
        told = _("What stands in the file is what was sealed: {count} lines.")
        return [Text(told.format(count=len(part.seal.listing)))]
    ordered = sorted(part.differences, key=lambda one: (_ORDER.index(one.because), one.customer))
    shown = ordered if show_all else ordered[:_SHOWN]
    columns = (
        Column("customer", _("Code")),
        Column("sealed", _("Sealed")),
        Column("found", _("Found")),
        Column("because", _("Why")),
    )
    table = Table(columns, tuple(_difference(one) for one in shown), title=_("What differs"))
    more = len(ordered) - len(shown)
    if not more:
        return [table]
    told = ngettext("{count} more; all with --all", "{count} more; all with --all", more).format(count=more)
    return [table, Text(told, "note")]


_ORDER = [Because.ALTERED, Because.MOVED, Because.CHANGED, Because.HANDED_OVER, Because.NOW]


def _difference(one: Difference) -> tuple[str, str, str, Term]:
    tone: Tone = "bad" if one.because is Because.ALTERED else ""
    because = Term(one.because.value, word(one.because), tone)
    return one.customer, _said(one.sealed), _said(one.found), because


def _said(what: str | None) -> str:
    """weekly (by rank) · 4 Nov."""
    if what is None:
        return "-"
    first, _space, source = what.partition(" ")
    if first in list(Frequency):
        told = word(Frequency(first))
        return told + (f" ({word(FrequencySource(source))})" if source in list(FrequencySource) else "")
    return short_day(date.fromisoformat(first))


def _data(part: Verification) -> Json:
    seal = part.seal
    return {
        "kind": seal.kind.value,
        "operation": seal.op,
        "at": seal.at,
        "by": seal.actor,
        "verdict": part.verdict.value,
        "proved": part.verdict is Verdict.SAME,
        "intact": seal.intact,
        "clean": part.is_clean,
        "altered": part.is_altered,
        "crmkit": seal.crmkit,
        "engine": seal.engine,
        "policy_keys": list(part.policy_keys),
        "untraced": list(part.untraced),
        "inputs": [
            {"data": one.name, "state": one.state.value, "operations": [seq for seq, _command, _at in one.ops]}
            for one in part.inputs
        ],
        "differences": [
            {"customer": one.customer, "sealed": one.sealed, "found": one.found, "because": one.because.value}
            for one in part.differences
        ],
    }
