"""Why a customer is visited as often as the month plan says."""

from collections import Counter
from dataclasses import dataclass

from crmkit.model.customer import Customer, CustomerState, Frequency
from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import CatalogueEntry, Policy
from crmkit.model.provenance import Behind
from crmkit.model.strategy import FrequencyLine, FrequencySource, KeyCandidate, Problem, Strategy
from crmkit.rules.frequency import frequency_counts
from crmkit.rules.strategies import strategy_words
from crmkit.store import customers, documents, frequencies, keycustomers, provenance, strategies
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class WhyFrequency:
    """A frequency down to its rule: key list or rank, the counts of the rule, the tie and its neighbours.

    `counts` are how many of the `others` go weekly, twice a month, monthly; `above` and `below` the customers that
    stand beside this one in the ranking.
    """

    customer: Customer
    month: Month
    line: FrequencyLine
    state: DocumentState
    strategies: tuple[Strategy, ...]
    words: tuple[CatalogueEntry, ...]  # of each strategy
    candidate: KeyCandidate | None
    problems: tuple[Problem, ...]
    others: int
    counts: tuple[int, int, int]
    tied_weekly: int
    above: tuple[tuple[Customer, FrequencyLine], ...]
    below: tuple[tuple[Customer, FrequencyLine], ...]
    behind: tuple[Behind, ...] = ()  # of last month, whose volume breaks ties


@dataclass(frozen=True, slots=True)
class WhyUnlisted:
    """The frequency of a customer whom the month's list does not name: he came, or opened again, after it was made.

    `kept` is the frequency an earlier approval wrote into his record; without one the policy's counts until the next.
    """

    customer: Customer
    month: Month
    state: DocumentState
    frequency: Frequency
    kept: bool
    within_days: int  # working days within which a new customer is visited first


def explain_frequency(
    store: Store, policy: Policy, manager: Person, month: Month, customer: Customer, beside: int = 5, rows: int = 0
) -> WhyFrequency | WhyUnlisted:
    """Raises Refusal NOT_FOUND when the month has no frequency list, or the customer is not active and not on it."""
    document, last = documents.find(store, manager.id, month, DocumentKind.PLAN), month.previous
    lines = frequencies.lines(store, manager.id, month)
    line = next((one for one in lines if one.customer == customer.id), None)
    if document is not None and line is None and lines and customer.state is CustomerState.ACTIVE:
        usual = customer.frequency or Frequency(policy.frequency.new_customer)
        within = policy.frequency.new_customer_within_days
        return WhyUnlisted(customer, month, document.state, usual, customer.frequency is not None, within)
    if document is None or line is None:
        raise Refusal(
            Fault.NOT_FOUND, noun="frequency", value=customer.code, known=[f"crmkit plan generate --month {month}"]
        )
    ranked = sorted((one for one in lines if one.rank), key=lambda one: one.rank)
    known = {one.id: one for one in customers.all(store, manager.id)}
    candidates = {one.customer: one for one in keycustomers.candidates(store, manager.id, month)}
    mine = tuple(strategies.of_customer(store, customer.id, month))
    same = [one for one in ranked if one.strategies == line.strategies]
    return WhyFrequency(
        customer=customer,
        month=month,
        line=line,
        state=document.state,
        strategies=mine,
        words=tuple(strategy_words(strategy, policy) for strategy in mine),
        candidate=candidates.get(customer.id),
        problems=tuple(p for p in keycustomers.problems(store, manager.id, month) if p.customer == customer.id),
        others=len(ranked),
        counts=frequency_counts(len(ranked), policy.frequency),
        tied_weekly=Counter(one.frequency for one in same if one.source is FrequencySource.RANK)[line.frequency],
        above=tuple((known[one.customer], one) for one in ranked if 0 < line.rank - one.rank <= beside),
        below=tuple((known[one.customer], one) for one in ranked if line.rank and 0 < one.rank - line.rank <= beside),
        behind=(provenance.behind(store, last.first, last.last, customer=customer.id, limit=rows),),
    )
