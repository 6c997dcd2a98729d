"""What is unusual in a month's plan, for the market manager who decides on it (policy [review], our defaults).

A figure is unusual from its threshold on, the threshold included; a figure of nothing never is. Of what must not go
unseen whatever its size (a shortage, a state judged otherwise, a copied text, what was left out) every single one is.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from statistics import median

from crmkit.model.policy import Policy, ReviewPolicy
from crmkit.model.review import (
    HandChange,
    HandFrequency,
    HandStanding,
    HandState,
    HandStrategy,
    PlanCounts,
    PlanFacts,
    Sign,
    Unusual,
    Usual,
)
from crmkit.rules.likeness import alike, plain

_ORDER = list(Sign)


def unusual(facts: PlanFacts, policy: Policy) -> tuple[Unusual, ...]:
    """Every unusual sign, the most telling kind first, within a kind the farthest beyond its threshold."""
    own = policy.review
    found = [*_room(facts, own), *_returned(facts), *_shares(facts, policy), *_key_drift(facts, own)]
    found += [*_copied(facts, own), *_shared(facts, own), *_same_notes(facts, own), *_always(facts)]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.sign), -one.value, one.subject, one.other)))


def share(part: int, whole: int) -> Fraction | None:
    """Percent; None of nothing."""
    return Fraction(100 * part, whole) if whole else None


def key_share(counts: PlanCounts) -> Fraction | None:
    """Key customers, in percent of the customers of the plan."""
    return share(counts.key, counts.customers)


FIGURES: Mapping[Sign, Callable[[PlanCounts], tuple[int, int]]] = {
    Sign.KEY_CHANGES: lambda one: (one.key_added + one.key_removed, max(one.key, 1)),
    Sign.FREQUENCIES: lambda one: (one.by_hand, one.customers),
    Sign.CARRIED: lambda one: (one.carried + one.assumed, one.scores),
    Sign.ALIKE: lambda one: (one.alike, one.scored),
    Sign.STRATEGIES: lambda one: (one.dropped + one.hand_strategies, one.strategies),
    Sign.PHONE: lambda one: (one.phone, one.customers),
}
"""Of these signs: how many, of how many."""
COUNTS: Mapping[Sign, Callable[[PlanCounts], int]] = {
    Sign.STATES: lambda one: one.states_changed,
    Sign.NOT_JUDGED: lambda one: one.not_judged,
    Sign.LEFT_OUT: lambda one: one.left_out,
}
"""Of these signs every single one counts."""


def figure(sign: Sign, counts: PlanCounts) -> Fraction | None:
    """The figure of a sign from counts alone, to be held beside last month's and the team's; None: it has none."""
    if sign in (Sign.KEY_SHARE, Sign.KEY_OVER):
        return key_share(counts)
    if sign in COUNTS:
        return Fraction(COUNTS[sign](counts)) if counts.customers or counts.states else None
    return share(*FIGURES[sign](counts)) if sign in FIGURES else None


def usual(sign: Sign, before: PlanCounts | None, team: Mapping[str, PlanCounts], own: str) -> Usual:
    """What a sign's figure was last month, and the median of the other managers' of this month."""
    others = [value for code, one in team.items() if code != own and (value := figure(sign, one)) is not None]
    return Usual(figure(sign, before) if before else None, median(others) if others else None)


def load_percent(asked: Decimal, room: Decimal) -> Fraction | None:
    """What is asked for, in percent of the room."""
    return Fraction(asked) * 100 / Fraction(room) if room else None


def _room(facts: PlanFacts, policy: ReviewPolicy) -> Iterator[Unusual]:
    load = facts.load
    if load is None:
        return
    lost = load.repairs + load.unfit
    if lost or not load.fits:
        yield Unusual(Sign.UNFIT, Fraction(lost), count=load.visits)
    if load.shortage:
        yield Unusual(Sign.SHORTAGE, Fraction(lost), count=load.visits, text=load.shortage)
    percent, threshold = load_percent(load.asked, load.room), Fraction(policy.load_percent)
    if percent is not None and percent >= threshold and load.visits:
        yield Unusual(Sign.LOAD, percent, threshold, load.visits)


def _returned(facts: PlanFacts) -> Iterator[Unusual]:
    if facts.since is not None and not facts.since.changes:
        yield Unusual(Sign.UNCHANGED, Fraction(0), text=facts.since.reason)


def _shares(facts: PlanFacts, policy: Policy) -> Iterator[Unusual]:
    limits = policy.review
    thresholds = {
        Sign.KEY_CHANGES: limits.key_changes_percent,
        Sign.FREQUENCIES: limits.frequencies_percent,
        Sign.CARRIED: limits.carried_percent,
        Sign.ALIKE: limits.alike_percent,
        Sign.STRATEGIES: limits.strategies_percent,
        Sign.PHONE: limits.phone_percent,
    }
    for sign, threshold in thresholds.items():
        yield from _reached(sign, *FIGURES[sign](facts.counts), Fraction(threshold))
    near = Fraction(limits.borderline_percent)
    yield from _reached(Sign.BORDERLINE, facts.borderline, facts.counts.customers, near)
    over = key_share(facts.counts)
    if over is not None and over > policy.key.max_share_percent:
        yield Unusual(Sign.KEY_OVER, over, count=facts.counts.key)


def _reached(sign: Sign, part: int, whole: int, threshold: Fraction) -> Iterator[Unusual]:
    percent = share(part, whole)
    if part and percent is not None and percent >= threshold:
        yield Unusual(sign, percent, threshold, part)


def _key_drift(facts: PlanFacts, policy: ReviewPolicy) -> Iterator[Unusual]:
    """Off the mean of his own last months by so many points, to either side."""
    now, before = key_share(facts.counts), facts.shares[: policy.key_share_months]
    if now is None or not before:
        return
    off = now - sum(before, Fraction(0)) / len(before)
    if off and abs(off) >= (threshold := Fraction(policy.key_share_points)):
        yield Unusual(Sign.KEY_SHARE, abs(off), threshold, facts.counts.key)


def _copied(facts: PlanFacts, policy: ReviewPolicy) -> Iterator[Unusual]:
    for kind, text in facts.texts.items():
        found = _alike(text, facts.texts_before.get(kind), policy)
        if found is not None:
            yield Unusual(Sign.COPIED, found, Fraction(policy.text_percent), subject=kind.value, text=text)


def _shared(facts: PlanFacts, policy: ReviewPolicy) -> Iterator[Unusual]:
    """One sign a text, with everybody who wrote the same; the likeness is the greatest."""
    for kind, text in facts.texts.items():
        same = {
            other: found
            for other, texts in facts.others.items()
            if other != facts.manager and (found := _alike(text, texts.get(kind), policy)) is not None
        }
        if same:
            who, threshold = " ".join(sorted(same)), Fraction(policy.text_percent)
            most = max(same.values())
            yield Unusual(Sign.SHARED, most, threshold, len(same), subject=kind.value, other=who, text=text)


def _alike(text: str, other: str | None, policy: ReviewPolicy) -> Fraction | None:
    return alike(text, other, Fraction(policy.text_percent), policy.text_characters)


def _same_notes(facts: PlanFacts, policy: ReviewPolicy) -> Iterator[Unusual]:
    """Reasons given for the same customer or indicator last month in the same words; short ones too, when equal."""
    before = {_subject(one): one.note for one in facts.hand_before}
    same = [one for one in facts.hand if _same_note(one.note, before.get(_subject(one)), policy)]
    if same:
        percent = Fraction(100 * len(same), len(facts.hand))
        yield Unusual(Sign.NOTES, percent, count=len(same), text=same[0].note)


def _same_note(note: str, other: str | None, policy: ReviewPolicy) -> bool:
    if not other:
        return False
    return bool(plain(note)) and (plain(note) == plain(other) or _alike(note, other, policy) is not None)


def _subject(change: HandChange) -> tuple[str, str]:
    match change:
        case HandState(item=item):
            return "state", item
        case HandFrequency(customer=customer):
            return "frequency", customer
        case HandStanding(customer=customer):
            return "key", customer
        case HandStrategy(customer=customer, code=code):
            return f"strategy {code}", customer


def _always(facts: PlanFacts) -> Iterator[Unusual]:
    found = {sign: counted(facts.counts) for sign, counted in COUNTS.items()}
    found[Sign.NOT_ANALYSED] = len(facts.not_analysed) if facts.counts.customers else 0
    found[Sign.LATE] = int(facts.late)
    for sign, count in found.items():
        if count:
            yield Unusual(sign, Fraction(count), count=count)
