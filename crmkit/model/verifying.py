"""The seal of a plan, and what a second making of it shows (plan verify)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class SealKind(StrEnum):
    PLAN = "plan"  # the frequencies a month plan was approved with
    VISITS = "visits"  # the dated visits


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a plan was asked for. Of a month plan only the policy counts; `iterations` are those the search made."""

    first: date | None = None
    last: date | None = None
    seed: int = 0
    effort: str = ""
    steady: bool = False
    assume_weekdays: bool = False
    iterations: int = 0
    solver: str = ""


@dataclass(frozen=True, slots=True)
class PlanSeal:
    """What was kept as a plan was written. `inputs` are digests by kind, `listing` a line for each customer
    (code, frequency, source) or visit (code, day); `policy` its values by key; `intact`: the digest over all is right.
    """

    op: int
    kind: SealKind
    crmkit: str
    engine: str
    recipe: Recipe
    policy: Mapping[str, str]
    inputs: Mapping[str, str]
    listing: tuple[str, ...]
    at: str
    today: date
    actor: str
    command: str
    intact: bool = True


class Verdict(StrEnum):
    """What making a plan again showed."""

    SAME = "same"  # proven
    OTHER = "other"  # made again from the same data it comes out differently
    VERSION = "version"  # not possible: another crmkit or kernel
    POLICY = "policy"  # not possible: the policy says other numbers now
    PAST = "past"  # not possible: the file cannot be taken back to that day
    INTERRUPTED = "interrupted"  # not possible: the search was broken off by a person


class InputState(StrEnum):
    SAME = "same"
    CHANGED = "changed"  # since, by commands that write such data
    ALTERED = "altered"  # not by any command: the change log does not know it, or knows no such writer


@dataclass(frozen=True, slots=True)
class InputCheck:
    """One kind of data a plan was made from. `ops` are the operations that changed it since, the newest first."""

    name: str
    state: InputState
    ops: tuple[tuple[int, str, str], ...] = ()  # number, command, time


class Because(StrEnum):
    """How a plan that stands differs from its seal."""

    MOVED = "moved"  # by a command, which the list of moves holds
    CHANGED = "changed"  # by another command: an appointment, a shop closed
    HANDED_OVER = "handed_over"
    ALTERED = "altered"  # nothing explains it
    NOW = "now"  # what the data of today would give instead


@dataclass(frozen=True, slots=True)
class Difference:
    """One customer: what the seal says and what is found (both as people write them; None: nothing)."""

    customer: str
    sealed: str | None
    found: str | None
    because: Because


@dataclass(frozen=True, slots=True)
class Verification:
    """One seal verified."""

    seal: PlanSeal
    verdict: Verdict
    inputs: tuple[InputCheck, ...] = ()
    differences: tuple[Difference, ...] = ()
    policy_keys: tuple[str, ...] = ()  # that read otherwise now
    untraced: tuple[str, ...] = field(default=())  # rows that are not what the change log left: "planned_visit 17"

    @property
    def is_altered(self) -> bool:
        """Was anything changed that no command explains?"""
        by_hand = any(one.because is Because.ALTERED for one in self.differences)
        return not self.seal.intact or by_hand or any(one.state is InputState.ALTERED for one in self.inputs)

    @property
    def is_clean(self) -> bool:
        """The same plan again, from data that are still the same."""
        unchanged = all(one.state is InputState.SAME for one in self.inputs)
        return self.verdict is Verdict.SAME and unchanged and not self.is_altered
