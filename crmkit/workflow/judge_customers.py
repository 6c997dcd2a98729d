"""The customers of a month judged by their own figures: problems, matches with the area, what each lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from crmkit.model.figures import MonthFigures
from crmkit.model.judgement import Baseline
from crmkit.model.month import Month
from crmkit.model.policy import Policy
from crmkit.model.strategy import Problem
from crmkit.rules.problems import find_problem_customers, peer_ratios
from crmkit.store import figures
from crmkit.store.connection import Store
from crmkit.workflow.area_findings import AreaFindings
from crmkit.workflow.match_customers import matching_problems
from crmkit.workflow.portfolio import Portfolio, history_before


@dataclass(frozen=True, slots=True)
class JudgedCustomers:
    """Reasons of problem customers, problems that match what is abnormal in the area, and what each customer lost."""

    problems: Mapping[int, tuple[Problem, ...]]
    matches: Mapping[int, tuple[Problem, ...]]
    lost: Mapping[int, int]
    baselines: Mapping[int, Baseline]
    ratios: Mapping[int, Fraction]  # growth against the peers', where the ratio policy judges by it

    @property
    def all(self) -> tuple[Problem, ...]:
        grouped = (*self.problems.values(), *self.matches.values())
        return tuple(problem for problems in grouped for problem in problems)


def judge_customers(
    store: Store,
    policy: Policy,
    portfolio: Portfolio,
    area: AreaFindings | None = None,
    history: Sequence[MonthFigures] = (),
) -> JudgedCustomers:
    """The problems of every valid customer in M-1, and what each lost; matches with what is abnormal in the area.

    `history` as of history_before, where the caller has it already.
    """
    area = area or AreaFindings()
    history = history or history_before(store, policy, portfolio, portfolio.month)
    began = {customer: Month.of(day) for customer, day in figures.first_orders(store, portfolio.manager.id).items()}
    found = find_problem_customers(portfolio.valid, history, began, {}, policy)
    matched = matching_problems(store, policy, portfolio, area, history, found.baselines)
    ratios: Mapping[int, Fraction | None] = {}
    if policy.anomaly.rule == "ratio":
        ratios = peer_ratios(portfolio.valid, history[-1], history[-2], policy)
    judged = {customer: ratio for customer, ratio in ratios.items() if ratio is not None}
    return JudgedCustomers(found.problems, matched, found.lost, found.baselines, judged)
