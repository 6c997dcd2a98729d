"""What commands of packages have in common: -o FILE.crmplan, the key, and where an answer goes."""

from pathlib import Path

import typer

from crmkit.commands.tree import context_of
from crmkit.context import Context
from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import _
from crmkit.sources.review_key import read_key
from crmkit.store import files


def packing(ctx: typer.Context, read: Path | None = None) -> tuple[Context, Path | None]:
    """The context of this run, and the package -o names: a file of that suffix is the package, not the page.

    `read` is the package the command reads: it is never written over.
    """
    from crmkit.model.package import SUFFIX

    options = ctx.obj.options
    target = Path(options.output) if options.output and options.output.lower().endswith(SUFFIX) else None
    if target is not None:
        options.output = None
    context = context_of(ctx)
    if target is not None:
        refuse_target(target, read)
    return context, target


def refuse_target(target: Path, read: Path | None = None) -> None:
    """Before any work: a package that could not be written after it. Raises Refusal."""
    files.part_beside(target)
    files.refuse_precious(target)
    if read is not None and files.is_among(str(target), [read]):
        raise Refusal(Fault.BAD_VALUE, option="-o", value=str(target), expected=_("a file this command does not read"))


def key_of(context: Context) -> bytes | None:
    """The key that both sides share, where one is set."""
    word, _origin = context.setting("review_key")
    return read_key(Path(word) if word else None)
