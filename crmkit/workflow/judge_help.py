"""Did it help: the problems a month plan was made for, and the figures of the month that followed (step 14)."""

from datetime import date

from crmkit.model.errors import Fault, Refusal
from crmkit.model.helped import Helped
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.helped import Bought, help_lines
from crmkit.store import figures, keycustomers, products, visits
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import month_figures, portfolio_of


def judge_help(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> Helped:
    """The problems of `month`, found in the month before, held against the orders of `month`.

    Raises Refusal: GATE (step 8) when the month has no plan, RULE month-not-begun.
    """
    if today < month.first:
        raise Refusal(Fault.RULE, rule="month-not-begun", month=str(month), way_out="crmkit status")
    problems = keycustomers.problems(store, manager.id, month)
    if not problems:
        way_out = f"crmkit plan generate --month {month}"
        raise Refusal(Fault.GATE, step=8, needs="plan-generated", way_out=way_out)
    portfolio = portfolio_of(store, policy, manager, month, today)
    both = tuple(month_figures(store, policy, portfolio, one) for one in (month.previous, month))
    seen: dict[int, list[date]] = {}
    for visit in visits.between(store, manager.id, month.first, month.last):
        if visit.visited:
            seen.setdefault(visit.customer, []).append(visit.day)
    bought = (_bought(store, manager, month.previous), _bought(store, manager, month))
    lines = help_lines(problems, seen, (both[0], both[1]), bought, policy.summary)
    span = figures.order_span(store)
    whole = today > month.last and span is not None and span[1] >= month.last
    return Helped(manager, month, lines, policy.summary.effect_least, whole)


def _bought(store: Store, manager: Person, month: Month) -> Bought:
    codes = {product.id: product.code for product in products.all(store)}
    return {(one.customer, codes[one.product]): one.volume for one in figures.by_product(store, month, manager.id)}
