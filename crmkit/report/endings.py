"""How a command that did not do its work says so: what happened, what was kept, what to type next."""

import errno
import sqlite3
import sys
import traceback
from pathlib import Path

from typer import Abort
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from crmkit.model.errors import Exit, Fault, Refusal, Signalled
from crmkit.report import faults, usage
from crmkit.report.words import _
from crmkit.sources.config import user_folder
from crmkit.store import files
from crmkit.store.connection import refusal_of

_DISK_ERRORS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)


def tell(error: BaseException, database: Path | None, *, kept: bool = False, debug: bool = False) -> int:
    """Say what ended the command on stderr; returns the exit code. `kept`: it had written something already."""
    if isinstance(error, KeyboardInterrupt | Abort | Signalled):
        _say(_("Interrupted. What was written before stays.") if kept else _("Interrupted. Nothing was written."))
        return error.exit if isinstance(error, Signalled) else Exit.INTERRUPTED
    if isinstance(error, SystemExit):
        return int(error.code or 0)
    if isinstance(error, BrokenPipeError):
        return Exit.READER_LEFT
    if isinstance(error, ClickException):
        return _usage(error)
    refusal = _as_refusal(error, database)
    return _bug(error, kept=kept, debug=debug) if refusal is None else _refused(refusal)


def _usage(error: ClickException) -> int:
    if isinstance(error, NoArgsIsHelpError):
        _say(error.message)
        return Exit.USAGE
    context = error.ctx if isinstance(error, UsageError) else None
    if context is not None:
        _say(context.get_usage())
    _say(_("Error: {message}").format(message=usage.message(error)))
    if context is not None:
        _say(_("Help: {command}").format(command=f"{context.command_path} --help"))
    return Exit.USAGE


def _as_refusal(error: BaseException, database: Path | None) -> Refusal | None:
    """What an error from below means to the user; None for a bug of ours."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, sqlite3.Error):
        return refusal_of(error, database or Path())
    if isinstance(error, OSError) and error.filename:
        return files.refusal_for(error, Path(str(error.filename)))
    if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
        return Refusal(Fault.DISK, path="stdout", reason=error.strerror)
    return None


def _refused(refusal: Refusal) -> int:
    for line in faults.lines(refusal):
        _say(line)
    return refusal.exit


def _bug(error: BaseException, *, kept: bool, debug: bool) -> int:
    """A bug of ours: its place goes to a log without any data; the traceback only where asked for."""
    if debug:
        traceback.print_exception(error)
    place = _log_bug(error)
    _say(_("crmkit has a bug here: {name}.").format(name=type(error).__name__))
    _say(_("What was written before stays.") if kept else _("Nothing was written."))
    _say(_("Where it happened is noted, without your data, in {path}; --debug shows it.").format(path=place))
    return Exit.BUG


def _log_bug(error: BaseException) -> str:
    """Append type and frames, never the message: it may quote a name or a phone."""
    frames = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    target = user_folder() / "bugs.log"
    try:
        files.append_private(target, "\n".join([type(error).__name__, *frames, ""]))
    except OSError:
        return "-"
    return str(target)


def _say(text: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(text + "\n")
    except (OSError, ValueError):
        return
