"""Visits of a period counted one by one, the slow way; imports nothing from the program.

Plans are (customer, day, off), facts (customer, day, visited); `owed` windows are (customer, first, last, count).
"""

from datetime import date

Plan = tuple[int, date, bool]
Fact = tuple[int, date, bool]
Window = tuple[int, date, date, int]


def on_day(plans: list[Plan], facts: list[Fact], first: date, until: date) -> tuple[int, int]:
    """Planned visits that were made on their day."""
    done = of = 0
    for customer, day, off in plans:
        if off or day < first or day > until:
            continue
        of += 1
        for who, when, visited in facts:
            if who == customer and when == day and visited:
                done += 1
                break
    return done, of


def in_period(plans: list[Plan], facts: list[Fact], first: date, until: date) -> tuple[int, int]:
    """Planned visits that some visit of the period pays for; each visit pays once."""
    open_plans = [customer for customer, day, off in plans if not off and first <= day <= until]
    of, done = len(open_plans), 0
    for who, when, visited in facts:
        if visited and first <= when <= until and who in open_plans:
            open_plans.remove(who)
            done += 1
    return done, of


def by_frequency(owed: list[Window], facts: list[Fact], first: date, until: date) -> tuple[int, int]:
    """Owed visits of windows that were paid; the windows of one customer do not overlap."""
    done = 0
    for customer, begin, end, count in owed:
        paid = 0
        for who, when, visited in facts:
            if who == customer and visited and begin <= when <= end and first <= when <= until and paid < count:
                paid += 1
        done += paid
    return done, sum(window[3] for window in owed)
