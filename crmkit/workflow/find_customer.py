"""Which customer a word means: a code, the short code on the daily sheet, or a unique part of code or name."""

from crmkit.model.customer import Customer
from crmkit.model.person import Person, Role
from crmkit.rules.codes import read_code, short_codes
from crmkit.store import customers, people
from crmkit.store.connection import Store


def customer_named(store: Store, word: str, manager: Person | None = None) -> Customer:
    """The customer meant; `manager` narrows the search of parts to his own.

    A code of the office comes first, then a short code of the sheet (also with a task behind it, K7M-2), then a part.
    Raises Refusal NOT_FOUND, or AMBIGUOUS with the candidates.
    """
    return (
        customers.with_code(store, word)
        or _on_sheet(store, word, manager)
        or customers.find(store, word, manager.id if manager else None)
    )


def actors_customer(store: Store, word: str, actor: str) -> Customer:
    """The customer meant by the one who acts: a customer manager means one of his own."""
    exact = customers.with_code(store, word)
    if exact:
        return exact
    managers = people.of_role(store, Role.CUSTOMER_MANAGER)
    acting = [person for person in managers if person.code == actor]
    only = acting or managers
    return customer_named(store, word, only[0] if len(only) == 1 else None)


def _on_sheet(store: Store, word: str, manager: Person | None) -> Customer | None:
    """Short codes are told apart within one manager's customers."""
    short = read_code(word)
    if short is None or manager is None:
        return None
    owned = {customer.code: customer for customer in customers.all(store, manager.id)}
    found = {code: owned[key] for key, code in short_codes(owned).items()}
    return found.get(short[0])
