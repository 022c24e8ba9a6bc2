"""Mails: `.eml` and `.emlx` files, RFC 5322 files without an extension (Maildir), mbox archives.

mail -> headers + body -> turn (the sender's own words) + handle of the sender

Mapped: threads by References and In-Reply-To, quoted mails and signatures stripped in English
and Indonesian, HTML, charsets also when declared wrongly, automatic replies as bot, the
company's own X-Agent-Id, X-Queue and X-Campaign headers, attachments by type, size and hash.
Not mapped: contents of attachments and attached mails, Outlook's binary .msg, recipients.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.email_body import Body, body_of, open_message
from ingestion.connectors.email_headers import (
    address,
    header,
    is_bounce,
    is_draft,
    sent_at,
)
from ingestion.connectors.email_reading import looks_like_mail, mail_payloads
from ingestion.connectors.email_text import own_words
from ingestion.connectors.email_thread import Thread
from ingestion.connectors.settings import SAMPLE_MAIL_DOMAIN

REPLY_PREFIXES = ("re:", "bls:", "balas:", "aw:", "sv:", "fw:", "fwd:", "trs:")


_DEPARTMENTS = frozenset((
    "admin", "bantuan", "care", "center", "centre", "cs", "customer", "helpdesk", "info", "layanan",
    "no", "noreply", "official", "pelanggan", "reply", "service", "services", "support", "team", "tim",
))  # fmt: skip


@dataclass(frozen=True)
class EmailConnector(Connector):
    """Reads mails; senders of the company's domains are agents."""

    name: ClassVar[str] = "email"
    version: ClassVar[str] = "3"
    source_system: ClassVar[str] = "email"
    company_mail_domains: tuple[str, ...] = (SAMPLE_MAIL_DOMAIN,)

    def recognises(self, name: str, head: bytes) -> bool:
        """A text that begins with mail headers, or with the separator line of an mbox."""
        if b"\x00" in head[:512]:
            return False
        return looks_like_mail(head)

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per mail."""
        return mail_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The turn of one mail and the handle of its sender."""
        try:
            raw = payload.raw
            if "mbox" in payload.context:
                raw = raw.replace(b"\n>From ", b"\nFrom ")
            message = open_message(raw, self.limits)
            yield from self._mail(message, payload.raw)
        except RejectedInput as rejected:
            yield rejected
        except RecursionError:
            yield RejectedInput("too_deep", "the mail's parts are nested too deep")

    def _mail(self, message: Message, raw: bytes) -> list[Parsed]:
        dated = sent_at(message)
        if dated is None:
            raise RejectedInput(
                "missing_date", "neither Date nor Received gives a time with an offset"
            )
        sender, name = address(message, "From")
        if sender is None:
            raise RejectedInput("missing_sender", "the From header holds no mail address")
        if name and self._names_the_company(name, sender):
            name = None
        if is_draft(message):
            raise RejectedInput("draft", "a draft that was never sent; nothing is to do")
        thread = Thread.of(message, raw)
        body = body_of(message, self.limits)
        moment, source = dated
        if source != "Date":
            body.metadata["sent_at_from"] = source
        role = self._role(message, sender)
        turn = self._turn(message, thread, body, moment, role, sender, name)
        data = {"role": role, "handle_type": "email", "handle": sender, "name": name}
        native_id = f"{thread.key}#email:{sender}"
        return [turn, self._record("handle", thread, native_id, moment, data, name)]

    def _role(self, message: Message, sender: str) -> str:
        if not self._is_company(sender):
            return "system" if is_bounce(message, sender) else "customer"
        automatic = (header(message, "Auto-Submitted") or "no").lower()
        return "agent" if automatic.startswith("no") else "bot"

    def _is_company(self, sender: str) -> bool:
        domain = sender.rpartition("@")[2]
        return any(domain == own or domain.endswith("." + own) for own in self.company_mail_domains)

    def _names_the_company(self, name: str, sender: str) -> bool:
        """Whether a name such as "Toko Care" of toko.example is nobody's, so that it stays readable.

        A word that is neither the company's nor a department's may be a person's.
        """
        labels = sender.rpartition("@")[2].split(".")[:-1]
        words = re.findall(r"\w+", name.casefold())
        others = [word for word in words if word not in _DEPARTMENTS]
        return self._is_company(sender) and all(word in labels for word in others)

    def _turn(
        self,
        message: Message,
        thread: Thread,
        body: Body,
        moment: datetime,
        role: str,
        sender: str,
        name: str | None,
    ) -> Record:
        subject = header(message, "Subject")
        text = own_words(body.text)
        if subject and not thread.is_reply and not subject.lower().startswith(REPLY_PREFIXES):
            text = f"{subject}\n{text}".strip()
        data: dict[str, Any] = {
            "action": "sent",
            "turn_id": thread.own,
            "role": role,
            "sender_type": "email",
            "sender": sender,
            "text": text or None,
            "sent_at": moment,
            "reply_to": thread.parent,
            "channel": "email",
            "direction": _direction(role, thread),
            "agent_id": header(message, "X-Agent-Id") if role != "customer" else None,
            "queue": header(message, "X-Queue"),
            "campaign": header(message, "X-Campaign"),
            "metadata": _metadata(subject, body),
        }
        return self._record("turn", thread, thread.own, moment, data, name)

    def _record(
        self,
        kind: Any,
        thread: Thread,
        native_id: str,
        moment: datetime,
        data: dict[str, Any],
        name: str | None,
    ) -> Record:
        return Record(
            kind=kind,
            source_system=self.source_system,
            conversation_key=thread.key,
            native_id=native_id,
            event_at=moment,
            data=data,
            links=thread.links,
            names=(name,) if name else (),
            pointer="headers" if kind == "handle" else "body",
        )


def _direction(role: str, thread: Thread) -> str | None:
    """Outbound when the company opens the thread; its answers say nothing about that."""
    if role == "customer":
        return "inbound"
    return None if thread.is_reply or role == "system" else "outbound"


def _metadata(subject: str | None, body: Body) -> dict[str, Any]:
    found: dict[str, Any] = dict(body.metadata)
    if subject:
        found["subject"] = subject
    if body.attachments:
        found["attachments"] = body.attachments
    return found
