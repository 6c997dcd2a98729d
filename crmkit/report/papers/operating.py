"""Step 2, the operating state: who was computed and scored, the quadrants, one customer's effect."""

from decimal import Decimal
from typing import Any

from crmkit.model.operating import AbilityItem, EffectItem, Quadrant, ScoreOrigin
from crmkit.report.page import Block, Column, Fact, Heading, Page, Table, Term, Text, coded
from crmkit.report.papers import headings
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.headings import following, unwritten, whose
from crmkit.report.terms import month_words, word
from crmkit.report.words import _, later
from crmkit.workflow.analyze_operating import OperatingState
from crmkit.workflow.show_effect import EffectLine, ShownEffect
from crmkit.workflow.way_to_plan import way_to_scores

_STATES = {
    None: later("nothing computed yet"),
    "computed": later("computed, not yet generated"),
    "generated": later("generated"),
}
# each quadrant as effect/ability
_MATRIX = ((Quadrant.KEEP, Quadrant.UNLOCK), (Quadrant.COACH, Quadrant.SUPPORT))
_UNSCORED_SHOWN = 10


def state(result: OperatingState, *, dry_run: bool = False) -> Page:
    """Step 2 as it stands."""
    manager, month = result.portfolio.manager, result.portfolio.month
    return Page(
        title=_("Operating state"),
        subtitle=whose(manager, month),
        schema="operating-state/1",
        facts=_facts(result),
        blocks=(
            *_orderless(result),
            *_late(result),
            *_matrix(result),
            *_unscored(result),
            *_followed(result),
            *unwritten(dry_run=dry_run),
        ),
        data=_state_data(result, dry_run=dry_run),
        rows=_customers(result),
    )


def _late(result: OperatingState) -> tuple[Block, ...]:
    """Orders that came after the state was computed move nothing by themselves; they are told."""
    if not result.late_lines:
        return ()
    told = _("Order lines that came or changed since it was computed: {count}; what they would change: {command}")
    command = f"crmkit analyze restate --month {result.portfolio.month}"
    return (Text(told.format(count=result.late_lines, command=command), "warning"),)


def next_step(result: OperatingState) -> str:
    """What to type after it."""
    month = result.portfolio.month
    if result.state is None:
        return following(f"crmkit analyze compute --month {month}")
    if result.unscored:
        told = _("{command}; or one by one: CUSTOMER display=4 …")
        return following(told.format(command=way_to_scores(month, result.carriable)))
    if result.is_submitted:
        return following(f"crmkit status --month {month}")
    if result.state == "computed":
        return following(f"crmkit analyze generate --month {month}")
    return following(f"crmkit plan strategies --month {month} --satisfaction 90")


def effect(shown: ShownEffect) -> Page:
    """One customer's effect, item by item."""
    customer, found = shown.customer, shown.effect
    columns = (
        Column("item", _("Item")),
        Column("value", _("Value"), "number"),
        Column("score", _("Percentile"), "number"),
        Column("weight", _("Weight %"), "number"),
        Column("weak", _("Weak")),
    )
    rows = tuple(map(_effect_row, shown.lines))
    facts = [
        Fact(_("Operating effect"), _number(found.score)),
        Fact(_("Compared with"), f"{word(found.peers)} ({found.peer_count})"),
        Fact(_("Operating ability"), _ability(shown)),
        Fact(_("Quadrant"), word(shown.quadrant) if shown.quadrant else "-"),
    ]
    return Page(
        title=f"{customer.code} {customer.name}",
        subtitle=month_words(shown.month),
        schema="effect/1",
        facts=tuple(facts),
        blocks=(Table(columns, rows),),
        data=_effect_data(shown),
    )


def _facts(result: OperatingState) -> tuple[Fact, ...]:
    month = result.portfolio.month
    from_orders = _("{count} customers, from the orders of {month} against {before}").format(
        count=len(result.effects), month=month.previous, before=month.plus(-2)
    )
    return (
        Fact(_("State"), _(_STATES[result.state])),
        Fact(_("Valid customers"), str(len(result.portfolio.valid))),
        Fact(_("Effect computed"), from_orders if result.effects else "0"),
        Fact(_("Ability scored"), _scored(result)),
        *((Fact(_("Not one by one"), _unseen(result)),) if result.unseen else ()),
    )


def _orderless(result: OperatingState) -> tuple[Block, ...]:
    """An export that was not imported yet looks like shops that stopped ordering."""
    told = _("No orders of {month} are in the file; import them and compute again, or the figures mean nothing.")
    return tuple(Text(told.format(month=month), "warning") for month in result.orderless)


def _followed(result: OperatingState) -> tuple[Block, ...]:
    return followed(result.consequences, {one.code: one.name for one in result.portfolio.owned.values()})


def _scored(result: OperatingState) -> str:
    """240, of them carried over 200, entered 40."""
    counts = dict.fromkeys(ScoreOrigin, 0)
    for ability in result.abilities.values():
        counts[ability.origin] += 1
    parts = [f"{word(origin)} {count}" for origin, count in counts.items() if count]
    return str(len(result.abilities)) + (_(": ") + _(", ").join(parts) if parts else "")


