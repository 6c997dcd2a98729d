"""What is asked when a month is opened: every exception exactly once, a resumed sitting exactly the rest."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmkit.model.customer import Frequency
from crmkit.model.opening import Answer, Carry, Decision, Mark, Matter, OpeningFacts
from crmkit.model.operating import Quadrant, ScoreOrigin
from crmkit.model.planning import Foresight, Misfit, Repair, RepairKind, Unfit
from crmkit.model.strategy import KeyCandidate, Standing, TieBorder, TieBreak
from crmkit.rules.opening import around_the_line, decisions

AT_LEISURE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a loaded machine draws slowly
CODES = st.lists(st.sampled_from([f"10{n:02d}" for n in range(12)]), unique=True, max_size=6).map(tuple)
MENDED = {Matter.DEMAND, Matter.SCORES, Matter.BRAND_TARGETS, Matter.TARGETS, Matter.SATISFACTION}


@st.composite
def candidate_lists(draw: st.DrawFn) -> tuple[KeyCandidate, ...]:
    """As the rule ranks them: who has reasons first, who was only added by hand after them."""
    count, with_reasons = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    return tuple(
        KeyCandidate(key, key, draw(st.sampled_from(Standing)), ("volume",) if key <= with_reasons else (), 10 * key)
        for key in range(1, count + 1)
    )


@st.composite
def all_facts(draw: st.DrawFn) -> OpeningFacts:
    carries = st.builds(Carry, st.sampled_from(Quadrant), st.sampled_from(Quadrant), st.sampled_from(ScoreOrigin))
    aimless = draw(st.lists(st.sampled_from(["volume", "carton_value", "key_brand_growth"]), unique=True))
    border = TieBorder(Frequency.WEEKLY, Frequency.TWICE_MONTHLY, 3, 1, 2, TieBreak.CODE, (1,), (2,))
    lower = replace(border, upper=Frequency.TWICE_MONTHLY, lower=Frequency.MONTHLY)
    repairs = tuple(Repair(1, code, 2, RepairKind.SECOND_BY_PHONE, None) for code in draw(CODES))
    unfit = tuple(Unfit(1, code, 1, None, Misfit.ROOM) for code in draw(CODES))
    short = draw(st.integers(0, 2))
    return OpeningFacts(
        record_open=draw(st.booleans()),
        plan_open=draw(st.booleans()),
        methodless=draw(CODES),
        lost=dict.fromkeys(draw(CODES), "closed"),
        unconfirmed=draw(CODES),
        unscored=draw(st.dictionaries(st.sampled_from(["1001", "1002", "1003", "1004"]), st.sampled_from("ab"))),
        carried=draw(st.dictionaries(st.sampled_from(["1001", "1002", "1003", "1004"]), carries)),
        aimed_before=draw(CODES),
        rates=draw(CODES),
        indicators=draw(CODES),
        aimless=tuple(aimless),
        proposals=tuple(one for one in aimless if draw(st.booleans())),
        has_strategies=draw(st.booleans()),
        has_satisfaction=draw(st.booleans()),
        has_plan=draw(st.booleans()),
        drafted=draw(CODES),
        written=frozenset(draw(st.sets(st.sampled_from([Matter.PROBLEMS, Matter.FOCUS])))),
        last_written=frozenset(draw(st.sets(st.sampled_from([Matter.PROBLEMS, Matter.FOCUS])))),
        candidates=draw(candidate_lists()),
        key_limit=draw(st.integers(0, 9)),
        borders=tuple(one for one in (border, lower) if draw(st.booleans())),
        load=draw(st.sampled_from([None, Foresight(9, 9, short, 9, 9, (), repairs, unfit)])),
    )


def exceptions(facts: OpeningFacts) -> set[tuple[str, str]]:
    """A second, plain reading of "the exceptions": (matter, subject)."""
    record, plan = set[tuple[str, str]](), set[tuple[str, str]]()
    plan |= {("methods", code) for code in facts.methodless}
    plan |= {("lost", code) for code in facts.lost}
    record |= {("demand", code) for code in facts.unconfirmed}
    record |= {("scores", code) for code in facts.unscored}
    for code, one in facts.carried.items():
        if one.origin == "carried" and one.before != one.now:
            record.add(("up" if one.now in ("keep", "coach") else "down", code))
    plan |= {("brand_targets", code) for code in facts.aimed_before}
    plan |= {("rates", code) for code in facts.rates}
    plan |= {("indicators", code) for code in facts.indicators}
    plan |= {("targets", code) for code in facts.aimless}
    if facts.has_strategies and not facts.has_satisfaction:
        record.add(("satisfaction", "satisfaction"))
    if facts.has_plan:
        for matter in (Matter.PROBLEMS, Matter.FOCUS):
            if matter not in facts.written and (facts.drafted or matter in facts.last_written):
                plan.add((matter.value, matter.value))
        if facts.key_limit and any(one.reasons and one.rank > facts.key_limit for one in facts.candidates):
            plan.add(("key_line", "line"))
        plan |= {("ties", one.upper.value) for one in facts.borders}
        if facts.load and (facts.load.short or facts.load.unfit):
            plan.add(("load", "load"))
    return (record if facts.record_open else set()) | (plan if facts.plan_open else set())


def points(asked: tuple[Decision, ...]) -> Counter[tuple[str, str]]:
    return Counter((one.matter.value, subject) for one in asked for subject in one.subjects)


def answered(decision: Decision) -> list[Answer]:
    found = [(one.subject, one.basis) for one in decision.points]
    return [Answer(decision.matter, subject, basis, decision.mark, True, "001", "") for subject, basis in found]


@AT_LEISURE
@given(all_facts())
def test_every_exception_is_asked_exactly_once(facts: OpeningFacts) -> None:
    found = points(decisions(facts))
    assert set(found) == exceptions(facts)
    assert set(found.values()) <= {1}


@AT_LEISURE
@given(all_facts(), st.data())
def test_a_resumed_sitting_asks_exactly_the_rest(facts: OpeningFacts, data: st.DataObject) -> None:
    first = decisions(facts)
    given_ = [one for decision in first for one in answered(decision)]
    kept = [one for one in given_ if data.draw(st.booleans())]
    left = points(decisions(facts, kept))
    gone = {(one.matter.value, one.subject) for one in kept if one.matter not in MENDED}
    assert left == Counter({one: 1 for one in points(first) if one not in gone})


@AT_LEISURE
@given(all_facts())
def test_an_answer_to_what_no_longer_stands_counts_for_nothing(facts: OpeningFacts) -> None:
    """Late orders moved it on: the same subject stands at something else."""
    first = decisions(facts)
    stale = [replace(one, basis=one.basis + "?") for decision in first for one in answered(decision)]
    assert points(decisions(facts, stale)) == points(first)


@AT_LEISURE
@given(all_facts())
def test_the_order_is_that_of_the_steps(facts: OpeningFacts) -> None:
    order = list(Matter)
    places = [order.index(one.matter) for one in decisions(facts)]
    assert places == sorted(places)
    keys = [one.key for one in decisions(facts)]
    assert len(keys) == len(set(keys))


def test_a_swap_over_the_line_is_not_asked_about_again() -> None:
    standings = [Standing.PROPOSED] * 4 + [Standing.BELOW] * 4
    before = tuple(KeyCandidate(n, n, standing, ("volume",), 9) for n, standing in enumerate(standings, start=1))
    facts = OpeningFacts(has_plan=True, candidates=before, key_limit=4)
    (asked,) = decisions(facts)
    assert [one.customer for one in around_the_line(before, 4)] == [2, 3, 4, 5, 6, 7]
    swapped = tuple(replace(one, standing=Standing.REMOVED) if one.rank == 4 else one for one in before)
    swapped = tuple(replace(one, standing=Standing.ADDED, note="x") if one.rank == 5 else one for one in swapped)
    assert decisions(replace(facts, candidates=swapped), answered(asked)) == ()
    moved = tuple(replace(one, reasons=("volume", "stopped")) if one.rank == 4 else one for one in before)
    assert len(decisions(replace(facts, candidates=moved), answered(asked))) == 1


@pytest.mark.parametrize("origin", [ScoreOrigin.ENTERED, ScoreOrigin.ASSUMED])
def test_a_score_given_this_month_was_looked_at(origin: ScoreOrigin) -> None:
    moved = Carry(Quadrant.KEEP, Quadrant.UNLOCK, ScoreOrigin.CARRIED)
    assert [one.matter for one in decisions(OpeningFacts(carried={"1": moved}))] == [Matter.DOWN]
    assert decisions(OpeningFacts(carried={"1": replace(moved, origin=origin)})) == ()


def test_what_is_taken_unseen_is_marked_and_an_overload_never_is() -> None:
    load = Foresight(9, 8, 1, 9, 9, (), (), ())
    facts = OpeningFacts(unscored={"1": ""}, has_plan=True, has_strategies=True, load=load, satisfaction_carried=True)
    found = {one.matter: (one.mark, one.proposed) for one in decisions(facts)}
    assert found == {
        Matter.SCORES: (Mark.ASSUMED, True),
        Matter.SATISFACTION: (Mark.CARRIED, True),
        Matter.LOAD: (Mark.TAKEN, False),
    }
