"""Bronze: what arrived, as it arrived. Append-only; clear personal data; never published."""

from typing import Final

from warehouse import contracts
from warehouse.tables.definition import Table

OWNER: Final = "data-engineering"
FILE: Final = "SHA-256 of the whole landed file, 64 hex digits."
BATCH: Final = "Number of the landing batch that wrote this row, counted from 1."
CONNECTOR: Final = "Name of the connector that reads this source format."

LANDED_FILES: Final = Table(
    name="bronze.landed_files",
    schema=contracts.LANDED_FILES,
    key=("batch", "file_sha256", "name"),
    grain="One row per file name and content, each time it was landed or is to be read again.",
    owner=OWNER,
    pii="none",
    append_only=True,
    volatile=frozenset({"landed_at"}),
    unindexed=frozenset({"name"}),
    description=(
        "The ledger of landing: which files were taken, when, and by which connector. A file that"
        " is to be read again, by a newer connector or after a fix, is entered once more."
    ),
    column_descriptions={
        "batch": BATCH,
        "file_sha256": FILE,
        "name": "Path of the file relative to the landing folder.",
        "size_bytes": "Size of the file in bytes.",
        "modified_ns": "Modification time of the file, nanoseconds since 1970-01-01 UTC.",
        "connector": CONNECTOR,
        "repeats": "True when the same content is read under another name, so that all is duplicate.",
        "landed_at": "When a run took the file or ordered it to be read again, UTC.",
    },
)

PAYLOADS: Final = Table(
    name="bronze.payloads",
    schema=contracts.PAYLOADS,
    key=("payload_id",),
    grain="One row per smallest unit as delivered: a vCon, webhook body, mail or table row.",
    owner=OWNER,
    pii="clear",
    append_only=True,
    volatile=frozenset({"landed_at"}),
    unindexed=frozenset({"raw", "context", "position"}),
    words=frozenset({"raw", "context"}),
    description="The untouched bytes of every delivered unit, so that all else can be rebuilt.",
    column_descriptions={
        "payload_id": "Stable id of the unit, from its file, its place and its bytes; 32 hex digits.",
        "payload_sha256": "SHA-256 of the raw bytes, 64 hex digits.",
        "file_sha256": FILE,
        "connector": CONNECTOR,
        "position": "Where the unit stands in the file, in words, for example `line 12`.",
        "byte_start": "Offset of the first byte in the file; null when the file is not linear.",
        "byte_end": "Offset after the last byte in the file; null when the file is not linear.",
        "raw": "The bytes as delivered. May hold clear personal data.",
        "context": "What is needed to read the bytes alone, such as a CSV header, as JSON.",
        "batch": BATCH,
        "landed_at": "When this run stored the unit, UTC.",
    },
)

RECORDS: Final = Table(
    name="bronze.records",
    schema=contracts.RECORDS,
    key=("record_id", "batch"),
    grain="One row per fact stated by a source and batch that took it in as new.",
    owner=OWNER,
    pii="clear",
    append_only=True,
    partition_by=("event_date",),
    unindexed=frozenset({"conversation_key", "native_id", "data", "pointer"}),
    words=frozenset({"conversation_key", "native_id", "data"}),
    description=(
        "Facts parsed from payloads, before they are joined into conversations: interactions,"
        " turns, handles, statuses, CRM rows. A file that is read again states its facts again;"
        " only those of its newest reading count."
    ),
    column_descriptions={
        "record_id": "Stable id of the fact, from all that it says and its links; 32 hex digits.",
        "record_kind": "interaction, turn, handle, status, crm, survey or judgement.",
        "source_system": "Source that stated the fact, for example vcon, whatsapp, email.",
        "conversation_key": "The source's own conversation. May be a clear phone number.",
        "link_hashes": "Keyed 64-bit hashes: the own conversation first, then others this fact ties to it.",
        "native_id": "The source's own id of the fact.",
        "event_at": "When it happened according to the source, UTC; null when it has no date at all.",
        "event_date": "Calendar day of event_at in the business time zone, null without one; partition.",
        "data": "Fields of the fact as JSON, as the connector documents them. Clear values.",
        "payload_id": "Payload in bronze.payloads that stated the fact first; see bronze.restatements.",
        "pointer": "Place inside the payload: JSON pointer or part number.",
        "file_sha256": FILE,
        "batch": BATCH,
    },
)

