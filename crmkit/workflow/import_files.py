"""Import export files: several at once are one operation, base data first, then orders, questionnaires, scores."""

import gc
import itertools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from crmkit.model.backup import BackupReason
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Field, ImportResult, Kind, Notice, Reason, Rejected
from crmkit.model.operation import Act
from crmkit.model.ownfield import AnyField
from crmkit.model.policy import Policy
from crmkit.sources import savedmaps
from crmkit.sources.cells import DateOrder
from crmkit.sources.headers import other_kinds
from crmkit.sources.rejects import write_rejects
from crmkit.store import backups, files, imports, ownfields, sealing
from crmkit.store.connection import Store
from crmkit.workflow.import_customers import import_customers
from crmkit.workflow.import_demand import import_demand
from crmkit.workflow.import_distances import import_distances
from crmkit.workflow.import_orders import import_orders
from crmkit.workflow.import_products import import_products
from crmkit.workflow.import_scores import import_scores
from crmkit.workflow.import_source import (
    MAPS_FOLDER,
    Brought,
    Choices,
    Progress,
    Reading,
    Run,
    Source,
    open_sources,
    staging,
)

_OF_REJECTS = re.compile(r"-rejects(-\d+)?$")  # what a mended file leaves is called like what the first one left
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
    sheets: tuple[str, ...] = (),
    order: DateOrder = "ymd",
    system: str | None = None,
    visible_only: bool = False,
    strict_columns: bool = False,
    clear_blanks: bool = False,
    archive_missing: bool = False,
    save_map: str | None = None,
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
    own = tuple(ownfields.all(store))
    reading = Reading(map_file, kinds, encoding, sheets, order, system, visible_only, strict_columns, own)
    choices = Choices(clear_blanks, archive_missing)
    kept, locks = [path for path in paths if not _is_lock(path)], [path for path in paths if _is_lock(path)]
    results = [_left_out(path, dry_run) for path in locks]
    with staging(store.path) as stage:
        sources = [source for path in kept for source in open_sources(stage, path, reading)]
        if rejects is not None and len(sources) > 1:  # sheets of one workbook
            raise Refusal(Fault.CONFLICTING_OPTIONS, first="--rejects", second=f"--sheet × {len(sources)}")
        sources.sort(key=lambda source: list(Kind).index(source.layout.kinds[0]))
        lines = sum(source.lines for source in sources)
        tick = _percent(lines, progress)
        if not dry_run and lines >= BULK_LINES and imports.all(store):
            backups.backup_before(store, act, BackupReason.IMPORT)
        with store.operation(act, rehearse=dry_run) as op, _uncollected():
            for source in sources:
                target = _rejects_path(store, source, rejects)
                run = Run(store, op, act, policy, source, choices, tick)
                results.append(_import_source(run, target, describe, dry_run))
            if sources and all(_is_bare(result) for result in results):
                raise Refusal(Fault.NO_ROWS, path=results[-1].file)
            if any(result.orders for result in results):
                sealing.seal(store, op)
        if save_map is not None and sources and not dry_run:
            _save_map(store, sources[0], save_map)
    return tuple(results)


def _is_bare(result: ImportResult) -> bool:
    return result.already is None and not result.rows


def _is_lock(path: Path) -> bool:
    """The small file a spreadsheet program lays beside an open workbook."""
    return path.name.startswith("~$")


def _left_out(path: Path, dry_run: bool) -> ImportResult:
    return ImportResult(_shown(path), "", "", (), notices=((Notice.LOCK_FILE, path.name),), dry_run=dry_run)


def _save_map(store: Store, source: Source, name: str) -> None:
    """A bare name goes into the folder `maps` beside the database, where the next import finds it by its header."""
    target = Path(name)
    if target.name == name:
        folder = store.path.resolve().parent / MAPS_FOLDER
        files.make_private_folder(folder)
        target = folder / (name if name.endswith(".toml") else f"{name}.toml")
    text = savedmaps.to_save(source.table, source.layout, source.mapping, source.reading.order)
    files.write_file(target, text.encode())


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
    stem = _OF_REJECTS.sub("", Path(source.path.name.removesuffix(".gz").removesuffix(".GZ")).stem)
    folder = store.path.resolve().parent
    names = (f"{stem}-rejects{number}.csv" for number in itertools.chain([""], map("-{}".format, itertools.count(2))))
    return next(folder / name for name in names if not (folder / name).exists())


