"""The writer's own check: questions, each with where to look and how to mend it."""

from collections.abc import Mapping

from crmkit.model.honesty import Doubt, Doubtful, HonestyCheck
from crmkit.model.summary import SummaryPart
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, later

_JOINT = " · "
_SHOWN = 6


def honesty_page(found: HonestyCheck) -> Page:
    """What somebody who reads it would ask about."""
    columns = (
        Column("day", _("Date")),
        Column("doubt", _("Question")),
        Column("customers", _("Customers")),
        Column("detail", _("Look at")),
    )
    looked = _("{visits} visits, {texts} texts")
    table = Table(columns, tuple(map(_row, found.found)), empty=_("Nothing that one would ask about."))
    return Page(
        title=_("Own check"),
        subtitle=_JOINT.join((found.manager.name, f"{short_day(found.first)} - {short_day(found.last)}")),
        schema="honesty/1",
        facts=(Fact(_("Looked at"), looked.format(visits=found.looked, texts=found.texts)),),
        blocks=(table, *_note(found)),
        data={
            "manager": found.manager.code,
            "first": found.first.isoformat(),
            "last": found.last.isoformat(),
            "visits": found.looked,
            "texts": found.texts,
            "found": [_data(one) for one in found.found],
        },
        rows=table,
    )


def _note(found: HonestyCheck) -> list[Block]:
    if not found.found:
        return []
    told = _(
        "Only you see this until the results are submitted. A question is no reproach: mend it with "
        "visit log … --correct, or leave it where it is true."
    )
    return [Text(told, "note")]


def _row(one: Doubtful) -> tuple[Cell, ...]:
    codes = list(one.customers[:_SHOWN])
    more = len(one.customers) - len(codes)
    listed = _(", ").join(codes) + (f" (+{more})" if more > 0 else "")
    day = Term(one.day.isoformat(), short_day(one.day)) if one.day else None
    return day, Term(one.doubt.value, word(one.doubt)), listed or None, detail_words(one)


def detail_words(one: Doubtful) -> str:
    """What there is to look at: the text, the minutes; and whether only the numbers of the texts differ."""
    facts: dict[str, str | int] = dict(one.facts)
    for name in ("part", "other"):
        if name in facts:
            facts[name] = word(SummaryPart(str(facts[name])))
    form = _("{part}: “{text}”") if one.doubt is Doubt.LAST_TIME and "part" in facts else _(_DETAILS[one.doubt])
    told = form.format_map(facts | {"text": one.text or ""})
    return _("{told} (the same but for the numbers)").format(told=told) if facts.get("numbers_differ") else told


_DETAILS: Mapping[Doubt, str] = {
    Doubt.SAME_TEXT: later("{count} customers: “{text}”"),
    Doubt.LAST_TIME: later("“{text}”"),
    Doubt.TOO_CLOSE: later("{minutes} minutes between them, the straight way takes {needed}"),
    Doubt.DAY_TOO_LONG: later("{count} visits take at least {needed} minutes, the day has {minutes}"),
    Doubt.AT_ONCE: later("{count} visits typed within {seconds} seconds, no text"),
    Doubt.PART_TWICE: later("{part} and {other}: “{text}”"),
}


def _data(one: Doubtful) -> dict[str, object]:
    return {
        "doubt": one.doubt.value,
        "day": one.day.isoformat() if one.day else None,
        "customers": list(one.customers),
        "text": one.text,
        **one.facts,
    }
