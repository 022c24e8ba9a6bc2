"""`lakehouse sample`: the bundled sample, written once."""

import shutil
import sys
from pathlib import Path

from orchestration.commands.settings import settings_from


def write_sample(landing: Path | None, *, customers: int, interactions: int, seed: int) -> int:
    """Write the sample unless the folder already holds files; the truth goes beside it.

    Exit code 2 when the sizes are refused.
    """
    from ingestion.sample.generate import generate

    folder = settings_from(landing=landing).landing
    if folder.exists() and any(folder.iterdir()):
        sys.stderr.write(f"{folder} already holds files; nothing written\n")
        return 0
    # Written beside and moved, so that an interrupted command leaves no half sample behind.
    unfinished = folder.with_name(folder.name + ".unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    try:
        generate(
            unfinished,
            seed=seed,
            customers=customers,
            interactions=interactions,
            truth=folder.with_name(folder.name + "-truth"),
        )
    except ValueError as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)
    sys.stderr.write(f"sample written to {folder}\n")
    return 0
