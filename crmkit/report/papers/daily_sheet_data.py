"""The daily visit sheet for programs: codes for JSON, one row a shop for spreadsheets."""

from datetime import date

from crmkit.model.policy import CatalogueEntry
from crmkit.model.sheet import Sheet, SinceVisit, Stop
from crmkit.model.visit import Visit
from crmkit.report.fieldwords import field_word, value_word
from crmkit.report.figurewords import percent
from crmkit.report.page import Cell, Column, Json, Table, Term, coded
from crmkit.report.papers.imports import amount_words, volume_words
from crmkit.report.terms import problem_words, word
from crmkit.report.words import _, language
from crmkit.rules.choosing import cell


def words_of(entry: CatalogueEntry) -> str:
    """A catalogue entry in the language spoken now."""
    return entry.zh if language() == "zh" else entry.en


def sheet_data(sheet: Sheet) -> Json:
    """All of the sheet in codes: ISO dates, metres and minutes as whole numbers."""
    totals = sheet.totals
    return {
        "manager": {"code": sheet.manager.code, "name": sheet.manager.name},
        "sheet_code": sheet.code,
        "day": sheet.day.isoformat(),
        "zone": sheet.zone,
        "provisional": sheet.provisional,
        "version": sheet.printing.version if sheet.printing else None,
        "printed_at": sheet.printing.at.isoformat() if sheet.printing else None,
        "focus": sheet.focus,
        "totals": {
            "visits": totals.visits,
            "urban": totals.urban,
            "rural": totals.rural,
            "without_road": totals.phone,
            "minutes": totals.minutes,
            "metres": totals.metres,
            "full_permille": totals.full,
        },
        "bring": [
            {"product": one.product, "cartons": volume_words(one.volume), "shops": list(one.shops)}
            for one in sheet.bring
        ],
        "stops": [_stop(stop) for stop in sheet.stops],
        "calls": [_stop(stop) for stop in sheet.calls],
        "routine": [entry.code for entry in sheet.routine],
    }


def _stop(stop: Stop) -> Json:
    customer = stop.customer
    return {
        "position": stop.position,
        "short_code": stop.short_code,
        "method": stop.method,
        "frequency": stop.frequency,
        "key": stop.key,
        "reasons": list(stop.reasons),
        "debt": stop.debt,
        "debt_since": stop.owed.since.isoformat() if stop.owed else None,
        "likely_shut_at": stop.shut_at,
        "debt_why": stop.owed.why if stop.owed else None,
        "customer": {
            "code": customer.code,
            "name": customer.name,
            "grade": customer.grade,
            "market_type": customer.market_type,
            "business_type": customer.business_type,
            "neighbourhood": customer.neighbourhood,
            "address": customer.address,
            "contact": customer.contact,
            "phone": customer.phone,
        },
        "last_visit": _visit(stop.last) if stop.last else None,
        "tasks": [
            {
                "number": task.number,
                "code": task.words.code,
                "origin": task.origin,
                "zh": task.words.zh,
                "en": task.words.en,
            }
            for task in stop.tasks
        ],
        "promises": [
            {"code": f"●{item.id}", "text": item.text, "since": item.day.isoformat()} for item in stop.promises
        ],
        "since_visit": _since(stop.since) if stop.since else None,
        "verify": list(stop.verify),
    }


def _since(since: SinceVisit) -> Json:
    return {
        "known_until": since.until.isoformat(),
        "order_days": since.days,
        "cartons": volume_words(since.volume),
        "amount": amount_words(since.amount),
        "against_usual_percent": coded(percent(since.change)),
        "gained": list(since.gained),
        "lost": list(since.lost),
    }


def _visit(visit: Visit) -> Json:
    return {
        "day": visit.day.isoformat(),
        "visited": visit.visited,
        "method": visit.method,
        "miss_reason": visit.miss_reason,
        "anomaly": visit.anomaly,
        "opinion": visit.opinion,
        "effect": visit.effect,
    }


