"""What pages of the month have in common: whose month it is, how customers are named, what a dry run says."""

from collections.abc import Iterable, Sequence

from crmkit.model.customer import Customer
from crmkit.model.document import Transition
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.report.page import Block, Text
from crmkit.report.terms import month_words
from crmkit.report.words import _

FIRST = 5  # names on each side of a line, all with --all (method.md §4)
_JOINT = " · "


def whose(manager: Person, month: Month) -> str:
    """Zhang San (001) · November 2026."""
    return _JOINT.join((f"{manager.name} ({manager.code})", month_words(month)))


def unwritten(*, dry_run: bool) -> tuple[Block, ...]:
    """What a dry run says at its end."""
    return (Text(_("Nothing was written (--dry-run)."), "note"),) if dry_run else ()


def rejected(rejection: Transition | None) -> tuple[Text, ...]:
    """Why the market manager sent the month back, as long as it was not submitted again."""
    if rejection is None:
        return ()
    told = _("Rejected by {who} on {day}: {reason}").format(
        who=rejection.actor, day=rejection.at[:10], reason=rejection.reason or "-"
    )
    return (Text(told, "warning"),)


def named(customers: Sequence[Customer], *, show_all: bool = False, first: int = FIRST) -> str:
    """Codes and names, the first of them, and how many more there are."""
    shown = customers if show_all else customers[:first]
    said = _("; ").join(f"{customer.code} {customer.name}" for customer in shown)
    more = len(customers) - len(shown)
    return said + (_(" and {count} more").format(count=more) if more else "")


def pointer(near: int, month: Month) -> tuple[Text, ...]:
    """Where to look at what a point more or less would have judged otherwise; nothing where nothing is so near."""
    command = f"crmkit analyze borderline --month {month}"
    told = _("{count} judgements lie near their threshold: {command}").format(count=near, command=command)
    return (Text(told, "note"),) if near else ()


def following(command: str) -> str:
    """The next thing to type."""
    return _("Next: {command}").format(command=command)


def coded(customers: Iterable[Customer]) -> list[str]:
    """Customer codes, for programs."""
    return [customer.code for customer in customers]
