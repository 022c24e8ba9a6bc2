"""The contact record of Amazon Connect: who, which queue, how long, and why it ended.

contact record -> one interaction and the customer's handle. Durations are whole seconds and
times UTC by the vendor's data model. A transfer starts a contact of its own; its record names
the contacts before and after it.
"""

from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_records import Call, known
from ingestion.connectors.fields import (
    aware_time,
    items,
    missing,
    optional_mapping,
    optional_number,
    optional_text,
    required_text,
    seconds,
)

SYSTEM = "amazon_connect"
CHANNELS = {"VOICE": "voice", "CHAT": "chat", "EMAIL": "email"}
DIRECTIONS = {
    "INBOUND": "inbound",
    "OUTBOUND": "outbound",
    "EXTERNAL_OUTBOUND": "outbound",
    "CALLBACK": "outbound",
    "AGENT_REPLY": "outbound",
    "FLOW": "outbound",
}
HANDLES = {"TELEPHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email"}
BROKEN = {
    "TELECOM_PROBLEM",
    "AGENT_NETWORK_DISCONNECT",
    "CUSTOMER_CONNECTION_NOT_ESTABLISHED",
    "SYSTEM_ERROR",
    "OUTBOUND_RESOURCE_ERROR",
}
CONTACT_ID_CHARACTERS = 256


def contact_id(value: str) -> str:
    """A contact id: letters, digits, dashes; a placeholder out of a manual is none."""
    plain = value.replace("-", "").replace("_", "")
    if not plain.isalnum() or not plain.isascii() or len(value) > CONTACT_ID_CHARACTERS:
        raise RejectedInput(
            "bad_id", "ContactId is no id of a contact; deliver the file as Amazon Connect wrote it"
        )
    return value


def contact_record(document: dict[str, Any], name: str, limits: Limits) -> list[Parsed]:
    """The records of one contact record; raises RejectedInput when it is not usable."""
    key = contact_id(required_text(document, "ContactId"))
    channel = CHANNELS.get(required_text(document, "Channel"))
    method = optional_text(document, "InitiationMethod")
    if channel is None or method == "MONITOR":
        raise RejectedInput(
            "not_a_conversation", "the record of a task or of monitoring, nobody spoke; leave it"
        )
    started = _time(document, "InitiationTimestamp")
    if started is None:
        raise missing("InitiationTimestamp")
    stated_at = _time(document, "LastUpdateTimestamp") or _time(document, "DisconnectTimestamp")
    call = Call(SYSTEM, key, max(started, stated_at or started))
    facts = _facts(document, channel, method)
    found: list[Parsed] = [call.interaction(facts, "record")]
    endpoint = optional_mapping(document, "CustomerEndpoint")
    address = optional_text(endpoint, "Address")
    if address:
        kind = HANDLES.get(optional_text(endpoint, "Type") or "", "other")
        found.append(call.handle("customer", kind, address, None, "/CustomerEndpoint"))
    return found


def _time(parent: dict[str, Any], key: str) -> datetime | None:
    value = parent.get(key)
    return None if value in (None, "") else aware_time(value, key)


def _facts(document: dict[str, Any], channel: str, method: str | None) -> dict[str, Any]:
    agent, queue = optional_mapping(document, "Agent"), optional_mapping(document, "Queue")
    answered = _time(agent, "ConnectedToAgentTimestamp")
    transferred = _time(document, "TransferCompletedTimestamp") is not None
    ended = optional_text(document, "DisconnectReason")
    machine = (optional_text(document, "AnsweringMachineDetectionStatus") or "").startswith(
        "VOICEMAIL"
    )
    return {
        "channel": channel,
        "direction": _direction(channel, method),
        "campaign": optional_text(optional_mapping(document, "Campaign"), "CampaignId"),
        "queue": optional_text(queue, "Name"),
        "agent_id": optional_text(agent, "Username"),
        "started_at": _time(document, "InitiationTimestamp"),
        "answered_at": answered,
        "ended_at": _time(document, "DisconnectTimestamp"),
        "wait_seconds": seconds(queue, "Duration"),
        "hold_seconds": seconds(agent, "CustomerHoldDuration"),
        "talk_seconds": seconds(agent, "AgentInteractionDuration"),
        "after_work_seconds": seconds(agent, "AfterContactWorkDuration"),
        "disconnect_reason": _outcome(
            method, ended, bool(queue), answered is not None and not machine
        ),
        "transfers": int(transferred),
        "recordings": _recordings(document),
        "metadata": _metadata(document, agent, ended, method),
    }


def _direction(channel: str, method: str | None) -> str | None:
    """Who opened the contact; a transfer does not say so.

    Contacts made by a program: a customer's chat, but an outbound call.
    """
    if method == "API":
        return "inbound" if channel == "chat" else "outbound"
    return DIRECTIONS.get(method or "")


def _outcome(method: str | None, ended: str | None, queued: bool, answered: bool) -> str | None:
    """Answered, dropped by a failure, abandoned in the queue, or missed by the called person.

    Who leaves before any queue used the menus only, which is none of the four.
    """
    if ended in BROKEN:
        return "dropped"
    if answered:
        return "answered"
    if method in ("OUTBOUND", "EXTERNAL_OUTBOUND", "CALLBACK") or (ended or "").startswith(
        "OUTBOUND_"
    ):
        return "missed"
    return "abandoned" if queued and ended is not None else None


def _recordings(document: dict[str, Any]) -> list[str]:
    """Where the contact's recordings were put, each once."""
    listed = [*items(document, "Recordings"), document.get("Recording")]
    places = (optional_text(item, "Location") for item in listed if isinstance(item, dict))
    return list(dict.fromkeys(place for place in places if place))


def _metadata(
    document: dict[str, Any], agent: dict[str, Any], ended: str | None, method: str | None
) -> dict[str, Any]:
    return known(
        {
            "vendor_disconnect": ended,
            "initiation": method,
            "initial_contact": optional_text(document, "InitialContactId"),
            "previous_contact": optional_text(document, "PreviousContactId"),
            "next_contact": optional_text(document, "NextContactId"),
            "holds": optional_number(agent, "NumberOfHolds"),
            "longest_hold_seconds": optional_number(agent, "LongestHoldDuration"),
            "agent_attempts": optional_number(document, "AgentConnectionAttempts"),
            "answering_machine": optional_text(document, "AnsweringMachineDetectionStatus"),
            "routing_profile": optional_text(optional_mapping(agent, "RoutingProfile"), "Name"),
        }
    )
