"""The lake's tables: idempotent, durable commits and reads of pinned versions.

This is the only importer of the table library. A write takes the table's lock, skips when the
sequence was committed before, commits once, syncs the disk and enters the manifest; only then
does it return. Reading rows is handed to `warehouse.reading`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import unquote

import pyarrow as pa
from deltalake import (
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError, DeltaError

from warehouse import catalog, durability, manifest, reading, sql
from warehouse.door import Batches, CheckedStream, ContractViolation, matches
from warehouse.manifest import DamagedTable, Ledger
from warehouse.reading import DataFile, Selection
from warehouse.tables.definition import Table
from warehouse.tables.gold import public_mart

if TYPE_CHECKING:
    import duckdb

CHECKPOINT_EVERY = 50
# The library holds a file in memory until it is complete, one for each partition of a write, and
# the rows of a group until they are enough.
FILE_BYTES = 64 * 1024 * 1024
PARTITION_FILE_BYTES = 8 * 1024 * 1024
ROW_GROUP_ROWS = 16_384
PARTITION_ROW_GROUP_ROWS = 4_096
WIDE_ROW_GROUP_ROWS = 64
ROW_GROUP_BYTES = 32 * 1024 * 1024
# The table library panics on these in a path, and `%` and `#` change the path's meaning.
UNSAFE_IN_ROOT = frozenset('[]{}^|%#?*\\<>`"')
Partitions = Sequence[Mapping[str, Any]]


class ConcurrentWrite(RuntimeError):
    """Someone who does not hold the table's lock committed at the same time; try again."""


@dataclass(frozen=True)
class Commit:
    """One write that is on the disk. `rows` counts the rows it added."""

    table: str
    version: int
    sequence: int
    rows: int


