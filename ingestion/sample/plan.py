"""Decides who contacts when, where and about what, so that every story occurs at every size.

Words and files do not belong here.
"""

from datetime import datetime, timedelta
from typing import Any

from ingestion.sample import company
from ingestion.sample.bank import Situation
from ingestion.sample.draws import Draws
from ingestion.sample.model import Spec
from ingestion.sample.people import Person
from ingestion.sample.stories import (
    SCENARIOS,
)
from warehouse.vocabulary import DRIVERS


class Planner(Draws):
    """Builds the list of interactions; every draw comes from one seeded source."""

    def plan(self, count: int) -> list[Spec]:
        """Return at least `count` interactions; more only where the stories need it."""
        self._churn_stories(max(3, round(count * 0.0085)))
        for story, share, fixed in SCENARIOS:
            for _ in range(max(1, round(share * count))):
                self._scenario(story, dict(fixed))
        for driver in DRIVERS:
            for language in ("id", "en", "mix"):
                self._regular(driver, self._someone(language))
        tries = (self._repeat() for _ in range(400))
        next(filter(None, tries), None)
        while len(self.specs) < count:
            if self.rng.random() < 0.13 and self._repeat():
                continue
            self._regular(None, self._someone(None))
        self.specs.sort(key=lambda spec: (spec.start, spec.number))
        return self.specs

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
