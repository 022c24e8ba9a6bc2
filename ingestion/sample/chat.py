"""Writes chat sessions as WhatsApp Cloud webhook bodies, one a line, one file a day."""

from base64 import b64encode
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson

from ingestion.sample import company
from ingestion.sample.model import Conversation, Turn
from ingestion.sample.sink import Sink

Body = dict[str, Any]


class ChatWriter:
    """Collects webhook bodies by the day they arrive."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.days: dict[str, list[tuple[int, int, bytes]]] = defaultdict(list)
        self.order = 0

    def write(self, conversation: Conversation, rng: Random, late: int = 0) -> None:
        """Add one session; `late` moves its delivery by that many days, in a file of its own."""
        session = _Session(conversation, rng)
        for moment, body in session.bodies():
            day = moment.astimezone(company.JAKARTA).date()
            name = f"{day + timedelta(days=late)}-backfill" if late else str(day)
            self.order += 1
            # Bytes at once: so many live dictionaries would slow everything down.
            self.days[name].append((int(moment.timestamp()), self.order, orjson.dumps(body)))

    def finish(self, rng: Random) -> None:
        """Hand all day files to the sink, a few webhooks twice and a few as files of their own."""
        alone = 0
        for day in sorted(self.days):
            rows = sorted(self.days[day], key=lambda row: row[:2])
            bodies = [row[2] for row in rows]
            again = 0
            if rng.random() < 0.3 or len(self.days) < 12:
                again = 1
                at = rng.randrange(len(bodies))
                bodies.insert(min(len(bodies), at + rng.randrange(1, 9)), bodies[at])
            if alone < 4 and len(bodies) > 3 and not day.endswith("backfill"):
                alone += 1
                single = bodies.pop(rng.randrange(len(bodies)))
                name = f"chat/whatsapp/{day}-webhook-{alone}.json"
                shown = orjson.dumps(orjson.loads(single), option=orjson.OPT_INDENT_2)
                self.sink.add(name, shown, payloads=1)
            note = {"story": "late"} if day.endswith("backfill") else {}
            self.sink.add(
                f"chat/whatsapp/{day}.jsonl", b"".join(body + b"\n" for body in bodies), payloads=len(bodies),
                repeated_lines=again, **note,
            )  # fmt: skip


class _Session:
    def __init__(self, conversation: Conversation, rng: Random) -> None:
        self.talk, self.rng = conversation, rng
        self.spec, self.person = conversation.spec, conversation.spec.person
        self.moment = self.spec.start
        self.wa_id = f"62{self.person.phone}"
        self.profile = self.person.spelling(rng)
        # A person with a user id sends both at times, so that the two can be tied together.
        self.with_user = self.person.wa_user_id is not None
        self.hidden = self.person.wa_hides_phone and self.spec.number % 3 != 0

    def _wamid(self) -> str:
        return "wamid." + b64encode(self.rng.randbytes(27)).decode()

    def _contact(self) -> Body:
        contact: Body = {"profile": {"name": self.profile}}
        if not self.hidden:
            contact["wa_id"] = self.wa_id
        if self.with_user:
            contact["user_id"] = self.person.wa_user_id
            contact["profile"]["username"] = self.profile.lower().replace(" ", ".")
        return contact

    def _wrap(self, field: str, value: Body) -> Body:
        head = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": company.COMPANY_DISPLAY_PHONE,
                "phone_number_id": company.COMPANY_PHONE_NUMBER_ID,
            },
            "contacts": [self._contact()],
        }
        change = {"value": {**head, **value}, "field": field}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": company.COMPANY_WHATSAPP_ACCOUNT_ID, "changes": [change]}],
        }

    def _inbound(self, content: Body, native: str) -> Body:
        message: Body = {"id": native, "timestamp": str(int(self.moment.timestamp())), **content}
        if not self.hidden:
            message["from"] = self.wa_id
        if self.with_user:
            message["from_user_id"] = self.person.wa_user_id
        return self._wrap("messages", {"messages": [message]})

    def _outbound(self, content: Body, native: str) -> Body:
        message: Body = {
            "from": company.COMPANY_PHONE.removeprefix("+"), "id": native,
            "timestamp": str(int(self.moment.timestamp())), **content,
        }  # fmt: skip
        if not self.hidden:
            message["to"] = self.wa_id
        if self.with_user:
            message["to_user_id"] = self.person.wa_user_id
        return self._wrap("smb_message_echoes", {"message_echoes": [message]})

    def bodies(self) -> list[tuple[datetime, Body]]:
        rows: list[tuple[datetime, Body]] = []
        edited = self._pick(self.spec.edit)
        revoked = self._pick(self.spec.revoke)
        for place, turn in enumerate(self.talk.turns):
            gap = self.rng.expovariate(1 / (25 if turn.role == "bot" else 75)) + 2
            self.moment += timedelta(seconds=min(gap, 900) if place else 0)
            turn.at = (self.moment - self.spec.start).total_seconds()
            turn.native = self._wamid()
            self.talk.natives.append(turn.native)
            if turn.role == "customer":
                rows.append((self.moment, self._said(turn, edited is turn)))
            else:
                rows.append((self.moment, self._outbound(_text(turn.text), turn.native)))
                rows += self._statuses(turn)
            if turn is edited:
                rows.append(self._edit(turn))
            if turn is revoked:
                rows.append(self._revoke(turn))
        return rows + self._errors()

    def _pick(self, wanted: bool) -> Turn | None:
        said = [turn for turn in self.talk.turns if turn.role == "customer"]
        return self.rng.choice(said[-2:]) if wanted and said else None

    def _said(self, turn: Turn, draft: bool) -> Body:
        rng = self.rng
        if draft:
            words = turn.text.split(" ")
            keep = max(1, len(words) - rng.randrange(1, 4))
            turn.replaced = " ".join(words[:keep])
            return self._inbound(_text(turn.replaced), turn.native)
        if len(turn.text) < 25 and rng.random() < 0.06:
            kind = rng.choice(("button", "interactive"))
            if kind == "button":
                content: Body = {"button": {"payload": "reply", "text": turn.text}}
            else:
                reply = {"id": f"opt_{rng.randrange(9)}", "title": turn.text}
                content = {"interactive": {"type": "button_reply", "button_reply": reply}}
            return self._inbound({"type": kind, **content}, turn.native)
        if rng.random() < 0.03:
            image = {
                "id": str(rng.randrange(10**14, 10**15)), "mime_type": "image/jpeg",
                "sha256": f"{rng.getrandbits(256):064x}", "caption": turn.text,
            }  # fmt: skip
            return self._inbound({"type": "image", "image": image}, turn.native)
        return self._inbound(_text(turn.text), turn.native)

    def _statuses(self, turn: Turn) -> list[tuple[datetime, Body]]:
        rng, spec = self.rng, self.spec
        who = f"role=agent;agent={turn.agent}" if turn.role == "agent" else "role=bot"
        data = f"{who};queue={spec.queue}"
        if spec.campaign:
            data += f";campaign={spec.campaign}"
        failed = rng.random() < 0.004
        states = ["failed"] if failed else ["sent", "delivered"]
        rows = []
        if not failed and rng.random() < 0.35:
            rows.append(self._status(turn, ["read"], data, 20))
        return [self._status(turn, states, data, 1), *rows]

    def _status(
        self, turn: Turn, states: list[str], data: str, after: int
    ) -> tuple[datetime, Body]:
        at = self.moment + timedelta(seconds=after)
        statuses = []
        for state in states:
            status: Body = {
                "id": turn.native, "status": state, "timestamp": str(int(at.timestamp())),
                "biz_opaque_callback_data": data,
            }  # fmt: skip
            if self.hidden:
                status["recipient_user_id"] = self.person.wa_user_id
            else:
                status["recipient_id"] = self.wa_id
            if state == "failed":
                status["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
            statuses.append(status)
        return at, self._wrap("messages", {"statuses": statuses})

    def _edit(self, turn: Turn) -> tuple[datetime, Body]:
        self.moment += timedelta(seconds=40)
        edit = {"original_message_id": turn.native, "message": _text(turn.text)}
        return self.moment, self._inbound({"type": "edit", "edit": edit}, self._wamid())

    def _revoke(self, turn: Turn) -> tuple[datetime, Body]:
        self.moment += timedelta(seconds=55)
        turn.revoked = True
        content = {"type": "revoke", "revoke": {"original_message_id": turn.native}}
        return self.moment, self._inbound(content, self._wamid())

    def _errors(self) -> list[tuple[datetime, Body]]:
        if self.rng.random() > 0.01:
            return []
        error = {"code": 131051, "title": "Unsupported message type"}
        content = {"type": "unsupported", "errors": [error]}
        return [(self.moment, self._inbound(content, self._wamid()))]


def _text(text: str) -> Body:
    return {"type": "text", "text": {"body": text}}
