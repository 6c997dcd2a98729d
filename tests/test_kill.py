"""kill -9 at random moments (bad-input.md 211): acknowledged work stays, nothing is half done, repeating succeeds."""

import json
import os
import random
import select
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import act_at

from crmkit.model.backup import BackupReason
from crmkit.store import backups, checking, restoring, sealing
from crmkit.store.backup_folder import all_backups, backup_folder_of, newest
from crmkit.store.connection import Store
from crmkit.store.migrating import STEPS, VERSION, Steps
from crmkit.store.opening import create_store, open_migrated, open_store
from crmkit.workflow.undo_operation import undo_operation

GROUP = 40  # rows of one operation: all of them or none
NEXT: Steps = (*STEPS, tuple(f"CREATE TABLE extra{n}(id INTEGER PRIMARY KEY, x TEXT) STRICT" for n in range(30)))


def groups(store: Store) -> dict[str, int]:
    """What is in the file: rows by the operation that wrote them."""
    found = store.rows("SELECT 'p'||substr(code,1,instr(code,'-')-1), count(*) FROM product GROUP BY 1")
    return dict(found) | dict(store.rows("SELECT 'l'||op, count(*) FROM line GROUP BY 1"))


def write(store: Store, day: str) -> None:
    with store.operation(act_at(day)) as op:
        rows = [(f"{op}-{n}",) for n in range(GROUP)]
        store.executemany("INSERT INTO product(code,name) VALUES (?,'x')", rows)


def bring(store: Store, day: str) -> None:
    backups.backup_before(store, act_at(day), BackupReason.IMPORT)
    with store.operation(act_at(day, command="import")) as op:
        store.execute("INSERT INTO orders(day,customer,number,op) VALUES ('2026-10-01',1,?,?)", (f"N{op}", op))
        sql = "INSERT INTO line SELECT max(id),?,1,?,?,NULL,? FROM orders"
        store.executemany(sql, [(n, n * 1000, n * 100, op) for n in range(GROUP)])
        store.execute("INSERT INTO batch VALUES (NULL,?,'f','h','orders','utf-8',NULL,1,1,0,0,0,0,0,NULL)", (op,))
        sealing.seal(store, op)


class Worker:
    """The child: works until it is killed; says what it is about to do and what is done."""

    def __init__(self, path: Path, seed: int, sink: int) -> None:
        self.path, self.dice, self.sink = path, random.Random(seed), sink
        self.store = open_store(path)

    def tell(self, word: str, state: dict[str, int] | None) -> None:
        os.write(self.sink, (json.dumps([word, state]) + "\n").encode())

    def run(self) -> None:
        while True:
            self.day = f"2026-11-{self.dice.randint(10, 28)}"
            work = self.dice.choice(
                [self.add, self.add, self.add_import, self.undo, self.undo, self.back_up, self.restore]
            )
            work()
            self.tell("done", groups(self.store))

    def add(self) -> None:
        self.tell("start", groups(self.store) | {f"p{self.following()}": GROUP})
        write(self.store, self.day)

    def add_import(self) -> None:
        self.tell("start", groups(self.store) | {f"l{self.following()}": GROUP})
        bring(self.store, self.day)

    def following(self) -> int:
        return int(self.store.value("SELECT max(seq)+1 FROM operation"))

    def undo(self) -> None:
        state = groups(self.store)
        since = self.store.value("SELECT ifnull(max(seq),1) FROM operation WHERE command='db restore'")
        standing = [name for name in state if int(name[1:]) > since]
        if standing:
            name = self.dice.choice(sorted(standing))
            self.tell("start", {key: count for key, count in state.items() if key != name})
            undo_operation(self.store, act_at(self.day), op=int(name[1:]))

    def back_up(self) -> None:
        self.tell("start", groups(self.store))
        backups.back_up(self.store, act_at(self.day), BackupReason.HAND)

    def restore(self) -> None:
        chosen = newest(self.store.backup_folder)
        if chosen is not None:
            with closing(open_store(chosen.path)) as copy:
                self.tell("start", groups(copy))
            self.store.close()
            restoring.restore(self.path, chosen.path, act_at(self.day, command="db restore"))
            self.store = open_store(self.path)


def killed(work: Callable[[int], None], seconds: float) -> list[Any]:
    """Let `work` run in a child, kill it after so many seconds; returns what it told."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        try:
            work(sink)
        finally:
            os._exit(0)
    os.close(sink)
    told, until = b"", None
    while True:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            break
        if not select.select([source], [], [], left)[0]:
            break
        piece = os.read(source, 65536)
        if not piece:
            break
        told += piece
        until = until or time.monotonic() + seconds  # from its first word on
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while piece := os.read(source, 65536):
        told += piece
    os.close(source)
    return [json.loads(line) for line in told.decode().splitlines()]


def whole(path: Path) -> dict[str, int]:
    """The groups in a file that is healthy in every respect."""
    with closing(open_store(path)) as store:
        assert checking.findings(store, full=True) == []
        return groups(store)


@pytest.mark.parametrize("seed", range(6))
def test_211_kill_9_at_any_moment(store: Store, seed: int) -> None:
    with store.operation(act_at("2026-11-01")):
        store.execute("INSERT INTO customer(code,name) VALUES ('c','c')")
        store.execute("INSERT INTO product(code,name) VALUES ('1-0','x')")
    path = store.path
    store.close()
    dice = random.Random(seed)
    for round_ in range(10):
        before = whole(path)
        told = killed(lambda sink, n=round_: Worker(path, seed * 100 + n, sink).run(), dice.uniform(0.001, 0.12))
        done = [state for word, state in told if word == "done"]
        allowed = [done[-1] if done else before]
        if told and told[-1][0] == "start":
            allowed.append(told[-1][1])
        assert whole(path) in allowed
        for backup in all_backups(backup_folder_of(path)):
            with closing(open_store(backup.path)) as copy:
                assert checking.findings(copy, full=False) == []
    with closing(open_store(path)) as survivor:
        write(survivor, "2026-11-30")
        bring(survivor, "2026-11-30")
    whole(path)


def test_211_kill_9_while_migrating(tmp_path: Path) -> None:
    base = tmp_path / "base.db"
    with closing(create_store(base)) as made:
        write(made, "2026-11-01")
    dice = random.Random(7)
    versions = set()
    for round_ in range(24):
        folder = tmp_path / str(round_)
        folder.mkdir()
        path = folder / "x.db"
        shutil.copy(base, path)

        def migrate(sink: int, path: Path = path) -> None:
            os.write(sink, b'"start"\n')
            open_migrated(path, act_at().now, steps=NEXT)
            os.write(sink, b'"done"\n')

        told = killed(migrate, dice.uniform(0, 0.04))
        again = open_migrated(path, act_at().now, steps=NEXT)
        with closing(again.store) as store:
            # either whole before or whole after: what was told done is done
            assert "done" not in told or again.migrated_from is None
            versions.add(again.migrated_from)
            assert store.value("PRAGMA user_version") == VERSION + 1
            assert store.value("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'extra*'") == 30
            assert store.value("SELECT count(*) FROM operation WHERE command='db migrate'") == 1
            assert store.value("PRAGMA integrity_check") == "ok"
            assert groups(store) == {"p1": GROUP}
    assert VERSION in versions  # some were killed before it was done
