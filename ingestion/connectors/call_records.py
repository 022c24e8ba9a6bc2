"""One call (or chat) as the contact-centre formats state it, and the records it becomes.

Call + facts, utterances, handles -> Record. What a format means by its fields stays with the
format; here is only the common shape of what they all deliver.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ingestion.connectors.base import Limits, Record, RejectedInput
from ingestion.connectors.fields import clean_text

LONGEST_CALL_SECONDS = 10**7


@dataclass(slots=True)
class Said:
    """One utterance: seconds count from the start of the transcript, `at` is its moment.

    `provisional` words give way to those of the same call that are less so.
    """

    key: str
    role: str
    text: str
    start: float | None = None
    end: float | None = None
    at: datetime | None = None
    sender: tuple[str, str] | None = None
    provisional: int = 0
    pointer: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """What all records of one call share; `at` orders what is stated more than once.

    `at` is None for a transcript without any date. `said_in` is the transcript's own key where its
    words are told apart by it, so that they are the same words under whichever key it comes.
    """

    system: str
    key: str
    at: datetime | None
    links: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    pointer: str = ""
    said_in: str = ""

    def interaction(self, facts: dict[str, Any], statement: str = "") -> Record:
        """The record of the call's facts; `statement` tells apart who states them."""
        native_id = f"{self.key}#{statement}" if statement else self.key
        return self._record("interaction", native_id, self.at, facts, "")

    def handle(self, role: str, kind: str, handle: str, name: str | None, pointer: str) -> Record:
        """The record of one handle of one side."""
        data = {"role": role, "handle_type": kind, "handle": handle, "name": name}
        return self._record("handle", f"{self.key}#{kind}:{handle}", self.at, data, pointer)

    def turn(self, said: Said, order: int, channel: str, limits: Limits) -> Record:
        """The record of one utterance; raises RejectedInput when the text is too long."""
        sender_type, sender = said.sender or (None, None)
        turn_id = f"{self.said_in or self.key}#{said.key}"
        data = {
            "action": "sent",
            "turn_id": turn_id,
            "role": said.role,
            "sender_type": sender_type,
            "sender": sender,
            "text": clean_text(said.text, limits.text_characters),
            "sent_at": said.at,
            "start_seconds": said.start,
            "end_seconds": said.end,
            "order": order,
            "channel": channel,
            "metadata": said.metadata,
        }
        if said.provisional:
            data["provisional"] = said.provisional
        return self._record("turn", turn_id, self.at, data, said.pointer)

    def turns(self, said: list[Said], channel: str, limits: Limits) -> list[Record | RejectedInput]:
        """All utterances in order; one that cannot be kept is a rejection of its own."""
        found: list[Record | RejectedInput] = []
        for order, item in enumerate(said):
            try:
                found.append(self.turn(item, order, channel, limits))
            except RejectedInput as rejected:
                place = self.pointer + item.pointer
                found.append(RejectedInput(rejected.reason, str(rejected), place))
        return found

    def _record(
        self, kind: Any, native_id: str, at: datetime | None, data: dict[str, Any], pointer: str
    ) -> Record:
        return Record(
            kind=kind,
            source_system=self.system,
            conversation_key=self.key,
            native_id=native_id,
            event_at=at,
            data=data,
            links=self.links,
            names=self.names,
            pointer=self.pointer + pointer,
        )


def after(start: datetime | None, seconds: float | None) -> datetime | None:
    """The moment that many seconds after `start`; None when either is unknown."""
    if start is None or seconds is None:
        return None
    return start + timedelta(seconds=min(seconds, LONGEST_CALL_SECONDS))


def known(facts: dict[str, Any]) -> dict[str, Any]:
    """Metadata without what the source does not say."""
    return {key: value for key, value in facts.items() if value not in (None, "", [], {})}
