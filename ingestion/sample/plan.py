"""Decides who contacts when, where and about what, so that every story occurs at every size.

Words and files do not belong here.
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
    SCENARIOS,
    WEEKDAYS,
)
from warehouse.vocabulary import DRIVERS


class Planner:
    """Builds the list of interactions; every draw comes from one seeded source."""

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

    def plan(self, count: int) -> list[Spec]:
        """Return at least `count` interactions; more only where the stories need it."""
        self._churn_stories(max(3, round(count * 0.0085)))
        for story, share, fixed in SCENARIOS:
            for _ in range(max(1, round(share * count))):
                self._scenario(story, dict(fixed))
        for driver in DRIVERS:
            for language in ("id", "en", "mix"):
                self._regular(driver, self._someone(language))
        while len(self.specs) < count:
            if self.rng.random() < 0.13 and self._repeat():
                continue
            self._regular(None, self._someone(None))
        self.specs.sort(key=lambda spec: (spec.start, spec.number))
        return self.specs

    # --- draws ----------------------------------------------------------------------------

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

    # --- kinds of stories -----------------------------------------------------------------

    def _add(self, person: Person, situation: Situation, start: datetime, **fixed: Any) -> Spec:
        rng = self.rng
        channel = fixed.pop("channel", None) or self._channel(person)
        language = person.language
        if language == "mix" and rng.random() < 0.25:
            language = "id"
        odds = {"neg": (50, 33, 17), "neu": (82, 12, 6), "pos": (100, 0, 0)}[situation.tone]
        fixed.setdefault("outcome", rng.choices(("solved", "escalated", "stuck"), odds)[0])
        fixed.setdefault("churn", situation.churn)
        spec = Spec(
            len(self.specs), person, channel, language, situation, start,
            queue=company.QUEUES[situation.driver], agent=company.agent_id(rng.randrange(24)),
            asks=self._asks(situation, channel), **fixed,
        )  # fmt: skip
        self._settle(spec)
        self.specs.append(spec)
        return spec

    def _settle(self, spec: Spec) -> None:
        """Fix what depends on the channel: the bot in front, and room between chat sessions."""
        inbound = spec.direction == "inbound"
        if spec.channel == "chat" and spec.story in ("repeat", "churn", "churn_saved"):
            # The date tells the story here, so the channel gives way.
            spec.channel = "chat" if self._is_clear(spec.person, spec.start) else "email"
        if spec.channel == "chat":
            spec.bot = spec.bot or (inbound and self.rng.random() < 0.25)
            if "outside_contact_hours" not in spec.breaches:
                spec.start = self._clear_chat_time(spec.person, spec.start, not inbound)
            self.chats.setdefault(spec.person.phone, []).append(spec.start)
        elif spec.channel == "email":
            spec.bot = inbound and self.rng.random() < 0.25

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

    def _regular(self, driver: str | None, person: Person) -> None:
        situation = self._situation(driver)
        self._add(person, situation, self._moment(person))

    def _scenario(self, story: str, fixed: dict[str, Any]) -> None:
        rng = self.rng
        driver, tone = fixed.pop("driver", None), fixed.pop("tone", None)
        campaign = fixed.get("campaign")
        if campaign:
            paylater = campaign.startswith("paylater")
            driver = "billing" if paylater else "purchase_plan"
            fixed["direction"] = "outbound"
            fixed["purchase"] = not paylater and rng.random() < 0.35
        wanted: dict[str, Any] = {"tone": tone} if tone else {}
        if fixed.get("churn") == "implied" or story == "cancel_order_only":
            wanted["churn"] = "none"
        if story == "cancel_order_only":
            wanted["name"] = "cancel_order"
        person, start = self._free_person(story, fixed)
        if fixed.pop("second", False):
            fixed["second"] = self._situation(None, tone="neg", churn="none")
        spec = self._add(person, self._situation(driver, **wanted), start, story=story, **fixed)
        if campaign:
            spec.churn, spec.queue = "none", "collection" if "paylater" in campaign else "sales"

    def _free_person(self, story: str, fixed: dict[str, Any]) -> tuple[Person, datetime]:
        """Return somebody who can live this story, and when."""
        channel, outbound = fixed.get("channel"), "campaign" in fixed
        for _ in range(200):
            person = self._someone(None)
            start = self._moment(person, outbound)
            if "outside_contact_hours" in fixed.get("breaches", ()):
                start = self._forbidden(start, sunday=story.endswith("sunday"))
            if channel == "social" and person.x_id is None:
                continue
            if channel != "chat" or self._is_clear(person, start):
                break
        return person, start

    def _forbidden(self, start: datetime, sunday: bool) -> datetime:
        if sunday:
            moved = start - timedelta(days=(start.weekday() + 1) % 7)
            return moved if moved.date() >= self.period.first else start.replace(hour=21)
        return start.replace(hour=self.rng.choice((5, 6, 7, 20, 21, 22)))

    def _repeat(self) -> bool:
        first = self.rng.choice(self.specs)
        later = first.start + timedelta(days=self.rng.uniform(2.0, 8.0))
        plain = first.direction == "inbound" and first.situation.tone == "neg"
        if not plain or first.situation.driver == "termination":
            return False
        if later.date() > self.period.last:
            return False
        left = first.person.churned_on
        if left is not None and later.date() > left:
            return False
        self._add(first.person, first.situation, later, story="repeat", repeat_of=first.number)
        return True

    def _churn_stories(self, count: int) -> None:
        rng = self.rng
        pool = [p for p in self.active if p.crm_id and p.household is None]
        for at, person in enumerate(rng.sample(pool, min(count * 2, len(pool) // 2))):
            leaves = at < count or rng.random() < 0.3
            cause = rng.choice(("outage", "billing", "service_quality", "app_technical"))
            situation = self._situation(cause, tone="neg")
            steps = rng.randint(3, 5)
            step = min(9.0, (self.period.days - 4) / (steps + 1))
            first = self.period.first + timedelta(
                days=rng.randrange(max(1, int(self.period.days - step * steps - 2)))
            )
            moment = datetime(first.year, first.month, first.day, 9, 30, tzinfo=company.JAKARTA)
            self._escalate(person, situation, moment, steps, step, leaves)

    def _escalate(
        self, person: Person, situation: Situation, moment: datetime, steps: int, step: float,
        leaves: bool,
    ) -> None:  # fmt: skip
        previous: int | None = None
        levels = ("none", "none", "implied", "implied", "explicit")
        for at, level in enumerate(levels[-steps:]):
            last = at == steps - 1
            topic = situation
            if last and self.rng.random() < 0.5:
                topic = self._situation("termination", churn="explicit")
            spec = self._add(
                person, topic, moment, story="churn" if leaves else "churn_saved", churn=level,
                outcome="solved" if last and not leaves else "stuck", repeat_of=previous,
                complaint=at > 1 and self.rng.random() < 0.4,
            )  # fmt: skip
            if topic is not situation:
                spec.repeat_of = None
            previous = spec.number
            moment += timedelta(days=step * self.rng.uniform(0.6, 1.0), minutes=37 * at)
        if leaves:
            gone = moment.date() + timedelta(days=self.rng.randrange(1, 6))
            person.churned_on = min(gone, self.period.last)
            person.churn_reason = situation.driver
