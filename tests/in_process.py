"""A command line through crmkit's own door, in this process: what a fresh one would do, without starting one.

For what a command does and says. Where the process itself is the point (signals, descriptors, the screen's encoding,
what is loaded), start one.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from crmkit.cli import main

_SIGNALS = (signal.SIGINT, signal.SIGTERM) + ((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ())


def crmkit(folder: Path, *words: str, text: str = "", env: Mapping[str, str] | None = None) -> CompletedProcess[str]:
    """Type it in a folder, with exactly this environment (else the tests' own) and `text` on standard input."""
    out, err = _screen(), _screen()
    with pytest.MonkeyPatch.context() as patch, _handlers():
        patch.chdir(folder)
        for name in os.environ.keys() - (os.environ if env is None else env).keys():
            patch.delenv(name)
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode()), "utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as end:
            main(list(words))
    return CompletedProcess(words, int(end.value.code or 0), _said(out), _said(err))


def _screen() -> TextIOWrapper:
    return TextIOWrapper(BytesIO(), "utf-8", newline="")


def _said(screen: TextIOWrapper) -> str:
    screen.flush()
    buffer = screen.buffer
    assert isinstance(buffer, BytesIO)
    return buffer.getvalue().decode().replace("\r\n", "\n")


@contextmanager
def _handlers() -> Iterator[None]:
    """The door's signal handlers end with the command."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
