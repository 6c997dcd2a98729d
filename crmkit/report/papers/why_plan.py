"""Pages that say why: a customer on the plan, a place on the road, a change, a visit debt."""

from collections.abc import Callable
from datetime import date
from typing import Any

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.debt import Debt
from crmkit.model.distance import Had
from crmkit.model.strategy import KeyCandidate
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.report.page import Block, Cell, Column, Fact, Facts, Page, Table, Term, Text
from crmkit.report.papers.best_day import tenths
from crmkit.report.papers.headings import whose
from crmkit.report.papers.visit_debts import debt_data, ending
from crmkit.report.papers.visit_moves import move_data
from crmkit.report.terms import day_words, month_words, problem_words, short_day, weekday, word
from crmkit.report.words import _, later, ngettext
from crmkit.workflow.explain_change import Happening, PlanChange, WhyChange
from crmkit.workflow.explain_customer import PlanPlace, WhyCustomer
from crmkit.workflow.explain_debt import DebtDay, WhyDebt
from crmkit.workflow.explain_place import WhyPlace

_PLACES = {
    PlanPlace.LISTED: later("on the plan: valid, and on its frequency list"),
    PlanPlace.METHODLESS: later("planned, but on no week schedule and no daily sheet: no visit method is set"),
    PlanPlace.NEW: later("planned by the policy's frequency: he came after the list was made, until the next approval"),
    PlanPlace.NOT_VALID: later("not on the plan: not valid ({state})"),
    PlanPlace.NO_LIST: later("valid, but the month has no plan yet"),
}
_HAPPENINGS = {
    Happening.PLANNED: later("planned for {day}"),
    Happening.MOVED: later("moved from {was} to {day}"),
    Happening.REMOVED: later("taken off {day} when the month was planned again"),
    Happening.PINNED: later("pinned on {day}"),
    Happening.UNPINNED: later("may move again from {day}"),
    Happening.STATE: later("the visit of {day}: {becomes}"),
    Happening.METHOD: later("the visit of {day}: {becomes} instead of {was}"),
    Happening.HANDED_OVER: later("the visit of {day} handed over to another manager"),
}


def on_plan(why: WhyCustomer) -> Page:
    """Why this customer, how often, and what for."""
    facts = [
        Fact(_("On the plan"), _(_PLACES[why.place]).format(state=word(why.customer.state))),
        Fact(_("Key customer"), _key(why.candidate)),
        Fact(_("Visit frequency"), _often(why)),
        Fact(_("Visits of the month"), _visit_days(why.visits)),
    ]
    if why.debts:
        owed = "  ".join(f"{short_day(debt.since)} ({word(debt.why)})" for debt in why.debts)
        facts.append(Fact(_("Owed since"), owed))
    notes: list[Block] = []
    if why.ordering:
        notes.append(Text(_("He ordered lately all the same: is the mark of his state still true?"), "warning"))
    return Page(
        title=_who(why.customer),
        subtitle=whose(why.manager, why.month),
        schema="why-customer/1",
        blocks=(Facts(tuple(facts)), *notes, Text(_further(why), "note")),
        data={
            "customer": why.customer.code,
            "month": str(why.month),
            "place": why.place.value,
            "state": why.customer.state.value,
            "document": why.state.value if why.state else None,
            "frequency": why.frequency.value,
            "source": why.line.source.value if why.line else None,
            "standing": why.candidate.standing.value if why.candidate else None,
            "reasons": list(why.candidate.reasons) if why.candidate else [],
            "rank": why.candidate.rank if why.candidate else None,
            "visits": [{"date": one.day.isoformat(), "state": one.state.value} for one in why.visits],
            "owed_since": [debt.since.isoformat() for debt in why.debts],
        },
    )


def _key(candidate: KeyCandidate | None) -> str:
    if candidate is None:
        return _("no: nothing speaks for it")
    why = [*map(problem_words, candidate.reasons), *((candidate.note,) if candidate.note else ())]
    said = f"{word(candidate.standing)}" + (_(": ") + _("; ").join(why) if why else "")
    return _("{said} (rank {rank})").format(said=said, rank=candidate.rank) if candidate.rank else said


def _often(why: WhyCustomer) -> str:
    if why.place in (PlanPlace.NOT_VALID, PlanPlace.NO_LIST):
        return "-"
    return word(why.frequency) + (f" ({word(why.line.source)})" if why.line else "")


def _visit_days(visits: tuple[PlannedVisit, ...]) -> str:
    told = [
        f"{short_day(one.day)}" + ("" if one.state is PlannedState.OPEN else f" ({word(one.state)})") for one in visits
    ]
    return "  ".join(told) or _("none")


