"""Which texts are redacted, and that codes and repetitions cost nothing."""

from collections.abc import Sequence

import pytest

from ingestion.conform.facts import Hidden
from ingestion.conform.hiding import Hiding


class Asked:
    """Hides everything and remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str, names: Sequence[str]) -> Hidden:
        self.texts.append(text)
        return Hidden("[HIDDEN]", [])


@pytest.mark.parametrize(
    "text", ["image/jpeg", "text", "button_reply", "in", "lewat-aplikasi", "id.en"]
)
def test_codes_are_not_asked_about(text: str) -> None:
    asked = Asked()
    assert Hiding(("Sari Dewi",), asked).json({"kind": text}) == f'{{"kind":"{text}"}}'
    assert asked.texts == []


@pytest.mark.parametrize(
    "text",
    [
        "sari",
        "dewi.sari",
        "image/dewi",
        "halo kak",
        "Rina",
        "0812",
        "rina@contoh.id",
        "ruang-12",
        "a" * 33,
        "héllo",
    ],
)
def test_everything_else_is(text: str) -> None:
    asked = Asked()
    assert Hiding(("Sari Dewi",), asked).column(text) == "[HIDDEN]"
    assert asked.texts == [text]


def test_equal_metadata_is_asked_about_once() -> None:
    asked = Asked()
    hiding = Hiding((), asked)
    for _ in range(3):
        hiding.json({"subject": "Tagihan Bu RT", "number": 6281234567890, "count": 3})
    assert sorted(asked.texts) == ["6281234567890", "Tagihan Bu RT"]


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_stays_nothing(text: str | None) -> None:
    assert Hiding((), Asked()).column(text) is None
