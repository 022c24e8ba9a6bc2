"""The marts are a function of what was received: not of order, names, repeats or cuts."""

import shutil
from pathlib import Path

import numpy as np

from tests.end_to_end.running import Home, differing, lake_rows, mart_rows

# Which file counts as first and which as duplicate depends on the order, and so it should.
_ORDERED = {"source_coverage", "coverage_daily", "waiting_files"}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _facts(home: Home) -> dict[str, list[str]]:
    return {name: rows for name, rows in mart_rows(home).items() if name not in _ORDERED}


def _silver(home: Home) -> dict[str, list[str]]:
    return {name: rows for name, rows in lake_rows(home).items() if not name.startswith("bronze.")}


def test_twice_renamed_and_reordered(undisturbed, tmp_path):
    landing = tmp_path / "landing"
    landing.mkdir()
    home = Home(tmp_path, landing, undisturbed.key_file)
    files = _files(undisturbed.landing)
    order = np.random.default_rng(5).permutation(len(files))
    for number, index in enumerate(order):
        path = files[index]
        shutil.copy(path, landing / f"{number:06d}-first{path.suffix}")
        shutil.copy(path, landing / f"{len(files) - number:06d}-second{path.suffix}")
    facts = home.run()
    assert sum(row["duplicates"] for row in facts["coverage"]) > 0
    assert differing(_silver(undisturbed), _silver(home)) == {}
    assert differing(_facts(undisturbed), _facts(home)) == {}


def test_incremental_equals_full_refresh(undisturbed, tmp_path):
    """Files arrive in two parts at random, so most conversations are late somewhere."""
    landing = tmp_path / "landing"
    home = Home(tmp_path, landing, undisturbed.key_file)
    files = _files(undisturbed.landing)
    part = np.random.default_rng(6).integers(0, 2, len(files))
    for number in range(2):
        for path, wanted in zip(files, part, strict=True):
            if wanted == number:
                target = landing / path.relative_to(undisturbed.landing)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        home.run()
    incremental = mart_rows(home)
    assert differing(_silver(undisturbed), _silver(home)) == {}
    assert differing(_facts(undisturbed), _facts(home)) == {}
    shutil.rmtree(home.lake / "_build")
    home.run()
    assert differing(incremental, mart_rows(home)) == {}