def _unseen(result: OperatingState) -> str:
    """carried over 229: 001, 2026-11-27."""
    acts = [f"{word(one.origin)} {one.customers}{_(': ')}{one.by} {one.day}".rstrip() for one in result.unseen]
    return _("; ").join(acts)


def _matrix(result: OperatingState) -> tuple[Block, ...]:
    if not result.quadrants:
        return ()
    columns = (Column("ability", ""), Column("high", _("effect high")), Column("low", _("effect low")))
    rows = tuple(
        (side, *(f"{word(place)} {result.counts[place]}" for place in places))
        for side, places in zip((_("ability high"), _("ability low")), _MATRIX, strict=True)
    )
    blank = result.counts[None]
    note = (Text(_("{count} customers without any figure stand in no quadrant.").format(count=blank), "note"),)
    return (Table(columns, rows, title=_("Quadrants")), *(note if blank else ()))


def _unscored(result: OperatingState) -> tuple[Block, ...]:
    if not result.unscored or not result.effects:
        return ()
    head = _("{count} customers are not scored yet").format(count=len(result.unscored))
    lacking = [
        Text(f"{one.code} {one.name}" + _(": missing ") + _(", ").join(map(word, result.partly[one.id])))
        for one in result.unscored
        if one.id in result.partly
    ]
    whole = [one for one in result.unscored if one.id not in result.partly]
    return Heading(head), *lacking[:_UNSCORED_SHOWN], Text(headings.named(whole, first=_UNSCORED_SHOWN))


def _customers(result: OperatingState) -> Table:
    """Every valid customer, for spreadsheets."""
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("effect", _("Operating effect"), "number"),
        Column("ability", _("Operating ability"), "number"),
        Column("quadrant", _("Quadrant")),
        Column("scores", _("Scores from")),
    )
    rows = []
    for one in result.portfolio.valid:
        found, ability = result.effects.get(one.id), result.abilities.get(one.id)
        place = result.quadrants.get(one.id)
        origin = Term(ability.origin.value, word(ability.origin)) if ability else None
        rows.append(
            (
                one.code,
                one.name,
                _rounded(found.score if found else None),
                _rounded(ability.score if ability else None),
                Term(place.value, word(place)) if place else None,
                origin,
            )
        )
    return Table(columns, tuple(rows))


def _state_data(result: OperatingState, *, dry_run: bool) -> dict[str, Any]:
    known = result.portfolio.by_id
    return {
        "month": str(result.portfolio.month),
        "manager": result.portfolio.manager.code,
        "state": result.state,
        "valid": len(result.portfolio.valid),
        "computed": len(result.effects),
        "scored": len(result.abilities),
        "unscored": headings.coded(result.unscored),
        "partly": {known[key].code: [item.value for item in items] for key, items in result.partly.items()},
        "quadrants": {place.value: result.counts[place] for place in Quadrant},
        "late_lines": result.late_lines,
        "customers": _customers(result).records(),
        "orderless": [str(month) for month in result.orderless],
        "unseen": [
            {"origin": one.origin.value, "by": one.by, "day": one.day, "customers": one.customers}
            for one in result.unseen
        ],
        "consequences": consequence_data(result.consequences),
        "dry_run": dry_run,
    }


def _effect_row(line: EffectLine) -> tuple[str | Decimal | Term | None, ...]:
    detail = line.detail
    return (
        Term(detail.item.value, word(detail.item)),
        item_value(detail.item, detail.value),
        _rounded(detail.score),
        line.weight,
        Term("weak", _("weak")) if line.weak else None,
    )


def item_value(item: EffectItem, value: Decimal | None) -> str:
    """A value as people read it: growth and shares in percent, carton value in money."""
    if value is None:
        return _("no data")
    if item is EffectItem.VOLUME_GROWTH:
        return f"{value:+.1%}"
    if item is EffectItem.ORDERED_SHARE:
        return f"{value:.1%}"
    return f"{value / 100:.2f}" if item is EffectItem.CARTON_VALUE else f"{value:f}"


def _ability(shown: ShownEffect) -> str:
    if shown.ability is None:
        return _("not scored")
    scores = shown.ability.scores
    items = [f"{word(item)} {scores[item]}" + ("↓" if item in shown.weak_abilities else "") for item in AbilityItem]
    return f"{_number(shown.ability.score)}{_(': ')}{_(', ').join(items)}"


def _effect_data(shown: ShownEffect) -> dict[str, Any]:
    ability = shown.ability
    return {
        "customer": shown.customer.code,
        "month": str(shown.month),
        "effect": coded(shown.effect.score),
        "peers": shown.effect.peers.value,
        "peer_count": shown.effect.peer_count,
        "items": [
            {
                "item": line.detail.item.value,
                "value": coded(line.detail.value),
                "score": coded(line.detail.score),
                "weight": coded(line.weight),
                "weak": line.weak,
            }
            for line in shown.lines
        ],
        "ability": coded(ability.score) if ability else None,
        "scores": {item.value: ability.scores[item] for item in AbilityItem} if ability else None,
        "weak_abilities": [item.value for item in shown.weak_abilities],
        "quadrant": shown.quadrant.value if shown.quadrant else None,
    }


def _number(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 1)
