"""Which lines of a month the market manager means."""

from collections.abc import Iterable

from crmkit.model.customer import Customer
from crmkit.model.document import DocumentKind
from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import LineFeedback, LinePart, PlanLine, TypedLine
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.rules.strategies_by_hand import numbered
from crmkit.store import customers, frequencies, strategies
from crmkit.store.connection import Store
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.month_lines import lines_now

_FORMS = ("", " key", " frequency")


def read_feedback(store: Store, manager: Person, month: Month, typed: Iterable[TypedLine]) -> tuple[LineFeedback, ...]:
    """Feedback on the lines that were typed, each once.

    Raises Refusal: NOT_FOUND (no such line, with those there are; no such number), AMBIGUOUS (several customers),
    RULE not-valid (a customer who is not on the month's list).
    """
    found = (LineFeedback(_line(store, manager, month, one), one.text) for one in typed)
    return tuple(dict.fromkeys(found))


def _line(store: Store, manager: Person, month: Month, typed: TypedLine) -> PlanLine:
    whole = typed.readings[-1]
    if customers.with_code(store, whole[0]):  # an office's code comes first, whatever else it may look like
        return _of_customer(store, manager, month, *whole)
    refusal: Refusal | None = None
    for who, part, number in typed.readings:
        if not who:
            return PlanLine("", part)
        try:
            find_customer(store, who, manager)
        except Refusal as refused:
            refusal = refused if refusal is None or refused.fault is Fault.AMBIGUOUS else refusal
            continue
        return _of_customer(store, manager, month, who, part, number)
    if refusal is not None and refusal.fault is Fault.AMBIGUOUS:
        raise refusal
    raise _unknown(store, manager, month, typed)


def _of_customer(store: Store, manager: Person, month: Month, who: str, part: LinePart, number: int) -> PlanLine:
    customer = find_customer(store, who, manager)
    listed = numbered(strategies.of_customer(store, customer.id, month))
    if customer.manager != manager.id or not (listed or frequencies.line_of(store, customer.id, month)):
        way_out = f"crmkit plan show --month {month} --all"
        raise Refusal(Fault.RULE, rule="not-valid", value=customer.code, way_out=way_out)
    if part is LinePart.STRATEGY and number not in listed:
        raise Refusal(Fault.NOT_FOUND, noun="strategy", value=number, known=sorted(listed))
    return PlanLine(customer.code, part, number)


def _unknown(store: Store, manager: Person, month: Month, typed: TypedLine) -> Refusal:
    """No such line; where its first word names a customer, the lines he has, else those of the month."""
    name = typed.typed.partition(":")[0]
    customer = _first_word(store, manager, name)
    if customer is None:
        known = ["CUSTOMER", "CUSTOMER/N", "CUSTOMER key", "CUSTOMER frequency", "satisfaction", "problems", "focus"]
        return Refusal(Fault.NOT_FOUND, noun="line", value=name, known=known)
    lines = lines_now(store, manager, month, DocumentKind.STRATEGIES)
    digits = sorted(line.number for line in lines if line.customer == customer.code)
    known = [f"{customer.code}{form}" for form in _FORMS] + [f"{customer.code}/{digit}" for digit in digits]
    return Refusal(Fault.NOT_FOUND, noun="line", value=name, known=known)


def _first_word(store: Store, manager: Person, name: str) -> Customer | None:
    try:
        return find_customer(store, name.split(maxsplit=1)[0].partition("/")[0], manager)
    except Refusal:
        return None
