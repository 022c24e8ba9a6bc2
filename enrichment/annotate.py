"""The one entry for tables: turns in, annotations out; pure, no tables, no clock, no state.

Turns of an interaction belong together; interactions are independent, so any cut of the work into
batches of whole interactions gives the same rows. Every row names the words that show it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from enrichment import compliance, conduct, language, redaction
from enrichment.compliance import Spoken
from enrichment.engine import Engine, engine
from enrichment.tags import Tag
from warehouse.contracts import ANNOTATION_INPUT, ANNOTATION_OUTPUT
from warehouse.vocabulary import ANNOTATION_FAMILIES

EVIDENCE_LIMIT = 240
_AT_ONCE = 1000
_FAMILY_ORDER = {family: place for place, family in enumerate(ANNOTATION_FAMILIES)}


class _Turn(NamedTuple):
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
    parts = [_annotated(part, ready) for part in _parts(rows)]
    return pa.concat_batches(parts) if parts else _annotated([], ready)


def _annotated(rows: list[_Turn], ready: Engine) -> pa.RecordBatch:
    found = [_row(key, tag, text) for key, tag, text in sorted(_tagged(rows, ready), key=_order)]
    columns = list(zip(*found, strict=True)) or [()] * len(ANNOTATION_OUTPUT)
    arrays = [
        pa.array(values, field.type)
        for values, field in zip(columns, ANNOTATION_OUTPUT, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=ANNOTATION_OUTPUT)


def _parts(rows: list[_Turn]) -> Iterator[list[_Turn]]:
    """Whole interactions, about _AT_ONCE turns together: bounded memory, and warm caches."""
    part: list[_Turn] = []
    for interaction in _interactions(rows):
        part += interaction
        if len(part) >= _AT_ONCE:
            yield part
            part = []
    if part:
        yield part


_Keyed = tuple[tuple[str, int], Tag, str]


def _read(turns: pa.Table | pa.RecordBatch) -> list[_Turn]:
    ids, numbers, roles, texts, times, seconds, channels, directions = (
        turns[name].to_pylist() for name in ANNOTATION_INPUT.names
    )
    spoken = map(Spoken, numbers, roles, [text or "" for text in texts], times, seconds)
    rows = list(map(_Turn, ids, spoken, channels, directions))
    return sorted(rows, key=lambda row: (row.interaction_id, row.spoken.turn_no))


def _order(item: _Keyed) -> tuple[Any, ...]:
    (interaction_id, turn_no), tag, _ = item
    family = tag.family
    # Drivers keep the head's order: the primary one has the highest score.
    first = -tag.score if family == "driver" else 0.0
    return interaction_id, turn_no, _FAMILY_ORDER[family], first, tag.start, tag.tag


def _tagged(rows: list[_Turn], ready: Engine) -> Iterator[_Keyed]:
    yield from _languages(rows)
    yield from _customer(rows, ready)
    yield from _agent_moods(rows, ready)
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


def _agent_moods(rows: list[_Turn], ready: Engine) -> Iterator[_Keyed]:
    said = [row for row in rows if row.spoken.role == "agent" and row.spoken.text.strip()]
    texts = [row.spoken.text for row in said]
    for head in ready.agent_heads if texts else ():
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
        found = compliance.check(spoken, first.channel, first.direction, ready.rulebooks)
        found += conduct.observe(spoken, first.channel, first.direction, ready.form)
        for finding in found:
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
    start, end, length = tag.start, tag.end, len(text)
    if not 0 <= start < end <= length:
        start = min(max(0, start), max(0, length - 1))
        end = min(max(end, start + 1), length)
    end = min(end, start + EVIDENCE_LIMIT)
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
