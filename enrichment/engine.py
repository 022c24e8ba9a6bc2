"""Everything that tags, put together once: the heads, the rulebooks, and their versions.

Loading and versions belong here; `annotate` and `messages` only ask. Nothing is read on import:
the first use loads models whose checksums are verified (`model_files`).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from enrichment import compliance, conduct, language, normalise, redaction, rulebook
from enrichment.rules import Rulebook, Scorecard
from enrichment.tags import Tag

CODE_VERSION = "1"

Heads = Callable[[Sequence[str]], list[list[Tag]]]


@dataclass(frozen=True)
class Engine:
    """Ready to tag. The heads of a role return the tags of each text."""

    customer_heads: tuple[Heads, ...]
    agent_heads: tuple[Heads, ...]
    rulebooks: tuple[Rulebook, ...]
    form: Scorecard
    versions: dict[str, str]

    @property
    def release(self) -> str:
        """Twelve hex digits that change when any rule, model, word list or code changes."""
        text = "\n".join(f"{name}={self.versions[name]}" for name in sorted(self.versions))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def engine(rulebooks: Sequence[Path] = ()) -> Engine:
    """The engine with the given rulebook files, or with the bundled ones.

    Raises ModelRefused for a changed model file and RulebookError for an unusable rulebook.
    """
    books = rulebook.load_all(tuple(rulebooks)) if rulebooks else rulebook.bundled()
    return _built(books, redaction.version())


@cache
def _built(books: tuple[Rulebook, ...], redacting: str) -> Engine:
    # Heads import sparse matrices; a caller that only redacts never pays for it.
    from enrichment import churn, cues, drivers, feedback, flags, sentiment

    form = rulebook.quality_form(books)
    leaving = cues.compiled(rulebook.of_family(books, "churn"))

    def one(predict: Callable[[Sequence[str]], Sequence[Tag | None]]) -> Heads:
        return lambda texts: [[tag] if tag else [] for tag in predict(texts)]

    versions = {
        "annotate": CODE_VERSION,
        "normalise": normalise.version(),
        "redaction": redacting,
        "language": language.version(),
        "sentiment": sentiment.version(),
        "drivers": drivers.version(),
        "churn": churn.version(leaving),
        "flags": flags.version(),
        "feedback": feedback.version(),
        "compliance": compliance.VERSION,
        **conduct.versions(form),
    }
    versions |= {f"rulebook.{book.name}": book.version for book in books if not book.form}
    heads = (
        one(sentiment.predict),
        drivers.predict,
        one(partial(churn.predict, book=leaving)),
        flags.predict,
        feedback.predict,
    )
    return Engine(heads, heads[:1], books, form, versions)


def release(rulebooks: Sequence[Path] = ()) -> str:
    """The release of `engine(rulebooks)`."""
    return engine(rulebooks).release


def versions(rulebooks: Sequence[Path] = ()) -> dict[str, str]:
    """What `engine(rulebooks)` is made of: part -> version."""
    return dict(engine(rulebooks).versions)
