"""The options every command takes (cli.md), wherever in the line they stand."""

from collections.abc import Callable
from typing import Any

from typer import _click
from typer.core import TyperOption

from crmkit.commands.repeats import refuse_second
from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import LANGUAGES, _

FORMATS = ("table", "plain", "csv", "tsv", "json", "ndjson", "md", "html", "pdf", "svg", "png", "text")
EXPORTED = ("ics", "xlsx")  # files one command makes; every other refuses them by itself
COLOURS = ("auto", "always", "never")


def _keep(ctx: _click.Context, param: Any, value: Any) -> Any:
    """Keep an option of the run, wherever in the line it stood."""
    if value is not None and value is not False and ctx.obj is not None:
        refuse_second(param.opts[-1], getattr(ctx.obj.options, param.name), value)  # crmkit --db A plan --db B
        setattr(ctx.obj.options, param.name, value)
    return value


def _one_of(allowed: tuple[str, ...]) -> Callable[[_click.Context, Any, Any], Any]:
    """A callback that keeps one of these words and refuses all others."""

    def keep(ctx: _click.Context, param: Any, value: Any) -> Any:
        if value is not None and value not in allowed:
            raise Refusal(Fault.BAD_VALUE, option=param.opts[0], value=value, expected=" ".join(allowed))
        return _keep(ctx, param, value)

    return keep


def _option(*flags: str, help_text: str, callback: Any = _keep, **more: Any) -> TyperOption:
    return TyperOption(param_decls=list(flags), help=help_text, expose_value=False, callback=callback, **more)


def _choice(flag: str, allowed: tuple[str, ...], metavar: str, help_text: str) -> TyperOption:
    return _option(flag, type=str, metavar=metavar, help_text=help_text, callback=_one_of(allowed))


def common_options() -> list[TyperOption]:
    """The options every command takes (cli.md)."""
    person = _("Who acts: code or name of a person of the file.")
    output = _("Write the page to a file; its suffix names the format.")
    return [
        _option("--db", type=str, metavar="FILE", help_text=_("Database file.")),
        _option("--as", "actor", type=str, metavar="CODE", help_text=person),
        _choice("--lang", LANGUAGES, "zh|en", _("Language of all words.")),
        _choice("--format", (*FORMATS, *EXPORTED), "F", "|".join(FORMATS)),
        _option("-o", "--output", type=str, metavar="FILE", help_text=output),
        _option("--fields", type=str, metavar="A,B", help_text=_("Only these columns of the table.")),
        _choice("--color", COLOURS, "WHEN", "|".join(COLOURS)),
        _option("-q", "--quiet", is_flag=True, default=False, help_text=_("No talk, only the answer.")),
        _option("--verbose", is_flag=True, default=False, help_text=_("Say which files and settings are used.")),
        _option("-y", "--yes", is_flag=True, default=False, help_text=_("Answer yes to every question.")),
        _option("--debug", is_flag=True, default=False, help_text=_("Show the traceback of a bug.")),
    ]
