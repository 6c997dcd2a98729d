"""What is written for one answer of the sitting that opens a month: each answer is one operation, undone as one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from crmkit.model.customer import Customer, Frequency, VisitMethod
from crmkit.model.errors import Fault, Refusal
from crmkit.model.judgement import Judgement
from crmkit.model.market import Indicator
from crmkit.model.month import Month
from crmkit.model.opening import Answer, Decision, Mark, Matter, Point
from crmkit.model.operating import AbilityItem, ScoreOrigin
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.strategy import Standing, TieBorder
from crmkit.store import opening_answers
from crmkit.store.connection import Store
from crmkit.workflow.analyze_brand import judge_rate
from crmkit.workflow.analyze_market import judge_indicator, set_indicator_targets
from crmkit.workflow.analyze_operating import score_all, score_customer
from crmkit.workflow.generate_month_plan import change_key, generate_month_plan, override_frequency
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.open_month import Advanced, Opening, advance, look
from crmkit.workflow.set_customer import set_customers
from crmkit.workflow.set_targets import set_target
from crmkit.workflow.settle_documents import Settled, submit
from crmkit.workflow.take_demand import confirm_demand

_TRACED = (Matter.DEMAND, Matter.SCORES, Matter.TARGETS)  # their own rows say how they came about
ASSUMED_SCORE = 3
SAME = dict.fromkeys(AbilityItem, ASSUMED_SCORE)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Whose month is opened, by whom. `asked`: a person sees the questions."""

    store: Store
    act: Act
    policy: Policy
    manager: Person
    month: Month
    asked: bool = True

    @property
    def common(self) -> tuple[Store, Act, Policy, Person, Month]:
        return self.store, self.act, self.policy, self.manager, self.month

    def looked(self) -> Opening:
        return look(*self.common)

    def opened(self) -> Opening:
        """Everything carried over and computed, then where it stands."""
        made = tuple(advance(*self.common))
        return replace(self.looked(), advanced=made)


def take(sitting: Sitting, opening: Opening, decision: Decision) -> None:
    """Take what is proposed; of a decision without a proposal nothing."""
    taken = _TAKEN.get(decision.matter)
    if not decision.proposed:
        return
    with _answering(sitting, decision.matter) as own:
        if taken:
            taken(own, opening, decision)
        if decision.matter not in _TRACED:
            _note(own, decision.points, decision.matter, decision.mark)


def give_scores(
    sitting: Sitting, codes: Iterable[Customer], scores: Mapping[AbilityItem, int], *, assumed: bool
) -> None:
    """The same scores for these customers: `assumed` for a group, else looked at."""
    chosen = {one.id: one for one in codes}
    with _answering(sitting, Matter.SCORES) as own:
        if assumed:
            score_all(*own.common, scores, among=lambda one: one.id in chosen)
        else:
            for one in chosen.values():
                score_customer(*own.common, one, scores, origin=ScoreOrigin.ENTERED)


def keep_scores(sitting: Sitting, decision: Decision, codes: Iterable[str]) -> None:
    """Some of those that moved keep last month's scores."""
    wanted = set(codes)
    points = [one for one in decision.points if one.subject in wanted]
    with _answering(sitting, decision.matter) as own:
        _note(own, points, decision.matter, decision.mark)


def give_method(sitting: Sitting, chosen: Sequence[Customer], method: VisitMethod) -> None:
    with _answering(sitting, Matter.METHODS) as own:
        set_customers(own.store, own.act, chosen, [f"visit_method={method}"])


def confirm_one(sitting: Sitting, customer: Customer) -> None:
    with _answering(sitting, Matter.DEMAND) as own:
        confirm_demand(*own.common, [customer.id])


def judge(sitting: Sitting, opening: Opening, decision: Decision, normal: Iterable[str], note: str) -> None:
    """Some abnormal rates or indicators are called normal, with a note; the others stay as they are."""
    called = set(normal)
    with _answering(sitting, decision.matter) as own:
        for subject in sorted(called):
            _judge_normal(own, opening, decision.matter, subject, note)
        left = [one for one in decision.points if one.subject not in called]
        _note(own, left, decision.matter, decision.mark)


