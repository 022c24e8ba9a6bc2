"""Which sources this collector serves, from its environment: address, secrets and rule of each.

A source whose secrets are not set is not served. Secrets come from the environment alone; no
message repeats one.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingestion.collect import events, signatures
from ingestion.collect.signatures import Delivery, Secrets

SHORTEST_SECRET = 16
META = ("whatsapp", "messenger", "instagram")
# The names in full, so that each can be found where it is set.
_META_SECRETS = {
    "whatsapp": ("LAKEHOUSE_COLLECT_WHATSAPP_SECRET", "LAKEHOUSE_COLLECT_WHATSAPP_VERIFY_TOKEN"),
    "messenger": ("LAKEHOUSE_COLLECT_MESSENGER_SECRET", "LAKEHOUSE_COLLECT_MESSENGER_VERIFY_TOKEN"),
    "instagram": ("LAKEHOUSE_COLLECT_INSTAGRAM_SECRET", "LAKEHOUSE_COLLECT_INSTAGRAM_VERIFY_TOKEN"),
}
_CHATWOOT = ("LAKEHOUSE_COLLECT_CHATWOOT_SECRET", "LAKEHOUSE_COLLECT_CHATWOOT_TOKEN")
_ZENDESK = "LAKEHOUSE_COLLECT_ZENDESK_SECRET"
_CLOUDEVENTS = ("LAKEHOUSE_COLLECT_CLOUDEVENTS_TOKEN", "LAKEHOUSE_COLLECT_CLOUDEVENTS_SECRET")
_TWILIO = ("LAKEHOUSE_COLLECT_TWILIO_TOKEN", "LAKEHOUSE_COLLECT_TWILIO_URL")


@dataclass(frozen=True)
class Source:
    """One sender: `problem` says why a delivery is not authentic, None when it is.

    `verify_tokens` answer Meta's question at subscription; `context` is kept beside the body.
    """

    name: str
    problem: Callable[[Delivery], str | None]
    verify_tokens: Secrets = ()
    secret_path: bool = False
    context: Callable[[Delivery], bytes] = lambda delivery: b""
    empty_bodies: bool = False

    @property
    def path(self) -> str:
        """Where it is served, without a secret last part."""
        return f"/webhooks/{self.name}"

    def knows(self, verify_token: str) -> bool:
        """Whether Meta was given this token when the subscription was made."""
        given = verify_token.encode("utf-8", "replace")
        return any([hmac.compare_digest(given, own.encode()) for own in self.verify_tokens])


class BadSecret(ValueError):
    """A secret that cannot be used; the message names the variable, never its value."""


def served(
    environment: Mapping[str, str], replay_seconds: float
) -> tuple[list[Source], dict[str, str]]:
    """The sources that are served, and for each other one which variables it lacks.

    Raises BadSecret for a secret that is too short or of the wrong form.
    """
    found: list[Source] = []
    missing: dict[str, str] = {}
    for name, (secret, verify) in _META_SECRETS.items():
        secrets, tokens = _secrets(environment, secret), _secrets(environment, verify)
        if secrets and tokens:
            found.append(_meta(name, secrets, tokens))
        else:
            missing[name] = f"{secret} and {verify}"
    for name, make, lacks in (
        ("chatwoot", _chatwoot, " or ".join(_CHATWOOT)),
        ("zendesk", _zendesk, _ZENDESK),
        ("cloudevents", _cloudevents, " or ".join(_CLOUDEVENTS)),
        ("twilio", _twilio, " and ".join(_TWILIO)),
    ):
        source = make(environment, replay_seconds)
        if source is None:
            missing[name] = lacks
        else:
            found.append(source)
    return found, missing


def _meta(name: str, secrets: Secrets, tokens: Secrets) -> Source:
    return Source(name, lambda delivery: signatures.meta(delivery, secrets), tokens)


def _chatwoot(environment: Mapping[str, str], window: float) -> Source | None:
    secrets, tokens = (_secrets(environment, name) for name in _CHATWOOT)
    if not secrets and not tokens:
        return None

    def problem(delivery: Delivery) -> str | None:
        if delivery.token:
            return signatures.secret_path(delivery, tokens)
        return signatures.chatwoot(delivery, secrets, window)

    return Source("chatwoot", problem, secret_path=bool(tokens))


def _zendesk(environment: Mapping[str, str], window: float) -> Source | None:
    secrets = _secrets(environment, _ZENDESK)
    if not secrets:
        return None
    return Source("zendesk", lambda delivery: signatures.zendesk(delivery, secrets, window))


def _cloudevents(environment: Mapping[str, str], window: float) -> Source | None:
    tokens, secrets = (_secrets(environment, name) for name in _CLOUDEVENTS)
    if not tokens and not secrets:
        return None
    for secret in secrets:
        try:
            signatures.standard_key(secret)
        except ValueError as error:
            raise BadSecret(f"{_CLOUDEVENTS[1]}: {error}") from error

    def problem(delivery: Delivery) -> str | None:
        if "webhook-signature" not in delivery.headers:
            return signatures.bearer(delivery, tokens)
        if any(name.startswith("ce-") for name in delivery.headers):
            return "unsigned_attributes"  # the signature covers the body, not the headers
        return signatures.standard(delivery, secrets, window)

    return Source(
        "cloudevents",
        problem,
        context=lambda delivery: events.context_of(delivery.headers),
        empty_bodies=True,
    )


def _twilio(environment: Mapping[str, str], window: float) -> Source | None:
    tokens, url = _secrets(environment, _TWILIO[0]), environment.get(_TWILIO[1], "").strip()
    if not tokens or not url:
        return None
    if urlsplit(url).scheme not in ("http", "https"):
        raise BadSecret(f"{_TWILIO[1]} has to be the whole address that Twilio calls")
    return Source(
        "twilio",
        lambda delivery: signatures.twilio(delivery, tokens, url),
        context=lambda delivery: b"form" if signatures.is_form(delivery.headers) else b"",
    )


def _secrets(environment: Mapping[str, str], name: str) -> Secrets:
    """One secret or several with blanks between them."""
    found = tuple(environment.get(name, "").split())
    if any(len(secret) < SHORTEST_SECRET for secret in found):
        raise BadSecret(f"{name} is shorter than {SHORTEST_SECRET} characters; take a longer one")
    return found
