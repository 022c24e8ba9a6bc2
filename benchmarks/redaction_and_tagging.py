"""Messages per second on one core, beside a bare tokeniser on the same texts.

CPU time is counted, and each text is seen once: repeating would measure caches.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from benchmarks.home import Home
from benchmarks.measure import Figure


def measure(home: Home) -> Iterator[Figure]:
    """Rates of redaction and tagging, and how much slower than the tokeniser they are."""
    _ = home.sampled
    turns = [json.loads(line) for line in home.turns.read_text("utf-8").splitlines()]
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield from _rates(turns)
    finally:
        os.sched_setaffinity(0, cores)


def _rates(turns: list[dict[str, Any]]) -> Iterator[Figure]:
    import spacy

    from enrichment import redaction
    from enrichment.annotate import annotate

    texts = [turn["text"] for turn in turns]
    tokenizer = spacy.blank("id").tokenizer
    tokenizer("halo")
    plain = _seconds(lambda: [tokenizer(text) for text in texts])
    loading = _seconds(lambda: annotate(_batch(turns[:1], [redaction.redact("halo").text])))
    hidden: list[str] = []
    redacting = _seconds(lambda: hidden.extend(redaction.redact(text).text for text in texts))
    batch = _batch(turns, hidden)
    tagging = _seconds(lambda: annotate(batch))
    count = len(texts)
    yield Figure("messages", count, "")
    yield Figure("loading models and word lists", loading, "s")
    yield Figure("spaCy blank tokeniser", count / plain, "messages/s")
    yield Figure("redaction", count / redacting, "messages/s")
    yield Figure("tagging (annotate)", count / tagging, "messages/s")
    yield Figure("redaction and tagging", count / (redacting + tagging), "messages/s")
    yield Figure("time of redaction : tokeniser", redacting / plain, "ratio")
    yield Figure("time of tagging : tokeniser", tagging / plain, "ratio")
    yield Figure("time of both : tokeniser", (redacting + tagging) / plain, "ratio")


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _batch(turns: list[dict[str, Any]], texts: list[str]) -> pa.Table:
    from warehouse.contracts import ANNOTATION_INPUT

    rows = [
        {
            "interaction_id": turn["interaction"],
            "turn_no": turn["turn"],
            "role": turn["role"],
            "text": text,
            "channel": "chat",
            "direction": "inbound",
        }
        for turn, text in zip(turns, texts, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=ANNOTATION_INPUT)
