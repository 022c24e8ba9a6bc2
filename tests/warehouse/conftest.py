"""A fresh lake per test."""

from pathlib import Path

import pytest

from warehouse.delta import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")
