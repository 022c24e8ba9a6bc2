"""The parts of a call that every vCon generation needs: tags, parties, clock.

How a generation arranges them is in `voice`.
"""

from datetime import timedelta
from random import Random
from typing import Any, Final

from ingestion.sample import company, identifiers
from ingestion.sample.model import Conversation, Turn
from ingestion.sample.sink import rfc3339

DISPOSITIONS: Final = {"solved": "resolved", "escalated": "callback", "stuck": "unresolved"}


class CallParts:
    """One call in the making: tags, parties and the clock of what is said."""

    def __init__(self, conversation: Conversation, rng: Random, call: str, zone: Any) -> None:
        self.talk, self.rng, self.call = conversation, rng, call
        self.spec = conversation.spec
        self.start = self.spec.start.astimezone(zone)
        self.agents = [self.spec.agent]
        for turn in conversation.turns:
            turn.native = call
            if turn.agent and turn.agent not in self.agents:
                self.agents.append(turn.agent)
        self.tags = self._tags()

    def _tags(self) -> list[str]:
        spec, rng = self.spec, self.rng
        tags = [f"direction:{spec.direction}", f"queue:{spec.queue}"]
        if spec.campaign:
            tags.append(f"campaign:{spec.campaign}")
        if self.talk.turns:
            self.talk.after_work = float(rng.randrange(5, 140))
            tags.append(f"agent:{spec.agent}")
            tags.append(f"disposition:{DISPOSITIONS[spec.outcome]}")
            if spec.disconnect == "dropped":
                tags.append("disconnect:dropped")
            tags.append(f"after_work_seconds:{int(self.talk.after_work)}")
        return tags

    # --- parties ------------------------------------------------------------------------

    def _tel(self) -> str:
        forms = identifiers.phone_forms(self.spec.person.phone)
        return self.rng.choice(
            (forms[0], forms[1], forms[3], forms[3], forms[5], "tel:" + forms[3])
        )

    def _customer(self) -> dict[str, Any]:
        person, rng = self.spec.person, self.rng
        party: dict[str, Any] = {"tel": self._tel()}
        if rng.random() < 0.75:
            party["name"] = person.spelling(rng)
        if rng.random() < 0.12:
            party["mailto"] = person.email
        return party

    def _agent(self, agent: str) -> dict[str, Any]:
        name = company.agent_name(agent)
        mail = f"{name.lower()}.{agent[3:]}@{company.COMPANY_MAIL_DOMAINS[0]}"
        return {"tel": company.COMPANY_PHONE, "mailto": mail, "name": name}

    def _parties(self, meta: bool) -> list[dict[str, Any]]:
        rows = [(self._customer(), "customer")]
        rows += [(self._agent(agent), "agent") for agent in self.agents]
        if any(turn.role == "bot" for turn in self.talk.turns):
            rows.append(({"name": "IVR"}, "bot"))
        if meta:
            return [{**party, "meta": {"role": role}} for party, role in rows]
        return [{**party, "role": role} for party, role in rows]

    def _index(self, turn: Turn) -> int:
        if turn.role == "customer":
            return 0
        if turn.role == "bot":
            return len(self.agents) + 1
        return self.agents.index(turn.agent or self.spec.agent) + 1

    # --- clock --------------------------------------------------------------------------

    def _clock(self, wait: float) -> float:
        at, hold, rng = wait, 0.0, self.rng
        for place, turn in enumerate(self.talk.turns):
            if turn.role == "bot" and place == 0:
                turn.at, turn.length = 1.0, round(len(turn.text) / 15, 1)
                at = max(at, turn.at + turn.length + 0.5)
                continue
            turn.at, turn.length = (
                round(at + rng.uniform(0.3, 1.8), 1),
                round(max(0.9, len(turn.text) / 14), 1),
            )
            at = turn.at + turn.length
            if "hold" in turn.marks:
                held = round(rng.uniform(15, 170), 1)
                hold, at = hold + held, at + held + 4
        self.talk.hold = round(hold, 1)
        return round(at + rng.uniform(0.5, 2.5), 1)

    def _base(self, version: str | None) -> dict[str, Any]:
        moment = rfc3339(self.start + timedelta(hours=1))
        body: dict[str, Any] = {"uuid": self.call, "created_at": moment, "updated_at": moment}
        if version:
            body = {"vcon": version, **body}
        return body

    def _attachment(self, key: str) -> dict[str, Any]:
        return {key: "tags", "body": self.tags, "encoding": "json"}

    def _recording(self) -> dict[str, Any]:
        return {
            "url": f"https://recordings.telivara.example/{self.call}.mp3",
            "filename": f"{self.call}.mp3",
        }
