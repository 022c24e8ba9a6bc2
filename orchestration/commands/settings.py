"""Options of a command joined with the environment."""

import os
from pathlib import Path

from warehouse.settings import Settings


def settings_from(lake: Path | None = None, landing: Path | None = None) -> Settings:
    """Options win over LAKEHOUSE_* variables; child processes and Dagster see the same values."""
    settings = Settings.from_environment().at(lake=lake, landing=landing)
    os.environ["LAKEHOUSE_LAKE"] = str(settings.lake)
    os.environ["LAKEHOUSE_LANDING"] = str(settings.landing)
    os.environ["LAKEHOUSE_KEY_FILE"] = str(settings.key_file)
    return settings
