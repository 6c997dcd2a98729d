"""A slow, second way to count visit debts of one customer, on plain weekdays. Nothing is imported from crmkit.

Read anew from method.md §4, day after day over the calendar: what each day does to a list of debts.
"""

from dataclasses import dataclass
from datetime import date, timedelta

GAPS = {"weekly": (3, 9, 3), "twice_monthly": (6, 14, 5), "monthly": (8, 0, 8)}  # least, most, over the border


@dataclass(frozen=True)
class Life:
    """How often, how many visits each month or week owes, the days planned, and what happened on which day."""

    frequency: str
    owed: dict[object, int]
    planned: tuple[date, ...]
    happened: dict[date, bool]


def working(first: date, last: date) -> int:
    """Working days from the evening of one date to the evening of another."""
    if last < first:
        return -working(last, first)
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range(1, (last - first).days + 1))


def period(life: Life, day: date) -> object:
    return day - timedelta(days=day.weekday()) if life.frequency == "weekly" else (day.year, day.month)


def keeps_gaps(life: Life, day: date, others: set[date]) -> bool:
    least, most, border = GAPS[life.frequency]
    beside = [max(d for d in others if d < day)] if any(d < day for d in others) else []
    beside += [min(d for d in others if d > day)] if any(d > day for d in others) else []
    for other in beside:
        apart, same = abs(working(other, day)), (other.year, other.month) == (day.year, day.month)
        if apart < (least if same else border) or (same and most and apart > most):
            return False
    return True


def stands_for(life: Life, day: date, made: set[date], free: set[date], debts: list[date]) -> date | None:
    """The nearest planned day whose visit an unplanned one is; None when a debt is as near, or no gap would hold."""
    monday = day - timedelta(days=day.weekday())
    due = [d for d in free if (d.year, d.month) == (day.year, day.month) or d - timedelta(days=d.weekday()) == monday]
    for plan in sorted(due, key=lambda d: (abs(working(day, d)), d)):
        if any(abs(working(since, day)) <= abs(working(day, plan)) for since in debts):
            return None
        if keeps_gaps(life, day, (made - {day}) | (free - {plan})):
            return plan
    return None


def ledger(life: Life, until: date) -> list[tuple[date, date | None]]:
    """(since, day it was repaid or None) of every debt, in the order they arose."""
    happened = {day: went for day, went in life.happened.items() if day <= until}
    beyond: dict[object, int] = {}
    for day in life.planned:
        if day in happened or day > until:
            beyond[period(life, day)] = beyond.get(period(life, day), 0) + 1
    beyond = {key: count - life.owed.get(key, 0) for key, count in beyond.items()}
    taken: set[date] = set()
    used: dict[object, int] = {}
    debts: list[tuple[date, date | None]] = []
    made = {day for day, went in happened.items() if went}
    for day in sorted(happened):
        waiting = [since for since, end in debts if end is None]
        repays, slot = False, day if day in life.planned else None
        if slot is None and happened[day]:
            free = {d for d in life.planned if d not in taken | made and (d > day or d not in happened)}
            slot = stands_for(life, day, made, free, waiting)
            repays = slot is None
            taken |= {slot} if slot else set()
        if slot is None or (day in taken and not happened[day]):
            pass
        elif waiting and beyond.get(period(life, slot), 0) > 0:
            beyond[period(life, slot)] -= 1
            repays = happened[day]
        elif used.get(period(life, slot), 0) >= life.owed.get(period(life, slot), 0):
            repays = happened[day]
        else:
            used[period(life, slot)] = used.get(period(life, slot), 0) + 1
            debts += [] if happened[day] else [(day, None)]
        if repays and waiting:
            debts[debts.index((waiting[0], None))] = (waiting[0], day)
    return debts


def still_owed(life: Life) -> int:
    """At the end of a month in which every visit made was a planned one: by counting alone."""
    made = sum(life.happened.values())
    failed = len(life.happened) - made
    promised = min(sum(life.owed.values()), len(life.happened))
    return max(0, min(failed, promised - made))
