"""Draws persons, moments, channels and situations with the odds of the sample.

Which story needs which of them is in `plan`.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from ingestion.sample import company
from ingestion.sample.bank import Bank, Situation
from ingestion.sample.model import Period, Spec
from ingestion.sample.people import Person
from ingestion.sample.stories import (
    ASKS,
    CHANNEL_ODDS,
    CHAT_GAP,
    DRIVER_ODDS,
    HOURS,
    WEEKDAYS,
)


class Draws:
    """Random choices from one seeded source; remembers when each number had a chat."""

    def __init__(self, rng: Random, bank: Bank, people: list[Person], period: Period) -> None:
        self.rng, self.bank, self.period = rng, bank, period
        quiet = 0.9
        self.active = [p for p in people if p.number % 10 != 3 or p.crm_id is None]
        self.weights = [rng.choice((0.4, 1.0, 1.0, 2.0, 4.0)) * quiet for _ in self.active]
        self.by_language = {
            name: [p for p in self.active if p.language == name] for name in ("id", "en", "mix")
        }
        self.specs: list[Spec] = []
        self.chats: dict[str, list[datetime]] = {}

    def _someone(self, language: str | None) -> Person:
        people = self.by_language[language] if language else None
        if people:
            return self.rng.choice(people)
        person = self.rng.choices(self.active, self.weights)[0]
        return person

    def _when(self, outbound: bool = False) -> datetime:
        rng = self.rng
        while True:
            day = self.period.first + timedelta(days=rng.randrange(self.period.days))
            hour = rng.choices(range(24), HOURS)[0]
            moment = datetime(day.year, day.month, day.day, hour, rng.randrange(60),
                              rng.randrange(60), tzinfo=company.JAKARTA)  # fmt: skip
            if rng.random() * 12 > WEEKDAYS[day.weekday()]:
                continue
            # Offers and reminders end well before 20:00, whatever their length.
            if outbound and (day.weekday() == 6 or not 8 <= hour < 19):
                continue
            return moment

    def _channel(self, person: Person) -> Any:
        odds = dict(CHANNEL_ODDS)
        if person.x_id is None:
            odds["social"] = 0.0
        return self.rng.choices(list(odds), list(odds.values()))[0]

    def _situation(self, driver: str | None, **wanted: Any) -> Situation:
        rng = self.rng
        while True:
            name = driver or rng.choices(list(DRIVER_ODDS), list(DRIVER_ODDS.values()))[0]
            found = rng.choice(self.bank.situations[name])
            if all(getattr(found, key) == value for key, value in wanted.items()):
                return found

    def _asks(self, situation: Situation, channel: str) -> tuple[str, ...]:
        rng = self.rng
        kinds = ASKS[situation.driver]
        if situation.driver in ("billing", "purchase_plan") and rng.random() < 0.12:
            kinds = (*kinds, "npwp")
        counts = {"voice": (0, 1, 1, 1, 2, 2), "chat": (0, 0, 1, 1, 2), "email": (0, 1, 1, 2, 3)}
        wanted = min(len(kinds), rng.choice(counts.get(channel, (0,))))
        chosen = set(rng.sample(kinds, wanted))
        return tuple(kind for kind in kinds if kind in chosen)

    def _clear_chat_time(self, person: Person, start: datetime, outbound: bool) -> datetime:
        # Two sessions of one number closer than a session gap would be one conversation.
        for _ in range(60):
            if self._is_clear(person, start):
                break
            start = self._moment(person, outbound)
        return start

    def _is_clear(self, person: Person, start: datetime) -> bool:
        taken = self.chats.get(person.phone, ())
        return all(abs(start - other) > CHAT_GAP for other in taken)

    def _moment(self, person: Person, outbound: bool = False) -> datetime:
        """Return a random moment, not after the person has left."""
        for _ in range(30):
            start = self._when(outbound)
            if person.churned_on is None or start.date() <= person.churned_on:
                break
        return start
