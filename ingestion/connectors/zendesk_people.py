"""Users of Zendesk: ids, roles, handles, cards.

Records name a user by id, so that tickets, comments and users may come in any order and in
files of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingestion.connectors.base import Record
from ingestion.connectors.conversation_records import Talk, contact_card
from ingestion.connectors.fields import items, missing, optional_mapping, optional_text, wrong_type
from ingestion.connectors.moments import utc_moment

SYSTEM = "zendesk"
USER = "zendesk_user_id"
AUTOMATON = "-1"  # the author of what Zendesk itself writes
ROLES = {"end-user": "customer", "end_user": "customer", "agent": "agent", "admin": "agent"}


def native(parent: Mapping[str, Any], key: str) -> str | None:
    """An id, a number in JSON and digits in tables."""
    value = parent.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise wrong_type(key, "an id")
    return str(value)


def required_native(parent: Mapping[str, Any], key: str) -> str:
    """The id under `key`; raises RejectedInput when there is none."""
    value = native(parent, key)
    if value is None:
        raise missing(key)
    return value


@dataclass(frozen=True, slots=True)
class Users:
    """The users that came beside tickets or comments, by id."""

    known: Mapping[str, dict[str, Any]]

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Users":
        """From the list `users` of an answer and the persons inside an exported ticket."""
        people = [user for user in items(body, "users") if isinstance(user, dict)]
        for key in ("requester", "submitter", "assignee"):
            person = body.get(key)
            if isinstance(person, dict):
                people.append(person)
        found: dict[str, dict[str, Any]] = {}
        for person in people:
            user_id = native(person, "id")
            if user_id is not None:
                found[user_id] = person
        return cls(found)

    def role(self, user_id: str | None) -> str | None:
        """The role of a user; None when only the ticket can tell."""
        if user_id == AUTOMATON:
            return "bot"
        return ROLES.get(str(self.known.get(user_id or "", {}).get("role")))

    def names(self) -> tuple[str, ...]:
        """All names, so that they can be hidden."""
        told = (person.get("name") for person in self.known.values())
        return tuple(dict.fromkeys(name for name in told if isinstance(name, str) and name))

    def handles(self, user_id: str) -> list[tuple[str, str]]:
        """Handles of one user: the id, and what came beside it."""
        person = self.known.get(user_id, {})
        told = (
            ("email", optional_text(person, "email")),
            ("phone", optional_text(person, "phone")),
            ("crm_id", native(person, "external_id")),
        )
        return [(USER, user_id), *((kind, value) for kind, value in told if value)]


def user_record(user: dict[str, Any], pointer: str) -> Record:
    """A customer's card, or for staff only the role of the id: agents are no customers."""
    user_id = required_native(user, "id")
    stamp = user.get("updated_at") or user.get("created_at")
    event_at = utc_moment(stamp, "updated_at")
    role = ROLES.get(str(user.get("role")), "customer")
    if role != "customer":
        return Talk(SYSTEM, f"user:{user_id}").handle((USER, user_id), event_at, pointer, role=role)
    row = {
        "crm_id": native(user, "external_id"),
        "phone": native(user, "phone"),
        "email": optional_text(user, "email"),
        "name": optional_text(user, "name"),
    }
    return contact_card(SYSTEM, (USER, user_id), event_at, pointer, row)


def person(parent: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The object at the end of a path of keys; empty where one is absent."""
    for key in keys:
        parent = optional_mapping(parent, key)
    return parent
