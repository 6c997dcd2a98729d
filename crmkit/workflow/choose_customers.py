"""Which customers a command is for: those named, or those a filter leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.store.connection import Store
from crmkit.workflow.find_customer import actors_customer
from crmkit.workflow.list_customers import list_customers


@dataclass(frozen=True, slots=True)
class Choice:
    """Customers by name, or by a filter: conditions as typed, names of blank fields, a manager, valid ones only."""

    named: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    manager: Person | None = None
    valid: bool = False

    @property
    def filtered(self) -> bool:
        return bool(self.where or self.without or self.manager or self.valid)


def choose_customers(store: Store, policy: Policy, today: date, choice: Choice, actor: str) -> list[Customer]:
    """The customers meant, by code. A filter never stands beside names, and no filter and no name mean nobody.

    Raises Refusal: CONFLICTING_OPTIONS, ANSWER_NEEDED, NOT_FOUND, AMBIGUOUS, BAD_VALUE.
    """
    if choice.named and choice.filtered:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="CUSTOMER", second="--where")
    if choice.named:
        found = {one.id: one for one in (actors_customer(store, word, actor) for word in _words(choice.named))}
        return sorted(found.values(), key=lambda one: one.code)
    if not choice.filtered:
        raise Refusal(Fault.ANSWER_NEEDED, flag="CUSTOMER / --where")
    listed = list_customers(
        store, policy, today, choice.manager, where=choice.where, without=choice.without, only_valid=choice.valid
    ).customers
    if not listed:
        raise Refusal(Fault.NOT_FOUND, noun="customer", value=" ".join(choice.where), known="crmkit customer list")
    return list(listed)


def _words(named: Sequence[str]) -> list[str]:
    """Codes one by one, or several in one word: 1001,1002、1003."""
    return [part for word in named for part in word.replace("，", ",").replace("、", ",").split(",") if part.strip()]
