"""A `crmkit` for the shell that is loaded already: each command is a process of its own, forked from one that waits.

For pages typed line by line in a real shell: the process gets the shell's folder, environment and streams, and ends
with its own code; only loading is saved. The interpreter's own settings are those of the server: UTF-8.
"""

import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

_ALSO = ("jinja2", "tabulate", "typst", "wasmtime", "sqlite_utils", "chinese_calendar")  # loaded when used
_LONGEST = 1 << 20  # bytes of a command line with its environment
_LOST = 70  # the command died without a word

_PROGRAM = '#!/bin/sh\nexec "{python}" -IS "{client}" "$@"\n'
_CLIENT = """
import json, os, socket, sys
door = socket.socket(socket.AF_UNIX)
door.connect({address!r})
socket.send_fds(door, [json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()], [0, 1, 2])
door.shutdown(socket.SHUT_WR)
sys.exit((door.recv(1) or b"\\x46")[0])
"""


@contextmanager
def warm_crmkit(folder: Path) -> Iterator[Path]:
    """A folder for PATH with the program in it, while the server runs."""
    programs = folder / "bin"
    programs.mkdir()
    with TemporaryDirectory(prefix="crmkit-") as short:  # the address of a socket has room for a hundred letters
        address = f"{short}/door"
        (programs / "client.py").write_text(_CLIENT.format(address=address))
        program = programs / "crmkit"
        program.write_text(_PROGRAM.format(python=sys.executable, client=programs / "client.py"))
        program.chmod(0o700)
        words = [sys.executable, __file__, address]
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ | {"PYTHONUTF8": "1"}) as server:
            assert server.stdout is not None
            assert server.stdout.read(5) == b"ready"
            try:
                yield programs
            finally:
                server.terminate()


def serve(address: str) -> None:
    """Take commands for ever; each in a child."""
    for module in pkgutil.walk_packages(import_module("crmkit").__path__, "crmkit."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in _ALSO:
        import_module(name)
    signal.signal(signal.SIGCHLD, _bury)
    door = socket.socket(socket.AF_UNIX)
    door.bind(address)
    door.listen()
    gc.freeze()  # what is loaded stays common to all
    os.write(1, b"ready")
    while True:
        caller, _address = door.accept()
        if os.fork() == 0:
            door.close()
            _carry_out(caller)
        caller.close()


def _bury(_number: int, _frame: FrameType | None) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _carry_out(caller: socket.socket) -> None:
    """Be the process the shell asked for; never returns."""
    code = _LOST
    try:
        asked, streams, _flags, _from = socket.recv_fds(caller, _LONGEST, 3)
        while more := caller.recv(_LONGEST):
            asked += more
        words, folder, environment = json.loads(asked)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = _ended(words)
    finally:
        caller.sendall(bytes([code]))
        os._exit(code)


def _ended(words: list[str]) -> int:
    from crmkit.cli import main

    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - descriptors
    try:
        main(words)
    except SystemExit as end:
        return int(end.code or 0)
    return _LOST


if __name__ == "__main__":
    serve(sys.argv[1])
