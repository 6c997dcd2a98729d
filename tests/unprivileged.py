"""Run a piece of a test as a user whom permissions bind (root is above them)."""

import os
import pickle
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NOBODY = 65534


def unprivileged(work: Callable[[], Any], *, as_nobody: bool = True) -> Any:
    """Do `work` in a child that is not root (unless it may be); returns its result, or raises its error as text."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        try:
            if as_nobody and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            outcome: Any = (True, work())
        except BaseException:
            outcome = (False, traceback.format_exc())
        with os.fdopen(sink, "wb") as stream:
            pickle.dump(outcome, stream)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, "rb") as stream:
        good, result = pickle.load(stream)
    os.waitpid(child, 0)
    if not good:
        raise AssertionError(result)
    return result


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder the unprivileged user owns (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="crmkit-test-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    try:
        yield folder
    finally:
        for place in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
            place.chmod(0o700)
        shutil.rmtree(folder)
