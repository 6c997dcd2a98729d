"""Dated visits for a phone's calendar: iCalendar (RFC 5545). The same data are the same bytes."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from crmkit import __version__
from crmkit.model.dated_visits import DatedVisit, DatedVisits, Identity
from crmkit.model.personal import phones
from crmkit.report.harmless import one_line
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, language
from crmkit.rules.capacity import on_road

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_MICRODEGREES = 1_000_000
_EPOCH = datetime(1990, 1, 1, tzinfo=UTC)  # of visits the change log knows nothing of


def render_ics(dated: DatedVisits, *, with_phones: bool = False) -> bytes:
    """One event a visit: all day, or timed where its day is; cancelled ones and those that are no more as CANCELLED.

    The UID names manager, customer, month and the visit's number among the customer's, so that a calendar that took
    the file before moves what moved. SEQUENCE is the operation that last changed the customer's visits of the month,
    DTSTAMP its time. Phones are left out unless asked for.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//crmkit//{__version__}//{language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Visits {first} - {last}").format(first=dated.first, last=dated.last))
    calendar.add("x-wr-timezone", dated.zone)
    for visit in dated.visits:
        calendar.add_component(_event(visit, with_phones=with_phones))
    for identity in dated.gone:
        calendar.add_component(_gone(identity))
    _with_zone(calendar, dated)
    made: bytes = calendar.to_ical(sorted=False)
    return made


def _with_zone(calendar: "Calendar", dated: DatedVisits) -> None:
    """The rules of the business zone, where an event is timed."""
    if any(visit.begins for visit in dated.visits):
        year = timedelta(days=366)
        calendar.add_missing_timezones(first_date=dated.first - year, last_date=dated.last + year)


def _event(visit: DatedVisit, *, with_phones: bool) -> "Event":
    event = _base(visit.identity)
    if visit.begins and visit.ends:
        event.add("dtstart", visit.begins)
        event.add("dtend", visit.ends)
    else:
        _all_day(event, visit.day)
    event.add("summary", _summary(visit))
    event.add("description", "\n".join(_description(visit, with_phones=with_phones)))
    place = " ".join(one_line(part) for part in (visit.customer.city, visit.customer.address) if part)
    if place:
        event.add("location", place)
    if visit.customer.place:
        at = visit.customer.place
        event.add("geo", (at.latitude_e6 / _MICRODEGREES, at.longitude_e6 / _MICRODEGREES))
    event.add("status", "CANCELLED" if visit.is_off else "CONFIRMED")
    return event


def _gone(identity: Identity) -> "Event":
    """A visit that was planned once and is no more."""
    event = _base(identity)
    _all_day(event, identity.month.first)
    event.add("summary", one_line(identity.customer.name))
    event.add("status", "CANCELLED")
    return event


def _base(identity: Identity) -> "Event":
    from icalendar import Event

    named = "\n".join((identity.manager.code, identity.customer.code, str(identity.month), str(identity.number)))
    event = Event()
    event.add("uid", f"{sha256(named.encode()).hexdigest()[:32]}@crmkit")
    event.add("sequence", identity.sequence)
    event.add("dtstamp", (identity.changed_at or _EPOCH).astimezone(UTC))
    return event


def _all_day(event: "Event", day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")  # a day of visits leaves the day free for appointments


def _summary(visit: DatedVisit) -> str:
    """3 福满多便利店; a call says so."""
    name = one_line(visit.customer.name)
    if visit.is_off:
        return f"{word(visit.state)}{_(': ')}{name}"
    way = "" if on_road(visit.method) else f"{word(visit.method)}{_(': ')}"
    return f"{visit.position} {way}{name}"


def _description(visit: DatedVisit, *, with_phones: bool) -> list[str]:
    customer = visit.customer
    told = [_("Code {code}").format(code=f"{customer.code} {visit.short_code}".strip())]
    told.append(f"{short_day(visit.day)} {word(visit.method)} {word(visit.state)}")
    if with_phones:
        told += [one_line(part) for part in (customer.contact, *phones(customer.phone)) if part]
    return told
