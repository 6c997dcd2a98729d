"""crmkit import: export files in, and what was imported before."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from crmkit.commands.coordinates import Coordinates
from crmkit.commands.tree import Group, command, context_of
from crmkit.model.errors import Exit, Fault, Refusal
from crmkit.model.importing import Kind
from crmkit.report.papers import database, import_history, imports
from crmkit.report.words import _
from crmkit.workflow.import_files import import_files
from crmkit.workflow.list_imports import list_imports, show_import, undo_import

_VALUED = ("--db", "--as", "--lang", "--format", "-o", "--output", "--fields", "--color")
_FILES = "files"  # the command behind `crmkit import FILE…`; nobody needs to type its name


class DateWord(StrEnum):
    """The order of day, month and year in dates that could be read in two ways."""

    YMD = "ymd"
    MDY = "mdy"
    DMY = "dmy"
    EXCEL = "excel"
    EXCEL_1904 = "excel-1904"


class ImportGroup(Group):
    """`crmkit import FILE…` is a command although `import` has sub-words: history, show, undo."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{**more, "subcommand_metavar": "FILE… | history | show N | undo N"})

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The sub-words, then the options of `crmkit import FILE…`."""
        self.format_commands(ctx, formatter)
        self.commands[_FILES].format_options(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and self._first_word(args) not in self.commands and not set(args) & {"--help", "-h"}:
            args = [_FILES, *args]
        return super().parse_args(ctx, args)

    def _first_word(self, args: list[str]) -> str | None:
        """The first argument that is neither an option nor the value of one that stands before the sub-word."""
        words = iter(args)
        for word in words:
            if word in _VALUED:
                next(words, None)
            elif not word.startswith("-"):
                return word
            elif word == "--":
                return None
        return None


app = typer.Typer(
    cls=ImportGroup, help=_("Read customers, products, orders, questionnaires, scores, distances from files."),
    rich_markup_mode=None,
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


@command(app, _FILES, _("Import CSV, TSV, .gz, XLSX or XLS files; `crmkit import FILE…` is the same."))
def files(
    ctx: typer.Context,
    file: Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("Export files; any order."))],
    map_: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help=_("Mapping file: which column is what."))
    ] = None,
    kind: Annotated[
        list[Kind] | None, typer.Option(help=_("What the files hold, when the header does not tell."))
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("utf-8, gb18030, utf-16 …; else found out."))
    ] = None,
    rejects: Annotated[Path | None, typer.Option(metavar="FILE", help=_("Where rejected rows go."))] = None,
    sheet: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help=_("A sheet of a workbook; may be repeated."))
    ] = None,
    dates: Annotated[
        DateWord, typer.Option(help=_("Which part of 2/3/2026 comes first; excel: bare numbers are Excel days."))
    ] = DateWord.YMD,
    coordinates: Coordinates = None,
    visible_only: Annotated[bool, typer.Option("--visible-only", help=_("Leave out hidden rows and columns."))] = False,
    strict_columns: Annotated[
        bool, typer.Option("--strict-columns", help=_("Refuse a file with columns that are not known."))
    ] = False,
    clear_blanks: Annotated[
        bool, typer.Option("--clear-blanks", help=_("A blank cell empties what is stored."))
    ] = False,
    archive_missing: Annotated[
        bool, typer.Option("--archive-missing", help=_("Mark customers closed that a full list does not hold (5 %)."))
    ] = False,
    save_map: Annotated[
        str | None,
        typer.Option("--save-map", metavar="FILE", help=_("Keep the mapping; a bare name is found again by header.")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))] = False,
) -> int:
    context = context_of(ctx)
    context.options.command = "import"
    if map_ and kind:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="--map", second="--kind")
    kinds = tuple(known for known in Kind if known in (kind or ()))
    with context.progress(_("Import"), 100) as progress:
        results = import_files(
            context.store(), context.act(), context.policy, paths=file, map_file=map_, kinds=kinds,
            encoding=encoding, sheets=tuple(sheet or ()), order=dates.value,
            system=coordinates, visible_only=visible_only,
            strict_columns=strict_columns, clear_blanks=clear_blanks, archive_missing=archive_missing,
            save_map=save_map, rejects=rejects, describe=imports.describe, progress=progress, dry_run=dry_run,
        )  # fmt: skip
    context.show(imports.imported(results))
    return Exit.DONE_WITH_WARNINGS if any(result.is_warned for result in results) else Exit.DONE


@command(app, "history", _("What was imported, newest first."))
def history(ctx: typer.Context) -> None:
    context = context_of(ctx)
    context.show(import_history.history(list_imports(context.store())))


@command(app, "show", _("One import by its number."))
def show(ctx: typer.Context, number: Annotated[int, typer.Argument(metavar="N", help=_("Its number."))]) -> None:
    context = context_of(ctx)
    context.show(import_history.batch_page(show_import(context.store(), number)))


@command(app, "undo", _("Take back an import with everything its command brought."))
def undo(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", help=_("Its number."))],
    keep_later: Annotated[
        bool, typer.Option("--keep-later", help=_("Leave rows that were changed since, and name them."))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))] = False,
) -> int:
    context = context_of(ctx)
    undone = undo_import(context.store(), context.act(), number=number, keep_later=keep_later, dry_run=dry_run)
    context.show(database.undone(undone, dry_run=dry_run))
    return Exit.DONE_WITH_WARNINGS if undone.kept else Exit.DONE
