"""What is unusual in a plan: thresholds included, nothing from nothing, copied texts by a measure counted twice."""

import unicodedata
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.customer import Frequency
from crmkit.model.judgement import Judgement
from crmkit.model.market import AnalysisKind
from crmkit.model.month import Month
from crmkit.model.policy import Policy
from crmkit.model.review import (
    HandFrequency,
    HandStanding,
    HandState,
    HandStrategy,
    PlanCounts,
    PlanFacts,
    PlanLoad,
    Reworked,
    Sign,
    TextKind,
    Unusual,
    Usual,
)
from crmkit.model.strategy import Standing
from crmkit.report.papers.review_words import more, said, short, usual_words
from crmkit.report.words import Language, use_language
from crmkit.rules.likeness import likeness
from crmkit.rules.returned import net_changes
from crmkit.rules.unusual import FIGURES, figure, unusual, usual
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy()
MONTH = Month.parse("2026-11")
TEXT = "东片断货较多，重点补齐畅销规格，每周走访两次"


def facts(**more: object) -> PlanFacts:
    return PlanFacts("001", MONTH, **more)  # type: ignore[arg-type]


def counts(**more: int) -> PlanCounts:
    """A plan of 100 customers, 10 of them key, nothing else."""
    return PlanCounts(frequencies={Frequency.WEEKLY: 30, Frequency.MONTHLY: 70}, **{"key": 10, **more})


def signs(found: tuple[Unusual, ...]) -> list[Sign]:
    return [one.sign for one in found]


def test_no_plan_is_nothing() -> None:
    assert unusual(facts(), POLICY) == ()
    assert unusual(facts(counts=counts()), POLICY) == ()


SHARES = {
    Sign.FREQUENCIES: ("frequencies_percent", {"by_hand": 1}, 100),
    Sign.PHONE: ("phone_percent", {"phone": 1}, 100),
    Sign.KEY_CHANGES: ("key_changes_percent", {"key_added": 1}, 10),
    Sign.CARRIED: ("carried_percent", {"carried": 1}, 0),
    Sign.ALIKE: ("alike_percent", {"alike": 1}, 0),
    Sign.STRATEGIES: ("strategies_percent", {"dropped": 1}, 0),
}
WHOLES = {Sign.CARRIED: "scores", Sign.ALIKE: "scored", Sign.STRATEGIES: "strategies"}


def with_threshold(name: str, value: Fraction | Decimal | int) -> Policy:
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(value)
    return replace(POLICY, review=replace(POLICY.review, **{name: exact}))


@pytest.mark.parametrize("sign", SHARES)
@given(part=st.integers(0, 40), percent=st.integers(0, 100))
def test_a_share_is_named_from_its_threshold_on_and_never_of_nothing(sign: Sign, part: int, percent: int) -> None:
    name, cell, whole = SHARES[sign]
    cells = dict.fromkeys(cell, part)
    if sign in WHOLES:
        whole = 40
        cells[WHOLES[sign]] = whole
    found = unusual(facts(counts=counts(**cells)), with_threshold(name, percent))
    assert (sign in signs(found)) == (part > 0 and part * 100 >= percent * whole)
    for one in found:
        if one.sign is sign:
            assert (one.value, one.count) == (Fraction(100 * part, whole), part)


@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 120))
def test_the_load_is_named_from_its_threshold_on(asked: int, room: int, percent: int) -> None:
    load = PlanLoad(Decimal(asked) / 100, Decimal(room) / 100, visits=5)
    found = unusual(facts(counts=counts(), load=load), with_threshold("load_percent", percent))
    assert (Sign.LOAD in signs(found)) == (asked * 100 >= percent * room)


@given(st.integers(0, 30), st.lists(st.integers(0, 30), min_size=1, max_size=5))
def test_the_key_share_is_held_against_the_mean_of_his_own_months(now: int, before: list[int]) -> None:
    found = unusual(facts(counts=counts(key=now), shares=tuple(map(Fraction, before))), POLICY)
    used = before[:3]
    off = abs(Fraction(now) - Fraction(sum(used), len(used)))
    assert (Sign.KEY_SHARE in signs(found)) == (off >= 3)
    assert (Sign.KEY_OVER in signs(found)) == (now > 15), "the share of the policy itself is allowed"


