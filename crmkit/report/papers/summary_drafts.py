"""The words of the sentences that a summary offers."""

from collections.abc import Mapping

from crmkit.model.market import Indicator
from crmkit.model.summary import Draft, DraftCode
from crmkit.model.visit import MissReason
from crmkit.report.terms import problem_words, word
from crmkit.report.words import _, later

_WORDS: Mapping[DraftCode, str] = {
    DraftCode.AHEAD: later("{indicator}: {reached} % of the target in {passed} % of the working time, on time."),
    DraftCode.BEHIND: later("{indicator}: {reached} % of the target in {passed} % of the working time, behind."),
    DraftCode.REACHED: later("{indicator}: {reached} % of the target, reached."),
    DraftCode.SHORT: later("{indicator}: {reached} % of the target, not reached."),
    DraftCode.ABNORMAL: later("Abnormal: {which}."),
    DraftCode.DONE_OF_PLAN: later("{done} of {of} planned visits were made ({percent} %)."),
    DraftCode.MISSED_MOST: later("The commonest reason of missed visits was “{reason}” ({count})."),
    DraftCode.FREQUENCY_SHORT: later("{count} of {of} visits that the frequencies ask for were not made."),
    DraftCode.STRATEGIES_DONE: later("{done} of {of} service strategies of the month are done."),
    DraftCode.STRATEGIES_OPEN: later("{count} of {of} service strategies are still open."),
    DraftCode.ANOMALIES: later("Market anomalies found: {count}."),
    DraftCode.HANDLED: later("Matters of customers handled: {count}."),
    DraftCode.UNTYPED: later("Planned visits never typed in: {count}."),
    DraftCode.EVEN_DAYS: later("The days were uneven: {least} to {most} visits."),
    DraftCode.EXTRA: later("Visits nobody had planned: {count}."),
    DraftCode.BETTER: later("That is {points} points more than in the period before."),
    DraftCode.WORSE: later("That is {points} points less than in the period before."),
}


def draft_words(draft: Draft) -> str:
    """One sentence, its codes as words."""
    facts: dict[str, str | int] = dict(draft.facts)
    if "reason" in facts:
        facts["reason"] = word(MissReason(str(facts["reason"])))
    if "indicator" in facts:
        facts["indicator"] = word(Indicator(str(facts["indicator"])))
    if "which" in facts:
        facts["which"] = _(", ").join(_abnormal(code) for code in str(facts["which"]).split())
    said = _(_WORDS[draft.code]).format_map(facts)
    return said[:1].upper() + said[1:]


def _abnormal(code: str) -> str:
    return word(Indicator(code)) if code in list(Indicator) else problem_words(code)
