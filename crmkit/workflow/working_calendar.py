"""The working calendar of a person for a range of dates: official days, imported days, days off."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crmkit.model.calendar import CalendarDay, WorkCalendar
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.rules.calendar import build_calendar, deadline, needed_range
from crmkit.sources.calendar import read_calendar
from crmkit.sources.holidays import official_days
from crmkit.store import calendar as kept
from crmkit.store.connection import Store


def calendar_between(
    store: Store, policy: Policy, person: int | None, first: date, last: date, *, assume_weekdays: bool = False
) -> WorkCalendar:
    """The calendar from first to last. Raises Refusal(CALENDAR_UNPUBLISHED, year, country)."""
    country = policy.calendar.country
    imported = kept.imported_days(store, country, first, last)
    official = official_days(country, first, last, imported, assume_weekdays=assume_weekdays)
    if official.unpublished:
        raise Refusal(Fault.CALENDAR_UNPUBLISHED, year=official.unpublished[0], country=country)
    off = kept.days_off(store, first, last)
    return build_calendar((first, last), official, off, person=person, zone=policy.calendar.zone)


def calendar_of_month(
    store: Store, policy: Policy, person: int | None, month: Month, *, assume_weekdays: bool = False
) -> WorkCalendar:
    """The calendar a month's planning needs: it looks back over the month's border."""
    first, last = needed_range(month)
    return calendar_between(store, policy, person, first, last, assume_weekdays=assume_weekdays)


def deadline_of(store: Store, policy: Policy, month: Month) -> date:
    """The deadline of a month: its last opening day; Monday to Friday where nobody published its calendar."""
    calendar = calendar_between(store, policy, None, month.first, month.last, assume_weekdays=True)
    return deadline(calendar, month, policy.month.opening_days)


OFFICIAL_LIST = 20  # an official list of holidays and make-up days names 25 to 35 days [our default]


@dataclass(frozen=True, slots=True)
class ImportedCalendar:
    country: str
    days: int
    first: date
    last: date
    changed: bool
    thin: tuple[tuple[int, int], ...] = ()  # years with fewer stated days than an official list has: (year, days)


def import_calendar(store: Store, act: Act, policy: Policy, path: Path, *, dry_run: bool = False) -> ImportedCalendar:
    """Keep the days of a calendar file for the policy's country."""
    days = read_calendar(path)
    before = store.connection.total_changes
    if not dry_run:
        with store.operation(act):
            kept.write_days(store, policy.calendar.country, [(d.day, d.working, d.name) for d in days])
    changed = store.connection.total_changes - before > 1
    return ImportedCalendar(
        policy.calendar.country, len(days), min(d.day for d in days), max(d.day for d in days), changed, _thin(days)
    )


def _thin(days: tuple[CalendarDay, ...]) -> tuple[tuple[int, int], ...]:
    """Years of which the file states fewer days than an official list does: perhaps a part of it was copied."""
    stated = Counter(day.day.year for day in days)
    return tuple((year, count) for year, count in sorted(stated.items()) if count < OFFICIAL_LIST)
