"""Who takes part in an Intercom conversation: authors of parts, contacts, contact cards."""

from collections.abc import Iterator
from typing import Any

from ingestion.connectors.base import Record
from ingestion.connectors.conversation_records import contact_card
from ingestion.connectors.fields import (
    items,
    mapping,
    missing,
    optional_mapping,
    optional_text,
)
from ingestion.connectors.moments import epoch_moment

SYSTEM = "intercom"
CONTACT = "intercom_contact_id"
ROLES = {
    "admin": "agent", "team": "agent", "bot": "bot", "user": "customer", "lead": "customer",
    "contact": "customer", "visitor": "customer",
}  # fmt: skip


def native(parent: dict[str, Any], key: str) -> str | None:
    """An id, which the API gives as a string here and as a number there; 0 means nobody."""
    value = parent.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value else None
    text = optional_text(parent, key)
    return None if text == "0" else text


def required_native(parent: dict[str, Any], key: str) -> str:
    """The id under `key`; raises RejectedInput when there is none."""
    value = native(parent, key)
    if value is None:
        raise missing(key)
    return value


def author_of(part: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The author of a part and the role; authors of unknown kind are the system."""
    author = optional_mapping(part, "author")
    if author.get("from_ai_agent") is True or author.get("is_ai_answer") is True:
        return author, "bot"
    return author, ROLES.get(optional_text(author, "type") or "", "system")


def contacts_of(conversation: dict[str, Any]) -> list[dict[str, Any]]:
    """The contacts that a conversation lists."""
    listed = optional_mapping(conversation, "contacts")
    return [mapping(item, "contact") for item in items(listed, "contacts")]


def handles_of(
    conversation: dict[str, Any], parts: list[dict[str, Any]]
) -> Iterator[tuple[str, str, str | None]]:
    """(handle type, handle, name) of the customer's side, each once."""
    found: dict[tuple[str, str], str | None] = {}
    people = [*contacts_of(conversation)]
    for part in parts:
        author, role = author_of(part)
        if role == "customer":
            people.append(author)
    for person in people:
        name = optional_text(person, "name")
        for handle in (
            (CONTACT, native(person, "id")),
            ("crm_id", native(person, "external_id")),
            ("email", optional_text(person, "email")),
        ):
            if handle[1] is not None:
                place = (handle[0], handle[1])
                found[place] = found.get(place) or name
    for (kind, value), name in found.items():
        yield kind, value, name


def card(contact: dict[str, Any], pointer: str) -> Record:
    """A contact with its handles; `external_id` is the company's own id of the customer."""
    stamp = contact.get("updated_at") or contact.get("created_at")
    row = {
        "crm_id": native(contact, "external_id"),
        "phone": optional_text(contact, "phone"),
        "email": optional_text(contact, "email"),
        "name": optional_text(contact, "name"),
    }
    own = (CONTACT, required_native(contact, "id"))
    return contact_card(SYSTEM, own, epoch_moment(stamp, "updated_at"), pointer, row)
