"""Lakes drawn by chance and then disturbed, to compare incremental with full builds.

Each disturbance returns the dates whose silver partitions it touched, as orchestration would.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

from small_lake import Lake, Row, contact, participants, tag, turn

from warehouse import vocabulary

FIRST_DAY = date(2026, 8, 1)
HANDLES = [f"k-{number}" for number in range(12)]
FAMILIES = {
    "language": vocabulary.LANGUAGES,
    "sentiment": vocabulary.SENTIMENTS,
    "driver": vocabulary.DRIVERS,
    "churn": ("implied", "explicit"),
    "flag": vocabulary.FLAGS,
    "feedback": ("app.problem", "app.praise", "internet.wish"),
    "compliance": ("recording_notice", "no_insults"),
    "effort": ("long_wait", "told_again", "first_given.phone", "asked_again.phone"),
    "quality": ("greeting.met", "greeting.not_met", "closing.met"),
}


class RandomLake:
    """A small lake that late files, edits, erasures and identity keep changing."""

    def __init__(self, seed: int, contacts: int = 80) -> None:
        self.chance = random.Random(seed)
        self.number = 0
        self.contacts: list[Row] = []
        self.turns: list[Row] = []
        self.tags: list[Row] = []
        self.owners = {key: f"p-{number // 2}" for number, key in enumerate(HANDLES)}
        self.fees = {key: self.chance.randrange(9) * 50000.0 for key in HANDLES[::3]}
        for _ in range(contacts):
            self.add_contact()

    def add_contact(self, on: date | None = None) -> date:
        """One more contact with turns and tags; on a date already past, it is a late one."""
        self.number += 1
        at = on or FIRST_DAY + timedelta(days=self.chance.randrange(30))
        row = contact(
            f"i-{self.number}",
            f"{at} {self.chance.randrange(24):02}:{self.chance.randrange(60):02}",
            self.chance.choice([*HANDLES, None]),
            channel=self.chance.choice(vocabulary.CHANNELS),
            direction=self.chance.choice(["inbound", "inbound", "outbound", None]),
            agent_id=self.chance.choice(["a-1", "a-2", None]),
            wait_seconds=self.chance.choice([None, self.chance.random() * 90]),
            csat=self.chance.choice([None, None, 2.0, 5.0]),
        )
        self.contacts.append(row)
        for number in range(self.chance.randrange(6)):
            self.add_turn(row, number)
        return at

    def add_turn(self, of: Row, number: int) -> None:
        """One turn, spoken by chance, with up to five tags."""
        role = self.chance.choice(vocabulary.ROLES)
        row = turn(of, number, role, number * 7.3)
        self.turns.append(row)
        for family in self.chance.sample(sorted(FAMILIES), self.chance.randrange(6)):
            name = self.chance.choice(FAMILIES[family])
            self.tags.append(tag(row, family, name, self.chance.random(), f"words {number}"))

    def late_contact(self) -> set[date]:
        return {self.add_contact(self.chance.choice(self.contacts)["event_date"])}

    def new_day(self) -> set[date]:
        return {self.add_contact(FIRST_DAY + timedelta(days=31 + self.chance.randrange(5)))}

    def edited_contact(self) -> set[date]:
        """Turns and tags of one contact are said anew."""
        row = self.chance.choice(self.contacts)
        self.forget({row["interaction_id"]}, keep_contacts=True)
        for number in range(self.chance.randrange(4)):
            self.add_turn(row, number)
        return {row["event_date"]}

    def moved_contact(self) -> set[date]:
        """An earlier message turns up: the contact now begins on another date."""
        row = self.chance.choice(self.contacts)
        before = row["event_date"]
        shift = timedelta(days=self.chance.choice([-2, -1, 1]))
        row["started_at"] += shift
        row["ended_at"] += shift
        for part in (row, *self.turns, *self.tags):
            if part["interaction_id"] == row["interaction_id"]:
                part["event_date"] = before + shift
        return {before, before + shift}

    def vanished_day(self) -> set[date]:
        """A whole partition is gone, as after an erasure."""
        on = self.chance.choice(self.contacts)["event_date"]
        self.forget({row["interaction_id"] for row in self.contacts if row["event_date"] == on})
        return {on}

    def merged_persons(self) -> set[date]:
        """Identity changes its mind; no partition of silver interactions is touched."""
        one, other = self.chance.sample(HANDLES, 2)
        self.owners[one] = self.owners[other]
        return set()

    def changed_fee(self) -> set[date]:
        self.fees[self.chance.choice(HANDLES[::3])] = self.chance.randrange(9) * 50000.0
        return set()

    def disturb(self, times: int) -> set[date]:
        """Disturb in every way at least once; the dates touched."""
        ways: list[Callable[[], set[date]]] = [
            self.late_contact,
            self.new_day,
            self.edited_contact,
            self.moved_contact,
            self.vanished_day,
            self.merged_persons,
            self.changed_fee,
        ]
        drawn = ways + self.chance.choices(ways, k=times)
        return set().union(*(way() for way in drawn))

    def forget(self, keys: set[str], *, keep_contacts: bool = False) -> None:
        """Remove contacts, or only their turns and tags."""
        self.turns = [row for row in self.turns if row["interaction_id"] not in keys]
        self.tags = [row for row in self.tags if row["interaction_id"] not in keys]
        if not keep_contacts:
            self.contacts = [row for row in self.contacts if row["interaction_id"] not in keys]

    def lake(self) -> Lake:
        """All tables as they stand; rows in random order, since files come in any order."""
        tables: dict[str, list[Row]] = {
            "interactions": self.contacts,
            "turns": self.turns,
            "participants": participants(self.contacts),
            "annotations": self.tags,
            "persons": [
                {
                    "handle_key": key,
                    "handle_type": "crm_id" if key in self.fees else "phone",
                    "person_id": person,
                    "identity_version": "1",
                }
                for key, person in self.owners.items()
            ],
            "crm_customers": [{"customer_key": key, "segment": "gold"} for key in self.fees],
            "crm_subscriptions": [
                {
                    "subscription_id": f"s-{key}",
                    "customer_key": key,
                    "monthly_fee": fee,
                    "currency": "IDR",
                    "status": "active",
                }
                for key, fee in self.fees.items()
            ],
        }
        return {name: self.chance.sample(rows, len(rows)) for name, rows in tables.items()}
