"""The month book: calendar, days, customers, analysis and summaries of one month in one file to keep."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from crmkit.model.annotation import ItemKind
from crmkit.model.visit import MissReason, PlannedState, Visit
from crmkit.report.book import Book, Chapter, Entry
from crmkit.report.page import Block, Card, Cell, Column, Fact, Page, Table, Term
from crmkit.report.papers.annotation import annotation
from crmkit.report.papers.brand import brand
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.helped import helped_page
from crmkit.report.papers.market import market
from crmkit.report.papers.month_plan import month_plan
from crmkit.report.papers.operating import state
from crmkit.report.papers.summary import summary_page
from crmkit.report.papers.visits import day_list
from crmkit.report.terms import day_words, month_words, problem_words, short_day, weekday, word
from crmkit.report.words import _
from crmkit.workflow.list_visits import VisitsOfDay
from crmkit.workflow.month_book import CustomerMonthCard, MonthBook

_JOINT = " · "
_A_PAGE = 40  # customers of one page of cards


def month_book_of(found: MonthBook) -> Book:
    """The chapters that have something in them, in the order one looks for them."""
    chapters = (
        Chapter("summaries", _("Summaries"), tuple(_summaries(found))),
        Chapter("calendar", _("Calendar"), (Entry("month", _("The month"), _calendar(found)),)),
        Chapter("plan", _("Plan"), tuple(_plan(found))),
        Chapter("analysis", _("Analysis"), tuple(_analysis(found))),
        Chapter("days", _("Daily visits"), tuple(_day(day) for day in found.days)),
        Chapter("customers", _("Customers"), tuple(_customers(found))),
        Chapter("index", _("Index of customers"), (Entry("names", _("By name"), _names(found)),)),
    )
    manager = f"{found.manager.name} ({found.manager.code})"
    return Book(
        title=_("Month book"),
        subtitle=_JOINT.join((manager, month_words(found.month), _("as of {day}").format(day=day_words(found.today)))),
        foot=_JOINT.join((_("Month book"), found.manager.name, month_words(found.month))),
        chapters=tuple(chapter for chapter in chapters if chapter.entries),
        places=_places(found),
    )


def _places(found: MonthBook) -> dict[str, str]:
    """What the cells of tables lead to: customers' cards, days, weeks."""
    places = {f"customer:{card.customer.code}": _anchor(card) for card in _told(found)}
    places |= {f"date:{day.day.isoformat()}": f"day-{day.day.isoformat()}" for day in found.days}
    mondays = [week.period.first.isoformat() for week in found.weeks]
    return places | {f"week:{monday}": f"week-{monday}" for monday in mondays}


def _anchor(card: CustomerMonthCard) -> str:
    return f"shop-{card.code}"


def _told(found: MonthBook) -> list[CustomerMonthCard]:
    """The customers with something to tell of the month."""
    return [card for card in found.cards if card.line or card.items or card.plans or card.visits]


def _summaries(found: MonthBook) -> Iterator[Entry]:
    if found.summary:
        yield Entry("summary", _("Month summary"), summary_page(found.summary, show_all=True))
    for week in found.weeks:
        first = week.period.first
        title = _("Week from {day}").format(day=short_day(first))
        yield Entry(f"week-{first.isoformat()}", title, summary_page(week, show_all=True))
    if found.helped:
        yield Entry("helped", _("Did it help?"), helped_page(found.helped))


def _plan(found: MonthBook) -> Iterator[Entry]:
    if found.plan:
        yield Entry("month-plan", _("Month plan"), month_plan(found.plan, show_all=True))
    yield Entry("annotation", _("Annotation"), annotation(found.items, show_all=True))


def _analysis(found: MonthBook) -> Iterator[Entry]:
    if found.state:
        yield Entry("state", _("Operating state"), state(found.state))
    if found.brand:
        yield Entry("brand", _("Brand state"), brand(found.brand))
    if found.market:
        yield Entry("market", _("Market"), market(found.market))


def _day(day: VisitsOfDay) -> Entry:
    title = f"{short_day(day.day)} {weekday(day.day)}"
    return Entry(f"day-{day.day.isoformat()}", title, replace(day_list(day), title=title, subtitle=""))


def _calendar(found: MonthBook) -> Page:
    """The month week by week, and every day of it: work or off, planned, made, missed."""
    return Page(_("Calendar"), "book-calendar/1", (_weeks(found), _every_day(found)), subtitle=month_words(found.month))