def _further(why: WhyCustomer) -> str:
    code, month = why.customer.code, why.month
    asked = {
        PlanPlace.NOT_VALID: [f"crmkit customer show {code}"],
        PlanPlace.NO_LIST: [f"crmkit plan generate --month {month}"],
        PlanPlace.NEW: [f"crmkit explain frequency {code} --month {month}", f"crmkit explain visit {code}"],
    }
    usual = [f"crmkit explain key {code} --month {month}", f"crmkit explain frequency {code} --month {month}"]
    return _("More: {commands}").format(commands=_("; ").join(asked.get(why.place, usual)))


def place(why: WhyPlace) -> Page:
    """Neighbours, what the shop adds here and at the next best place, and whose order it is."""
    facts = [
        Fact(_("Place"), _("{position} of {count}").format(position=_position(why), count=why.of)),
        Fact(_("Before it"), _beside(why.before, _("the day begins here"))),
        Fact(_("After it"), _beside(why.after, _("the day ends here"))),
        Fact(_("Adds to the road"), _adds(why)),
        Fact(_("Likely reached at"), why.reached),
    ]
    if why.other:
        number, metres = why.other
        words = _("place {number}: {km} km, {more} km more")
        if metres < why.metres:
            words = _("place {number}: {km} km, {more} km less")
        more = tenths(abs(metres - why.metres))
        facts.append(Fact(_("Next best place"), words.format(number=number, km=tenths(metres), more=more)))
    return Page(
        title=_("{customer} on {day}").format(customer=_who(why.customer), day=day_words(why.visit.day)),
        schema="why-place/1",
        blocks=(Facts(tuple(facts)), *(Text(said, "note") for said in _whose_order(why))),
        data={
            "customer": why.customer.code,
            "date": why.visit.day.isoformat(),
            "place": _position(why),
            "of": why.of,
            "before": _neighbour(why.before),
            "after": _neighbour(why.after),
            "metres": why.metres,
            "seconds": why.seconds,
            "reached": why.reached,
            "likely_shut": why.shut,
            "next_best": why.other and {"place": why.other[0], "metres": why.other[1]},
            "shorter_by": why.shorter,
            "printed": why.printed,
            "pinned": why.visit.pinned,
            "note": why.note,
        },
    )


def _position(why: WhyPlace) -> int:
    return why.visit.position


