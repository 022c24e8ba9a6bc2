"""What people say about products and features: praise, a problem or a wish, with the sentence.

The words are data (`taxonomies/feedback.yml`). One automaton finds products and opinions in one
pass; an opinion belongs to the nearest product of its sentence. A tag is `product.aspect`.
What it adds up to is for the marts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from enrichment import normalise, reading
from enrichment.feedback_words import lists
from enrichment.normalise import Token
from enrichment.tags import Tag

_CODE_VERSION: Final = "2"
_FARTHEST: Final = 6
"""Words between a product and what is said about it."""
_CONTEXT: Final = 12
"""Words shown on either side, within the sentence."""
_SAYING: Final = 3
"""From so many words on an opinion is a saying."""
_ENDS: Final = frozenset(".!?\n;")
_PARTING: Final = frozenset({"tapi", "tetapi", "namun", "padahal", "but", "although", "though"})
_SPEAKERS: Final = frozenset({"i", "i'll", "i'm", "we", "we'll", "saya", "aku", "kami", "nanti"})
_DENIALS: Final = frozenset(
    {"tidak", "bukan", "belum", "tak", "tanpa", "kurang", "jangan"}
    | {"not", "no", "never", "don't", "didn't", "doesn't", "isn't", "wasn't", "aren't", "hardly"}
)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A phrase found: what it names, and its first and last word."""

    kind: str
    name: str
    first: int
    last: int


def version() -> str:
    """Changes with the word lists, the code, or the spelling rules."""
    return f"feedback-{_CODE_VERSION}-{lists().checksum}-{normalise.version()}"


def predict(texts: Sequence[str]) -> list[list[Tag]]:
    """Return the mentions of each text, one for each product and aspect, in order of place.

    The score falls with the distance between the product and what is said about it.
    """
    units = reading.read(texts).encoded.units
    return [_mentions(text, unit.words) for text, unit in zip(texts, units, strict=False)]


def _mentions(text: str, words: tuple[Token, ...]) -> list[Tag]:
    hits = _hits(words)
    if not {"products", "aspects"} <= {hit.kind for hit in hits}:
        return []
    best: dict[str, Tag] = {}
    place = 0
    for sentence in _sentences(text, words):
        inside = place
        while inside < len(hits) and hits[inside].last <= sentence[1]:
            inside += 1
        for tag in _pairs(text, words, hits[place:inside], sentence):
            if tag.tag not in best or tag.score > best[tag.tag].score:
                best[tag.tag] = tag
        place = inside
    return sorted(best.values(), key=lambda tag: (tag.start, tag.tag))


def _hits(words: tuple[Token, ...]) -> list[_Hit]:
    """Phrases in order; of those within each other only the longest, which may say nothing."""
    joined = " " + " ".join([word for _, _, word in words]) + " "
    found: list[_Hit] = []
    seen = blanks = 0
    for end, (kind, name, length) in lists().automaton.iter(joined):
        # No word holds a blank, so blanks count words; a phrase ends on the blank after it.
        blanks += joined.count(" ", seen, end)
        seen = end
        last = blanks - 1
        first = last - joined.count(" ", end - length + 2, end)
        # Ends only grow, so what lies within the new phrase is at the end of the list.
        while found and found[-1].first >= first and found[-1].last <= last:
            found.pop()
        if not (found and found[-1].first <= first and last <= found[-1].last):
            found.append(_Hit(kind, name, first, last))
    return found


def _sentences(text: str, words: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
    """First and last word of each sentence."""
    first = 0
    for place, (word, after) in enumerate(pairwise(words)):
        between = text[word[1] : after[0]]
        if word[2] in "!?" or not _ENDS.isdisjoint(between):
            yield first, place
            first = place + 1
    yield first, len(words) - 1


def _pairs(
    text: str, words: tuple[Token, ...], hits: list[_Hit], sentence: tuple[int, int]
) -> Iterator[Tag]:
    wished = any(hit.name == "wish" for hit in hits)
    # A sentence that begins so grants something before the complaint goes on.
    granted = words[sentence[0]][2] == "padahal"
    asked = words[sentence[1]][2] == "?" or "?" in text[words[sentence[1]][1] :][:2]
    for place, opinion in enumerate(hits):
        near = _nearest(words, hits, place) if opinion.kind == "aspects" else None
        aspect = near and _aspect(words, opinion, hopeful=wished or asked or granted)
        if near and aspect:
            start = max(sentence[0], min(near.first, opinion.first) - _CONTEXT)
            end = min(sentence[1], max(near.last, opinion.last) + _CONTEXT)
            span = (words[start][0], words[end][1])
            score = 1.0 - _gap(near, opinion) / (2 * _FARTHEST)
            yield Tag("feedback", f"{near.name}.{aspect}", score, *span, "feedback", version())


def _nearest(words: tuple[Token, ...], hits: list[_Hit], place: int) -> _Hit | None:
    """The product nearest to an opinion, not too far away; of two as near, the one before."""
    before = reversed(hits[max(0, place - _FARTHEST - 1) : place])
    after = hits[place + 1 : place + _FARTHEST + 2]
    opinion = [word[2] for word in words[hits[place].first : hits[place].last + 1]]
    # Who is called friendly is a person: the money of a patient customer is not.
    # Longer phrases have a meaning of their own: a price is "ramah di kantong".
    personal = len(opinion) < _SAYING and not lists().of_people.isdisjoint(opinion)
    firsts = (next((h for h in side if _can_be(h, personal)), None) for side in (before, after))
    near = [
        hit
        for hit in firsts
        if hit and _gap(hit, hits[place]) <= _FARTHEST and not _parted(words, hit, hits[place])
    ]
    return min(near, key=lambda hit: _gap(hit, hits[place]), default=None)


def _can_be(hit: _Hit, personal: bool) -> bool:
    return hit.kind == "products" and (not personal or hit.name in lists().people)


def _parted(words: tuple[Token, ...], one: _Hit, other: _Hit) -> bool:
    """Whether a "but" stands between: "all is fine but the signal is bad"."""
    first, second = sorted((one, other), key=lambda hit: hit.first)
    return any(word[2] in _PARTING for word in words[first.last + 1 : second.first])


def _gap(one: _Hit, other: _Hit) -> int:
    return max(one.first - other.last, other.first - one.last, 1) - 1


def _aspect(words: tuple[Token, ...], opinion: _Hit, *, hopeful: bool) -> str | None:
    """What an opinion comes to: denied praise is a problem, a denied problem is nothing."""
    before = [word[2] for word in words[max(0, opinion.first - 2) : opinion.first]]
    denied = not _DENIALS.isdisjoint(before)
    if opinion.name == "problem":
        return None if denied or lists().not_praise & {"kalau", "if"} & set(before) else "problem"
    if opinion.name == "praise":
        if denied:
            return "problem"
        # "Great, I'll look at the website": a nod, not praise of what follows.
        after = words[opinion.last + 1 : opinion.last + 2]
        if not before and after and after[0][2] in _SPEAKERS:
            return None
        near = {*before, *(word[2] for word in words[opinion.last + 1 : opinion.last + 3])}
        return None if hopeful or near & lists().not_praise else "praise"
    return None if denied else opinion.name
