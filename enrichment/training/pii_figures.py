"""How well personal data is found, per type and language.

    python -m enrichment.training.pii_figures --data DIR [--errors TYPE] [--presidio]

Sets: presidio_synth (English; each text is judged with a tagger that never saw its template),
`messages`: the project's own invented messages (tests), and service texts with masked users (stif,
banking77), of which the share of rows with a person is told, each judged by a tagger that never saw
it. A gold span is found when spans of its type cover its letters and digits; `touched` counts a span of its type
that overlaps. Precision is the share of found spans that overlap a gold span of their type. --presidio adds
Presidio's pattern recognisers with a blank engine on the same rows (its name model cannot be had
here), when presidio-analyzer is installed.
"""

import argparse
import importlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from enrichment import pii_tagger
from enrichment.redaction import redact
from enrichment.training import pii_tagger as tagger
from enrichment.training import pii_texts
from enrichment.training.pii_texts import Marked, Span

Detector = Callable[[str], list[Span]]
_MESSAGES: Final = Path(__file__).parents[2] / "tests" / "enrichment" / "pii_messages.txt"


def ours(text: str) -> list[Span]:
    """Spans of our detectors in the given text."""
    return [(span.raw_start, span.raw_end, span.type) for span in redact(text).spans]


def tally(rows: Iterable[tuple[Marked, list[Span]]]) -> dict[str, dict[str, float]]:
    """Precision and recall of each type over rows with what was found in them."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for marked, found in rows:
        for start, end, kind in marked.spans:
            same = [(a, b) for a, b, other in found if other == kind and a < end and b > start]
            counts[kind]["gold"] += 1
            counts[kind]["touched"] += bool(same)
            counts[kind]["covered"] += covered(marked.text, start, end, same)
        for start, end, kind in found:
            hit = any(a < end and b > start for a, b, other in marked.spans if other == kind)
            counts[kind]["found"] += 1
            counts[kind]["right"] += hit
    return {kind: _rates(count) for kind, count in sorted(counts.items())}


def covered(text: str, start: int, end: int, found: Sequence[tuple[int, int]]) -> bool:
    """True when every letter and digit from start to end lies in a found span."""
    return all(
        not text[place].isalnum() or any(a <= place < b for a, b in found)
        for place in range(start, end)
    )


def _rates(count: Counter[str]) -> dict[str, float]:
    gold, found = max(1, count["gold"]), max(1, count["found"])
    return {
        "gold": count["gold"],
        "found": count["found"],
        "recall": round(count["covered"] / gold, 3),
        "touched": round(count["touched"] / gold, 3),
        "precision": round(count["right"] / found, 3),
    }


def unseen(
    data: Path, asked: Sequence[Marked], detector: Detector = ours
) -> Iterator[tuple[Marked, list[Span]]]:
    """Ask each row with a tagger fitted on the other folds."""
    learned = tagger.texts(data)
    tokens = tagger.read(learned)
    for fold in range(tagger.FOLDS):
        with pii_tagger.applied(tagger.without(tokens, learned, fold)):
            for marked in asked:
                if tagger.fold_of(marked) == fold:
                    yield marked, detector(marked.text)


def presidio() -> Detector:
    """Presidio's recognisers without a name model; raises ImportError when it is not installed."""
    import spacy

    # By name: the package is no dependency, so the type checker cannot know it.
    engine = importlib.import_module("presidio_analyzer.nlp_engine").SpacyNlpEngine()
    engine.nlp = {"en": spacy.blank("en")}
    analyzer = importlib.import_module("presidio_analyzer").AnalyzerEngine(
        nlp_engine=engine, supported_languages=["en"]
    )

    def found(text: str) -> list[Span]:
        return [
            (one.start, one.end, pii_texts.TYPES[one.entity_type])
            for one in analyzer.analyze(text=text, language="en")
            if one.entity_type in pii_texts.TYPES
        ]

    return found


def report(name: str, rows: Sequence[tuple[Marked, list[Span]]], errors: str) -> None:
    """One JSON line a type; `errors` prints what was missed and wrongly found of one type."""
    for kind, figures in tally(rows).items():
        _say({"set": name, "type": kind, **figures})
    for marked, found in rows if errors else ():
        gold = {(a, b) for a, b, kind in marked.spans if kind == errors}
        mine = {(a, b) for a, b, kind in found if kind == errors}
        missed = [marked.text[a:b] for a, b in gold if not covered(marked.text, a, b, list(mine))]
        wrong = [marked.text[a:b] for a, b in mine if not any(c < b and d > a for c, d in gold)]
        if missed or wrong:
            _say({"missed": missed, "wrong": wrong, "text": marked.text[:200]})


def _say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    """Print the figures of every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the published sets")
    parser.add_argument("--errors", default="", help="a type whose errors are printed")
    parser.add_argument("--presidio", action="store_true")
    parser.add_argument("--sets", default="presidio_synth,messages,service")
    arguments = parser.parse_args()
    data, sets = arguments.data, arguments.sets.split(",")
    english = list(pii_texts.presidio(data))
    if "presidio_synth" in sets:
        report("presidio_synth", list(unseen(data, english)), arguments.errors)
    if "messages" in sets:
        for part in ("first", "second"):
            for language in ("id", "en", "mix"):
                rows = list(pii_texts.messages(_MESSAGES, part, language))
                asked = [(row, ours(row.text)) for row in rows]
                report(f"messages_{part}_{language}", asked, arguments.errors)
    if "service" in sets:
        service = list(pii_texts.service(data))
        for name in ("stif", "banking77"):
            rows = [row for row in service if row.source == name]
            told = [(row, found) for row, found in unseen(data, rows)]
            named = [row for row in told if any(kind == "PERSON" for *_, kind in row[1])]
            placed = [row for row in told if any(kind == "ADDRESS" for *_, kind in row[1])]
            _say(
                {
                    "set": name,
                    "rows": len(rows),
                    "with_person": len(named),
                    "with_address": len(placed),
                }
            )
            for marked, found in named + placed if arguments.errors else []:
                _say({"found": [marked.text[a:b] for a, b, k in found], "text": marked.text[:160]})
    if arguments.presidio:
        detector = presidio()
        report(
            "presidio_synth by presidio, blank engine",
            [(row, detector(row.text)) for row in english],
            "",
        )


if __name__ == "__main__":
    main()
