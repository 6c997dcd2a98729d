"""How a command that did not do its work says so: what happened, what was kept, what to type next."""

import errno
import os
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from typer import Abort
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from crmkit.model.errors import Exit, Fault, Refusal, Signalled
from crmkit.report import faults, usage
from crmkit.report.words import _
from crmkit.sources.config import user_folder
from crmkit.store import files
from crmkit.store.connection import refusal_of

_NO_NAMES = (errno.ENAMETOOLONG, errno.ELOOP)
_DISK_ERRORS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)


def tell(
    error: BaseException,
    database: Path | None,
    *,
    kept: bool = False,
    debug: bool = False,
    carry: Callable[[str], str] = str,
) -> int:
    """Say what ended the command on stderr; returns the exit code. `kept`: it had written something already; `carry`
    adds to the commands named what this one was typed with.
    """
    if isinstance(error, KeyboardInterrupt | Abort | Signalled):
        _say(_("Interrupted. What was written before stays.") if kept else _("Interrupted. Nothing was written."))
        return error.exit if isinstance(error, Signalled) else Exit.INTERRUPTED
    if isinstance(error, SystemExit | BrokenPipeError):
        return int(error.code or 0) if isinstance(error, SystemExit) else Exit.READER_LEFT
    if isinstance(error, ClickException):
        return _usage(error)
    refusal = _as_refusal(error, database)
    if refusal is None:
        return _bug(error, kept=kept, debug=debug)
    lost = kept and not isinstance(error, Refusal | sqlite3.Error)
    return _answer_lost() if lost else _refused(refusal, kept=kept, carry=carry)


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
    if isinstance(error, UnicodeEncodeError) and error.encoding == sys.getfilesystemencoding() != "utf-8":
        return Refusal(Fault.NOT_UTF8)  # a file's name this locale cannot write
    return _as_disk_refusal(error) if isinstance(error, OSError) else None


def _as_disk_refusal(error: OSError) -> Refusal | None:
    if isinstance(error, FileNotFoundError) and not error.filename:  # the working folder is gone
        return Refusal(Fault.FOLDER_MISSING, path=os.environ.get("PWD", "."))
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError) or error.errno in _NO_NAMES:
        return Refusal(Fault.FILE_MISSING, path=str(error.filename))
    if error.filename:
        return files.refusal_for(error, Path(str(error.filename)))
    if error.errno in _DISK_ERRORS:
        return Refusal(Fault.DISK, path="stdout", reason=error.strerror)
    return None


def _refused(refusal: Refusal, *, kept: bool, carry: Callable[[str], str]) -> int:
    for line in faults.lines(refusal):
        _say(carry(line))
    if kept:
        _say(_("What was written before stays."))
    return refusal.exit


def _answer_lost() -> int:
    """The work is done and kept; only what was to be shown of it could not be written."""
    _say(_("The work was done and stays; only its answer could not be written."))
    _say(_("See what was done: crmkit db log"))
    return Exit.DISK


def _bug(error: BaseException, *, kept: bool, debug: bool) -> int:
    """A bug of ours: its place goes to a log without any data; the traceback only where asked for."""
    if debug:
        traceback.print_exception(error)
    place = _log_bug(error)
    _say(_("crmkit has a bug here: {name}.").format(name=type(error).__name__))
    _say(_("What was written before stays.") if kept else _("Nothing was written."))
    if place is None:
        _say(_("Where it happened could not be noted; --debug shows it."))
    else:
        _say(_("Where it happened is noted, without your data, in {path}; --debug shows it.").format(path=place))
    return Exit.BUG


def _log_bug(error: BaseException) -> str | None:
    """Append type and frames, never the message: it may quote a name or a phone. None where nothing can be kept."""
    frames = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    try:
        target = user_folder() / "bugs.log"
        files.append_private(target, "\n".join([type(error).__name__, *frames, ""]))
    except (OSError, RuntimeError):  # RuntimeError: no home folder
        return None
    return str(target)


def _say(text: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(text + "\n")
    except (OSError, ValueError):
        return
