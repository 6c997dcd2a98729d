"""The best day for a customer: each day's detour, fullness and gaps, and green, yellow or red with the reason."""

from typing import Any

from crmkit.model.moving import DayOffer
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text, Tone
from crmkit.report.papers.headings import following, whose
from crmkit.report.terms import day_words, short_day, weekday, word
from crmkit.report.words import _, later
from crmkit.workflow.weigh_days import WeighedDays

_COLOURS: dict[str, tuple[str, Tone]] = {
    "green": (later("green"), "good"),
    "yellow": (later("yellow"), "poor"),
    "red": (later("red"), "bad"),
}


def best_day(found: WeighedDays) -> Page:
    """All days, the best of them first named."""
    now = day_words(found.visit.day) if found.visit else _("nothing planned: a visit more")
    best = found.best
    facts = (
        Fact(_("Stands now"), now),
        Fact(_("Best other day"), _best_words(best) if best else _("none")),
    )
    warning = Text(_("Provisional: the official calendar is not published yet."), "warning")
    blocks: list[Block] = [warning] if found.provisional else []
    return Page(
        title=_("Best day: {code} {name}").format(code=found.customer.code, name=found.customer.name),
        subtitle=whose(found.manager, found.month),
        schema="best-day/1",
        facts=facts,
        blocks=(_table(found), *blocks),
        data=_data(found),
        rows=_table(found),
    )


def next_step(found: WeighedDays) -> str | None:
    """What to type to take the best day; None when there is none, or nothing to move."""
    if found.best is None:
        return None
    if found.visit is None:
        return following(f"crmkit plan add {found.customer.code} {found.best.day} --reason " + _("REASON"))
    return following(f"crmkit plan move {found.customer.code} --date {found.visit.day} --to {found.best.day}")


def why_words(offer: DayOffer) -> str:
    """Why a day is red or yellow."""
    return _(", ").join(word(one) for one in (*offer.obstacles, *offer.cautions))


def _best_words(offer: DayOffer) -> str:
    return _("{day} {weekday}, {km} km more").format(
        day=short_day(offer.day), weekday=weekday(offer.day), km=tenths(offer.metres)
    )


def tenths(metres: int) -> str:
    """Kilometres to a tenth."""
    return f"{(metres + 50) // 100 / 10:.1f}"


def _table(found: WeighedDays) -> Table:
    columns = (
        Column("date", _("Date")),
        Column("colour", _("Advice")),
        Column("metres", _("Detour km"), "number"),
        Column("minutes", _("Minutes"), "number"),
        Column("visits", _("Visits"), "number"),
        Column("percent", _("Load %"), "number"),
        Column("gaps", _("Gaps")),
        Column("why", _("Why")),
    )
    return Table(columns, tuple(_row(offer) for offer in found.offers), empty=_("No day can take visits."))


def _row(offer: DayOffer) -> tuple[Cell, ...]:
    said, tone = _COLOURS[offer.colour]
    here = [_("stands here")] if offer.here else []
    why = _(", ").join([*here, *([why_words(offer)] if offer.obstacles or offer.cautions else [])])
    return (
        Term(offer.day.isoformat(), f"{short_day(offer.day)} {weekday(offer.day)}"),
        Term(offer.colour, _(said), tone),
        Term(str(offer.metres), tenths(offer.metres)),
        (offer.seconds + 30) // 60,
        offer.visits,
        offer.percent,
        f"{_gap(offer.gap_before)} / {_gap(offer.gap_after)}",
        why,
    )


def _gap(days: int | None) -> str:
    return "-" if days is None else str(days)


def _data(found: WeighedDays) -> dict[str, Any]:
    return {
        "customer": found.customer.code,
        "month": str(found.month),
        "stands": found.visit.day.isoformat() if found.visit else None,
        "best": found.best.day.isoformat() if found.best else None,
        "provisional": found.provisional,
        "days": [
            {
                "date": offer.day.isoformat(),
                "colour": offer.colour,
                "here": offer.here,
                "metres": offer.metres,
                "seconds": offer.seconds,
                "visits": offer.visits,
                "percent": offer.percent,
                "gap_before": offer.gap_before,
                "gap_after": offer.gap_after,
                "obstacles": [one.value for one in offer.obstacles],
                "cautions": [one.value for one in offer.cautions],
            }
            for offer in found.offers
        ],
    }
