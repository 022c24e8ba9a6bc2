"""vCon conversations, from the early unversioned form to 0.4.0, plain, signed or encrypted.

vCon -> parties, dialogs, analysis, attachments -> interaction, handle and turn records

Mapped: text and recording dialogs, incomplete calls, transfers, transcripts in the analysis
variants seen in the field, mails and chats inside a vCon, party history (waits and holds), tags
(queue, campaign, agent, ...), links to the redacted or amended original. Signatures are verified
and encrypted vCons opened with the configured keys; without the key a signature is noted as not
verified and an encrypted vCon is rejected as encrypted.
Not mapped: audio itself (never fetched or decoded), summaries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.fields import clean_text, items, missing, optional_text, required_text
from ingestion.connectors.reading import decode_json, each_item, json_payloads
from ingestion.connectors.settings import SAMPLE_MAIL_DOMAIN, SAMPLE_PHONE
from ingestion.connectors.vcon_dialog import Dialog, read_dialogs
from ingestion.connectors.vcon_envelope import is_compact, opened
from ingestion.connectors.vcon_keys import VconKeys
from ingestion.connectors.vcon_parties import Parties, read_parties
from ingestion.connectors.vcon_recognition import is_vcon
from ingestion.connectors.vcon_recordings import recordings_of
from ingestion.connectors.vcon_tags import direction_of, interaction_facts, read_tags
from ingestion.connectors.vcon_times import Clock
from ingestion.connectors.vcon_turns import Utterance, utterances


@dataclass(frozen=True)
class VconConnector(Connector):
    """Reads vCons; the company's domains and phones tell agents from customers."""

    name: ClassVar[str] = "vcon"
    version: ClassVar[str] = "3"
    source_system: ClassVar[str] = "vcon"
    company_mail_domains: tuple[str, ...] = (SAMPLE_MAIL_DOMAIN,)
    company_phones: tuple[str, ...] = (SAMPLE_PHONE,)
    keys: VconKeys = VconKeys()  # noqa: RUF009 - frozen, so it may be shared

    @property
    def may_travel(self) -> bool:
        """Not with keys: they stay in the process that read them."""
        return not self.keys.entries

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON with the outer keys of a vCon or of its signed or encrypted envelope."""
        return is_vcon(name, head)

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The interaction, its handles and its turns."""
        try:
            listed = each_item(self._decoded(payload.raw))
        except RejectedInput as rejected:
            yield rejected
            return
        for item, pointer in listed:
            try:
                yield from self._vcon(item, pointer)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), rejected.position or pointer)

    def _vcon(self, item: Any, pointer: str) -> list[Parsed]:
        envelope = opened(item, self.keys, self.limits)
        value = envelope.value
        uuid = required_text(value, "uuid")
        clock = Clock.of(value)
        parties = read_parties(value, self.company_mail_domains, self.company_phones)
        dialogs, rejections = read_dialogs(value, parties, clock, pointer)
        if rejections and not dialogs:
            return list(rejections)
        tags = read_tags(value)
        outbound = direction_of(value, dialogs, tags) == "outbound"
        parties.settle(_opener(dialogs), outbound)
        said, unread = utterances(value, dialogs, parties, tags, self.limits)
        facts = interaction_facts(value, dialogs, parties, tags, bool(said))
        if facts["started_at"] is None:
            facts["started_at"] = clock.created_at
        if facts["started_at"] is None:
            raise missing("created_at")
        facts["metadata"] |= envelope.metadata | clock.metadata
        facts["supersedes"] = _earlier(value)
        facts["recordings"] = recordings_of(value)
        # What takes another's place was said when it was made, unless it was updated since.
        revised_at = clock.revised_at or (clock.created_at if facts["supersedes"] else None)
        call = _Call(uuid, revised_at, facts, _links(value), parties, pointer)
        found: list[Parsed] = [self._interaction(call), *self._handles(call)]
        found += [self._turn(call, index, item) for index, item in enumerate(said)]
        return [*found, *rejections, *unread]

    def _decoded(self, raw: bytes) -> Any:
        """JSON, or the text of an envelope in compact form."""
        if len(raw) <= self.limits.payload_bytes and is_compact(raw):
            return raw.decode("ascii", "replace")
        return decode_json(raw, self.limits)

    def _interaction(self, call: "_Call") -> Record:
        started = call.facts["started_at"]
        return self._record(call, "interaction", call.uuid, started, call.facts, "")

    def _handles(self, call: "_Call") -> list[Parsed]:
        found: dict[tuple[str, str], Parsed] = {}
        for index, party in enumerate(call.parties.listed):
            for kind, handle in party.handles:
                native_id = f"{call.uuid}#party{index}:{kind}"
                data = {
                    "role": party.role,
                    "handle_type": kind,
                    "handle": handle,
                    "name": party.name,
                }
                found.setdefault(
                    (kind, handle),
                    self._record(
                        call,
                        "handle",
                        native_id,
                        call.facts["started_at"],
                        data,
                        f"/parties/{index}",
                    ),
                )
        return list(found.values())

    def _turn(self, call: "_Call", index: int, said: Utterance) -> Record:
        party = call.parties.at(said.party)
        handle = party.handles[0] if party is not None and party.handles else (None, None)
        native_id = f"{call.uuid}#{index}"
        data = {
            "action": "sent",
            "turn_id": native_id,
            "role": said.role,
            "sender_type": handle[0],
            "sender": handle[1],
            "text": clean_text(said.text, self.limits.text_characters),
            "sent_at": said.sent_at,
            "start_seconds": said.start_seconds,
            "end_seconds": said.end_seconds,
            "order": index,
            "channel": call.facts["channel"],
            "metadata": said.metadata,
        }
        moment = said.sent_at or call.facts["started_at"]
        return self._record(call, "turn", native_id, moment, data, said.pointer)

    def _record(
        self, call: "_Call", kind: Any, native_id: str, at: datetime, data: Any, pointer: str
    ) -> Record:
        # A vCon that was updated later replaces what the earlier one said.
        moment = max(at, call.revised_at) if call.revised_at else at
        names = tuple(party.name for party in call.parties.listed if party.name)
        return Record(
            kind=kind,
            source_system=self.source_system,
            conversation_key=call.uuid,
            native_id=native_id,
            event_at=moment,
            data=data,
            links=call.links,
            names=names,
            pointer=call.pointer + pointer,
        )


@dataclass(frozen=True, slots=True)
class _Call:
    uuid: str
    revised_at: datetime | None
    facts: dict[str, Any]
    links: tuple[str, ...]
    parties: Parties
    pointer: str


def _opener(dialogs: list[Dialog]) -> int | None:
    """Who opened the contact: the originator, by default the first party of a dialog."""
    for dialog in dialogs:
        if dialog.originator is not None:
            return dialog.originator
        if dialog.parties:
            return dialog.parties[0]
    return None


def _links(value: dict[str, Any]) -> tuple[str, ...]:
    """The uuids of earlier instances and of the vCons that this one groups."""
    return tuple(dict.fromkeys((*_earlier(value), *_uuids(items(value, "group")))))


def _earlier(value: dict[str, Any]) -> list[str]:
    """The uuids of instances that this one takes the place of: it redacts or amends them.

    Before 0.4.0 an amendment was called appended.
    """
    return _uuids([value.get(key) for key in ("redacted", "amended", "appended")])


def _uuids(sources: list[Any]) -> list[str]:
    found = [optional_text(item, "uuid") for item in sources if isinstance(item, dict)]
    return list(dict.fromkeys(uuid for uuid in found if uuid))
