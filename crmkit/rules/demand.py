"""Direct demand 直接需求 (step 1): whose month a record is for, what an edit does, who is missing, what it causes.

Online customers' questionnaires count up to the cut-off of M-1, inclusive; later ones belong to M+1 (method.md §3,
step 1). All others count up to the deadline of M, the last opening day.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.demand import Channel, DemandLine, Lacking, Missing, Questionnaire, Wish
from crmkit.model.month import Month
from crmkit.model.policy import CatalogueEntry
from crmkit.model.strategy import Demand
from crmkit.rules.strategies import OTHER_DEMAND

_PARTS = re.compile(r"[、;；\n]+")
_COLON = re.compile(r"[:：]")
SUPPLY = "supply"  # the kind of demand that lines of products are (our default)


def cut_off(month: Month, day: int) -> date:
    """The last day on which an online questionnaire counts for `month`: that day of the month before, or its last day
    where the month is shorter.
    """
    before = month.previous
    return min(before.last, date(before.year, before.number, min(day, before.last.day)))


def month_of(came_on: date, channel: Channel, day: int, deadline: Callable[[Month], date]) -> Month:
    """The month a questionnaire is for when nobody names one.

    Online: the first month whose cut-off has not passed. Any other way: the month it came in up to that month's
    deadline, else the next.
    """
    this = Month.of(came_on)
    if channel is Channel.ONLINE:
        return this.next if came_on <= cut_off(this.next, day) else this.plus(2)
    return this if came_on <= deadline(this) else this.next


def is_late(came_on: date, channel: Channel, wanted: Month | None, day: int) -> bool:
    """Did an online questionnaire miss the cut-off: of the month it names, or of the month after the one it came in?"""
    return channel is Channel.ONLINE and came_on > cut_off(wanted or Month.of(came_on).next, day)


def assigned(
    came_on: date, channel: Channel, wanted: Month | None, day: int, deadline: Callable[[Month], date]
) -> Month:
    """The month a questionnaire goes to: the one it names, unless it came online after that one's cut-off."""
    first = month_of(came_on, channel, day, deadline)
    if wanted is None:
        return first
    return max(wanted, first) if channel is Channel.ONLINE else wanted


def edited(
    before: Questionnaire | None, start: Questionnaire, lines: Mapping[int, int], wishes: Mapping[str, str | None]
) -> Questionnaire:
    """The questionnaire with volumes and wishes written over those it has; a volume of 0 takes a line away.

    `start` says customer, month, day and channel. Any change takes the confirmation back; nothing new changes nothing,
    and the day and the channel alone are no change.
    """
    kept = {line.product: line.volume for line in before.lines} if before else {}
    wished = {wish.kind: wish.note for wish in before.wishes} if before else {}
    new_lines = {product: volume for product, volume in {**kept, **lines}.items() if volume > 0}
    new_wishes = {**wished, **{kind: note or wished.get(kind) for kind, note in wishes.items()}}
    if before is not None and new_lines == kept and new_wishes == wished:
        return before
    return replace(
        start,
        lines=tuple(DemandLine(product, volume) for product, volume in new_lines.items()),
        wishes=tuple(Wish(kind, note) for kind, note in new_wishes.items()),
        id=before.id if before else 0,
    )


def told_by(before: Questionnaire | None, channel: Channel | None) -> Channel:
    """How an entry came in: as it is said now, else as the record says already."""
    return channel or (before.channel if before else Channel.OTHER)


def emptied(before: Questionnaire) -> Questionnaire:
    """The questionnaire of a shop that wants nothing after all; unconfirmed when it wanted something."""
    if not before.lines and not before.wishes:
        return before
    return replace(before, lines=(), wishes=(), confirmed=False, confirmed_by=None, confirmed_at=None)


def joined(wishes: Mapping[str, str | None], more: Mapping[str, str | None]) -> dict[str, str | None]:
    """Wishes of two rows of one questionnaire: of one kind both notes are kept."""
    found = dict(wishes)
    for kind, note in more.items():
        notes = [one for one in (found.get(kind), note) if one]
        found[kind] = "；".join(dict.fromkeys(notes)) or None
    return found


