"""The closed word lists that every table and model shares.

A value belongs here when two folders must spell it alike. Free text and lists that users
replace (a company's own taxonomy) do not.
"""

from typing import Final, Literal, get_args

Channel = Literal["voice", "chat", "email", "social"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)

Direction = Literal["inbound", "outbound"]
DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)

Role = Literal["customer", "agent", "bot", "system"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

HandleType = Literal[
    "phone",
    "email",
    "crm_id",
    "whatsapp_user_id",
    "messenger_user_id",
    "instagram_user_id",
    "x_user_id",
    "x_username",
    "mastodon_account",
    "facebook_user_id",
    "zendesk_user_id",
    "intercom_contact_id",
    "chatwoot_contact_id",
    "agent_id",
    "other",
]
HANDLE_TYPES: Final[tuple[HandleType, ...]] = get_args(HandleType)

DisconnectReason = Literal["answered", "abandoned", "missed", "dropped"]
DISCONNECT_REASONS: Final[tuple[DisconnectReason, ...]] = get_args(DisconnectReason)

TurnState = Literal["sent", "edited", "deleted"]
TURN_STATES: Final[tuple[TurnState, ...]] = get_args(TurnState)

WaitsFor = Literal["date", "message"]
WAITS_FOR: Final[tuple[WaitsFor, ...]] = get_args(WaitsFor)

LANGUAGES: Final[tuple[str, ...]] = ("id", "en", "mix", "other")
SENTIMENTS: Final[tuple[str, ...]] = ("neg", "neu", "pos")
CHURN_LEVELS: Final[tuple[str, ...]] = ("none", "implied", "explicit")
FLAGS: Final[tuple[str, ...]] = ("follow_up", "asks_human", "purchase_intent", "complaint")

DRIVERS: Final[tuple[str, ...]] = (
    "outage",
    "billing",
    "refund_cancel",
    "delivery",
    "account_access",
    "product_info",
    "purchase_plan",
    "promo_reward",
    "app_technical",
    "service_quality",
    "termination",
    "fraud_security",
    "praise_thanks",
    "other",
)

PII_TYPES: Final[tuple[str, ...]] = (
    "EMAIL",
    "PHONE",
    "NIK",
    "NPWP",
    "KK",
    "CARD",
    "CVV",
    "BANK_ACCOUNT",
    "ADDRESS",
    "PERSON",
)
"""Redacted text carries these as placeholders in square brackets, for example `[PHONE]`."""

ANNOTATION_FAMILIES: Final[tuple[str, ...]] = (
    "language",
    "sentiment",
    "driver",
    "churn",
    "flag",
    "feedback",
    "compliance",
    "contact",
    "pii",
    "effort",
    "quality",
)

EFFORT_SIGNS: Final[tuple[str, ...]] = (
    "contacted_before",
    "passed_around",
    "long_wait",
    "complicated",
    "told_again",
)
"""What customers say about their effort; tags of the family `effort`."""
REPEATED_FACTS: Final[tuple[str, ...]] = ("phone", "email", "name", "order", "address", "problem")
"""Facts a customer may have to give again: tags `first_given.<fact>` and `asked_again.<fact>`."""

CRM_TABLES: Final[tuple[str, ...]] = (
    "customers",
    "subscriptions",
    "orders",
    "churn_outcomes",
    "contacts",
)
"""Kinds of CRM records; a contact is a help desk's card that ties the handles of one person."""
JUDGEMENTS: Final[tuple[str, ...]] = ("met", "not_met", "not_applicable")
"""What a person, or the quality form, says of one criterion in one contact."""
SURVEY_TYPES: Final[tuple[str, ...]] = ("csat", "ces", "nps")
