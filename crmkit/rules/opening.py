"""What is asked when a month is opened (method.md §3, "Opening the month in one sitting"): the exceptions, each once.

Everything else is carried over or computed. An exception that is mended where it lies (a score given, a record
confirmed, a target set) is none any more; one that is only looked at is remembered by its answer, for as long as what
it was given to stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import groupby

from crmkit.model.opening import Answer, Decision, Mark, Matter, OpeningFacts, Point
from crmkit.model.operating import Quadrant, ScoreOrigin
from crmkit.model.planning import Foresight
from crmkit.model.strategy import KeyCandidate, TieBorder

AROUND = 3  # candidates shown on each side of the key list's line [our default]
HIGH = (Quadrant.KEEP, Quadrant.COACH)
STEP_OF: Mapping[Matter, int] = {
    Matter.METHODS: 0, Matter.LOST: 0, Matter.DEMAND: 1, Matter.SCORES: 2, Matter.UP: 2, Matter.DOWN: 2,
    Matter.BRAND_TARGETS: 3, Matter.RATES: 5, Matter.INDICATORS: 6, Matter.TARGETS: 6, Matter.SATISFACTION: 7,
    Matter.PROBLEMS: 8, Matter.FOCUS: 8, Matter.KEY_LINE: 8, Matter.TIES: 8, Matter.LOAD: 8,
}  # fmt: skip
_MENDED = (Matter.DEMAND, Matter.SCORES, Matter.BRAND_TARGETS, Matter.TARGETS, Matter.SATISFACTION)
"""Their answers are facts of the month itself: a remembered one never hides an exception that came back."""


def decisions(facts: OpeningFacts, answers: Iterable[Answer] = ()) -> tuple[Decision, ...]:
    """Every open decision, in the order to ask. Each exception of the facts that no answer covers is a point of exactly
    one of them. What later steps will ask is not among them before those steps are made.
    """
    given = {(one.matter, one.subject, one.basis) for one in answers if one.matter not in _MENDED}
    found = []
    for matter in Matter:
        for decision in _asked(matter, facts):
            left = tuple(one for one in decision.points if (matter, one.subject, one.basis) not in given)
            if left:
                found.append(_of(decision, left))
    return tuple(found)


def around_the_line(candidates: Sequence[KeyCandidate], limit: int) -> tuple[KeyCandidate, ...]:
    """The candidates nearest to the line of the key list, by rank; nobody where no line runs between them.

    Hand changes leave ranks alone, so that a swap is not asked about again.
    """
    ranked = [one for one in candidates if one.reasons]
    if not any(one.rank > limit for one in ranked) or limit == 0:
        return ()
    return tuple(one for one in ranked if limit - AROUND < one.rank <= limit + AROUND)


def border_basis(border: TieBorder) -> str:
    """What a tie stood at: who is on which side."""
    return _digest([border.strategies, *sorted(border.above), "|", *sorted(border.below)])


def load_basis(load: Foresight) -> str:
    """What an overload stood at: which visits go by phone, which stand nowhere."""
    repairs = sorted((one.code, one.number) for one in load.repairs)
    return _digest([*repairs, "|", *sorted((one.code, one.number) for one in load.unfit)])


def _asked(matter: Matter, facts: OpeningFacts) -> tuple[Decision, ...]:
    return tuple(_ASKED[matter](facts)) if _may_change(matter, facts) else ()


def _may_change(matter: Matter, facts: OpeningFacts) -> bool:
    """What belongs to a submitted document moves no more."""
    if STEP_OF[matter] in (1, 2, 7):
        return facts.record_open
    return facts.plan_open


def _methods(facts: OpeningFacts) -> Iterable[Decision]:
    return [_listed(Matter.METHODS, facts.methodless, Mark.TAKEN)]


def _lost(facts: OpeningFacts) -> Iterable[Decision]:
    return [Decision(Matter.LOST, tuple(Point(code, why) for code, why in facts.lost.items()), Mark.TAKEN)]


def _demand(facts: OpeningFacts) -> Iterable[Decision]:
    return [_listed(Matter.DEMAND, facts.unconfirmed, Mark.TAKEN)]


def _scores(facts: OpeningFacts) -> Iterable[Decision]:
    """One question a group; a month with scores to carry over has one group only."""
    members = sorted(facts.unscored.items(), key=lambda one: one[1])
    for group, found in groupby(members, key=lambda one: one[1]):
        yield _listed(Matter.SCORES, tuple(code for code, _group in found), Mark.ASSUMED, group)


def _up(facts: OpeningFacts) -> Iterable[Decision]:
    return [_moved(Matter.UP, facts)]


def _down(facts: OpeningFacts) -> Iterable[Decision]:
    return [_moved(Matter.DOWN, facts)]


def _moved(matter: Matter, facts: OpeningFacts) -> Decision:
    """Carried scores whose customer's effect crossed the cut. A score given this month was looked at."""
    side = matter is Matter.UP
    points = [
        Point(code, f"{one.before}>{one.now}")
        for code, one in facts.carried.items()
        if one.origin is ScoreOrigin.CARRIED and one.before is not one.now and (one.now in HIGH) is side
    ]
    return Decision(matter, tuple(points), Mark.CARRIED)


