"""What the name of a recording says: which recording it is, and when it was made.

Other sources name a recording by file name, URL or content hash. Each of these becomes a key;
equal keys name the same recording.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import in_range

RECORDING_SYSTEM = "recording"

_HASH = re.compile(r"sha-?(256|512)[-:]([A-Za-z0-9_+/=-]{43,130})", re.ASCII | re.IGNORECASE)
_ENDING = re.compile(
    r"\.(aac|aif|aiff|amr|au|caf|flac|gsm|m4a|mkv|mov|mp3|mp4|oga|ogg|opus|wav|webm|wma|json|vtt|"
    r"srt|txt)$"
)
_HOST = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/]*")
_LONGEST = 1024
_SAYS_NOTHING = frozenset((
    "audio", "call", "dialog", "file", "left", "media", "mixed", "mono", "output", "recording",
    "right", "stereo", "track", "transcript", "voice",
))  # fmt: skip
_DATE, _CLOCK = (
    r"(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)",
    r"([0-2]\d)[-_:.]?([0-5]\d)[-_:.]?([0-5]\d)?",
)
_STAMP = re.compile(
    # West of Greenwich only with a colon: `-1001` after a time is an extension.
    rf"(?<!\d){_DATE}[-_ T]*{_CLOCK}(?:\.\d+)?(?!\d)"
    r"(?:[-_ ]?(Z|UTC|\+\d\d:?\d\d|-\d\d:\d\d)(?![A-Za-z\d]))?"
)
_ASTERISK = re.compile(r"(?<![\d.])(1\d{9})\.\d{1,7}(?!\d)")  # Unix seconds and a counter


def tie_keys(named: Iterable[str]) -> set[str]:
    """The keys of all names: `sha512:<hex>`, `sha256:<hex>` and `name:<stem>`.

    A stem is the last part of a path or URL without its ending, so that `RE12.wav` and
    `.../Recordings/RE12` agree. Words that any recording may be called give no key.
    """
    return {key for name in named if (key := _key(name[:_LONGEST])) is not None}


@lru_cache(maxsize=65_536)
def _key(name: str) -> str | None:
    if found := _HASH.fullmatch(name.strip()):
        return _hash_key(found[1], found[2])
    stem = _ENDING.sub("", base_name(name))
    plain = re.sub(r"[\W_]+|(?<!\d)\d{1,3}(?!\d)", "", stem)
    return None if len(stem) < 3 or not plain or plain in _SAYS_NOTHING else f"name:{stem}"


def base_name(name: str) -> str:
    """The last part of a path or URL, in one spelling."""
    path = _HOST.sub("", name.split("?", 1)[0].split("#", 1)[0])
    last = unquote(path).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return unicodedata.normalize("NFC", last).strip().casefold()


def _hash_key(bits: str, written: str) -> str | None:
    """Hashes are written in hex or in either alphabet of base 64."""
    size = int(bits) // 8
    if re.fullmatch(rf"[0-9a-fA-F]{{{2 * size}}}", written):
        return f"sha{bits}:{written.lower()}"
    text = written.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return f"sha{bits}:{raw.hex()}" if len(raw) == size else None


def time_in_name(name: str, zone: str | None) -> datetime | None:
    """When the recording began according to its name, aware UTC; None when it does not say.

    A time without offset counts only with `zone`, the clock of the recorder.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    if found := _ASTERISK.search(last):
        return datetime.fromtimestamp(int(found[1]), UTC)
    found = _STAMP.search(last)
    if found is None or (found[7] is None and zone is None):
        return None
    parts = [int(part or 0) for part in found.groups()[:6]]
    offset = {None: "", "Z": "+00:00", "UTC": "+00:00"}.get(found[7], found[7])
    year, month, day, hour, minute, second = parts
    try:
        moment = datetime.fromisoformat(
            f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}"
        )
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone or ""))
        return in_range(moment, "name")
    except (ValueError, RejectedInput):
        return None
