"""Which recordings a vCon names: by file name, URL and content hash of its dialogs."""

from typing import Any

from ingestion.connectors.fields import items

_SPOKEN = frozenset({"recording", "audio", "video"})


def recordings_of(value: dict[str, Any]) -> list[str]:
    """All names as written; a content hash before 0.4.0 was an `alg` and a `signature`."""
    found: list[object] = []
    for dialog in items(value, "dialog"):
        if not isinstance(dialog, dict) or str(dialog.get("type")).lower() not in _SPOKEN:
            continue
        found += [dialog.get("filename"), dialog.get("url")]
        hashes = dialog.get("content_hash")
        found += hashes if isinstance(hashes, list) else [hashes]
        if isinstance(dialog.get("signature"), str):
            found.append(f"{dialog.get('alg')}-{dialog['signature']}")
    named = [text for text in found if isinstance(text, str) and text.strip()]
    return list(dict.fromkeys(named))
