"""A team in one area: whoever has whom, heads, limits, appointments and the cap hold; the search is worth its name."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
import slow_team
import test_planning_law as law
from hypothesis import given, settings
from hypothesis import strategies as st
from month_examples import Typist, kept, write_exports

from crmkit.model.assigning import Assigner, Cause, Shortage, Team, spread_percent, variation_squared
from crmkit.model.calendar import DayOff
from crmkit.model.customer import Customer, Frequency, MarketType, Place, VisitMethod
from crmkit.model.month import Month
from crmkit.model.person import Person, Role
from crmkit.model.planning import Client, Standing
from crmkit.model.policy import Policy
from crmkit.rules.assigning import Member, changes, impossible, keeps_limits, moved, state_team
from crmkit.rules.calendar import build_calendar, needed_range
from crmkit.rules.owing import Span
from crmkit.solvers.assigning import PeriodicAssigner
from crmkit.solvers.districting import DistrictAssigner
from crmkit.sources.holidays import official_days

ONSITE = VisitMethod.ONSITE
MONTH = Month(2026, 3)
EFFORT = 1_500


def people(count: int) -> list[Person]:
    return [Person(n, f"CM{n}", f"人{n}", Role.CUSTOMER_MANAGER) for n in range(1, count + 1)]


def team_of(
    clients: list[Client],
    managers: int,
    standing: tuple[Standing, ...] = (),
    *,
    limit: int = 300,
    keep: int = 0,
    hand_over: int = 20,
    off: dict[int, list[date]] | None = None,
    rules: Policy | None = None,
) -> Team:
    shipped = rules or law.policy(8, 6)
    policy = replace(
        shipped,
        base_data=replace(shipped.base_data, customers_per_manager=limit),
        planning=replace(shipped.planning, hand_over=hand_over),
    )
    covers = needed_range(MONTH)
    days_off = [DayOff(day, person, "") for person, days in (off or {}).items() for day in days]
    official = official_days("CN", *covers)

    def calendar(person: int | None):  # type: ignore[no-untyped-def]
        return build_calendar(covers, official, days_off, person=person, zone="Asia/Shanghai")

    members = [Member(person, calendar(person.id), ()) for person in people(managers)]
    return state_team(Span(MONTH, calendar(None), policy, MONTH.first), members, clients, standing, keep=keep)


def owned(clients: list[Client], owners: list[int | None]) -> list[Client]:
    return [
        replace(client, customer=replace(client.customer, manager=owner))
        for client, owner in zip(clients, owners, strict=True)
    ]


def shop(number: int, random: Random) -> Client:
    place = Place(30_500_000 + random.randrange(80_000), 114_300_000 + random.randrange(80_000))
    customer = Customer(
        number,
        f"{number:03d}",
        "店",
        market_type=random.choice([MarketType.URBAN, MarketType.RURAL]),
        visit_method=ONSITE,
        closed_weekdays=tuple(random.sample(range(1, 8), random.choice([0, 0, 1, 3]))),
        place=random.choice([place, place, place, None, Place(30_500_000, 114_300_000)]),
        neighbourhood=f"片{number % 3}",
    )
    return Client(customer, random.choice(list(Frequency)), number)


def situation(seed: int) -> tuple[Team, slow_team.TeamWorld]:
    """Few shops, two to four managers with days off, owners as they come, appointments, a tight limit, a cap."""
    random = Random(seed)
    managers, count = random.randrange(2, 5), random.randrange(0, 17)
    clients = [shop(number, random) for number in range(1, count + 1)]
    whose = [random.choice([None, *range(1, managers + 1)]) for _ in clients]
    clients = owned(clients, whose)
    days = [day for day in MONTH.days if day.weekday() < 5]
    standing = []
    for client, owner in zip(clients, whose, strict=True):
        if random.random() < 0.2:
            back = MONTH.first - timedelta(days=random.randrange(1, 20))
            standing.append(Standing(client.customer.id, back, ONSITE, made=True))
        if owner and random.random() < 0.2:
            standing.append(Standing(client.customer.id, random.choice(days), ONSITE, made=False))
    limit = max(1, random.choice([count, -(-count // managers), count // managers]))
    keep, hand_over = random.choice([0, 50, 90, 100]), random.choice([0, 20])
    off = {person: random.sample(days, random.choice([0, 3, 21])) for person in range(1, managers + 1)}
    team = team_of(clients, managers, tuple(standing), limit=limit, keep=keep, off=off, hand_over=hand_over)
    with_manager = sum(owner is not None for owner in whose)
    world = slow_team.TeamWorld(
        {person.code: limit for person in people(managers)},
        {c.customer.code: f"CM{owner}" if owner else None for c, owner in zip(clients, whose, strict=True)},
        frozenset(clients[v.customer - 1].customer.code for v in standing if not v.made),
        with_manager * (100 - keep) // 100,
    )
    return team, world


def answer_of(team: Team, owners: tuple[int, ...]) -> list[tuple[str, str]]:
    return [(stop.code, team.areas[at].person.code) for stop, at in zip(team.problem.stops, owners, strict=True)]


@pytest.mark.parametrize("assigner", [PeriodicAssigner(), DistrictAssigner()], ids=lambda one: one.name)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=120, deadline=None)
def test_everybody_has_one_manager_and_all_limits_hold(assigner: Assigner, seed: int) -> None:
    team, world = situation(seed)
    assert (impossible(team) is None) == slow_team.possible(world)
    if impossible(team) is None:
        owners = assigner.assign(team, seed=seed, effort=EFFORT).owners
        assert slow_team.complaints(world, answer_of(team, owners)) == []
        assert keeps_limits(team, owners)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_the_rules_see_a_spoiled_answer_as_the_judge_does(seed: int) -> None:
    team, world = situation(seed)
    random = Random(seed)
    owners = tuple(random.randrange(len(team.areas)) for _ in team.owners)
    assert keeps_limits(team, owners) == (slow_team.complaints(world, answer_of(team, owners)) == [])


@pytest.mark.parametrize(
    ("owners", "limit", "keep", "shortage", "needed", "allowed"),
    [
        ([1, 1, 2, 2, 2], 2, 0, Shortage.TOO_MANY, 5, 4),
        ([1, 1, 1, 2], 2, 100, Shortage.KEEP, 1, 0),
    ],
)
def test_what_is_impossible_is_named(
    owners: list[int | None], limit: int, keep: int, shortage: Shortage, needed: int, allowed: int
) -> None:
    clients = owned([shop(n, Random(n)) for n in range(1, len(owners) + 1)], owners)
    found = impossible(team_of(clients, 2, limit=limit, keep=keep))
    assert found is not None
    assert (found.shortage, found.needed, found.allowed) == (shortage, needed, allowed)


def test_appointments_that_fill_a_manager_are_named() -> None:
    clients = owned([shop(n, Random(n)) for n in range(1, 4)], [1, 1, 2])
    kept = tuple(Standing(n, date(2026, 3, 10 + n), ONSITE, made=False) for n in (1, 2))
    found = impossible(team_of(clients, 2, kept, limit=1))
    assert found is not None
    assert found.shortage is Shortage.TOO_MANY
    found = impossible(team_of(clients[:2], 2, kept, limit=1))
    assert found is not None
    assert (found.shortage, found.person and found.person.code) == (Shortage.FIXED, "CM1")


def two_towns(managers: int = 2) -> list[Client]:
    """Forty shops in two towns 30 km apart, dealt to two managers crosswise."""
    clients = []
    for client, town in zip(law.territory(40, 5), [0, 1] * 20, strict=True):
        far = 300_000 * town
        place = client.customer.place
        assert place is not None
        near = Place(30_500_000 + far + place.latitude_e6 % 9_000, 114_300_000 + place.longitude_e6 % 9_000)
        clients.append(replace(client, customer=replace(client.customer, place=near)))
    return owned(clients, [n % managers + 1 for n in range(20) for _ in range(2)])


@pytest.mark.parametrize("assigner", [PeriodicAssigner(), DistrictAssigner()], ids=lambda one: one.name)
def test_two_towns_become_two_areas(assigner: Assigner) -> None:
    team = team_of(two_towns(), 2)
    owners = assigner.assign(team, seed=1, effort=10_000).owners
    towns = {stop.customer: owner for stop, owner in zip(team.problem.stops, owners, strict=True)}
    by_town: dict[bool, set[int]] = {False: set(), True: set()}
    for client in two_towns():
        assert client.customer.place is not None
        by_town[client.customer.place.latitude_e6 > 30_700_000].add(towns[client.customer.id])
    assert sorted(map(len, by_town.values())) == [1, 1], by_town
    found = changes(team, owners, two_towns())
    assert len(found) == moved(team, owners) == 20
    assert {change.cause for change in found} == {Cause.ROAD}


def test_a_town_gives_customers_away_though_all_its_neighbours_are_one_managers() -> None:
    clients = []
    for at, client in enumerate(two_towns()):
        place = client.customer.place
        assert place is not None
        south = place.latitude_e6 < 30_700_000
        if not south and at >= 10:
            continue
        near = place if south else Place(place.latitude_e6 - 250_000, place.longitude_e6)
        clients.append(replace(client, customer=replace(client.customer, manager=1 + (not south), place=near)))
    team = team_of(clients, 2, hand_over=0, rules=law.policy(30, 25))
    assert [team.owners.count(area) for area in (0, 1)] == [20, 5]
    owners = PeriodicAssigner().assign(team, seed=1, effort=10_000).owners
    assert min(owners.count(area) for area in (0, 1)) > 8


def test_a_dear_hand_over_leaves_everything_as_it_is() -> None:
    team = team_of(two_towns(), 2, hand_over=10**6)
    assert PeriodicAssigner().assign(team, seed=1, effort=5_000).owners == team.owners


def test_who_is_away_all_month_gets_nobody() -> None:
    clients = owned(law.territory(30, 2), [None] * 30)
    away = [day for day in MONTH.days if day.weekday() < 5]
    team = team_of(clients, 2, off={2: away}, rules=law.policy(30, 25))
    assert set(PeriodicAssigner().assign(team, seed=1, effort=5_000).owners) == {0}


def printed_assignment() -> str:
    clients = owned(law.territory(90, 4), [n % 3 + 1 for n in range(90)])
    team = team_of(clients, 3, rules=law.policy(12, 10))
    return repr([one.assign(team, seed=7, effort=4_000) for one in (PeriodicAssigner(), DistrictAssigner())])


def test_the_same_areas_in_two_processes_on_one_core_and_two() -> None:
    code = "import os, sys; os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: int(sys.argv[1])]));"
    code += "import test_team_plan as team; print(team.printed_assignment())"
    if not hasattr(os, "sched_setaffinity"):
        code = code.partition(";")[2].partition(";")[2]
    outputs = []
    for cores, hashing in (("1", "1"), ("2", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": hashing, "PYTHONPATH": str(Path(__file__).parent)}
        ran = subprocess.run(
            [sys.executable, "-c", code, cores], env=environment, capture_output=True, check=True, text=True
        )
        outputs.append(ran.stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 500


def test_how_uneven_days_are() -> None:
    assert variation_squared([]) == 0
    assert variation_squared([5, 5, 5]) == 0
    assert variation_squared([1, 3]) == Fraction(1, 4)
    assert str(spread_percent([1, 3])) == "50.0"
    assert str(spread_percent([0, 0])) == "0.0"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", "M01=周正")
    assert typist("init", *people).code == 0
    write_exports(typist.folder)
    assert typist("import", "customers.csv", "products.csv", "orders.csv").code == 0


def owners_of(typed: Typist) -> dict[str, str | None]:
    listed = typed("customer", "list", "--format", "json").data
    return {row["customer"]: row["manager"] for row in listed}


def test_a_proposal_writes_nothing_and_apply_is_one_step_back(typed: Typist) -> None:
    before = owners_of(typed)
    words = ("plan", "team", "--month", "2026-11", "--as", "M01", "--format", "json")
    first = ""
    for more in ((), ("--dry-run",), ("--apply", "--dry-run")):
        proposal = typed(*words, *more)
        assert proposal.code == 0, proposal
        assert proposal.schema == "crmkit.team-plan/1"
        assert not proposal.data["applied"]
        assert owners_of(typed) == before
        first = first or proposal.out
    wanted = {one["customer"]: one["to"] for one in proposal.data["changes"]}
    assert wanted
    assert typed(*words, lang="zh").out == first
    applied = typed(*words, "--apply")
    assert applied.data["applied"]
    assert owners_of(typed) == before | wanted
    assert typed("db", "undo", "--yes", actor="M01").code == 0
    assert owners_of(typed) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_names_who_and_why(typed: Typist, lang: str) -> None:
    page = typed("plan", "team", "--month", "2026-11", "--as", "M01", lang=lang).out
    reasons = ("路更近", "负担更均") if lang == "zh" else ("shorter road", "evener load")
    assert any(reason in page for reason in reasons)
    assert ("路程按假定计算" if lang == "zh" else "ways are assumed") in page
    assert "→" in page


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--managers", "001"), 6),
        (("--managers", "001,M01"), 6),
        (("--managers", "001,nobody"), 5),
        (("--managers", ""), 2),
        (("--managers", "，,"), 2),
        (("--keep", "101"), 2),
        (("--effort", "huge"), 2),
        (("--month", "2026-01"), 6),
    ],
)
def test_what_is_refused(typed: Typist, words: tuple[str, ...], code: int) -> None:
    before = owners_of(typed)
    assert typed("plan", "team", "--apply", "--as", "M01", *words).code == code
    assert owners_of(typed) == before


def test_with_all_kept_nobody_goes(typed: Typist) -> None:
    answer = typed("plan", "team", "--month", "2026-11", "--keep", "100", "--as", "M01", "--format", "json")
    assert answer.code == 0
    assert answer.data["changes"] == []
