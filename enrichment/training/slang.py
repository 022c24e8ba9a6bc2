"""Learn spelling variants from aligned informal and formal sentences.

    python -m enrichment.training.slang --pairs DIR

DIR holds `train.inf` and `train.for`, one sentence a line, the same number of lines (STIF, MIT
licence). Only word pairs that are spellings of each other are kept: the informal word is an
abbreviation of the formal one, or close to it letter by letter. Words that merely mean the same
are written by hand in `slang.txt`.
"""

import argparse
import difflib
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).parents[1] / "lexicons" / "id" / "slang_learned.txt"
MIN_SHARE = 0.5
MAX_FORMAL_USE = 0.3
# English words, and Indonesian words with a meaning of their own, that the pairs would rewrite.
BLOCKED = frozenset(
    [
        "no",
        "name",
        "credits",
        "limit",
        "game",
        "fine",
        "hello",
        "problem",
        "ajar",
        "bosa",
        "busa",
        "brapa",
        "butuk",
        "horang",
        "indo",
        "iangan",
        "hancur",
        "hilangam",
        "kenggunakan",
        "layani",
        "lumayan",
        "niatan",
        "promoan",
        "tndak",
        "bgini",
        "blnja",
        "bngst",
    ]
)


def aligned(informal: list[list[str]], formal: list[list[str]]) -> dict[str, Counter[str]]:
    """Count which formal word stands where an informal word stood."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for left, right in zip(informal, formal, strict=True):
        matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            if kind == "replace" and i2 - i1 == j2 - j1:
                for word, proper in zip(left[i1:i2], right[j1:j2], strict=True):
                    counts[word][proper] += 1
    return counts


def is_spelling(word: str, proper: str) -> bool:
    """True when `word` abbreviates `proper` or is nearly it."""
    letters = iter(proper)
    if word[0] == proper[0] and all(letter in letters for letter in word):
        return True
    return difflib.SequenceMatcher(None, word, proper).ratio() >= 0.75


def learn(informal: list[list[str]], formal: list[list[str]]) -> list[tuple[str, str]]:
    """Return the kept pairs in alphabetical order."""
    used = Counter(word for line in informal for word in line)
    proper_used = Counter(word for line in formal for word in line)
    pairs = []
    for word, options in aligned(informal, formal).items():
        proper, seen = options.most_common(1)[0]
        alphabetic = word.isalpha() and proper.isalpha() and word.isascii()
        frequent = seen >= 2 or (len(word) >= 4 and proper_used[proper] >= 3)
        certain = seen >= MIN_SHARE * used[word]
        informal_only = proper_used[word] <= MAX_FORMAL_USE * used[word]
        certain = certain and word not in BLOCKED
        if alphabetic and frequent and certain and informal_only and is_spelling(word, proper):
            pairs.append((word, proper))
    return sorted(pairs)


def main() -> None:
    """Write the learned list beside the hand-written one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    folder = parser.parse_args().pairs
    informal, formal = (
        [line.split() for line in (folder / name).read_text("utf-8").splitlines()]
        for name in ("train.inf", "train.for")
    )
    lines = [f"{word}\t{proper}" for word, proper in learn(informal, formal)]
    OUT.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
