"""Scores tokens as part of a person's name or of an address: a linear model over the words around.

Applying the model belongs here: which columns speak for a token, and their sum. What the scores
decide is written in `pii_full_names` and `pii_places`; fitting is in `training.pii_tagger`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, Final
from zlib import crc32

import numpy as np

from enrichment import model_files
from enrichment.pii_rows import Row

COLUMNS: Final = 1 << 18
MODEL: Final = "personal_data"
_NOTHING: Final = (0.0, 0.0)
_PAIRS: Final = "efhio"
_MOST: Final = 20_000
"""Entries a table keeps before it starts again."""

Scores = tuple[float, float]
"""Log odds that a token is part of a name, and of an address."""


def score(row: Row, place: int) -> Scores:
    """Log odds of one token of a row."""
    return name_score(row, place), address_score(row, place)


def name_score(row: Row, place: int) -> float:
    """Log odds that a token is part of a name."""
    return _sum(row.near[place : place + 5], 0)


def address_score(row: Row, place: int) -> float:
    """Log odds that a token is part of an address."""
    return _sum(row.near[place : place + 5], 1)


def _sum(around: list[tuple[str, str]], head: int) -> float:
    """Sum of what each look at a token and at two on either side says."""
    before2, before, here, after, after2 = around
    word2, word, kind, follows = before2[0], before[0], here[1], after[0]
    first = kind[0]
    bias, one, two, three, four, five, kinds, e, f, h, i, o = _tables()
    return (
        bias[()][head]
        + one[before2][head]
        + two[before][head]
        + three[here][head]
        + four[after][head]
        + five[after2][head]
        + kinds[before[1], kind, after[1]][head]
        + e[word, kind][head]
        + f[kind, follows][head]
        + h[word2, word][head]
        + i[word, first, follows][head]
        + o[word2, word, first][head]
    )


def columns(row: Row, place: int) -> list[int]:
    """Feature columns of one token, for fitting."""
    around = row.near[place : place + 5]
    names = ["b"]
    for position, word in enumerate(around):
        names += _single_names(position, *word)
    names += _kind_names(*(kind for _, kind in around[1:4]))
    names += _pairs(*around[:4])
    return [column(name) for name in names]


def column(name: str) -> int:
    """The column of a feature."""
    return crc32(name.encode()) & (COLUMNS - 1)


def _single_names(position: int, lower: str, kind: str) -> tuple[str, ...]:
    """Features of one word by its place: 2 is the token itself."""
    if position != 2:
        near = (f"{position}s{lower[-3:]}",) if position in (1, 3) else ()
        return (f"{position}w{lower}", f"{position}k{kind}", *near)
    return (
        f"w{lower}",
        f"k{kind}",
        f"s2{lower[-2:]}",
        f"s3{lower[-3:]}",
        f"s4{lower[-4:]}",
        f"S3{lower[-3:]}{kind[0]}",
        f"p2{lower[:2]}",
        f"p3{lower[:3]}",
    )


def _kind_names(before: str, here: str, after: str) -> tuple[str, ...]:
    return (f"a{before}|{here}", f"c{here}|{after}", f"d{before}|{here}|{after}")


def _pairs(
    before2: tuple[str, str], before: tuple[str, str], here: tuple[str, str], after: tuple[str, str]
) -> tuple[str, ...]:
    """Features of words beside each other."""
    keys = (
        (before[0], here[1]),
        (here[1], after[0]),
        (before2[0], before[0]),
        (before[0], here[1][0], after[0]),
        (before2[0], before[0], here[1][0]),
    )
    return tuple(letter + "|".join(key) for letter, key in zip(_PAIRS, keys, strict=True))


class _Table(dict[tuple[str, ...], Scores]):
    """Sums of the weights of one group of features, kept for what was seen."""

    def __init__(self, names: Callable[..., tuple[str, ...]]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, key: tuple[str, ...]) -> Scores:
        if len(self) >= _MOST:
            self.clear()
        weights = _weights()
        found = [weights.get(column(name), _NOTHING) for name in self._names(*key)]
        value = sum([one for one, _ in found]), sum([other for _, other in found])
        self[key] = value
        return value


@cache
def _tables() -> tuple[_Table, ...]:
    """The bias, words by their place, kinds, and words beside each other, as `_sum` asks."""
    bias = _Table(lambda: ("b",))
    bias[()] = _bias()
    singles = (_Table(partial(_single_names, position)) for position in range(5))
    pairs = (_Table(partial(_pair_names, letter)) for letter in _PAIRS)
    return bias, *singles, _Table(_kind_names), *pairs


def _pair_names(letter: str, *key: str) -> tuple[str, ...]:
    return (letter + "|".join(key),)


_instead: dict[str, Any] = {}
_listeners: list[Callable[[], object]] = []


def when_changed(forget: Callable[[], object]) -> None:
    """Call `forget` whenever another model is applied: what was found before no longer holds."""
    _listeners.append(forget)


@contextmanager
def applied(model: dict[str, Any]) -> Iterator[None]:
    """Score with another model for a while: to judge texts that the released one has seen."""
    _instead.update(model)
    _forget()
    try:
        yield
    finally:
        _instead.clear()
        _forget()


def _forget() -> None:
    _tables.cache_clear()
    _weights.cache_clear()
    for listener in _listeners:
        listener()


def _model() -> dict[str, Any]:
    return _instead or model_files.released(MODEL)


def _bias() -> Scores:
    """What every token starts from."""
    intercept = np.asarray(_model()["intercept"]).tolist()
    one, other = _weights().get(column("b"), _NOTHING)
    return intercept[0] + one, intercept[1] + other


@cache
def _weights() -> dict[int, Scores]:
    """Weights of both heads by column; columns without weight are left out."""
    model = _model()
    pairs = np.asarray(model["weights"], dtype=np.float64).tolist()
    return dict(zip(np.asarray(model["columns"]).tolist(), map(tuple, pairs), strict=True))
