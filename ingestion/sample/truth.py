"""Writes what is true about the sample, outside the landing folder. No pipeline code reads it."""

from pathlib import Path
from typing import Any

import orjson

from ingestion.sample import identifiers
from ingestion.sample.model import Conversation, Turn
from ingestion.sample.people import Person
from ingestion.sample.sink import Sink

SECRET = ("EMAIL", "PHONE", "NIK", "NPWP", "KK", "CARD", "BANK_ACCOUNT")
LEVELS = ("none", "implied", "explicit")


def write_truth(folder: Path, people: list[Person], talks: list[Conversation], sink: Sink) -> None:
    """Write persons, interactions, turns, breaches, pii, files (JSON lines) and canaries."""
    folder.mkdir(parents=True, exist_ok=True)
    _jsonl(folder / "persons.jsonl", [_person(person) for person in people])
    numbers = {talk.spec.number: talk.natives for talk in talks}
    _jsonl(folder / "interactions.jsonl", [_interaction(talk, numbers) for talk in talks])
    turns = [(talk, at, turn) for talk in talks for at, turn in enumerate(talk.turns)]
    _jsonl(folder / "turns.jsonl", [_turn(*row) for row in turns])
    _jsonl(folder / "breaches.jsonl", [row for item in turns for row in _breaches(*item)])
    _jsonl(folder / "pii.jsonl", [row for item in turns for row in _pii(*item)])
    _jsonl(
        folder / "files.jsonl", [{"file": name, **sink.notes[name]} for name in sorted(sink.notes)]
    )
    canaries = _canaries(people, [turn for _, _, turn in turns])
    (folder / "canaries.txt").write_text("\n".join(canaries) + "\n", encoding="utf-8")


def _jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))


def _person(person: Person) -> dict[str, Any]:
    return {
        "person": person.key, "crm_id": person.crm_id, "name": person.name,
        "phone": "+62" + person.phone, "email": person.email, "crm_email": person.crm_email,
        "x_id": person.x_id, "x_username": person.x_username,
        "whatsapp_user_id": person.wa_user_id, "household": person.household,
        "churned_on": str(person.churned_on) if person.churned_on else None,
    }  # fmt: skip


def _churn(talk: Conversation) -> str:
    level = max(
        (LEVELS.index(mark[6:]) for turn in talk.turns for mark in turn.marks
         if mark.startswith("churn_")), default=0,
    )  # fmt: skip
    stated = talk.spec.direction == "inbound" and bool(talk.turns)
    return LEVELS[max(level, LEVELS.index(talk.spec.situation.churn) if stated else 0)]


def _interaction(talk: Conversation, numbers: dict[int, list[str]]) -> dict[str, Any]:
    spec = talk.spec
    marks = {mark for turn in talk.turns for mark in turn.marks}
    said = [turn for turn in talk.turns if turn.role == "customer"]
    stated = spec.direction == "inbound" and bool(said)
    drivers = [spec.situation.driver] if stated or spec.campaign else []
    if spec.second is not None and stated:
        drivers.append(spec.second.driver)
    return {
        "natives": talk.natives, "channel": spec.channel, "person": spec.person.key,
        "story": spec.story, "direction": spec.direction, "campaign": spec.campaign,
        "queue": spec.queue, "agent": spec.agent if talk.turns else None,
        "started_at": spec.start.isoformat(), "drivers": drivers,
        "situation": spec.situation.name if stated else None,
        "language": spec.language if said else None,
        "last_sentiment": said[-1].sentiment if said else None, "churn": _churn(talk),
        "asks_human": "asks_human" in marks,
        "honoured": spec.honoured if "asks_human" in marks else None,
        "follow_up": "follow_up" in marks,
        "purchase_intent": "purchase" in marks or (stated and spec.situation.purchase),
        "complaint": "complaint" in marks or (stated and spec.situation.complaint),
        "outcome": spec.outcome if said else None, "disconnect": spec.disconnect,
        "disposition": spec.disposition, "wait_seconds": talk.wait, "hold_seconds": talk.hold,
        "talk_seconds": talk.talk, "after_work_seconds": talk.after_work,
        "transfers": int(spec.transfer and bool(talk.turns)),
        "bot_turns": sum(turn.role == "bot" for turn in talk.turns), "turns": len(talk.turns),
        "repeat_of": numbers[spec.repeat_of][0] if spec.repeat_of is not None else None,
    }  # fmt: skip


def _turn(talk: Conversation, at: int, turn: Turn) -> dict[str, Any]:
    return {
        "interaction": talk.natives[0], "turn": at, "native": turn.native, "role": turn.role,
        "agent": turn.agent, "text": turn.text, "sentiment": turn.sentiment,
        "marks": turn.marks, "before_edit": turn.replaced or None, "deleted": turn.revoked,
    }  # fmt: skip


def _breaches(talk: Conversation, at: int, turn: Turn) -> list[dict[str, Any]]:
    return [
        {"interaction": talk.natives[0], "channel": talk.spec.channel, "turn": at,
         "native": turn.native, "rule": rule}
        for rule in turn.breaches
    ]  # fmt: skip


def _pii(talk: Conversation, at: int, turn: Turn) -> list[dict[str, Any]]:
    return [
        {"interaction": talk.natives[0], "channel": talk.spec.channel, "turn": at,
         "native": turn.native, "role": turn.role, "whose": span.whose, "type": span.type,
         "text": span.text}
        for span in turn.spans
    ]  # fmt: skip


def _canaries(people: list[Person], turns: list[Turn]) -> list[str]:
    values = {span.text for turn in turns for span in turn.spans if span.type in SECRET}
    for person in people:
        values.update(identifiers.phone_forms(person.phone))
        values.update(identifiers.card_forms(person.card))
        values.update(identifiers.npwp_forms(person.npwp))
        values.update((person.nik, person.kk, person.account, person.email))
        if person.crm_email:
            values.add(person.crm_email)
    return sorted(values)
