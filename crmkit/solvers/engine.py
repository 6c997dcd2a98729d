"""Runs the search kernel (solvers/kernel/kernel.wasm, built from the C beside it) through wasmtime.

WebAssembly's numbers are defined to the bit, so the same words in give the same words out on every
machine. wasmtime is imported when the first search starts, not before.
"""

import atexit
from array import array
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

_WORD = 4
_PIECE = 1 << 22  # bytes


def available() -> bool:
    """Can the kernel run here?"""
    return find_spec("wasmtime") is not None


@cache
def kernel_digest() -> str:
    """Which build of the kernel this is; "-" where it cannot run."""
    if not available():
        return "-"
    return sha256(files("crmkit.solvers").joinpath("kernel/kernel.wasm").read_bytes()).hexdigest()[:16]


@cache
def _compiled() -> tuple[Any, Any]:
    """The engine and the kernel compiled for this machine, once per process."""
    from wasmtime import Engine, Module

    atexit.register(_compiled.cache_clear)  # while wasmtime is still whole
    engine = Engine()
    return engine, Module(engine, files("crmkit.solvers").joinpath("kernel/kernel.wasm").read_bytes())


class Search:
    """One search in the kernel: started with a problem in words, run in slices, read at any time."""

    def __init__(self, words: Sequence[int]) -> None:
        from wasmtime import Instance, Store

        engine, module = _compiled()
        self._store = Store(engine)
        calls: Any = Instance(self._store, module, []).exports(self._store)
        self._calls, self._memory = calls, calls["memory"]
        at = self._call("input", len(words))
        self._write(words if isinstance(words, array) else array("i", words), at)
        self._call("start")

    def _write(self, words: "array[int]", at: int) -> None:
        """In pieces: the ways of a large team are a hundred megabytes, and each write copies what it gets."""
        whole = memoryview(words).cast("B")
        for done in range(0, len(whole), _PIECE):
            self._memory.write(self._store, bytearray(whole[done : done + _PIECE]), at + done)

    def _call(self, name: str, *values: float) -> Any:
        return self._calls[name](self._store, *values)

    def run(self, rounds: int, first: float, last: float) -> None:
        """So many rounds, while the search cools from one share of its way (0 the start) to another
        (1 the end).
        """
        self._call("run", rounds, float(first), float(last))

    def cost(self) -> float | None:
        """The cost of the best plan so far, in the kernel's units; None while no plan holds the limits."""
        cost = float(self._call("cost"))
        return None if cost < 0 else cost

    def routes(self, count: int) -> list[list[int]]:
        """The best plan's routes: customers from 1, in the order of the road."""
        at, routes = self._call("output"), []
        for _ in range(count):
            (size,) = self._words(at, 1)
            routes.append(list(self._words(at + _WORD, size)))
            at += _WORD * (1 + size)
        return routes

    def duty_days(self, count: int) -> list[int]:
        """The best plan's day of each duty, -1 where it stands nowhere."""
        return list(self._words(self._call("duty_output"), count))

    def managers(self, count: int) -> list[int]:
        """The best plan's manager of each customer, from 0; -1 where he has no visit to plan."""
        return list(self._words(self._call("manager_output") + _WORD, count))

    def _words(self, at: int, count: int) -> "array[int]":
        return array("i", bytes(self._memory.read(self._store, at, at + _WORD * count)))
