"""Which customer somebody means: a code, the short code on the daily sheet, or a unique part of code or name."""

from crmkit.model.customer import Customer
from crmkit.model.person import Person, Role
from crmkit.rules.codes import read_code, short_codes
from crmkit.store import customers, people
from crmkit.store.connection import Store


def find_customer(store: Store, typed: str, manager: Person | None = None) -> Customer:
    """The customer meant; `manager` narrows short codes and parts to his own.

    A code of the office comes first, then a short code of the sheet (also with a task behind it, K7M-2), then a part.
    Raises Refusal NOT_FOUND, or AMBIGUOUS with the candidates.
    """
    return (
        customers.with_code(store, typed)
        or _on_sheet(store, typed, manager)
        or customers.find(store, typed, manager.id if manager else None)
    )


def actors_customer(store: Store, typed: str, actor: str) -> Customer:
    """The customer meant by the one who acts: a customer manager means one of his own."""
    exact = customers.with_code(store, typed)
    if exact:
        return exact
    acting = [person for person in _managers(store) if person.code == actor]
    return find_customer(store, typed, acting[0] if acting else None)


def _on_sheet(store: Store, typed: str, manager: Person | None) -> Customer | None:
    """Short codes are told apart within one manager's customers; without a name, the file's only manager's."""
    short = read_code(typed)
    managers = [manager] if manager else _managers(store)
    if short is None or len(managers) != 1:
        return None
    owned = {customer.code: customer for customer in customers.all(store, managers[0].id)}
    found = {code: owned[key] for key, code in short_codes(owned).items()}
    return found.get(short[0])


def _managers(store: Store) -> list[Person]:
    return people.of_role(store, Role.CUSTOMER_MANAGER)
