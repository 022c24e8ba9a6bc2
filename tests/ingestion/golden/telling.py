"""Reads a golden case (text tables) and builds its deliveries in the sources' own formats.

A case has a title, an optional line `zone: NAME`, and tables under `deliveries`, `turns` and
`interactions`. Invented people only; what must come out is said in the cases themselves.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

COMPANY_X = "9000000000000000001"
COMPANY_MAIL = "toko.example"
COMPANY_PHONE = "+62210001"
PHONES = {"Sari": "628110000001", "Budi": "628110000002"}
X_IDS = {"Sari": "77", "Budi": "78", "Toko": COMPANY_X}
Line = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """One golden case: lines of its tables by the tables' names."""

    title: str
    zone: str
    tables: Mapping[str, list[dict[str, str]]]

    def files(self) -> dict[str, bytes]:
        """{name: content} of the deliveries, in the order in which they are told."""
        bodies: defaultdict[str, list[bytes]] = defaultdict(list)
        for line in self.tables["deliveries"]:
            bodies[line["file"]].append(BUILDERS[line["what"]](line))
        return {name: b"\n".join(parts) + b"\n" for name, parts in bodies.items()}


def told(path: Path) -> Case:
    """The case in a text file."""
    title, zone = "", "Asia/Jakarta"
    tables: dict[str, list[dict[str, str]]] = {}
    name, columns = "", []
    for line in path.read_text("utf-8").splitlines():
        if not line.strip():
            name, columns = "", []
        elif line.startswith("zone:"):
            zone = line.removeprefix("zone:").strip()
        elif "|" not in line and not name:
            if line in ("deliveries", "turns", "interactions"):
                name, columns = line, []
                tables[name] = []
            else:
                title = f"{title} {line}".strip()
        else:
            cells = [cell.strip() for cell in line.split("|")]
            if columns:
                tables[name].append(dict(zip(columns, cells, strict=True)))
            else:
                columns = cells
    return Case(title, zone, tables)


def moment(text: str) -> datetime:
    """`2026-10-01 09:00 +07:00`, aware."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M %z")


def _stamp(line: Line) -> str:
    return str(int(moment(line["at"]).timestamp()))


# --- WhatsApp -----------------------------------------------------------------------------


def _webhook(**value: Any) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "555", "display_phone_number": COMPANY_PHONE[1:]},
        **value,
    }
    field = "smb_message_echoes" if "message_echoes" in value else "messages"
    change = {"field": field, "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    return orjson.dumps(body)


def _message(line: Line, suffix: str = "") -> dict[str, Any]:
    return {
        "from": PHONES[line["by"]],
        "id": f"wamid.{line['id']}{suffix}",
        "timestamp": _stamp(line),
        "type": "text",
        "text": {"body": line["text"]},
    }


def _said(line: Line) -> bytes:
    return _webhook(messages=[_message(line)])


def _edit(line: Line) -> bytes:
    edit = {
        "original_message_id": f"wamid.{line['id']}",
        "message": {"type": "text", "text": {"body": line["text"]}},
    }
    message = _message(line, f".edit.{_stamp(line)}") | {"type": "edit", "edit": edit}
    return _webhook(messages=[message])


def _unsend(line: Line) -> bytes:
    revoke = {"original_message_id": f"wamid.{line['id']}"}
    return _webhook(messages=[_message(line, ".revoke") | {"type": "revoke", "revoke": revoke}])


def _echo(line: Line) -> bytes:
    message = _message(line) | {"from": COMPANY_PHONE[1:], "to": PHONES[line["by"]]}
    return _webhook(message_echoes=[message])


def _status(line: Line) -> bytes:
    """`text` is the status, and after it the company's own data, such as `read role=bot`."""
    word, _, data = line["text"].partition(" ")
    status = {
        "id": f"wamid.{line['id']}",
        "recipient_id": PHONES[line["by"]],
        "status": word,
        "timestamp": _stamp(line),
        "biz_opaque_callback_data": data.replace(" ", ";"),
    }
    return _webhook(statuses=[status])


# --- X, mail, calls -----------------------------------------------------------------------