def test_visits_without_room_and_an_accepted_shortage_stand_first() -> None:
    load = PlanLoad(Decimal(21), Decimal(20), 500, repairs=4, unfit=2, fits=False, shortage="两个节日")
    found = unusual(facts(counts=counts(left_out=3, by_hand=90), load=load, late=True), POLICY)
    assert signs(found) == [Sign.UNFIT, Sign.SHORTAGE, Sign.LOAD, Sign.FREQUENCIES, Sign.LEFT_OUT, Sign.LATE]
    assert (found[0].value, found[1].text) == (6, "两个节日")


def test_what_was_sent_back_and_not_touched_is_named() -> None:
    back = Reworked("2026-11-02T09:00:00+08:00", "M01", "排得太满", {})
    assert signs(unusual(facts(since=back), POLICY)) == [Sign.UNCHANGED]
    assert unusual(facts(since=replace(back, changes={"strategy": 1})), POLICY) == ()


@given(st.permutations([("002", TEXT), ("003", "完全不同的一段话，讲的是别的事情"), ("004", TEXT + "！")]))
def test_the_order_of_managers_and_texts_changes_nothing(listed: list[tuple[str, str]]) -> None:
    others = {code: {TextKind.PLAN_FOCUS: text} for code, text in listed}
    own = {TextKind.PLAN_FOCUS: TEXT, TextKind.BRAND_PROBLEMS: TEXT}
    turned = dict(reversed(own.items()))
    one = unusual(facts(texts=own, texts_before=own, others=others), POLICY)
    other = unusual(facts(texts=turned, texts_before=own, others=dict(reversed(others.items()))), POLICY)
    assert one == other
    assert [(s.sign, s.subject, s.other) for s in one] == [
        (Sign.COPIED, "brand_problems", ""),
        (Sign.COPIED, "plan_focus", ""),
        (Sign.SHARED, "plan_focus", "002 004"),
    ]


def test_his_own_text_is_nobody_elses() -> None:
    own = {TextKind.PLAN_FOCUS: TEXT}
    assert unusual(facts(texts=own, others={"001": own}), POLICY) == ()


@pytest.mark.parametrize(
    ("text", "before", "copied"),
    [
        (TEXT, TEXT, True),
        ("11月目标48,000条，先补东片断货的店", "10月目标 52000 条，先补东片断货的店。", True),  # other figures only
        (TEXT, TEXT.replace("两", "三"), True),  # one word changed
        (TEXT, "本月先抓价签，再看陈列，月底前走完西片", False),
        ("继续努力", "继续努力", False),  # so short that it is chance
        ("Visit the north first, then count stock", "VISIT THE NORTH FIRST; then count stock.", True),
        (TEXT, TEXT + TEXT, False),  # twice as long is no copy: 2 × n of 3 × n pairs
    ],
)
def test_what_counts_as_copied(text: str, before: str, copied: bool) -> None:
    kind = TextKind.MARKET_PROBLEMS
    found = unusual(facts(texts={kind: text}, texts_before={kind: before}), POLICY)
    assert (Sign.COPIED in signs(found)) == copied


@given(st.integers(1, 60), st.integers(0, 60))
def test_the_threshold_of_likeness_is_included(kept: int, new: int) -> None:
    """The same beginning and another end of so many characters: the likeness is known beforehand."""
    text = "".join(chr(0x4E00 + n) for n in range(kept + new))
    other = text[:kept] + "".join(chr(0x5E00 + n) for n in range(new))
    expected = Fraction(100 * (kept - 1), kept + new - 1) if kept + new > 1 else Fraction(0)
    assert likeness(text, other) == expected
    kind = TextKind.PLAN_PROBLEMS
    found = unusual(facts(texts={kind: text}, texts_before={kind: other}), POLICY)
    assert (Sign.COPIED in signs(found)) == (kept + new >= 8 and expected >= 80)


def slowly_alike(first: str, second: str) -> Fraction:
    """The same measure, from its words alone: cross out equal pairs one by one."""
    pairs = []
    for text in (first, second):
        kept: list[str] = []
        rest = unicodedata.normalize("NFKC", text).casefold()
        at = 0
        while at < len(rest):
            if rest[at].isdecimal():
                while at < len(rest) and (
                    rest[at].isdecimal()
                    or (rest[at] in ".,:" and at + 1 < len(rest) and rest[at + 1].isdecimal())
                ):
                    at += 1
                kept.append("0")
                continue
            if rest[at].isalnum():
                kept.append(rest[at])
            at += 1
        pairs.append([kept[n] + kept[n + 1] for n in range(len(kept) - 1)])
    one, other = pairs
    total, common = len(one) + len(other), 0
    for pair in one:
        if pair in other:
            other.remove(pair)
            common += 1
    return Fraction(200 * common, total) if total else Fraction(0)


