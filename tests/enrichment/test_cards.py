"""The figures in the model cards are those that training measured."""

import json

import pytest

from enrichment import model_files
from enrichment.training import cards

NAMES = ("sentiment", "drivers", "churn", "flags")


@pytest.mark.parametrize("name", NAMES)
def test_a_card_states_the_figures_of_its_model(name):
    figures = json.loads((model_files.MODELS / "metrics.json").read_text(encoding="utf-8"))
    card = (model_files.MODELS / f"{name}.md").read_text(encoding="utf-8")
    assert cards.replaced(card, cards.sections(figures)[name]) == card
    assert card.count("| messages of writers never read |") >= 3


def test_writing_changes_only_what_stands_between_the_marks(tmp_path):
    figures = json.loads((model_files.MODELS / "metrics.json").read_text(encoding="utf-8"))
    figures["churn"]["stif"]["accuracy"] = 0.123456
    (tmp_path / "metrics.json").write_text(json.dumps(figures), encoding="utf-8")
    (tmp_path / "churn.md").write_text(f"# Churn\n{cards.BEGIN}\nold\n{cards.END}\nend\n")
    cards.write(tmp_path)
    text = (tmp_path / "churn.md").read_text()
    assert text.startswith(f"# Churn\n{cards.BEGIN}\n")
    assert text.endswith(f"{cards.END}\nend\n")
    assert "| 0.123 |" in text
    assert "old" not in text
    assert not (tmp_path / "drivers.md").exists()


def test_a_card_without_marks_is_not_overwritten():
    with pytest.raises(ValueError, match="0 places for figures"):
        cards.replaced("# A card\n", ["x"])
