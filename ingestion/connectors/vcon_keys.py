"""The keys with which vCons are verified and decrypted, from one file that the user names.

JWK, JWK set or PEM (certificates and keys, several in a row) -> VconKeys. Whoever signs is found
by key id, by certificate, or by trying. Keys are read once, when connectors are made, and never
appear in messages.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc import jwk
from joserfc.errors import JoseError

Key = jwk.RSAKey | jwk.ECKey | jwk.OKPKey | jwk.OctKey
MOST_KEYS = 64
MOST_FILE_BYTES = 1024 * 1024
_PEM = re.compile(
    r"-----BEGIN ([A-Z ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----",
)
_FAMILIES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}


@dataclass(frozen=True)
class VconKeys:
    """Keys with the SHA-256 of their certificate, empty for a key without one.

    `digest` tells two key files apart, so that refused vCons are read again under another one.
    """

    entries: tuple[tuple[Key, str], ...] = ()
    digest: str = ""

    @classmethod
    def from_file(cls, path: Path | None) -> "VconKeys":
        """Read the file; None gives no keys. Raises ValueError that names the remedy."""
        if path is None:
            return cls()
        try:
            with path.open("rb") as stream:
                raw = stream.read(MOST_FILE_BYTES + 1)
            entries = tuple(_entries(raw))
        except (OSError, ValueError, TypeError, KeyError, JoseError) as error:
            raise ValueError(
                f"LAKEHOUSE_VCON_KEYS: {path} is no readable JWK, JWK set or PEM file"
            ) from error
        if not entries or len(entries) > MOST_KEYS or len(raw) > MOST_FILE_BYTES:
            raise ValueError(f"LAKEHOUSE_VCON_KEYS: {path} must hold 1 to {MOST_KEYS} keys")
        return cls(entries, hashlib.sha256(raw).hexdigest())

    def signers(self, header: dict[str, Any]) -> tuple[list[Key], bool]:
        """The keys that may have signed, and whether the header names one of them."""
        family = _FAMILIES.get(str(header.get("alg"))[:2])
        fitting = [(key, cert) for key, cert in self.entries if key.key_type == family]
        named = [key for key, cert in fitting if _is_named(key, cert, header)]
        return (named, True) if named else ([key for key, _ in fitting], False)

    def readers(self, header: dict[str, Any]) -> list[Key]:
        """The private and shared keys that may decrypt, the one named by id first."""
        able = [key for key, _ in self.entries if isinstance(key, jwk.OctKey) or key.is_private]
        return sorted(able, key=lambda key: key.kid is None or key.kid != header.get("kid"))


def _is_named(key: Key, certificate: str, header: dict[str, Any]) -> bool:
    if key.kid is not None and key.kid == header.get("kid"):
        return True
    return bool(certificate) and certificate == _certificate_of(header)


def _certificate_of(header: dict[str, Any]) -> str | None:
    """The hash of the signer's certificate, as stated or of the one that came along."""
    chain = header.get("x5c")
    if isinstance(chain, list) and chain and isinstance(chain[0], str):
        try:
            return hashlib.sha256(base64.b64decode(chain[0])).hexdigest()
        except ValueError:
            return None
    stated = header.get("x5t#S256")
    if not isinstance(stated, str):
        return None
    try:
        return base64.urlsafe_b64decode(stated + "=" * (-len(stated) % 4)).hex()
    except ValueError:
        return None


def _entries(raw: bytes) -> list[tuple[Key, str]]:
    text = raw.decode("utf-8-sig")
    if text.lstrip().startswith("{"):
        value = orjson.loads(text)
        listed = value.get("keys", [value])
        return [(jwk.import_key(item), "") for item in listed]
    return [_from_pem(found.group(0), found.group(1)) for found in _PEM.finditer(text)]


def _from_pem(text: str, kind: str) -> tuple[Key, str]:
    if kind != "CERTIFICATE":
        return _imported(text.encode()), ""
    certificate = x509.load_pem_x509_certificate(text.encode())
    public = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    return _imported(public), hashlib.sha256(der).hexdigest()


def _imported(pem: bytes) -> Key:
    key = serialization.load_pem_private_key(pem, None) if b"PRIVATE" in pem else None
    kind = type(key or serialization.load_pem_public_key(pem)).__name__
    family = "RSA" if "RSA" in kind else "EC" if "Elliptic" in kind or "EC" in kind else "OKP"
    return jwk.import_key(pem, family)  # type: ignore[call-overload]
