"""One visit moved, pinned, let go or skipped by hand; one day's road put in order."""

from typing import Any

from crmkit.model.moving import DayOffer
from crmkit.model.visit import PlannedState
from crmkit.report.page import Block, Column, Fact, Page, Table, Text
from crmkit.report.papers.best_day import tenths, why_words
from crmkit.report.papers.headings import following, unwritten
from crmkit.report.terms import day_words, short_day, word
from crmkit.report.words import _
from crmkit.rules.capacity import on_road
from crmkit.workflow.add_visit import AddedVisit
from crmkit.workflow.move_visit import HeldVisit, MovedVisit
from crmkit.workflow.route_day import RoutedDay


def moved(done: MovedVisit, *, dry_run: bool) -> Page:
    """From where to where, and what that does to the new day."""
    offer = done.offer
    blocks = _minded(offer)
    if done.printed:
        days = _(", ").join(short_day(day) for day in done.printed)
        blocks.append(Text(_("Sheets to print again: {days}").format(days=days), "warning"))
    return Page(
        title=_("Moved: {code} {name}").format(code=done.customer.code, name=done.customer.name),
        schema="moved-visit/1",
        facts=_facts(
            (_("Old day"), day_words(done.was)),
            (_("New day"), _("{day}, pinned").format(day=day_words(done.visit.day))),
            (_("Detour"), _("{km} km").format(km=tenths(offer.metres))),
            (_("Visits that day"), str(offer.visits)),
            (_("Reason"), done.reason),
        ),
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data={
            "customer": done.customer.code,
            "was": done.was.isoformat(),
            "becomes": done.visit.day.isoformat(),
            "reason": done.reason,
            **_offer_data(offer),
            "printed": [day.isoformat() for day in done.printed],
            "dry_run": dry_run,
        },
    )


def added(done: AddedVisit, *, dry_run: bool) -> Page:
    """A visit more, and what it does to its day."""
    offer = done.offer
    blocks = _minded(offer)
    if done.printed:
        blocks.append(Text(_("The sheet of that day is printed: print it again."), "warning"))
    if done.owed_since:
        told = _("Made, it repays the visit owed since {day}, if the month owes no other first.")
        blocks.append(Text(told.format(day=day_words(done.owed_since)), "note"))
    return Page(
        title=_("Added: {code} {name}").format(code=done.customer.code, name=done.customer.name),
        schema="added-visit/1",
        facts=_facts(
            (_("Date"), _("{day}, pinned").format(day=day_words(done.visit.day))),
            (_("Way"), word(done.visit.method)),
            (_("Detour"), _("{km} km").format(km=tenths(offer.metres))),
            (_("Visits that day"), str(offer.visits)),
            (_("Reason"), done.reason),
        ),
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data={
            "customer": done.customer.code,
            "date": done.visit.day.isoformat(),
            "method": done.visit.method.value,
            "reason": done.reason,
            **_offer_data(offer),
            "printed": done.printed,
            "owed_since": done.owed_since and done.owed_since.isoformat(),
            "dry_run": dry_run,
        },
    )


def _minded(offer: DayOffer) -> list[Block]:
    """What speaks against the day; said, never refused."""
    return [Text(_("Mind: {why}").format(why=why), "warning")] if (why := why_words(offer)) else []


def _offer_data(offer: DayOffer) -> dict[str, Any]:
    return {
        "metres": offer.metres,
        "visits": offer.visits,
        "colour": offer.colour,
        "obstacles": [one.value for one in offer.obstacles],
        "cautions": [one.value for one in offer.cautions],
    }


def held(done: HeldVisit, *, dry_run: bool) -> Page:
    """A visit that stays, may move again, or is off."""
    skipped = done.visit.state is PlannedState.CANCELLED
    title = _("Skipped: {code} {name}") if skipped else _("Pinned: {code} {name}")
    if not skipped and not done.visit.pinned:
        title = _("May move again: {code} {name}")
    blocks: list[Block] = []
    if skipped:
        said = _("It is no longer owed; no planning puts it back. crmkit db undo takes this back.")
        blocks.append(Text(said, "note"))
    if done.known:
        blocks.append(Text(_("It was so already."), "note"))
    if done.printed and skipped:
        blocks.append(Text(_("The sheet of that day is printed: print it again."), "warning"))
    return Page(
        title=title.format(code=done.customer.code, name=done.customer.name),
        schema="held-visit/1",
        facts=_facts(
            (_("Date"), day_words(done.visit.day)), (_("Way"), word(done.visit.method)), (_("Reason"), done.reason)
        ),
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data={
            "customer": done.customer.code,
            "date": done.visit.day.isoformat(),
            "pinned": done.visit.pinned,
            "skipped": skipped,
            "reason": done.reason,
            "printed": done.printed,
            "dry_run": dry_run,
        },
    )


def routed(done: RoutedDay, *, dry_run: bool) -> Page:
    """The day's shops in the order of the road."""
    blocks: list[Block] = []
    if done.printed and done.changed:
        blocks.append(Text(_("The sheet of that day is printed: its order stays."), "warning"))
    for customer, clock in done.shut:
        shop = done.known[customer]
        told = _("likely shut at {clock} (open {hours})").format(clock=clock, hours=shop.hours)
        blocks.append(Text(f"{shop.code} {shop.name}{_(': ')}{told}", "warning"))
    return Page(
        title=_("Route of {day}").format(day=day_words(done.day)),
        subtitle=f"{done.manager.name} ({done.manager.code})",
        schema="route/1",
        facts=_facts(
            (_("Km before"), tenths(done.before)),
            (_("Km"), tenths(done.after)),
            (_("Changed places"), str(len(done.changed))),
        ),
        blocks=(_order(done), *blocks, *unwritten(dry_run=dry_run)),
        data={
            "date": done.day.isoformat(),
            "manager": done.manager.code,
            "metres_before": done.before,
            "metres": done.after,
            "changed": len(done.changed),
            "printed": done.printed,
            "likely_shut": [{"customer": done.known[one].code, "at": clock} for one, clock in done.shut],
            "visits": _order(done).records(),
            "dry_run": dry_run,
        },
        rows=_order(done),
    )


def after_move(done: MovedVisit) -> str:
    """What to type after it."""
    return following(f"crmkit explain visit {done.customer.code} --date {done.visit.day}")


def after_add(done: AddedVisit) -> str:
    """What to type after it."""
    return following(f"crmkit explain visit {done.customer.code} --date {done.visit.day}")


def _order(done: RoutedDay) -> Table:
    columns = (Column("position", _("No."), "number"), Column("customer", _("Code")), Column("name", _("Name")))
    rows = tuple(
        (at if on_road(visit.method) else None, done.known[visit.customer].code, done.known[visit.customer].name)
        for at, visit in enumerate(done.visits, 1)
    )
    return Table(columns, rows)


def _facts(*told: tuple[str, Any]) -> tuple[Fact, ...]:
    return tuple(Fact(name, value) for name, value in told if value)
