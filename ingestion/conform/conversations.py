"""Which records belong to one conversation, and where a chat splits into sessions.

Records are joined when they share any link (thread root, message id, chat partner), directly
or through others, so the answer does not depend on the order of arrival.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from ingestion.conform.components import Components
from ingestion.conform.facts import Fact
from ingestion.conform.turns import Turn


def conversations(
    facts: Iterable[Fact], weak: Callable[[Fact], Collection[int]] = lambda fact: ()
) -> Iterator[list[Fact]]:
    """Connected components over the records' links, each sorted by time then id.

    What has no date comes first. `weak` names links of a fact that do not join (see `ties`).
    """
    joined: Components[int] = Components()
    kept = list(facts)
    seen: set[tuple[int, int]] = set()  # a chat's links come with each of its messages
    for fact in kept:
        first, *others = fact.link_hashes
        ignored = weak(fact)
        for link in others:
            if (first, link) not in seen and link not in ignored:
                seen.add((first, link))
                joined.join(first, link)
    groups: defaultdict[int, list[Fact]] = defaultdict(list)
    for fact in kept:
        groups[joined.root(fact.link_hashes[0])].append(fact)
    for group in groups.values():
        group.sort(key=lambda fact: (fact.place, fact.record_id))
        yield group


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
