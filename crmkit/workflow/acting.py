"""Who acts, and for whom."""

from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.rules.rights import may_decide_for_all, may_write_month
from crmkit.store import people, stand_ins
from crmkit.store.connection import Store


def who_acts(store: Store, word: str | None) -> Person | None:
    """The person a code or name means; without one the file's only customer manager, if there is just one.

    Raises Refusal NOT_FOUND or AMBIGUOUS.
    """
    if word:
        return person_named(store, word)
    managers = people.of_role(store, Role.CUSTOMER_MANAGER)
    return managers[0] if len(managers) == 1 else None


def whose_month(store: Store, word: str | None, actor: str) -> Person:
    """The customer manager whose month is meant: the one named, else the actor, else the only one.

    Raises Refusal(ANSWER_NEEDED, flag="--manager 001|002") when the file holds several, RULE no-team when
    it holds none.
    """
    if word:
        return _customer_manager(person_named(store, word))
    acting = [person for person in people.named(store, actor) if person.role is Role.CUSTOMER_MANAGER]
    managers = acting or people.of_role(store, Role.CUSTOMER_MANAGER)
    if not managers:
        raise Refusal(Fault.RULE, rule="no-team", way_out="crmkit team add")
    if len(managers) != 1:
        raise Refusal(Fault.ANSWER_NEEDED, flag="--manager " + "|".join(person.code for person in managers))
    return managers[0]


def looks_at_team(store: Store, word: str | None, act: Act) -> bool:
    """Is it the market manager of several, who named none of them? Then what is asked for is his own desk."""
    several = len(people.of_role(store, Role.CUSTOMER_MANAGER)) > 1
    return several and word is None and act.role is Role.MARKET_MANAGER


def manager_of(store: Store, customer: Customer) -> Person:
    """The customer manager of a customer. Raises Refusal(RULE, no-manager)."""
    if customer.manager is None:
        raise Refusal(Fault.RULE, rule="no-manager", value=customer.code, way_out="crmkit import")
    return people.by_id(store, customer.manager)


def person_named(store: Store, word: str) -> Person:
    """One person by code or name."""
    found = people.named(store, word)
    if not found:
        raise Refusal(Fault.NOT_FOUND, noun="person", value=word, known=[p.code for p in people.everyone(store)])
    if len(found) > 1:
        raise Refusal(Fault.AMBIGUOUS, noun="person", value=word, candidates=[(p.code, p.name) for p in found])
    return found[0]


def role_on(store: Store, person: Person, day: date) -> Role:
    """The role somebody acts in: who stands in for a market manager on that day decides like one."""
    known = {one.id: one.role for one in people.everyone(store)}
    lent = {known[one.person] for one in stand_ins.on(store, day) if one.substitute == person.id}
    return Role.MARKET_MANAGER if Role.MARKET_MANAGER in lent else person.role


def stands_in_for(store: Store, actor: str, person: Person, day: date) -> bool:
    """Does somebody of this code stand in for that person on a day?"""
    known = {one.id: one.code for one in people.everyone(store)}
    return any(one.person == person.id and known[one.substitute] == actor for one in stand_ins.on(store, day))


def refuse_foreign(store: Store, act: Act, policy: Policy, manager: Person) -> None:
    """Before anything is written in a month. Raises Refusal(RULE not-your-document) when it is another's."""
    stands_in = stands_in_for(store, act.actor, manager, act.today)
    if not may_write_month(act.actor, manager.code, policy.month.approval, stands_in=stands_in):
        raise Refusal(Fault.RULE, rule="not-your-document", way_out=f"crmkit {act.command} --as {manager.code}")


def refuse_invalid(store: Store, manager: Person, customer: Customer) -> None:
    """A customer the month of a manager knows nothing of. Raises Refusal(RULE): another's, or not valid."""
    if customer.manager is not None and customer.manager != manager.id:
        owner = people.by_id(store, customer.manager)
        raise Refusal(
            Fault.RULE, rule="another's-customer", value=customer.code, owner=f"{owner.name} ({owner.code})",
            manager=f"{manager.name} ({manager.code})", way_out=f"crmkit customer show {customer.code}",
        )  # fmt: skip
    raise Refusal(Fault.RULE, rule="not-valid", value=customer.code, way_out="crmkit customer list")


def refuse_unless_for_all(store: Store, act: Act, policy: Policy) -> None:
    """Before what touches several managers is written. Raises Refusal(ROLE): it needs the market manager."""
    above = people.of_role(store, Role.MARKET_MANAGER)
    if not may_decide_for_all(act.role, policy.month.approval, has_market_manager=bool(above)):
        raise Refusal(Fault.ROLE, role=act.role.value if act.role else None, needed=Role.MARKET_MANAGER.value)


def _customer_manager(person: Person) -> Person:
    if person.role is not Role.CUSTOMER_MANAGER:
        raise Refusal(Fault.ROLE, role=person.role.value, needed=Role.CUSTOMER_MANAGER.value)
    return person
