"""Step 2, ability scores: one customer's in detail, the headers of the file to score in, what the prompt says."""

from crmkit.model.customer import Customer
from crmkit.model.importing import Field
from crmkit.model.operating import AbilityItem, Effect
from crmkit.report.page import Column, Fact, Page, Table, Term, coded
from crmkit.report.terms import month_words, word
from crmkit.report.words import _
from crmkit.workflow.show_scores import ScoreLine, ShownScores


def headers() -> dict[Field, str]:
    """The columns of the file to score in; an import knows them in both languages."""
    return {
        Field.SCORE_CUSTOMER: _("customer code"),
        Field.CUSTOMER_NAME: _("customer name"),
        Field.SCORE_MONTH: _("month"),
        Field.SCORE_DISPLAY: word(AbilityItem.DISPLAY),
        Field.SCORE_STOCK: word(AbilityItem.STOCK),
        Field.SCORE_PRICING: word(AbilityItem.PRICING),
        Field.SCORE_RECOMMENDING: word(AbilityItem.RECOMMENDING),
        Field.SCORE_ONLINE: word(AbilityItem.ONLINE),
        Field.SCORE_LAWFUL: word(AbilityItem.LAWFUL),
    }


def detail(shown: ShownScores) -> Page:
    """One customer's scores, item by item."""
    columns = (
        Column("item", _("Item")),
        Column("score", _("Score"), "number"),
        Column("last", _("The month before"), "number"),
        Column("weak", _("Weak")),
        Column("origin", _("Scores from")),
        Column("by", _("Who")),
        Column("at", _("When")),
    )
    given = [line.score for line in shown.lines if line.score is not None]
    ability = f"{sum(given) * 20 / len(given):.1f}" if len(given) == len(shown.lines) else _("not scored")
    return Page(
        title=f"{shown.customer.code} {shown.customer.name}",
        subtitle=month_words(shown.month),
        schema="scores/1",
        facts=(Fact(_("Operating ability"), ability),),
        blocks=(Table(columns, tuple(map(_row, shown.lines))),),
        data={
            "customer": shown.customer.code,
            "month": str(shown.month),
            "items": [
                {
                    "item": line.item.value,
                    "score": line.score,
                    "last": line.last,
                    "weak": line.weak,
                    "origin": line.origin.value if line.origin else None,
                    "by": line.by,
                    "at": line.at,
                }
                for line in shown.lines
            ],
        },
    )


def _row(line: ScoreLine) -> tuple[Term | int | str | None, ...]:
    return (
        Term(line.item.value, word(line.item)),
        line.score,
        line.last,
        Term("weak", _("weak")) if line.weak else None,
        Term(line.origin.value, word(line.origin)) if line.origin else None,
        line.by,
        line.at[:16].replace("T", " "),
    )


def scored(customers: int, *, dry_run: bool) -> str:
    """How many customers a command gave scores; none is said too."""
    told = _("Customers that would get scores: {count}") if dry_run else _("Customers that got scores: {count}")
    return told.format(count=customers)


def asked(customer: Customer, effect: Effect | None, last: dict[AbilityItem, int], place: int, count: int) -> str:
    """What is said before one customer is scored: who, how it sells, last month's scores."""
    score = coded(round(effect.score, 1)) if effect and effect.score is not None else "-"
    lines = [
        f"{place}/{count}  {customer.code} {customer.name}",
        _("effect {score}").format(score=score) + (_("; last month ") + _digits(last) if last else ""),
    ]
    return "\n".join(lines)


def how_to_answer() -> str:
    """The order of the digits and the words that move on."""
    items = _(", ").join(word(item) for item in AbilityItem)
    return _(
        "Six digits 1-5: {items}. Enter takes last month's; s skips, b goes back, q stops. Each answer is kept at once."
    ).format(items=items)


def not_understood() -> str:
    return _("Six digits from 1 to 5, as 344355; Enter, s, b or q.")


def _digits(scores: dict[AbilityItem, int]) -> str:
    return "".join(str(scores.get(item, "-")) for item in AbilityItem)