def aim(sitting: Sitting, entered: Mapping[Indicator, Decimal]) -> None:
    """Targets typed; every other one as proposed."""
    with _answering(sitting, Matter.TARGETS) as own:
        set_indicator_targets(*own.common, entered, confirm=True)


def satisfy(sitting: Sitting, target: Decimal, mark: Mark = Mark.CHANGED) -> None:
    """The satisfaction target."""
    with _answering(sitting, Matter.SATISFACTION) as own:
        generate_strategies(*own.common, target)
        _note(own, [Point("satisfaction")], Matter.SATISFACTION, mark)


def keep_text(sitting: Sitting, decision: Decision, text: str, mark: Mark) -> None:
    """Problems or focus of the month plan in a person's words, or in those of last month."""
    texts = (text, None) if decision.matter is Matter.PROBLEMS else (None, text)
    with _answering(sitting, decision.matter) as own:
        generate_month_plan(*own.common, texts=texts)
        _note(own, decision.points, decision.matter, mark)


def swap_keys(sitting: Sitting, decision: Decision, on: Iterable[Customer], off: Iterable[Customer], why: str) -> None:
    """Some from below the line go on the key list, some from above it off."""
    with _answering(sitting, Matter.KEY_LINE) as own:
        for standing, chosen in ((Standing.ADDED, on), (Standing.REMOVED, off)):
            for one in chosen:
                change_key(*own.common, one, standing, why)
        _note(own, decision.points, Matter.KEY_LINE, Mark.CHANGED, why)


def override(sitting: Sitting, decision: Decision, given: Mapping[int, Frequency], opening: Opening, why: str) -> None:
    """Some on a tied border get the frequency of the other side, by hand."""
    with _answering(sitting, Matter.TIES) as own:
        for key, frequency in given.items():
            override_frequency(*own.common, opening.portfolio.owned[key], frequency, why)
        _note(own, decision.points, Matter.TIES, Mark.CHANGED, why)


def accept_load(sitting: Sitting, decision: Decision, why: str) -> None:
    """The repairs and what does not fit even so are accepted; the reason goes into the submission."""
    with _answering(sitting, Matter.LOAD) as own:
        _note(own, decision.points, Matter.LOAD, decision.mark, why)


def go_back(sitting: Sitting) -> None:
    """The key list and the ties are asked again."""
    with _answering(sitting, Matter.LOAD) as own:
        opening_answers.forget(own.store, own.manager.id, own.month, (Matter.KEY_LINE, Matter.TIES))


def border_of(opening: Opening, decision: Decision) -> TieBorder:
    """The border a decision is about."""
    assert opening.plan is not None, "a border is one of a plan"
    return next(one for one in opening.plan.borders if one.upper.value == decision.group)


def accepted_shortage(opening: Opening) -> str | None:
    """The reason the overload of now was accepted with."""
    if any(one.matter is Matter.LOAD for one in opening.decisions):
        return None
    return next((one.note for one in opening.answers if one.matter is Matter.LOAD), None)


def taken_through(sitting: Sitting, matters: Iterable[Matter] | None = None) -> tuple[Opening, tuple[Decision, ...]]:
    """Take every proposal, of these matters only where they are named, until none is left; then where it stands, and
    every decision that came up. What cannot be taken unseen stays open.
    """
    chosen = set(Matter) if matters is None else set(matters)
    met: dict[tuple[Matter, str], Decision] = {}
    tried: set[Decision] = set()  # what stays although it was taken is not taken for ever
    made: list[tuple[Advanced, int]] = []
    while True:
        opening = sitting.opened()
        made += opening.advanced
        met |= {one.key: one for one in opening.decisions}
        untaken = [one for one in opening.decisions if one.proposed and one.matter in chosen and one not in tried]
        if not untaken:
            return replace(opening, advanced=tuple(made)), tuple(met.values())
        tried.update(untaken)
        for decision in untaken:
            take(sitting, opening, decision)