def _adds(why: WhyPlace) -> str:
    minutes = -(-why.seconds // 60)
    return _("{km} km, about {minutes} min").format(km=tenths(why.metres), minutes=minutes)


def _beside(neighbour: tuple[Customer, int, Had] | None, nobody: str) -> str:
    if neighbour is None:
        return nobody
    shop, metres, had = neighbour
    told = _("{code} {name}, {km} km ({had})")
    return told.format(code=shop.code, name=shop.name, km=tenths(metres), had=word(had))


def _neighbour(neighbour: tuple[Customer, int, Had] | None) -> dict[str, Any] | None:
    if neighbour is None:
        return None
    return {"customer": neighbour[0].code, "metres": neighbour[1], "had": neighbour[2].value}


def _whose_order(why: WhyPlace) -> list[str]:
    """Solver, printed sheet, appointment, opening hours."""
    said = []
    if why.shut:
        told = _("likely shut at {clock} (open {hours})")
        said.append(told.format(clock=why.reached, hours=why.customer.hours))
    if why.shorter > 0:
        words = _("The whole day could be {km} km shorter: crmkit plan route --date {day}")
        said.append(words.format(km=tenths(why.shorter), day=why.visit.day))
    else:
        said.append(_("The planner ordered the day as one short road; no shorter order of the day is known."))
    if why.printed:
        said.append(_("The sheet of that day is printed: its order stays."))
    if why.visit.pinned:
        told = _("A fixed appointment holds the visit on this day{why}; its place on the road may change.")
        said.append(told.format(why=f" ({why.note})" if why.note else ""))
    return said


def change(why: WhyChange) -> Page:
    """The history of a customer's visits."""
    columns = (
        Column("at", _("When")),
        Column("actor", _("Who")),
        Column("happened", _("What")),
        Column("why", _("Why")),
    )
    rows = tuple((f"{one.at:%m-%d %H:%M}", one.actor, _happened(one), _why(why, one)) for one in why.changes)
    return Page(
        title=_("{customer}: changes of the visits of {month}").format(
            customer=_who(why.customer), month=month_words(why.month)
        ),
        schema="why-change/1",
        blocks=(Table(columns, rows, empty=_("No visit was ever planned for this month.")),),
        data={
            "customer": why.customer.code,
            "month": str(why.month),
            "changes": [_change_data(one) for one in why.changes],
            "moves": [move_data(move) for move in why.moves],
        },
    )


def _change_data(one: PlanChange) -> dict[str, object]:
    return {
        "operation": one.operation,
        "at": one.at.isoformat(),
        "actor": one.actor,
        "command": one.command,
        "happening": one.happening.value,
        "date": one.day and one.day.isoformat(),
        "was": one.was or None,
        "becomes": one.becomes or None,
        "note": one.note or None,
        "undone": one.undone,
    }


def _happened(one: PlanChange) -> str:
    day = f"{short_day(one.day)} {weekday(one.day)}" if one.day else "-"
    said = _(_HAPPENINGS[one.happening]).format(day=day, was=_cell(one, one.was), becomes=_cell(one, one.becomes))
    return said + (_(" (undone)") if one.undone else "")


def _cell(one: PlanChange, text: str) -> str:
    """A state, a method or a day in words; what the file has where it is none of them."""
    readers: dict[Happening, Callable[[str], str]] = {
        Happening.STATE: lambda code: word(PlannedState(code)),
        Happening.METHOD: lambda code: word(VisitMethod(code)),
        Happening.MOVED: lambda iso: short_day(date.fromisoformat(iso)),
    }
    return readers[one.happening](text) if text and one.happening in readers else text


def _why(why: WhyChange, one: PlanChange) -> str:
    """What was written with it, else the reason the move was kept with, else the command."""
    told = next((move for move in why.moves if _told_by(move.at, move.was, move.becomes, one)), None)
    if told is not None:
        return _(": ").join([word(told.reason), *([told.note] if told.note else [])])
    return one.note or f"crmkit {one.command}"


def _told_by(at: str, was: object, becomes: object, one: PlanChange) -> bool:
    """Is the move this change? Kept at the same moment, from or to the same day."""
    same_moment = at[:16] == one.at.isoformat()[:16]
    if one.happening is Happening.MOVED:
        return same_moment and becomes == one.day
    gone = one.happening is Happening.REMOVED or one.becomes == PlannedState.CANCELLED
    came = one.happening is Happening.PLANNED
    return same_moment and ((gone and was == one.day and becomes is None) or (came and becomes == one.day))


def debt(why: WhyDebt) -> Page:
    """The customer's days, and the debts that arose and ended on them."""
    found = why.found
    columns = (
        Column("date", _("Date")),
        Column("planned", _("Planned")),
        Column("happened", _("What happened")),
        Column("debt", _("Visit debt")),
    )
    rows = tuple(_debt_row(why, day) for day in why.days)
    rule = _(
        "A planned visit that did not take place, and an owed one that stood on no day, are owed until a later visit "
        "beyond the plan repays them (the oldest first), a person forgives them, or the result of their month is "
        "approved."
    )
    return Page(
        title=_("{customer}: visit debt").format(customer=_who(why.customer)),
        subtitle=day_words(found.until),
        schema="why-debt/1",
        facts=(Fact(_("Owed now"), str(len(found.open))),),
        blocks=(Table(columns, rows, empty=_("Nobody is owed a visit.")), Text(rule, "note")),
        data={
            "customer": why.customer.code,
            "date": found.until.isoformat(),
            "open": len(found.open),
            "debts": [debt_data(found, one) for one in found.debts],
        },
    )


def _debt_row(why: WhyDebt, day: DebtDay) -> tuple[Cell, ...]:
    planned = word(day.plan.state) if day.plan else _("not planned") if day.fact else "-"
    if day.fact is None:
        happened = _("not typed in") if day.plan and day.plan.state is PlannedState.OPEN else "-"
    elif day.fact.visited:
        happened = word(day.fact.method)
    else:
        happened = word(day.fact.miss_reason) if day.fact.miss_reason else word(PlannedState.MISSED)
    told = [_("owed: {why}").format(why=word(one.why)) for one in day.arose]
    told += [
        _("{ending} (owed since {day}, {age})").format(ending=ending(one), day=short_day(one.since), age=_age(why, one))
        for one in day.ended
    ]
    return (Term(day.day.isoformat(), short_day(day.day)), planned, happened, _("; ").join(told))


def _age(why: WhyDebt, one: Debt) -> str:
    days = why.found.age(one)
    return ngettext("{count} working day", "{count} working days", days).format(count=days)


def _who(customer: Customer) -> str:
    return f"{customer.code} {customer.name}"
