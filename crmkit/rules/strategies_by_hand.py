"""What a person may change of a month's service strategies, and what of it stays when they are generated anew.

The number of a strategy is its digit on the daily sheet: it stays all month, whatever is dropped or generated anew,
and no other strategy of that customer and month gets it once a round was submitted [our default].
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import count

from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.strategy import Strategy, StrategyAction, StrategyEdit, StrategyOrigin, StrategyState
from crmkit.rules.strategies import counted

HAND_CODE = "hand"
NO_NUMBERS: Mapping[int, AbstractSet[int]] = {}
Key = tuple[int, str, str]


def numbered(listed: Sequence[Strategy], reserved: Collection[int] = ()) -> dict[int, Strategy]:
    """The strategies of one customer and month by their digit, the dropped ones too.

    Who has a digit keeps it; of two with the same one (two shops that became one) the first does. The others get the
    lowest that is free and not `reserved`, in the order given.
    """
    found: dict[int, Strategy] = {}
    waiting = []
    for one in listed:
        if one.number and one.number not in found:
            found[one.number] = one
        else:
            waiting.append(one)
    free = (n for n in count(1) if n not in found and n not in reserved)
    given = {next(free): one for one in waiting}
    return {n: replace(one, number=n) for n, one in sorted({**found, **given}.items())}


def all_numbered(listed: Iterable[Strategy]) -> tuple[Strategy, ...]:
    """The strategies of many customers, each with its digit."""
    grouped: dict[int, list[Strategy]] = {}
    for one in listed:
        grouped.setdefault(one.customer, []).append(one)
    return tuple(one for mine in grouped.values() for one in numbered(mine).values())


def first_texts(edits: Iterable[StrategyEdit]) -> dict[Key, str | None]:
    """The text each strategy had before a person first gave it another."""
    found: dict[Key, str | None] = {}
    for edit in edits:
        if edit.action is StrategyAction.EDIT:
            found.setdefault(key_of(edit), edit.before)
    return found


def added_by_hand(edits: Iterable[StrategyEdit]) -> set[Key]:
    """The strategies of this month that a person added."""
    return {key_of(edit) for edit in edits if edit.action is StrategyAction.ADD}


def regenerated(
    fresh: Sequence[Strategy],
    standing: Sequence[Strategy],
    edits: Sequence[StrategyEdit],
    reserved: Mapping[int, AbstractSet[int]] = NO_NUMBERS,
) -> tuple[Strategy, ...]:
    """What stands after generating anew: the fresh ones, with what people changed of them.

    Added, dropped and reworded strategies stay, also where nothing calls for them any more [our default: what a
    person wrote is never lost silently]. Every one comes with its number; new ones have no id.
    """
    firsts, known = first_texts(edits), {key_of(one): one for one in standing}
    called = {key_of(one): one for one in fresh}
    kept = [_kept(one, called.get(key_of(one)), firsts) for one in standing]
    new = [one for key, one in called.items() if key not in known]
    grouped: dict[int, list[Strategy]] = {}
    for one in (*(one for one in kept if one), *new):
        grouped.setdefault(one.customer, []).append(one)
    return tuple(
        one for customer, listed in grouped.items() for one in numbered(listed, reserved.get(customer, ())).values()
    )


def uncalled(fresh: Iterable[Strategy], standing: Iterable[Strategy]) -> tuple[Strategy, ...]:
    """Open generated strategies that nothing calls for any more: they stand only because a person reworded them."""
    called = {key_of(one) for one in fresh}
    generated = (one for one in counted(standing) if one.origin is not StrategyOrigin.HAND)
    return tuple(one for one in generated if key_of(one) not in called)


def is_reworded(one: Strategy, firsts: Mapping[Key, str | None]) -> bool:
    """Has a person given it another text that stands?"""
    return key_of(one) in firsts and one.text != firsts[key_of(one)]


def added(listed: Sequence[Strategy], customer: int, month: Month, text: str, reserved: Collection[int]) -> Strategy:
    """A strategy written by hand, with the next free number; one that says the same already is that one."""
    known = numbered(listed)
    for one in known.values():
        if one.text == text and one.state is not StrategyState.DROPPED:
            return one
    made = Strategy(customer, HAND_CODE, StrategyOrigin.HAND, "", text)
    number = next(n for n, one in numbered([*known.values(), made], reserved).items() if one.cause == "" and not one.id)
    return replace(made, number=number, cause=f"{month}/{number}")


def changed(
    listed: Sequence[Strategy],
    edits: Sequence[StrategyEdit],
    number: int,
    action: StrategyAction,
    text: str | None = None,
) -> tuple[Strategy, Strategy]:
    """One strategy before and after an edit, a drop or its taking back; the same twice when that was done before.

    Restoring opens a dropped one; one that is not dropped gets the text it was generated with. Raises Refusal:
    NOT_FOUND (a number nobody has), RULE (strategy-dropped, nothing-to-restore).
    """
    known = numbered(listed)
    if number not in known:
        raise Refusal(Fault.NOT_FOUND, noun="strategy", value=number, known=sorted(known))
    one = known[number]
    dropped = one.state is StrategyState.DROPPED
    if action is StrategyAction.DROP:
        return one, replace(one, state=StrategyState.DROPPED)
    if action is StrategyAction.EDIT:
        if dropped:
            raise Refusal(Fault.RULE, rule="strategy-dropped", value=number, way_out=f"--restore {number}")
        return one, replace(one, text=text)
    if dropped:
        return one, replace(one, state=StrategyState.OPEN)
    firsts = first_texts(edits)
    if not is_reworded(one, firsts):
        raise Refusal(Fault.RULE, rule="nothing-to-restore", value=number, way_out=f"--edit {number} --text TEXT")
    return one, replace(one, text=firsts[key_of(one)])


def last_edits(edits: Iterable[StrategyEdit]) -> dict[Key, StrategyEdit]:
    """The newest change by hand of each strategy."""
    return {key_of(edit): edit for edit in edits}


def key_of(one: Strategy | StrategyEdit) -> Key:
    """What names a strategy in its month, whatever is generated anew."""
    return one.customer, one.code, one.cause


def _kept(one: Strategy, called: Strategy | None, firsts: Mapping[Key, str | None]) -> Strategy | None:
    reworded = is_reworded(one, firsts)
    if called is None:
        by_hand = one.origin is StrategyOrigin.HAND or one.state is StrategyState.DROPPED or reworded
        return one if by_hand else None
    return replace(one, origin=called.origin, text=one.text if reworded else called.text)