class Lake:
    """The Delta tables under one folder. Names are catalogue names such as "silver.turns".

    `declare` adds tables that the catalogue does not list (public marts under gold).
    """

    LIBRARY_ERROR: ClassVar[type[Exception]] = DeltaError
    """What the table library raises when a log cannot be read."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if unsafe := UNSAFE_IN_ROOT & set(str(self.root)):
            raise ValueError(f"the lake's path must not contain {' '.join(sorted(unsafe))}")
        self._declared: dict[str, Table] = {}
        self._files: dict[tuple[str, int], list[DataFile]] = {}

    # --- what there is ---------------------------------------------------------------------

    def declare(self, table: Table) -> None:
        """Let this object write and read `table`, which the catalogue does not list."""
        self._declared[table.name] = table

    def definition(self, name: str) -> Table:
        """The definition of a table; KeyError when nobody knows it.

        Public marts of earlier processes are known by what their own log says.
        """
        if name not in self._declared and name.startswith("gold.") and self.exists(name):
            return public_mart(name, self.stored_schema(name))
        return self._declared.get(name) or catalog.table(name)

    def ledger(self, name: str) -> Ledger:
        """Where the table and its manifest chain lie."""
        folder = self.root.joinpath(*name.split("."))
        return Ledger(name, folder, self.root / "_manifest" / f"{name}.jsonl")

    def exists(self, name: str) -> bool:
        """Whether the table was ever written."""
        return self.ledger(name).commit_file(0).exists()

    def version(self, name: str) -> int | None:
        """The newest version; None when the table was never written."""
        return self._open(name).version() if self.exists(name) else None

    def stored_schema(self, name: str) -> pa.Schema:
        """The schema in the table's own log; differs from the contract after an upgrade."""
        return pa.schema(self._open(name).schema().to_arrow())

    def cursor(self, name: str, app: str) -> int | None:
        """The last sequence that `app` committed; None when it never did."""
        if not self.exists(name):
            return None
        number = self._open(name).transaction_version(app)
        return None if number is None else int(number)

    # --- writing ---------------------------------------------------------------------------

    def append(
        self,
        name: str,
        data: Batches,
        *,
        app: str,
        sequence: int,
        largest_row: int | None = None,
        marks: Mapping[str, int] = MappingProxyType({}),
    ) -> Commit | None:
        """Add rows once: None when `app` has committed `sequence` or a later one before.

        `largest_row` are the bytes of the largest one, if known: where all rows of a wide table
        are small, more of them fit into a group, which saves time and space. `marks` are cursors
        of further apps that move with this commit.
        Raises ContractViolation when the rows do not fit, DamagedTable when the table's files
        changed since the last commit, ConcurrentWrite when a writer ignored the lock.
        """
        stream = CheckedStream(data, self.definition(name))

        def write(handle: DeltaTable, properties: CommitProperties) -> None:
            _write(handle, stream, properties, mode="append", largest_row=largest_row)

        return self._commit(name, {app: sequence} | dict(marks), stream, write)

    def overwrite_partitions(
        self,
        name: str,
        data: Batches,
        *,
        partitions: Partitions | None,
        app: str,
        sequence: int,
        note: Mapping[str, str] | None = None,
        marks: Mapping[str, int] = MappingProxyType({}),
    ) -> Commit | None:
        """Replace the rows of `partitions` (None: all rows) by `data`, once, in one commit.

        Partitions without new rows become empty. Rows outside `partitions` are refused.
        `note` is kept in the commit for people who read the history, `marks` as in `append`.
        Returns and raises as `append`.
        """
        definition = self.definition(name)
        if definition.append_only:
            raise ContractViolation(f"{name} is append-only")
        stream = CheckedStream(data, definition, partitions)
        predicate = sql.partition_predicate(partitions) if partitions else None
        # Replacing no partition at all still records the sequence.
        nothing = partitions is not None and not partitions
        mode: Literal["append", "overwrite"] = "append" if nothing else "overwrite"
        evolve = definition.layer == "gold" and partitions is None

        def write(handle: DeltaTable, properties: CommitProperties) -> None:
            _write(handle, stream, properties, mode=mode, predicate=predicate, evolve=evolve)

        return self._commit(name, {app: sequence} | dict(marks), stream, write, note)

    def ensure(self, name: str) -> int:
        """Sync and enter commits that a crash kept out of the manifest; return how many."""
        ledger = self.ledger(name)
        newest = manifest.recorded_version(ledger)
        following = 0 if newest is None else newest + 1
        if not ledger.commit_file(following).exists():
            return 0
        with self._lock(name):
            return manifest.record(ledger, late=True)

    def _commit(
        self,
        name: str,
        cursors: Mapping[str, int],
        stream: CheckedStream,
        write: Callable[[DeltaTable, CommitProperties], None],
        note: Mapping[str, str] | None = None,
    ) -> Commit | None:
        app, sequence = next(iter(cursors.items()))
        with self._lock(name):
            ledger = self.ledger(name)
            manifest.check_head(ledger)
            # Before the cursor is believed: what it counts must be on the disk.
            manifest.record(ledger, late=True)
            handle = self._open_or_create(name)
            if _committed(handle, app, sequence):
                return None
            transactions = [Transaction(*cursor) for cursor in cursors.items()]
            properties = CommitProperties(
                custom_metadata=dict(note or {}), app_transactions=transactions
            )
            try:
                write(handle, properties)
            except CommitFailedError as error:
                # The commit may have landed all the same (a lost acknowledgement).
                handle.update_incremental()
                if not _committed(handle, app, sequence):
                    raise ConcurrentWrite(f"{name}: {type(error).__name__}") from None
            except Exception:
                if stream.error is not None:
                    raise stream.error from None
                raise
            manifest.record(ledger, late=False)
            self._checkpoint(handle, ledger)
            return Commit(name, handle.version(), sequence, stream.rows)

    def _open_or_create(self, name: str) -> DeltaTable:
        ledger = self.ledger(name)
        if self.exists(name):
            return DeltaTable(str(ledger.folder))
        definition = self.definition(name)
        durability.make_folder(ledger.folder)
        DeltaTable.create(
            str(ledger.folder),
            schema=definition.schema,
            partition_by=list(definition.partition_by) or None,
            configuration=_configuration(definition),
        )
        manifest.record(ledger, late=False)
        return DeltaTable(str(ledger.folder))

    def _checkpoint(self, handle: DeltaTable, ledger: Ledger) -> None:
        """Now and then sum up the log, so that opening does not slow down with history."""
        if handle.version() == 0 or handle.version() % CHECKPOINT_EVERY:
            return
        handle.create_checkpoint()
        summaries = [*ledger.log.glob(f"{handle.version():020d}.checkpoint*.parquet")]
        durability.sync_tree([*summaries, ledger.log / "_last_checkpoint"], ledger.log)

    def _lock(self, name: str) -> Any:
        return durability.exclusive(self.root / "_locks" / f"{name}.lock")

    # --- reading ---------------------------------------------------------------------------

    def read(
        self,
        name: str,
        *,
        columns: Sequence[str] | None = None,
        version: int | None = None,
        since: int | None = None,
        partitions: Partitions | None = None,
        where: str | None = None,
        among: tuple[str, pa.Array] | None = None,
        order_by: Sequence[str] = (),
    ) -> pa.Table:
        """Rows of a version (None: the newest) as one table; see `scan`."""
        return self.scan(
            name,
            columns=columns,
            version=version,
            since=since,
            partitions=partitions,
            where=where,
            among=among,
            order_by=order_by,
        ).read_all()

    def scan(
        self,
        name: str,
        *,
        columns: Sequence[str] | None = None,
        version: int | None = None,
        since: int | None = None,
        partitions: Partitions | None = None,
        where: str | None = None,
        among: tuple[str, pa.Array] | None = None,
        order_by: Sequence[str] = (),
    ) -> pa.RecordBatchReader:
        """Stream rows of a version in the contract's column order and types.

        `since` leaves out files that version held too (new rows of an append-only table);
        `partitions` reads only those; `where` and `order_by` are this program's own SQL;
        `among` is a column and the values it may have.
        A table that was never written gives no rows.
        """
        definition = self.definition(name)
        chosen = list(columns) if columns is not None else definition.schema.names
        schema = pa.schema([definition.schema.field(column) for column in chosen])
        files = _within(self.files_added(name, since, version), partitions)
        selection = Selection(chosen, where, order_by, among)
        found = reading.batches(definition, files, selection, self.root / "_tmp")
        return pa.RecordBatchReader.from_batches(schema, found)

    def ask(
        self,
        name: str,
        statement: str,
        schema: pa.Schema,
        *,
        version: int | None = None,
        since: int | None = None,
        partitions: Partitions | None = None,
        given: Mapping[str, pa.Table] = MappingProxyType({}),
    ) -> pa.RecordBatchReader:
        """Stream the answer of this program's own SQL over the view `rows`; see `scan`.

        `given` are further tables by name, such as keys to look up, so that only the rows wanted
        leave the files. `schema` names the answer's columns and types.
        """
        definition = self.definition(name)
        files = _within(self.files_added(name, since, version), partitions)

        def found() -> Iterator[pa.RecordBatch]:
            with reading.opened(definition, files, given, self.root / "_tmp") as connection:
                yield from reading.answers(connection, statement, schema)

        return pa.RecordBatchReader.from_batches(schema, found())

    @contextmanager
    def opened(self, name: str, version: int | None) -> Iterator["duckdb.DuckDBPyConnection"]:
        """A private DuckDB connection with the view `rows` over a version, for several steps."""
        files = self.files(name, version)
        with reading.opened(self.definition(name), files, {}, self.root / "_tmp") as connection:
            yield connection

    def files(self, name: str, version: int | None = None) -> list[DataFile]:
        """The data files of a version (None: the newest), in path order."""
        if not self.exists(name):
            if version is not None:
                raise DamagedTable(f"{name}: version {version} does not exist")
            return []
        if version is not None and (name, version) in self._files:
            return self._files[name, version]
        handle = self._open(name, version)
        found = sorted(_data_files(handle, self.ledger(name).folder), key=lambda f: f.path)
        if len(self._files) > 64:
            self._files.clear()
        self._files[name, handle.version()] = found
        return found

    def files_added(self, name: str, since: int | None, until: int | None = None) -> list[DataFile]:
        """Files of version `until` (None: the newest) that version `since` does not have."""
        before = set() if since is None else {file.path for file in self.files(name, since)}
        return [file for file in self.files(name, until) if file.path not in before]

    def changed_partitions(
        self, name: str, since: int | None, until: int | None = None
    ) -> list[dict[str, Any]]:
        """Partitions whose files differ between two versions, also those now empty.

        `since` None gives every partition of `until` (None: the newest version).
        """
        before = set() if since is None else set(self.files(name, since))
        changed = before ^ set(self.files(name, until))
        found = sorted({file.partition for file in changed}, key=str)
        return [dict(partition) for partition in found]

    def _open(self, name: str, version: int | None = None) -> DeltaTable:
        ledger = self.ledger(name)
        handle = DeltaTable(str(ledger.folder), version=version)
        # The library takes an empty commit for one that changes nothing.
        if ledger.commit_file(handle.version()).stat().st_size == 0:
            raise DamagedTable(f"{name}: commit {handle.version()} is empty")
        return handle


