"""Sentences offered for a summary from its facts; each is marked as a draft until a person takes it [our default]."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from crmkit.model.market import Indicator
from crmkit.model.progress import Pace, ProgressLine
from crmkit.model.summary import Completion, Draft, DraftCode, Share, SummaryKind, SummaryPart, Work

_STEADY_POINTS = 5  # a change of the completion smaller than this is not spoken of
_FULL = 100


def percent_of(share: Share) -> Fraction | None:
    """The share in percent; nothing of nothing is none."""
    return Fraction(_FULL * share.done, share.of) if share.of else None


def drafts(
    kind: SummaryKind,
    work: Work,
    lines: Iterable[ProgressLine],
    pace: Pace,
    abnormal: Sequence[str],
    before: Completion | None,
) -> tuple[Draft, ...]:
    """What the facts would say in each part. Experience is the person's alone: nothing is offered for it."""
    if kind is SummaryKind.WEEK:
        return (*_pace(SummaryPart.STATE, lines, pace), *_schedule(work), *_effect(work, before))
    return (
        *_completed(SummaryPart.COMPLETION, work, before),
        *_accuracy(lines, pace, abnormal),
        *_reason(work),
        *_shortcomings(work),
    )


def _pace(part: SummaryPart, lines: Iterable[ProgressLine], pace: Pace) -> Iterator[Draft]:
    """Attainment beside working time, for what grows with the days and has a target; of a month that is over, the
    attainment alone.
    """
    if not pace.days:
        return
    passed = Fraction(_FULL * pace.passed, pace.days)
    for line in lines:
        if line.reached is None or line.indicator is not Indicator.VOLUME:
            continue
        well, ill = (DraftCode.AHEAD, DraftCode.BEHIND) if passed < _FULL else (DraftCode.REACHED, DraftCode.SHORT)
        code = well if line.reached >= passed else ill
        yield Draft(
            part,
            code,
            {"indicator": line.indicator.value, "reached": _tenth(line.reached), "passed": _tenth(passed)},
        )


def _schedule(work: Work) -> Iterator[Draft]:
    counts = [share.of for share in work.per_day.values() if share.of]
    if counts and max(counts) > min(counts) + 2:
        yield Draft(SummaryPart.SCHEDULE, DraftCode.EVEN_DAYS, {"most": max(counts), "least": min(counts)})
    yield from _missed_most(SummaryPart.SCHEDULE, work.completion)
    if work.completion.extra:
        yield Draft(SummaryPart.SCHEDULE, DraftCode.EXTRA, {"count": work.completion.extra})


def _effect(work: Work, before: Completion | None) -> Iterator[Draft]:
    yield from _completed(SummaryPart.EFFECT, work, before)
    if work.strategies.done:
        share = work.strategies
        yield Draft(SummaryPart.EFFECT, DraftCode.STRATEGIES_DONE, {"done": share.done, "of": share.of})
    if work.anomalies:
        yield Draft(SummaryPart.EFFECT, DraftCode.ANOMALIES, {"count": len(work.anomalies)})
    if work.handled:
        yield Draft(SummaryPart.EFFECT, DraftCode.HANDLED, {"count": len(work.handled)})


def _completed(part: SummaryPart, work: Work, before: Completion | None) -> Iterator[Draft]:
    share = work.completion.in_period
    now = percent_of(share)
    if now is None:
        return
    yield Draft(part, DraftCode.DONE_OF_PLAN, {"done": share.done, "of": share.of, "percent": _tenth(now)})
    then = percent_of(before.in_period) if before else None
    if then is not None and abs(now - then) >= _STEADY_POINTS:
        code = DraftCode.BETTER if now > then else DraftCode.WORSE
        yield Draft(part, code, {"points": _tenth(abs(now - then))})


def _accuracy(lines: Iterable[ProgressLine], pace: Pace, abnormal: Sequence[str]) -> Iterator[Draft]:
    yield from _pace(SummaryPart.ACCURACY, lines, pace)
    if abnormal:
        yield Draft(
            SummaryPart.ACCURACY, DraftCode.ABNORMAL, {"count": len(abnormal), "which": " ".join(abnormal)}
        )


def _reason(work: Work) -> Iterator[Draft]:
    share = work.completion.by_frequency
    if share.of > share.done:
        yield Draft(SummaryPart.REASON, DraftCode.FREQUENCY_SHORT, {"count": share.of - share.done, "of": share.of})
    if work.completion.extra:
        yield Draft(SummaryPart.REASON, DraftCode.EXTRA, {"count": work.completion.extra})


def _shortcomings(work: Work) -> Iterator[Draft]:
    waiting = work.strategies.of - work.strategies.done
    if waiting:
        yield Draft(SummaryPart.SHORTCOMINGS, DraftCode.STRATEGIES_OPEN, {"count": waiting, "of": work.strategies.of})
    yield from _missed_most(SummaryPart.SHORTCOMINGS, work.completion)
    if work.completion.untyped:
        yield Draft(SummaryPart.SHORTCOMINGS, DraftCode.UNTYPED, {"count": work.completion.untyped})


def _missed_most(part: SummaryPart, found: Completion) -> Iterator[Draft]:
    """The commonest reason, when it stands more than once."""
    if found.missed:
        reason, count = max(sorted(found.missed.items()), key=lambda one: one[1])
        if count > 1:
            yield Draft(part, DraftCode.MISSED_MOST, {"reason": reason.value, "count": count})


def _tenth(value: Fraction) -> str:
    """One decimal, half up, exact until here."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"
