"""The webhook bodies in a WhatsApp payload, and what the company sent along with a message."""

from collections.abc import Iterator
from typing import Any

from ingestion.connectors.fields import optional_text
from warehouse.vocabulary import ROLES

OBJECT = "whatsapp_business_account"
PRODUCT = "whatsapp"
CASE_DEPTH = 3


def webhook_bodies(value: Any, pointer: str, depth: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Webhook bodies in a document: itself, its array items, or its named cases."""
    if depth > CASE_DEPTH:
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from webhook_bodies(item, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, dict):
        if value.get("object") == OBJECT:
            yield value, pointer
        for key, item in value.items():
            if isinstance(item, dict):
                place = key.replace("~", "~0").replace("/", "~1")
                yield from webhook_bodies(item, f"{pointer}/{place}", depth + 1)


def callback_facts(item: dict[str, Any]) -> dict[str, str | None]:
    """Role, agent, queue and campaign that the company itself sent along with the message."""
    pairs: dict[str, str] = {}
    for part in (optional_text(item, "biz_opaque_callback_data") or "").split(";"):
        key, equals, text = part.partition("=")
        if equals and text.strip():
            pairs[key.strip()] = text.strip()
    role = pairs.get("role")
    return {
        "role": role if role in ROLES else None,
        "agent_id": pairs.get("agent") or pairs.get("agent_id"),
        "queue": pairs.get("queue"),
        "campaign": pairs.get("campaign"),
    }
