"""Which records belong to one conversation, and where a chat splits into sessions.

Records are joined when they share any link (thread root, message id, chat partner), directly
or through others, so the answer does not depend on the order of arrival.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.conform.components import Components
from ingestion.conform.facts import Fact
from ingestion.conform.turns import Turn


def conversations(
    facts: Iterable[Fact], weak: Callable[[Fact], Collection[int]] = lambda fact: ()
) -> Iterator[list[Fact]]:
    """Connected components over the records' links, each sorted by time then id.

    `weak` names links of a fact that do not join (see `ties`).
    """
    joined: Components[int] = Components()
    kept = list(facts)
    for fact in kept:
        first, *others = fact.link_hashes
        ignored = weak(fact)
        for link in others:
            if link not in ignored:
                joined.join(first, link)
    groups: defaultdict[int, list[Fact]] = defaultdict(list)
    for fact in kept:
        groups[joined.root(fact.link_hashes[0])].append(fact)
    for group in groups.values():
        group.sort(key=lambda fact: (fact.event_at, fact.record_id))
        yield group


def buckets(records: pa.Table, most_rows: int, least: int) -> list[pa.Table]:
    """Cut records into tables of about `most_rows`, at least `least` tables, never cutting a
    conversation: each part can be conformed alone."""
    joined: Components[int] = Components()
    firsts = []
    for first, *others in records["link_hashes"].to_pylist():
        firsts.append(first)
        for link in others:
            joined.join(first, link)
    count = max(least, -(-records.num_rows // most_rows))
    bucket = pa.array([joined.root(first) % count for first in firsts], pa.int64())
    return [records.filter(pc.equal(bucket, number)) for number in range(count)]


def sessions(turns: Sequence[Turn], gap: timedelta | None) -> Iterator[list[Turn]]:
    """Cut ordered turns where nobody wrote for longer than the gap; None never cuts."""
    session: list[Turn] = []
    for turn in turns:
        if session and gap is not None and turn.at - session[-1].at > gap:
            yield session
            session = []
        session.append(turn)
    if session:
        yield session
