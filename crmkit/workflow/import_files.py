"""Import export files: several at once are one operation, in the order customers, products, orders."""

import gc
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from crmkit.model.backup import BackupReason
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import ImportResult, Kind, Notice, Rejected
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.sources.rejects import write_rejects
from crmkit.store import backups, files, imports, sealing
from crmkit.store.connection import Store
from crmkit.workflow.import_customers import import_customers
from crmkit.workflow.import_orders import import_orders
from crmkit.workflow.import_products import import_products
from crmkit.workflow.import_source import Brought, Progress, Source, open_source

BULK_LINES = 10_000  # from here on an import into a used file is preceded by a backup (our default)
Describe = Callable[[Rejected], str]


def import_files(
    store: Store,
    act: Act,
    policy: Policy,
    *,
    paths: Sequence[Path],
    map_file: Path | None = None,
    kinds: tuple[Kind, ...] = (),
    encoding: str | None = None,
    rejects: Path | None = None,
    describe: Describe = lambda reject: reject.reason.value,
    progress: Callable[[int], None] = lambda percent: None,
    dry_run: bool = False,
) -> tuple[ImportResult, ...]:
    """Import files: good rows and rejects in one commit, or nothing at all.

    A file that was imported before, with the same mapping, changes nothing: its result names the batch. Rejected rows
    go to `rejects`, or beside the database. `describe` words a reason for that file, `progress` takes percents.
    Raises Refusal for a file that cannot be read, NOTHING_USABLE for one without a good row, BALANCE.
    """
    if rejects is not None and len(paths) > 1:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="--rejects", second=f"FILE × {len(paths)}")
    if rejects is not None and rejects.exists():
        raise Refusal(Fault.TARGET_EXISTS, path=str(rejects))
    sources = [open_source(path, map_file, kinds, encoding) for path in paths]
    sources.sort(key=lambda source: list(Kind).index(source.layout.kinds[0]))
    lines = sum(source.lines for source in sources)
    tick = _percent(lines, progress)
    if not dry_run and lines >= BULK_LINES and imports.all(store):
        backups.backup_before(store, act, BackupReason.IMPORT)
    results = []
    with store.operation(act, rehearse=dry_run) as op, _uncollected():
        for source in sources:
            target = _rejects_path(store, source, rejects)
            results.append(_import_source(store, op, act, source, tick, target, describe, dry_run))
        if any(result.orders for result in results):
            sealing.seal(store, op)
    return tuple(results)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows of cells hold no cycles: the garbage collector would walk millions of them for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _percent(lines: int, progress: Callable[[int], None]) -> Progress:
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        progress(min(100, done * 100 // max(lines, 1)))

    return tick


def _rejects_path(store: Store, source: Source, wanted: Path | None) -> Path:
    if wanted is not None:
        return wanted
    stem = Path(source.path.name.removesuffix(".gz").removesuffix(".GZ")).stem
    folder = store.path.resolve().parent
    names = (f"{stem}-rejects{number}.csv" for number in itertools.chain([""], map("-{}".format, itertools.count(2))))
    return next(folder / name for name in names if not (folder / name).exists())


def _import_source(
    store: Store, op: int, act: Act, source: Source, tick: Progress, target: Path, describe: Describe, dry_run: bool
) -> ImportResult:
    file = source.table.file
    blank = ImportResult(_shown(source.path), file.sha256, file.encoding, source.layout.kinds, dry_run=dry_run)
    already = imports.of_file(store, file.sha256, source.map_sha256)
    if already is not None:
        return replace(blank, already=already)
    result = _with_kinds(blank, source, _import_kinds(store, op, act, source, tick))
    if result.rejected and not dry_run:
        # before the commit: rows are never neither stored nor among the rejects
        _write_rejects(source, result, target, describe)
        result = replace(result, rejects_file=_shown(target))
    if result.rejected and len(result.rejected) == result.rows:
        raise Refusal(
            Fault.NOTHING_USABLE,
            path=str(source.path),
            rejected=len(result.rejected),
            rejects=result.rejects_file or "-",
            result=result,
        )
    if dry_run:
        return result
    return replace(result, batch=imports.record(store, op, result, source.map_sha256))


def _shown(path: Path) -> str:
    """A file's name as text: bytes that are no UTF-8 become replacement characters (bad-input.md 73)."""
    return os.fsencode(path).decode("utf-8", "replace")


def _import_kinds(store: Store, op: int, act: Act, source: Source, tick: Progress) -> dict[Kind, Brought]:
    """Customers, then products, then the orders that need both."""
    brought: dict[Kind, Brought] = {}
    if Kind.CUSTOMERS in source.layout.kinds:
        brought[Kind.CUSTOMERS] = import_customers(store, source, tick)
    if Kind.PRODUCTS in source.layout.kinds:
        brought[Kind.PRODUCTS] = import_products(store, source, tick)
    if Kind.ORDERS in source.layout.kinds:
        refused = frozenset(reject.line for part in brought.values() for reject in part.rejected)
        brought[Kind.ORDERS] = import_orders(store, op, act.today, source, refused, tick)
    return brought


def _with_kinds(blank: ImportResult, source: Source, brought: dict[Kind, Brought]) -> ImportResult:
    """The result of a file out of its kinds: a row is counted once, a rejected line named once."""
    parts = list(brought.values())
    rejected: dict[int, Rejected] = {}
    for part in parts:
        for reject in part.rejected:
            rejected.setdefault(reject.line, reject)
    orders = brought.get(Kind.ORDERS, Brought())
    return replace(
        blank,
        rows=max(part.rows for part in parts),
        skipped=max(part.skipped for part in parts),
        counted={kind: part.counted for kind, part in brought.items()},
        orders=orders.orders,
        totals=orders.totals,
        rejected=tuple(rejected[line] for line in sorted(rejected)),
        notices=(*_layout_notices(source), *(notice for part in parts for notice in part.notices)),
    )


def _layout_notices(source: Source) -> list[tuple[Notice, str]]:
    layout = source.layout
    found = [(Notice.UNIT, heading) for heading in layout.units]
    if layout.ignored:
        found.append((Notice.COLUMNS_IGNORED, ", ".join(layout.ignored)[:500]))
    return found


def _write_rejects(source: Source, result: ImportResult, target: Path, describe: Describe) -> None:
    fill = partial(write_rejects, table=source.table, rejected=result.rejected, describe=describe)
    files.write_with(target, fill)
