"""Chance that falls the same on every machine and Python: only the one method whose stream is promised."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws of one topic. Topics have streams of their own: more shops do not move the products' prices.

    Python promises the sequence of `Random.random()` for a seed, and of nothing else; its product with a
    whole number is the same IEEE arithmetic everywhere.
    """

    def __init__(self, seed: int, topic: str) -> None:
        self._random = Random(f"{seed}:{topic}").random  # noqa: S311 - an invented territory, no secret

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self._random() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def middling(self, low: int, high: int) -> int:
        """As between, but the middle is likelier: the mean of three draws."""
        return (self.between(low, high) + self.between(low, high) + self.between(low, high)) // 3

    def chance(self, permil: int) -> bool:
        """True in so many of 1000 cases."""
        return self.below(1000) < permil

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def weighted(self, weights: Sequence[int]) -> int:
        """The position of one weight, drawn in proportion to the weights."""
        left = self.below(sum(weights))
        for position, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return position
        raise ValueError("no positive weight")

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """A new list in a drawn order."""
        pile = list(things)
        for last in range(len(pile) - 1, 0, -1):
            other = self.below(last + 1)
            pile[last], pile[other] = pile[other], pile[last]
        return pile


def share_of(count: int, percent: int) -> int:
    """So many per cent of a count, halves up."""
    return (count * percent + 50) // 100
