"""What a week's customers talked about that no driver names, and what they asked.

The one entry for tables: whole interactions of one week in, groups out; pure. Names that stay over
weeks are given by `discovery_names`, reading and writing belong to orchestration.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from enrichment import clusters, content_words, questions

CODE_VERSION: Final = "1"
LEAST: Final = {"topic": 2, "question": 2}
"""Interactions that a group needs: what was said in one alone is not shown."""
SAME: Final = {"topic": 0.36, "question": 0.45}
"""Least mean similarity of the texts of one group, in [0, 1]; a question is one short sentence."""
SURE: Final = 0.5
"""A driver with a lower score leaves the interaction unexplained."""
_SILENT: Final = frozenset({"other", "praise_thanks"})
_EXAMPLES: Final = 3
_EXAMPLE_LENGTH: Final = 200


@dataclass(frozen=True)
class Talk:
    """One interaction: (role, redacted text) of its turns in order, and driver -> best score."""

    interaction_id: str
    turns: tuple[tuple[str, str], ...]
    drivers: Mapping[str, float]

    @property
    def driver(self) -> str:
        """The driver with the highest score; `other` without one."""
        named = {name: score for name, score in self.drivers.items() if name not in _SILENT}
        return min(named, key=lambda name: (-named[name], name)) if named else "other"

    @property
    def explained(self) -> bool:
        """Whether a driver names what it is about, or it holds nothing but thanks."""
        best = max((s for d, s in self.drivers.items() if d != "other"), default=0.0)
        return best >= SURE


@dataclass(frozen=True)
class _Said:
    talk: Talk
    text: str
    place: int


def version() -> str:
    """Changes with anything that decides the groups."""
    return f"discovery-{CODE_VERSION}-{clusters.version()}"


def discover(talks: Sequence[Talk]) -> list[dict[str, Any]]:
    """The groups of one week, in any order of `talks` the same.

    Each is a row of contracts.TEXT_CLUSTERS without week, names, release and method; `kind` is
    `topic` (interactions that no driver explains) or `question` (sentences that ask).
    """
    ordered = sorted(talks, key=lambda talk: talk.interaction_id)
    topics = [said for talk in ordered if not talk.explained for said in _subject(talk)]
    asked = [said for talk in ordered for said in _questions(talk)]
    return [*_rows("topic", topics), *_rows("question", asked)]


def _subject(talk: Talk) -> list[_Said]:
    """The customer's sentence with the most to say, the first of several.

    A sentence rather than a turn: what people add out of politeness is alike whatever they want.
    """
    spoken = [
        (n, sentence)
        for n, (role, text) in enumerate(talk.turns)
        if role == "customer"
        for sentence in questions.sentences(text)
    ]
    best = max(spoken, key=lambda s: (len(set(content_words.content(s[1]))), -s[0]), default=None)
    return (
        [_Said(talk, best[1], best[0])]
        if best and len(set(content_words.content(best[1]))) >= 3
        else []
    )


def _questions(talk: Talk) -> list[_Said]:
    spoken = [(n, text) for n, (role, text) in enumerate(talk.turns) if role == "customer"]
    return [_Said(talk, question, n) for n, text in spoken for question in questions.asked(text)]


def _rows(kind: str, said: list[_Said]) -> list[dict[str, Any]]:
    found = clusters.cluster([one.text for one in said], LEAST[kind], SAME[kind])
    answers = [_answers(one) for one in said] if kind == "question" else []
    everywhere = Counter(key for given in answers for key in {questions.plain(a) for a in given})
    rows: list[dict[str, Any]] = []
    for group in found:
        members = [said[place] for place in group.members]
        if len({one.talk.interaction_id for one in members}) < LEAST[kind]:
            continue
        given = [answers[place] for place in group.members] if answers else []
        best = questions.best_answers(given, everywhere, len(said)) if given else []
        rows.append(_row(kind, len(rows) + 1, group, members, best))
    return rows


def _answers(one: _Said) -> list[str]:
    later = [text for role, text in one.talk.turns[one.place + 1 :] if role == "agent"]
    return [sentence for text in later for sentence in questions.stated(text)]


def _row(
    kind: str,
    number: int,
    group: clusters.Cluster,
    members: list[_Said],
    answers: list[tuple[str, int]],
) -> dict[str, Any]:
    # Of those who say the same, the one with the fewest words around it.
    shown: dict[tuple[str, ...], _Said] = {}
    for one in members:
        known = shown.setdefault(content_words.content(one.text), one)
        if (len(one.text), one.text) < (len(known.text), known.text):
            shown[content_words.content(one.text)] = one
    examples = list(shown.values())[:_EXAMPLES]
    talks = {one.talk.interaction_id: one.talk for one in members}
    drivers = Counter(talk.driver for talk in talks.values())
    ranked = sorted(drivers, key=lambda name: (-drivers[name], name))
    return {
        "kind": kind,
        "cluster_no": number,
        "phrases": list(group.phrases),
        "mentions": len(members),
        "interactions": len(talks),
        "drivers": ranked,
        "driver_interactions": [drivers[name] for name in ranked],
        "examples": [_short(one.text) for one in examples],
        "example_interaction_ids": [one.talk.interaction_id for one in examples],
        "answers": [_short(answer) for answer, _ in answers],
        "answer_counts": [count for _, count in answers],
        "centroid": list(group.centroid),
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXAMPLE_LENGTH else line[: _EXAMPLE_LENGTH - 1].rstrip() + "…"
