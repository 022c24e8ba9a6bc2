"""Signed and encrypted vCons: the vCon inside its envelopes, and what is known of them.

JWS or JWE, compact, flattened or general -> the vCon. Only what a protected header says counts.
How signatures are verified and ciphertexts opened stands in `vcon_signatures`, `vcon_encryption`.
"""

from dataclasses import dataclass, field
from typing import Any

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.fields import mapping, required_text
from ingestion.connectors.reading import decode_json
from ingestion.connectors.vcon_dialog import base64url
from ingestion.connectors.vcon_encryption import decrypted
from ingestion.connectors.vcon_keys import VconKeys
from ingestion.connectors.vcon_signatures import verified

MOST_ENVELOPES = 4


@dataclass(slots=True)
class Opened:
    """The vCon inside all envelopes, and what the interaction's metadata says about them."""

    value: dict[str, Any]
    metadata: dict[str, Any] = field(default_factory=dict)


def opened(value: Any, keys: VconKeys, limits: Limits) -> Opened:
    """The vCon in `value`, an object or a compact text; raises RejectedInput for what is shut."""
    metadata: dict[str, Any] = {}
    for _ in range(MOST_ENVELOPES):
        if isinstance(value, str) and is_compact(value.encode("utf-8", "replace")):
            value = _expanded(value.strip())
        value = mapping(value, "vCon")
        if "ciphertext" in value:
            value = _inside(decrypted(value, keys, limits), limits)
            metadata["encryption"] = "decrypted"
        elif "payload" in value and ("signatures" in value or "signature" in value):
            metadata["signature"] = "verified" if verified(value, keys, limits) else "not verified"
            value = _inside(base64url(required_text(value, "payload")), limits)
        else:
            return Opened(value, metadata)
    raise RejectedInput("too_deep", f"more than {MOST_ENVELOPES} envelopes around one vCon")


def is_compact(raw: bytes) -> bool:
    """Whether these bytes are a compact envelope: base64url parts with dots between."""
    text = raw.strip()
    return text.startswith(b"eyJ") and text.count(b".") in (2, 4)


def _expanded(compact: str) -> dict[str, Any]:
    parts = compact.split(".")
    if len(parts) == 3:
        return dict(zip(("protected", "payload", "signature"), parts, strict=True))
    names = ("protected", "encrypted_key", "iv", "ciphertext", "tag")
    return dict(zip(names, parts, strict=True))


def _inside(raw: bytes, limits: Limits) -> Any:
    if is_compact(raw):
        return raw.decode("ascii", "replace")
    return decode_json(raw, limits)
