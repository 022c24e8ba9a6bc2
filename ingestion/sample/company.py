"""Facts of the invented company: its accounts, products, queues, agents and calendar.

Every brand name is made up. A connector setting that must match the sample is exported here.
"""

from datetime import UTC, timedelta, timezone
from typing import Final

BRAND: Final = "Telivara"
RIVALS: Final = ("Langitel", "Orbinusa", "Kirinet", "Sambungin")
COMPANY_X_USER_ID: Final = "9000000000000000001"
COMPANY_X_USERNAME: Final = "telivaracare"
COMPANY_PHONE_NUMBER_ID: Final = "109000000000001"
COMPANY_WHATSAPP_ACCOUNT_ID: Final = "108000000000001"
COMPANY_DISPLAY_PHONE: Final = "+62 21 5550 0123"
COMPANY_PHONE: Final = "+622155500123"
COMPANY_MAIL_DOMAINS: Final = ("telivara.example",)
COMPANY_MAILBOX: Final = "support@telivara.example"
COMPANY_MAIL_NAME: Final = "Telivara Care"

JAKARTA: Final = timezone(timedelta(hours=7))
ZONES: Final = (
    (JAKARTA, 70),
    (timezone(timedelta(hours=8)), 14),
    (timezone(timedelta(hours=9)), 6),
    (UTC, 10),
)
"""Offsets that call systems write, with weights: Jakarta, Makassar, Jayapura and UTC."""

CONTACT_HOURS: Final = range(8, 20)
"""Local hours in which the company may open a contact, Monday to Saturday."""

QUEUES: Final[dict[str, str]] = {
    "outage": "technical",
    "billing": "billing",
    "refund_cancel": "orders",
    "delivery": "orders",
    "account_access": "account",
    "product_info": "sales",
    "purchase_plan": "sales",
    "promo_reward": "sales",
    "app_technical": "technical",
    "service_quality": "care",
    "termination": "retention",
    "fraud_security": "fraud",
    "praise_thanks": "care",
    "other": "care",
}

AGENT_NAMES: Final = (
    "Dimas", "Sari", "Bagus", "Melati", "Yoga", "Intan", "Reza", "Putri", "Andre", "Laras",
    "Galih", "Nadia", "Tomi", "Wulan", "Fikri", "Ratih", "Jonas", "Kezia", "Arif", "Monic",
    "Hendra", "Vina", "Rendy", "Cici",
)  # fmt: skip

PLANS: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "mobile": (("Vara 25", 85_000), ("Vara 60", 145_000), ("Vara Max", 275_000)),
    "home": (("VaraHome 30", 265_000), ("VaraHome 50", 355_000), ("VaraHome 100", 525_000)),
    "wallet": (("KantongVara", 0), ("VaraPayLater", 15_000)),
    "shop": (("TokoVara Plus", 29_000),),
}

CITIES: Final = (
    "Jakarta", "Bandung", "Surabaya", "Semarang", "Medan", "Makassar", "Yogyakarta", "Bekasi",
    "Depok", "Tangerang", "Palembang", "Denpasar", "Balikpapan", "Malang", "Bogor",
)  # fmt: skip


def agent_id(number: int) -> str:
    """Return the agent's id as every source writes it, such as `AG-014`."""
    return f"AG-{number % len(AGENT_NAMES) + 1:03d}"


def agent_name(identifier: str) -> str:
    """Return the first name of an agent id."""
    return AGENT_NAMES[int(identifier[3:]) - 1]
