"""Step 8, the month plan: problems, key customers, frequencies and their ties, whether the month holds it."""

from itertools import zip_longest

from crmkit.model.customer import Customer, Frequency
from crmkit.model.document import DocumentState
from crmkit.model.figures import VOLUME_SCALE
from crmkit.model.strategy import FrequencySource, KeyCandidate, Standing, TieBorder
from crmkit.report.page import Block, Cell, Column, Fact, Facts, Heading, Page, Table, Term, Text
from crmkit.report.papers.feedback import argued_blocks, argued_data
from crmkit.report.papers.findings import area_texts
from crmkit.report.papers.headings import FIRST, following, named, rejected, unwritten, whose
from crmkit.report.papers.month_load import load_blocks, load_words
from crmkit.report.papers.month_plan_data import frequency_table, plan_data
from crmkit.report.papers.plan_comparison import plan_facts
from crmkit.report.papers.visit_debts import debt_line
from crmkit.report.terms import problem_words, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.compare_rounds import Argument
from crmkit.workflow.generate_month_plan import MonthPlan
from crmkit.workflow.visit_debt import VisitDebts


def month_plan(
    plan: MonthPlan,
    argued: Argument | None = None,
    owed: VisitDebts | None = None,
    *,
    show_all: bool = False,
    dry_run: bool = False,
) -> Page:
    """The whole plan, with visits owed from before in one line; every name with --all. `argued`: what the two who
    argue about it should see first.
    """
    blocks: list[Block] = [*rejected(plan.rejection), *argued_blocks(argued)]
    blocks += [*area_texts(plan.area, plan.texts), _problems(plan)]
    blocks += [*_keys(plan, show_all=show_all), _frequencies(plan)]
    blocks += [_tie(border, plan, show_all=show_all) for border in plan.borders]
    blocks += _overwritten(plan, show_all=show_all)
    blocks += load_blocks(plan, show_all=show_all)
    blocks += _visits(plan)
    blocks += debt_line(owed.open) if owed else ()
    blocks += _methodless(plan, show_all=show_all)
    return Page(
        title=_("Month plan"),
        subtitle=whose(plan.portfolio.manager, plan.portfolio.month),
        schema="month-plan/1",
        facts=_facts(plan),
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data=plan_data(plan, dry_run=dry_run) | argued_data(argued),
        rows=frequency_table(plan),
    )


def changed(plan: MonthPlan, customer: Customer, *, dry_run: bool = False) -> Page:
    """What a change by hand made of one customer, and of the whole plan."""
    line = next(line for line in plan.lines if line.customer == customer.id)
    candidate = next((c for c in plan.candidates if c.customer == customer.id), None)
    facts = [
        Fact(_("Key list"), word(candidate.standing) if candidate else _("not on it")),
        Fact(_("Visit frequency"), f"{word(line.frequency)} ({word(line.source)})"),
        *_facts(plan)[1:],
    ]
    return Page(
        title=f"{customer.code} {customer.name}",
        subtitle=whose(plan.portfolio.manager, plan.portfolio.month),
        schema="month-plan/1",
        facts=tuple(facts),
        blocks=unwritten(dry_run=dry_run),
        data=plan_data(plan, dry_run=dry_run) | argued_data(None),
        rows=frequency_table(plan),
    )


def next_step(plan: MonthPlan) -> str:
    """What to type after it."""
    month = plan.portfolio.month
    if plan.state in (None, DocumentState.DRAFT):
        shortage = "" if plan.load.fits else " --accept-shortage " + _("REASON")
        return following(f"crmkit plan submit --month {month}{shortage}")
    if plan.state is DocumentState.SUBMITTED:
        return following(f"crmkit plan approve --month {month} --as " + _("MARKETMANAGER"))
    return following(f"crmkit {'status' if plan.visits else 'plan visits'} --month {month}")


def _facts(plan: MonthPlan) -> tuple[Fact, ...]:
    kinds = [(frequency, sum(line.frequency is frequency for line in plan.lines)) for frequency in Frequency]
    return (
        Fact(_("State"), word(plan.state or DocumentState.DRAFT)),
        Fact(_("Valid customers"), str(len(plan.portfolio.valid))),
        Fact(_("Key customers"), _keys_words(plan)),
        Fact(_("Visit frequencies"), _(", ").join(f"{word(kind)} {count}" for kind, count in kinds)),
        Fact(_("Visits"), load_words(plan)),
    )


def _keys_words(plan: MonthPlan) -> str:
    return _("{count}; {limit} proposed at most, of {candidates} with reasons").format(
        count=len(plan.keys), limit=plan.key_limit, candidates=sum(bool(c.reasons) for c in plan.candidates)
    )


