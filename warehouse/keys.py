"""The secret behind keyed handles, and the one spelling of each handle that is hashed.

A plain hash of a phone number can be undone by trying all numbers; an HMAC cannot without the
key, which lies outside the lake. Who owns which handle is `warehouse.identity`.
"""

import hashlib
import hmac
import os
import re
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from warehouse import durability

KEY_BYTES = 32
MAX_HANDLE = 320  # the longest mail address; longer texts are not handles
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+", re.ASCII)
_NOT_DIGIT = re.compile(r"\D+", re.ASCII)


class KeyFileError(RuntimeError):
    """The key file cannot be used: wrong content or open to other users."""


def load_or_create_key(path: Path) -> bytes:
    """The key in `path` (64 hex digits); a new random one when the file does not exist.

    The file is made whole and at once (mode 0600, folder 0700), so of several processes that
    start together one makes the key and all read it. Raises KeyFileError.
    """
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise KeyFileError("the key file is open to other users; run chmod 600 on it")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"the key file must hold {2 * KEY_BYTES} hex digits")
    return key


def key_of_lake(path: Path, lake_root: Path) -> bytes:
    """The key in `path`, made sure to be the one that the lake's handles were keyed with.

    The first use leaves a fingerprint (not the key) in the lake. A lost or exchanged key is an
    error, because every customer would become somebody new. Raises KeyFileError.
    """
    mark = lake_root / "_control" / "key.fingerprint"
    known = mark.read_text(encoding="ascii").strip() if mark.exists() else None
    if known is not None and not path.exists():
        raise KeyFileError(
            f"the key of this lake is missing at {path}; restore it from your backup or name it"
            " with LAKEHOUSE_KEY_FILE"
        )
    key = load_or_create_key(path)
    found = hmac.digest(key, b"fingerprint", "sha256").hex()[:16]
    if known is None:
        durability.make_folder(mark.parent)
        durability.write_atomically(mark, found.encode("ascii"))
    elif known != found:
        raise KeyFileError(
            f"{path} is not the key this lake was made with; name the right one with"
            f" LAKEHOUSE_KEY_FILE. To change keys on purpose remove {mark}; the next run then"
            " keys everything anew"
        )
    return key


def _create(path: Path) -> None:
    if not path.parent.exists():
        durability.make_folder(path.parent)
        path.parent.chmod(0o700)
    draft = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(os.urandom(KEY_BYTES).hex() + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        # link, unlike rename, never replaces the key that another process just made.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    durability.sync_folder(path.parent)


class Pseudonymiser:
    """Turns clear handles into keys. Equal handles give equal keys under one secret."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key must have {KEY_BYTES} bytes")
        self._key = key
        self._cached = lru_cache(maxsize=65_536)(self._digest)

    def handle(self, handle_type: str, handle: str) -> str:
        """Key of a normalised handle, 32 hex digits; the type is part of what is hashed."""
        return self._cached(handle_type, handle)

    def _digest(self, handle_type: str, handle: str) -> str:
        message = f"{handle_type}\x00{handle}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=65_536)
def normalise_handle(handle_type: str, handle: str, region: str = "ID") -> str | None:
    """The one spelling of a handle; None when it cannot be one.

    Phones become E.164 (`region` completes national numbers); digits that are no valid number
    (short codes, extensions) become "raw:" and the digits. Other types: see the code below.
    """
    text = handle.strip()
    if not text or len(text) > MAX_HANDLE:
        return None
    if handle_type == "phone":
        return _phone(text, region)
    if handle_type == "email":
        return _email(text)
    if handle_type == "x_username":
        return text.lstrip("@").strip().casefold() or None
    return text


def _email(text: str) -> str | None:
    address = text.removeprefix("mailto:").strip("<> \t").casefold()
    return address if _EMAIL.fullmatch(address) else None


def _phone(text: str, region: str) -> str | None:
    import phonenumbers

    spoken = text.removeprefix("tel:").removeprefix("whatsapp:")
    digits = _NOT_DIGIT.sub("", spoken)
    if not digits:
        return None
    # 00 is how many people write the plus sign, wherever they live.
    for candidate, home in ((spoken, region), ("+" + digits.removeprefix("00"), None)):
        try:
            number = phonenumbers.parse(candidate, home)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return f"raw:{digits}"
