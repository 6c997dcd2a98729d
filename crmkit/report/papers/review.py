"""The market manager's desk: what waits; and one plan to decide on, the most unusual first."""

from decimal import Decimal

from crmkit.model.customer import Frequency
from crmkit.model.document import DocumentKind
from crmkit.model.policy import Policy
from crmkit.model.review import HandChange, HandFrequency, HandStanding, HandState, HandStrategy, Unusual, Usual
from crmkit.report.figurewords import places
from crmkit.report.page import Block, Cell, Column, Fact, Facts, Heading, Page, Table, Term, Text
from crmkit.report.papers.findings import exact
from crmkit.report.papers.headings import following, whose
from crmkit.report.papers.opening_words import answer_words
from crmkit.report.papers.review_data import desk_data, plan_data
from crmkit.report.papers.review_words import changed_item, more, quoted, rounds_command, said, short, usual_words
from crmkit.report.tables import table_word
from crmkit.report.terms import month_words, short_day, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.list_waiting import Desk, Missing, WaitingPlan
from crmkit.workflow.review_plan import ReviewedPlan, TeamLine

_SHOWN = 10  # hand changes, all with --all


def desk(found: Desk) -> Page:
    """One row a manager's month that waits."""
    table = _waiting(found)
    return Page(
        title=_("To be decided"),
        subtitle=month_words(found.month) if found.month else "",
        schema="review-list/1",
        generated_for=found.today,
        facts=(Fact(_("Waiting"), str(len(found.waiting))),),
        blocks=(table, *_not_handed_in(found.missing)),
        data=desk_data(found),
        rows=table,
    )


def reminders(found: Desk) -> Page | None:
    """For cron: what waits for a decision, and whose month is late; None when nothing is."""
    columns = (
        Column("step", _("What")),
        Column("state", _("State")),
        Column("due", _("Handed in")),
        Column("command", _("Type")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Term("approval", f"{one.manager.code} {one.manager.name}{_(': ')}{_kinds(one)}"),
            Term("open", _("open")),
            one.waiting.since,
            f"review show {one.manager.code} --month {one.waiting.month}",
        )
        for one in found.waiting
    ]
    rows += [
        (
            Term("not_handed_in", _("{who}: not handed in").format(who=f"{one.manager.code} {one.manager.name}")),
            Term("late", _("late")),
            None,
            f"status --month {one.month} --manager {one.manager.code}",
        )
        for one in found.missing
        if one.late
    ]
    if not rows:
        return None
    table = Table(columns, tuple(rows))
    return Page(title=_("What waits"), schema="reminders/1", generated_for=found.today, blocks=(table,))


def next_step(found: Desk) -> str:
    """What to type after it; where nothing waits there is nothing."""
    first = found.waiting[0]
    return following(f"crmkit review show {first.manager.code} --month {first.waiting.month}")


def _waiting(found: Desk) -> Table:
    columns = (
        Column("manager", _("Customer manager")),
        Column("month", _("Month")),
        Column("waits", _("What")),
        Column("since", _("Handed in")),
        Column("age", _("Days"), "number"),
        Column("signs", _("Unusual"), "number"),
        Column("first", _("Above all")),
    )
    return Table(columns, tuple(map(_waiting_row, found.waiting)), empty=_("Nothing waits."))


def _waiting_row(one: WaitingPlan) -> tuple[Cell, ...]:
    day = one.waiting.since.isoformat()
    return (
        f"{one.manager.code} {one.manager.name}",
        str(one.waiting.month),
        _kinds(one),
        Term(day, day + (_(" late") if one.waiting.late else ""), "bad" if one.waiting.late else ""),
        one.age,
        len(one.signs),
        short(one.signs[0]) if one.signs else _("nothing"),
    )


def _kinds(one: WaitingPlan) -> str:
    if one.waiting.result:
        return _("result")
    return _("both") if len(one.waiting.kinds) == len(DocumentKind) else word(one.waiting.kinds[0])


def _not_handed_in(missing: tuple[Missing, ...]) -> tuple[Block, ...]:
    """Whose month is still with himself, month by month."""
    texts = []
    for month in dict.fromkeys(one.month for one in missing):
        mine = [one for one in missing if one.month == month]
        who = [f"{one.manager.code} {one.manager.name}" + (_(" (late)") if one.late else "") for one in mine]
        told = _("{month}, not handed in yet: {who}").format(month=month_words(month), who=_("; ").join(who))
        texts.append(Text(told, "warning" if any(one.late for one in mine) else "note"))
    return tuple(texts)


