"""A plan held against its seal: which data changed, by whom they may be changed, and what the change log explains."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256

from crmkit.model.moving import VisitMove
from crmkit.model.verifying import Because, Difference, InputCheck, InputState

Op = tuple[int, str, str]  # number, command, time
Written = tuple[int, str, str, str]  # the same, and a table that it wrote

_ALWAYS = ("import", "db")
_CUSTOMERS = ("customer", "team", "plan approve", "plan receive", "plan open", "plan team", "review")
_LISTS = ("plan", "analyze", "customer")
_FINDINGS = ("analyze", "plan open")
_EFFECTS = ("analyze", "plan open", "customer")

WRITERS: Mapping[str, tuple[str, ...]] = {
    "customer": (*_CUSTOMERS, "visit"),
    "closed_range": ("customer",),
    "customer_alias": ("customer",),
    "orders": ("customer",),
    "line": ("customer",),
    "score": _EFFECTS,
    "effect": _EFFECTS,
    "effect_item": _EFFECTS,
    "operating": _EFFECTS,
    "strategy": ("analyze", "plan", "visit", "annotate", "customer", "team"),
    "brand_state": _FINDINGS,
    "market_state": _FINDINGS,
    "key_candidate": _LISTS,
    "frequency_line": _LISTS,
    "calendar_day": ("calendar",),
    "day_off": ("calendar", "team"),
    "distance": ("customer",),
    "visit": ("visit", "customer"),
    "unfit_visit": ("plan visits", "plan replan", "customer", "plan team"),
    "forgiven_debt": ("visit forgive", "customer"),
    "document": ("analyze", "plan", "annotate", "review"),
}
"""By table, the commands that write it, by their first words [our default]: what stands under any other command was
written past crmkit.
"""

SOURCES: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer", "closed_range", "customer_alias"),
    "orders": ("orders", "line"),
    "scores": ("score",),
    "effects": ("effect", "effect_item", "operating"),
    "strategies": ("strategy",),
    "findings": ("brand_state", "market_state"),
    "by hand": ("key_candidate", "frequency_line"),
    "frequencies": ("frequency_line",),
    "calendar": ("calendar_day", "day_off"),
    "visits": ("visit",),
    "ways": ("distance",),
    "debts": ("visit", "unfit_visit", "forgiven_debt", "document"),
}
"""What a plan is made from, by the tables it stands in."""


def digest(lines: Iterable[str]) -> str:
    """One digest of many lines, in the order given."""
    return sha256("\n".join(lines).encode()).hexdigest()[:32]


def check_inputs(
    sealed: Mapping[str, str],
    then: Mapping[str, str] | None,
    now: Mapping[str, str],
    writers: Mapping[str, Sequence[Written]],
) -> tuple[InputCheck, ...]:
    """Each kind of data: as sealed, changed since, or altered. `then` are the digests of the file taken back to the
    plan's day (None: it cannot be), `writers` the operations since that wrote such data.
    """
    return tuple(
        InputCheck(name, _state(name, want, then, now, writers.get(name, ())), _operations(writers.get(name, ())))
        if now.get(name) != want or (then is not None and then.get(name) != want)
        else InputCheck(name, InputState.SAME)
        for name, want in sealed.items()
    )


def _state(
    name: str, want: str, then: Mapping[str, str] | None, now: Mapping[str, str], ops: Sequence[Written]
) -> InputState:
    lost = then is not None and then.get(name) != want
    unknown = now.get(name) != want and not ops
    foreign = any(not may_write(table, command) for _seq, command, _at, table in ops)
    return InputState.ALTERED if lost or unknown or foreign else InputState.CHANGED


def may_write(table: str, command: str) -> bool:
    """Does a command of crmkit write this table?"""
    return _is_one_of(command, (*WRITERS.get(table, ()), *_ALWAYS))


def _operations(written: Iterable[Written]) -> tuple[Op, ...]:
    return tuple(dict.fromkeys(one[:3] for one in written))


def _is_one_of(command: str, words: Iterable[str]) -> bool:
    return any(command == one or command.startswith(f"{one} ") for one in words)


def record_differences(
    sealed: Mapping[str, str],
    trail: Iterable[tuple[str, str, str | None]],
    present: Mapping[str, str | None],
    own: str,
) -> tuple[Difference, ...]:
    """Frequencies in the customers' records that no approval wrote. `trail` are (code, command, frequency) from the
    approval on, which was the command `own`; `present` what stands there, by code.
    """
    written: dict[str, str | None] = {}
    foreign: set[str] = set()
    for code, command, frequency in trail:
        if _is_one_of(command, (own, *_CUSTOMERS, *_ALWAYS)):
            written[code] = frequency
        else:
            foreign.add(code)
    wrong = {code for code, want in written.items() if code in present and present[code] != want} | foreign
    return tuple(
        Difference(code, written.get(code, sealed.get(code)), present.get(code), Because.ALTERED)
        for code in sorted(wrong)
        if code in present and written.get(code, sealed.get(code)) != present[code]
    )


def listed_differences(sealed: Sequence[str], found: Sequence[str], because: Because) -> tuple[Difference, ...]:
    """Lists of "code what": each customer that reads otherwise."""
    was, is_now = dict(_parted(sealed)), dict(_parted(found))
    return tuple(
        Difference(code, was.get(code), is_now.get(code), because)
        for code in sorted(was.keys() | is_now.keys())
        if was.get(code) != is_now.get(code)
    )


_DATING = ("customer", "team", "plan team", "plan move", "plan skip", "plan open")


def visit_differences(
    sealed: Sequence[str],
    found: Sequence[str],
    moves: Iterable[tuple[str, VisitMove]],
    ours: Collection[str],
    trail: Iterable[tuple[str, str]],
) -> tuple[Difference, ...]:
    """Visits ("code day") against those sealed: what the moves since explain, what left with its customer, what another
    command did, what nothing explains. `moves` are (code, move) in their order, `trail` (code, command) of all that
    touched a visit since.
    """
    by_command = {code for code, command in trail if _is_one_of(command, (*_DATING, *_ALWAYS))}
    explained, told = Counter(sealed), []
    for code, move in moves:
        was, becomes = (day.isoformat() if day else None for day in (move.was, move.becomes))
        explained.subtract([f"{code} {was}"] if was else [])
        explained.update([f"{code} {becomes}"] if becomes else [])
        told.append(Difference(code, was, becomes, Because.MOVED))
    there = Counter(found)
    for line in sorted((explained - there).elements()):
        code, _space, day = line.rpartition(" ")
        gone = Because.HANDED_OVER if code not in ours else Because.ALTERED
        told.append(Difference(code, day, None, Because.CHANGED if code in by_command else gone))
    for line in sorted((there - explained).elements()):
        code, _space, day = line.rpartition(" ")
        told.append(Difference(code, None, day, Because.CHANGED if code in by_command else Because.ALTERED))
    return tuple(told)


def _parted(lines: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, what) for code, _space, what in (line.partition(" ") for line in lines)]
