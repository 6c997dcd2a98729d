"""A judge of who visits whom that knows neither rules nor solvers: it counts heads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TeamWorld:
    """Managers by code with the most customers each may have; customers by code with their manager (None: nobody);
    those who must stay; and how many may change hands.
    """

    limits: Mapping[str, int]
    owners: Mapping[str, str | None]
    stay: frozenset[str]
    most_moved: int


def complaints(world: TeamWorld, answer: Sequence[tuple[str, str]]) -> list[str]:
    """What is wrong with an answer of (customer, manager) pairs."""
    heads = Counter(customer for customer, _ in answer)
    found = [f"{customer}: {heads[customer]} managers" for customer in world.owners if heads[customer] != 1]
    found += [f"{customer}: unknown" for customer in heads if customer not in world.owners]
    held = Counter(manager for _, manager in answer)
    found += [f"{manager}: unknown" for manager in held if manager not in world.limits]
    found += [f"{code}: {held[code]} customers" for code, most in world.limits.items() if held[code] > most]
    left = [customer for customer, manager in answer if world.owners.get(customer) not in (None, manager)]
    found += [f"{customer}: had to stay" for customer in left if customer in world.stay]
    if len(left) > world.most_moved:
        found.append(f"{len(left)} change hands, {world.most_moved} may")
    return found


def possible(world: TeamWorld) -> bool:
    """Can heads be dealt out at all? Limits, those who stay, and the cap decide; days and roads do not."""
    if len(world.owners) > sum(world.limits.values()):
        return False
    over = 0
    for code, most in world.limits.items():
        mine = [customer for customer, owner in world.owners.items() if owner == code]
        if sum(customer in world.stay for customer in mine) > most:
            return False
        over += max(0, len(mine) - most)
    return over <= world.most_moved
