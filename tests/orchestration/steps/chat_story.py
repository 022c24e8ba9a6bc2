"""One story in many files whose order of arrival must not matter."""

from deliveries import (
    BUDI,
    customer,
    delivered,
    echo,
    edited,
    mail,
    revoked,
    said,
    table,
    webhook,
)

SILVER = (
    "silver.interactions",
    "silver.turns",
    "silver.participants",
    "silver.crm_customers",
    "silver.crm_handles",
    "silver.survey_responses",
    "silver.identity_edges",
    "silver.persons",
    "vault.handles",
)
DAY = 24 * 60


def story() -> dict[str, str]:
    """Files whose order of arrival must not matter: edits, deletions, late and linking facts."""
    survey = {
        "response_id": "S-1",
        "crm_id": "C-1",
        "interaction_ref": "wamid.2",
        "survey_type": "csat",
        "score": "4",
        "comment": "terima kasih, balas ke 081234567890",
        "answered_at": "2025-10-11T09:00:00+07:00",
    }
    return {
        "chat-1.json": webhook(messages=[said(1, 0, "Halo, internet mati sejak pagi")]),
        "chat-2.json": webhook(messages=[said(2, 5, "nomor saya 081234567890")]),
        "chat-late.json": webhook(messages=[said(3, -10, "selamat pagi")]),
        "chat-next.json": webhook(messages=[said(4, 3 * DAY, "masih mati juga")]),
        "chat-bridge.json": webhook(messages=[said(5, 1.5 * DAY - 30, "ada kabar?")]),
        "chat-budi.json": webhook(messages=[said(6, 1, "refund please", BUDI)]),
        "edit-1.json": webhook(messages=[edited(1, 7, "Halo, wifi mati sejak pagi")]),
        "edit-2.json": webhook(messages=[edited(1, 9, "Halo, wifi mati sejak kemarin")]),
        "delete.json": webhook(messages=[revoked(2, 8)]),
        "delete-unknown.json": webhook(messages=[revoked(99, 8)]),
        "echo.json": echo(7, 12, "Kami cek ya, mohon tunggu"),
        "status.json": webhook(statuses=[delivered(7, 13, "read", role="bot", campaign="promo")]),
        "mail-1.eml": mail(1, 9, "tagihan saya dua kali"),
        "mail-2.eml": mail(2, 10, "sudah dicek?", answers=[1]),
        "mail-3.eml": mail(3, 11, "halo?", answers=[1, 2]),
        "mail-4.eml": mail(4, 12, "pertanyaan lain"),
        "crm-old.csv": table([customer("C-1", "2025-10-01T00:00:00Z", city="Bogor")]),
        "crm-new.csv": table([customer("C-1", "2025-10-05T00:00:00Z")]),
        "survey.csv": table([survey]),
    }
