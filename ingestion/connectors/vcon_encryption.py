"""Encrypted vCons: opened with a configured key, or refused with the remedy.

Accepted are RSA-OAEP, ECDH-ES and AES key wrapping with AES content encryption; password-based
and RSA 1.5 keys are not. What was compressed is inflated up to the bound of the library.
"""

from typing import Any

from joserfc import jwe
from joserfc.errors import ExceededSizeError, JoseError

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.fields import items, mapping, optional_text, required_text
from ingestion.connectors.vcon_keys import Key, VconKeys
from ingestion.connectors.vcon_signatures import HEADER_BYTES, protected_header

KEY_WRAPPING = ("RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW",
                "ECDH-ES+A256KW", "A128KW", "A192KW", "A256KW", "dir")  # fmt: skip
CONTENT = ("A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512")
MOST_RECIPIENTS = 16
_SHARED = ("protected", "unprotected", "iv", "ciphertext", "tag", "aad")


class _Rules(jwe.JWERegistry):
    max_protected_header_length = HEADER_BYTES


def decrypted(envelope: dict[str, Any], keys: VconKeys, limits: Limits) -> bytes:
    """The bytes inside the envelope; raises RejectedInput when no configured key opens it."""
    recipients = [mapping(item, "recipients") for item in items(envelope, "recipients")]
    if len(recipients) > MOST_RECIPIENTS:
        raise RejectedInput("too_many_recipients", f"more than {MOST_RECIPIENTS} recipients")
    header = protected_header(envelope)
    too_big = False
    for recipient in recipients or [envelope]:
        for key in keys.readers(header):
            try:
                return _plain(envelope, recipient, key, header, limits)
            except ExceededSizeError:
                too_big = True
            except (JoseError, ValueError, TypeError, KeyError, AssertionError):
                continue
    if too_big:
        raise RejectedInput(
            "too_large",
            "the encrypted vCon is too large, or inflates beyond bounds; deliver it uncompressed"
            " or decrypted",
        )
    raise RejectedInput(
        "encrypted",
        "the vCon is encrypted and no configured key opens it; name a file with the key (JWK or"
        " PEM) in LAKEHOUSE_VCON_KEYS, or deliver it decrypted",
    )


def _plain(
    envelope: dict[str, Any],
    recipient: dict[str, Any],
    key: Key,
    header: dict[str, Any],
    limits: Limits,
) -> bytes:
    rules = _Rules(
        algorithms=[*KEY_WRAPPING, *CONTENT, "DEF"],
        strict_check_header=False,
        verify_all_recipients=False,
    )
    rules.max_ciphertext_length = limits.payload_bytes * 2
    if "alg" in header and "aad" not in envelope:
        # In compact form the very bytes of the header are checked, as the sender wrote them.
        text = required_text
        parts = [text(envelope, "protected"), optional_text(recipient, "encrypted_key") or ""]
        parts += [text(envelope, "iv"), text(envelope, "ciphertext"), text(envelope, "tag")]
        found = jwe.decrypt_compact(".".join(parts), key, registry=rules).plaintext
    else:
        data: Any = {name: envelope[name] for name in _SHARED if name in envelope}
        found = jwe.decrypt_json(data | {"recipients": [recipient]}, key, registry=rules).plaintext
    if found is None or len(found) > limits.payload_bytes:
        raise ExceededSizeError("plaintext")
    return found
