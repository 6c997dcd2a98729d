"""Who does what, when: every writing command is one operation."""

from dataclasses import dataclass
from datetime import date, datetime

from crmkit.model.person import Role

MIGRATE = "db migrate"
RESTORE = "db restore"
UNDO = "db undo"


@dataclass(frozen=True, slots=True)
class Act:
    """The act a workflow is asked to carry out.

    `now` carries the business zone, `today` is its date there and stays the same for a whole run.
    `arguments` are already masked: no name, phone or free text.
    """

    actor: str  # code of the person, or the system's user when the file knows nobody yet
    role: Role | None
    command: str  # "plan approve"
    arguments: str
    host: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of `crmkit db log`."""

    seq: int
    at: str
    actor: str
    host: str
    command: str
    arguments: str
    undoes: int | None
    undone_by: int | None
    changes: int


@dataclass(frozen=True, slots=True)
class Change:
    """One changed cell. `kind` is I (row new), U (changed) or D (row gone); a masked cell has lost its values."""

    table: str
    key: str
    kind: str
    column: str
    old: str | int | None
    new: str | int | None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that an undo left as it is. `key` is what people call it; `later` the operation that changed it since.

    `later` is None when nothing changed the row itself but something later leans on it.
    """

    table: str
    key: str
    later: int | None


def is_plausible(moment: datetime) -> bool:
    """Can a clock that is right have said this?"""
    return 2015 <= moment.year <= 2098
