"""Dear folders made once a run, whichever process needs them first; the others wait for it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, made by the first who asks. All processes share it: copy what is written to."""
    own = factory.getbasetemp()
    place = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with closing(sqlite3.connect(place / "made-once.db", timeout=600, isolation_level=None)) as door:
        door.execute("BEGIN EXCLUSIVE")
        if not (place / name).exists():
            part = factory.mktemp(name)
            make(part)
            part.rename(place / name)
    return place / name
