"""The plain values that pass between planning, talking and writing files."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ingestion.sample.bank import Situation
from ingestion.sample.people import Person
from warehouse.vocabulary import Channel, Direction, DisconnectReason, Role

Outcome = Literal["solved", "escalated", "stuck"]
Manner = Literal["spoken", "typed", "mail"]


@dataclass(slots=True)
class Period:
    """The days that the sample covers, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclass(slots=True)
class Spec:
    """What is decided about one interaction before a word is said."""

    number: int
    person: Person
    channel: Channel
    language: str
    situation: Situation
    start: datetime
    story: str = "regular"
    direction: Direction = "inbound"
    campaign: str | None = None
    queue: str = "care"
    agent: str = "AG-001"
    outcome: Outcome = "solved"
    churn: str = "none"
    bot: bool = False
    asks_human: bool = False
    honoured: bool | None = None
    follow_up: bool = False
    purchase: bool = False
    complaint: bool = False
    disconnect: DisconnectReason = "answered"
    disposition: str | None = None
    breaches: tuple[str, ...] = ()
    repeat_of: int | None = None
    second: Situation | None = None
    asks: tuple[str, ...] = ()
    transfer: bool = False
    edit: bool = False
    revoke: bool = False


@dataclass(slots=True)
class Span:
    """Personal data inside a turn: its type, the exact substring, whose it is."""

    type: str
    text: str
    whose: Literal["customer", "agent"] = "customer"


@dataclass(slots=True)
class Turn:
    """One utterance, message, mail body or post; `at` is seconds after the start."""

    role: Role
    text: str
    at: float = 0.0
    length: float = 0.0
    agent: str | None = None
    spans: list[Span] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    sentiment: str | None = None
    native: str = ""
    replaced: str = ""
    revoked: bool = False


@dataclass(slots=True)
class Conversation:
    """An interaction with its words. `natives` are the ids its source gives it."""

    spec: Spec
    turns: list[Turn]
    natives: list[str] = field(default_factory=list)
    wait: float | None = None
    hold: float | None = None
    talk: float | None = None
    after_work: float | None = None
