"""Whose messaging webhook it is: the platform of a file, the company's account, the other side."""

from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import optional_mapping
from ingestion.connectors.json_head import Outline

SYSTEMS = {"page": "messenger", "instagram": "instagram"}
LISTS = ("messaging", "standby")
MOST_ID_DIGITS = 32
_DEPTHS = range(1, 6)


def first_object(outline: Outline) -> str | None:
    """Which platform a file is of; a page before Instagram where one document has both."""
    keys = set().union(*(outline.keys(depth) for depth in _DEPTHS))
    if "entry" not in keys or ("changes" in keys and not keys & set(LISTS)):
        return None
    return next((name for name in SYSTEMS if outline.has_value("object", name)), None)


def account_id(value: object, what: str) -> str:
    """The id of an account or person: digits in a string. Raises RejectedInput."""
    if not isinstance(value, str) or not value:
        raise RejectedInput("missing_sender", f"{what} is missing or no string")
    if not (value.isascii() and value.isdigit() and len(value) <= MOST_ID_DIGITS):
        raise RejectedInput("bad_id", f"{what} must be digits in a string")
    return value


def partner_of(event: dict[str, Any], own: str) -> tuple[str, bool]:
    """The person on the other side, and whether the company sent it. Raises RejectedInput."""
    sender = account_id(optional_mapping(event, "sender").get("id"), "sender.id")
    recipient = account_id(optional_mapping(event, "recipient").get("id"), "recipient.id")
    if own not in (sender, recipient):
        raise RejectedInput(
            "foreign_account", "neither sender nor recipient is the account of the entry"
        )
    echo = event.get("message")
    echoed = isinstance(echo, dict) and echo.get("is_echo") is True
    return (recipient if sender == own else sender), echoed or sender == own
