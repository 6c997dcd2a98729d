"""The door: choose the language, find the command, turn every end into one exit code."""

import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from crmkit.model.errors import Exit, Fault, Refusal, Signalled
from crmkit.report.words import LANGUAGES, Language, use_language

if TYPE_CHECKING:
    from crmkit.context import Context

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def main(argv: list[str] | None = None) -> NoReturn:
    """Run crmkit; never returns."""
    arguments = [_decoded(word) for word in (sys.argv[1:] if argv is None else argv)]
    _harden_streams()
    try:
        _watch_signals()
        use_language(chosen_language(arguments))
        code = run(arguments)
    except Signalled as early:  # between the handlers and the command, or after it
        code = early.exit
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    _leave(code)


def _decoded(word: str) -> str:
    """UTF-8 is read as such under a locale that knows ASCII only; the name of a file stays as the system gave it."""
    if word.isascii() or not _is_broken(word) or os.path.exists(word):  # noqa: PTH110 - no pathlib on the way to --help
        return word
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return word


def _is_broken(word: str) -> bool:
    """Does the word hold bytes the locale could not decode?"""
    return any("\ud800" <= character <= "\udfff" for character in word)


def run(arguments: list[str]) -> int:
    """Carry out one command line; returns its exit code."""
    from crmkit.context import Context, Options

    context = Context(Options(debug="--debug" in arguments))  # also for a bug on the way to the command
    try:
        _refuse_broken_text(arguments)
        code = _invoke(arguments, context)
    except BaseException as error:
        return ending(error, context)
    finally:
        context.close()
    return code or (Exit.DONE_WITH_WARNINGS if context.warnings else Exit.DONE)


def _invoke(arguments: list[str], context: "Context") -> int:
    """Parse and run. Not through Typer's own main(): that ends with 1 where a reader left, and silently on Ctrl-C."""
    from typer import Exit as Left

    from crmkit.commands.root import root_command

    root = root_command()
    try:
        with root.make_context("crmkit", list(arguments), obj=context) as ctx:
            result = root.invoke(ctx)  # most commands return nothing, a check its verdict
    except Left as left:  # --help, --version
        return left.exit_code
    return result if isinstance(result, int) else Exit.DONE


def ending(error: BaseException, context: "Context") -> int:
    """What the user sees of an error, and the exit code it means."""
    from crmkit.report import endings

    kept = context.kept
    context.close()
    database, debug = context.database_or_none(), context.options.debug
    return endings.tell(error, database, kept=kept, debug=debug, carry=context.carry)


def chosen_language(arguments: list[str]) -> Language:
    """--lang, CRMKIT_LANG, the settings file's lang, then the locale; before any command is imported."""
    typed = _typed_language(arguments)
    if typed is not None:
        return _language(typed)
    named = os.environ.get("CRMKIT_LANG") or _configured_language()
    return _language(named) if named else _system_language()


def _typed_language(arguments: list[str]) -> str | None:
    """The last --lang before `--`, as the parser will take it."""
    typed = None
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if word == "--":
            break
        if word.startswith("--lang="):
            typed = word.removeprefix("--lang=")
        elif word == "--lang":
            typed = following
    return typed


def _language(word: str) -> Language:
    """A known language by its code or locale name; the system's when it is none of ours (the parser refuses it)."""
    short = word.lower().replace("_", "-").split("-")[0]
    return next((known for known in LANGUAGES if known == short), None) or _system_language()


def _configured_language() -> str | None:
    from pathlib import Path

    from crmkit.sources.config import read_config, user_folder

    try:
        return read_config(Path.cwd(), user_folder()).get("lang")
    except (Refusal, OSError, RuntimeError):  # told later, when the settings are needed
        return None


def _system_language() -> Language:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return "zh" if os.environ[variable].lower().startswith("zh") else "en"
    if os.name == "nt":
        import locale

        return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
    return "en"


def _refuse_broken_text(arguments: list[str]) -> None:
    """Bytes that are no UTF-8 are allowed only as the name of a file that is there."""
    for word in arguments:
        if _is_broken(word) and not os.path.exists(word):  # noqa: PTH110 - no pathlib on the way to --help
            raise Refusal(Fault.NOT_UTF8)


def _harden_streams() -> None:
    """A screen that cannot show a character shows a replacement; the work goes on."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _watch_signals() -> None:
    """Leave in order when asked to; what the parent told us to ignore (nohup) stays ignored."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _signalled)


def _signalled(number: int, frame: FrameType | None) -> NoReturn:
    """The first signal leaves in order, the second at once."""
    signal.signal(number, signal.SIG_DFL)
    raise Signalled(number)


def _leave(code: int) -> NoReturn:
    """Flush what the reader still takes and go; a reader that has left is told by the code alone."""
    if sys.stdout is None:
        code = code or Exit.READER_LEFT
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = code or Exit.READER_LEFT
            _silence_streams()
    raise SystemExit(int(code))


def _silence_streams() -> None:
    """Python flushes once more at exit: let it write into nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        try:
            os.dup2(nowhere, descriptor)
        except OSError:
            continue
