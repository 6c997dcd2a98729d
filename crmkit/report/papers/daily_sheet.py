"""The daily visit sheet 日拜访记录表: carried through the street, written on, typed in by its codes."""

from collections.abc import Mapping

from crmkit.model.customer import Customer
from crmkit.model.personal import phones
from crmkit.model.sheet import Sheet, SheetTask, SinceVisit, Sketch, Stop
from crmkit.model.strategy import StrategyOrigin
from crmkit.model.visit import MissReason, Visit
from crmkit.report.fieldwords import field_word
from crmkit.report.figurewords import money, percent
from crmkit.report.page import Block, Card, Fact, Heading, Page, Road, Task, Text
from crmkit.report.papers.daily_sheet_data import sheet_data, sheet_table, words_of
from crmkit.report.papers.imports import volume_words
from crmkit.report.papers.sheet_message import messages
from crmkit.report.terms import day_words, problem_words, short_day, word
from crmkit.report.words import _, later, ngettext

_JOINT = " · "
_WANTED_SHOWN = 5
_PRODUCTS_SHOWN = 3  # of those gained or lost: the line stays one line
_BROUGHT_SHOWN = 8
_SHOPS_SHOWN = 4
_WORDS_SHOWN = 120  # characters of the last words
_MISSES: Mapping[MissReason, str] = {  # one word each: as it may be typed behind ✗, and the boxes stay on one line
    MissReason.CLOSED: later("shut"),
    MissReason.OWNER_AWAY: later("away"),
    MissReason.WEATHER: later("weather"),
    MissReason.MEETING: later("meeting"),
    MissReason.REFUSED: later("refused"),
    MissReason.OTHER: later("other"),
}


def daily_sheet(sheet: Sheet) -> Page:
    """The sheet of one day: shops in the order of the road, phone calls apart, room to write."""
    return Page(
        title=_("Daily visit sheet"),
        subtitle=_JOINT.join(_subtitle(sheet)),
        schema="daily-sheet/1",
        facts=tuple(_facts(sheet)),
        blocks=tuple(_blocks(sheet)),
        generated_for=sheet.day,
        data=sheet_data(sheet),
        rows=sheet_table(sheet),
        foot=_foot(sheet),
        head=_JOINT.join([sheet.manager.name, short_day(sheet.day), f"#{sheet.code}"]) if sheet.code else "",
        messages=messages(sheet, _JOINT.join(_day(sheet)), _bring(sheet)),
    )


def _subtitle(sheet: Sheet) -> list[str]:
    provisional = [_("provisional")] if sheet.provisional else []
    code = [f"#{sheet.code}"] if sheet.code else []
    return [sheet.manager.name, day_words(sheet.day), *code, sheet.zone, *provisional]


def _foot(sheet: Sheet) -> str:
    parts = [_("Daily visit sheet"), sheet.manager.name, day_words(sheet.day)]
    if sheet.code:
        parts.append(f"#{sheet.code}")
    if sheet.printing:
        parts.append(_("version {number}").format(number=sheet.printing.version))
        parts.append(_("printed {time}").format(time=f"{sheet.printing.at:%Y-%m-%d %H:%M}"))
    return _JOINT.join(parts)


def _facts(sheet: Sheet) -> list[Fact]:
    facts = [Fact(_("The day"), _JOINT.join(_day(sheet)))]
    if sheet.focus:
        facts.append(Fact(_("Focus of the market manager"), sheet.focus))
    if sheet.bring:
        facts.append(Fact(_("What to bring"), _bring(sheet)))
    if sheet.left_out:
        names = _("; ").join(f"{one.code} {one.name}" for one in sheet.left_out)
        facts.append(Fact(_("Planned but left out"), names))
    return facts


def _bring(sheet: Sheet) -> str:
    """样品1 7.5 (TKC, MJS)、样品2 2 (N3S) and 3 products more."""
    shown = [
        f"{one.product} {volume_words(one.volume)}" + _(" ({note})").format(note=_shops(one.shops))
        for one in sheet.bring[:_BROUGHT_SHOWN]
    ]
    more = len(sheet.bring) - len(shown)
    return _(", ").join(shown) + (_(" and {count} products more").format(count=more) if more > 0 else "")


def _shops(codes: tuple[str, ...]) -> str:
    more = len(codes) - _SHOPS_SHOWN
    return " ".join([*codes[:_SHOPS_SHOWN], *([f"+{more}"] if more > 0 else [])])