def _import_source(run: Run, target: Path, describe: Describe, dry_run: bool) -> ImportResult:
    source, store = run.source, run.store
    file = source.table.file
    blank = ImportResult(source.name, file.sha256, file.said, source.layout.kinds, dry_run=dry_run)
    already = imports.of_file(store, file.sha256, source.map_sha256)
    if already is not None and run.choices == Choices():
        return replace(blank, already=already)
    result = _with_kinds(blank, source, _import_kinds(run))
    if result.rejected and len(result.rejected) == result.rows:
        _name_unknown_masters(source, result, describe)
    if result.rejected and not dry_run:
        # before the commit: rows are never neither stored nor among the rejects
        _write_rejects(source, result, target, describe)
        result = replace(result, rejects_file=_shown(target))
    if result.rejected and len(result.rejected) == result.rows:
        raise Refusal(
            Fault.NOTHING_USABLE,
            path=str(source.path),
            rejected=len(result.rejected),
            line=result.rejected[0].line,
            column=result.rejected[0].column,
            why=describe(result.rejected[0]) + (f" → {result.rejects_file}" if result.rejects_file else ""),
            rejects=result.rejects_file,
            result=result,
        )
    if dry_run:
        return result
    return replace(result, batch=imports.record(store, run.op, result, source.map_sha256))


def _name_unknown_masters(source: Source, result: ImportResult, describe: Describe) -> None:
    """Say how an order file's customers and products come in, when that is why nothing was usable."""
    others = other_kinds(source.table.header, source.layout.kinds)
    unknown = {Reason.UNKNOWN_CUSTOMER, Reason.UNKNOWN_PRODUCT}
    found = {reject.reason for reject in result.rejected}
    if others and source.mapping is None and found & unknown:
        wanted = [kind for kind in Kind if kind in (*others, *source.layout.kinds)]
        words = " ".join(f"--kind {kind}" for kind in wanted)
        raise Refusal(
            Fault.MASTERS_UNKNOWN, path=str(source.path), rejected=len(result.rejected), kinds=words, result=result
        )
    if sum(reject.reason in unknown for reject in result.rejected) * 2 > len(result.rejected):
        first = next(reject for reject in result.rejected if reject.reason in unknown)
        facts = {"line": first.line, "column": first.column, "why": describe(first), "result": result}
        raise Refusal(Fault.MASTERS_FIRST, path=str(source.path), rejected=len(result.rejected), **facts)


def _shown(path: Path) -> str:
    """A file's name as text: bytes that are no UTF-8 become replacement characters (bad-input.md 73)."""
    return os.fsencode(path).decode("utf-8", "replace")


def _import_kinds(run: Run) -> dict[Kind, Brought]:
    """Customers, then products, then the orders, questionnaires and scores that need both, and ways between shops."""
    brought: dict[Kind, Brought] = {}
    if Kind.CUSTOMERS in run.source.layout.kinds:
        brought[Kind.CUSTOMERS] = import_customers(run)
    if Kind.PRODUCTS in run.source.layout.kinds:
        brought[Kind.PRODUCTS] = import_products(run)
    if Kind.ORDERS in run.source.layout.kinds:
        refused = frozenset(reject.line for part in brought.values() for reject in part.rejected)
        brought[Kind.ORDERS] = import_orders(run, refused)
    if Kind.DEMAND in run.source.layout.kinds:
        brought[Kind.DEMAND] = import_demand(run)
    if Kind.SCORES in run.source.layout.kinds:
        brought[Kind.SCORES] = import_scores(run)
    if Kind.DISTANCES in run.source.layout.kinds:
        brought[Kind.DISTANCES] = import_distances(run)
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
        notices=(*source.notices, *(notice for part in parts for notice in part.notices)),
        columns=tuple((one.heading, _name_of(one.field)) for one in source.layout.columns if one.index is not None),
        changes=tuple(change for part in parts for change in part.changes),
        consequences=tuple(one for part in parts for one in part.consequences),
    )


def _name_of(field: AnyField) -> str:
    """A field as a mapping file names it; an own field by its name."""
    return field.value if isinstance(field, Field) else field.name


def _write_rejects(source: Source, result: ImportResult, target: Path, describe: Describe) -> None:
    fill = partial(write_rejects, table=source.table, rejected=result.rejected, describe=describe)
    files.write_with(target, fill)
