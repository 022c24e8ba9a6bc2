"""Which tests share a worker: those that share a costly lake stay together.

A developer's own mappings must not decide what tests read.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How fast an example is says more about the machine than about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

_TOGETHER = ("end_to_end", "orchestration/commands", "dbt_project")
_ROOT = Path(__file__).parent


def pytest_configure() -> None:
    """Also child processes see a folder that does not exist."""
    os.environ["LAKEHOUSE_MAPPINGS"] = str(_ROOT / "no-mappings")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests of a folder in `_TOGETHER` for one worker; start with the longest folder."""
    for item in items:
        place = item.path.relative_to(_ROOT).as_posix()
        for folder in _TOGETHER:
            if place.startswith(folder + "/"):
                item.add_marker(pytest.mark.xdist_group(folder))
    items.sort(key=lambda item: not item.path.relative_to(_ROOT).as_posix().startswith(_TOGETHER))
