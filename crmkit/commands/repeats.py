"""One option, one value: of two values neither is taken for the one that is meant (bad-input.md 27)."""

from functools import partial
from typing import Any

from typer import _click

from crmkit.model.errors import Fault, Refusal

_SHOWN = 40  # characters of a value in a refusal


class OneValue:
    """A command whose parser refuses an option that is given twice with different values."""

    def make_parser(self, ctx: _click.Context) -> Any:
        parser: Any = super().make_parser(ctx)  # type: ignore[misc]
        for known in {id(one): one for one in (*parser._short_opt.values(), *parser._long_opt.values())}.values():
            if known.action in ("store", "store_const"):
                known.process = partial(_once, known, known.process)
        return parser


def refuse_second(flag: str, first: Any, second: Any) -> None:
    """Refuse a second value that differs from the first; None and False are no values."""
    if first not in (None, False, second):
        shown = [f"{flag} {value}"[: len(flag) + _SHOWN] for value in (first, second)]
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=shown[0], second=shown[1])


def _once(known: Any, keep: Any, value: Any, state: Any) -> None:
    if known.action == "store":
        refuse_second(known.obj.opts[-1], state.opts.get(known.dest), value)
    elif state.opts.get(known.dest, known.const) != known.const:  # --add --remove
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=known.obj.opts[0], second=known.obj.secondary_opts[0])
    keep(value, state)
