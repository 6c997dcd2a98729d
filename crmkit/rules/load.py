"""How many customers a manager has, against the policy's limit (systems.md, "Grading and load")."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crmkit.model.person import Person


@dataclass(frozen=True, slots=True)
class Load:
    """The customers of one manager and the limit; exactly the limit is not too many."""

    person: Person
    customers: int
    limit: int

    @property
    def over(self) -> int:
        return max(0, self.customers - self.limit)


def loads(managers: Iterable[Person], owners: Iterable[int | None], limit: int) -> list[Load]:
    """The load of each manager; `owners` holds the manager of every customer."""
    counted = Counter(owners)
    return [Load(person, counted[person.id], limit) for person in managers]