def plan(found: ReviewedPlan, policy: Policy, *, show_all: bool = False) -> Page:
    """The page to decide from, top down."""
    table = _hand(found, _SHOWN if not show_all else None)
    return Page(
        title=_("Review"),
        subtitle=whose(found.manager, found.month),
        schema="review-plan/1",
        generated_for=found.today,
        facts=_facts(found),
        blocks=(
            *_since(found),
            *_signs(found, policy),
            *((table,) if table.rows else ()),
            *_more_changes(found, show_all=show_all),
            _team(found),
            *_deciding(found),
        ),
        data=plan_data(found) | {"by_hand": _hand(found, None).records()},
        rows=_sign_table(found),
    )


def _facts(found: ReviewedPlan) -> tuple[Fact, ...]:
    states = [(kind, found.states.state(kind)) for kind in DocumentKind]
    said_states = _(", ").join(f"{word(kind)} {word(state)}" for kind, state in states if state)
    facts = [Fact(_("State"), said_states)]
    if found.waiting:
        age = found.age or 0
        told = ngettext("{day}, {age} day ago", "{day}, {age} days ago", age)
        told = told.format(day=short_day(found.waiting.since), age=age)
        facts.append(Fact(_("Handed in"), told + (_(" late") if found.waiting.late else "")))
    if found.deadline:
        facts.append(Fact(_("Deadline"), short_day(found.deadline)))
    if found.answers:
        facts.append(Fact(_("Month opening"), _opening(found)))
    return (*facts, Fact(_("Unusual"), str(len(found.signs))))


def _opening(found: ReviewedPlan) -> str:
    """How many answers opened the month, and which of them nobody looked at."""
    told = ngettext("{count} answer", "{count} answers", len(found.answers)).format(count=len(found.answers))
    if not found.unseen:
        return told
    which = _("; ").join(answer_words(found.unseen))
    taken = _("{answers}, {unseen} taken without being looked at{colon}{which}")
    return taken.format(answers=told, unseen=len(found.unseen), colon=_(": "), which=which)


def _signs(found: ReviewedPlan, policy: Policy) -> tuple[Block, ...]:
    if not found.signs:
        return (Text(_("Nothing is unusual.")),)
    return tuple(
        _sign(number, one, found, policy, found.usual.get(one.sign, Usual()))
        for number, one in enumerate(found.signs, 1)
    )


def _sign(number: int, one: Unusual, found: ReviewedPlan, policy: Policy, usual: Usual) -> Facts:
    known = usual_words(one, usual)
    return Facts(
        (
            Fact(str(number), said(one, found.facts, policy)),
            *((Fact(_("Usual"), known),) if known else ()),
            Fact(_("More"), more(one, found.facts)),
        )
    )


def _sign_table(found: ReviewedPlan) -> Table:
    """The signs for spreadsheets, with exact figures."""
    columns = (
        Column("sign", _("Unusual")),
        Column("subject", _("Whose")),
        Column("figure", _("Figure"), "number"),
        Column("last_month", _("Last month"), "number"),
        Column("team_median", _("Median of the others"), "number"),
        Column("command", _("Type")),
    )
    return Table(columns, tuple(_sign_row(one, found) for one in found.signs), empty=_("Nothing is unusual."))


def _sign_row(one: Unusual, found: ReviewedPlan) -> tuple[Cell, ...]:
    usual = found.usual.get(one.sign, Usual())
    figures = (exact(one.value), exact(usual.before), exact(usual.team))
    return (Term(one.sign.value, word(one.sign)), one.subject, *figures, more(one, found.facts))


def _since(found: ReviewedPlan) -> tuple[Block, ...]:
    """What was changed since the month was sent back."""
    since = found.facts.since
    if since is None:
        return ()
    told = _("Sent back by {who} on {day}: {reason}").format(who=since.actor, day=since.at[:10], reason=since.reason)
    changes = [f"{table_word(name)} {count}" for name, count in since.changes.items()]
    changed = _("Changed since: {what}").format(what=_("; ").join(changes)) if changes else _("Changed since: nothing")
    return (
        Text(told, "warning"),
        Text(changed),
        *_unanswered(found.unanswered),
        Facts((Fact(_("More"), rounds_command(found.facts)),)),
    )


