"""The paper's round trip as a law: printed, written on, typed in, printed again; nothing lost, what is done is gone."""

import sqlite3
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import act_at
from evening_examples import DAY, planned_month
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from month_examples import Typist

from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.sheet import Sheet, Stop
from crmkit.model.visit import MissReason
from crmkit.store import people
from crmkit.store.connection import Store
from crmkit.store.opening import open_migrated
from crmkit.workflow.compare_policies import policy_named
from crmkit.workflow.enter_day import enter_day
from crmkit.workflow.print_sheet import print_sheet
from crmkit.workflow.verify_in_shop import asked

TODAY = date.fromisoformat(DAY)
POLICY = policy_named("standard")
# what a person writes: no sign of the lines' own language in it, nor a word of theirs in front
WORDS = st.lists(st.sampled_from("货架整齐缺货新品价签海报客流好差再约补摆"), min_size=2, max_size=12).map("".join)


@dataclass
class Written:
    """What stands on the paper of one shop afterwards."""

    missed: MissReason | None = None
    stars: set[int] = field(default_factory=set)
    finished: set[int] = field(default_factory=set)
    items: list[str] = field(default_factory=list)
    promises: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    checked: dict[int, str] = field(default_factory=dict)  # number of a field to verify → its new value, or blank

    def line(self, code: str) -> str:
        if self.missed:
            return f"{code} ✗{self.missed.value} {self.texts.get('效', '')}" + self._checked() + self._promised()
        stars = [f"★{','.join(map(str, sorted(self.stars)))}"] if self.stars else []
        done = [f"●{one}" for one in (*sorted(self.finished), *self.items)]
        texts = [f"{label}:{text}" for label, text in self.texts.items()]
        return " ".join([code, *stars, *done, *texts]) + self._checked() + self._promised()

    def _checked(self) -> str:
        told = [f"核{number}={value}" if value else f"核{number}" for number, value in self.checked.items()]
        return "".join(f"；{one}；" for one in told)

    def _promised(self) -> str:
        return "".join(f" 诺:{text}" for text in self.promises)


NEW = {
    "contact": "王五", "phone": "13900001111", "address": "人民路9号,2栋", "hours": "08:00-12:00,14:00-21:30",
    "business_type": "mall",
}  # fmt: skip


def checked_on(draw: st.DataObject, stop: Stop) -> dict[int, str]:
    numbers = draw.draw(st.sets(st.sampled_from(range(1, len(stop.verify) + 1)))) if stop.verify else set()
    return {number: draw.draw(st.sampled_from(["", NEW[stop.verify[number - 1]]])) for number in numbers}


def written_on(draw: st.DataObject, stop: Stop) -> Written:
    missed = draw.draw(st.one_of(st.none(), st.none(), st.sampled_from(MissReason)))
    promises = draw.draw(st.lists(WORDS, max_size=2, unique=True))
    if missed:
        return Written(missed, promises=promises, texts={"效": draw.draw(WORDS)}, checked=checked_on(draw, stop))
    numbers, open_items = [task.number for task in stop.tasks], [item.id for item in stop.promises]
    return Written(
        stars=draw.draw(st.sets(st.sampled_from(numbers))) if numbers else set(),
        finished=draw.draw(st.sets(st.sampled_from(open_items))) if open_items else set(),
        items=[one for one in draw.draw(st.lists(WORDS, max_size=2, unique=True)) if one not in promises],
        promises=promises,
        texts=draw.draw(st.dictionaries(st.sampled_from("异意效"), WORDS)),
        checked=checked_on(draw, stop),
    )


@pytest.fixture
def month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A planned month in which two shops of the day were promised something the evening before."""
    typist = planned_month(tmp_path, monkeypatch, capsys)
    shops = [stop["customer"]["code"] for stop in typist.json("visit", "sheet", "--date", DAY)["stops"][:2]]
    typist.now = "2026-11-02T19:00"
    for shop in shops:
        assert typist("annotate", "add", shop, "带宣传册", "--date", "2026-11-02", "--open").code == 0
    return typist


def opened(path: Path, act: Act) -> Store:
    return open_migrated(path, act.now, 1000).store


def stops_of(sheet: Sheet) -> tuple[Stop, ...]:
    return (*sheet.stops, *sheet.calls)


@given(draw=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_written_is_lost_and_what_is_done_is_gone(month: Typist, draw: st.DataObject) -> None:
    source = sqlite3.connect(month.folder / "crmkit.db")
    copy = month.folder / "copy.db"
    copy.unlink(missing_ok=True)
    with sqlite3.connect(copy) as target:
        source.backup(target)
    act = act_at(DAY)
    store = opened(copy, act)
    try:
        (manager,) = people.named(store, "001")
        round_trip(store, act, manager, draw)
    finally:
        store.close()


def round_trip(store: Store, act: Act, manager: Person, draw: st.DataObject) -> None:
    first = print_sheet(store, act, POLICY, manager, TODAY, "pdf")
    marks = {stop.short_code: written_on(draw, stop) for stop in stops_of(first) if draw.draw(st.booleans())}
    lines = "\n".join([f"#{first.code}", *(written.line(code) for code, written in marks.items())])
    kept = enter_day(store, act, POLICY, manager, TODAY, lines)
    assert kept.slips == (), lines
    assert all(shop.unchanged for shop in enter_day(store, act, POLICY, manager, TODAY, lines).shops)
    again = print_sheet(store, act, POLICY, manager, TODAY, "pdf")

    assert [stop.short_code for stop in stops_of(again)] == [stop.short_code for stop in stops_of(first)]
    for before, after in zip(stops_of(first), stops_of(again), strict=True):
        written = marks.get(before.short_code, Written())
        assert [task.number for task in after.tasks] == [
            task.number for task in before.tasks if task.number not in written.stars
        ]
        left = [item.text for item in before.promises if item.id not in written.finished]
        assert [item.text for item in after.promises] == left + written.promises
        assert after.verify == before.verify  # the numbers of this paper; of later ones the next fields
        seen = {before.verify[number - 1]: value for number, value in written.checked.items()}
        later = asked(store, POLICY, [after.customer], TODAY + timedelta(days=7))[after.customer.id]
        assert not seen.keys() & set(later)
        for name in before.verify:
            assert getattr(after.customer, name) == (seen.get(name) or getattr(before.customer, name))
        assert stored(store, before.customer.id) == as_stored(written, before.short_code in marks)
        assert items_done(store, before.customer.id) == sorted(
            [*written.items, *(item.text for item in before.promises if item.id in written.finished)]
        )


def stored(store: Store, customer: int) -> tuple[object, ...] | None:
    sql = "SELECT visited, miss_reason, anomaly, opinion, effect FROM visit WHERE customer=? AND day=?"
    return store.one(sql, (customer, DAY))


def as_stored(written: Written, typed: bool) -> tuple[object, ...] | None:
    texts = [written.texts.get(label) for label in "异意效"]
    return (int(written.missed is None), written.missed and written.missed.value, *texts) if typed else None


def items_done(store: Store, customer: int) -> list[str]:
    sql = "SELECT text FROM ad_hoc_item WHERE customer=? AND done_on=?"
    return sorted(text for (text,) in store.rows(sql, (customer, DAY)))
