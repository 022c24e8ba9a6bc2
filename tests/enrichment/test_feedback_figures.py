"""The labelled messages about products: read as marked, and found well enough in both languages."""

from collections import Counter
from pathlib import Path

import pytest

from enrichment import feedback
from enrichment.training.feedback_figures import Count, figures
from enrichment.training.feedback_messages import HALVES, messages

MARKED = """# a note
+ id: Jujur {app.praise: aplikasinya enak}, {support.problem: CS-nya lambat}
- en: How much is it?
+ id: {modem.problem: Modemnya panas}
"""


def test_marks_become_spans_and_halves(tmp_path: Path) -> None:
    file = tmp_path / "marked.txt"
    file.write_text(MARKED, "utf-8")
    first, second, third = messages(file)
    assert first.text == "Jujur aplikasinya enak, CS-nya lambat"
    assert [(m.tag, first.text[m.start : m.end]) for m in first.mentions] == [
        ("app.praise", "aplikasinya enak"),
        ("support.problem", "CS-nya lambat"),
    ]
    assert (second.language, second.mentions) == ("en", ())
    assert [m.half for m in (first, second, third)] == ["mended", "mended", "held"]


@pytest.mark.parametrize(
    "line", ["+ id: no marks", "- id: {app.wish: marked}", "+ fr: x", "+ id: {app.wish: open"]
)
def test_unreadable_lines_are_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "marked.txt"
    file.write_text(f"# note\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match="line 2"):
        messages(file)


def test_the_set_is_as_large_as_it_says() -> None:
    sizes = Counter((m.half, m.language, bool(m.mentions)) for m in messages())
    for half in HALVES:
        for language in ("id", "en"):
            assert sizes[half, language, True] == 40
            assert sizes[half, language, False] == 20
    tags = {tag.tag for message in messages() for tag in message.mentions}
    assert {tag.partition(".")[2] for tag in tags} == {"problem", "praise", "wish"}


def test_a_mention_is_matched_once() -> None:
    (message,) = (m for m in messages() if m.text.startswith("Nice enough"))
    (tag,) = feedback.predict([message.text])[0]
    count = Count()
    count.add(message, [tag, tag])
    assert (count.right, count.wrong, count.missed, count.quoted) == (1, 1, 0, 1)


@pytest.mark.parametrize("language", ["id", "en"])
def test_messages_that_were_not_mended_are_found(language: str) -> None:
    count = figures("held")["held", language]
    assert count.precision is not None and count.precision >= 0.8
    assert count.recall is not None and count.recall >= 0.75
    assert count.quoted == count.right
