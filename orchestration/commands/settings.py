"""Options of a command joined with the environment, and whether there is a lake to work on."""

import os
import sys
from pathlib import Path

from warehouse.settings import Settings, mappings_folder


def settings_from(lake: Path | None = None, landing: Path | None = None) -> Settings:
    """Options win over LAKEHOUSE_* variables; child processes and Dagster see the same values."""
    settings = Settings.from_environment().at(lake=lake, landing=landing)
    os.environ["LAKEHOUSE_LAKE"] = str(settings.lake)
    os.environ["LAKEHOUSE_LANDING"] = str(settings.landing)
    os.environ["LAKEHOUSE_KEY_FILE"] = str(settings.key_file)
    os.environ["LAKEHOUSE_MAPPINGS"] = str(mappings_folder())
    return settings


def lake_is_missing(settings: Settings) -> bool:
    """Whether a reading command has nothing to read; it is said on the error stream."""
    if settings.lake.is_dir():
        return False
    sys.stderr.write(
        f"there is no lake at {settings.lake}; make it with `lakehouse run`, or name another"
        " with --lake or LAKEHOUSE_LAKE\n"
    )
    return True
