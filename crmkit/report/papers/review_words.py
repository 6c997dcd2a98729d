"""What is unusual in a plan, in words: one line a sign, what is usual beside it, the command that shows more."""

from collections.abc import Callable
from fractions import Fraction

from crmkit.model.brand import RateKind
from crmkit.model.market import AnalysisKind, Indicator
from crmkit.model.policy import Policy
from crmkit.model.review import (
    HandChange,
    HandFrequency,
    HandStanding,
    HandState,
    HandStrategy,
    PlanFacts,
    Sign,
    TextKind,
    Unusual,
    Usual,
)
from crmkit.report.figurewords import places, trimmed
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, later

_QUOTED = 40  # characters of a text that is quoted
_NAMED = 3  # managers who wrote the same, the others are counted
_COUNTS = (Sign.UNFIT, Sign.STATES, Sign.NOT_ANALYSED, Sign.NOT_JUDGED, Sign.LEFT_OUT)
_UNITS = {Sign.KEY_SHARE: later("{figure} points"), Sign.BORDERLINE: later("{figure} per 100 customers")}
_PLAIN = (Sign.SHORTAGE, Sign.UNCHANGED, Sign.LATE)  # said, and no figure


def said(sign: Unusual, facts: PlanFacts, policy: Policy) -> str:
    """One sign with its figure, as a sentence."""
    return _SAID[sign.sign](sign, facts, policy)


def short(sign: Unusual) -> str:
    """One sign for a list: its name and its figure."""
    if sign.sign in _PLAIN:
        return word(sign.sign)
    return f"{word(sign.sign)} {figure_words(sign.sign, sign.value)}"


def figure_words(sign: Sign, value: Fraction) -> str:
    """A figure in its unit: percent, points or a number."""
    if sign in _COUNTS:
        return str(trimmed(value))
    if sign in _UNITS:
        return _(_UNITS[sign]).format(figure=trimmed(Fraction(places(value, 1))))
    return percent(value)


def usual_words(sign: Unusual, usual: Usual) -> str:
    """Last month's figure, the middle of the others', from when on it is named; "" where nothing is known."""
    share = Sign.KEY_OVER if sign.sign is Sign.KEY_SHARE else sign.sign  # beside it stands the share, no distance
    known = ((_("last month {figure}"), usual.before), (_("the others' median {figure}"), usual.team))
    parts = [told.format(figure=figure_words(share, value)) for told, value in known if value is not None]
    if sign.threshold is not None:
        parts.append(_("named from {figure} on").format(figure=figure_words(sign.sign, sign.threshold)))
    return _("; ").join(parts)


def percent(value: Fraction) -> str:
    """12.5%; 90%."""
    return f"{trimmed(Fraction(places(value, 1)))}%"


def more(sign: Unusual, facts: PlanFacts) -> str:
    """The command that shows more of a sign."""
    return f"{_command(sign, facts)} --month {facts.month}" + _whose(sign, facts)


def rounds_command(facts: PlanFacts) -> str:
    """The command that shows every line of a month through its rounds."""
    return f"crmkit plan diff --month {facts.month} --manager {facts.manager}"


def _command(sign: Unusual, facts: PlanFacts) -> str:
    if sign.sign in _OF_CUSTOMERS:
        kind, noun = _OF_CUSTOMERS[sign.sign]
        whose = (one.customer for one in facts.hand if isinstance(one, kind))
        return f"crmkit explain {noun} {next(whose)}"
    if sign.sign is Sign.STATES:
        return _of_state(next(one.item for one in facts.hand if isinstance(one, HandState)))
    if sign.sign in (Sign.COPIED, Sign.SHARED):
        noun = sign.subject.partition("_")[0]
        return "crmkit plan show" if noun == "plan" else f"crmkit analyze {noun} show"
    return _COMMANDS.get(sign.sign, "crmkit plan show")


_OF_CUSTOMERS: dict[Sign, tuple[type[HandStanding | HandFrequency | HandStrategy], str]] = {
    Sign.KEY_CHANGES: (HandStanding, "key"),
    Sign.FREQUENCIES: (HandFrequency, "frequency"),
    Sign.STRATEGIES: (HandStrategy, "strategies"),
}
_COMMANDS = {
    Sign.UNCHANGED: "crmkit plan diff",
    Sign.CARRIED: "crmkit analyze show",
    Sign.ALIKE: "crmkit analyze show",
    Sign.NOT_ANALYSED: "crmkit status",
    Sign.NOT_JUDGED: "crmkit analyze market show",
    Sign.LATE: "crmkit status",
    Sign.BORDERLINE: "crmkit analyze borderline",
}


def _of_state(item: str) -> str:
    kind, _colon, product = item.partition(":")
    return f"crmkit explain rate {product} {kind}" if product else f"crmkit explain indicator {item}"


def _whose(sign: Unusual, facts: PlanFacts) -> str:
    """`explain frequency` goes by the customer alone."""
    return "" if sign.sign is Sign.FREQUENCIES else f" --manager {facts.manager}"


