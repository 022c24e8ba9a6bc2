"""Whether the signature of a vCon holds: verified with configured keys alone.

Keys and certificates that come along prove nothing and are used only to see whose key is meant.
Accepted are asymmetric algorithms; `none` is refused.
"""

from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.fields import items, mapping, optional_text, required_text
from ingestion.connectors.reading import too_large
from ingestion.connectors.vcon_dialog import base64url
from ingestion.connectors.vcon_keys import Key, VconKeys

SIGNING = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
           "EdDSA", "Ed25519")  # fmt: skip
MOST_SIGNATURES = 16
HEADER_BYTES = 64 * 1024


class _Rules(jws.JWSRegistry):
    max_header_length = HEADER_BYTES


def verified(envelope: dict[str, Any], keys: VconKeys, limits: Limits) -> bool:
    """Whether a signature holds; False when no configured key belongs to the signer.

    Raises RejectedInput when the key of a signer is configured and the signature does not hold.
    """
    payload = required_text(envelope, "payload")
    if len(payload) > limits.payload_bytes:
        raise too_large(limits, "")
    listed = items(envelope, "signatures") if "signatures" in envelope else [envelope]
    if len(listed) > MOST_SIGNATURES:
        raise RejectedInput("too_many_signatures", f"more than {MOST_SIGNATURES} signatures")
    holds = [_holds(mapping(item, "signature"), payload, keys, limits) for item in listed]
    return any(holds)


def protected_header(envelope: dict[str, Any]) -> dict[str, Any]:
    """The protected header; empty when there is none that can be read."""
    written = optional_text(envelope, "protected")
    if written is None or len(written) > HEADER_BYTES:
        return {}
    try:
        header = orjson.loads(base64url(written))
    except (ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}


def _holds(signature: dict[str, Any], payload: str, keys: VconKeys, limits: Limits) -> bool:
    header = protected_header(signature)
    algorithm = header.get("alg")
    if isinstance(algorithm, str) and algorithm.lower() == "none":
        raise RejectedInput(
            "bad_signature", "the signature says that there is none; sign the vCon or send it plain"
        )
    signers, named = keys.signers(header)
    if algorithm not in SIGNING or not signers:
        return False
    written = required_text(signature, "signature")
    compact = f"{signature['protected']}.{payload}.{written}"
    if any(_fits(compact, key, limits) for key in signers):
        return True
    if named:
        raise RejectedInput(
            "bad_signature",
            "the vCon was changed after its signer, whose key is configured, signed it; ask for"
            " it again",
        )
    return False


def _fits(compact: str, key: Key, limits: Limits) -> bool:
    rules = _Rules(algorithms=SIGNING, strict_check_header=False)
    rules.max_payload_length = limits.payload_bytes
    try:
        jws.deserialize_compact(compact, key, registry=rules)
    except (JoseError, ValueError, TypeError):
        return False
    return True
