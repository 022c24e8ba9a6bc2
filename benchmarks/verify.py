"""What a full verify costs beside nothing but hashing the same files."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.home import Home
from benchmarks.measure import Figure, best_of

_TIMES = 3


def measure(home: Home) -> Iterator[Figure]:
    """Bytes per second of both; files are in the page cache for both."""
    from warehouse.delta import Lake
    from warehouse.verify import verify

    _ = home.first_run
    lake = Lake(home.lake)
    files = sorted(_recorded(home.lake))
    size = sum(path.stat().st_size for path in files)
    if verify(lake, full=True):
        raise RuntimeError("the lake differs from its manifests; nothing can be measured")
    hashing = best_of(_TIMES, lambda: [_sha256(path) for path in files])
    verifying = best_of(_TIMES, lambda: verify(lake, full=True))
    quick = best_of(_TIMES, lambda: verify(lake, full=False))
    yield Figure("files", len(files), "")
    yield Figure("size", size / 1e6, "MB")
    yield Figure("plain sha256", size / hashing / 1e6, "MB/s")
    yield Figure("full verify", size / verifying / 1e6, "MB/s")
    yield Figure("time of full verify : sha256", verifying / hashing, "ratio")
    yield Figure("time of quick verify : full verify", quick / verifying, "ratio")


def _recorded(lake: Path) -> Iterator[Path]:
    """Data files and commits that the manifests name."""
    for chain in (lake / "_manifest").glob("*.jsonl"):
        layer, _, table = chain.stem.partition(".")
        folder = lake / layer / table
        for line in chain.read_text("utf-8").splitlines():
            entry = json.loads(line)
            yield folder / "_delta_log" / f"{entry['version']:020d}.json"
            yield from (folder / file["path"] for file in entry["files"])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