def without_wishes(before: Questionnaire, kinds: Container[str]) -> Questionnaire:
    """The questionnaire without wishes of these kinds; unconfirmed when it had one."""
    left = tuple(wish for wish in before.wishes if wish.kind not in kinds)
    if left == before.wishes:
        return before
    return replace(before, wishes=left, confirmed=False, confirmed_by=None, confirmed_at=None)


def missing(
    valid: Iterable[Customer], known: Container[int], month: Month, today: date, day: int
) -> tuple[Missing, ...]:
    """The valid customers without a questionnaire, by code, and why: awaited online, or to be entered by hand."""
    awaited = today <= cut_off(month, day)

    def why(customer: Customer) -> Lacking:
        if not customer.online:
            return Lacking.BY_HAND
        return Lacking.AWAITED if awaited else Lacking.OVERDUE

    lacking = sorted((one for one in valid if one.id not in known), key=lambda one: one.code)
    return tuple(Missing(one, why(one)) for one in lacking)


def as_of(questionnaires: Mapping[int, Questionnaire], day: date) -> dict[int, Questionnaire]:
    """What was there on a day: entries that had come in, confirmations made by then."""

    def then(one: Questionnaire) -> Questionnaire:
        if one.confirmed_at is None or one.confirmed_at[:10] <= day.isoformat():
            return one
        return replace(one, confirmed=False, confirmed_by=None, confirmed_at=None)

    return {key: then(one) for key, one in questionnaires.items() if one.came_on <= day}


def unconfirmed(questionnaires: Iterable[Questionnaire]) -> tuple[Questionnaire, ...]:
    return tuple(one for one in questionnaires if not one.confirmed)


def demands(questionnaires: Iterable[Questionnaire]) -> tuple[Demand, ...]:
    """What questionnaires ask for, as step 7 takes it: one of each kind of demand or wish (method.md §4, Strategies).

    All product lines of a customer are one demand of the kind "supply": one talk at the counter, whatever its length
    (our default); so a long list does not lift a shop over one with three different troubles.
    """
    found: list[Demand] = []
    for one in questionnaires:
        kinds = dict.fromkeys([*([SUPPLY] if one.lines else []), *(wish.kind for wish in one.wishes)])
        found += [Demand(one.customer, kind, kind, one.confirmed) for kind in kinds]
    return tuple(found)


def behind(code: str, asked: Questionnaire | None) -> tuple[tuple[DemandLine, ...], str | None]:
    """What of a questionnaire stands behind a strategy: the lines for supply, the note for a wish; else nothing."""
    place, _dot, kind = code.partition(".")
    if place != "demand" or asked is None:
        return (), None
    note = next((wish.note for wish in asked.wishes if wish.kind == kind), None)
    return (asked.lines if kind == SUPPLY else (), note)


def kind_words(catalogue: Iterable[CatalogueEntry]) -> dict[str, str]:
    """Every word a kind of demand is known by, with the kind: its code, and what stands before the colon in the
    catalogue's text: 送货需求, 送货, "delivery wish".
    """
    found: dict[str, str] = {}
    for entry in catalogue:
        place, _dot, kind = entry.code.partition(".")
        if place == "demand":
            zh, en = (_COLON.split(text, maxsplit=1)[0].strip().casefold() for text in (entry.zh, entry.en))
            short = zh.removesuffix("需求").removesuffix("处理")
            for word in (kind, kind.replace("_", " "), zh, short, en):
                found.setdefault(word, kind)
    return found


def wishes_in(text: str | None, words: Mapping[str, str], note: str | None = None) -> dict[str, str | None]:
    """The wishes a cell names, by kind with their notes: 送货、培训, "delivery; training", 投诉：价签不全.

    Words no kind is known by are a wish of the kind "other", with the words as its note (our default): nothing a shop
    said is lost. `note` is added to every wish that has none of its own; alone it is such another wish.
    """
    found: dict[str, str | None] = {}
    unknown: list[str] = []
    for part in filter(None, (part.strip() for part in _PARTS.split(text or ""))):
        word, colon, own = _COLON.sub(":", part, count=1).partition(":")
        kind = words.get(word.strip().casefold())
        if kind is None:
            unknown.append(part)
        else:
            found[kind] = (own.strip() or note) if colon else note
    if unknown or (note and not found):
        told = [*unknown, *([note] if note else [])]
        found[OTHER_DEMAND] = "；".join(dict.fromkeys(told))
    return found