def _problems(plan: MonthPlan) -> Table:
    columns = (Column("problem", _("Problem")), Column("count", _("Customers"), "number"))
    rows = tuple((Term(code, problem_words(code)), count) for code, count in plan.problem_counts.most_common())
    title = _("Problems of {month}").format(month=plan.portfolio.month.previous)
    return Table(columns, rows, title=title, empty=_("No customer has a problem."))


def _keys(plan: MonthPlan, *, show_all: bool) -> list[Block]:
    """The key list, then the line, then who stands below it or was taken off."""
    off = [c for c in plan.candidates if not c.standing.is_key]
    blocks: list[Block] = [_key_table(plan, plan.keys, _("Key customers"))]
    below = tuple(plan.portfolio.owned[c.customer] for c in off if c.standing is Standing.BELOW)
    if below:
        told = ngettext("{count} candidate below the line", "{count} candidates below the line", len(below))
        blocks.append(Text(told.format(count=len(below)) + _(": ") + named(below, show_all=show_all)))
    removed = [c for c in off if c.standing is Standing.REMOVED]
    if removed:
        blocks.append(_key_table(plan, tuple(removed), _("Taken off by hand")))
    return blocks


def _key_table(plan: MonthPlan, listed: tuple[KeyCandidate, ...], title: str) -> Table:
    columns = (
        Column("rank", _("Rank"), "number"),
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("standing", _("Standing")),
        Column("lost", _("Lost cartons"), "number"),
        Column("reasons", _("Why")),
    )
    return Table(columns, tuple(_key_row(plan, c) for c in listed), title=title, empty=_("Nobody is on the list."))


def _key_row(plan: MonthPlan, candidate: KeyCandidate) -> tuple[Cell, ...]:
    customer = plan.portfolio.owned[candidate.customer]
    why = [*map(problem_words, candidate.reasons), *((candidate.note,) if candidate.note else ())]
    standing = Term(candidate.standing.value, word(candidate.standing))
    return (
        candidate.rank,
        customer.code,
        customer.name,
        standing,
        _whole_cartons(candidate.lost_volume),
        _("; ").join(why),
    )


def _frequencies(plan: MonthPlan) -> Table:
    """How many customers are visited how often, and what put them there."""
    counts = plan.frequency_counts
    sources = [s for s in FrequencySource if any(counts[f, s] for f in Frequency)]
    columns = (
        Column("frequency", _("Visit frequency")),
        *(Column(source.value, word(source), "number") for source in sources),
        Column("all", _("Together"), "number"),
    )
    rows: list[tuple[Cell, ...]] = []
    for frequency in Frequency:
        each = [counts[frequency, source] for source in sources]
        rows.append((Term(frequency.value, word(frequency)), *each, sum(each)))
    return Table(columns, tuple(rows), title=_("Visit frequencies"))


def _tie(border: TieBorder, plan: MonthPlan, *, show_all: bool) -> Table:
    """23 of 47 with 3 strategies went weekly, by last month's volume; then the names nearest to the border."""
    said = _("{up} of {tied} with {number} strategies went {upper}, the others {lower}, {by}.").format(
        up=border.went_up,
        tied=border.tied,
        number=border.strategies,
        upper=word(border.upper),
        lower=word(border.lower),
        by=word(border.by),
    )
    columns = (Column("above", word(border.upper)), Column("below", word(border.lower)))
    sides = [_side(plan, customers, show_all=show_all) for customers in (border.above, border.below)]
    return Table(columns, tuple(zip_longest(*sides)), title=said)


def _side(plan: MonthPlan, customers: tuple[int, ...], *, show_all: bool) -> list[str]:
    shown = customers if show_all else customers[:FIRST]
    more = len(customers) - len(shown)
    said = [f"{plan.portfolio.owned[one].code} {plan.portfolio.owned[one].name}" for one in shown]
    return [*said, *([_("and {count} more (--all)").format(count=more)] if more else [])]


def _overwritten(plan: MonthPlan, *, show_all: bool) -> list[Block]:
    """Last month's frequencies set by hand that approval writes over."""
    if not plan.overwritten:
        return []
    told = tuple(plan.portfolio.owned[line.customer] for line in plan.overwritten)
    said = _("Set by hand last month; approval writes over it: ")
    return [Text(said + named(told, show_all=show_all), "warning")]


def _visits(plan: MonthPlan) -> list[Block]:
    """The dated visits in figures, once there are any."""
    return [Heading(_("Dated visits")), Facts(plan_facts(plan.visits))] if plan.visits else []


def _methodless(plan: MonthPlan, *, show_all: bool) -> list[Block]:
    methodless = plan.portfolio.parted.methodless
    if not methodless:
        return []
    said = _("Without a visit method, so not on week schedules and daily sheets: ")
    return [Heading(_("To be mended")), Text(said + named(methodless, show_all=show_all), "warning")]


def _whole_cartons(volume: int) -> int:
    """For reading; JSON keeps the thousandths."""
    return (volume + VOLUME_SCALE // 2) // VOLUME_SCALE
