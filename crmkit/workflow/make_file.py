"""Make a new database with the people who will work in it."""

from dataclasses import dataclass
from pathlib import Path

from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.store import people
from crmkit.store.connection import Store
from crmkit.store.opening import create_store


@dataclass(frozen=True, slots=True)
class MadeFile:
    path: Path
    people: tuple[Person, ...]


def make_file(path: Path, act: Act, team: tuple[tuple[str, str, Role], ...]) -> MadeFile:
    """Create the database at `path` with `team` = (code, name, role). Raises Refusal(TARGET_EXISTS)."""
    if len({code for code, _name, _role in team}) != len(team):
        raise Refusal(Fault.BAD_VALUE, option="--manager", value=[code for code, _n, _r in team], expected="CODE=NAME")
    store = create_store(path)
    try:
        return MadeFile(path, _with_people(store, act, team))
    except BaseException:
        path.resolve().unlink(missing_ok=True)  # a file without its people is not what was asked for
        raise
    finally:
        store.close()


def _with_people(store: Store, act: Act, team: tuple[tuple[str, str, Role], ...]) -> tuple[Person, ...]:
    if team:
        with store.operation(act):
            for code, name, role in team:
                people.add(store, code, name, role)
    return tuple(people.everyone(store))
