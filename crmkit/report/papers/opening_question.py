"""One question of the sitting: what it is about, who, and what each answer means."""

from collections.abc import Callable, Mapping, Sequence

from crmkit.model.area import GradeBand
from crmkit.model.brand import RateKind
from crmkit.model.customer import Customer, CustomerState
from crmkit.model.figures import VOLUME_SCALE
from crmkit.model.market import Indicator
from crmkit.model.opening import Decision, Matter
from crmkit.model.operating import AbilityItem, Quadrant
from crmkit.model.strategy import KeyCandidate
from crmkit.report.page import Block, Cell, Column, Page, Table, Text
from crmkit.report.papers.findings import area_drafts, figure, percent
from crmkit.report.papers.headings import named
from crmkit.report.papers.month_load import load_blocks
from crmkit.report.papers.opening_words import matter_words
from crmkit.report.terms import problem_words, word
from crmkit.report.words import _, later, ngettext
from crmkit.rules.opening import around_the_line
from crmkit.workflow.answer_opening import border_of
from crmkit.workflow.open_month import UNGRADED, Opening

FIRST = 5  # names shown; all with ?
_HOW: Mapping[Matter, str] = {
    Matter.METHODS: later("Enter: leave it so; onsite, phone, wechat …: for all of them; o: one by one"),
    Matter.LOST: later("Enter: that is right"),
    Matter.DEMAND: later("Enter: confirm all; o: one by one"),
    Matter.SCORES: later("Enter: every item 3 for all (assumed); 4, or six digits: those for all; o: one by one"),
    Matter.UP: later("Enter: all keep last month's scores (carried); 1 3: score these anew; o: one by one"),
    Matter.DOWN: later("Enter: all keep last month's scores (carried); 1 3: score these anew; o: one by one"),
    Matter.BRAND_TARGETS: later("Enter: the same rates for this month (carried), the target customers go along"),
    Matter.RATES: later("Enter: they stay abnormal; 1 3: these are normal, with a note"),
    Matter.INDICATORS: later("Enter: they stay abnormal; 1 3: these are normal, with a note"),
    Matter.TARGETS: later("Enter: take them; volume=12000 …: that one so, the others as proposed"),
    Matter.SATISFACTION: later("Enter: take it; a number: that one"),
    Matter.PROBLEMS: later("Enter: take the draft; 1 3: only these lines; +TEXT: add a line; TEXT: your own words"),
    Matter.FOCUS: later("Enter: take the draft; 1 3: only these lines; +TEXT: add a line; TEXT: your own words"),
    Matter.KEY_LINE: later("Enter: keep the list; 1 4: move these over the line, with a reason"),
    Matter.TIES: later("Enter: keep it; 1 6: these go to the other side, with a reason"),
    Matter.LOAD: later("A reason: accept the repairs and what is short; b: back to key list and ties"),
}
_ALWAYS = later("?: all names; l: later; q: stop, everything answered is kept")


def question(opening: Opening, decision: Decision, place: int, put_off: int = 0, *, show_all: bool = False) -> Page:
    """The question for a terminal: its number, how many more are known, what it is about, who, and how to answer."""
    said, *blocks = _ASKED[decision.matter](opening, decision, show_all)
    more = sum(one.key != decision.key for one in opening.decisions) - put_off
    coming = _(" ({count} more known)").format(count=more) if more > 0 else ""
    how = [_(_HOW[decision.matter]), *([_("m: last month's words")] if _has_last(opening, decision) else [])]
    last = Text("\n".join((*how, _(_ALWAYS))), "note")
    title = f"{place} · {matter_words(decision)}{coming}"
    return Page(title=title, schema="opening-question/1", blocks=(said, *blocks, last))


def draft_lines(opening: Opening, matter: Matter) -> list[str]:
    """The drafted problems or focus, line by line."""
    problems, focus = area_drafts(opening.area)
    return problems if matter is Matter.PROBLEMS else focus


def last_text(opening: Opening, matter: Matter) -> str | None:
    """What stood there last month in a person's words."""
    return opening.last_texts[0 if matter is Matter.PROBLEMS else 1]


def _has_last(opening: Opening, decision: Decision) -> bool:
    return decision.matter in (Matter.PROBLEMS, Matter.FOCUS) and last_text(opening, decision.matter) is not None


def listed(opening: Opening, decision: Decision) -> list[Customer]:
    """The customers of a decision, in the order they are numbered."""
    return [opening.by_code[code] for code in decision.subjects]


