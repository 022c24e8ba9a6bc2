"""Yes/no facts about a text: follow_up, asks_human, purchase_intent, complaint.

Each flag has its own model and, where people ask outright, phrases (`lexicons/cues/flags.yml`). A
long text carries a flag when one of its windows does.
"""

from collections.abc import Iterator, Mapping, Sequence

from enrichment import cues, features, linear, reading
from enrichment.tags import Tag
from warehouse.vocabulary import FLAGS


def version() -> str:
    """Changes with any of the models, the phrases, or the features."""
    heads = "-".join(linear.released(model_name(flag)).version for flag in FLAGS)
    return f"{heads}-{cues.book('flags').version}-{features.version()}"


def model_name(flag: str) -> str:
    """Name of the model file of a flag."""
    return f"flag_{flag}"


def predict(texts: Sequence[str]) -> list[list[Tag]]:
    """Return the flags of each text, in the order of the vocabulary; scores are calibrated."""
    if not texts:
        return []
    read = reading.read(texts)
    said = [_said(unit.words) for unit in read.encoded.units]
    found: list[list[Tag]] = [[] for _ in texts]
    for flag in FLAGS:
        for text_no, tag in _raised(flag, read, said):
            found[text_no].append(tag)
    return found


_Spoken = Mapping[str, tuple[int, int]]
"""Flag -> characters of the first phrase that says it outright."""


def _said(words: tuple[tuple[int, int, str], ...]) -> _Spoken:
    spans: dict[str, tuple[int, int]] = {}
    for cue in cues.book("flags").find(words):
        spans.setdefault(cue.tag, (words[cue.first][0], words[cue.last][1]))
    return spans


def _raised(flag: str, read: reading.Reading, said: list[_Spoken]) -> Iterator[tuple[int, Tag]]:
    """Numbers of the texts that carry the flag, with the tag."""
    head = linear.released(model_name(flag))
    scores = read.probabilities(model_name(flag))[:, 1].tolist()
    detector_version = f"{head.version}-{cues.book('flags').version}-{features.version()}"
    judged = _judged(flag, head, read, scores, said)
    silent = [(unit, 1) for _, unit, _, span in judged if span is None]
    spans = iter(linear.evidence(head, read.encoded, silent))
    for text_no, _, score, phrase in judged:
        start, end = phrase or next(spans)
        if end > start:
            yield text_no, Tag("flag", flag, score, start, end, "flags", detector_version)


def _judged(
    flag: str,
    head: linear.LinearHead,
    read: reading.Reading,
    scores: list[float],
    said: list[_Spoken],
) -> list[tuple[int, int, float, tuple[int, int] | None]]:
    """Text, unit and score of every flag, with the outright phrase where there is one."""
    least, needs = head.threshold("least_score"), head.threshold("cue_needs")
    found: list[tuple[int, int, float, tuple[int, int] | None]] = []
    for text_no, windows in enumerate(read.windows):
        spoken = [unit for unit in windows if flag in said[unit] and scores[unit] >= needs]
        unit = max(spoken or windows, key=scores.__getitem__)
        score = scores[unit]
        if spoken:
            score = max(score, head.settings["cue_score"])
            found.append((text_no, unit, score, said[unit][flag]))
        elif score >= least:
            found.append((text_no, unit, score, None))
    return found