def _unanswered(count: int) -> tuple[Block, ...]:
    """What was said of lines that stand as they stood."""
    told = ngettext(
        "Of {count} line something was said, and it stands as it stood.",
        "Of {count} lines something was said, and they stand as they stood.",
        count,
    )
    return (Text(told.format(count=count), "warning"),) if count else ()


def _hand(found: ReviewedPlan, most: int | None) -> Table:
    columns = (
        Column("kind", _("By hand")),
        Column("item", _("Whose")),
        Column("decided", _("Decided")),
        Column("reason", _("Reason")),
    )
    rows = tuple((*_change(one), one.note) for one in found.facts.hand[:most])
    return Table(columns, rows, title=_("Decided by hand"), empty=_("Nothing was decided by hand."))


def _change(change: HandChange) -> tuple[Cell, ...]:
    item = changed_item(change)
    match change:
        case HandState(computed=computed, final=final):
            told = _("{state} (computed: {computed})").format(state=word(final), computed=word(computed))
            return Term("state", _("state")), item, Term(final.value, told)
        case HandStanding(standing=standing):
            return Term("key", _("key list")), item, Term(standing.value, word(standing))
        case HandFrequency(frequency=frequency):
            return Term("frequency", _("frequency")), item, Term(frequency.value, word(frequency))
        case HandStrategy(added=added, text=text):
            told = (_("added") if added else _("dropped")) + (_(": ") + quoted(text) if text else "")
            return Term("strategy", _("strategy")), item, Term("added" if added else "dropped", told)


def _more_changes(found: ReviewedPlan, *, show_all: bool) -> tuple[Block, ...]:
    left = len(found.facts.hand) - _SHOWN
    if show_all or left <= 0:
        return ()
    return (Text(ngettext("and {count} more (--all)", "and {count} more (--all)", left).format(count=left), "note"),)


def _team(found: ReviewedPlan) -> Table:
    columns = (
        Column("manager", _("Customer manager")),
        Column("customers", _("Customers"), "number"),
        Column("key_share", _("Key customers %"), "number"),
        Column("frequencies", _("Weekly/twice/once"), "number"),
        Column("load", _("Load %"), "number"),
        *((Column("km", _("km"), "number"),) if found.has_roads else ()),
    )
    title = _("The team side by side")
    if found.has_roads:
        title = _("{title}; km: planned road of {month}").format(title=title, month=month_words(found.month.previous))
    return Table(columns, tuple(_team_row(one, found) for one in found.team), title=title)


def _team_row(one: TeamLine, found: ReviewedPlan) -> tuple[Cell, ...]:
    road = None if one.metres is None else Decimal(round(one.metres / 1000))
    return (
        f"{one.manager.code} {one.manager.name}" + (" ←" if one.manager == found.manager else ""),
        one.counts.customers,
        None if one.key_share is None else places(one.key_share, 1),
        "/".join(str(one.counts.frequencies.get(frequency, 0)) for frequency in Frequency),
        None if one.load_share is None else places(one.load_share, 1),
        *((road,) if found.has_roads else ()),
    )


def _deciding(found: ReviewedPlan) -> tuple[Block, ...]:
    """What to type: approve or reject; submit, while it is the manager's own."""
    of = f"--month {found.month} --manager {found.manager.code}"
    if found.waiting and not found.waiting.result:
        actor = "" if found.may_decide else " --as " + _("MARKETMANAGER")
        commands = (
            Fact(_("Approve"), f"crmkit plan approve {of}{actor}"),
            Fact(_("Send back"), f"crmkit plan reject {of}{actor} --reason " + _("REASON")),
        )
        return (*_own(found), Heading(_("To decide")), Facts(commands))
    if found.is_draft:
        return (*_own(found), Facts((Fact(_("Hand in"), f"crmkit plan submit --month {found.month}"),)))
    return _own(found)


def _own(found: ReviewedPlan) -> tuple[Block, ...]:
    if not found.is_own:
        return ()
    return (Text(_("This is your own month: so your market manager sees it."), "note"),)
