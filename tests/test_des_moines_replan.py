"""A sick day on the real orders: only that day's visits move, and the month still holds every rule."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import slow_month
from des_moines import act_of, policy
from exact_moves import fewest_moves
from slow_month import Raw
from slow_planner import Plan, World, complaints
from test_des_moines_month import NOVEMBER, PLACED, SEPTEMBER, Played, person, play, world_of

from crmkit.model.month import Month
from crmkit.model.moving import MoveReason
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.days_off import take_days_off
from crmkit.workflow.replan_visits import replan_visits


@pytest.fixture(scope="module")
def planned_months(iowa_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """September of the first manager and November of the second, planned in one file."""
    path = Path(shutil.copy(iowa_file, tmp_path_factory.mktemp("replan") / "crmkit.db"))
    store = open_store(path)
    found = {"CM1": play(store, SEPTEMBER, "CM1"), "CM2": play(store, NOVEMBER, "CM2")}
    store.close()
    return found


@pytest.fixture
def store(planned_months: dict[str, Played], tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Path(shutil.copy(planned_months["CM1"].path, tmp_path / "crmkit.db")))
    yield opened
    opened.close()


def days_of(store: Store, code: str) -> dict[str, set[date]]:
    """Planned days by customer code, as the file has them."""
    found: dict[str, set[date]] = {}
    with sqlite3.connect(f"file:{store.path}?mode=ro", uri=True) as connection:
        rows = connection.execute(f"{PLACED} JOIN person m ON m.id=p.manager WHERE m.code=?", (code,))
        for customer, day, _method, _position in rows:
            found.setdefault(customer, set()).add(date.fromisoformat(day))
    return found


def world_at(played: Played, raw: Raw, plan: dict[str, set[date]], sick: date) -> World:
    """The month on the morning of the sick day: what lies behind stands."""
    world = world_of(played, raw)
    world.absent.add(sick)
    world.start = sick
    for shop in world.shops:
        shop.fixed = sorted(day for day in plan.get(shop.code, ()) if day < sick)
    return world


@pytest.mark.parametrize("sick", [date(2022, 9, 13), date(2022, 9, 22)])
def test_a_sick_day_moves_that_days_visits_and_others_only_where_room_is_short(
    store: Store, planned_months: dict[str, Played], shared_data: Path, sick: date
) -> None:
    """On the 13th nobody else moves. On the 22nd an exact solver needs four more, and so many move."""
    manager, act = person(store, "CM1"), act_of(sick, "CM1")
    before = days_of(store, "CM1")
    that_day = {customer for customer, days in before.items() if sick in days}
    take_days_off(store, act, (sick, sick), manager, "flu")
    result = replan_visits(store, act, policy(), manager, SEPTEMBER)
    after = days_of(store, "CM1")
    raw = slow_month.read_raw(shared_data / "iowa-des-moines")
    world = world_at(planned_months["CM1"], raw, before, sick)
    plan = Plan({code: [(day, False) for day in days if day >= sick] for code, days in after.items()}, {})
    assert complaints(world, plan) == []
    needed = fewest_moves(world, {code: {day for day in days if day >= sick} for code, days in before.items()})
    moved = {customer for customer in before if before[customer] != after[customer]}
    assert sum(len(days - after[code]) for code, days in before.items()) == result.moved == needed
    assert that_day <= moved
    assert (moved == that_day) == (needed == len(that_day)) == (sick.day == 13)
    reasons = {move.reason for move in result.moves if move.was != sick}
    assert reasons <= {MoveReason.ROOM, MoveReason.GAP}
    assert (MoveReason.ROOM in reasons) == (moved != that_day)


def test_where_the_month_is_full_the_repairs_say_what_gives_way(store: Store) -> None:
    """November asks more of the second manager than its days hold: a day less means calls, not broken rules."""
    sick = date(2022, 11, 15)
    manager, act = person(store, "CM2"), act_of(sick, "CM2")
    take_days_off(store, act, (sick, sick), manager, "flu")
    result = replan_visits(store, act, policy(), manager, Month(2022, 11))
    assert not result.plan.settled.violations
    assert not result.plan.settled.unfit
    assert result.plan.settled.repairs
    assert sick not in {day for days in days_of(store, "CM2").values() for day in days}
    assert result.stays > 2 * result.moved, (result.stays, result.moved)