RESTATEMENTS: Final = Table(
    name="bronze.restatements",
    schema=contracts.RESTATEMENTS,
    key=("record_id", "batch"),
    grain="One row per fact that a further payload with a smaller id stated, and batch.",
    owner=OWNER,
    pii="pseudonymous",
    append_only=True,
    unindexed=frozenset({"pointer"}),
    description=(
        "Makes the pointer of a fact independent of the order of arrival: of all payloads that"
        " state it, the one with the smallest id counts."
    ),
    column_descriptions={
        "record_id": "The fact in bronze.records.",
        "link_hashes": "Keyed hashes of the conversations that the fact belongs to.",
        "payload_id": "Payload in bronze.payloads that states the fact too.",
        "pointer": "Place inside that payload: JSON pointer or part number.",
        "file_sha256": FILE,
        "batch": BATCH,
    },
)

REJECTS: Final = Table(
    name="bronze.rejects",
    schema=contracts.REJECTS,
    key=("reject_id", "batch"),
    grain="One row per delivered item that could not be accepted, each time it was read.",
    owner=OWNER,
    pii="none",
    append_only=True,
    volatile=frozenset({"rejected_at"}),
    unindexed=frozenset({"name", "position", "message"}),
    description=(
        "What was refused, where, and why; the payload itself stays in bronze.payloads. Rejects"
        " count as long as their batch is the newest of their file in bronze.coverage."
    ),
    column_descriptions={
        "reject_id": "Stable id of the refusal, from file, name, stage and place.",
        "file_sha256": FILE,
        "name": "Path of the file relative to the landing folder.",
        "connector": "Connector that refused it; `unsupported` when none recognised the file.",
        "position": "Where the item stands in the file, in words.",
        "payload_id": "Payload to replay; empty when the item never became one.",
        "payload_sha256": "SHA-256 of the payload's bytes; empty when there is none.",
        "stage": "Step that refused: land, fetch or parse.",
        "reason": "Short stable code to group by, for example bad_json.",
        "error_class": "Kind of failure in the program, for example ValueError.",
        "message": "What is wrong and what to do; never repeats content of the payload.",
        "batch": BATCH,
        "rejected_at": "When this run refused it, UTC.",
    },
)

READINGS: Final = Table(
    name="bronze.readings",
    schema=contracts.READINGS,
    key=("batch", "file_sha256"),
    grain="One row per landed content and batch that read it.",
    owner=OWNER,
    pii="none",
    append_only=True,
    volatile=frozenset({"read_at"}),
    description=(
        "Which connector in which version read a file. The newest reading of a file counts; facts"
        " of earlier ones are kept and no longer used."
    ),
    column_descriptions={
        "batch": BATCH,
        "file_sha256": FILE,
        "connector": "Connector that read the file; `unsupported` when none recognised it.",
        "version": "Version of that connector, and a hash of its settings when it has some.",
        "read_at": "When this run read the file, UTC.",
    },
)

COVERAGE: Final = Table(
    name="bronze.coverage",
    schema=contracts.COVERAGE,
    key=("batch", "file_sha256", "name"),
    grain="One row per landed file and batch.",
    owner=OWNER,
    pii="none",
    append_only=True,
    volatile=frozenset({"counted_at"}),
    unindexed=frozenset({"name"}),
    description=(
        "The law of landing: received = accepted + duplicates + rejected, per file. Of a file that"
        " was read again, the newest batch counts."
    ),
    column_descriptions={
        "batch": BATCH,
        "file_sha256": FILE,
        "name": "Path of the file relative to the landing folder.",
        "connector": CONNECTOR,
        "received": "Items found in the file.",
        "accepted": "Items that became new rows of bronze.records.",
        "duplicates": "Items whose fact was known already.",
        "rejected": "Items in bronze.rejects.",
        "counted_at": "When this run counted them, UTC.",
    },
)

TABLES: Final = (LANDED_FILES, PAYLOADS, RECORDS, RESTATEMENTS, REJECTS, READINGS, COVERAGE)
