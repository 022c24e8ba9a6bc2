"""Collects the turns of one conversation and offers the pieces that every channel uses.

The order of the pieces per channel is in `dialogue` and `dialogue_other`.
"""

from random import Random
from typing import Final

from ingestion.sample.bank import Situation
from ingestion.sample.model import Span, Spec, Turn
from ingestion.sample.speech import Speech
from warehouse.vocabulary import Role

BREACH_SAID_BY_AGENT: Final = ("asked_card_security", "asked_credentials", "guaranteed_return")


class Script:
    """Collects the turns of one conversation in order."""

    def __init__(self, rng: Random, speech: Speech) -> None:
        self.rng, self.speech, self.spec = rng, speech, speech.spec
        self.turns: list[Turn] = []
        self.sympathised = False

    def customer(self, *parts: str, mood: str = "neu", marks: tuple[str, ...] = ()) -> Turn:
        """Add a customer turn."""
        text, spans = self.speech.customer(list(parts))
        if self.speech.manner == "typed":
            text = self.speech.decorate(text, mood)
        return self._add("customer", text, spans, list(marks), mood)

    def agent(self, *parts: str, role: Role = "agent", breach: str = "") -> Turn:
        """Add a turn of the company: an agent, or the bot."""
        text, spans = self.speech.company(list(parts))
        turn = self._add(role, text, spans, [], None)
        turn.agent = self.speech.agent if role == "agent" else None
        if breach:
            turn.breaches.append(breach)
        return turn

    def _add(
        self, role: Role, text: str, spans: list[Span], marks: list[str], mood: str | None
    ) -> Turn:
        turn = Turn(role, text, spans=spans, marks=marks, sentiment=mood)
        self.turns.append(turn)
        return turn

    # --- pieces that several channels share ---------------------------------------------

    def problem(self, *before: str, details: int = 1, asks: bool = True) -> Turn:
        """Add the turn that states the problem, with mood, history and flags as planned."""
        spec, rng, speech = self.spec, self.rng, self.speech
        situation = spec.situation
        # Hardly anybody forgets every mark between the greeting and the matter.
        before = tuple(
            text + rng.choice((",", ".", ",", "!", "")) if text[-1:].isalnum() else text
            for text in before
        )
        parts = [*before, one(situation, "problem", spec.language, rng)]
        detail_lines = situation.lines("detail", spec.language, rng)
        parts += rng.sample(detail_lines, min(details, len(detail_lines)))
        if spec.repeat_of is not None:
            parts.insert(len(before), speech.line("customer.again"))
        mood = situation.tone
        if rng.random() < 0.55:
            parts.append(speech.line(f"customer.emotion_{mood}"))
        if spec.second is not None:
            parts.append(also(spec.language, rng) + one(spec.second, "problem", spec.language, rng))
        if asks and situation.driver not in ("praise_thanks",) and rng.random() < 0.6:
            parts.append(speech.line("customer.ask" if mood == "neg" else "customer.ask_info"))
        return self.customer(*parts, mood=mood)

    def wishes(self) -> tuple[list[str], list[str]]:
        """Return the planned extra sentences (churn, complaint, purchase ...) and their marks."""
        spec, speech = self.spec, self.speech
        lines: list[str] = []
        marks: list[str] = []
        if spec.churn != "none" and spec.churn != spec.situation.churn:
            lines.append(speech.line(f"customer.churn_{spec.churn}"))
            marks.append(f"churn_{spec.churn}")
        for flag in ("complaint", "purchase", "follow_up"):
            if getattr(spec, flag) and not getattr(spec.situation, flag, False):
                lines.append(speech.line(f"customer.{flag}"))
                marks.append(flag)
        return lines, marks

    def verify(self, kinds: tuple[str, ...]) -> None:
        """Add the agent's question for each kind of data and the customer's answer."""
        for at, kind in enumerate(kinds):
            lead = self.empathy() if at == 0 else ""
            self.agent(lead, self.speech.agent_line(f"agent.ask.{kind}"))
            self.customer(self.speech.line(f"customer.give.{kind}"))

    def empathy(self) -> str:
        """Return a first reaction that fits the mood of the problem, once."""
        if self.sympathised:
            return ""
        self.sympathised = True
        tone = self.spec.situation.tone
        return self.speech.agent_line("agent.empathy" if tone == "neg" else "agent.acknowledge")

    def probe(self, *lead: str) -> None:
        """Add a question of diagnosis and a fitting answer."""
        pairs = self.spec.situation.lines("probe", self.speech.agent_language, self.rng)
        if not pairs:
            return
        question, *answers = self.rng.choice(pairs)
        self.agent(*lead, question)
        self.customer(self.rng.choice(answers), mood="neu")

    def breach(self) -> None:
        """Add what an agent must not ask or say in service, and the customer's reaction."""
        for rule in self.spec.breaches:
            if rule in BREACH_SAID_BY_AGENT:
                self.agent(self.speech.agent_line(f"breaches.{rule}"), breach=rule)
                give = {"asked_card_security": "cvv", "asked_credentials": "secret"}.get(rule)
                key = f"customer.give.{give}" if give else "customer.end_neu"
                self.customer(self.speech.line(key))

    def solution(self) -> str:
        """Return the agent's answer to the stated problem as one template."""
        spec, rng = self.spec, self.rng
        if spec.outcome == "escalated":
            return self.speech.agent_line("agent.promise")
        if spec.outcome == "stuck":
            return self.speech.agent_line("agent.stuck")
        return one(spec.situation, "fix", self.speech.agent_language, rng)

    def reaction(self) -> Turn:
        """Add the customer's last word, with the wishes that were not said before."""
        mood = end_mood(self.spec, self.rng)
        lines, marks = self.wishes()
        asked_only = mood == "pos" and self.spec.situation.tone != "neg"
        return self.customer(
            self.speech.line(f"customer.end_{mood}{'_info' if asked_only else ''}"),
            *lines,
            mood=mood,
            marks=tuple(marks),
        )


def end_mood(spec: Spec, rng: Random) -> str:
    """Return the mood in which a conversation with this outcome ends."""
    if spec.churn != "none" and spec.outcome != "solved":
        return "neg"
    if spec.outcome == "solved" and spec.situation.tone != "neg":
        return rng.choices(("neu", "pos"), (45, 55))[0]
    odds = {"solved": (5, 30, 65), "escalated": (30, 60, 10), "stuck": (85, 15, 0)}[spec.outcome]
    return rng.choices(("neg", "neu", "pos"), odds)[0]


def one(situation: Situation, kind: str, language: str, rng: Random) -> str:
    lines = situation.lines(kind, language, rng)
    return str(lines[int(rng.random() * len(lines))])


def also(language: str, rng: Random) -> str:
    lines = {
        "id": ("Sama satu lagi, ", "Oh iya, ", "Terus ", "Sekalian, "),
        "en": ("Also, ", "And another thing, ", "Oh and "),
        "mix": ("Also, ", "Btw, ", "Sekalian, ", "Oh and "),
    }[language]
    return rng.choice(lines)