def quoted(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return _("“{text}”").format(text=line if len(line) <= _QUOTED else line[:_QUOTED] + "…")


def changed_item(change: HandChange) -> str:
    """What was decided by hand: an indicator, a rate of a product, a customer."""
    if isinstance(change, HandState):
        kind, _colon, product = change.item.partition(":")
        return f"{product} {word(RateKind(kind))}" if product else word(Indicator(kind))
    return f"{change.customer} {change.name}"


def _unfit(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    load = facts.load
    assert load is not None, "a sign of the load"
    told = _("Of {visits} visits {phone} find room by phone only, and {unfit} stand on no day.")
    return told.format(visits=load.visits, phone=load.repairs, unfit=load.unfit)


def _shortage(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    return _("Submitted although not every visit fitted: {reason}").format(reason=quoted(sign.text))


def _unchanged(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    return _("Nothing was changed since it was sent back with: {reason}").format(reason=quoted(sign.text))


def _load(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    load = facts.load
    assert load is not None, "a sign of the load"
    told = _("The visits ask for {percent} of the room: {asked} of {room} full days.")
    words = told.format(percent=percent(sign.value), asked=load.asked, room=load.room)
    return words if load.since is None else _("From {day} on: {words}").format(day=short_day(load.since), words=words)


def _key_over(sign: Unusual, _facts: PlanFacts, policy: Policy) -> str:
    told = _("Key customers: {count}, {percent} of the customers; the policy proposes at most {most}.")
    most = percent(Fraction(policy.key.max_share_percent))
    return told.format(count=sign.count, percent=percent(sign.value), most=most)


def _states(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    return _("States of indicators and rates otherwise than computed: {count}.").format(count=sign.count)


def _key_share(sign: Unusual, facts: PlanFacts, policy: Policy) -> str:
    told = _("Key customers: {percent} of the customers, {points} points off his own mean (months before: {months}).")
    now = Fraction(100 * facts.counts.key, facts.counts.customers)
    months = min(len(facts.shares), policy.review.key_share_months)
    return told.format(percent=percent(now), points=trimmed(Fraction(places(sign.value, 1))), months=months)


def _key_changes(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    told = _("Key list by hand: {added} added, {removed} taken off ({percent} of the list).")
    counts = facts.counts
    return told.format(added=counts.key_added, removed=counts.key_removed, percent=percent(sign.value))


def _frequencies(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    told = _("Frequencies set by hand: {count} ({percent} of the customers).")
    return told.format(count=sign.count, percent=percent(sign.value))


def _copied(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    told = _("{text}: {percent} the same as last month's: {words}")
    return told.format(text=_which(sign), percent=percent(sign.value), words=quoted(sign.text))


def _which(sign: Unusual) -> str:
    """The text a sign is about, as a sentence begins."""
    text = word(TextKind(sign.subject))
    return text[:1].upper() + text[1:]


def _shared(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    told = _("{text}: up to {percent} the same as {other} wrote this month: {words}")
    names = sign.other.split()
    more_names = _(" and {count} more").format(count=len(names) - _NAMED) if len(names) > _NAMED else ""
    other = _(", ").join(names[:_NAMED]) + more_names
    return told.format(text=_which(sign), percent=percent(sign.value), other=other, words=quoted(sign.text))


def _notes(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    told = _("Reasons of hand changes that are last month's: {count} of {all}: {words}")
    return told.format(count=sign.count, all=len(facts.hand), words=quoted(sign.text))


def _carried(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    told = _("{percent} of the {all} ability scores are not new: {carried} carried over, {assumed} given to a group.")
    counts = facts.counts
    return told.format(
        percent=percent(sign.value), all=counts.scores, carried=counts.carried, assumed=counts.assumed
    )


def _alike(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    told = _("Customers with one and the same six scores: {count} of {all} ({percent}).")
    return told.format(count=sign.count, all=facts.counts.scored, percent=percent(sign.value))


def _not_analysed(_sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    names = _(", ").join(word(AnalysisKind(kind)) for kind in facts.not_analysed)
    return _("Not analysed: {names}. It gives no problems of the area and no matches.").format(names=names)


def _not_judged(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    told = _("Indicators and rates not judged: {count} of {all}.")
    return told.format(count=sign.count, all=facts.counts.states)


def _left_out(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    told = _("Customers without a visit method, on no week schedule and no daily sheet: {count}.")
    return told.format(count=sign.count)


def _strategies(sign: Unusual, facts: PlanFacts, _policy: Policy) -> str:
    told = _("Strategies by hand: {dropped} dropped, {added} added ({percent} of all).")
    counts = facts.counts
    return told.format(dropped=counts.dropped, added=counts.hand_strategies, percent=percent(sign.value))


def _phone(sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    told = _("Customers visited another way than on site: {count} ({percent}).")
    return told.format(count=sign.count, percent=percent(sign.value))


def _borderline(sign: Unusual, _facts: PlanFacts, policy: Policy) -> str:
    told = _("Judgements within {points} points of their threshold: {count}, {figure}.")
    figure = figure_words(sign.sign, sign.value)
    return told.format(count=sign.count, points=policy.borderline.points, figure=figure)


def _late(_sign: Unusual, _facts: PlanFacts, _policy: Policy) -> str:
    return _("Handed in after the deadline, or not yet and the deadline is over.")


_SAID: dict[Sign, Callable[[Unusual, PlanFacts, Policy], str]] = {
    Sign.UNFIT: _unfit,
    Sign.SHORTAGE: _shortage,
    Sign.UNCHANGED: _unchanged,
    Sign.LOAD: _load,
    Sign.KEY_OVER: _key_over,
    Sign.STATES: _states,
    Sign.KEY_SHARE: _key_share,
    Sign.KEY_CHANGES: _key_changes,
    Sign.FREQUENCIES: _frequencies,
    Sign.COPIED: _copied,
    Sign.SHARED: _shared,
    Sign.NOTES: _notes,
    Sign.CARRIED: _carried,
    Sign.ALIKE: _alike,
    Sign.NOT_ANALYSED: _not_analysed,
    Sign.NOT_JUDGED: _not_judged,
    Sign.LEFT_OUT: _left_out,
    Sign.STRATEGIES: _strategies,
    Sign.PHONE: _phone,
    Sign.BORDERLINE: _borderline,
    Sign.LATE: _late,
}
