"""Pages that answer "why"."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from crmkit.model.customer import Customer, CustomerState
from crmkit.model.figures import VOLUME_SCALE
from crmkit.model.moving import VisitMove
from crmkit.model.strategy import FrequencyLine, FrequencySource, Problem
from crmkit.model.visit import PlannedState
from crmkit.report import terms
from crmkit.report.figurewords import apart, cartons
from crmkit.report.page import Block, Column, Fact, Facts, Page, Table, Term, Text
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.rows_behind import behind_data, rows_behind
from crmkit.report.papers.visit_moves import move_data
from crmkit.report.words import _, ngettext
from crmkit.rules.problems import CARTON_VALUE_DROP, RELATIVE_VOLUME, STOPPED
from crmkit.workflow.explain_frequency import WhyFrequency, WhyUnlisted
from crmkit.workflow.explain_visit import WhyVisit

# problem codes whose figures are thousandths of a carton, and minor units per carton (rules.problems)
VOLUMES = ("volume", "key_brand_growth")
CARTON_VALUE = "carton_value"


def frequency(why: WhyFrequency | WhyUnlisted) -> Page:
    """A frequency down to its rule, rank, tie and neighbours."""
    if isinstance(why, WhyUnlisted):
        return _unlisted(why)
    line = why.line
    return Page(
        title=_("{customer}: {frequency} in {month}").format(
            customer=_who(why.customer), frequency=terms.word(line.frequency), month=terms.month_words(why.month)
        ),
        schema="why-frequency/1",
        facts=(Fact(_("State"), terms.word(why.state)),),
        blocks=(
            Text(_rule_words(why)),
            *_by_rank(why),
            *_problems(why),
            _strategy_table(why),
            *rows_behind(why.behind),
        ),
        data=_frequency_data(why),
    )


def _unlisted(why: WhyUnlisted) -> Page:
    """A customer who came after the month's list was made."""
    if why.kept:
        said = _("He is not on the list of this month; an earlier approval wrote this frequency, until the next one.")
    else:
        said = _(
            "New since the list of this month was made: the policy's frequency counts until the next approval, and the "
            "first visit is due within {days} working days of his coming."
        ).format(days=why.within_days)
    came = (Fact(_("Ours since"), str(why.customer.opened_on)),) if why.customer.opened_on else ()
    return Page(
        title=_("{customer}: {frequency} in {month}").format(
            customer=_who(why.customer), frequency=terms.word(why.frequency), month=terms.month_words(why.month)
        ),
        schema="why-unlisted-frequency/1",
        facts=(Fact(_("State"), terms.word(why.state)), *came),
        blocks=(Text(said),),
        data={
            "customer": why.customer.code,
            "month": str(why.month),
            "frequency": why.frequency.value,
            "source": "record" if why.kept else "policy",
            "opened_on": why.customer.opened_on and why.customer.opened_on.isoformat(),
            "first_visit_within": why.within_days,
        },
    )


def _rule_words(why: WhyFrequency) -> str:
    line = why.line
    if line.source is FrequencySource.KEY:
        return _("A key customer is visited weekly (method step 8).")
    if line.source is FrequencySource.OVERRIDE and not line.rank:
        return _("Set by hand: {note}. By the rule alone: weekly, as a key customer.").format(note=line.note or "-")
    if line.source is FrequencySource.OVERRIDE:
        return _("Set by hand: {note}. The rule alone gave rank {rank} of {others}.").format(
            note=line.note or "-", rank=line.rank, others=why.others
        )
    top, between, bottom = why.counts
    return _(
        "Rank {rank} of {others} by number of strategies ({strategies}): the first {top} go weekly, the next {between} "
        "twice a month, the last {bottom} monthly."
    ).format(rank=line.rank, others=why.others, strategies=line.strategies, top=top, between=between, bottom=bottom)


def _by_rank(why: WhyFrequency) -> tuple[Block, ...]:
    line = why.line
    if not line.rank:
        return ()
    tie = _("{count} of {tied} with {strategies} strategies got the same frequency; ties go by last month's volume.")
    rows = tuple(_neighbour(customer, other) for customer, other in (*why.above, (why.customer, line), *why.below))
    columns = (
        Column("rank", _("Rank"), "number"),
        Column("code", _("Code")),
        Column("name", _("Name")),
        Column("strategies", _("Strategies"), "number"),
        Column("volume", _("Volume"), "number"),
        Column("frequency", _("Frequency")),
    )
    said = tie.format(count=why.tied_weekly, tied=line.tied, strategies=line.strategies)
    return (Text(said), Table(columns, rows, title=_("Around it in the ranking")))