def _day(sheet: Sheet) -> list[str]:
    totals = sheet.totals
    said = [ngettext("{count} visit", "{count} visits", totals.visits).format(count=totals.visits)]
    if totals.visits:
        said.append(_("{urban} urban, {rural} rural").format(urban=totals.urban, rural=totals.rural))
    if totals.phone:
        said.append(_("{count} by phone or other ways").format(count=totals.phone))
    if totals.visits and totals.minutes is not None:
        hours, minutes = divmod(totals.minutes, 60)
        said.append(_("{hours} h {minutes} min").format(hours=hours, minutes=minutes))
    if totals.visits and totals.metres is not None:
        unplaced = sum(stop.customer.place is None for stop in sheet.stops)
        said.append(_road(totals.metres, 0 if totals.measured else unplaced))
    if totals.full is not None:
        said.append(_("{percent} % of the day's room").format(percent=(totals.full + 5) // 10))
    return said


def _road(metres: int, unplaced: int) -> str:
    """Kilometres to a tenth; whole ones where the place of a shop is only guessed."""
    if not unplaced:
        return _("{km} km").format(km=f"{metres // 1000}.{metres % 1000 // 100}")
    words = ngettext(
        "about {km} km, {count} shop without coordinates", "about {km} km, {count} shops without coordinates", unplaced
    )
    return words.format(km=(metres + 500) // 1000, count=unplaced)


def _blocks(sheet: Sheet) -> list[Block]:
    blocks: list[Block] = [_card(stop, sheet, on_road=True) for stop in sheet.stops]
    if sheet.calls:
        blocks.append(Heading(_("By phone and other ways")))
        blocks.extend(_card(call, sheet, on_road=False) for call in sheet.calls)
    if not blocks:
        blocks.append(Text(_("No visits are planned for this day.")))
    sketched = [_sketch(sheet.sketch, sheet)] if sheet.sketch else []
    return [*blocks, _unplanned(), *([_how_to_type()] if sheet.stops or sheet.calls else []), *sketched]


def _how_to_type() -> Text:
    """The marks of the evening's lines, for who has forgotten one (crmkit visit enter)."""
    return Text(
        _(
            "In the evening (crmkit visit enter), a line a shop, its code first: ★2 done · ●43 or ●text item done · "
            "promise: text · × and why · anomaly: text · opinion: text · v both fields right, v1 the first, "
            "v2=what is right; · the rest is impressions"
        ),
        "note",
    )


def _sketch(sketch: Sketch, sheet: Sheet) -> Road:
    """The sketch with its words; below it who has no place on it."""
    names = {stop.position: f"{stop.position} {stop.short_code} {stop.customer.name}" for stop in sheet.stops}
    return Road(
        title=_("Sketch of the road"),
        spots=sketch.spots,
        way=sketch.way,
        wide=sketch.wide,
        tall=sketch.tall,
        scale=_length(sketch.bar),
        bar=1000 * sketch.bar // sketch.metres,
        north=_("N ↑"),
        apart=_("Not on the sketch:"),
        beside=tuple(names[number] for number in sketch.beside),
    )


def _length(metres: int) -> str:
    return f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"


def _card(stop: Stop, sheet: Sheet, *, on_road: bool) -> Card:
    return Card(
        number=str(stop.position) if on_road else word(stop.method),
        code=stop.short_code,
        title=stop.customer.name,
        mark=_("KEY") if stop.key else "",
        aside=word(stop.frequency) if stop.frequency else "",
        lines=tuple(line for line in (_who(stop.customer), _where(stop.customer)) if line),
        notes=tuple(_notes(stop)),
        tasks=(*_tasks(stop, sheet), *_promises(stop)),
        verify=(_("Verify"), *_fields(stop)) if stop.verify else (),
        went=_("visited"),
        blanks=(_("arrived"), _("left")) if on_road else (),
        missed=_missed(),
        writing=_writing(),
    )


def _missed() -> tuple[str, ...]:
    return (_("missed"), *(_(_MISSES[reason]) for reason in MissReason))


def _writing() -> tuple[str, ...]:
    return (_("Market anomaly"), _("Opinions and wishes"), _("Effect and impressions"))


def _who(customer: Customer) -> str:
    grade = _("grade {grade}").format(grade=customer.grade) if customer.grade else ""
    kinds = (customer.market_type, customer.business_type)
    return _JOINT.join(part for part in (customer.code, grade, *(word(kind) for kind in kinds if kind)) if part)


def _where(customer: Customer) -> str:
    person = " ".join(part for part in (customer.contact, *phones(customer.phone)) if part)
    return _JOINT.join(part for part in (customer.neighbourhood, customer.address, person) if part)


def _notes(stop: Stop) -> list[Fact]:
    notes = []
    if stop.reasons:
        notes.append(Fact(_("Why key"), _("; ").join(map(problem_words, stop.reasons))))
    if stop.last:
        notes.append(Fact(_("Last visit"), _last(stop.last)))
    if stop.since:
        notes.extend(_since(stop.since))
    if stop.debt:
        notes.append(Fact(_("Visit debt"), _owed(stop)))
    if stop.shut_at:
        told = _("likely shut at {clock} (open {hours})").format(clock=stop.shut_at, hours=stop.customer.hours)
        notes.append(Fact(_("Opening hours"), told))
    if not stop.tasks:
        notes.append(Fact(_("Strategies"), _("this month's are done")))
    return notes


def _since(since: SinceVisit) -> list[Fact]:
    """What was ordered since the last visit, and how far that is known; products gained and lost."""
    if not since.days:
        return [Fact(_("Since then"), _("no order until {day}").format(day=short_day(since.until)))]
    said = ngettext("{count} order day", "{count} order days", since.days).format(count=since.days)
    change = percent(since.change)
    against = [_("{percent} % a day").format(percent=f"{change:+}")] if change is not None else []
    cartons = _("{count} cartons").format(count=volume_words(since.volume))
    facts = [Fact(_("Since then"), _(", ").join([said, cartons, f"{money(since.amount):,f}", *against]))]
    for label, products in ((_("New products"), since.gained), (_("Dropped products"), since.lost)):
        if products:
            facts.append(Fact(label, _few(products)))
    return facts


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _PRODUCTS_SHOWN
    shown = _(", ").join(names[:_PRODUCTS_SHOWN])
    return shown + (_(" and {count} products more").format(count=more) if more > 0 else "")


def _fields(stop: Stop) -> list[str]:
    """1 Phone, 2 Opening hours 08:00-12:00: typed by the number; what stands there where the card says it nowhere."""
    hours = f" {stop.customer.hours}" if stop.customer.hours else ""
    return [
        f"{number} {field_word(name)}{hours if name == 'hours' else ''}"
        for number, name in enumerate(stop.verify, start=1)
    ]


def _promises(stop: Stop) -> list[Task]:
    return [
        Task(item.text, code=f"●{item.id}", note=_("since {day}").format(day=short_day(item.day)))
        for item in stop.promises
    ]


def _owed(stop: Stop) -> str:
    """2 visits owed since 5 Nov (shop shut)."""
    if stop.owed is None:
        return ngettext("{count} visit owed", "{count} visits owed", stop.debt).format(count=stop.debt)
    said = ngettext("{count} visit owed since {day} ({why})", "{count} visits owed since {day} ({why})", stop.debt)
    return said.format(count=stop.debt, day=short_day(stop.owed.since), why=word(stop.owed.why))


def _last(visit: Visit) -> str:
    how = word(visit.method) if visit.visited else word(visit.miss_reason or MissReason.OTHER)
    texts = [text for text in (visit.anomaly, visit.opinion, visit.effect) if text]
    words = _("; ").join(texts)
    words = words if len(words) <= _WORDS_SHOWN else words[:_WORDS_SHOWN] + "…"
    return f"{short_day(visit.day)} {how}" + (_(": ") + words if texts else "")


def _tasks(stop: Stop, sheet: Sheet) -> list[Task]:
    if stop.tasks:
        return [_task(task, stop) for task in stop.tasks]
    return [Task(words_of(entry)) for entry in sheet.routine]


def _task(task: SheetTask, stop: Stop) -> Task:
    carried = word(task.origin) if task.origin is StrategyOrigin.CARRIED else ""
    note = _("; ").join(part for part in (carried, _wanted(task), task.said) if part)
    return Task(words_of(task.words), code=f"{stop.short_code}-{task.number}", note=note)


def _wanted(task: SheetTask) -> str:
    """样品1 5、样品2 2.5 and 3 more."""
    shown = [f"{name} {volume_words(volume)}" for name, volume in task.wanted[:_WANTED_SHOWN]]
    more = len(task.wanted) - len(shown)
    return _(", ").join(shown) + (_(" and {count} products more").format(count=more) if more > 0 else "")


def _unplanned() -> Card:
    return Card(
        number="●",
        code="",
        title=_("Unplanned visit"),
        lines=(_("customer, what was done:"),),
        went=_("visited"),
        blanks=(_("arrived"), _("left")),
        writing=_writing(),
        paper_only=True,
    )