def _weeks(found: MonthBook) -> Table:
    """A row a week: each day with its visits, made of planned; a day off has none."""
    known, first = {day.day: day for day in found.days}, found.month.first
    days = [first - timedelta(days=first.weekday()) + timedelta(days=n) for n in range(42)]
    columns = (Column("week", _("Week")), *(Column(f"date-{n}", weekday(days[n])) for n in range(7)))
    rows: list[tuple[Cell, ...]] = []
    for week in (days[n : n + 7] for n in range(0, 42, 7)):
        if any(day in found.month for day in week):
            number = Term(week[0].isoformat(), f"W{week[0].isocalendar()[1]:02d}")
            rows.append((number, *(_square(day, known.get(day), found) for day in week)))
    return Table(columns, tuple(rows), title=_("Visits made of those planned"))


def _square(day: date, visits: VisitsOfDay | None, found: MonthBook) -> Cell:
    if day not in found.month:
        return None
    counted = f"{visits.counts[PlannedState.VISITED]}/{_planned(visits)}" if visits else ""
    off = "" if day in found.working else _("off")
    return Term(day.isoformat(), _JOINT.join(part for part in (str(day.day), counted, off) if part))


def _planned(visits: VisitsOfDay) -> int:
    return sum(visit.plan is not None for visit in visits.visits)


def _every_day(found: MonthBook) -> Table:
    known, working = {day.day: day for day in found.days}, set(found.working)
    columns = (
        Column("date", _("Date")),
        Column("weekday", _("Weekday")),
        Column("kind", _("Day")),
        Column("planned", _("Planned"), "number"),
        Column("made", _("Made"), "number"),
        Column("missed", _("Missed"), "number"),
        Column("open", _("Not typed in"), "number"),
    )
    rows = []
    for day in found.month.days:
        counts = known[day].counts if day in known else {}
        plans = _planned(known[day]) if day in known else 0
        numbers = (counts.get(state, 0) for state in (PlannedState.VISITED, PlannedState.MISSED, PlannedState.OPEN))
        kind = _("work") if day in working else _("off")
        date_cell = Term(day.isoformat(), short_day(day))
        rows.append((date_cell, weekday(day), kind, plans or None, *(number or None for number in numbers)))
    return Table(columns, tuple(rows))


def _customers(found: MonthBook) -> Iterator[Entry]:
    """Cards, some to a page, so that the contents stay short."""
    told = _told(found)
    for start in range(0, len(told), _A_PAGE):
        some = told[start : start + _A_PAGE]
        title = f"{some[0].customer.code} - {some[-1].customer.code}"
        blocks: tuple[Block, ...] = tuple(map(_card, some))
        yield Entry(f"cards-{start // _A_PAGE + 1}", title, Page(title=title, schema="book-customers/1", blocks=blocks))


def _card(card: CustomerMonthCard) -> Card:
    one = card.customer
    grade = _("grade {grade}").format(grade=one.grade) if one.grade else ""
    kinds = [word(kind) for kind in (one.market_type, one.business_type) if kind]
    return Card(
        number="",
        code=card.code,
        title=one.name,
        mark=_("KEY") if card.key else "",
        aside=word(card.line.frequency) if card.line else "",
        lines=(_JOINT.join(part for part in (one.code, grade, *kinds, one.neighbourhood or "") if part),),
        notes=(*_notes(card), *_tasks(card)),
        anchor=_anchor(card),
    )


def _notes(card: CustomerMonthCard) -> Iterator[Fact]:
    if card.key and card.key.reasons:
        yield Fact(_("Why key"), _("; ").join(map(problem_words, card.key.reasons)))
    seen = {visit.day for visit in card.visits}
    told = [(visit.day, _fact(visit)) for visit in card.visits]
    told += [(plan.day, word(plan.state)) for plan in card.plans if plan.day not in seen]
    for day, words in sorted(told):
        yield Fact(short_day(day), words)


def _fact(visit: Visit) -> str:
    how = word(visit.method) if visit.visited else word(visit.miss_reason or MissReason.OTHER)
    texts = [text for text in (visit.anomaly, visit.opinion, visit.effect) if text]
    return (f"● {how}" if visit.ad_hoc else how) + (_(": ") + _("; ").join(texts) if texts else "")


def _tasks(card: CustomerMonthCard) -> Iterator[Fact]:
    """Each strategy and ad hoc item, done ★ or still open."""
    for item in card.items:
        code = item.code if item.kind is ItemKind.STRATEGY else "●"
        yield Fact(f"{'★' if item.done else '○'} {code}", words_of(item.words))


def _names(found: MonthBook) -> Page:
    """Every customer with the code its card stands under, and its days."""
    columns = (
        Column("name", _("Name")),
        Column("customer", _("Code")),
        Column("short_code", _("Short")),
        Column("days", _("Visited on")),
    )
    rows = []
    for card in found.cards:
        days = _(", ").join(short_day(visit.day) for visit in card.visits if visit.visited)
        rows.append((card.customer.name, card.customer.code, card.code, days or None))
    listed = sorted(rows, key=lambda row: (row[0], row[1]))
    return Page(title=_("By name"), schema="book-index/1", blocks=(Table(columns, tuple(listed)),))