WORDS = st.text(alphabet="东片断货补价12３.,， A aé。", max_size=30)


@given(WORDS, WORDS)
def test_the_measure_counted_slowly_is_the_same(first: str, second: str) -> None:
    assert likeness(first, second) == slowly_alike(first, second) == likeness(second, first)
    assert likeness(first, first) in (100, 0)


def test_a_reason_of_last_month_is_named_even_when_short() -> None:
    now = tuple(
        HandFrequency(code, code, Frequency.WEEKLY, note) for code, note in (("1001", "客户要求"), ("1002", "新店"))
    )
    state = HandState("volume", Judgement.ABNORMAL, Judgement.NORMAL, "节后补货")
    found = unusual(facts(hand=(*now, state), hand_before=(now[0], replace(now[1], note="搬迁"))), POLICY)
    assert [(one.sign, one.count, one.value, one.text) for one in found] == [
        (Sign.NOTES, 1, Fraction(100, 3), "客户要求")
    ]
    other = replace(now[0], customer="1009")
    assert unusual(facts(hand=now, hand_before=(other,)), POLICY) == (), "another customer's reason is no copy"


def test_the_usual_is_last_month_and_the_middle_of_the_others() -> None:
    team = {code: counts(by_hand=n) for code, n in (("001", 50), ("002", 1), ("003", 2), ("004", 9))}
    found = usual(Sign.FREQUENCIES, counts(by_hand=4), team, "001")
    assert (found.before, found.team) == (4, 2)
    assert usual(Sign.FREQUENCIES, None, {"001": counts()}, "001").team is None
    assert all(figure(sign, PlanCounts()) is None for sign in FIGURES if sign is not Sign.KEY_CHANGES)


def test_a_list_made_anew_with_the_same_content_has_not_changed() -> None:
    rows = [{"customer": n, "standing": "proposed", "note": None, "rank": n, "id": n} for n in range(1, 6)]
    again = [{**row, "id": row["id"] + 9, "rank": 7} for row in rows]  # type: ignore[operator]
    moved = [("key_candidate", row, None) for row in rows] + [("key_candidate", None, row) for row in again]
    Random(1).shuffle(moved)
    assert net_changes(moved) == {}
    again[2]["standing"] = "removed"
    gone = moved[:-1]
    assert net_changes([*moved, ("key_candidate", None, {**rows[0], "customer": 77})]) == {"key_candidate": 2}
    assert sum(net_changes(gone).values()) == 1


WHOLE = facts(
    counts=counts(key_added=1, by_hand=2, scores=12, carried=3, scored=2, alike=2, strategies=9, dropped=1, states=4),
    load=PlanLoad(Decimal(21), Decimal(20), 500, repairs=4, unfit=2, fits=False, shortage="两个节日"),
    shares=(Fraction(4),),
    hand=(
        HandState("on_shelf:P1", Judgement.ABNORMAL, Judgement.NORMAL, "节后补货"),
        HandStanding("1001", "甲", Standing.ADDED, "新开学校"),
        HandFrequency("1002", "乙", Frequency.WEEKLY, "新店"),
        HandStrategy("1003", "丙", "keep", added=False, note=""),
    ),
    not_analysed=tuple(AnalysisKind),
)


@pytest.mark.parametrize("sign", Sign)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_sign_has_its_words_and_its_command(sign: Sign, lang: Language) -> None:
    use_language(lang)
    one = Unusual(sign, Fraction(25, 2), Fraction(10), 3, subject="market_focus", other="002 003 004 005", text=TEXT)
    sentence, name = said(one, WHOLE, POLICY), short(one)
    assert "{" not in sentence + name
    assert sentence.endswith((".", "。", "”", "）"))
    assert (lang == "zh") == any("一" <= letter <= "鿿" for letter in sentence.replace(TEXT, ""))
    assert usual_words(one, Usual(Fraction(5), None))
    command = more(one, WHOLE)
    assert command.startswith("crmkit ")
    assert "--month 2026-11" in command


def test_the_commands_name_the_first_that_was_decided_by_hand() -> None:
    commands = {sign: more(Unusual(sign, Fraction(1)), WHOLE).split(" --month")[0] for sign in Sign}
    assert commands[Sign.STATES] == "crmkit explain rate P1 on_shelf"
    assert commands[Sign.KEY_CHANGES] == "crmkit explain key 1001"
    assert commands[Sign.FREQUENCIES] == "crmkit explain frequency 1002"
    assert commands[Sign.STRATEGIES] == "crmkit explain strategies 1003"
