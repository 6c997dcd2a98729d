"""Broken files by the hundred: an answer each time, never a traceback, and every row somewhere."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import act_at
from fresh_stores import fresh_store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_examples import CUSTOMERS, ORDERS, PRODUCTS, dump, load_base, write

from crmkit.model.errors import Refusal
from crmkit.model.importing import Notice
from crmkit.sources.policy import load_policy
from crmkit.store.connection import Store
from crmkit.workflow.import_files import import_files

SEEDS = [
    text.encode(encoding)
    for text in (CUSTOMERS, PRODUCTS, ORDERS)
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")
]
PIECES = [
    b"",
    b"\n",
    b"\r",
    b"\r\n",
    b",",
    b'"',
    b'""',
    b"\t",
    b";",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"'",
    b"=",
    b"99999999999999999999",
]
MUTATION = st.tuples(
    st.floats(0, 1, exclude_max=True), st.integers(0, 12), st.sampled_from(PIECES) | st.binary(max_size=8)
)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """A file that knows the customers and products the orders speak of."""
    folder = tmp_path_factory.mktemp("fuzz")
    store = fresh_store(folder / "crmkit.db")
    load_base(store, act_at(), folder)
    yield store, folder
    store.close()


def mutated(seed: bytes, mutations: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, piece in mutations:
        start = int(place * len(seed))
        seed = seed[:start] + piece + seed[start + length :]
    return seed


RUNS = int(os.environ.get("CRMKIT_FUZZ", "150"))


@settings(max_examples=RUNS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.sampled_from(SEEDS), mutations=st.lists(MUTATION, min_size=1, max_size=6))
def test_a_broken_file_is_answered(
    known: tuple[Store, Path], seed: bytes, mutations: list[tuple[float, int, bytes]]
) -> None:
    store, folder = known
    before = dump(store)
    path = write(folder, "broken.csv", mutated(seed, mutations))
    try:
        result = import_files(store, act_at(), load_policy(None), paths=[path], dry_run=True)[0]
    except Refusal as refusal:
        result = refusal.facts.get("result")
    assert dump(store) == before
    if result is not None:
        taken = (
            result.totals.lines + sum(counted.unchanged for counted in result.counted.values()) if result.orders else 0
        )
        assert result.rows >= len(result.rejected) + taken
        assert len({reject.line for reject in result.rejected}) == len(result.rejected)
        if result.orders:
            assert result.rows == len(result.rejected) + taken
        text = path.read_bytes().decode(result.encoding)
        # a comma is the only thing that may stand between cells
        if result.already is None and not set(text) & set("\t;|，"):
            assert result.rows + result.skipped == rows_by_csv(text, dict(result.notices))


def rows_by_csv(text: str, notices: dict[Notice, str]) -> int:
    """Rows below the header, blank ones too, as Python's own reader counts them."""
    records = list(csv.reader(io.StringIO(text, newline="")))
    filled = [place for place, record in enumerate(records) if any(cell.strip("\ufeff \t") for cell in record)]
    heads = 2 if Notice.JOINED_HEADER in notices else 1
    return len(records) - filled[int(notices.get(Notice.TITLE_ROWS, 0)) + heads - 1] - 1
