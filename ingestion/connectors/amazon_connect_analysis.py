"""What analysed calls and chats of Contact Lens have in common: contact, people, measures.

A redacted analysis takes the place of the raw one, so what the vendor hid stays hidden.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from ingestion.connectors.amazon_connect_record import SYSTEM, contact_id
from ingestion.connectors.amazon_measures import measures
from ingestion.connectors.base import RejectedInput
from ingestion.connectors.call_records import Call, Said, known
from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
    optional_text,
)

ROLES = {
    "CUSTOMER": "customer",
    "AGENT": "agent",
    "SUPERVISOR": "agent",
    "SYSTEM": "system",
    "CUSTOM_BOT": "bot",
    "BOT": "bot",
}
RAW, LIVE = 1, 2  # how provisional words are beside redacted ones
REPLACES_RAW = timedelta(milliseconds=1)
_ID_IN_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[_.]", re.IGNORECASE)


def contact_of(document: dict[str, Any], name: str) -> str:
    told = optional_text(optional_mapping(document, "CustomerMetadata"), "ContactId")
    if told is None:
        named = _ID_IN_NAME.search(name)
        told = named.group(1).lower() if named else None
    if told is None:
        raise RejectedInput(
            "missing_field",
            "CustomerMetadata.ContactId is missing and the file name does not tell the contact"
            " either; deliver the analysis under the name that Amazon Connect gave it"
            " (<contact id>_analysis_<time>Z.json)",
        )
    return contact_id(told)


def call_of(document: dict[str, Any], key: str, at: datetime) -> Call:
    redacted = _output(document) == "Redacted"
    people = (item for item in items(document, "Participants") if isinstance(item, dict))
    names = {
        shown
        for person in people
        if (shown := display_name(person))
        and ROLES.get(str(person.get("ParticipantRole"))) in ("customer", "agent")
    }
    # Both outputs of one contact carry the same turns; the later statement is the one that counts.
    return Call(SYSTEM, key, at + REPLACES_RAW if redacted else at, names=tuple(sorted(names)))


def display_name(person: dict[str, Any]) -> str | None:
    """The name shown for a participant, unless the vendor hid it (`[PII]`)."""
    shown = optional_text(person, "DisplayName")
    return None if shown is None or shown.startswith("[") else shown


def give_way(document: dict[str, Any], said: list[Said]) -> None:
    """Mark raw words: a redacted output of the same contact takes the place of all of them."""
    if _output(document) != "Redacted":
        for item in said:
            item.provisional = RAW


def _output(document: dict[str, Any]) -> str | None:
    return optional_text(optional_mapping(document, "ContentMetadata"), "Output")


def roles_in(document: dict[str, Any]) -> dict[str, str]:
    """Participants by id; some are listed without a role, but say it with their words."""
    people = (mapping(item, "Participants") for item in items(document, "Participants"))
    told = (
        (optional_text(person, "ParticipantId"), optional_text(person, "ParticipantRole"))
        for person in people
    )
    return {who: role for who, role in told if who and role}


def role_in(entry: dict[str, Any], roles: dict[str, str]) -> str:
    word = optional_text(entry, "ParticipantRole")
    if word is None:
        spoken_by = optional_text(entry, "ParticipantId") or ""
        word = roles.get(spoken_by, spoken_by)
    role = ROLES.get(word)
    if role is None:
        raise RejectedInput(
            "unknown_role", "a ParticipantRole is none of " + ", ".join(sorted(ROLES))
        )
    return role


def make_unique(said: list[Said]) -> None:
    """Manuals print one placeholder as the id of all turns; the place is unique then."""
    if len({item.key for item in said}) < len(said):
        for index, item in enumerate(said):
            item.key = str(index)


def described(document: dict[str, Any]) -> dict[str, Any]:
    """What Contact Lens measured, in the words that all call analyses share."""
    matched = items(optional_mapping(document, "Categories"), "MatchedCategories")
    return measures(optional_mapping(document, "ConversationCharacteristics")) | known(
        {
            "analysis": "contact lens",
            "output": (_output(document) or "").lower() or None,
            "language_code": optional_text(document, "LanguageCode"),
            "categories": [word for word in matched if isinstance(word, str)],
        }
    )
