"""A folder for rows on their way, which lasts as long as the work and holds clear words until then."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse import durability


@contextmanager
def spill_folder(lake_root: Path) -> Iterator[Path]:
    """A new empty folder beside the lake's tables; what killed runs left there goes first."""
    spill = lake_root / "_tmp"
    durability.make_folder(spill)
    _sweep(spill)
    with TemporaryDirectory(prefix=f"conform-{os.getpid()}-", dir=spill) as folder:
        yield Path(folder)


def _sweep(spill: Path) -> None:
    """Clear words must not stay behind where a run was killed."""
    for left in spill.glob("conform-*"):
        owner = int(left.name.split("-")[1])
        if owner == os.getpid() or not _runs(owner):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks, and sends nothing
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
