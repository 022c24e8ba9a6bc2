"""Scores tokens as part of a person's name or of an address: a linear model over the words around.

Applying the model belongs here: which columns speak for a token, and their sum. What the scores
decide is written in `pii_full_names` and `pii_places`; fitting is in `training.pii_tagger`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, Final
from zlib import crc32

import numpy as np

from enrichment import model_files
from enrichment.pii_tokens import Row

COLUMNS: Final = 1 << 18
MODEL: Final = "personal_data"
_START: Final = ("<s>", "<")
_END: Final = ("</s>", ">")
_NOTHING: Final = (0.0, 0.0)

Scores = tuple[float, float]
"""Log odds that a token is part of a name, and of an address."""


def score(row: Row, place: int) -> Scores:
    """Log odds of one token of a row."""
    around = _around(row, place)
    before2, before, here, after, after2 = around
    parts = [
        _bias(),
        _single(0, *before2),
        _single(1, *before),
        _single(2, *here),
        _single(3, *after),
        _single(4, *after2),
        _kinds(before[1], here[1], after[1]),
        *map(_weight, _pairs(before2, before, here, after)),
    ]
    return sum([part[0] for part in parts]), sum([part[1] for part in parts])


def columns(row: Row, place: int) -> list[int]:
    """Feature columns of one token, for fitting."""
    around = _around(row, place)
    names = ["b"]
    for position, word in enumerate(around):
        names += _single_names(position, *word)
    names += _kind_names(*(kind for _, kind in around[1:4]))
    names += _pairs(*around[:4])
    return [column(name) for name in names]


def column(name: str) -> int:
    """The column of a feature."""
    return crc32(name.encode()) & (COLUMNS - 1)


def _around(row: Row, place: int) -> tuple[tuple[str, str], ...]:
    """Word and kind of a token and of two on either side."""
    lower, kind = row.lower, row.kind
    if 2 <= place < len(lower) - 2:
        near = slice(place - 2, place + 3)
        return tuple(zip(lower[near], kind[near], strict=True))
    return tuple(
        (lower[i], kind[i]) if 0 <= i < len(lower) else (_START if i < 0 else _END)
        for i in range(place - 2, place + 3)
    )


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
    kind = here[1]
    return (
        f"e{before[0]}|{kind}",
        f"f{kind}|{after[0]}",
        f"h{before2[0]}|{before[0]}",
        f"i{before[0]}|{kind[0]}|{after[0]}",
        f"o{before2[0]}|{before[0]}|{kind[0]}",
    )


@lru_cache(maxsize=65_536)
def _single(position: int, lower: str, kind: str) -> Scores:
    return _sum(_single_names(position, lower, kind))


@lru_cache(maxsize=65_536)
def _kinds(before: str, here: str, after: str) -> Scores:
    return _sum(_kind_names(before, here, after))


def _sum(names: tuple[str, ...]) -> Scores:
    found = [_weight(name) for name in names]
    return sum([one for one, _ in found]), sum([other for _, other in found])


@lru_cache(maxsize=65_536)
def _weight(name: str) -> Scores:
    return _weights().get(crc32(name.encode()) & (COLUMNS - 1), _NOTHING)


_instead: dict[str, Any] = {}


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
    for kept in (_single, _kinds, _weight, _bias, _weights):
        kept.cache_clear()


def _model() -> dict[str, Any]:
    return _instead or model_files.released(MODEL)


@cache
def _bias() -> Scores:
    """What every token starts from."""
    intercept = np.asarray(_model()["intercept"]).tolist()
    one, other = _weight("b")
    return intercept[0] + one, intercept[1] + other


@cache
def _weights() -> dict[int, Scores]:
    """Weights of both heads by column; columns without weight are left out."""
    model = _model()
    pairs = np.asarray(model["weights"], dtype=np.float64).tolist()
    return dict(zip(np.asarray(model["columns"]).tolist(), map(tuple, pairs), strict=True))
