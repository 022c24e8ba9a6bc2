"""Messages per second with all tags on, on one core and on two, beside Presidio and spaCy.

CPU time on one core, each text seen once: repeating would measure caches. The stages are timed on
other texts than the whole, so that neither finds its words remembered by the other.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from benchmarks import baselines
from benchmarks.home import Home
from benchmarks.measure import Figure
from benchmarks.texts import texts

_BATCH = 1000
_COMPARED = 400
"""Texts that the slow tools see; all tools see these same ones in the comparison."""


def measure(home: Home) -> Iterator[Figure]:
    """Rates, where the time goes, and the ratio to the baselines."""
    found = texts(home)
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield from _one_core(found)
    finally:
        os.sched_setaffinity(0, cores)
    yield from _two_cores(found)


def _one_core(found: list[str]) -> Iterator[Figure]:
    from enrichment import redaction
    from enrichment.annotate import annotate

    loading = _seconds(lambda: annotate(_table([redaction.redact("halo").text])))
    yield Figure("messages", len(found), "")
    yield Figure("loading models, rules and word lists", loading, "s", 2)
    compared, rest = found[:_COMPARED], found[_COMPARED:]
    half = len(rest) // 2
    tagging = 0.0
    hidden: list[str] = []
    redacting = _seconds(lambda: hidden.extend(redaction.redact(t).text for t in rest[:half]))
    for batch in _batches(hidden):
        table = _table(batch)
        tagging += _seconds(lambda table=table: annotate(table))
    yield Figure("redaction", half / redacting, "messages/s")
    yield Figure("tagging (annotate)", half / tagging, "messages/s")
    yield Figure("redaction and tagging", half / (redacting + tagging), "messages/s")
    stages = _stages([redaction.redact(t).text for t in rest[half:]])
    count = len(rest) - half
    for name, seconds in stages.items():
        yield Figure(f"stage {name}", seconds / count * 1e6, "µs/message")
    others = tagging / half - sum(stages.values()) / count
    yield Figure("stage rows, order and Arrow (the rest)", others * 1e6, "µs/message")
    yield from _compared(compared)


def _stages(hidden: list[str]) -> dict[str, float]:
    """CPU seconds of each part of tagging over these texts."""
    from enrichment import compliance, conduct, language, normalise, reading
    from enrichment.engine import engine

    ready = engine()
    names = ("sentiment", "drivers", "churn", "flags", "feedback")
    named = list(zip(names, ready.customer_heads, strict=True))
    found: dict[str, float] = {}

    def add(name: str, work: Callable[[], object]) -> None:
        found[name] = found.get(name, 0.0) + _seconds(work)

    for batch in _batches(hidden):
        turns = [compliance.Spoken(0, "customer", text) for text in batch]
        add("language", lambda batch=batch: language.predict(batch))
        add("normalise", lambda batch=batch: [normalise.recent_tokens(t) for t in batch])
        add("features", lambda batch=batch: reading.read(batch))
        for name, head in named:
            add(f"{name} with evidence", lambda head=head, batch=batch: head(batch))
        add(
            "compliance",
            lambda turns=turns: [
                compliance.check([turn], "chat", "inbound", ready.rulebooks) for turn in turns
            ],
        )
        add(
            "effort and quality",
            lambda turns=turns: [
                conduct.observe([turn], "chat", "inbound", ready.form) for turn in turns
            ],
        )
    return found


def _compared(found: list[str]) -> Iterator[Figure]:
    """The same texts, one tool after the other; ours in one batch, from raw text to all tags."""
    from enrichment import redaction
    from enrichment.annotate import annotate

    tools = baselines.presidio_and_spacy()
    if tools is None:
        return
    name, presidio, pipeline = tools
    presidio(found[0])
    pipeline(found[0])
    ours = _seconds(lambda: annotate(_table([redaction.redact(text).text for text in found])))
    analysed = _seconds(lambda: [presidio(text) for text in found])
    piped = _seconds(lambda: [pipeline(text) for text in found])
    count = len(found)
    yield Figure(f"same {count} texts: Presidio ({name})", count / analysed, "messages/s")
    yield Figure(f"same {count} texts: spaCy ({name})", count / piped, "messages/s")
    yield Figure(
        f"same {count} texts: Presidio, then spaCy", count / (analysed + piped), "messages/s"
    )
    yield Figure(f"same {count} texts: ours, all tags", count / ours, "messages/s")
    yield Figure("ours : Presidio, then spaCy", (analysed + piped) / ours, "ratio")


def _two_cores(found: list[str]) -> Iterator[Figure]:
    """Wall clock of the pool that the annotate step uses, beside the same work in one process."""
    from enrichment.annotate import annotate
    from orchestration.steps.workers import WORKERS, map_in_order, warm

    if WORKERS < 2:
        return
    tables = [_table(batch) for batch in _batches(found)]
    half = len(tables) // 2
    warm()
    list(map_in_order(annotate, tables[:4]))
    started = time.perf_counter()
    for table in tables[4:half]:
        annotate(table)
    alone = (time.perf_counter() - started) / (half - 4)
    started = time.perf_counter()
    for _ in map_in_order(annotate, tables[half:]):
        pass
    together = (time.perf_counter() - started) / (len(tables) - half)
    yield Figure(f"tagging, {WORKERS} processes", _BATCH / together, "messages/s")
    yield Figure(f"rate of {WORKERS} processes : one", alone / together, "ratio")


def _batches(found: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(found), _BATCH):
        yield found[start : start + _BATCH]


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _table(batch: list[str]) -> pa.Table:
    from warehouse.contracts import ANNOTATION_INPUT

    rows: list[dict[str, Any]] = [
        {
            "interaction_id": f"{place:07d}",
            "turn_no": 0,
            "role": "customer",
            "text": text,
            "channel": "chat",
            "direction": "inbound",
        }
        for place, text in enumerate(batch)
    ]
    return pa.Table.from_pylist(rows, schema=ANNOTATION_INPUT)
