"""The uniform shape of every connector, and the records that all of them produce.

Data flow: landed file -> fetch -> Payload (raw bytes + place) -> parse -> Record.
A new source is one file beside this one with a subclass of `Connector`, and one line in
`registry.py`. Format-specific knowledge does not belong here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

RecordKind = Literal["interaction", "turn", "handle", "status", "crm", "survey", "judgement"]


class RejectedInput(ValueError):
    """One payload or record that cannot be accepted.

    `reason` is a short stable code that users group by (`bad_json`, `missing_field`, ...);
    the message says what is wrong and what to do, and never repeats payload content.
    """

    def __init__(self, reason: str, message: str, position: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class Payload:
    """The smallest unit as delivered: a vCon, a webhook body, a mail, a JSONL line, a CSV row.

    `raw` are the untouched bytes, `byte_start`/`byte_end` their place in the landed file
    (None when the container is not linear, such as Parquet), `position` the place in words
    ("line 12"), `context` what is needed to read `raw` alone (a CSV header), as JSON.
    `whole_file`: the payload is the landed file itself, which is too large to be copied into a
    table; `raw` is empty then, and `context` holds what was read from it.
    """

    raw: bytes
    position: str
    byte_start: int | None = None
    byte_end: int | None = None
    context: str = ""
    whole_file: bool = False


@dataclass(slots=True)
class Record:
    """One fact from a payload, typed by `kind`; `data` follows the field lists below.

    source_system     e.g. "vcon", "whatsapp", "email", "x", "crm"; part of every id
    conversation_key  the source's own conversation (thread root, call id, chat partner)
    links             further native ids that tie this record to a conversation whose key it
                      does not know (mail references, the tweet a deletion names)
    native_id         the source's own id of this fact: message id, call uuid, row key
    event_at          when it happened, aware UTC; orders revisions, never load time; None where
                      the source has no date at all: the conversation then waits for a fact that
                      dates it, and a turn is dated by its start_seconds
    pointer           JSON pointer (or part number) inside the payload

    data by kind; every field may be None unless marked *:
    interaction: channel* direction campaign queue agent_id started_at answered_at ended_at
                 wait_seconds hold_seconds talk_seconds after_work_seconds disconnect_reason
                 transfers disposition csat ces nps language metadata(dict)
                 supersedes (conversation keys, also among links, whose place this takes)
                 names_call (true: this key names the call also when its parts have other keys)
                 media_started_at (when its recording began, from which offsets of undated turns
                 count; without it they count from started_at)
                 recordings (file names, paths, URLs or `sha512-<base64url>` hashes of its
                 recordings, as the source writes them; see ingestion.audio.names)
                 recording (of source system `recording` only: the measures of that file)
    turn:        action*("sent"|"edited"|"deleted") turn_id* (native id of the message) role*
                 sender_type sender (clear handle) text sent_at start_seconds end_seconds
                 order (int, tie-break) reply_to (native id) channel direction metadata(dict)
                 provisional (int: gives way to words of the conversation with less, or none)
                 transfer (bool: the conversation changed hands here)
                 A system turn with metadata event "reopened" counts as a reopening.
                 stands_in (bool: repeats the first message, dropped once that came)
                 A role of None is found by the sender among the conversation's handles.
                 Deletions carry only action and turn_id; role may then be None.
    handle:      role* handle_type* handle* name
    status:      turn_id* status* (sent|delivered|read|failed) role agent_id campaign queue
                 until (instead of turn_id: all that the company sent by then)
    crm:         table* (one of vocabulary.CRM_TABLES) key* (row key) row* (dict, our columns,
                 clear values; identifying columns crm_id, phone, email, name, x_username;
                 in the table contacts also handle_type* and handle*, the card's own id)
    survey:      response_id* crm_id interaction_ref survey_type* score* comment answered_at*
    judgement:   interaction* (ours, or a native id) criterion* judgement* (one of
                 vocabulary.JUDGEMENTS) judged_by* (clear: e-mail address or name) judged_at*
                 reason*
    Times inside `data` are aware datetimes. `names` lists person names known to the source
    for this record, so that redaction can hide them in the text.
    """

    kind: RecordKind
    source_system: str
    conversation_key: str
    native_id: str
    event_at: datetime | None
    data: dict[str, Any]
    links: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    pointer: str = ""


Parsed = Record | RejectedInput
"""A record, or the reason why this part of the payload is not one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds at the door; a payload beyond them is rejected, never truncated."""

    payload_bytes: int = 32 * 1024 * 1024
    json_depth: int = 64
    mail_parts: int = 200
    mail_depth: int = 20
    text_characters: int = 200_000


@dataclass(frozen=True)
class Connector(ABC):
    """Reads one source format.

    `name` is stable and enters the ledger; `version` changes whenever parse() would give
    another answer for the same payload; `session_gap` splits an endless chat into sessions.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    source_system: ClassVar[str]
    session_gap: ClassVar[timedelta | None] = None
    limits: Limits = field(default_factory=Limits)

    @abstractmethod
    def recognises(self, name: str, head: bytes) -> bool:
        """Whether a file with this relative name, beginning with `head` (64 KiB), is mine."""

    @abstractmethod
    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """Yield the payloads of one landed file, streaming; never raise for bad content."""

    def fetch_named(self, path: Path, name: str) -> Iterator[Payload | RejectedInput]:
        """As `fetch`, for formats that need the relative name under which the file arrived."""
        return self.fetch(path)

    @property
    def reads_names(self) -> bool:
        """Whether the name of a file matters to what is read from it."""
        return type(self).fetch_named is not Connector.fetch_named

    def dates_by_name(self, name: str) -> bool:
        """Whether the relative name of a file dates what is read from it without other dates."""
        return False

    @property
    def may_travel(self) -> bool:
        """Whether it may be sent to other processes; one that holds private keys may not."""
        return True

    @abstractmethod
    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """Yield the records of one payload; never raise for bad content.

        Each item received is one record or one rejection, so their count is `received`.
        """
