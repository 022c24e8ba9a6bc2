"""The figures in the model cards, written from `metrics.json` so that they never go stale.

    python -m enrichment.training.cards

A card keeps its own words; only what stands between the two marks of `BEGIN` and `END` is replaced.
Training does this at its end.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from enrichment import flags, model_files
from warehouse.vocabulary import FLAGS

BEGIN: Final = "<!-- figures from metrics.json -->"
END: Final = "<!-- end of figures -->"
_BETWEEN: Final = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
_SETS: Final = {
    "smsa_valid": ("reviews (SmSA valid), held out", "id"),
    "english_labelled": ("bank, insurance, shop and game turns, held out", "en"),
    "stif": ("tweets (STIF), real traffic", "id"),
    "messages_id": ("messages of writers never read", "id"),
    "messages_en": ("messages of writers never read", "en"),
    "messages_mix": ("messages of writers never read", "mix"),
    "seeds_id": ("our sentences", "id"),
    "seeds_en": ("our sentences", "en"),
    "seeds_mix": ("our sentences", "mix"),
    "banking77": ("banking77", "en"),
    "clinc150": ("CLINC150 with out-of-scope", "en"),
    "multidogo": ("MultiDoGO", "en"),
    "dstc11_insurance": ("DSTC11", "en"),
    "hint3_curekart": ("HINT3 curekart", "en"),
    "hint3_powerplay11": ("HINT3 powerplay11", "en"),
    "hint3_sofmattress": ("HINT3 sofmattress", "en"),
}
_DRIVER_SETS: Final = tuple(_SETS)[2:]
_OWN_SETS: Final = tuple(_SETS)[2:9]
_CALIBRATED: Final = {
    "smsa_train": "reviews",
    "stif": "tweets",
    "messages": "messages",
    "banking77": "banking77",
    "clinc150": "CLINC150",
}

Figures = Mapping[str, Any]


def main() -> None:
    """Bring the bundled cards up to the bundled figures."""
    write(model_files.MODELS)


def write(folder: Path) -> None:
    """Replace the figures of every card in `folder` by those of its `metrics.json`."""
    figures = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    for name, lines in sections(figures).items():
        card = folder / f"{name}.md"
        if card.exists():
            text = card.read_text(encoding="utf-8")
            card.write_text(replaced(text, lines), encoding="utf-8")


def replaced(card: str, lines: list[str]) -> str:
    """The card with new figures; ValueError when the marks are missing."""
    body = "\n".join([BEGIN, *lines, END])
    text, count = _BETWEEN.subn(lambda _: body, card)
    if count != 1:
        raise ValueError(f"a card has {count} places for figures; write {BEGIN} and {END} once")
    return text


def sections(figures: Figures) -> dict[str, list[str]]:
    """The lines of figures of each card."""
    found = {
        "sentiment": list(_head(figures["sentiment"], tuple(_SETS)[:9])),
        "drivers": list(_head(figures["drivers"], _DRIVER_SETS)),
        "churn": list(_head(figures["churn"], _OWN_SETS)),
        "flags": [],
    }
    for flag in FLAGS:
        found["flags"] += [f"### {flag}", *_head(figures[flags.model_name(flag)], _OWN_SETS)]
    return found


def _head(figures: Figures, sets: tuple[str, ...]) -> Iterator[str]:
    yield from ("| set | language | rows | accuracy | macro-F1 |", "|---|---|---|---|---|")
    for name in sets:
        if name in figures:
            one, (title, language) = figures[name], _SETS[name]
            accuracy, macro = one["accuracy"], one["macro_f1"]
            yield f"| {title} | {language} | {one['rows']} | {accuracy:.3f} | {macro:.3f} |"
    yield ""
    for name in ("smsa_valid", "english_labelled", "stif", "messages_id", "messages_en"):
        labels = figures.get(f"labels_{name}") or figures.get(name, {}).get("labels")
        if labels:
            yield from _labels(_SETS[name], labels)
    errors = figures["calibration_error"]
    told = [f"{title} {errors[name]:.4f}" for name, title in _CALIBRATED.items() if name in errors]
    yield f"Calibration error (mean gap of score and share of hits): {', '.join(told)}."
    if settings := figures.get("settings"):
        yield f"Settings: {', '.join(f'{name} {value}' for name, value in settings.items())}."
    yield ""


def _labels(place: tuple[str, str], labels: Figures) -> Iterator[str]:
    title, language = place
    yield f"{title.capitalize() if title.islower() else title}, {language}, by label:"
    yield from ("", "| label | precision | recall | F1 | rows |", "|---|---|---|---|---|")
    for label, one in labels.items():
        shares = " | ".join(f"{one[name]:.2f}" for name in ("precision", "recall", "f1"))
        yield f"| {label} | {shares} | {one['rows']} |"
    yield ""


if __name__ == "__main__":
    main()
