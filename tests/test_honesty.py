"""The writer's own check: each sign at its threshold, only for his own eyes, and a slow count of shortest ways."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, permutations
from pathlib import Path

import pytest
import wcwidth
from evening_examples import DAY, planned_month
from hypothesis import given
from hypothesis import strategies as some
from month_examples import BOSS, MONTH, OTHER, Typist

from crmkit.model.customer import Customer, Place, VisitMethod
from crmkit.model.errors import Exit
from crmkit.model.honesty import Doubt, Doubtful
from crmkit.model.summary import SummaryPart
from crmkit.model.visit import MissReason, Visit
from crmkit.report.papers.honesty import detail_words
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.rules.honesty import Typed, doubts_of_summary, doubts_of_visits
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
TUESDAY = date(2026, 11, 3)
NOON = datetime(2026, 11, 3, 20, 0, tzinfo=UTC)
KM_NORTH = 9_000  # millionths of a degree: a kilometre


def shop(number: int, km: int = 0) -> Customer:
    place = Place(30_000_000 + km * KM_NORTH, 110_000_000)
    return Customer(id=number, code=f"10{number:02d}", name="店", manager=1, place=place)


def visit(number: int, text: str | None = None, *, km: int = 0, at: datetime | None = None, **more: object) -> Typed:
    fact = Visit(number, 1, TUESDAY, visited=True, method=VisitMethod.ONSITE, effect=text)
    return Typed(shop(number, km), replace(fact, **more), at)  # type: ignore[arg-type]


def doubts(*visits: Typed, before: dict[int, Visit] | None = None) -> list[Doubtful]:
    return list(doubts_of_visits(visits, before or {}, POLICY.honesty, POLICY.capacity))


def test_one_sentence_for_five_customers_is_asked_about_for_four_it_is_not() -> None:
    many = [visit(n, "补了两条，陈列整理好了。") for n in range(1, 5)]
    assert doubts(*many) == []
    (found,) = doubts(*many, visit(5, " 补了两条 陈列整理好了"))
    assert (found.doubt, found.customers) == (Doubt.SAME_TEXT, ("1001", "1002", "1003", "1004", "1005"))


def test_short_words_are_alike_by_chance() -> None:
    assert doubts(*[visit(n, "正常") for n in range(1, 20)]) == []


def test_a_short_fact_is_told_by_its_numbers_a_long_text_is_not() -> None:
    """补货2条 against 补货3条 is what happened; a long text that comes back with other figures in it was copied."""
    short, long = "清点库存，补货{n}条", "清点库存，补货{n}条，陈列整理好了，店主很配合，下周再来看看"
    assert doubts(*[visit(n, short.format(n=n)) for n in range(1, 9)]) == []
    assert [one.doubt for one in doubts(*[visit(n, short.format(n=2)) for n in range(1, 9)])] == [Doubt.SAME_TEXT]
    assert [one.doubt for one in doubts(*[visit(n, long.format(n=n)) for n in range(1, 9)])] == [Doubt.SAME_TEXT]
    for text, doubted in ((short, []), (long, [Doubt.LAST_TIME])):
        before = {1: visit(1, text.format(n=2)).visit}
        assert [one.doubt for one in doubts(visit(1, text.format(n=3)), before=before)] == doubted
        assert [one.doubt for one in doubts(visit(1, text.format(n=2)), before=before)] == [Doubt.LAST_TIME]


@pytest.mark.parametrize(("other", "differ"), [(3, True), (2, False)])
def test_the_page_says_that_only_the_numbers_differ(other: int, differ: bool) -> None:
    use_language("en")
    long = "清点库存，补货{n}条，陈列整理好了，店主很配合，下周再来看看"
    many = doubts(*[visit(n, long.format(n=2 if n > 1 else other)) for n in range(1, 9)])
    again = doubts(visit(1, long.format(n=other)), before={1: visit(1, long.format(n=2)).visit})
    for (found,) in (many, again):
        assert ("the same but for the numbers" in detail_words(found)) is differ


def test_the_words_of_the_visit_before_are_noticed() -> None:
    before = visit(1, "店主说最近走得慢，周末再看").visit
    (found,) = doubts(visit(1, "店主说最近走得慢，周末再看！"), before={1: before})
    assert found.doubt is Doubt.LAST_TIME
    assert doubts(visit(1, "换了新柜台，下周补货看看"), before={1: before}) == []


def test_each_visit_is_held_against_the_one_before_it_never_against_itself() -> None:
    """Several visits of one shop in the days looked at: only words that come back at once count."""
    words = ("店主说最近走得慢，周末再看", "换了新柜台，下周补货看看", "店主说最近走得慢，周末再看")
    three = [visit(1, text, day=TUESDAY + timedelta(weeks=n)) for n, text in enumerate(words)]
    assert doubts(*three) == []
    (found,) = doubts(*three, visit(1, words[-1], day=TUESDAY + timedelta(weeks=3)))
    assert (found.doubt, found.customers) == (Doubt.LAST_TIME, ("1001",))


@pytest.mark.parametrize(("arrived", "noticed"), [("09:19", True), ("09:20", False)])
def test_ten_kilometres_take_ten_minutes(arrived: str, noticed: bool) -> None:
    """At 60 km/h straight; ten kilometres north are 10 007 metres on the sphere, ten whole minutes."""
    found = doubts(visit(1, arrived="09:00", left="09:10"), visit(2, km=10, arrived=arrived, left="09:40"))
    assert [one.doubt for one in found] == ([Doubt.TOO_CLOSE] if noticed else [])


def test_overlapping_visits_are_noticed_and_calls_are_not() -> None:
    first = visit(1, arrived="09:00", left="09:30")
    assert [one.doubt for one in doubts(first, visit(2, arrived="09:10", left="09:40"))] == [Doubt.TOO_CLOSE]
    assert doubts(first, visit(2, arrived="09:10", left="09:40", method=VisitMethod.PHONE)) == []


def test_more_visits_than_a_day_has_minutes() -> None:
    most = POLICY.capacity.day_minutes // POLICY.honesty.visit_minutes
    assert doubts(*[visit(n) for n in range(1, most + 1)]) == []
    assert [one.doubt for one in doubts(*[visit(n) for n in range(1, most + 2)])] == [Doubt.DAY_TOO_LONG]


@given(some.lists(some.integers(0, 600), min_size=2, max_size=6))
def test_the_ways_counted_are_those_of_the_shortest_tour_along_a_road(kms: list[int]) -> None:
    """On a line the shortest tour goes from end to end; tried by all orders. A kilometre here is 1000.8 metres."""
    tour = min(sum(abs(a - b) for a, b in pairwise(order)) for order in permutations(kms))
    room = POLICY.capacity.day_minutes - POLICY.honesty.visit_minutes * len(kms)
    found = doubts(*[visit(n, km=km) for n, km in enumerate(kms, start=1)])
    if tour * 1.001 <= room:
        assert found == []
    if tour >= room + 1:
        assert [one.doubt for one in found] == [Doubt.DAY_TOO_LONG]


@pytest.mark.parametrize(
    ("count", "seconds", "text", "noticed"),
    [(8, 60, None, True), (8, 61, None, False), (7, 0, None, False), (8, 0, "好", False)],
)
def test_a_whole_day_in_a_minute_without_a_word(count: int, seconds: int, text: str | None, noticed: bool) -> None:
    late = NOON + timedelta(seconds=seconds)
    day = [visit(n, text if n == 1 else None, at=NOON if n > 1 else late) for n in range(1, count + 1)]
    assert [one.doubt for one in doubts(*day)] == ([Doubt.AT_ONCE] if noticed else [])


def test_missed_visits_are_not_looked_at() -> None:
    gone = [visit(n, "关门关门关门", visited=False, miss_reason=MissReason.CLOSED) for n in range(1, 9)]
    assert doubts(*gone) == []


def test_a_summary_is_held_against_the_one_before_and_against_itself() -> None:
    words = "重点品牌上柜有进展，还有3户没有铺货"
    own = {SummaryPart.STATE: words, SummaryPart.EFFECT: "走访情况良好，客户满意"}
    found = doubts_of_summary(own, {SummaryPart.STATE: words.replace("3", "12")}, POLICY.honesty)
    assert [(one.doubt, one.facts["part"]) for one in found] == [(Doubt.LAST_TIME, "state")]
    found = doubts_of_summary({**own, SummaryPart.EFFECT: words}, {}, POLICY.honesty)
    assert [one.doubt for one in found] == [Doubt.PART_TWICE]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A day typed in with one sentence for all shops."""
    typist = planned_month(tmp_path, monkeypatch, capsys)
    found = typist.json("visit", "sheet", "--date", DAY)
    codes = [stop["short_code"] for stop in (*found["stops"], *found["calls"])]
    extra = [f"+10{n:02d} 陈列整理好了，补两条" for n in range(1, 23)]
    lines = [f"{code} 陈列整理好了，补两条" for code in codes]
    (tmp_path / "day.txt").write_text("\n".join([*lines, *extra]), encoding="utf-8")
    assert typist("visit", "enter", "day.txt", "--date", DAY).code == 0
    return typist


