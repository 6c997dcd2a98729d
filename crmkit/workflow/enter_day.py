"""Step 11 in the evening: a whole day typed as short lines, kept in one operation or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import AdHocItem, Again, EveningText, ShopDay, Slip, SlipOfLine
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import Strategy, StrategyState
from crmkit.model.visit import LONGEST_TEXT, PlannedState
from crmkit.rules.codes import sheet_code, short_codes
from crmkit.rules.evening import DayKnown, added_to, names_in_front, read_day
from crmkit.rules.strategies_by_hand import numbered
from crmkit.sources.evening import read_evening
from crmkit.store import adhoc, customers, documents, planned, strategies, visits
from crmkit.store.connection import Store
from crmkit.workflow.log_visit import Logged, VisitFacts, judge_visit, keep_visit
from crmkit.workflow.print_sheet import is_on_paper
from crmkit.workflow.verify_in_shop import ASKED_FIELDS, asked

_AROUND = timedelta(days=62)  # papers older than that are not told by their day
_WEEK = timedelta(days=7)
_OFF = (PlannedState.CANCELLED, PlannedState.EARLY)  # as on the sheet


@dataclass(frozen=True, slots=True)
class ShopKept:
    """One shop of the evening: what was typed, what is kept of it, and its code on the sheet."""

    entry: ShopDay
    logged: Logged
    code: str
    items: tuple[AdHocItem, ...] = ()  # that were not there before
    finished: tuple[int, ...] = ()  # of the items that were open

    @property
    def unchanged(self) -> bool:
        return self.logged.unchanged and not self.items and not self.finished


@dataclass(frozen=True, slots=True)
class Evening:
    """A day as typed: shops in the order of the sheet, lines that cannot be kept (then nothing is), and the shops of
    the sheet nobody has typed anything of yet.
    """

    manager: Person
    day: date
    shops: tuple[ShopKept, ...]
    slips: tuple[SlipOfLine, ...]
    waiting: tuple[tuple[str, Customer], ...]
    skipped: tuple[tuple[int, str], ...]
    asides: tuple[tuple[int, str], ...] = ()


def known_of_day(store: Store, manager: Person, day: date) -> DayKnown:
    """What the lines of a day are held against. Facts are never gated: without a plan there is no sheet, only +."""
    month = Month.of(day)
    owned = {customer.id: customer for customer in customers.all(store, manager.id)}
    codes = short_codes(customer.code for customer in owned.values())
    plans = [v for v in planned.between(store, manager.id, day, day) if v.state not in _OFF and v.customer in owned]
    plans.sort(key=lambda visit: (visit.position == 0, visit.position, visit.id))
    listed: dict[int, list[Strategy]] = {}
    for strategy in strategies.of_manager(store, manager.id, month):
        listed.setdefault(strategy.customer, []).append(strategy)
    tasks = {customer: numbered(mine) for customer, mine in listed.items()}
    record = documents.find(store, manager.id, month, DocumentKind.STRATEGIES)
    items: dict[int, dict[int, str]] = {}
    for item in (*adhoc.open_of(store, manager.id), *adhoc.done_between(store, manager.id, day, day)):
        if item.day <= day:
            items.setdefault(item.customer, {})[item.id] = item.text
    around = (day + timedelta(days=n) for n in range(-_AROUND.days, _AROUND.days + 1))
    return DayKnown(
        day=day,
        codes={codes[customer.code]: customer for customer in owned.values()},
        sheet=tuple(codes[owned[visit.customer].code] for visit in plans),
        all_tasks={
            customer: tuple(n for n, strategy in mine.items() if strategy.state is not StrategyState.DROPPED)
            for customer, mine in tasks.items()
        },
        open_tasks={
            customer: tuple(n for n, strategy in mine.items() if strategy.state is StrategyState.OPEN)
            for customer, mine in tasks.items()
        },
        sheets={sheet_code(manager.code, other): other for other in around},
        items=items,
        other_days=_other_days(store, manager, day),
        names=names_in_front(owned.values()),
        approved=record is not None and record.state is DocumentState.APPROVED,
    )


def _other_days(store: Store, manager: Person, day: date) -> dict[int, date]:
    """Each customer's last planned day in the week before, else the first in the week to come."""
    found: dict[int, date] = {}
    near = [v for v in planned.between(store, manager.id, day - _WEEK, day + _WEEK) if v.state not in _OFF]
    for visit in sorted(near, key=lambda one: (one.day > day, abs(one.day - day))):
        if visit.day != day:
            found.setdefault(visit.customer, visit.day)
    return found


