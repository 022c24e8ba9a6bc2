"""The one entry for tables: turns in, annotations out; pure, no tables, no clock, no state.

Turns of an interaction belong together; interactions are independent, so any cut of the work into
batches of whole interactions gives the same rows. Every row names the words that show it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from enrichment import compliance, language, redaction
from enrichment.compliance import Spoken
from enrichment.engine import Engine, engine
from enrichment.tags import Tag
from warehouse.contracts import ANNOTATION_INPUT, ANNOTATION_OUTPUT

EVIDENCE_LIMIT = 240
_FAMILY_ORDER = {
    family: place
    for place, family in enumerate(
        ("language", "sentiment", "driver", "churn", "flag", "feedback", "compliance", "pii")
    )
}


@dataclass(frozen=True, slots=True)
class _Turn:
    interaction_id: str
    spoken: Spoken
    channel: str
    direction: str


def annotate(turns: pa.Table | pa.RecordBatch, rulebooks: Sequence[Path] = ()) -> pa.RecordBatch:
    """Tag whole interactions.

    `turns` has the schema ANNOTATION_INPUT and holds complete interactions of redacted text;
    `rulebooks` replaces the bundled rulebooks. Returns ANNOTATION_OUTPUT, ordered by interaction,
    turn, family, place and tag. Raises ValueError on another schema.
    """
    if not turns.schema.equals(ANNOTATION_INPUT):
        raise ValueError("turns do not have the schema ANNOTATION_INPUT")
    ready = engine(rulebooks)
    rows = _read(turns)
    found = [_row(key, tag, text) for key, tag, text in sorted(_tagged(rows, ready), key=_order)]
    columns = list(zip(*found, strict=True)) or [()] * len(ANNOTATION_OUTPUT)
    arrays = [
        pa.array(values, field.type)
        for values, field in zip(columns, ANNOTATION_OUTPUT, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=ANNOTATION_OUTPUT)


_Keyed = tuple[tuple[str, int], Tag, str]


def _read(turns: pa.Table | pa.RecordBatch) -> list[_Turn]:
    rows = [
        _Turn(
            row["interaction_id"],
            Spoken(
                row["turn_no"], row["role"], row["text"] or "", row["sent_at"], row["start_seconds"]
            ),
            row["channel"],
            row["direction"],
        )
        for row in turns.to_pylist()
    ]
    return sorted(rows, key=lambda row: (row.interaction_id, row.spoken.turn_no))


def _order(item: _Keyed) -> tuple[Any, ...]:
    key, tag, _ = item
    # Drivers keep the head's order: the primary one has the highest score.
    return (
        *key,
        _FAMILY_ORDER[tag.family],
        -tag.score if tag.family == "driver" else 0.0,
        tag.start,
        tag.tag,
    )


def _tagged(rows: list[_Turn], ready: Engine) -> Iterator[_Keyed]:
    yield from _languages(rows)
    yield from _customer(rows, ready)
    yield from _placeholders(rows)
    yield from _findings(rows, ready)


def _languages(rows: list[_Turn]) -> Iterator[_Keyed]:
    said = [row for row in rows if row.spoken.text.strip()]
    tags = language.predict([row.spoken.text for row in said])
    for row, tag in zip(said, tags, strict=True):
        yield _key(row), tag, row.spoken.text


def _customer(rows: list[_Turn], ready: Engine) -> Iterator[_Keyed]:
    said = [row for row in rows if row.spoken.role == "customer" and row.spoken.text.strip()]
    texts = [row.spoken.text for row in said]
    for head in ready.customer_heads if texts else ():
        for row, tags in zip(said, head(texts), strict=True):
            for tag in tags:
                yield _key(row), tag, row.spoken.text


def _placeholders(rows: list[_Turn]) -> Iterator[_Keyed]:
    version = redaction.version()
    for row in rows:
        for start, end, kind in redaction.placeholders(row.spoken.text):
            tag = Tag("pii", kind, 1.0, start, end, "redaction", version)
            yield _key(row), tag, row.spoken.text


def _findings(rows: list[_Turn], ready: Engine) -> Iterator[_Keyed]:
    for interaction in _interactions(rows):
        first = interaction[0]
        spoken = [row.spoken for row in interaction]
        texts = {turn.turn_no: turn.text for turn in spoken}
        for finding in compliance.check(spoken, first.channel, first.direction, ready.rulebooks):
            key = (first.interaction_id, finding.turn_no)
            yield key, finding.tag, texts[finding.turn_no]


def _interactions(rows: list[_Turn]) -> Iterator[list[_Turn]]:
    current: list[_Turn] = []
    for row in rows:
        if current and row.interaction_id != current[0].interaction_id:
            yield current
            current = []
        current.append(row)
    if current:
        yield current


def _key(row: _Turn) -> tuple[str, int]:
    return row.interaction_id, row.spoken.turn_no


def evidence_span(tag: Tag, text: str) -> tuple[int, int]:
    """The tag's span inside the text, never empty, at most EVIDENCE_LIMIT characters.

    A tag about the whole of a long text shows its beginning.
    """
    start = min(max(0, tag.start), max(0, len(text) - 1))
    end = min(max(tag.end, start + 1), len(text), start + EVIDENCE_LIMIT)
    return (start, end) if text[start:end].strip() else (0, min(len(text), EVIDENCE_LIMIT))


def _row(key: tuple[str, int], tag: Tag, text: str) -> tuple[Any, ...]:
    """One row, in the order of ANNOTATION_OUTPUT."""
    start, end = evidence_span(tag, text)
    return (
        *key,
        start,
        end,
        tag.family,
        tag.tag,
        float(tag.score),
        text[start:end],
        tag.detector,
        tag.detector_version,
        tag.rulebook_version,
    )
