"""The stories of the sample: how often each occurs and what is fixed about it.

How a story becomes dated interactions of persons is in `plan`.
"""

from datetime import timedelta
from typing import Any, Final

CHANNEL_ODDS: Final = {"voice": 27.0, "chat": 33.0, "email": 23.0, "social": 31.0}
"""Weights of a free choice; half of the people have no X account."""

DRIVER_ODDS: Final = {
    "outage": 14, "billing": 13, "refund_cancel": 9, "delivery": 10, "account_access": 9,
    "product_info": 8, "purchase_plan": 6, "promo_reward": 6, "app_technical": 8,
    "service_quality": 6, "termination": 2, "fraud_security": 4, "praise_thanks": 4, "other": 4,
}  # fmt: skip
HOURS: Final = (1, 1, 1, 1, 1, 2, 4, 6, 10, 12, 13, 12, 9, 11, 12, 11, 10, 9, 8, 9, 8, 6, 4, 2)
WEEKDAYS: Final = (12, 11, 10, 10, 10, 8, 6)
ASKS: Final = {
    "outage": ("name", "phone", "address"), "billing": ("name", "phone", "email"),
    "refund_cancel": ("name", "account", "card"), "delivery": ("name", "address", "phone"),
    "account_access": ("name", "nik", "email", "phone"), "product_info": ("name", "phone"),
    "purchase_plan": ("name", "nik", "kk", "address"), "promo_reward": ("phone", "email"),
    "app_technical": ("email", "phone"), "service_quality": ("name", "phone"),
    "termination": ("name", "nik", "address"), "fraud_security": ("name", "card", "nik"),
    "praise_thanks": (), "other": ("name",),
}  # fmt: skip
CHAT_GAP: Final = timedelta(hours=40)

SCENARIOS: Final[tuple[tuple[str, float, dict[str, Any]], ...]] = (
    ("missed", 0.010, {"channel": "voice", "disconnect": "missed"}),
    ("abandoned", 0.012, {"channel": "voice", "disconnect": "abandoned"}),
    ("failed", 0.005, {"channel": "voice", "disconnect": "dropped", "disposition": "failed"}),
    ("dropped_midway", 0.008, {"channel": "voice", "disconnect": "dropped"}),
    ("chat_abandoned", 0.010, {"channel": "chat", "disconnect": "abandoned"}),
    ("transfer", 0.020, {"channel": "voice", "transfer": True}),
    ("bot_honoured", 0.060, {"channel": "chat", "bot": True, "asks_human": True, "honoured": True}),
    ("bot_refused", 0.022, {"channel": "chat", "bot": True, "asks_human": True, "honoured": False,
                            "outcome": "stuck"}),
    ("collection", 0.018, {"channel": "voice", "campaign": "paylater-collection"}),
    ("collection_threat", 0.004, {"channel": "voice", "campaign": "paylater-collection",
                                  "breaches": ("threat",), "outcome": "stuck"}),
    ("third_party_safe", 0.003, {"channel": "voice", "campaign": "paylater-collection"}),
    ("third_party_told", 0.003, {"channel": "voice", "campaign": "paylater-collection",
                                 "breaches": ("third_party_disclosure",)}),
    ("collection_late_hour", 0.004, {"channel": "voice", "campaign": "paylater-collection",
                                     "breaches": ("outside_contact_hours",)}),
    ("collection_sunday", 0.002, {"channel": "voice", "campaign": "paylater-collection",
                                  "breaches": ("outside_contact_hours",)}),
    ("reminder", 0.020, {"channel": "chat", "campaign": "paylater-reminder", "bot": True}),
    ("reminder_night", 0.002, {"channel": "chat", "campaign": "paylater-reminder", "bot": True,
                               "breaches": ("outside_contact_hours",)}),
    ("offer_call", 0.016, {"channel": "voice", "campaign": "upgrade-offer"}),
    ("offer_guaranteed", 0.004, {"channel": "voice", "campaign": "gold-savings",
                                 "breaches": ("guaranteed_return",)}),
    ("offer_chat", 0.012, {"channel": "chat", "campaign": "win-back"}),
    ("offer_mail", 0.010, {"channel": "email", "campaign": "win-back"}),
    ("no_notice", 0.016, {"channel": "voice", "breaches": ("recording_notice_missing",)}),
    ("card_call", 0.003, {"channel": "voice", "breaches": ("asked_card_security",),
                          "driver": "refund_cancel"}),
    ("card_chat", 0.003, {"channel": "chat", "breaches": ("asked_card_security",),
                          "driver": "refund_cancel"}),
    ("secret_call", 0.003, {"channel": "voice", "breaches": ("asked_credentials",),
                            "driver": "account_access"}),
    ("secret_chat", 0.003, {"channel": "chat", "breaches": ("asked_credentials",),
                            "driver": "account_access"}),
    ("chat_edit", 0.012, {"channel": "chat", "edit": True}),
    ("chat_revoke", 0.008, {"channel": "chat", "revoke": True}),
    ("post_edit", 0.005, {"channel": "social", "edit": True}),
    ("post_delete", 0.006, {"channel": "social", "revoke": True}),
    ("complaint", 0.030, {"complaint": True, "tone": "neg"}),
    ("purchase", 0.020, {"purchase": True, "driver": "product_info"}),
    ("follow_up", 0.050, {"follow_up": True, "outcome": "escalated"}),
    ("cancel_order_only", 0.015, {"driver": "refund_cancel"}),
    ("two_drivers", 0.030, {"second": True}),
    ("hesitant", 0.020, {"churn": "implied", "tone": "neg"}),
)  # fmt: skip
"""Story, share of all interactions (at least one each), and what is fixed about it."""
