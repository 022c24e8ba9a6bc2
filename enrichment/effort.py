"""What a contact cost the customer, in words: signs they name, and facts they had to give again.

Tags of the family `effort`: a sign (`long_wait`, `told_again` ...) on the customer's words, or
`asked_again.<fact>` on a question of the company and, before it in the contact,
`first_given.<fact>` on the words that had given the fact. Careful on purpose: a question counts
only when the customer gave the fact before and either gives it once more or is asked "again".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from enrichment.compliance import Finding, Spoken
from enrichment.effort_words import EffortWords, words
from enrichment.phrases import Phrases, Sentence, sentences
from enrichment.tags import Tag

DETECTOR: Final = "effort"
VERSION: Final = "effort-1"
_Span = tuple[int, int]
_PLACEHOLDERS: Final = {
    "phone": "[PHONE]",
    "email": "[EMAIL]",
    "address": "[ADDRESS]",
}
_NAME: Final = re.compile(
    r"(?i:\b(?:nama(?: saya)?|atas nama|a\.?n\.?|saya|aku|name is|name's|this is|i am|i'm|under))"
    r"[\s:]{1,3}\[PERSON\]|\A\W*\[PERSON\]\W*\Z"
)
"""The customer's own name: other people, shops and products are placeholders too."""
_NUMBER: Final = re.compile(r"\b(?=[A-Za-z-]*\d)[A-Za-z]{0,6}-?[0-9][A-Za-z0-9-]{4,}\b")
"""An order, ticket or tracking number: at least six signs with a digit, seldom anything else."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A question of the company about one fact."""

    place: int
    fact: str
    span: _Span
    again: bool


def version() -> str:
    """Changes with the rules or the word lists."""
    return f"{VERSION}-{words().version}"


def observe(turns: Sequence[Spoken]) -> Iterator[Finding]:
    """The signs of effort in one interaction; turns come in order."""
    book = words()
    questions: list[_Question] = []
    for place, turn in enumerate(turns):
        if turn.role == "customer":
            yield from _signs(turn, book)
        elif turn.role in ("agent", "bot"):
            questions.extend(_questions(place, turn, book))
    seen: set[str] = set()
    for question in questions:
        yield from _repeated(question, turns, seen)


def _signs(turn: Spoken, book: EffortWords) -> Iterator[Finding]:
    told: set[str] = set()
    for sentence in sentences(turn.text):
        present = book.anchors.present(sentence)
        for name, phrases in book.said.items():
            if name in told or phrases not in present:
                continue
            if span := next(phrases.find(sentence), None):
                told.add(name)
                yield _finding(turn, name, sentence.span(*span))


def _questions(place: int, turn: Spoken, book: EffortWords) -> Iterator[_Question]:
    for sentence in sentences(turn.text):
        present = book.anchors.present(sentence)
        if not _says(book.request, sentence, present):
            continue
        again = _says(book.again, sentence, present) and not _says(
            book.not_again, sentence, present
        )
        for fact, phrases in book.asks.items():
            if phrases in present and (span := next(phrases.find(sentence), None)):
                yield _Question(place, fact, _whole(sentence, span), again)


def _says(phrases: Phrases, sentence: Sentence, present: frozenset[Phrases]) -> bool:
    return phrases in present and phrases.said_in(sentence)


def _whole(sentence: Sentence, span: _Span) -> _Span:
    # The question is the evidence, not only the noun in it.
    return sentence.span(1, max(span[1], len(sentence.text) - 1))


def _repeated(question: _Question, turns: Sequence[Spoken], seen: set[str]) -> Iterator[Finding]:
    first = _given_before(question, turns)
    if first is None:
        return
    given = turns[first[0]].text
    if not question.again and not _given_after(question, turns, given):
        return
    name = question.fact
    if name not in seen:
        seen.add(name)
        yield _finding(turns[first[0]], f"first_given.{name}", first[1])
    yield _finding(turns[question.place], f"asked_again.{name}", question.span)


def _given_before(question: _Question, turns: Sequence[Spoken]) -> tuple[int, _Span] | None:
    """The place and span where the customer gave the fact before the question."""
    for place, turn in enumerate(turns[: question.place]):
        if turn.role == "customer" and (span := _gives(question.fact, turn.text)):
            return place, span
    if question.fact != "problem" or not question.again:
        return None
    for place, turn in enumerate(turns[: question.place]):
        # The problem has no placeholder: the customer's first real sentence stands for it.
        if turn.role == "customer" and len(turn.text.split()) >= 4:
            return place, (0, len(turn.text))
    return None


def _given_after(question: _Question, turns: Sequence[Spoken], given: str) -> bool:
    """Whether the customer's next turn gives the fact once more."""
    for turn in turns[question.place + 1 :]:
        if turn.role != "customer":
            continue
        if question.fact == "order":
            # Numbers that are not personal stay readable, so equal ones can be told.
            return bool(set(_NUMBER.findall(given)) & set(_NUMBER.findall(turn.text)))
        return _gives(question.fact, turn.text) is not None
    return False


def _gives(fact: str, text: str) -> _Span | None:
    if fact in ("order", "name"):
        match = (_NUMBER if fact == "order" else _NAME).search(text)
        return match.span() if match else None
    placeholder = _PLACEHOLDERS.get(fact)
    start = text.find(placeholder) if placeholder else -1
    return (start, start + len(placeholder)) if placeholder and start >= 0 else None


def _finding(turn: Spoken, name: str, span: _Span) -> Finding:
    tag = Tag("effort", name, 1.0, *span, DETECTOR, version())
    return Finding(turn.turn_no, tag)