def _brand_targets(facts: OpeningFacts) -> Iterable[Decision]:
    return [_listed(Matter.BRAND_TARGETS, facts.aimed_before, Mark.CARRIED)]


def _rates(facts: OpeningFacts) -> Iterable[Decision]:
    return [_listed(Matter.RATES, facts.rates, Mark.TAKEN)]


def _indicators(facts: OpeningFacts) -> Iterable[Decision]:
    return [_listed(Matter.INDICATORS, facts.indicators, Mark.TAKEN)]


def _targets(facts: OpeningFacts) -> Iterable[Decision]:
    points = tuple(map(Point, facts.aimless))
    return [Decision(Matter.TARGETS, points, Mark.TAKEN, proposed=bool(facts.proposals))]


def _satisfaction(facts: OpeningFacts) -> Iterable[Decision]:
    if facts.has_strategies and not facts.has_satisfaction:
        yield _listed(Matter.SATISFACTION, ("satisfaction",), _offered(facts))


def _offered(facts: OpeningFacts) -> Mark:
    return Mark.CARRIED if facts.satisfaction_carried else Mark.ASSUMED


def _problems(facts: OpeningFacts) -> Iterable[Decision]:
    return _text(Matter.PROBLEMS, facts)


def _focus(facts: OpeningFacts) -> Iterable[Decision]:
    return _text(Matter.FOCUS, facts)


def _text(matter: Matter, facts: OpeningFacts) -> Iterable[Decision]:
    """Asked where there is something to say: a draft, or words of last month; not where a person wrote his own."""
    if facts.has_plan and matter not in facts.written and (facts.drafted or matter in facts.last_written):
        yield Decision(matter, (Point(matter.value, _digest(facts.drafted)),), Mark.TAKEN)


def _key_line(facts: OpeningFacts) -> Iterable[Decision]:
    near = around_the_line(facts.candidates, facts.key_limit)
    if facts.has_plan and near:
        basis = _digest([facts.key_limit, *((one.customer, one.rank, *one.reasons) for one in near)])
        yield Decision(Matter.KEY_LINE, (Point("line", basis),), Mark.TAKEN)


def _ties(facts: OpeningFacts) -> Iterable[Decision]:
    for border in facts.borders if facts.has_plan else ():
        point = Point(border.upper.value, border_basis(border))
        yield Decision(Matter.TIES, (point,), Mark.TAKEN, border.upper.value)


def _load(facts: OpeningFacts) -> Iterable[Decision]:
    if facts.has_plan and facts.load and not facts.load.fits:
        yield Decision(Matter.LOAD, (Point("load", load_basis(facts.load)),), Mark.TAKEN, proposed=False)


_ASKED: Mapping[Matter, Callable[[OpeningFacts], Iterable[Decision]]] = {
    Matter.METHODS: _methods,
    Matter.LOST: _lost,
    Matter.DEMAND: _demand,
    Matter.SCORES: _scores,
    Matter.UP: _up,
    Matter.DOWN: _down,
    Matter.BRAND_TARGETS: _brand_targets,
    Matter.RATES: _rates,
    Matter.INDICATORS: _indicators,
    Matter.TARGETS: _targets,
    Matter.SATISFACTION: _satisfaction,
    Matter.PROBLEMS: _problems,
    Matter.FOCUS: _focus,
    Matter.KEY_LINE: _key_line,
    Matter.TIES: _ties,
    Matter.LOAD: _load,
}


def _listed(matter: Matter, subjects: Iterable[str], mark: Mark, group: str = "") -> Decision:
    return Decision(matter, tuple(map(Point, subjects)), mark, group)


def _of(decision: Decision, points: tuple[Point, ...]) -> Decision:
    return Decision(decision.matter, points, decision.mark, decision.group, decision.proposed)


def _digest(parts: Iterable[object]) -> str:
    """A short name for what something stood at."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]
