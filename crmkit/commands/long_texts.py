"""How long a text of one's own may be: what the file keeps of it, said before any work is done."""

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import _

LONGEST: Mapping[str, int] = {
    "reason": 400,
    "note": 400,
    "add": 400,
    "text": 400,
    "route": 400,
    "accept_shortage": 1000,
    "anomaly": 2000,
    "opinion": 2000,
    "effect": 2000,
    "problems": 4000,
    "focus": 4000,
    "market": 4000,
    "brand": 4000,
    "state": 4000,
    "schedule": 4000,
    "completion": 4000,
    "accuracy": 4000,
    "experience": 4000,
    "shortcomings": 4000,
}
"""Characters of a text, by the name of its parameter; as long as the columns that keep it."""

OTHERWISE: Mapping[tuple[str, str], int] = {
    ("customer closed", "reason"): 200,
    ("plan withdraw", "reason"): 1000,
    ("plan reject", "reason"): 1000,
    ("review reject", "reason"): 1000,
    ("annotate restate", "reason"): 1000,
    ("annotate reject", "reason"): 1000,
    ("plan week", "note"): 1000,
    ("visit miss", "note"): 2000,
    ("summarize week", "effect"): 4000,
    ("summarize month", "reason"): 4000,
}
"""By command and parameter, where the column is another."""

_SHOWN = 20  # characters of a text in a refusal
_METAVARS = ("TEXT", "REASON", "DATE=TEXT")


def longest(command: str, name: str) -> int:
    """The most characters of a text."""
    return OTHERWISE.get((command, name), LONGEST[name])


def refuse_long(ctx: typer.Context, command: str) -> None:
    """Refuse a text that is longer than what keeps it (BAD_VALUE), by its option."""
    for option, name, text in _texts(ctx):
        most = longest(command, name)
        if len(text) > most:
            expected = _("at most {most} characters, these are {count}").format(most=most, count=len(text))
            raise Refusal(Fault.BAD_VALUE, option=option, value=f"{text[:_SHOWN]}…", expected=expected)


def _texts(ctx: typer.Context) -> Iterator[tuple[str, str, str]]:
    """Option, name of the parameter and text of every text that was given; of DATE=TEXT the text alone."""
    for param in ctx.command.params:
        given: Any = ctx.params.get(param.name or "")
        if not given or not param.name or param.name not in LONGEST or param.metavar not in _METAVARS:
            continue
        texts = given if isinstance(given, list | tuple) else [given]
        yield from ((param.opts[-1], param.name, _own(param, text)) for text in texts if isinstance(text, str))


def _own(param: Any, text: str) -> str:
    return text.partition("=")[2] if param.metavar.startswith("DATE=") else text
