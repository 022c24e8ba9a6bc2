"""Whether a delivery comes from who it says: the rule of each vendor over the raw bytes.

Every function returns None when the delivery is authentic, else the reason as a short word.
Comparisons take the same time wherever the difference lies. Secrets come in as tuples, so that
an old and a new one are both good while they are being exchanged.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

Secrets = tuple[str, ...]
MOST_FORM_FIELDS = 300
MISSING, STALE, WRONG = "missing_signature", "stale_timestamp", "wrong_signature"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request as it arrived: header names in lower case, `now` in seconds since 1970."""

    headers: Mapping[str, str]
    body: bytes
    now: float
    query: str = ""
    token: str = ""
    """The last part of the path, where a source is told apart by a secret address."""


def meta(delivery: Delivery, secrets: Secrets) -> str | None:
    """WhatsApp, Messenger, Instagram: hex HMAC-SHA256 of the body with the app secret."""
    given = delivery.headers.get("x-hub-signature-256")
    if not given:
        return MISSING
    return _judged(given, (f"sha256={_hex(secret, delivery.body)}" for secret in secrets))


def chatwoot(delivery: Delivery, secrets: Secrets, window: float) -> str | None:
    """Chatwoot: hex HMAC-SHA256 of `timestamp.body`; the time counts seconds since 1970."""
    given = delivery.headers.get("x-chatwoot-signature")
    stamp = delivery.headers.get("x-chatwoot-timestamp")
    if not given or not stamp:
        return MISSING
    if not _fresh(_epoch(stamp), delivery.now, window):
        return STALE
    signed = stamp.encode("latin-1") + b"." + delivery.body
    return _judged(given, (f"sha256={_hex(secret, signed)}" for secret in secrets))


def zendesk(delivery: Delivery, secrets: Secrets, window: float) -> str | None:
    """Zendesk: base64 HMAC-SHA256 of timestamp and body; the time is ISO 8601 with a zone."""
    given = delivery.headers.get("x-zendesk-webhook-signature")
    stamp = delivery.headers.get("x-zendesk-webhook-signature-timestamp")
    if not given or not stamp:
        return MISSING
    if not _fresh(_iso(stamp), delivery.now, window):
        return STALE
    signed = stamp.encode("latin-1") + delivery.body
    return _judged(given, (_base64(secret.encode(), signed) for secret in secrets))


def standard(delivery: Delivery, secrets: Secrets, window: float) -> str | None:
    """Standard Webhooks: base64 HMAC-SHA256 of `id.timestamp.body`, several may be listed."""
    key = delivery.headers.get("webhook-id")
    stamp = delivery.headers.get("webhook-timestamp")
    given = delivery.headers.get("webhook-signature")
    if not key or not stamp or not given:
        return MISSING
    if not _fresh(_epoch(stamp), delivery.now, window):
        return STALE
    signed = f"{key}.{stamp}.".encode("latin-1") + delivery.body
    expected = [f"v1,{_base64(standard_key(secret), signed)}" for secret in secrets]
    found = [_judged(one, expected) is None for one in given.split()]
    return None if any(found) else WRONG


def standard_key(secret: str) -> bytes:
    """The key in a `whsec_` secret; raises ValueError when it is not base64."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook secret is base64, with or without whsec_ before it") from error


def bearer(delivery: Delivery, tokens: Secrets) -> str | None:
    """A token in the Authorization header; never in the query, which proxies write to logs."""
    scheme, _, given = delivery.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        return MISSING
    return _judged(given.strip(), tokens)


def secret_path(delivery: Delivery, tokens: Secrets) -> str | None:
    """A token as the last part of the address, for senders that cannot sign."""
    return _judged(delivery.token, tokens) if delivery.token else MISSING


def twilio(delivery: Delivery, tokens: Secrets, url: str) -> str | None:
    """Twilio: base64 HMAC-SHA1 of the public address and the sorted form with the auth token.

    A body that is not a form is covered by its SHA-256 in the query, which is signed.
    """
    given = delivery.headers.get("x-twilio-signature")
    if not given:
        return MISSING
    try:
        covered = _twilio_fields(delivery)
    except ValueError:
        return WRONG
    signed = [(address + covered).encode() for address in _addresses(url, delivery.query)]
    expected = [_base64(token.encode(), text, "sha1") for token in tokens for text in signed]
    return _judged(given, expected)


def is_form(headers: Mapping[str, str]) -> bool:
    """Whether the body is a form by its own account."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() == (
        "application/x-www-form-urlencoded"
    )


def _twilio_fields(delivery: Delivery) -> str:
    if not is_form(delivery.headers):
        named = parse_qs(delivery.query).get("bodySHA256", [""])[0]
        own = hashlib.sha256(delivery.body).hexdigest()
        if not hmac.compare_digest(named.lower().encode(), own.encode()):
            raise ValueError("the body is not the one whose hash was signed")
        return ""
    text = delivery.body.decode("ascii")
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS)
    return "".join(name + value for name, value in sorted(set(pairs)))


def _addresses(url: str, query: str) -> list[str]:
    """The address with this request's query, without and with the usual port: both occur."""
    parts = urlsplit(url)._replace(query=query, fragment="")
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    bare = parts._replace(netloc=parts.netloc.removesuffix(usual))
    return [bare.geturl(), bare._replace(netloc=bare.netloc + usual).geturl()]


def _judged(given: str, expected: Iterable[str]) -> str | None:
    own = given.encode("latin-1", "replace")
    # A list, so that every candidate is compared however the first one ends.
    found = [hmac.compare_digest(own, one.encode()) for one in expected]
    return None if any(found) else WRONG


def _hex(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _base64(key: bytes, signed: bytes, digest: str = "sha256") -> str:
    return base64.b64encode(hmac.digest(key, signed, digest)).decode()


def _fresh(stamp: float | None, now: float, window: float) -> bool:
    return stamp is not None and abs(now - stamp) <= window


def _epoch(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def _iso(text: str) -> float | None:
    try:
        stamp = datetime.fromisoformat(text)
        return stamp.timestamp() if stamp.tzinfo else None
    except (ValueError, OverflowError):
        return None
