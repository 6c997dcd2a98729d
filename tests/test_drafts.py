"""Sentences offered for a summary: what they say of a month that runs, of one that is over, and in both languages."""

from datetime import date
from fractions import Fraction

import pytest

from crmkit.model.market import Indicator
from crmkit.model.progress import Pace, ProgressLine
from crmkit.model.summary import Completion, Draft, DraftCode, Share, SummaryKind, SummaryPart, Work
from crmkit.model.visit import MissReason
from crmkit.report.papers.summary_drafts import draft_words
from crmkit.report.words import use_language
from crmkit.rules.summary import drafts

NOTHING = Share(0, 0)
NO_WORK = Work(Completion(NOTHING, NOTHING, NOTHING, 0, 0, 0), NOTHING, NOTHING)


def volume(reached: int) -> ProgressLine:
    return ProgressLine(Indicator.VOLUME, Fraction(1), None, None, reached=Fraction(reached))


@pytest.mark.parametrize(
    ("passed", "reached", "code"),
    [
        (10, 50, DraftCode.AHEAD),
        (10, 49, DraftCode.BEHIND),
        (20, 99, DraftCode.SHORT),
        (20, 100, DraftCode.REACHED),
    ],
)
def test_a_month_that_is_over_is_not_behind_but_short(passed: int, reached: int, code: DraftCode) -> None:
    pace = Pace(passed, 20, date(2026, 11, 30), whole=passed == 20)
    offered = drafts(SummaryKind.MONTH, NO_WORK, [volume(reached)], pace, (), None)
    assert [draft.code for draft in offered] == [code]


@pytest.mark.parametrize("code", DraftCode)
def test_every_sentence_is_said_in_both_languages_and_begins_like_one(code: DraftCode) -> None:
    facts: dict[str, str | int] = {
        "indicator": Indicator.VOLUME.value, "which": Indicator.VOLUME.value, "reason": MissReason.CLOSED.value,
        "reached": "50.0", "passed": "50.0", "percent": "50.0", "points": "7.0",
        "count": 1, "done": 1, "of": 2, "most": 9, "least": 1,
    }  # fmt: skip
    draft = Draft(SummaryPart.STATE, code, facts)
    english = draft_words(draft)
    use_language("zh")
    chinese = draft_words(draft)
    assert english[0].upper() == english[0]
    assert english.endswith(".")
    assert chinese.endswith("。")
    assert not set(chinese) & set("abcdefghijklmnopqrstuvwxyz")
