"""Who talks in a WhatsApp chat, and which conversation that is.

Since 2026 a message may name its sender by phone (`from`), by a business-scoped user id
(`from_user_id`, such as `ID.1234`), or both. The chat is keyed by the user id when there is one;
links carry both forms so that the chats of one person meet.
"""

from dataclasses import dataclass, field
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.conversation_records import Talk, names_of
from ingestion.connectors.fields import items, optional_mapping, optional_text

MOST_PHONE_DIGITS = 20


@dataclass(slots=True)
class Chat:
    """One chat between the company's number and a person or a group."""

    key: str
    links: tuple[str, ...]
    phone: str | None = None
    user_id: str | None = None
    name: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def talk(self, source_system: str) -> Talk:
        """The conversation for the records of this chat."""
        return Talk(source_system, self.key, self.links, names_of(self.name))

    @property
    def handles(self) -> tuple[tuple[str, str], ...]:
        """The person's handles as (type, value), the preferred one first."""
        user = (("whatsapp_user_id", self.user_id),) if self.user_id else ()
        return (*user, ("phone", self.phone)) if self.phone else user


class Contacts:
    """The `contacts` of one change, found by phone or user id in constant time."""

    def __init__(self, value: dict[str, Any]) -> None:
        listed = [item for item in items(value, "contacts") if isinstance(item, dict)]
        self.only = listed[0] if len(listed) == 1 else None
        self._by_id: dict[str, dict[str, Any]] = {}
        for contact in reversed(listed):
            for form in (contact.get("user_id"), contact.get("wa_id")):
                if isinstance(form, str):
                    self._by_id[form] = contact

    def of(self, digits: str | None, user: str | None) -> dict[str, Any]:
        """The contact of a sender; a single one also stands for a sender without any id."""
        for form in (digits, user):
            if form is not None and form in self._by_id:
                return self._by_id[form]
        return self.only or {} if not digits and not user else {}

    def knows(self, digits: str | None, user: str | None) -> bool:
        """Whether a contact is listed under one of the two forms."""
        return digits in self._by_id or user in self._by_id


@dataclass(slots=True)
class Change:
    """One change of a webhook with its contacts indexed."""

    value: dict[str, Any]
    contacts: Contacts

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Change":
        """Index a change's value; raises RejectedInput when contacts are no array."""
        return cls(value, Contacts(value))


def own_digits(change: Change) -> str:
    """The digits of the company's own number, as its metadata show it."""
    metadata = optional_mapping(change.value, "metadata")
    return "".join(filter(str.isdigit, optional_text(metadata, "display_phone_number") or ""))


def message_chat(item: dict[str, Any], change: Change) -> Chat:
    """The chat of an incoming message."""
    group = optional_text(item, "group_id")
    sender = optional_text(item, "from")
    moved = optional_text(optional_mapping(item, "system"), "wa_id")
    return _chat(change, sender, optional_text(item, "from_user_id"), group, moved)


def echo_chat(item: dict[str, Any], change: Change) -> Chat:
    """The chat of a message that the business sent from its own phone."""
    partner = optional_text(item, "to")
    if partner is not None and partner == own_digits(change):
        partner = optional_text(item, "from")
    return _chat(
        change, partner, optional_text(item, "to_user_id"), optional_text(item, "group_id")
    )


def call_chat(item: dict[str, Any], change: Change, outbound: bool) -> Chat:
    """The person at the other end of a call."""
    own = own_digits(change)
    partner = optional_text(item, "to" if outbound else "from")
    user_id = optional_text(item, "to_user_id" if outbound else "from_user_id")
    if partner == own or (change.contacts.only and not change.contacts.knows(partner, user_id)):
        partner = user_id = None
    return _chat(change, partner, user_id, None)


def status_chat(item: dict[str, Any], change: Change) -> Chat:
    """The chat in which a delivered or failed message stands."""
    recipient = optional_text(item, "recipient_id")
    if item.get("recipient_type") == "group":
        return _chat(change, None, None, recipient)
    return _chat(change, recipient, optional_text(item, "recipient_user_id"), None)


def _chat(
    change: Change,
    partner: str | None,
    user_id: str | None,
    group: str | None,
    moved: str | None = None,
) -> Chat:
    number = optional_text(optional_mapping(change.value, "metadata"), "phone_number_id")
    if number is None:
        raise RejectedInput("missing_field", "metadata.phone_number_id is missing")
    digits, user, name = _identify(change.contacts, partner, user_id)
    phone = f"+{digits}" if digits else None
    metadata: dict[str, Any] = {"phone_number_id": number}
    if group:
        # A group is its own conversation: linking it would join its members' private chats.
        metadata["group_id"] = group
        return Chat(f"{number}:group:{group}", (), phone, user, name, metadata)
    identity = user or digits
    if identity is None:
        raise RejectedInput(
            "missing_sender", "neither a phone number nor a user id; subscribe to both fields"
        )
    forms = [form for form in (user, digits, moved if _is_phone(moved) else None) if form]
    links = tuple(f"wa:{number}:{form}" for form in forms)
    return Chat(f"{number}:{identity}", links, phone, user, name, metadata)


def _identify(
    contacts: Contacts, partner: str | None, user_id: str | None
) -> tuple[str | None, str | None, str | None]:
    """Phone digits, user id and profile name, completed from the matching contact."""
    digits = partner if _is_phone(partner) else None
    user = next((form for form in (user_id, partner) if _is_user_id(form)), None)
    contact = contacts.of(digits, user)
    number, contact_user = optional_text(contact, "wa_id"), optional_text(contact, "user_id")
    name = optional_text(optional_mapping(contact, "profile"), "name")
    digits = digits or (number if _is_phone(number) else None)
    user = user or (contact_user if _is_user_id(contact_user) else None)
    return digits, user, name


def _is_phone(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit() and len(text) <= MOST_PHONE_DIGITS


def _is_user_id(text: str | None) -> bool:
    """A country code, a dot, and letters or digits: `ID.1234`, `ID.ENT.1234`."""
    if text is None or len(text) > 128 or not text.isascii():
        return False
    country, dot, rest = text.partition(".")
    return (
        bool(dot)
        and len(country) == 2
        and country.isalpha()
        and all(part.isalnum() for part in rest.split("."))
    )