def enter_day(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    day: date,
    lines: str | EveningText,
    *,
    again: Again = Again.REFUSED,
    dry_run: bool = False,
) -> Evening:
    """Keep what the lines of a day say, all of it or, when one line cannot be kept, nothing. The same lines again
    change nothing; other facts of a shop typed before go by `again`.
    """
    evening = _judged(store, act, policy, manager, day, lines, again)
    if dry_run or evening.slips or all(shop.unchanged for shop in evening.shops):
        return evening
    with store.operation(act):
        evening = _judged(store, act, policy, manager, day, lines, again)  # as the file stands now
        for shop in () if evening.slips else evening.shops:
            keep_visit(store, shop.logged)
            adhoc.add(store, shop.items)
            adhoc.finish(store, shop.finished, day)
    return evening


def read_lines(known: DayKnown, lines: str) -> EveningText:
    return read_evening(lines, known)


def _judged(
    store: Store, act: Act, policy: Policy, manager: Person, day: date, lines: str | EveningText, again: Again
) -> Evening:
    known = known_of_day(store, manager, day)
    known = replace(known, verify=asked(store, policy, [known.codes[code] for code in known.sheet], day))
    text = read_lines(known, lines) if isinstance(lines, str) else lines
    read = read_day(text, known)
    codes = {customer.id: code for code, customer in known.codes.items()}
    slips, shops = list(read.slips), []
    for entry in read.shops:
        try:
            logged = _judged_shop(store, act, policy, day, entry, again)
        except Refusal as refusal:
            slips.append(_slip_of(refusal, entry))
        else:
            new = tuple(_new_items(store, entry, day))
            shops.append(ShopKept(entry, logged, codes[entry.customer.id], new, _still_open(store, entry)))
    typed = {shop.entry.customer.id for shop in shops} | {v.customer for v in visits.on_day(store, manager.id, day)}
    carried = [code for code in known.sheet if is_on_paper(known.codes[code], policy)]
    waiting = tuple((code, known.codes[code]) for code in carried if known.codes[code].id not in typed)
    slips.sort(key=lambda slip: (slip.line, slip.slip))
    return Evening(manager, day, tuple(shops), tuple(slips), waiting, text.skipped, text.asides)


def _judged_shop(store: Store, act: Act, policy: Policy, day: date, entry: ShopDay, again: Again) -> Logged:
    known = visits.find(store, entry.customer.id, day) if again is Again.ADDED else None
    longer = added_to(known, entry) if known else None
    facts, correct = _facts(day, longer or entry), again is Again.CORRECTED or longer is not None
    return judge_visit(store, act, policy, entry.customer, facts, correct=correct)


def _facts(day: date, entry: ShopDay) -> VisitFacts:
    return VisitFacts(
        day,
        entry.method,
        entry.arrived,
        entry.left,
        entry.anomaly,
        entry.opinion,
        entry.effect,
        entry.done,
        entry.missed,
        entry.verified,
    )


def _still_open(store: Store, entry: ShopDay) -> tuple[int, ...]:
    waiting = {item.id for item in adhoc.of_customer(store, entry.customer.id) if item.done_on is None}
    return tuple(number for number in entry.finished if number in waiting)


def _new_items(store: Store, entry: ShopDay, day: date) -> Iterator[AdHocItem]:
    """Items and promises that are not there yet."""
    there = {(item.day, item.text) for item in adhoc.of_customer(store, entry.customer.id)}
    manager = entry.customer.manager
    assert manager is not None, "a customer of the manager's"
    for text in entry.items:
        if (day, text) not in there:
            yield AdHocItem(entry.customer.id, manager, day, text, done_on=day)
    for text in entry.promises:
        if (day, text) not in there:
            yield AdHocItem(entry.customer.id, manager, day, text)


_SLIPS = {"already-logged": Slip.LOGGED_BEFORE, "visit-replaced": Slip.TAKEN_EARLY}


def _slip_of(refusal: Refusal, entry: ShopDay) -> SlipOfLine:
    """What stands against one shop's entry as a slip of its line; what stands against the whole day goes on up."""
    if refusal.fault is Fault.BAD_VALUE and refusal.facts.get("option") in ASKED_FIELDS:
        facts = refusal.facts
        near = (str(facts["option"]), str(facts["expected"]))
        return SlipOfLine(entry.line, Slip.NO_VALUE, f"{entry.customer.name} {facts['value']}", near)
    if refusal.fault is Fault.BAD_VALUE:  # grown too long by what was added
        return SlipOfLine(entry.line, Slip.TOO_LONG, entry.customer.name, (str(LONGEST_TEXT),))
    slip = _SLIPS.get(str(refusal.facts.get("rule")))
    if slip is None:
        raise refusal
    return SlipOfLine(entry.line, slip, entry.customer.name)
