"""Ids, contacts and agents in payloads of Chatwoot."""

from collections.abc import Iterator
from typing import Any

from ingestion.connectors.base import Record
from ingestion.connectors.conversation_records import contact_card
from ingestion.connectors.fields import missing, optional_text, wrong_type
from ingestion.connectors.moments import any_moment

SYSTEM = "chatwoot"
CONTACT = "chatwoot_contact_id"


def native(parent: dict[str, Any], key: str) -> str | None:
    """An id, which the API gives as a number and some webhooks as a string."""
    value = parent.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise wrong_type(key, "a number or a string")
    return str(value)


def required_native(parent: dict[str, Any], key: str) -> str:
    """The id under `key`; raises RejectedInput when there is none."""
    value = native(parent, key)
    if value is None:
        raise missing(key)
    return value


def handles_of(contact: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(handle type, handle) of a contact."""
    found = (
        (CONTACT, native(contact, "id")),
        ("crm_id", _crm_id(contact)),
        ("phone", optional_text(contact, "phone_number")),
        ("email", optional_text(contact, "email")),
    )
    yield from ((kind, value) for kind, value in found if value)


def card(contact: dict[str, Any], pointer: str) -> Record:
    """A contact with its handles; contact events tell no time in some versions."""
    changes = contact.get("changed_attributes")
    for change in changes if isinstance(changes, list) else []:
        told = change.get("updated_at") if isinstance(change, dict) else None
        if isinstance(told, dict):
            contact = contact | {"updated_at": told.get("current_value")}
    stamp = next((contact[key] for key in _TIMES if contact.get(key)), None)
    if stamp is None:
        raise missing("updated_at")
    row = {
        "crm_id": _crm_id(contact),
        "phone": optional_text(contact, "phone_number"),
        "email": optional_text(contact, "email"),
        "name": optional_text(contact, "name"),
    }
    own = (CONTACT, required_native(contact, "id"))
    return contact_card(SYSTEM, own, any_moment(stamp, "updated_at"), pointer, row)


def _crm_id(contact: dict[str, Any]) -> str | None:
    """The company's own id of the customer; bridges to messengers put an address there."""
    identifier = optional_text(contact, "identifier")
    return None if identifier is None or "@" in identifier else identifier


_TIMES = ("updated_at", "last_activity_at", "created_at")
