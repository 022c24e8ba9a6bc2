"""Whether a file holds a vCon, judged from its name and first bytes: plain or in an envelope."""

import base64

from ingestion.connectors.json_head import Outline, outlines

ENDINGS = (".vcon", ".vcon.json")
_COMPACT = b"eyJ"  # how every base64url text of a JSON object begins


def is_vcon(name: str, head: bytes) -> bool:
    """JSON with the outer keys of a vCon or of an envelope, or a compact envelope of a vCon."""
    named = name.lower().endswith(ENDINGS)
    text = head.strip()
    if text.startswith(_COMPACT):
        return _is_compact_vcon(text, named)
    found = outlines(head)
    return bool(found) and (named or any(_has_keys(outline) for outline in found))


def _is_compact_vcon(text: bytes, named: bool) -> bool:
    """What the content type, the payload or the name says, in that order."""
    header, *others = text.split(b".", 2)
    if not others or b"alg" not in _decoded(header):
        return False
    inside = outlines(_decoded(others[0]))
    return named or b"vcon" in _decoded(header) or any(_has_keys(outline) for outline in inside)


def _decoded(part: bytes) -> bytes:
    """As much of a base64url part as is there: the head of a file may cut it anywhere."""
    try:
        return base64.b64decode(part[: len(part) - len(part) % 4], altchars=b"-_", validate=True)
    except ValueError:
        return b""


def _has_keys(outline: Outline) -> bool:
    keys = outline.keys(1)
    if "vcon" in keys:
        return bool({"uuid", "parties", "dialog"} & keys)
    if {"parties", "dialog"} <= keys or {"payload", "signatures"} <= keys:
        return True
    if {"payload", "protected", "signature"} <= keys or {"ciphertext", "protected", "tag"} <= keys:
        return True
    return {"uuid", "parties", "created_at"} <= keys or {"ciphertext", "recipients", "iv"} <= keys
