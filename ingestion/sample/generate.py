"""The one entry of the sample: plans, talks and writes everything for one seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from ingestion.sample import crm, dialogue, dialogue_other, mishaps
from ingestion.sample import truth as truth_files
from ingestion.sample.bank import Bank, load
from ingestion.sample.chat import ChatWriter
from ingestion.sample.mail import MailWriter
from ingestion.sample.model import Conversation, Period, Spec, Turn
from ingestion.sample.people import make_people
from ingestion.sample.plan import Planner
from ingestion.sample.sink import Sink
from ingestion.sample.social import SocialWriter
from ingestion.sample.voice import write_call

LATEST: int = 45
"""Most days by which a file is late; the least is 10."""


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was written, and where."""

    folder: Path
    truth: Path
    files: int
    size_bytes: int
    persons: int
    interactions: int
    turns: int
    breaches: int


def generate(
    folder: Path,
    *,
    seed: int = 7,
    customers: int = 400,
    interactions: int = 4000,
    days: int = 90,
    end: date = date(2026, 11, 15),
    truth: Path | None = None,
) -> SampleSummary:
    """Write the sample's source files into `folder` and its truth beside it.

    The same arguments give byte-identical files. `days` ends with the day `end`; `truth` is
    where the truth files go (default: the sibling `<folder>-truth`), never inside `folder`.
    Small sizes keep every story, so `interactions` below about 150 is exceeded.
    Raises ValueError when `truth` lies inside `folder` or a count is not positive.
    """
    target = truth if truth is not None else folder.with_name(folder.name + "-truth")
    if target.resolve().is_relative_to(folder.resolve()):
        raise ValueError("the truth must lie outside the landing folder; choose another place")
    if min(customers, interactions, days) < 1 or customers < 20 or days < 14:
        raise ValueError("the sample needs at least 20 customers, 14 days and 1 interaction")
    bank, sink = load(), Sink()
    period = Period(end - timedelta(days=days - 1), end)
    people = make_people(Random(f"{seed}:people"), customers)
    specs = Planner(Random(f"{seed}:plan"), bank, people, period).plan(interactions)
    talks = [_talk(Random(f"{seed}:talk:{spec.number}"), bank, spec) for spec in specs]
    _write_channels(talks, seed, period, sink)
    crm.write_crm(Random(f"{seed}:crm"), people, period, sink)
    crm.write_surveys(Random(f"{seed}:surveys"), bank, talks, sink)
    mishaps.add_mishaps(Random(f"{seed}:mishaps"), period, sink)
    sink.write(folder)
    truth_files.write_truth(target, people, talks, sink)
    return SampleSummary(
        folder, target, len(sink.files), sum(map(len, sink.files.values())), len(people),
        len(talks), sum(len(talk.turns) for talk in talks),
        sum(len(turn.breaches) for talk in talks for turn in talk.turns),
    )  # fmt: skip


def _talk(rng: Random, bank: Bank, spec: Spec) -> Conversation:
    return Conversation(spec, _turns(rng, bank, spec))


def _turns(rng: Random, bank: Bank, spec: Spec) -> list[Turn]:
    outbound = spec.direction == "outbound"
    if spec.channel == "voice":
        if spec.disconnect in ("missed", "abandoned") or spec.disposition is not None:
            return []
        return (dialogue_other.call_out if outbound else dialogue.voice)(rng, bank, spec)
    if spec.channel == "chat":
        return (dialogue_other.chat_out if outbound else dialogue.chat)(rng, bank, spec)
    if spec.channel == "email":
        return dialogue_other.mail(rng, bank, spec)
    return dialogue.social(rng, bank, spec)


def _lateness(talks: list[Conversation], seed: int, period: Period) -> dict[int, int]:
    """Return by how many days which interactions are delivered late."""
    rng = Random(f"{seed}:late")
    late: dict[int, int] = {}
    for channel in ("voice", "chat", "email"):
        able = [
            talk.spec
            for talk in talks
            if talk.spec.channel == channel
            and talk.spec.story == "regular"
            and (period.last - talk.spec.start.date()).days >= 14
        ]
        for spec in rng.sample(able, min(len(able), max(1, len(talks) // 500))):
            most = min(LATEST, (period.last - spec.start.date()).days - 3)
            late[spec.number] = rng.randint(10, most)
    return late


def _write_channels(talks: list[Conversation], seed: int, period: Period, sink: Sink) -> None:
    chats, mails, posts = ChatWriter(sink), MailWriter(sink), SocialWriter(sink)
    late = _lateness(talks, seed, period)
    for talk in talks:
        spec = talk.spec
        rng = Random(f"{seed}:file:{spec.number}")
        days = late.get(spec.number, 0)
        if spec.channel == "voice":
            write_call(talk, rng, sink, days)
        elif spec.channel == "chat":
            chats.write(talk, rng, days)
        elif spec.channel == "email":
            mails.write(talk, rng, boxed=not days and rng.random() < 0.08, late=days)
        else:
            posts.write(talk, rng)
    rng = Random(f"{seed}:batches")
    chats.finish(rng)
    mails.finish()
    posts.finish(rng)
