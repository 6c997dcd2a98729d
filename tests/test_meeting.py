"""The Saturday meeting: every visit of the week counted once, on one page, for one manager or the team."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from month_examples import BOSS, MONTH, Typist, dated_month, kept
from pypdf import PdfReader
from sheet_examples import MANAGER, stop
from test_month import shape
from week_examples import WEEK, example_week

from crmkit.model.customer import VisitMethod
from crmkit.model.meeting import Heard, ManagerReport, Meeting, MissedVisit, OpenMatters, VisitCounts
from crmkit.model.person import Person, Role
from crmkit.model.visit import MissReason, PlannedState, PlannedVisit, Visit
from crmkit.report.formats import Format, encoded, render
from crmkit.report.papers.meeting import meeting
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.rules.meeting import count_visits, together

Golden = Callable[[str, str], None]
TODAY = date(2026, 11, 7)

plans = st.builds(
    lambda state, back: PlannedVisit(1, 1, TODAY - timedelta(days=back), VisitMethod.ONSITE, 1, state),
    st.sampled_from(PlannedState),
    st.integers(-3, 3),
)
facts = st.builds(
    lambda visited, ad_hoc, stands: Visit(1, 1, TODAY, visited, VisitMethod.ONSITE, ad_hoc=ad_hoc, planned=stands),
    st.booleans(), st.booleans(), st.sampled_from([None, 7]),
)  # fmt: skip


@given(st.lists(plans, max_size=30), st.lists(facts, max_size=30))
def test_every_planned_visit_is_counted_once(planned: list[PlannedVisit], made: list[Visit]) -> None:
    counts = count_visits(planned, made, TODAY)
    parts = counts.made + counts.early + counts.missed + counts.untyped + counts.coming
    assert counts.planned == parts
    assert counts.planned == sum(plan.state is not PlannedState.CANCELLED for plan in planned)
    assert counts.extra <= sum(fact.visited for fact in made)
    split = [count_visits(planned[:5], made[:5], TODAY), count_visits(planned[5:], made[5:], TODAY)]
    assert together(split) == counts
    assert together([]) == VisitCounts()


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """November dated, and its first week lived through."""
    return kept(_prepared, tmp_path, monkeypatch, capsys)


def _prepared(typist: Typist) -> None:
    dated_month(typist)
    typist.now = "2026-11-07T09:00"
    week = typist.json("plan", "week", "--week", "2026-W45")
    visits = [(day["date"], one["customer"]) for day in week["days"] for one in day["visits"]]
    (day, made), (other, shut) = visits[:2]
    told = ("--anomaly", "低价抛货", "--opinion", "增加投放")
    assert typist("visit", "log", made, "--date", day, *told).code == 0
    assert typist("visit", "miss", shut, "--date", other, "--why", "关门", "--note", "转让").code == 0


def test_the_meeting_tells_the_week_and_the_next(typed: Typist) -> None:
    assert typed("plan", "week", "--week", "next", "--market", "价格", "--brand", "上柜").code == 0
    (report,) = typed.json("plan", "meeting")["reports"]
    week = typed.json("plan", "week", "--week", "2026-W45")
    total = report["total"]
    assert total["planned"] == week["totals"]["visits"] + sum(len(day["left_out"]) for day in week["days"])
    assert (total["made"], total["missed"], total["coming"]) == (1, 1, 0)
    assert total["untyped"] == total["planned"] - 2
    assert [one["reason"] for one in report["missed"]] == ["closed"]
    assert (report["anomalies"][0]["text"], report["opinions"][0]["text"]) == ("低价抛货", "增加投放")
    assert (report["focus"]["market"], report["focus"]["brand"]) == ("价格", "上柜")
    assert (report["open"]["owed"], report["open"]["waiting_days"]) == (1, [])
    assert "week" in report["open"]["late_steps"]
    later = typed.json("plan", "meeting", "--week", "2026-W48")["reports"][0]
    assert later["open"]["waiting_days"] == ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"]
    said = typed("plan", "meeting", lang="zh").out
    assert "关门 1" in said
    assert "欠访：1次" in said.replace(" ", "")


def test_the_market_manager_hears_the_whole_team_and_others_themselves(typed: Typist) -> None:
    for actor, words, who in ((BOSS, (), ["001", "002"]), (BOSS, ("--manager", "002"), ["002"]), ("002", (), ["002"])):
        assert [one["manager"] for one in typed.json("plan", "meeting", *words, actor=actor)["reports"]] == who
    assert "没有安排也没有拜访" in typed("plan", "meeting", actor=BOSS, lang="zh").out


SCHEMAS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("week-schedule/1", ("plan", "week", "--week", "2026-W45", "--route", "周三=东片", "--dry-run")),
    ("meeting/1", ("plan", "meeting")),
    ("verification/1", ("plan", "verify", "--month", MONTH)),
)


def test_json_is_the_same_in_both_languages_and_keeps_its_shape(typed: Typist, golden: Golden) -> None:
    shapes = {}
    for schema, words in SCHEMAS:
        english, chinese = (typed(*words, "--format", "json", lang=lang) for lang in LANGUAGES)
        assert english.out == chinese.out
        assert english.schema == f"crmkit.{schema}"
        shapes[schema] = shape(english.data)
    golden("week_schemas.json", json.dumps(shapes, indent=1, sort_keys=True) + "\n")


# as it looks


def example(managers: int = 1) -> Meeting:
    shops = [stop(n, "K7G").customer for n in range(4)]
    days = tuple((day, VisitCounts(24, 20, 1, 2, 1, 0, 1)) for day in WEEK.days[:5])
    report = ManagerReport(
        MANAGER,
        days,
        together(counts for _day, counts in days),
        tuple(MissedVisit(shop, WEEK.days[n], list(MissReason)[n % 2], "门口贴转让") for n, shop in enumerate(shops)),
        tuple(Heard(shops[n % 4], WEEK.days[n % 5], "隔壁低价抛货") for n in range(12)),
        (Heard(shops[0], WEEK.days[0], "希望增加新品"),),
        example_week(),
        OpenMatters(("market", "week"), 3, (WEEK.days[1],)),
    )
    others = (Person(n, f"00{n}", f"经理{n}", Role.CUSTOMER_MANAGER) for n in range(2, managers + 1))
    team = [replace(report, manager=person) for person in others]
    return Meeting(WEEK, WEEK.days[5], (report, *team))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_page_looks_as_it_was_approved(spoken: Language, golden: Golden) -> None:
    use_language(spoken)
    golden(f"meeting.{spoken}.txt", encoded(render(meeting(example()), Format.TABLE)).decode())
    golden(f"meeting.{spoken}.html", encoded(render(meeting(example(2)), Format.HTML)).decode())


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_it_is_one_page_of_paper_for_one_and_for_three(spoken: Language) -> None:
    use_language(spoken)
    for managers in (1, 3):
        pdf = encoded(render(meeting(example(managers)), Format.PDF))
        assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
