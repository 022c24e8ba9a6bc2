"""Invented deliveries of real source formats, and a deployment to feed them to.

Only building files and comparing lakes belongs here; what must hold is said in the tests.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.run_lock import only_run
from orchestration.steps.conform import conform_new_records
from orchestration.steps.deployment import Deployment
from orchestration.steps.identify import identify
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from orchestration.steps.reference import conform_reference
from warehouse.catalog import TABLES
from warehouse.settings import Settings

START = 1_760_000_000  # 2025-10-09 15:53 in Jakarta
SARI, BUDI = "6281200000001", "6281200000002"
NAMES = {SARI: "Sari Dewi", BUDI: "Budi Hartono"}
Row = dict[str, Any]


def deployment(folder: Path, **settings: Any) -> Deployment:
    """A deployment with its own lake and landing folder below `folder`; one key for all."""
    landing = folder / "landing"
    landing.mkdir(parents=True, exist_ok=True)
    key = folder / "keys" / "handles.key"
    if not key.exists():
        key.parent.mkdir(mode=0o700)
        key.write_text("5a" * 32)
        key.chmod(0o600)
    return Deployment(Settings(folder / "lake", landing, key, **settings))


def put(at: Deployment, name: str, content: bytes | str) -> Path:
    """Drop a file into the landing folder."""
    path = at.settings.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(at: Deployment) -> None:
    """All steps from the landing folder to persons, under the lake's lock as in a real run."""
    with only_run(at.settings.lake):
        for step in (land_new_files, take_in, conform_new_records, conform_reference, identify):
            step(at)


def contents(at: Deployment, names: Iterable[str] = TABLES) -> dict[str, list[str]]:
    """The rows of tables without columns that tell when or by which run they were written."""
    found = {}
    for name in names:
        volatile = TABLES[name].volatile
        rows = at.lake.read(name).to_pylist()
        kept = [{k: v for k, v in row.items() if k not in volatile} for row in rows]
        found[name] = sorted(repr(row) for row in kept)
    return found


# --- WhatsApp -----------------------------------------------------------------------------


def webhook(*, messages: Sequence[Row] = (), statuses: Sequence[Row] = ()) -> str:
    """One webhook body of the WhatsApp Cloud API."""
    partners = sorted({message["from"] for message in messages})
    value: Row = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "555", "display_phone_number": "62215550100"},
        "contacts": [
            {"wa_id": partner, "profile": {"name": NAMES[partner]}} for partner in partners
        ],
    }
    value |= {"messages": list(messages)} if messages else {}
    value |= {"statuses": list(statuses)} if statuses else {}
    change = {"field": "messages", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    return json.dumps(body, ensure_ascii=False)


def said(number: int, minutes: float, text: str, sender: str = SARI) -> Row:
    """A text message of a customer, some minutes after START."""
    return {
        "from": sender,
        "id": f"wamid.{number}",
        "timestamp": str(int(START + minutes * 60)),
        "type": "text",
        "text": {"body": text},
    }


def edited(number: int, minutes: float, text: str, sender: str = SARI) -> Row:
    """An edit of message `number`."""
    message = {"type": "text", "text": {"body": text}}
    edit = {"original_message_id": f"wamid.{number}", "message": message}
    return _event(number, minutes, sender, "edit", edit)


def revoked(number: int, minutes: float, sender: str = SARI) -> Row:
    """A deletion of message `number`."""
    return _event(number, minutes, sender, "revoke", {"original_message_id": f"wamid.{number}"})


def _event(number: int, minutes: float, sender: str, kind: str, detail: Row) -> Row:
    return {
        "from": sender,
        "id": f"wamid.{number}.{kind}.{minutes}",
        "timestamp": str(int(START + minutes * 60)),
        "type": kind,
        kind: detail,
    }


def echo(number: int, minutes: float, text: str) -> str:
    """A webhook body with a message that the company wrote to Sari."""
    message = said(number, minutes, text) | {"from": "62215550100", "to": SARI}
    value = {
        "metadata": {"phone_number_id": "555", "display_phone_number": "62215550100"},
        "message_echoes": [message],
    }
    change = {"field": "smb_message_echoes", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    return json.dumps(body)


def delivered(number: int, minutes: float, status: str, **callback: str) -> Row:
    """A delivery status of message `number` to Sari; `callback` is the company's own data."""
    return {
        "id": f"wamid.{number}",
        "recipient_id": SARI,
        "status": status,
        "timestamp": str(int(START + minutes * 60)),
        "biz_opaque_callback_data": ";".join(f"{k}={v}" for k, v in callback.items()),
    }


# --- mail, CRM, surveys -------------------------------------------------------------------


def mail(
    number: int, hour: int, text: str, *, answers: Sequence[int] = (), sender: str = "sari"
) -> str:
    """A mail; `answers` are the numbers of the mails before it in its thread, oldest first."""
    references = " ".join(f"<mail-{item}@contoh.id>" for item in answers)
    return "\r\n".join(
        [
            f"From: Sari Dewi <{sender}@contoh.id>",
            "To: bantuan@telivara.example",
            f"Subject: {'Re: ' if answers else ''}Tagihan ganda",
            f"Date: Fri, 10 Oct 2025 {hour:02d}:00:00 +0700",
            f"Message-ID: <mail-{number}@contoh.id>",
            *([f"References: {references}"] if references else []),
            "Content-Type: text/plain; charset=utf-8",
            "",
            text,
            "",
        ]
    )


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def customer(number: str, at: str, **changes: Any) -> Row:
    """One CRM customer as exported at a moment."""
    return {
        "crm_id": number,
        "phone": f"+{SARI}",
        "email": "sari@contoh.id",
        "name": "Sari Dewi",
        "city": "Bandung",
        "segment": "retail",
        "updated_at": at,
    } | changes