def rehearsed(sitting: Sitting) -> Opening:
    """What a sitting would carry over, compute and ask; nothing is written. `later` are the questions that come once
    the ones of now are answered as proposed.
    """
    with sitting.store.operation(sitting.act, rehearse=True, as_read=True):
        first = sitting.opened()
        last, met = taken_through(sitting)
        known = {one.key for one in first.decisions}
        made = (*first.advanced, *last.advanced)
        return replace(first, advanced=made, later=tuple(one for one in met if one.key not in known))


def with_later(sitting: Sitting, opening: Opening) -> Opening:
    """An opening whose decisions wait, with those that come after them."""
    return replace(opening, later=rehearsed(sitting).later)


def accept_shortage(sitting: Sitting, opening: Opening, why: str) -> Opening:
    """Accept the overload, where there is one; else nothing is accepted. Raises Refusal(RULE reason-needed)."""
    if not why.strip():
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=f"crmkit plan open --month {sitting.month}")
    for decision in opening.decisions:
        if decision.matter is Matter.LOAD:
            accept_load(sitting, decision, why.strip())
    return replace(sitting.looked(), advanced=opening.advanced)


def submit_month(sitting: Sitting, opening: Opening) -> Settled:
    """Submit both documents; the reason the overload was accepted with goes along."""
    return submit(*sitting.common, accept_shortage=accepted_shortage(opening))


@contextmanager
def _answering(sitting: Sitting, matter: Matter) -> Iterator[Sitting]:
    """One operation, named by what it answers; refused when others wrote since the question was asked."""
    own = replace(sitting, act=replace(sitting.act, arguments=f"answer={matter}"))
    with own.store.operation(own.act, as_read=True):
        yield own


def _judge_normal(own: Sitting, opening: Opening, matter: Matter, subject: str, note: str) -> None:
    if matter is Matter.INDICATORS:
        judge_indicator(*own.common, Indicator(subject), Judgement.NORMAL, note)
        return
    rate = opening.untouched_rates[subject]
    judge_rate(*own.common, opening.area.products[rate.product], rate.kind, Judgement.NORMAL, note)


def _note(own: Sitting, points: Iterable[Point], matter: Matter, mark: Mark, note: str | None = None) -> None:
    at = own.act.now.isoformat(timespec="seconds")
    answers = [Answer(matter, one.subject, one.basis, mark, own.asked, own.act.actor, at, note) for one in points]
    opening_answers.write(own.store, own.manager.id, own.month, answers)


def _confirm(own: Sitting, opening: Opening, decision: Decision) -> None:
    confirm_demand(*own.common, [opening.by_code[code].id for code in decision.subjects])


def _assume(own: Sitting, opening: Opening, decision: Decision) -> None:
    wanted = set(decision.subjects)
    score_all(*own.common, SAME, among=lambda one: one.code in wanted)


def _carry_targets(own: Sitting, opening: Opening, decision: Decision) -> None:
    """Last month's rates for this month; the list of target customers goes along."""
    for product, last in opening.aimed_before:
        set_target(own.store, own.act, own.policy, own.manager, product, own.month, None, dict(last.rates))


def _aim(own: Sitting, opening: Opening, decision: Decision) -> None:
    set_indicator_targets(*own.common, {}, confirm=True)


def _satisfy(own: Sitting, opening: Opening, decision: Decision) -> None:
    generate_strategies(*own.common, Decimal(opening.offered))


_TAKEN: Mapping[Matter, Callable[[Sitting, Opening, Decision], None]] = {
    Matter.DEMAND: _confirm,
    Matter.SCORES: _assume,
    Matter.BRAND_TARGETS: _carry_targets,
    Matter.TARGETS: _aim,
    Matter.SATISFACTION: _satisfy,
}
"""What taking a proposal writes; of all other matters it is only noted that somebody saw it."""
