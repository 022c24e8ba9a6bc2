"""Train every head from published data and our own labels: `python -m enrichment.training.train`.

Writes the models, their manifest, `metrics.json` and the figures of the cards into `enrichment/models`. Deterministic, one
core, about three minutes. The figures come from texts the judging model never saw: cross-validated
folds that keep variants together, or a published validation part.
"""

import argparse
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enrichment import flags, model_files
from enrichment.training import cards, recipes, samples
from warehouse.vocabulary import FLAGS

Figures = dict[str, Any]
_log = logging.getLogger(__name__)


def main() -> None:
    """Train all heads and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the published sets")
    parser.add_argument("--models", type=Path, default=model_files.MODELS)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(arguments.data, arguments.models)


def train(data: Path, models: Path) -> Figures:
    """Fit, save and measure every head; return the figures."""
    tweets, mapped = list(samples.stif(data)), list(samples.intents(data))
    figures: Figures = {}
    steps: list[tuple[str, Callable[[], recipes.Recipe]]] = [
        ("sentiment", lambda: recipes.sentiment(data, tweets, mapped)),
        ("drivers", lambda: recipes.drivers(tweets, mapped)),
        ("churn", lambda: recipes.churn(tweets, mapped)),
        *((flags.model_name(f), lambda f=f: recipes.flag(f, tweets, mapped)) for f in FLAGS),
    ]
    for name, step in steps:
        model, figures[name] = step()
        model_files.save(name, model, models)
        _log.info("%s %s", name, json.dumps(figures[name].get("summary", {})))
    text = json.dumps(figures, indent=2, sort_keys=True) + "\n"
    (models / "metrics.json").write_text(text, encoding="utf-8")
    cards.write(models)
    return figures


if __name__ == "__main__":
    main()
