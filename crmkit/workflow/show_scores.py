"""Score detail of one customer: every item with last month's, how it came about, by whom and when (step 2)."""

from dataclasses import dataclass

from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem, ScoreOrigin
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.store import operating
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One item; None where it is not scored, "" where the file does not know who or when."""

    item: AbilityItem
    score: int | None
    last: int | None
    origin: ScoreOrigin | None
    by: str
    at: str
    weak: bool


@dataclass(frozen=True, slots=True)
class ShownScores:
    """All items of one customer and month."""

    customer: Customer
    month: Month
    lines: tuple[ScoreLine, ...]


def month_scores(store: Store, manager: Person, month: Month) -> dict[int, dict[AbilityItem, int]]:
    """Every score of a month, by customer and item."""
    found = operating.scores(store, manager.id, month)
    return {key: {item: score for item, (score, _origin) in items.items()} for key, items in found.items()}


def show_scores(store: Store, policy: Policy, manager: Person, month: Month, customer: Customer) -> ShownScores:
    """The scores as they are, none of them where there are none."""
    now = operating.scores(store, manager.id, month).get(customer.id, {})
    last = operating.scores(store, manager.id, month.previous).get(customer.id, {})
    who = operating.who_scored(store, manager.id, month).get(customer.id, {})

    def line(item: AbilityItem) -> ScoreLine:
        score, origin = now.get(item, (None, None))
        by, at = who.get(item, ("", ""))
        weak = score is not None and score <= policy.ability.weak_at_most
        return ScoreLine(item, score, last.get(item, (None, None))[0], origin, by, at, weak)

    return ShownScores(customer, month, tuple(line(item) for item in AbilityItem))
