"""One invented lake in both languages, small enough to compute every figure by hand.

The latest business date is 2026-11-20, so windows of 90 days begin on 2026-08-23.
Ani (p-ani: phone, e-mail, CRM) calls twice about billing and leaves angry in a chat; Ben
(p-ben: phone) praises in English and answers a survey; Citra (p-citra) is known to the CRM only.
"""

from small_lake import Lake, contact, day, local, participants, recording, tag, turn

ANI_OLD = contact("ani-old", "2026-07-01 10:00", "k-ani-phone", wait_seconds=600.0, transfers=5)
ANI_1 = contact(
    "ani-1",
    "2026-11-02 23:30",
    "k-ani-phone",
    agent_id="a-7",
    wait_seconds=60.0,
    transfers=1,
    disconnect_reason="answered",
)
ANI_2 = contact(
    "ani-2", "2026-11-05 09:00", "k-ani-phone", agent_id="a-8", wait_seconds=30.0, transfers=0
)
ANI_3 = contact(
    "ani-3", "2026-11-15 08:00", "k-ani-mail", channel="chat", source_system="whatsapp", csat=1.0
)
BEN_1 = contact("ben-1", "2026-11-10 14:00", "k-ben-phone", channel="social", agent_id="a-7")
MISSED = contact("missed", "2026-11-20 07:00", None, disconnect_reason="missed", direction=None)
DUNNING = contact(
    "dunning", "2026-11-06 10:00", "k-ani-phone", direction="outbound", campaign="due"
)
CONTACTS = [ANI_OLD, ANI_1, ANI_2, ANI_3, BEN_1, MISSED, DUNNING]

T_OLD = turn(ANI_OLD, 1, "customer", 5)
T_1 = [
    turn(ANI_1, 1, "agent", 0),
    turn(ANI_1, 2, "customer", 10, redacted_text="Tagihan saya kok naik, Kak [PERSON]?"),
    turn(ANI_1, 3, "agent", 25),
    turn(ANI_1, 4, "customer", 60, redacted_text="Oke, ditunggu kabarnya"),
]
T_2 = [
    turn(ANI_2, 1, "customer", 0, sent_at=None, start_seconds=2.0),
    turn(ANI_2, 2, "agent", 0, sent_at=None, start_seconds=9.5),
]
T_3 = [
    turn(ANI_3, 1, "customer", 0, redacted_text="mau bicara sama orang!"),
    turn(ANI_3, 2, "bot", 1),
    turn(ANI_3, 3, "customer", 20, redacted_text="saya berhenti langganan aja"),
    turn(ANI_3, 4, "customer", 30, state="deleted", redacted_text=None),
]
T_BEN = [
    turn(BEN_1, 1, "customer", 0, redacted_text="thanks, great help"),
    turn(BEN_1, 2, "agent", 3600),
]
T_DUNNING = [turn(DUNNING, 1, "agent", 0), turn(DUNNING, 2, "customer", 4)]
TURNS = [T_OLD, *T_1, *T_2, *T_3, *T_BEN, *T_DUNNING]

TWO_SIDES = {"overlap_seconds": 1.5, "interruptions": 2, "longest_silence_seconds": 9.0}
RECORDINGS = [
    # One recording in two formats, the second a little longer.
    recording(ANI_1, "ani-1", 100.0, 60.0, words_per_minute=90.0, **TWO_SIDES),
    recording(ANI_1, "ani-1", 100.5, 60.5, words_per_minute=90.0, **TWO_SIDES),
    # Two parts, of which one could not be measured.
    recording(ANI_2, "ani-2a", 30.0, 20.0, **TWO_SIDES),
    recording(ANI_2, "ani-2b", 9000.0, None),
    # Two parts with both sides on one channel.
    recording(DUNNING, "dun-a", 20.0, 10.0),
    recording(DUNNING, "dun-b", 40.0, 30.0, longest_silence_seconds=4.0),
    recording(None, "lone", 12.0, 3.0),
]

