"""The JSON-lines interface of `lakehouse annotate`: raw texts in, tags out, one line each.

Each line is one message on its own. The text is redacted first; `evidence` offsets refer to
`redacted_text`, while the offsets in `pii` refer to the raw text as it was given. A line that
cannot be read gives `{"id": ..., "error": ...}` and never stops the others; errors do not repeat
the text.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from enrichment import compliance, language, redaction
from enrichment.annotate import evidence_span
from enrichment.compliance import Spoken
from enrichment.engine import Engine, engine
from enrichment.redaction import Redacted
from enrichment.tags import Tag
from warehouse.vocabulary import FLAGS, ROLES

_BATCH: Final = 256
_LONGEST: Final = 100_000
# A message says nothing about its channel; rules bound to one channel need the whole contact.
_CHANNEL: Final = "chat"
_DIRECTION: Final = "inbound"

Line = dict[str, Any]


def annotate_messages(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield one answer for each line, in order; holds a few hundred lines at a time."""
    ready = engine()
    source = iter(lines)
    while batch := list(islice(source, _BATCH)):
        yield from _batch(batch, ready)


def _batch(batch: list[Line], ready: Engine) -> Iterator[Line]:
    errors = [_problem(line) for line in batch]
    good = [line for line, error in zip(batch, errors, strict=True) if error is None]
    redacted = [redaction.redact(line["text"]) for line in good]
    answers = iter(_answers(good, redacted, ready))
    for line, error in zip(batch, errors, strict=True):
        identity = line.get("id") if isinstance(line, Mapping) else None
        yield {"id": identity, "error": error} if error else next(answers)


def _problem(line: Any) -> str | None:
    """Why a line cannot be read, in words without its content."""
    if not isinstance(line, Mapping):
        return "a line must be a JSON object"
    if "error" in line and "text" not in line:
        return str(line["error"])
    if not isinstance(line.get("text"), str):
        return "text is missing or not a string"
    if len(line["text"]) > _LONGEST:
        return f"text is longer than {_LONGEST} characters"
    if line.get("role", "customer") not in ROLES:
        return f"role must be one of {', '.join(ROLES)}"
    return None


def _answers(good: list[Line], redacted: list[Redacted], ready: Engine) -> list[Line]:
    texts = [item.text for item in redacted]
    tags: list[list[Tag]] = [[tag] for tag in language.predict(texts)]
    asked = [
        place
        for place, line in enumerate(good)
        if line.get("role", "customer") == "customer" and texts[place].strip()
    ]
    for head in ready.customer_heads if asked else ():
        for place, found in zip(asked, head([texts[place] for place in asked]), strict=True):
            tags[place].extend(found)
    for place, line in enumerate(good):
        turn = Spoken(0, line.get("role", "customer"), texts[place])
        findings = compliance.check([turn], _CHANNEL, _DIRECTION, ready.rulebooks)
        tags[place].extend(finding.tag for finding in findings)
    return [
        _answer(line, item, found, ready)
        for line, item, found in zip(good, redacted, tags, strict=True)
    ]


def _answer(line: Line, item: Redacted, tags: list[Tag], ready: Engine) -> Line:
    by_family: dict[str, list[Tag]] = {}
    for tag in tags:
        by_family.setdefault(tag.family, []).append(tag)
    drivers = [_scored(tag) for tag in by_family.get("driver", [])]
    raised = {tag.tag for tag in by_family.get("flag", [])}
    return {
        "id": line.get("id"),
        "language": by_family["language"][0].tag,
        "sentiment": _scored(by_family["sentiment"][0]) if "sentiment" in by_family else None,
        "driver": drivers[0] if drivers else None,
        "drivers": drivers,
        "churn": _churn(by_family.get("churn", [])),
        "flags": {flag: flag in raised for flag in FLAGS},
        "compliance": [
            {
                "rule": tag.tag,
                "rulebook_version": tag.rulebook_version,
                "start": tag.start,
                "end": tag.end,
            }
            for tag in by_family.get("compliance", [])
        ],
        "pii": [{"start": s.raw_start, "end": s.raw_end, "type": s.type} for s in item.spans],
        "redacted_text": item.text,
        "evidence": [_evidence(tag, item.text) for tag in tags if item.text],
        "versions": {"release": ready.release, **ready.versions},
    }


def _scored(tag: Tag) -> Line:
    return {"label": tag.tag, "score": round(float(tag.score), 4)}


def _churn(tags: list[Tag]) -> Line:
    if not tags:
        return {"level": "none", "score": 0.0}
    return {"level": tags[0].tag, "score": round(float(tags[0].score), 4)}


def _evidence(tag: Tag, text: str) -> Line:
    start, end = evidence_span(tag, text)
    return {
        "family": tag.family,
        "tag": tag.tag,
        "start": start,
        "end": end,
        "text": text[start:end],
    }
