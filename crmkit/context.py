"""One run of the program: options and settings, the database opened late, today's date, the streams."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import _
from crmkit.sources.config import Config, find_upward, read_config, user_folder

if TYPE_CHECKING:  # loaded where used: `crmkit --help` needs none of them
    from zoneinfo import ZoneInfo

    from crmkit.model.operation import Act
    from crmkit.model.person import Role
    from crmkit.model.policy import Policy
    from crmkit.report.formats import Format
    from crmkit.report.page import Page
    from crmkit.store.connection import Store

DATABASE_NAME = "crmkit.db"
DEFAULT_ZONE = "Asia/Shanghai"
_LARGEST = 2**63 - 1  # what a column holds


@dataclass(slots=True)
class Options:
    """The options every command takes, as they were typed."""

    db: str | None = None
    actor: str | None = None
    lang: str | None = None
    format: str | None = None
    output: str | None = None
    fields: str | None = None
    color: str | None = None
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    yes: bool = False
    command: str = ""
    arguments: str = ""


class Context:
    """What a command needs to know of the world around it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._store: Store | None = None
        self._kept = False
        self.warnings = 0
        self.carry: Callable[[str], str] = str  # what was typed goes on into the commands that are named

    # settings: flag, CRMKIT_*, crmkit.toml, user config, default

    @cached_property
    def config(self) -> Config:
        return read_config(Path.cwd(), user_folder())

    def setting(self, key: str, flag: str | None = None) -> tuple[str | None, str]:
        """A setting's value and its origin."""
        variable = "CRMKIT_" + {"database": "DB"}.get(key, key.upper())
        if flag is not None:
            return flag, "flag"
        if os.environ.get(variable):
            return os.environ[variable], variable
        found = self.config.settings.get(key)
        return (found.value, found.origin) if found else (None, "default")

    @cached_property
    def database(self) -> Path:
        """The database file: named by a setting, else crmkit.db here or in a folder above."""
        named, _origin = self.setting("database", self.options.db)
        if named:
            return Path(named)
        return find_upward(Path.cwd(), DATABASE_NAME) or Path.cwd() / DATABASE_NAME

    def database_or_none(self) -> Path | None:
        """The database file for an error's text."""
        try:
            return self.database
        except (Refusal, OSError):
            return None

    def settings_in_force(self) -> tuple[tuple[str, str, str], ...]:
        """(key, value, origin) of every setting, for `crmkit doctor`."""
        _file, where = self.setting("database", self.options.db)
        lines = [
            ("database", str(self.database), where),
            ("exists", str(self.database.is_file()).lower(), ""),
            ("today", self.today.isoformat(), "CRMKIT_NOW" if os.environ.get("CRMKIT_NOW") else "clock"),
        ]
        flags = {"actor": self.options.actor, "lang": self.options.lang, "format": self.options.format}
        for key in ("actor", "lang", "zone", "policy", "format", "review_key"):
            value, origin = self.setting(key, flags.get(key))
            lines.append((key, value or {"zone": DEFAULT_ZONE, "policy": "standard"}.get(key, "-"), origin))
        lines += [("settings file", str(path), "") for path in self.config.files]
        return tuple(lines)

    # time: one date for the whole run, in the business zone

    @cached_property
    def zone(self) -> "ZoneInfo":
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        name, _origin = self.setting("zone")
        try:
            return ZoneInfo(name or DEFAULT_ZONE)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Refusal(Fault.BAD_VALUE, option="zone", value=name, expected="Asia/Shanghai") from error

    @cached_property
    def now(self) -> datetime:
        """The moment of this run. CRMKIT_NOW replaces the clock for examples and tests."""
        fixed = os.environ.get("CRMKIT_NOW")
        if not fixed:
            return datetime.now(self.zone)
        try:
            moment = datetime.fromisoformat(fixed)
        except ValueError as error:
            raise Refusal(Fault.BAD_VALUE, option="CRMKIT_NOW", value=fixed, expected="2026-11-02T07:30") from error
        try:
            return moment.astimezone(self.zone) if moment.tzinfo else moment.replace(tzinfo=self.zone)
        except OverflowError as error:
            raise Refusal(Fault.CLOCK, now=fixed) from error

    @property
    def today(self) -> date:
        """The business day. Raises Refusal(CLOCK) for a year no month of this program can lie in."""
        if not 1991 <= self.now.year <= 2099:  # with room for the months around it
            raise Refusal(Fault.CLOCK, now=self.now.isoformat(timespec="seconds"))
        return self.now.date()

    # store, policy, actor

    def store(self) -> "Store":
        """The database, opened at the first call; an older file is backed up and migrated."""
        if self._store is None:
            from crmkit.store.connection import PATIENCE_CRON_MS, PATIENCE_PERSON_MS
            from crmkit.store.opening import open_migrated

            patience = PATIENCE_PERSON_MS if self.interactive else PATIENCE_CRON_MS
            if self.options.verbose:
                self.say(_("Database: {path} ({origin})").format(path=self.database, origin=self._database_origin()))
            opened = open_migrated(self.database, self.now, patience)
            self._store = opened.store
            if opened.migrated_from is not None:
                told = _("The file was brought from version {old} to {new}; a backup was made first.")
                self.say(told.format(old=opened.migrated_from, new=opened.version))
        return self._store

    def _database_origin(self) -> str:
        return self.setting("database", self.options.db)[1]

    @property
    def kept(self) -> bool:
        """Something was written and stays, however this run ends."""
        return self._kept or (self._store is not None and self._store.kept > 0)

    def close(self) -> None:
        if self._store is not None:
            self._kept = self.kept
            self._tell_backup_failure()
            self._store.close()
            self._store = None

    def _tell_backup_failure(self) -> None:
        """The work went on without the backup that should have come first: exit code 3 and the last good one's age."""
        if self._store is not None and self._store.backup_failure is not None:
            from crmkit.report.papers.database import backup_failure

            self.warn(backup_failure(self._store.backup_failure))

    @property
    def policy_word(self) -> str | None:
        """The policy setting: the name of a shipped policy or a file."""
        return self.setting("policy")[0]

    @cached_property
    def policy(self) -> "Policy":
        from crmkit.workflow.compare_policies import policy_named

        return policy_named(self.policy_word)

    def act(self) -> "Act":
        """Who acts now: --as, CRMKIT_ACTOR, settings, else the one customer manager of the file."""
        from crmkit.workflow.acting import role_on, who_acts

        named, _origin = self.setting("actor", self.options.actor)
        person = who_acts(self.store(), named)
        if person is None:
            return self._act(_system_user(), None)
        return self._act(person.code, role_on(self.store(), person, self.today))

    def founding_act(self) -> "Act":
        """The act that makes a file: nobody is in it yet, so the system's user is named."""
        return self._act(_system_user(), None)

    def _act(self, actor: str, role: "Role | None") -> "Act":
        from socket import gethostname

        from crmkit.model.operation import Act

        return Act(
            actor=actor,
            role=role,
            command=self.options.command,
            arguments=self.options.arguments,
            host=gethostname(),
            now=self.now,
            today=self.today,
        )

    # talk

    @cached_property
    def interactive(self) -> bool:
        """A person sits here: both stdin and stderr are terminals."""
        return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)

    @cached_property
    def colour(self) -> bool:
        """Colour on a terminal, unless NO_COLOR or --color never; --color always forces it."""
        if self.options.color in ("always", "never"):
            return self.options.color == "always"
        return _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")

    def tell(self, text: str) -> None:
        """An answer that is text already, on stdout or into -o FILE."""
        self._deliver(text if text.endswith("\n") else text + "\n")

    def say(self, text: str) -> None:
        """Talk: on stderr, not with --quiet."""
        if not self.options.quiet:
            write_stream(sys.stderr, self.carry(text) + "\n")

    def warn(self, text: str) -> None:
        """Something the user must know although the work is done: exit code 3."""
        self.warnings += 1
        write_stream(sys.stderr, self.carry(text) + "\n")

    def show(self, page: "Page", default: str = "table") -> None:
        """Print a page in the wished format on stdout, or write it to -o FILE."""
        from crmkit.report.formats import Format, render

        if self.options.fields:
            from crmkit.report.page import with_fields

            page = with_fields(page, tuple(self.options.fields.split(",")))
        form, target = self.format(default), self.options.output
        if form in (Format.PDF, Format.PNG) and not target and _is_terminal(sys.stdout):
            raise Refusal(Fault.BAD_VALUE, option="--format", value=form.value, expected=f"-o FILE.{form}")
        made = render(page, form, width=self.width, colour=self.colour, to_file=bool(target))
        if form in (Format.PDF, Format.SVG, Format.PNG):
            self._name_missing_glyphs(page)
        self._deliver(made)

    def _deliver(self, made: str | bytes) -> None:
        if not self.options.output:
            print_out(made)
            return
        from crmkit.report.formats import encoded
        from crmkit.store import files

        files.write_file(Path(self.options.output), encoded(made))
        self.say(self.options.output)

    def refuse_bad_call(self, params: dict[str, Any], *, draws: bool = False, writes: tuple[str, ...] = ()) -> None:
        """Before any work: empty options, numbers no column holds, and a page that could not be written after it."""
        for option in ("db", "actor", "output", "fields"):
            if getattr(self.options, option) == "":  # --as "$UNSET" must not act as somebody else
                flag = {"actor": "as"}.get(option, option)
                raise Refusal(Fault.BAD_VALUE, option=f"--{flag}", value="", expected=_("a value that is not empty"))
        for name, value in params.items():
            if isinstance(value, int) and abs(value) > _LARGEST:
                raise Refusal(Fault.BAD_VALUE, option=name, value=str(value), expected=f"-{_LARGEST} - {_LARGEST}")
        self._refuse_bad_output(draws=draws, own=bool(writes))
        self._refuse_output_over_input(params)

    def _refuse_bad_output(self, *, draws: bool, own: bool) -> None:
        target = self.options.output
        if not own and (target or self.options.format) and self.format() in ("svg", "png") and not draws:
            forms = "table plain csv tsv json ndjson md html pdf"
            raise Refusal(Fault.BAD_VALUE, option="--format", value=self.format().value, expected=forms)
        if target:
            from crmkit.store import files

            files.part_beside(Path(target))
            files.refuse_precious(Path(target))

    def _refuse_output_over_input(self, params: dict[str, Any]) -> None:
        """-o must not write over what the same command reads: an export, a mapping, a policy."""
        from crmkit.store.files import is_among

        for option, target in (("-o", self.options.output), ("--rejects", params.get("rejects"))):
            if target and is_among(target, (value for name, value in params.items() if name != option.strip("-"))):
                expected = _("a file this command does not read")
                raise Refusal(Fault.BAD_VALUE, option=option, value=target, expected=expected)

    def _name_missing_glyphs(self, page: "Page") -> None:
        """Characters the PDF's font does not hold are printed as 〓 and named: exit code 3."""
        from crmkit.report.formats.pdf import missing_glyphs
        from crmkit.report.words import _

        missing = missing_glyphs(page)
        if missing:
            said = _("The PDF shows 〓 for characters its font does not have: {which}")
            self.warn(said.format(which=" ".join(missing)))

    def keep(self, page: "Page", path: Path) -> None:
        """Write a page into a file of its own, whatever -o says."""
        from crmkit.report.formats import encoded, format_of, render
        from crmkit.store import files
        files.write_file(path, encoded(render(page, format_of(path), to_file=True)))

    def format(self, default: str = "table") -> "Format":
        """--format, else the suffix of -o FILE, else the setting, else what the command prints by itself."""
        from crmkit.report.formats import Format, format_of

        if self.options.output and not self.options.format:
            return format_of(Path(self.options.output))
        word = self.setting("format", self.options.format)[0] or default
        if word not in list(Format):
            raise Refusal(Fault.BAD_VALUE, option="--format", value=word, expected=" ".join(Format))
        return Format(word)

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""
        from shutil import get_terminal_size

        return get_terminal_size((80, 24)).columns if _is_terminal(sys.stdout) else 80

    def confirm(self, question: str, flag: str = "--yes") -> bool:
        """Ask a person; without one the flag must have answered already."""
        if self.options.yes:
            return True
        if not self.interactive:
            raise Refusal(Fault.ANSWER_NEEDED, flag=flag)
        write_stream(sys.stderr, question + " [y/N] ")
        return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Any]:
        """A progress bar on a terminal; yields a function that takes the amount done so far."""
        if not _is_terminal(sys.stderr) or self.options.quiet:
            yield lambda done: None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=total)
            yield lambda done: bar.update(task, completed=done)


def _system_user() -> str:
    """The system's name of who types; "-" where the system has none (a bare container)."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError, ImportError):
        return "-"


def _is_terminal(stream: Any) -> bool:
    try:
        return stream is not None and bool(stream.isatty())
    except ValueError:  # closed
        return False


def write_stream(stream: Any, text: str) -> None:
    """Write talk; a closed stream swallows it (bad-input.md 197)."""
    if stream is not None:
        with suppress(ValueError, OSError):
            stream.write(text)
            stream.flush()


def print_out(made: str | bytes) -> None:
    """Put an answer on stdout; a reader that has left is told by the exit code."""
    if sys.stdout is None:
        return
    if isinstance(made, bytes):
        sys.stdout.buffer.write(made)
    else:
        sys.stdout.write(made)
    sys.stdout.flush()
