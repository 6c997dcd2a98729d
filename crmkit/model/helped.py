"""Did it help? What became of customers flagged with a problem, visited and not (step 14)."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from crmkit.model.month import Month
from crmkit.model.person import Person


class HelpVerdict(StrEnum):
    TOO_FEW = "too_few"  # a group is too small to say anything
    UNLIKE = "unlike"  # the groups were not alike before: no comparison
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class FlaggedGroup:
    """Customers flagged with one problem. `before` and `after` are the means of its figure, per ordering day where it
    is a volume; None where nobody has one.
    """

    customers: int
    improved: int
    before: Fraction | None
    after: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """Improved, in percent of the group."""
        return Fraction(100 * self.improved, self.customers) if self.customers else None


class Contrast(StrEnum):
    """What two groups are told apart by where hardly anybody was left unvisited."""

    EARLY = "early"  # first visited in the first half of the month, against later or never
    SEVERAL = "several"  # visited twice or more, against once


@dataclass(frozen=True, slots=True)
class HelpContrast:
    """Another comparison of the customers flagged with one problem."""

    kind: Contrast
    these: FlaggedGroup
    others: FlaggedGroup
    verdict: HelpVerdict


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One problem code: those visited in the month, and those not. `contrasts` stand in where these are too few and
    other groups are not.
    """

    code: str
    visited: FlaggedGroup
    others: FlaggedGroup
    verdict: HelpVerdict
    contrasts: tuple[HelpContrast, ...] = ()

    @property
    def flagged(self) -> int:
        """All customers with the problem that have its figure."""
        return self.visited.customers + self.others.customers


@dataclass(frozen=True, slots=True)
class Helped:
    """A month's problems and what became of them. `least`: customers a group needs to be compared; `whole`: the month
    is over and the file's orders reach its end.
    """

    manager: Person
    month: Month
    lines: tuple[HelpLine, ...]
    least: int
    whole: bool
