"""Yes/no facts about a text: follow_up, asks_human, purchase_intent, complaint.

Each flag has its own model and, where people ask outright, phrases (`lexicons/cues/flags.yml`). A
long text carries a flag when one of its windows does.
"""

from collections.abc import Sequence

from enrichment import cues, features, linear, reading
from enrichment.linear import Floats
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
        head = linear.released(model_name(flag))
        scores = head.probabilities(read.encoded)[:, 1]
        for i in range(len(texts)):
            tag = _judge(flag, head, read, scores, said, i)
            if tag is not None:
                found[i].append(tag)
    return found


def _said(words: tuple[tuple[int, int, str], ...]) -> dict[str, tuple[int, int]]:
    """The first outright phrase of each flag, as a character span."""
    spans: dict[str, tuple[int, int]] = {}
    for cue in cues.book("flags").find(words):
        spans.setdefault(cue.tag, (words[cue.first][0], words[cue.last][1]))
    return spans


def _judge(
    flag: str,
    head: linear.LinearHead,
    read: reading.Reading,
    scores: Floats,
    said: list[dict[str, tuple[int, int]]],
    text_no: int,
) -> Tag | None:
    windows = read.windows[text_no]
    spoken = [unit for unit in windows if flag in said[unit]]
    spoken = [unit for unit in spoken if scores[unit] >= head.settings["cue_needs"]]
    unit = max(spoken or windows, key=lambda u: float(scores[u]))
    score = float(scores[unit])
    if spoken:
        return _tag(flag, head, max(score, head.settings["cue_score"]), said[unit][flag])
    if score < head.settings["least_score"]:
        return None
    span = linear.evidence(head, read.encoded, [(unit, 1)])[0]
    return _tag(flag, head, score, span) if span[1] > span[0] else None


def _tag(flag: str, head: linear.LinearHead, score: float, span: tuple[int, int]) -> Tag:
    detector_version = f"{head.version}-{cues.book('flags').version}-{features.version()}"
    return Tag("flag", flag, score, *span, "flags", detector_version)
