"""A submitted month leaves for another machine as one file (step 8, approval without a server)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.errors import Refusal
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.package import Submission
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.sources.package_file import packed
from crmkit.store import documents, files, packages
from crmkit.store.connection import Store
from crmkit.workflow.pack_month import pack_month
from crmkit.workflow.settle_documents import BOTH, Settled, submit


@dataclass(frozen=True, slots=True)
class Sent:
    """A package that left: what is in it, its digest, the file, and whether the very same had left before."""

    submission: Submission
    digest: str
    path: Path
    sealed: bool
    again: bool = False


def submit_as_package(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    kinds: Iterable[DocumentKind] = BOTH,
    *,
    target: Path,
    key: bytes | None,
    accept_shortage: str | None = None,
    dry_run: bool = False,
) -> Settled:
    """Submit, and write the package: both or neither. Raises as submit and as the file writer."""
    common = (store, act, policy, manager, month, kinds)
    if dry_run:
        return submit(*common, accept_shortage=accept_shortage, dry_run=True)
    with files.staged(target) as stage:

        def leave(settled: Settled) -> None:
            content, digest = packed(pack_month(store, policy, manager, month, act.today), key)
            _keep(store, act, manager, month, digest)
            stage(content)

        try:
            return submit(*common, accept_shortage=accept_shortage, also=leave)
        except Refusal as refusal:
            if refusal.facts.get("state") is DocumentState.SUBMITTED:  # what is missing is only its file
                refusal.facts["way_out"] = f"crmkit plan package --month {month} -o {quote(str(target))}"
            raise


def send_package(
    store: Store,
    act: Act,
    policy: Policy,
    manager: Person,
    month: Month,
    *,
    target: Path,
    key: bytes | None,
    dry_run: bool = False,
) -> Sent:
    """Write the package of a month that is submitted. Once it left, nobody withdraws the month any more.

    Raises Refusal(STATE) when no document waits for a decision.
    """
    submission = pack_month(store, policy, manager, month, act.today)
    content, digest = packed(submission, key)
    again = packages.find(store, manager.id, month, digest) is not None
    if not dry_run:
        with files.staged(target) as stage, store.operation(act, as_read=True):
            _keep(store, act, manager, month, digest)
            stage(content)
    return Sent(submission, digest, target, key is not None, again)


def _keep(store: Store, act: Act, manager: Person, month: Month, digest: str) -> None:
    """Note that these submissions left, each document by the step that submitted it."""
    found = (documents.find(store, manager.id, month, kind) for kind in DocumentKind)
    waiting = {one.kind: packages.last_submit(store, one.id) for one in found if one and one.state.is_waiting}
    packages.keep(store, manager.id, month, digest, waiting, act)
