"""How well product feedback is found: precision and recall of mentions, per language.

    python -m enrichment.training.feedback_figures [--half mended|held] [--misses]

Asked are the labelled messages of `labels/feedback.txt`. A mention is right when product and
aspect are, and its words overlap those that were marked. `quoted` is the share of right mentions
whose quote holds all marked words. Errors of the half `mended` were looked at and put right where
a rule could be found; those of the half `held` were only counted. One person wrote both halves and the
words that find them, and knew all messages, so the figures of `held` flatter too.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from enrichment import feedback
from enrichment.tags import Tag
from enrichment.training.feedback_messages import HALVES, Mention, Message, messages


@dataclass
class Count:
    """Mentions: rightly found, wrongly found and missed; and messages that rightly have none."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    silent: int = 0
    quoted: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Share of found mentions that are right; None without any."""
        found = self.right + self.wrong
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Share of marked mentions that are found; None without any."""
        real = self.right + self.missed
        return self.right / real if real else None

    def add(self, message: Message, tags: Iterable[Tag]) -> None:
        """Count one message; each marked mention is matched with one tag at most."""
        left = list(tags)
        if not left and not message.mentions:
            self.silent += 1
        for mention in message.mentions:
            tag = next((tag for tag in left if _same(mention, tag)), None)
            if tag is None:
                self.missed += 1
                self.misses.append(f"missed {mention.tag}: {message.text}")
                continue
            left.remove(tag)
            self.right += 1
            self.quoted += tag.start <= mention.start and mention.end <= tag.end
        self.wrong += len(left)
        self.misses += [f"wrong {tag.tag}: {message.text}" for tag in left]


def _same(mention: Mention, tag: Tag) -> bool:
    return mention.tag == tag.tag and tag.start < mention.end and mention.start < tag.end


def figures(half: str | None = None) -> dict[tuple[str, str], Count]:
    """Counts by half and language, of one half or of both."""
    asked = [message for message in messages() if half in (None, message.half)]
    counts: dict[tuple[str, str], Count] = {}
    found = feedback.predict([message.text for message in asked])
    for message, tags in zip(asked, found, strict=True):
        counts.setdefault((message.half, message.language), Count()).add(message, tags)
    return counts


def main() -> None:
    """Print one line for each half and language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, help="only this half")
    parser.add_argument("--misses", action="store_true", help="print what went wrong")
    asked = parser.parse_args()
    sys.stdout.write(
        f"{'half':8}{'lang':>5}{'right':>7}{'wrong':>7}{'missed':>8}{'silent':>8}"
        f"{'precision':>11}{'recall':>8}{'quoted':>8}\n"
    )
    for (half, language), count in sorted(figures(asked.half).items(), reverse=True):
        quoted = count.quoted / count.right if count.right else None
        sys.stdout.write(
            f"{half:8}{language:>5}{count.right:>7}{count.wrong:>7}{count.missed:>8}"
            f"{count.silent:>8}{_share(count.precision):>11}{_share(count.recall):>8}"
            f"{_share(quoted):>8}\n"
        )
        for words in count.misses if asked.misses else ():
            sys.stdout.write(f"    {words}\n")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