TAGS = [
    tag(T_OLD, "driver", "outage"),
    tag(T_OLD, "churn", "explicit", 0.9),
    tag(T_1[1], "language", "id"),
    tag(T_1[1], "driver", "billing", 0.8, "tagihan"),
    tag(T_1[1], "driver", "other", 0.95),
    tag(T_1[1], "sentiment", "neg", 0.6),
    tag(T_1[1], "feedback", "app.problem", 1.0, "aplikasi error"),
    tag(T_1[2], "flag", "follow_up", 0.9, "kami kabari"),
    tag(T_1[2], "driver", "promo_reward", 0.99),
    tag(T_1[3], "sentiment", "neu", 0.7),
    tag(T_1[3], "language", "mix"),
    tag(T_1[3], "driver", "billing", 0.4),
    tag(T_1[3], "driver", "product_info", 0.9, "kabar"),
    tag(T_2[0], "language", "id"),
    tag(T_2[0], "driver", "billing", 0.7, "tagihan lagi"),
    tag(T_2[0], "sentiment", "neg", 0.8),
    tag(T_2[1], "compliance", "recording_notice", 1.0, "..."),
    tag(T_3[0], "flag", "asks_human", 0.9, "bicara sama orang"),
    tag(T_3[0], "flag", "complaint", 0.9, "!"),
    tag(T_3[0], "sentiment", "neg", 0.9),
    tag(T_3[2], "driver", "termination", 0.9, "berhenti langganan"),
    tag(T_3[2], "churn", "explicit", 0.95, "saya berhenti langganan"),
    tag(T_3[2], "sentiment", "neg", 0.5),
    tag(T_BEN[0], "language", "en"),
    tag(T_BEN[0], "driver", "praise_thanks", 0.9, "thanks"),
    tag(T_BEN[0], "sentiment", "pos", 0.9, "great help"),
    tag(T_DUNNING[1], "driver", "billing", 0.9),
    tag(T_BEN[0], "driver", "outage", 0.9) | {"release": "draft"},
    # The agent's mood, effort in words, and the quality form.
    tag(T_1[0], "sentiment", "pos", 0.5),
    tag(T_1[2], "sentiment", "neu", 0.8),
    tag(T_1[1], "effort", "first_given.phone", 1.0, "[PHONE]"),
    tag(T_1[2], "effort", "asked_again.phone", 1.0, "nomor HP lagi"),
    tag(T_2[0], "effort", "contacted_before", 1.0, "sudah dua kali telepon"),
    tag(T_1[1], "pii", "PHONE", 1.0, "[PHONE]"),
    tag(T_2[0], "pii", "PHONE", 1.0, "[PHONE]"),
    tag(T_1[0], "quality", "greeting.met", 0.4, "Selamat malam"),
    tag(T_1[2], "quality", "next_step.not_met", 0.6, "Baik"),
    tag(T_2[1], "quality", "greeting.not_met", 0.4, "Ya?"),
]