def sheet_table(sheet: Sheet) -> Table:
    """One row for each shop, those on the road first."""
    columns = (
        Column("position", _("No."), "number"),
        Column("short_code", _("short code")),
        Column("code", _("customer code")),
        Column("name", _("name")),
        Column("method", _("visit method")),
        Column("frequency", _("visit frequency")),
        Column("key", _("key customer")),
        Column("reasons", _("why key")),
        Column("grade", _("grade"), "number"),
        Column("market_type", _("market type")),
        Column("business_type", _("business type")),
        Column("neighbourhood", _("neighbourhood")),
        Column("address", _("address")),
        Column("contact", _("contact")),
        Column("phone", _("phone")),
        Column("last_visit", _("last visit")),
        Column("tasks", _("unfinished strategies")),
        Column("verify", _("to verify")),
        Column("debt", _("visit debt"), "number"),
        Column("debt_since", _("owed since")),
        Column("sheet_code", _("sheet code")),
        *(Column(key, head) for key, head in to_fill()),
    )
    blank: tuple[Cell, ...] = (f"#{sheet.code}" if sheet.code else None, *(None for _key, _head in to_fill()))
    return Table(columns, tuple((*_row(stop), *blank) for stop in (*sheet.stops, *sheet.calls)))


_IN_A_WORKBOOK = (
    *("position", "short_code", "name", "code", "phone", "last_visit", "tasks", "verify"),
    *("state", "stars", "items", "promised", "verified", "arrived", "left", "anomaly", "opinion", "effect"),
    "sheet_code",
)


def workbook_table(sheet: Sheet) -> Table:
    """Of the table what one fills in at a screen, and what it takes to know where one is."""
    table = sheet_table(sheet)
    places = [[column.key for column in table.columns].index(key) for key in _IN_A_WORKBOOK]
    columns = tuple(table.columns[place] for place in places)
    return Table(columns, tuple(tuple(row[place] for place in places) for row in table.rows))


def to_fill() -> list[tuple[str, str]]:
    """The empty columns a person fills in; `crmkit visit import` knows them by these words."""
    return [
        ("state", _("visited, or why not")),
        ("stars", _("★ tasks done")),
        ("items", _("● done")),
        ("promised", _("promised")),
        ("verified", _("verified")),
        ("arrived", _("arrived")),
        ("left", _("left")),
        ("anomaly", _("Market anomaly")),
        ("opinion", _("Opinions and wishes")),
        ("effect", _("Effect and impressions")),
    ]


def _row(stop: Stop) -> tuple[Cell, ...]:
    customer = stop.customer
    market, business = customer.market_type, customer.business_type
    last: date | None = stop.last.day if stop.last else None
    return (
        stop.position,
        stop.short_code,
        customer.code,
        customer.name,
        Term(stop.method, word(stop.method)),
        Term(stop.frequency, word(stop.frequency)) if stop.frequency else None,
        stop.key,
        Term("; ".join(stop.reasons), _("; ").join(map(problem_words, stop.reasons))),
        customer.grade,
        Term(market, word(market)) if market else None,
        Term(business, word(business)) if business else None,
        customer.neighbourhood,
        customer.address,
        customer.contact,
        customer.phone,
        last,
        _tasks_term(stop),
        _verify_term(stop),
        stop.debt,
        stop.owed.since if stop.owed else None,
    )


def _verify_term(stop: Stop) -> Term:
    """1 Phone 13800000000; 2 Address."""
    told = [
        f"{number} {field_word(name)} {value_word(name, cell(stop.customer, name))}"
        for number, name in enumerate(stop.verify, start=1)
    ]
    return Term("; ".join(stop.verify), _("; ").join(told))


def _tasks_term(stop: Stop) -> Term:
    numbered = [(f"{stop.short_code}-{task.number}", task.words) for task in stop.tasks]
    promised = [f"●{item.id} {item.text}" for item in stop.promises]
    codes = [*(f"{number} {words.code}" for number, words in numbered), *(f"●{one.id}" for one in stop.promises)]
    told = [*(f"{number} {words_of(words)}" for number, words in numbered), *promised]
    return Term("; ".join(codes), _("; ").join(told))
