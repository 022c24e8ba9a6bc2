"""Which call a recording belongs to.

A recording and a call share keys (ingestion.audio.names): the file's content hash or its name.
A recording follows the one call that names it; it never joins two calls of one source, because
a name such as `0001.wav` may be used again for another conversation.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from ingestion.audio.names import RECORDING_SYSTEM, base_name, tie_keys
from ingestion.conform.facts import Fact
from ingestion.conform.same_call import joined
from ingestion.identifiers import LinkOf

TiedBy = Literal["content_hash", "name"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recording; `facts` are all that is known of it, `fact` states its measures.

    `tied_by` says how its call was found; None without a call, and `why` says why.
    """

    fact: Fact
    facts: list[Fact]
    tied_by: TiedBy | None
    why: str | None

    @property
    def turns(self) -> list[Fact]:
        """What a speech engine heard in it."""
        return [fact for fact in self.facts if fact.kind == "turn"]


def weak_links(link_of: LinkOf) -> Callable[[Fact], Collection[int]]:
    """The links of a fact that name recordings and do not join conversations by themselves."""

    def links(fact: Fact) -> Collection[int]:
        named = _named(fact)
        return {link_of(RECORDING_SYSTEM, key) for key in tie_keys(named)} if named else ()

    return links


def _named(fact: Fact) -> list[str]:
    return fact.data.get("recordings") or [] if fact.kind == "interaction" else []


def tied(groups: Iterable[list[Fact]]) -> list[tuple[list[Fact], list[Recorded]]]:
    """Each conversation with its recordings; a recording without one comes with an empty list."""
    calls: list[list[Fact]] = []
    recordings: list[list[Fact]] = []
    for group in groups:
        (recordings if _is_recording(group) else calls).append(group)
    calls = joined(calls, _keys_of)
    if not recordings:
        return [(call, []) for call in calls]
    naming: defaultdict[str, set[int]] = defaultdict(set)
    for number, call in enumerate(calls):
        for key in _keys_of(call):
            naming[key].add(number)
    names = Counter(_stated(group).data["recordings"][0] for group in recordings)
    found: defaultdict[int, list[Recorded]] = defaultdict(list)
    alone: list[tuple[list[Fact], list[Recorded]]] = []
    for group in sorted(recordings, key=lambda group: group[0].conversation_key):
        fact = _stated(group)
        call_of, how, why = _call_of(fact, naming, names[fact.data["recordings"][0]] > 1)
        recorded = Recorded(fact, group, how, why)
        if call_of is None:
            alone.append(([], [recorded]))
        else:
            found[call_of].append(recorded)
    return [(call, found.get(number, [])) for number, call in enumerate(calls)] + alone


def _is_recording(group: list[Fact]) -> bool:
    return any(fact.kind == "interaction" and "recording" in fact.data for fact in group)


def _stated(group: list[Fact]) -> Fact:
    return next(fact for fact in reversed(group) if "recording" in fact.data)


def _keys_of(call: list[Fact]) -> set[str]:
    named = {name for fact in call for name in _named(fact)}
    return _keys(named) if named else set()


def _keys(named: Collection[str]) -> set[str]:
    """Keys of the recordings named, and their whole file names where these say anything."""
    whole = {f"file:{base_name(name)}" for name in named if any(_of_name([name]))}
    return tie_keys(named) | whole


def _of_name(named: Collection[str]) -> list[str]:
    return [key for key in tie_keys(named) if key.startswith("name:")]


def _call_of(
    fact: Fact, naming: dict[str, set[int]], shared_name: bool
) -> tuple[int | None, TiedBy | None, str | None]:
    """The number of the call, how it was found, and why not.

    The content decides before the whole file name, and this before the name without ending.
    """
    keys = _keys(fact.data["recordings"])
    for kind, how in _TIERS:
        calls = {n for key in keys if key.startswith(kind) for n in naming.get(key, ())}
        if len(calls) > 1 or (calls and how == "name" and shared_name):
            return None, None, "ambiguous_name"
        if calls:
            return calls.pop(), how, None
    return None, None, "no_call"


_TIERS: tuple[tuple[str, TiedBy], ...] = (
    ("sha", "content_hash"),
    ("file:", "name"),
    ("name:", "name"),
)
