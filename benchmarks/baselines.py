"""Other people's tools on the same texts, each only where it is installed.

`pip install '.[benchmarks]'` brings them. spaCy's English model is not on the package index under
its own name; SPACY_MODEL names an installed model package. Without one, Presidio and spaCy run on
a blank pipeline, which is faster than the real one: such rows say so in their name.
"""

import importlib.util
import os
import sys
from collections.abc import Callable
from typing import Any

Work = Callable[[str], object]

_MODEL = os.environ.get("SPACY_MODEL", "en_core_web_sm")


def installed(module: str, what: str) -> bool:
    """Whether a baseline can run; says so when it cannot."""
    if importlib.util.find_spec(module) is not None:
        return True
    sys.stderr.write(
        f"{what} is not installed, so it is not compared; see benchmarks/baselines.py\n"
    )
    return False


def presidio_and_spacy() -> tuple[str, Work, Work] | None:
    """What they run on, Presidio's analyser with its default recognisers, and a spaCy pipeline."""
    if not installed("presidio_analyzer", "presidio-analyzer"):
        return None
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    real = importlib.util.find_spec(_MODEL) is not None
    pipeline: Any = spacy.load(_MODEL) if real else spacy.blank("en")
    engine = SpacyNlpEngine([{"lang_code": "en", "model_name": _MODEL}])
    engine.nlp = {"en": pipeline}
    analyser = AnalyzerEngine(nlp_engine=engine)
    name = _MODEL if real else "blank pipeline, faster than the real one"
    return name, lambda text: analyser.analyze(text=text, language="en"), pipeline


def languages() -> dict[str, Callable[[str], str]]:
    """Language identifiers that answer id, en or another code."""
    found: dict[str, Callable[[str], str]] = {}
    if installed("lingua", "lingua-language-detector"):
        found["lingua"] = _lingua()
    if installed("py3langid", "py3langid"):
        import py3langid

        found["py3langid"] = lambda text: str(py3langid.classify(text)[0])
    return found


def _lingua() -> Callable[[str], str]:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().build()

    def answer(text: str) -> str:
        language = detector.detect_language_of(text)
        return "" if language is None else str(language.iso_code_639_1.name).lower()

    return answer


def vader() -> Callable[[str], str] | None:
    """Sentiment of English text, cut at the thresholds that its authors name."""
    if not installed("vaderSentiment", "vaderSentiment"):
        return None
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()

    def answer(text: str) -> str:
        score = analyser.polarity_scores(text)["compound"]
        return "pos" if score >= 0.05 else "neg" if score <= -0.05 else "neu"

    return answer