def _post(line: Line) -> bytes:
    """`id` is `post` or `post<answered post`; all posts of a case are one thread."""
    number, _, answers = line["id"].partition("<")
    post: dict[str, Any] = {
        "id": f"199000000000000000{number}",
        "text": line["text"],
        "author_id": X_IDS[line["by"]],
        "conversation_id": "1990000000000000001",
        "created_at": moment(line["at"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    if answers:
        post["referenced_tweets"] = [{"type": "replied_to", "id": f"199000000000000000{answers}"}]
    return orjson.dumps({"data": post})


def _compliance(line: Line) -> bytes:
    event = {
        "id": f"199000000000000000{line['id']}",
        "action": "delete",
        "created_at": moment(line["at"]).isoformat(),
    }
    return orjson.dumps(event)


def _mail(line: Line) -> bytes:
    """`id` is `mail` or `mail<answered mail`."""
    number, _, answers = line["id"].partition("<")
    company = line["by"] == "Toko"
    sender, reader = f"bantuan@{COMPANY_MAIL}", "sari@example.com"
    lines = [
        f"From: {sender if company else reader}",
        f"To: {reader if company else sender}",
        "Subject: Re: Tagihan",  # of a first mail the subject would be part of the words
        f"Date: {moment(line['at']).strftime('%a, %d %b %Y %H:%M:%S %z')}",
        f"Message-ID: <mail-{number}@example.com>",
        *([f"References: <mail-{answers}@example.com>"] if answers else []),
    ]
    return "\r\n".join([*lines, "", line["text"]]).encode()


def _vcon(line: Line, *more: dict[str, Any], **first: Any) -> bytes:
    dialog = {"type": "recording", "start": moment(line["at"]).isoformat(), "duration": 60}
    value: dict[str, Any] = {
        "vcon": "0.4.0",
        "uuid": f"0190aaaa-0000-8000-8000-00000000000{line['id']}",
        "created_at": moment(line["at"]).isoformat(),
        "parties": [
            {"tel": f"+{PHONES[line['by']]}", "role": "customer"},
            {"tel": COMPANY_PHONE, "name": "Dimas Uji", "role": "agent"},
        ],
        "dialog": [dialog | {"parties": [0, 1]} | first, *more],
    }
    return orjson.dumps(value)


def _call(line: Line, *more: dict[str, Any]) -> bytes:
    """`text` is the transcript: `agent: halo > customer: internet mati`."""
    value = json.loads(_vcon(line, *more))
    words = [part.split(": ", 1) for part in line["text"].split(" > ")]
    body = [{"speaker": speaker, "text": text} for speaker, text in words]
    value["analysis"] = [{"type": "transcript", "dialog": 0, "body": body, "encoding": "json"}]
    return orjson.dumps(value)


def _transferred(line: Line) -> bytes:
    return _call(line, {"type": "transfer", "transferee": 0, "transferor": 1, "transfer_target": 1})


def _unrecorded(line: Line) -> bytes:
    return _vcon(line)


def _unanswered(line: Line) -> bytes:
    return _vcon(line, type="incomplete", disposition=line["text"])


# --- tickets ------------------------------------------------------------------------------

ZENDESK_IDS = {"Sari": 901, "Dimas": 902}


def _ticket(line: Line) -> bytes:
    """`text` is the description, which Zendesk repeats as the first comment."""
    requester = ZENDESK_IDS[line["by"]]
    users = [
        {"id": number, "name": f"{name} Uji", "role": "end-user" if number == requester else "agent",
         "email": f"{name.lower()}@example.com", "updated_at": moment(line["at"]).isoformat()}
        for name, number in ZENDESK_IDS.items()
    ]  # fmt: skip
    ticket = {
        "id": 7, "created_at": moment(line["at"]).isoformat(), "subject": None, "status": "new",
        "updated_at": moment(line["at"]).isoformat(), "description": line["text"], "tags": [],
        "requester_id": requester, "submitter_id": requester, "priority": None,
        "via": {"channel": "web"}, "satisfaction_rating": None,
    }  # fmt: skip
    return orjson.dumps({"tickets": [ticket], "users": users})


def _audit(line: Line, event: dict[str, Any]) -> bytes:
    audit = {
        "id": 6000 + int(line["id"]), "ticket_id": 7, "created_at": moment(line["at"]).isoformat(),
        "author_id": ZENDESK_IDS[line["by"]], "via": {"channel": "web"}, "events": [event],
    }  # fmt: skip
    return orjson.dumps({"audits": [audit]})


def _comment(line: Line) -> bytes:
    return _audit(line, {
        "id": 7000 + int(line["id"]), "type": "Comment", "author_id": ZENDESK_IDS[line["by"]],
        "public": True, "body": line["text"], "plain_body": line["text"], "attachments": [],
    })  # fmt: skip


def _status_changed(line: Line) -> bytes:
    """`text` is the status before and after: `solved open`."""
    before, after = line["text"].split()
    told = {"previous_value": before, "value": after, "field_name": "status"}
    return _audit(line, {"id": 8000 + int(line["id"]), "type": "Change"} | told)


BUILDERS: Mapping[str, Callable[[Line], bytes]] = {
    "whatsapp message": _said,
    "whatsapp edit": _edit,
    "whatsapp unsend": _unsend,
    "whatsapp echo": _echo,
    "whatsapp status": _status,
    "x post": _post,
    "x compliance deletion": _compliance,
    "mail": _mail,
    "call": _call,
    "call with transfer": _transferred,
    "call without recording": _unrecorded,
    "call not answered": _unanswered,
    "ticket": _ticket,
    "ticket comment": _comment,
    "ticket status": _status_changed,
}
