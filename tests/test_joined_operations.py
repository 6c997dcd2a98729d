"""An operation inside another one is a part of it: one line of the log, one undo, taken back alone where it fails."""

import pytest
from conftest import act_at

from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.store import changes
from crmkit.store.connection import Store
from crmkit.store.opening import open_store

INSERT = "INSERT INTO category(name) VALUES (?)"


def names(store: Store) -> list[str]:
    return [name for (name,) in store.rows("SELECT name FROM category ORDER BY name")]


def _fails(store: Store, act: Act, name: str) -> None:
    with store.operation(act):
        with store.operation(act):
            store.execute(INSERT, (name,))
        raise ZeroDivisionError


def test_two_use_cases_are_one_line_and_one_undo(store: Store, act: Act) -> None:
    with store.operation(act) as outer:
        with store.operation(act) as first:
            store.execute(INSERT, ("a",))
        with store.operation(act, as_read=True) as second:
            store.execute(INSERT, ("b",))
    assert outer == first == second
    assert (store.kept, names(store)) == (1, ["a", "b"])
    with store.operation(act, undoes=outer):
        changes.reverse(store, outer)
    assert names(store) == []


def test_a_part_that_fails_is_taken_back_alone(store: Store, act: Act) -> None:
    with store.operation(act):
        store.execute(INSERT, ("a",))
        with pytest.raises(ZeroDivisionError):
            _fails(store, act, "b")
        store.execute(INSERT, ("c",))
    assert names(store) == ["a", "c"]


def test_a_part_may_be_rehearsed_and_a_whole_takes_its_parts_back(store: Store, act: Act) -> None:
    with store.operation(act):
        store.execute(INSERT, ("a",))
        with store.operation(act, rehearse=True):
            store.execute(INSERT, ("b",))
            assert names(store) == ["a", "b"]
    with store.operation(act, rehearse=True), store.operation(act):
        store.execute(INSERT, ("c",))
    assert (names(store), store.kept) == (["a"], 1)


def test_what_fails_outside_takes_the_parts_along(store: Store, act: Act) -> None:
    with pytest.raises(ZeroDivisionError):
        _fails(store, act, "a")
    assert (names(store), store.kept) == ([], 0)
    with store.operation(act):  # the next one stands by itself again
        store.execute(INSERT, ("b",))
    assert store.kept == 1


def test_after_a_look_only_what_came_later_refuses(store: Store, act: Act) -> None:
    other = open_store(store.path)
    with other.operation(act_at(actor="002")):
        other.execute(INSERT, ("x",))
    store.seen = 0
    with pytest.raises(Refusal) as refused, store.operation(act, as_read=True):
        pass
    assert refused.value.fault is Fault.BUSY
    store.look()
    with store.operation(act, as_read=True):
        store.execute(INSERT, ("y",))
    with other.operation(act_at(actor="002")):
        other.execute(INSERT, ("z",))
    other.close()
    with pytest.raises(Refusal), store.operation(act, as_read=True):
        pass
    assert names(store) == ["x", "y", "z"]