def test_a_month_is_not_held_against_its_own_first_visits(typed: Typist) -> None:
    typed.now = "2026-11-10T19:30"
    assert typed("visit", "log", "1001", "--effect", "换了新柜台，下周补货看看").code == 0
    found = typed.json("visit", "check", "--month", MONTH)["found"]
    assert [one["doubt"] for one in found] == ["same_text"]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_writer_sees_it_and_nobody_else_before_the_results_go_up(typed: Typist, spoken: Language) -> None:
    answer = typed("visit", "check", "--month", MONTH, lang=spoken)
    assert answer.code == 0
    assert max(wcwidth.wcswidth(line) for line in answer.out.splitlines()) <= 80
    found = typed.json("visit", "check", "--date", DAY)["found"]
    assert [one["doubt"] for one in found] == ["same_text"]
    for actor in (OTHER, BOSS):
        words = ("visit", "check", "--month", MONTH, "--manager", "001")
        assert typed(*words, actor=actor).code == Exit.FORBIDDEN
    assert typed("summarize", "check", "--week", "2026-W45", "--manager", "001", actor=BOSS).code == Exit.FORBIDDEN
    typed.now = "2026-11-30T19:00"
    assert typed("annotate", "submit", "--month", MONTH).code == 0
    assert typed("visit", "check", "--month", MONTH, "--manager", "001", actor=BOSS).code == 0


def test_checking_writes_nothing(typed: Typist) -> None:
    before = typed("db", "log").out
    assert typed("summarize", "check", "--month", MONTH).code == 0
    assert typed("db", "log").out == before
