"""A store as it is made, without its being made again: built once a process by the program, then copied."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from crmkit.store.connection import Store, in_memory
from crmkit.store.migrating import apply_pending
from crmkit.store.opening import create_store, open_store


def fresh_store(path: Path) -> Store:
    """What create_store(path) returns."""
    shutil.copy(_file(), path)
    return open_store(path)


def fresh_in_memory() -> Store:
    """An empty file of today's schema, in memory."""
    store = in_memory()
    _memory().connection.backup(store.connection)
    return store


@cache
def _file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="crmkit-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create_store(folder / "crmkit.db").close()
    return folder / "crmkit.db"


@cache
def _memory() -> Store:
    store = in_memory()
    apply_pending(store)
    return store
