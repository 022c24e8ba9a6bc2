"""Who speaks in captions without voice tags, and cues joined into what one person said.

cues -> labelled cues -> utterances. A prefix such as `Agent:` is a label when it names a role or
when it comes back; a cue without label goes on with the voice before it.
"""

import re
from collections import Counter

from ingestion.connectors.captions_cues import Cue
from ingestion.connectors.vcon_parties import role_word

LONGEST_PAUSE = 1.5
LONGEST_UTTERANCE = 2_000
_PREFIX = re.compile(
    r"\s*(?:[-\u2013\u2014>]{1,2}\s*)?[\[(*]{0,2}([^\W_][\w .'-]{0,39}?)[\])*]{0,2}\s*:\s*(?=\S)"
)


def label_cues(cues: list[Cue]) -> None:
    """Move spoken-by prefixes into labels and cut cues in which several people speak."""
    if any(cue.label for cue in cues):
        return
    seen = Counter(word for cue in cues for line in cue.text.split("\n") if (word := _prefix(line)))
    labels = {
        word
        for word, times in seen.items()
        if role_word(word) is not None or (times > 1 and _is_name(word))
    }
    if not labels:
        return
    cut: list[Cue] = []
    for cue in cues:
        cut += _cut(cue, labels, cut[-1].label if cut else None)
    cues[:] = cut


def _prefix(line: str) -> str | None:
    found = _PREFIX.match(line)
    return found.group(1).strip() if found else None


def _is_name(word: str) -> bool:
    parts = word.split()
    return 0 < len(parts) <= 3 and all(part[0].isupper() or part[0].isdigit() for part in parts)


def _cut(cue: Cue, labels: set[str], before: str | None) -> list[Cue]:
    found: list[Cue] = []
    for line in cue.text.split("\n"):
        word = _prefix(line)
        if word in labels:
            words = line[_PREFIX.match(line).end() :].strip()  # type: ignore[union-attr]
            found.append(Cue(cue.number, cue.start, cue.end, words, word))
        elif found:
            found[-1].text += f"\n{line.strip()}"
        else:
            found.append(Cue(cue.number, cue.start, cue.end, line.strip(), before))
    return found


def utterances(cues: list[Cue]) -> list[Cue]:
    """Cues of one voice that follow each other closely, joined; unlabelled cues stay alone."""
    joined: list[Cue] = []
    for cue in cues:
        last = joined[-1] if joined else None
        if last is not None and _goes_on(last, cue):
            last.text = f"{last.text} {cue.text}"
            last.end = cue.end
        else:
            joined.append(Cue(cue.number, cue.start, cue.end, cue.text, cue.label))
    for number, cue in enumerate(joined, start=1):
        cue.number = number
        cue.text = " ".join(cue.text.split())
    return joined


def _goes_on(last: Cue, cue: Cue) -> bool:
    if cue.label is None or cue.label != last.label or last.end is None:
        return False
    close = cue.start - last.end <= LONGEST_PAUSE
    return close and len(last.text) + len(cue.text) < LONGEST_UTTERANCE