def _methods(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = ngettext(
        "{count} customer has no visit method: ranked and planned, but not on week schedules and daily sheets.",
        "{count} customers have no visit method: ranked and planned, but not on week schedules and daily sheets.",
        len(decision.points),
    )
    return [_counted(told, decision), _names(opening, decision, show_all)]


def _lost(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = ngettext(
        "{count} customer of last month is no longer valid.",
        "{count} customers of last month are no longer valid.",
        len(decision.points),
    )
    rows = [(c.code, c.name, _why(p.basis)) for c, p in zip(listed(opening, decision), decision.points, strict=True)]
    columns = (Column("customer", _("Code")), Column("name", _("Name")), Column("why", _("Why")))
    return [_counted(told, decision), *_numbered(columns, rows, show_all=show_all)]


def _why(basis: str) -> str:
    return _("handed over") if basis == "left" else word(CustomerState(basis))


def _demand(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = ngettext(
        "{count} questionnaire is not confirmed; it gives no strategy.",
        "{count} questionnaires are not confirmed; they give no strategies.",
        len(decision.points),
    )
    blocks: list[Block] = [_counted(told, decision)]
    blocks.append(_names(opening, decision, show_all))
    return [*blocks, *missing_demand(opening, show_all=show_all)]


def missing_demand(opening: Opening, *, show_all: bool = False) -> list[Block]:
    """Who has no questionnaire: told, not asked."""
    without = [one.customer for one in opening.demand.missing]
    told = ngettext(
        "{count} customer has no questionnaire: ", "{count} customers have no questionnaire: ", len(without)
    )
    return [Text(told.format(count=len(without)) + named(without, show_all=show_all), "note")] if without else []


def _scores(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = ngettext(
        "{count} customer has no ability scores, and none of last month to carry over.",
        "{count} customers have no ability scores, and none of last month to carry over.",
        len(decision.points),
    )
    said = told.format(count=len(decision.points))
    return [Text(group_word(decision.group) + said), _names(opening, decision, show_all)]


def group_word(group: str) -> str:
    """Grades 11-20, as the head of a question that parts customers by them."""
    if not group:
        return ""
    return (_("without a grade") if group == UNGRADED else word(GradeBand(group))) + _(": ")


def _up(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = ngettext(
        "{count} customer sells better than last month and changes quadrant; its ability scores are last month's.",
        "{count} customers sell better than last month and change quadrant; their ability scores are last month's.",
        len(decision.points),
    )
    return [_counted(told, decision), *_moved(opening, decision, show_all)]


def _down(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = ngettext(
        "{count} customer sells worse than last month and changes quadrant; its ability scores are last month's.",
        "{count} customers sell worse than last month and change quadrant; their ability scores are last month's.",
        len(decision.points),
    )
    return [_counted(told, decision), *_moved(opening, decision, show_all)]


def _moved(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    columns = (
        Column("customer", _("Code")), Column("name", _("Name")), Column("before", _("The month before")),
        Column("now", _("Now")), Column("scores", _("Scores"), "number"),
    )  # fmt: skip
    rows = []
    for customer, point in zip(listed(opening, decision), decision.points, strict=True):
        before, now = map(Quadrant, point.basis.split(">"))
        scores = opening.scores_before.get(customer.id, {})
        digits = "".join(str(scores.get(item, "-")) for item in AbilityItem)
        rows.append((customer.code, customer.name, word(before), word(now), digits))
    return _numbered(columns, rows, show_all=show_all)


def _brand_targets(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = ngettext(
        "{count} watched product had a target last month and has none this month.",
        "{count} watched products had targets last month and have none this month.",
        len(decision.points),
    )
    columns = (Column("product", _("Product")), *(Column(kind.value, word(kind), "number") for kind in RateKind))
    rows = [
        (f"{product.code} {product.name}", *(percent(target.rates.get(kind)) for kind in RateKind))
        for product, target in opening.aimed_before
    ]
    return [_counted(told, decision), *_numbered(columns, rows, show_all=show_all)]


def _rates(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    columns = (
        Column("product", _("Product")), Column("rate", _("Rate")), Column("target", _("Target"), "number"),
        Column("actual", _("Actual"), "number"),
    )  # fmt: skip
    rows = []
    for subject in decision.subjects:
        one = opening.untouched_rates[subject]
        product = opening.area.products[one.product]
        rows.append(
            (f"{product.code} {product.name}", word(one.kind), percent(one.target), percent(one.rate.value))
        )
    return [_by_the_rule(), *_numbered(columns, rows, show_all=True)]


def _indicators(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    columns = (
        Column("indicator", _("Indicator")), Column("target", _("Target"), "number"),
        Column("actual", _("Actual"), "number"),
    )  # fmt: skip
    rows = []
    for subject in decision.subjects:
        kind = Indicator(subject)
        one = opening.indicators[kind]
        rows.append((word(kind), figure(kind, one.target), figure(kind, one.actual)))
    return [_by_the_rule(), *_numbered(columns, rows, show_all=True)]


def _by_the_rule() -> Text:
    return Text(_("Abnormal by the 5 % rule; they make problems, matches and focus."))


def _targets(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    columns = (Column("indicator", _("Indicator")), Column("target", _("Proposed"), "number"))
    rows: list[tuple[Cell, ...]] = []
    for subject in decision.subjects:
        kind = Indicator(subject)
        target = opening.targets.get(kind)
        rows.append((f"{word(kind)} ({subject})", figure(kind, target.target) if target else _("no proposal")))
    told = Text(_("Targets of the month; its analysis next month is judged by them."))
    return [told, Table(columns, tuple(rows))]


def _satisfaction(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    told = _("Satisfaction target: {target}, last month's.") if opening.offered_last else _(
        "Satisfaction target: {target}; last month had none."
    )
    return [Text(told.format(target=opening.offered))]


def _text(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    lines = draft_lines(opening, decision.matter)
    drafted = "\n".join(f"{n} {line}" for n, line in enumerate(lines, start=1)) or _("Nothing is abnormal.")
    last = last_text(opening, decision.matter)
    told = [Text(_("Last month: {text}").format(text=last), "note")] if last else []
    return [Text(_("Drafted from what is abnormal:")), Text(drafted), *told]


def _key_line(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    plan = opening.plan
    assert plan is not None, "a line is one of a plan"
    told = _("{keys} key customers; at most {limit} of {valid} are proposed, {below} candidates stand below the line.")
    columns = (
        Column("rank", _("Rank"), "number"), Column("customer", _("Code")), Column("name", _("Name")),
        Column("standing", _("Standing")), Column("lost", _("Lost cartons"), "number"), Column("reasons", _("Reasons")),
    )  # fmt: skip
    near = around_the_line(plan.candidates, plan.key_limit)
    rows = [_candidate(opening, one, show_all=show_all) for one in near]
    below = sum(one.rank > plan.key_limit for one in plan.candidates if one.reasons)
    said = told.format(keys=len(plan.keys), limit=plan.key_limit, valid=len(opening.portfolio.valid), below=below)
    return [Text(said), *_numbered(columns, rows, show_all=True)]


def _candidate(opening: Opening, one: KeyCandidate, *, show_all: bool) -> tuple[Cell, ...]:
    """The reasons in words with ?, else how many there are: what the rank goes by."""
    customer = opening.portfolio.owned[one.customer]
    why = _("; ").join(map(problem_words, one.reasons)) if show_all else str(len(one.reasons))
    return one.rank, customer.code, customer.name, word(one.standing), round(one.lost_volume / VOLUME_SCALE), why


def _ties(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    border = border_of(opening, decision)
    said = _("{up} of {tied} with {number} strategies went {upper}, the others {lower}, {by}.").format(
        up=border.went_up, tied=border.tied, number=border.strategies, upper=word(border.upper),
        lower=word(border.lower), by=word(border.by),
    )  # fmt: skip
    columns = (Column("customer", _("Code")), Column("name", _("Name")), Column("frequency", _("Visit frequency")))
    rows = [
        (opening.portfolio.owned[key].code, opening.portfolio.owned[key].name, word(frequency))
        for frequency, keys in ((border.upper, border.above[:FIRST][::-1]), (border.lower, border.below[:FIRST]))
        for key in keys
    ]
    return [Text(said), *_numbered(columns, rows, show_all=True)]


def _load(opening: Opening, decision: Decision, show_all: bool) -> list[Block]:
    assert opening.plan is not None, "a load is one of a plan"
    said = Text(_("The month does not hold every visit. Repairs, cheapest first; frequencies stay."), "warning")
    return [said, *load_blocks(opening.plan, show_all=show_all)]


_ASKED: Mapping[Matter, Callable[[Opening, Decision, bool], list[Block]]] = {
    Matter.METHODS: _methods,
    Matter.LOST: _lost,
    Matter.DEMAND: _demand,
    Matter.SCORES: _scores,
    Matter.UP: _up,
    Matter.DOWN: _down,
    Matter.BRAND_TARGETS: _brand_targets,
    Matter.RATES: _rates,
    Matter.INDICATORS: _indicators,
    Matter.TARGETS: _targets,
    Matter.SATISFACTION: _satisfaction,
    Matter.PROBLEMS: _text,
    Matter.FOCUS: _text,
    Matter.KEY_LINE: _key_line,
    Matter.TIES: _ties,
    Matter.LOAD: _load,
}


def _counted(told: str, decision: Decision) -> Text:
    return Text(told.format(count=len(decision.points)))


def _names(opening: Opening, decision: Decision, show_all: bool) -> Text:
    return Text(named(listed(opening, decision), show_all=show_all))


def _numbered(columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], *, show_all: bool) -> list[Block]:
    """Rows with the numbers an answer may name; the first of them, and how many more."""
    shown = rows if show_all else rows[:FIRST]
    more = len(rows) - len(shown)
    table = Table((Column("no", _("No."), "number"), *columns), tuple((n, *row) for n, row in enumerate(shown, 1)))
    return [table, *([Text(_("and {count} more (?)").format(count=more), "note")] if more else [])]