PERSONS = [
    {"handle_key": key, "handle_type": kind, "person_id": person, "identity_version": "1"}
    for key, kind, person in (
        ("k-ani-phone", "phone", "p-ani"),
        ("k-ani-mail", "email", "p-ani"),
        ("k-ani-crm", "crm_id", "p-ani"),
        ("k-ben-phone", "phone", "p-ben"),
        ("k-ben-crm", "crm_id", "p-ben"),
        ("k-citra-crm", "crm_id", "p-citra"),
        ("k-agent-7", "agent_id", "p-agent"),
    )
]
EDGES = [
    {
        "edge_id": "e-1",
        "left_key": "k-ani-phone",
        "left_type": "phone",
        "right_key": "k-ani-crm",
        "right_type": "crm_id",
        "rule": "crm_row",
        "evidence_kind": "record",
        "evidence_id": "r-1",
        "observations": 1,
        "active": True,
        "identity_version": "1",
    }
]
CUSTOMERS = [
    {
        "customer_key": key,
        "segment": segment,
        "city": "Bandung",
        "preferred_language": language,
        "marketing_consent": consent,
        "consent_channels": "email;whatsapp",
        "lifetime_value": value,
        "updated_at": local("2026-10-01 00:00"),
        "record_id": f"r-{key}",
        "payload_id": f"payload-{key}",
    }
    for key, segment, language, consent, value in (
        ("k-ani-crm", "gold", None, True, 1500000.0),
        ("k-ben-crm", "silver", "en", False, None),
        ("k-citra-crm", "gold", "id", None, 0.0),
    )
]
SUBSCRIPTIONS = [
    {
        "subscription_id": key,
        "customer_key": "k-ani-crm",
        "product": "internet",
        "plan": "50 Mbps",
        "monthly_fee": fee,
        "currency": "IDR",
        "status": status,
        "started_on": day("2025-01-01"),
        "ended_on": ended,
        "payload_id": f"payload-{key}",
    }
    for key, fee, status, ended in (
        ("s-1", 300000.0, "active", None),
        ("s-2", 50000.0, "Active", None),
        ("s-3", 99000.0, "cancelled", day("2026-01-01")),
    )
]
ORDERS = [
    {
        "order_id": key,
        "customer_key": "k-ani-crm",
        "product": "router",
        "amount": 450000.0,
        "currency": "IDR",
        "status": status,
        "ordered_at": local(at),
        "payload_id": f"payload-{key}",
    }
    for key, status, at in (
        ("o-1", "delivered", "2026-11-01 12:00"),
        ("o-2", "cancelled", "2026-11-02 12:00"),
        ("o-3", "delivered", "2026-08-22 23:59"),
    )
]
OUTCOMES = [
    {
        "customer_key": "k-citra-crm",
        "churned_on": day("2026-10-31"),
        "reason": "price",
        "payload_id": "payload-left",
    }
]
SURVEYS = [
    {
        "response_id": key,
        "customer_key": customer,
        "conversation_hash": conversation,
        "survey_type": kind,
        "score": score,
        "answered_at": local(at),
        "payload_id": f"payload-{key}",
    }
    for key, customer, conversation, kind, score, at in (
        ("v-1", "k-ben-crm", None, "nps", 10.0, "2026-11-12 08:00"),
        ("v-2", None, ANI_2["conversation_hash"], "csat", 2.0, "2026-11-05 10:00"),
        ("v-3", "k-ben-crm", None, "ces", 3.0, "2026-11-19 08:00"),
    )
]
COVERAGE = [
    {
        "batch": 1,
        "file_sha256": f"sha-{name}",
        "name": name,
        "connector": connector,
        "received": received,
        "accepted": accepted,
        "duplicates": duplicates,
        "rejected": rejected,
        "counted_at": local("2026-11-20 20:00"),
    }
    for name, connector, received, accepted, duplicates, rejected in (
        ("calls.json", "vcon", 10, 8, 1, 1),
        ("more.json", "vcon", 5, 5, 0, 0),
        ("notes.doc", None, 1, 0, 0, 1),
    )
]

WAITING = [
    {
        "conversation_hash": number,
        "file_sha256": f"sha-{name}",
        "source_system": "captions",
        "waits_for": "date",
        "records": 3,
    }
    for number, name in ((1, "more.json"), (2, "more.json"))
]

STORY: Lake = {
    "interactions": CONTACTS,
    "turns": TURNS,
    "recordings": RECORDINGS,
    "participants": participants(CONTACTS),
    "annotations": TAGS,
    "identity_edges": EDGES,
    "persons": PERSONS,
    "crm_customers": CUSTOMERS,
    "crm_subscriptions": SUBSCRIPTIONS,
    "crm_orders": ORDERS,
    "crm_churn_outcomes": OUTCOMES,
    "survey_responses": SURVEYS,
    "coverage": COVERAGE,
    "waiting": WAITING,
}
