"""Approval writes all frequencies or none: killed at each statement and at each page, out of room at each page.

In the manager's file by the market manager, and through a package's answer.
"""

import os
import resource
import shutil
import signal
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_month_walk import BOSS, MONTH, OWN, POLICY, act_of, template

from crmkit.model.document import DocumentAction
from crmkit.model.errors import Fault, Refusal
from crmkit.model.package import Party
from crmkit.store import checking, people
from crmkit.store.connection import Store, refusal_of
from crmkit.store.opening import open_store
from crmkit.workflow import settle_documents as settling
from crmkit.workflow.receive_answer import receive_answer
from crmkit.workflow.review_package import answer_package, sent_month
from crmkit.workflow.send_package import submit_as_package

SHOPS = 4
PAGE = 4096
Work = Callable[[Store], object]


@dataclass(frozen=True)
class Place:
    """A file whose month is submitted, and the answer that approves it."""

    database: Path
    answer: Path

    def work(self, way: str) -> Work:
        if way == "package":
            return lambda store: receive_answer(store, act_of(OWN, "plan receive"), POLICY, self.answer, None)
        return lambda store: settling.approve(
            store, act_of(BOSS, "plan approve"), POLICY, people.named(store, OWN)[0], MONTH
        )

    def fresh(self, folder: Path) -> Path:
        folder.mkdir()
        return Path(shutil.copy(self.database, folder / "crmkit.db"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    database, package, answer = tmp_path / "base.db", tmp_path / "nov.crmplan", tmp_path / "answer.crmplan"
    shutil.copy(template(), database)
    with closing(open_store(database)) as store:
        manager = people.named(store, OWN)[0]
        submit_as_package(store, act_of(OWN), POLICY, manager, MONTH, target=package, key=None)
    found = sent_month(package, None, POLICY)
    boss = Party(BOSS, "boss")
    answer_package(found, act_of(BOSS), boss, DocumentAction.APPROVE, None, target=answer, key=None)
    return Place(database, answer)


def written(path: Path, *, full: bool = False) -> str:
    """What is in the file, healthy in every respect: all of the approval, or nothing of it."""
    with closing(open_store(path)) as store:
        assert store.value("PRAGMA quick_check") == "ok"
        assert not full or checking.findings(store, full=True) == []
        frequencies = int(store.value("SELECT count(*) FROM customer WHERE frequency IS NOT NULL"))
        states = {state for (state,) in store.rows("SELECT state FROM document")}
        steps = int(store.value("SELECT count(*) FROM transition WHERE action='approve'"))
        answers = int(store.value("SELECT count(*) FROM package WHERE answers IS NOT NULL"))
    if frequencies == 0:
        assert (states, steps, answers) == ({"submitted"}, 0, 0)
        return "nothing"
    assert (frequencies, states, steps) == (SHOPS, {"approved"}, 2)
    return "all"


def in_a_child(path: Path, work: Work, before: Callable[[Store], None]) -> int:
    """Do it in a child, prepared by `before`; returns the signal that ended it, 0 for done, -1 for a refusal."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            store = open_store(path)
            store.first_write = None  # the day's backup is not what is killed here
            before(store)
            try:
                work(store)
                code = 0
            except Refusal:
                code = 1
            except Exception as error:  # what SQLite raises is turned into words at the door
                refusal = refusal_of(error, path)  # type: ignore[arg-type]
                code = 1 if refusal and refusal.fault is Fault.DISK else 71
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) in (0, 1), os.WEXITSTATUS(status)
    return -os.WEXITSTATUS(status)


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def repeated(path: Path, place: Place, way: str) -> None:
    """Typing it again finishes the work, whatever became of the first time."""
    with closing(open_store(path)) as store:
        place.work(way)(store)
    assert written(path, full=True) == "all"


@pytest.mark.parametrize("way", ["file", "package"])
def test_killed_before_each_statement(place: Place, way: str, tmp_path: Path) -> None:
    found = []
    for number in range(1, 2000, 4):  # every fourth: all of them take minutes

        def dying(store: Store, left: int = number) -> None:
            seen = iter(range(left - 1))
            store.connection.set_trace_callback(lambda _sql: next(seen, None) is None and dies())

        path = place.fresh(tmp_path / str(number))
        ended = in_a_child(path, place.work(way), dying)
        found.append(written(path))
        if ended == 0:
            break
        assert ended == signal.SIGKILL
        if number % 100 == 1:
            repeated(path, place, way)
        shutil.rmtree(path.parent)
    assert found[-1] == "all"
    assert set(found[:-1]) == {"nothing"}  # COMMIT is the last statement: before it nothing is there
    assert number > 20


@pytest.mark.parametrize("way", ["file", "package"])
@pytest.mark.parametrize("full", [False, True], ids=["killed", "disk-full"])
def test_killed_or_out_of_room_at_each_page(place: Place, way: str, full: bool, tmp_path: Path) -> None:
    """No file may grow beyond so many bytes: the write that crosses it kills the process, or is told so."""
    size = place.database.stat().st_size
    found = set()
    for room in [*range(0, 16 * PAGE, PAGE), *range(16 * PAGE, size + 32 * PAGE, 32 * PAGE), size + 64 * PAGE]:

        def narrow(_store: Store, room: int = room) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN if full else signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        path = place.fresh(tmp_path / str(room))
        ended = in_a_child(path, place.work(way), narrow)
        now = written(path)
        assert ended in ((0, -1) if full else (0, signal.SIGXFSZ))
        assert (now == "all") == (ended == 0), (room, ended)
        found.add(now)
        if now == "nothing" and room % (16 * PAGE) == 0:
            repeated(path, place, way)
        shutil.rmtree(path.parent)
    assert found == {"all", "nothing"}


@pytest.mark.parametrize("full", [False, True], ids=["killed", "disk-full"])
def test_a_submission_and_its_package_are_both_there_or_it_can_be_sent_again(full: bool, tmp_path: Path) -> None:
    """Never a package of a month that is not submitted; at worst a submitted month whose package is written again."""
    base = template()
    size = base.stat().st_size
    seen = set()
    for room in [*range(0, 24 * PAGE, 3 * PAGE), size, size + 64 * PAGE]:
        folder = tmp_path / f"{full}{room}"
        folder.mkdir()
        path, package = Path(shutil.copy(base, folder / "crmkit.db")), folder / "nov.crmplan"

        def narrow(_store: Store, room: int = room) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN if full else signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        def work(store: Store, package: Path = package) -> None:
            manager = people.named(store, OWN)[0]
            submit_as_package(store, act_of(OWN), POLICY, manager, MONTH, target=package, key=None)

        in_a_child(path, work, narrow)
        with closing(open_store(path)) as store:
            assert store.value("PRAGMA quick_check") == "ok"
            submitted = store.value("SELECT state FROM document WHERE kind='plan'") == "submitted"
            assert submitted == (store.value("SELECT count(*) FROM package") == 1)
        if package.exists():
            assert submitted
            assert sent_month(package, None, POLICY)
        assert full <= ([one.name for one in folder.iterdir() if one.name.endswith(".part")] == [])
        seen.add(submitted)
    assert seen == {True, False}
