"""Direct demand: the cut-off, whose month a questionnaire is for, edits that un-confirm, who is missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.customer import Customer
from crmkit.model.demand import Channel, DemandLine, Lacking, Questionnaire, Wish
from crmkit.model.month import Month
from crmkit.rules.demand import (
    assigned,
    cut_off,
    demands,
    edited,
    emptied,
    is_late,
    kind_words,
    missing,
    month_of,
    told_by,
    wishes_in,
)
from crmkit.sources.policy import shipped_policy

CHANNELS = st.sampled_from(list(Channel))
days = st.dates(date(1992, 1, 1), date(2099, 12, 31))
months = st.builds(Month, st.integers(1992, 2098), st.integers(1, 12))


def second(month: Month) -> date:
    """A deadline on the second of each month."""
    return date(month.year, month.number, 2)


@pytest.mark.parametrize(
    ("came", "month"),
    [
        ("2026-10-25", "2026-11"),
        ("2026-10-26", "2026-12"),
        ("2026-10-31", "2026-12"),
        ("2026-11-01", "2026-12"),
        ("2026-11-25", "2026-12"),
        ("2026-12-25", "2027-01"),  # January: the 25th of December
        ("2026-12-26", "2027-02"),
        ("2026-12-31", "2027-02"),
    ],
)
def test_what_comes_online_counts_up_to_the_25th_of_the_month_before(came: str, month: str) -> None:
    assert str(month_of(date.fromisoformat(came), Channel.ONLINE, 25, second)) == month


@pytest.mark.parametrize(
    ("came", "month"), [("2026-11-02", "2026-11"), ("2026-11-03", "2026-12"), ("2026-12-31", "2027-01")]
)
def test_what_is_taken_by_hand_counts_up_to_the_deadline(came: str, month: str) -> None:
    assert str(month_of(date.fromisoformat(came), Channel.VISIT, 25, second)) == month


@given(days, st.integers(1, 31))
def test_every_day_belongs_to_one_month_and_a_day_later_never_to_an_earlier_one(day: date, cut: int) -> None:
    """Over every month and year border; the month found is the first whose cut-off has not passed."""
    found = month_of(day, Channel.ONLINE, cut, second)
    following = month_of(day + timedelta(days=1), Channel.ONLINE, cut, second)
    assert day <= cut_off(found, cut)
    assert cut_off(found.previous, cut) < day
    assert found <= following <= found.next
    assert Month.of(cut_off(found, cut)) == found.previous


@given(days, CHANNELS, st.none() | months)
def test_only_online_entries_move_and_only_to_a_later_month(day: date, channel: Channel, wanted: Month | None) -> None:
    found = assigned(day, channel, wanted, 25, second)
    assert found == month_of(day, channel, 25, second) or (wanted == found)
    if wanted is not None:
        assert found >= wanted
        assert (found > wanted) == is_late(day, channel, wanted, 25)
        if channel is not Channel.ONLINE:
            assert found == wanted


NOVEMBER = Month(2026, 11)
START = Questionnaire(7, NOVEMBER, date(2026, 10, 20), Channel.ONLINE)
DONE = replace(
    START,
    lines=(DemandLine(1, 5000), DemandLine(2, 1000)),
    wishes=(Wish("training", "陈列"),),
    confirmed=True,
    confirmed_by="001",
    confirmed_at="2026-10-28T09:00:00+08:00",
    id=3,
)


def test_any_change_takes_the_confirmation_back_and_nothing_new_changes_nothing() -> None:
    assert edited(DONE, START, {1: 5000}, {}) is DONE
    assert edited(DONE, START, {}, {"training": None}) is DONE
    assert edited(DONE, START, {9: 0}, {}) is DONE
    changed = (
        edited(DONE, START, {1: 6000}, {}),
        edited(DONE, START, {2: 0}, {}),
        edited(DONE, START, {3: 1}, {}),
        edited(DONE, START, {}, {"training": "网订"}),
        edited(DONE, START, {}, {"delivery": None}),
    )
    for one in changed:
        assert (one.confirmed, one.confirmed_by, one.confirmed_at, one.id) == (False, None, None, 3)
    assert [len(one.lines) for one in changed] == [2, 1, 3, 2, 2]


@given(
    st.dictionaries(st.integers(1, 5), st.integers(0, 9)), st.dictionaries(st.sampled_from("abc"), st.none())
)
def test_an_edit_twice_is_an_edit_once(lines: dict[int, int], wishes: dict[str, None]) -> None:
    once = edited(DONE, START, lines, wishes)
    assert edited(once, START, lines, wishes) is once
    held = {line.product: line.volume for line in once.lines}
    assert all(held.get(product, 0) == volume for product, volume in lines.items())
    assert (once is DONE) == once.confirmed


def test_a_first_questionnaire_may_want_nothing() -> None:
    assert edited(None, START, {4: 0}, {}) == START


def test_who_is_missing_and_why() -> None:
    shops = [Customer(n, f"C{n}", "shop", online=online) for n, online in ((3, None), (2, True), (1, False), (4, True))]
    on_time = missing(shops, {4}, NOVEMBER, date(2026, 10, 25), 25)
    assert [(one.customer.id, one.why) for one in on_time] == [
        (1, Lacking.BY_HAND),
        (2, Lacking.AWAITED),
        (3, Lacking.BY_HAND),
    ]
    after = missing(shops, {4}, NOVEMBER, date(2026, 10, 26), 25)
    assert [one.why for one in after] == [Lacking.BY_HAND, Lacking.OVERDUE, Lacking.BY_HAND]


def test_lines_of_a_customer_are_one_demand_and_each_kind_of_wish_one() -> None:
    found = demands([DONE, replace(START, customer=8), replace(START, customer=9, wishes=(Wish("supply"),))])
    assert [(one.customer, one.kind, one.confirmed) for one in found] == [
        (7, "supply", True),
        (7, "training", True),
        (9, "supply", False),
    ]


WORDS = kind_words(shipped_policy().strategy.catalogue)


@pytest.mark.parametrize(
    ("cell", "wishes"),
    [
        ("送货、培训需求", {"delivery": None, "training": None}),
        ("Delivery wish; online_help", {"delivery": None, "online_help": None}),
        ("投诉：价签不全", {"complaint": "价签不全"}),
        ("早点来；培训", {"training": None, "other": "早点来"}),
        ("", {}),
        (None, {}),
    ],
)
def test_wishes_are_read_by_the_catalogues_words_and_nothing_said_is_lost(
    cell: str | None, wishes: dict[str, str | None]
) -> None:
    assert wishes_in(cell, WORDS) == wishes


def test_a_note_goes_to_the_wishes_without_one_and_alone_is_one() -> None:
    assert wishes_in("送货、投诉:太慢", WORDS, "上午") == {"delivery": "上午", "complaint": "太慢"}
    assert wishes_in(None, WORDS, "上午来") == {"other": "上午来"}


@given(st.text(max_size=60))
def test_any_words_of_a_shop_are_kept(text: str) -> None:
    found = wishes_in(text, WORDS)
    assert bool(found) == bool(text.replace("、", "").replace(";", "").replace("；", "").strip())


def test_what_is_not_said_again_stays_and_nothing_wanted_clears() -> None:
    assert told_by(DONE, None) is DONE.channel
    assert told_by(DONE, Channel.VISIT) is Channel.VISIT
    assert told_by(None, None) is Channel.OTHER
    empty = emptied(DONE)
    assert (empty.lines, empty.wishes, empty.confirmed, empty.id) == ((), (), False, 3)
    assert emptied(empty) is empty
