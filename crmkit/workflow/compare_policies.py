"""Policies side by side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmkit.model.policy import Policy, flat
from crmkit.sources.policy import SHIPPED, load_policy, policy_origins, shipped_policy


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One number of a policy, where it came from, and what it is in the other policy (diff only)."""

    key: str
    value: Any
    origin: str
    other: Any = None


def policy_named(word: str | None) -> Policy:
    """The policy a setting means: a shipped name, or a file that overrides one; standard without a word."""
    if word is None or word in SHIPPED:
        return shipped_policy(word or "standard")
    return load_policy(Path(word))


def policy_lines(word: str | None) -> tuple[PolicyLine, ...]:
    """Every number in force, with its origin."""
    shipped = word if word in SHIPPED else "standard"
    path = Path(word) if word and word not in SHIPPED else None
    origins = policy_origins(path, shipped or "standard")
    return tuple(PolicyLine(key, value, origins.get(key, "")) for key, value in flat(policy_named(word)).items())


def policy_difference(word: str | None, other: str) -> tuple[PolicyLine, ...]:
    """The numbers that are not the same in one policy (None: standard) and in another one."""
    theirs = flat(policy_named(other))
    mine = policy_lines(word)
    changed = [
        PolicyLine(line.key, line.value, line.origin, theirs.get(line.key))
        for line in mine
        if theirs.get(line.key) != line.value
    ]
    known = {line.key for line in mine}
    added = [PolicyLine(key, None, "", value) for key, value in theirs.items() if key not in known]
    return (*changed, *added)