def _neighbour(customer: Customer, line: FrequencyLine) -> tuple[int | str | Term, ...]:
    return (
        line.rank,
        customer.code,
        customer.name,
        line.strategies,
        _cartons(line.volume),
        Term(line.frequency.value, terms.word(line.frequency)),
    )


def _problems(why: WhyFrequency) -> tuple[Block, ...]:
    if not why.problems:
        return ()
    facts = (Fact(terms.problem_words(problem.code), problem_figures(problem)) for problem in why.problems)
    return (Facts(tuple(facts)),)


def problem_figures(problem: Problem) -> str:
    """What was found and what it was held against, in the measure of the problem."""
    actual, limit = Decimal(problem.actual), Decimal(problem.limit)
    if problem.code == STOPPED:
        return _("{volume} the month before").format(volume=_cartons(int(limit)))
    words = _("{actual}, limit {limit}")
    if problem.code in VOLUMES:
        return words.format(actual=cartons(Fraction(actual)), limit=cartons(Fraction(limit)))
    if problem.code in (CARTON_VALUE_DROP, CARTON_VALUE):
        words = _("{actual} a carton, limit {limit}")
        found, border = apart(Fraction(actual) / 100, Fraction(limit) / 100, 2)
        return words.format(actual=found, limit=border)
    if problem.code == RELATIVE_VOLUME:
        words = _("{actual} of the expected volume, limit {limit}")
        found, border = apart(100 * Fraction(actual), 100 * Fraction(limit), 1)
        return words.format(actual=f"{found}%", limit=f"{border}%")
    return words.format(actual=_short(problem.actual), limit=_short(problem.limit))


def _strategy_table(why: WhyFrequency) -> Table:
    columns = (Column("code", _("Strategy")), Column("origin", _("From")), Column("state", _("State")))
    rows = tuple(
        (
            Term(strategy.code, words_of(words)),
            Term(strategy.origin.value, terms.word(strategy.origin)),
            Term(strategy.state.value, terms.word(strategy.state)),
        )
        for strategy, words in zip(why.strategies, why.words, strict=True)
    )
    return Table(
        columns, rows, title=_("Strategies of the month"), empty=_("No strategy: last in the ranking, not left out.")
    )


def _frequency_data(why: WhyFrequency) -> dict[str, object]:
    line = why.line
    return {
        "customer": why.customer.code,
        "month": str(why.month),
        "frequency": line.frequency.value,
        "source": line.source.value,
        "rank": line.rank,
        "others": why.others,
        "counts": list(why.counts),
        "strategies": line.strategies,
        "tied": line.tied,
        "volume": _cartons(line.volume),
        "problems": [{"code": p.code, "actual": p.actual, "limit": p.limit} for p in why.problems],
        "note": line.note,
        "behind": behind_data(why.behind),
    }


def visit(why: WhyVisit) -> Page:
    """A planned visit: what it keeps, its neighbours, what else was free."""
    reason = why.reason
    facts = [
        Fact(_("State"), terms.word(why.visit.state) + _fact_words(why)),
        Fact(_("Frequency"), _frequency_words(why)),
        Fact(_("Way"), _way_words(why)),
        Fact(_("Keeps"), _duty_words(why)),
        Fact(_("Could stand"), _("{first} to {last}").format(first=reason.window[0], last=reason.window[1])),
        Fact(_("Gap before"), _gap_words(reason.before, reason.gap_before)),
        Fact(_("Gap after"), _gap_words(reason.after, reason.gap_after)),
        Fact(_("Allowed gap"), _allowed_words(reason.allowed)),
        Fact(_("Free as well"), _days(tuple(day for day in reason.free if day != reason.day))),
        Fact(_("Full"), _days(reason.full)),
    ]
    facts += [Fact(_("Moved"), _move_words(move)) for move in why.moves]
    if why.visit.pinned:
        facts.append(Fact(_("Pinned"), why.note or _("yes")))
    if why.visit.state is PlannedState.CANCELLED:
        facts = [*facts[:3], Fact(_("Why not"), _cancel_words(why))]
    return Page(
        title=_("{customer} on {day}").format(customer=_who(why.customer), day=terms.day_words(why.visit.day)),
        schema="why-visit/1",
        blocks=(Facts(tuple(facts)), *_free_day_note(why)),
        data={
            "customer": why.customer.code,
            "date": why.visit.day.isoformat(),
            "number": reason.number,
            "week": reason.week.isoformat() if reason.week else None,
            "window": [day.isoformat() for day in reason.window],
            "gap_before": reason.gap_before,
            "gap_after": reason.gap_after,
            "allowed": list(reason.allowed),
            "free": [day.isoformat() for day in reason.free],
            "full": [day.isoformat() for day in reason.full],
            "pinned": why.visit.pinned,
            "total": why.total,
            "state": why.visit.state.value,
            "method": why.visit.method.value,
            "by_repair": why.by_repair,
            "visited_on": why.fact.day.isoformat() if why.fact and why.fact.visited else None,
            "miss_reason": why.fact.miss_reason.value if why.fact and why.fact.miss_reason else None,
            "note": why.note,
            "moves": [move_data(move) for move in why.moves],
        },
    )


