"""Many chat messages as WhatsApp webhook bodies, one JSON line each, from the sample's words."""

import json
import random
from pathlib import Path

import orjson

_START = 1_767_225_600  # 2026-01-01, in seconds
_DAYS = 90


def write_messages(turns: Path, target: Path, count: int, *, first: int = 0) -> None:
    """Write messages number `first` to `first + count`; equal numbers give equal lines.

    Ten messages a customer on average. Most texts are two texts of the sample in a row, so that
    they are about as distinct as real ones.
    """
    texts = sorted({json.loads(line)["text"] for line in turns.read_text("utf-8").splitlines()})
    with target.open("wb") as file:
        for number in range(first, first + count):
            draw = random.Random(number)
            said = draw.choice(texts)
            if draw.random() < 0.8:
                said = f"{said} {draw.choice(texts)}"
            file.write(
                orjson.dumps(_body(number, draw.randrange(max(1, count // 10)), said)) + b"\n"
            )


def _body(number: int, customer: int, text: str) -> dict[str, object]:
    sender = f"62811{customer:08d}"
    seconds = _START + number * 7919 % (_DAYS * 86_400)
    message = {
        "from": sender,
        "id": f"wamid.{number:012d}",
        "timestamp": str(seconds),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "622100000000", "phone_number_id": "1"},
        "contacts": [{"profile": {"name": "Pelanggan"}, "wa_id": sender}],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
