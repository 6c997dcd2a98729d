"""The people of the file: who works here, in which role, and who stands in for whom."""

from dataclasses import dataclass, replace
from datetime import date

from crmkit.model.code import normal_code
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role, StandIn
from crmkit.model.policy import Policy
from crmkit.rules.load import Load, loads
from crmkit.store import customers, people, stand_ins
from crmkit.store.connection import Store
from crmkit.workflow.acting import refuse_unless_for_all


@dataclass(frozen=True, slots=True)
class Team:
    """Everyone by code; the customers of each customer manager; stand-ins of today and to come."""

    people: tuple[Person, ...]
    loads: tuple[Load, ...]
    stand_ins: tuple[StandIn, ...]
    today: date

    @property
    def by_id(self) -> dict[int, Person]:
        return {person.id: person for person in self.people}


@dataclass(frozen=True, slots=True)
class StandInNoted:
    person: Person
    substitute: Person | None
    first: date
    last: date


def list_team(store: Store, policy: Policy, today: date) -> Team:
    """The team with how many customers each manager has."""
    everyone = people.everyone(store)
    managers = [person for person in everyone if person.role is Role.CUSTOMER_MANAGER]
    owners = [one.manager for one in customers.all(store)]
    counted = loads(managers, owners, policy.base_data.customers_per_manager)
    coming = tuple(one for one in stand_ins.all(store) if one.last >= today)
    return Team(tuple(everyone), tuple(counted), coming, today)


def add_person(
    store: Store, act: Act, policy: Policy, code: str, name: str, role: Role, *, dry_run: bool = False
) -> Person:
    """Add somebody. Raises Refusal: ROLE, BAD_VALUE for a code that is taken, or a blank one."""
    refuse_unless_for_all(store, act, policy)
    plain, called = code.strip(), " ".join(name.split())
    taken = {normal_code(person.code) for person in people.everyone(store)}
    if not plain or not called or normal_code(plain) in taken or len(plain) > 40 or len(called) > 100:
        raise Refusal(Fault.BAD_VALUE, option="CODE NAME", value=f"{code} {name}", expected="003 王五")
    if not dry_run:
        with store.operation(act):
            return Person(people.add(store, plain, called, role), plain, called, role)
    return Person(0, plain, called, role)


def change_person(
    store: Store, act: Act, policy: Policy, person: Person, name: str | None, role: Role | None, *,
    dry_run: bool = False,
) -> Person:  # fmt: skip
    """Give somebody another name or role. Raises Refusal: ROLE; RULE has-customers for a manager who owns customers.

    A role is what all other rights hang on: nobody gives himself one, only the market manager does [our default].
    """
    if role is not None or person.code != act.actor:
        refuse_unless_for_all(store, act, policy)
    changed = replace(person, name=" ".join(name.split()) if name else person.name, role=role or person.role)
    if changed.role is not person.role and customers.all(store, person.id):
        way_out = f"crmkit customer transfer --manager {person.code} --to CODE"
        raise Refusal(Fault.RULE, rule="has-customers", value=person.code, way_out=way_out)
    if not dry_run:
        with store.operation(act):
            people.change(store, person.id, changed.name, changed.role)
    return changed


def note_stand_in(
    store: Store, act: Act, policy: Policy, person: Person, substitute: Person, first: date, last: date, *,
    dry_run: bool = False,
) -> StandInNoted:  # fmt: skip
    """Note who stands in for somebody. Raises Refusal: ROLE, BAD_VALUE, RULE stands-in-already when days overlap.

    Everybody names his own stand-in; for another only the market manager does [our default].
    """
    _refuse_for_another(store, act, policy, person)
    if last < first or person.id == substitute.id:
        raise Refusal(Fault.BAD_VALUE, option="--from/--to/--by", value=f"{first} {last}", expected=f"{last} {first}")
    for known in stand_ins.all(store):
        if known.person == person.id and known.first <= last and first <= known.last:
            value, way_out = f"{known.first}…{known.last}", f"crmkit team stand-in {person.code} --remove"
            raise Refusal(Fault.RULE, rule="stands-in-already", value=value, way_out=way_out)
    if not dry_run:
        with store.operation(act):
            stand_ins.add(store, person.id, substitute.id, first, last)
    return StandInNoted(person, substitute, first, last)


def end_stand_in(store: Store, act: Act, policy: Policy, person: Person, *, dry_run: bool = False) -> StandInNoted:
    """Take back the stand-ins of somebody that have not ended. Raises Refusal: ROLE, NOT_FOUND."""
    _refuse_for_another(store, act, policy, person)
    found = [one for one in stand_ins.all(store) if one.person == person.id and one.last >= act.today]
    if not found:
        raise Refusal(Fault.NOT_FOUND, noun="stand-in", value=person.code, known="crmkit team list")
    if not dry_run:
        with store.operation(act):
            for one in found:
                stand_ins.remove(store, one.id)
    return StandInNoted(person, None, found[0].first, found[-1].last)


def _refuse_for_another(store: Store, act: Act, policy: Policy, person: Person) -> None:
    if person.code != act.actor:
        refuse_unless_for_all(store, act, policy)