def _within(files: list[DataFile], partitions: Partitions | None) -> list[DataFile]:
    """The files of these partitions; None means all."""
    if partitions is None:
        return files
    return [f for f in files if any(matches(f.values, part) for part in partitions)]


def _committed(handle: DeltaTable, app: str, sequence: int) -> bool:
    known = handle.transaction_version(app)
    return known is not None and known >= sequence


def _configuration(definition: Table) -> dict[str, str | None]:
    """Table properties: no change feed, no deletion vectors, no statistics of personal words."""
    return {
        "delta.appendOnly": "true" if definition.append_only else "false",
        "delta.dataSkippingStatsColumns": ",".join(definition.statistics_columns),
        "delta.enableExpiredLogCleanup": "false",
    }


def _write(
    handle: DeltaTable,
    stream: CheckedStream,
    properties: CommitProperties,
    *,
    mode: Literal["append", "overwrite"],
    predicate: str | None = None,
    evolve: bool = False,
    largest_row: int | None = None,
) -> None:
    options: dict[str, Any] = {"predicate": predicate} if mode == "overwrite" else {}
    write_deltalake(
        handle,
        stream.reader(),
        mode=mode,
        schema_mode="overwrite" if evolve else None,
        target_file_size=PARTITION_FILE_BYTES if stream.table.partition_by else FILE_BYTES,
        writer_properties=WriterProperties(
            compression="ZSTD",
            compression_level=3,
            max_row_group_size=_group_rows(stream.table, largest_row),
        ),
        commit_properties=properties,
        # Checkpoints are written and synced by `Lake._checkpoint`; logs are kept for `verify`.
        post_commithook_properties=PostCommitHookProperties(
            create_checkpoint=False, cleanup_expired_logs=False
        ),
        **options,
    )


def _group_rows(table: Table, largest_row: int | None) -> int:
    if not table.wide:
        return PARTITION_ROW_GROUP_ROWS if table.partition_by else ROW_GROUP_ROWS
    fit = 0 if largest_row is None else ROW_GROUP_BYTES // max(1, largest_row)
    return min(ROW_GROUP_ROWS, max(WIDE_ROW_GROUP_ROWS, fit))


def _data_files(handle: DeltaTable, folder: Path) -> Iterator[DataFile]:
    actions = pa.table(handle.get_add_actions(flatten=True))
    columns = [column for column in actions.column_names if column.startswith("partition.")]
    wanted = actions.select(["path", "size_bytes", "num_records", *columns])
    for row in wanted.to_pylist():
        partition = tuple((column.removeprefix("partition."), row[column]) for column in columns)
        rows = row["num_records"] or 0
        yield DataFile(folder / unquote(row["path"]), partition, row["size_bytes"], rows)
