"""Packages that left for another machine, and the answers that came back."""

from collections.abc import Mapping
from dataclasses import dataclass

from crmkit.model.document import DocumentKind
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.store.connection import Store

Steps = Mapping[DocumentKind, int]  # the transition of each document that went along, or that an answer brought about
_SUBMITS = "('submit','submit_result')"
_SELECT = "SELECT digest, answers, strategies, plan, at, actor FROM package"


@dataclass(frozen=True, slots=True)
class KeptPackage:
    """A package this file sent, or an answer it took (`answers`: the digest of the package it is to)."""

    digest: str
    answers: str | None
    steps: Steps
    at: str
    actor: str


def keep(
    store: Store, manager: int, month: Month, digest: str, steps: Steps, act: Act, answers: str | None = None
) -> None:
    """Note a package; one that is known already stays as it is."""
    store.execute(
        """INSERT INTO package(manager, month, digest, answers, strategies, plan, at, actor) VALUES (?,?,?,?,?,?,?,?)
           ON CONFLICT(manager, digest) DO NOTHING""",
        (manager, str(month), digest, answers, steps.get(DocumentKind.STRATEGIES), steps.get(DocumentKind.PLAN),
         act.now.isoformat(timespec="seconds"), act.actor),
    )  # fmt: skip


def find(store: Store, manager: int, month: Month, digest: str) -> KeptPackage | None:
    row = store.one(f"{_SELECT} WHERE manager=? AND month=? AND digest=?", (manager, str(month), digest))
    if row is None:
        return None
    found = {DocumentKind.STRATEGIES: row[2], DocumentKind.PLAN: row[3]}
    return KeptPackage(row[0], row[1], {kind: step for kind, step in found.items() if step}, row[4], row[5])


def last_step(store: Store, document: int) -> int:
    """The newest step of a document; 0 before the first."""
    return int(store.value("SELECT ifnull(max(id),0) FROM transition WHERE document=?", (document,)))


def last_submit(store: Store, document: int) -> int:
    """The step that submitted a document last; 0 before the first."""
    sql = f"SELECT ifnull(max(id),0) FROM transition WHERE document=? AND action IN {_SUBMITS}"
    return int(store.value(sql, (document,)))


def has_left(store: Store, document: int) -> bool:
    """Did the last submission of a document go to another machine?"""
    sql = "SELECT 1 FROM package WHERE answers IS NULL AND ?1>0 AND (strategies=?1 OR plan=?1)"
    return store.one(sql, (last_submit(store, document),)) is not None


def sent_by(store: Store, seq: int) -> bool:
    """Did an operation send a package, or submit what has gone in one?"""
    sql = """SELECT 1 FROM package p JOIN change c ON c.op=?1 AND c.kind='I' AND (
                 (c.tbl='package' AND c.key=p.id)
                 OR (c.tbl='transition' AND (c.key=p.strategies OR c.key=p.plan)))
             WHERE p.answers IS NULL"""
    return store.one(sql, (seq,)) is not None

