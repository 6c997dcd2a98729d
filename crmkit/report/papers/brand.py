"""Step 5, the brand state: every rate of every watched product with its count, what is abnormal, what to do."""

from functools import partial
from typing import Any

from crmkit.model.brand import RateState
from crmkit.model.judgement import Judgement
from crmkit.model.product import Product
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text, coded
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.findings import any_judged, bare, by_hand, exact, rate_focus, rate_problems, state_term, texts
from crmkit.report.papers.headings import following, pointer, unwritten, whose
from crmkit.report.terms import month_words, short_day, word
from crmkit.report.words import _
from crmkit.workflow.judge_brand import BrandAnalysis


def brand(result: BrandAnalysis, *, dry_run: bool = False) -> Page:
    """Step 5 as it stands."""
    products = result.by_id
    drafts = rate_problems(result.abnormal, products), rate_focus(result.abnormal, products)
    written = (result.analysis.problems, result.analysis.focus) if result.analysis else (None, None)
    names = {one.code: one.name for one in result.portfolio.owned.values()}
    names |= {one.code: one.name for one in result.products}
    return Page(
        title=_("Brand state"),
        subtitle=whose(result.portfolio.manager, result.portfolio.month),
        schema="brand-state/1",
        facts=_facts(result),
        blocks=(
            *_hints(result),
            *map(partial(_product, result), result.products),
            *texts(*written, drafts, judged=any_judged(result.states)),
            *pointer(result.near, result.portfolio.month),
            *followed(result.consequences, names),
            *unwritten(dry_run=dry_run),
        ),
        data=_data(result, dry_run=dry_run),
        rows=_table(result),
    )


def next_step(result: BrandAnalysis) -> str:
    """What to type after it: what is missing for the next analysis first."""
    month = result.portfolio.month
    if not result.products:
        return following(f"crmkit product watch add PRODUCT --from {result.judged} --as " + _("MARKETMANAGER"))
    if result.targetless:
        code = result.targetless[0].code
        return following(f"crmkit analyze target set {code} --from {result.judged} on_shelf=60")
    if result.listless:
        code = result.listless[0].code
        return following(f"crmkit analyze target choose {code} --month {result.judged} --where state=active")
    return following(f"crmkit analyze market compute --month {month}")


def _facts(result: BrandAnalysis) -> tuple[Fact, ...]:
    counts = {judgement: sum(one.final is judgement for one in result.states) for judgement in Judgement}
    said = _(", ").join(f"{word(judgement)} {count}" for judgement, count in counts.items())
    judged = month_words(result.judged)
    if result.running and result.analysis:
        judged = _("{month}, still running: orders up to {day}").format(
            month=judged, day=short_day(result.analysis.through)
        )
    return (
        Fact(_("Month judged"), judged),
        Fact(_("Watched products"), str(len(result.products))),
        Fact(_("Rates"), said),
        *by_hand(result.states),
    )


def _hints(result: BrandAnalysis) -> tuple[Block, ...]:
    """What is not judged for want of something the manager can set."""
    hints = []
    if not result.products:
        hints.append(_("No product was on the watch list in {month}.").format(month=month_words(result.judged)))
    if result.targetless:
        hints.append(_("Without a target: ") + _(", ").join(one.code for one in result.targetless))
    if result.listless:
        hints.append(_("Without target customers: ") + _(", ").join(one.code for one in result.listless))
    return tuple(Text(hint, "warning") for hint in hints)


def _product(result: BrandAnalysis, product: Product) -> Table:
    """The rates of one product."""
    whole = _table(result)
    rows = tuple(row[2:] for row in whole.rows if row[0] == product.code)
    return Table(whole.columns[2:], rows, title=f"{product.code} {product.name}")


def _table(result: BrandAnalysis) -> Table:
    columns = (
        Column("product", _("Code")),
        Column("name", _("Name")),
        Column("rate", _("Rate")),
        Column("target", _("Target %"), "number"),
        Column("actual", _("Actual %"), "number"),
        Column("count", _("Count"), "number"),
        Column("state", _("State")),
        Column("note", _("Note")),
    )
    rows = tuple(_row(result, one) for one in result.states)
    return Table(columns, rows)


def _row(result: BrandAnalysis, one: RateState) -> tuple[Cell, ...]:
    product = result.by_id[one.product]
    return (
        product.code,
        product.name,
        Term(one.kind.value, word(one.kind)),
        bare(one.target),
        bare(one.rate.value),
        f"{one.rate.numerator}/{one.rate.denominator}",
        state_term(one.computed, one.final),
        one.note,
    )


def _data(result: BrandAnalysis, *, dry_run: bool) -> dict[str, Any]:
    analysis = result.analysis
    return {
        "month": str(result.portfolio.month),
        "judged": str(result.judged),
        "manager": result.portfolio.manager.code,
        "through": coded(analysis.through) if analysis else None,
        "running": result.running,
        "rates": [
            {
                "product": result.by_id[one.product].code,
                "rate": one.kind.value,
                "target": coded(one.target),
                "actual": coded(exact(one.rate.value)),
                "numerator": one.rate.numerator,
                "denominator": one.rate.denominator,
                "computed": one.computed.value,
                "state": one.final.value,
                "note": one.note,
            }
            for one in result.states
        ],
        "problems": analysis.problems if analysis else None,
        "focus": analysis.focus if analysis else None,
        "targetless": [one.code for one in result.targetless],
        "without_customers": [one.code for one in result.listless],
        "consequences": consequence_data(result.consequences),
        "dry_run": dry_run,
    }
