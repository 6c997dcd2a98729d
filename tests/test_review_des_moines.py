"""The desk over September 2022 of both managers on the real orders, held against a count of the raw tables."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from des_moines import act_of, policy
from test_des_moines_month import FAIR, OPENING, RURAL_SCORES, SEPTEMBER, person, submitted

from crmkit.model.customer import MarketType
from crmkit.model.document import DocumentKind
from crmkit.model.review import Sign
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.analyze_operating import compute_effects, generate, score_all
from crmkit.workflow.generate_month_plan import generate_month_plan, month_plan
from crmkit.workflow.generate_strategies import generate_strategies
from crmkit.workflow.list_borderline import list_borderline
from crmkit.workflow.list_waiting import list_waiting
from crmkit.workflow.review_plan import review_plan

DAY = OPENING[SEPTEMBER]


@pytest.fixture(scope="module")
def september(iowa_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Both managers' September, handed in and not decided."""
    store = open_store(Path(shutil.copy(iowa_file, tmp_path_factory.mktemp("desk") / "crmkit.db")))
    for code in ("CM1", "CM2"):
        common = (store, act_of(DAY, code), policy(), person(store, code), SEPTEMBER)
        compute_effects(*common)
        score_all(*common, RURAL_SCORES, among=lambda shop: shop.market_type is MarketType.RURAL)
        score_all(*common, FAIR)
        generate(*common)
        generate_strategies(*common, Decimal(90))
        generate_month_plan(*common)
        submitted(*common)
    yield store
    store.close()


def raw(store: Store, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{store.path}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


def test_both_wait_and_what_was_counted_is_there(september: Store) -> None:
    desk = list_waiting(september, policy(), None, DAY)
    assert [one.manager.code for one in desk.waiting] == ["CM1", "CM2"]
    assert {one.waiting.kinds for one in desk.waiting} == {(DocumentKind.STRATEGIES, DocumentKind.PLAN)}
    owner = dict(raw(september, "SELECT c.id, p.code FROM customer c JOIN person p ON p.id=c.manager"))
    lines = raw(september, "SELECT customer, frequency FROM frequency_line WHERE month='2022-09'")
    profiles: dict[object, list[tuple[object, object]]] = {}
    for customer, item, score in raw(september, "SELECT customer, item, score FROM score WHERE month='2022-09'"):
        profiles.setdefault(customer, []).append((item, score))
    for one in desk.waiting:
        code, counts = one.manager.code, one.facts.counts
        mine = Counter(frequency for customer, frequency in lines if owner[customer] == code)
        assert {kind.value: count for kind, count in counts.frequencies.items()} == mine
        alike = Counter(tuple(sorted(kept)) for customer, kept in profiles.items() if owner[customer] == code)
        assert (counts.scored, counts.alike) == (alike.total(), max(alike.values()))
        keys = raw(september, "SELECT customer FROM key_candidate WHERE month='2022-09' AND standing='proposed'")
        assert counts.key == sum(owner[customer] == code for (customer,) in keys)
        found = {sign.sign: sign for sign in one.signs}
        assert found[Sign.CARRIED].value == 100
        assert found[Sign.ALIKE].value == Fraction(100 * max(alike.values()), alike.total())
        assert Sign.COPIED not in found, "nobody wrote anything"


@pytest.mark.parametrize("code", ["CM1", "CM2"])
def test_the_load_is_that_of_the_plan_and_the_borders_those_that_are_kept(september: Store, code: str) -> None:
    act, manager = act_of(DAY, "MM1"), person(september, code)
    page = review_plan(september, act, policy(), manager, SEPTEMBER)
    plan = month_plan(september, policy(), manager, SEPTEMBER, DAY)
    mine = next(one for one in page.team if one.manager == manager)
    assert mine.load is not None
    assert (mine.load.asked, mine.load.room) == (plan.load.in_days(plan.load.asked), plan.load.in_days(plan.load.room))
    listed = list_borderline(september, policy(), manager, SEPTEMBER, DAY).found
    told = {"relative_volume", "peer_ratio", "carton_value_drop"}  # by the orders, not kept
    assert page.facts.borderline == sum(one.border.value not in told or one.customer == 0 for one in listed)
    assert page.may_decide
    assert [line.manager.code for line in page.team] == ["CM1", "CM2"]
