"""The story lake, built once for all tests that only read it."""

from pathlib import Path

import pytest
from small_lake import build, write_lake
from story import STORY


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build file after a full `dbt build` of the story, unit tests of the metrics included."""
    file = tmp_path_factory.mktemp("story") / "build.duckdb"
    write_lake(file, STORY)
    build(file)
    return file
