"""The thread of a mail, from the headers in which mails name each other."""

import hashlib
from dataclasses import dataclass
from email.message import Message

from ingestion.connectors.email_headers import message_ids


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail stands: its own id, its parent, and the key all mails of a thread share."""

    own: str
    parent: str | None
    key: str
    links: tuple[str, ...]

    @property
    def is_reply(self) -> bool:
        """Whether the mail names one that came before it."""
        return self.key != self.own

    @classmethod
    def of(cls, message: Message, raw: bytes) -> "Thread":
        """Read from Message-ID, References and In-Reply-To; without an id the bytes name the mail."""
        ids = message_ids(message, "Message-ID")
        own = ids[0] if ids else f"sha256:{hashlib.sha256(raw).hexdigest()}"
        references = message_ids(message, "References")
        replied = message_ids(message, "In-Reply-To")
        parent = next(iter(replied), None) or (references[-1] if references else None)
        key = next(iter(references), None) or parent or own
        links = dict.fromkeys([*references, *replied, own])
        return cls(own, parent, key, tuple(links))