def _fact_words(why: WhyVisit) -> str:
    """What became of it: made on another day, or missed and why."""
    fact = why.fact
    if fact is not None and fact.miss_reason is not None and why.visit.state is PlannedState.MISSED:
        return _(" ({why})").format(why=terms.word(fact.miss_reason))
    if fact is not None and fact.visited and fact.day != why.visit.day:
        return _(" (made on {day})").format(day=terms.short_day(fact.day))
    return ""


def _frequency_words(why: WhyVisit) -> str:
    said = terms.word(why.client.frequency)
    if why.client.new_since is None:
        return said
    return _("{frequency}: new since {day}, the policy's until the next approval").format(
        frequency=said, day=terms.short_day(why.client.new_since)
    )


def _way_words(why: WhyVisit) -> str:
    said = terms.word(why.visit.method)
    return _("{way}: the days are full, so this visit became a call").format(way=said) if why.by_repair else said


def _cancel_words(why: WhyVisit) -> str:
    note = why.note or ""
    return _("no longer valid when the month was planned") if note == "not-valid" else _cancelled_by(note)


def _cancelled_by(note: str) -> str:
    """The state the shop fell into, or what a person wrote."""
    states = {state.value: terms.word(state) for state in CustomerState}
    return states.get(note, note) or _("nobody wrote why")


def _free_day_note(why: WhyVisit) -> tuple[Block, ...]:
    if why.visit.state is PlannedState.CANCELLED:
        return ()
    return (Text(_("Of the free days the planner takes the one that makes roads short and days even."), "note"),)


def _move_words(move: VisitMove) -> str:
    """From 12 Nov: nobody works on the old day (2026-11-05, 001)."""
    why = _(": ").join([terms.word(move.reason), *([move.note] if move.note else [])])
    if move.was is None:
        return _("onto the plan: {why} ({at}, {actor})").format(why=why, at=move.at[:10], actor=move.actor)
    return _("from {day}: {why} ({at}, {actor})").format(
        day=terms.short_day(move.was), why=why, at=move.at[:10], actor=move.actor
    )


def _duty_words(why: WhyVisit) -> str:
    reason = why.reason
    if not reason.number:
        return _("nothing owed: an extra visit")
    if reason.week:
        return _("the visit of the week from {monday}").format(monday=reason.week)
    return _("visit {number} of {total} of the month").format(number=reason.number, total=max(why.total, reason.number))


def _gap_words(day: date | None, gap: int | None) -> str:
    if day is None or gap is None:
        return _("none near")
    words = ngettext("{count} working day from {day}", "{count} working days from {day}", gap)
    return words.format(count=gap, day=day)


def _allowed_words(allowed: tuple[int, int]) -> str:
    least, most = allowed
    if most:
        return _("{least} to {most} working days").format(least=least, most=most)
    return _("at least {least} working days").format(least=least)


def _days(days: tuple[date, ...]) -> str:
    return "  ".join(terms.short_day(day) for day in days) or _("none")


def _who(customer: Customer) -> str:
    return f"{customer.code} {customer.name}"


def _cartons(volume: int) -> str:
    whole, rest = divmod(abs(volume), VOLUME_SCALE)
    text = f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
    return f"-{text}" if volume < 0 else text


def _short(number: str) -> str:
    """A long exact decimal to four places, for reading; JSON keeps it whole."""
    head, point, tail = number.partition(".")
    return head + point + tail[:4] if len(tail) > 4 else number
