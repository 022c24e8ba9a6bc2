"""One small sample and one undisturbed run of it, shared by all end-to-end tests of a worker."""

from datetime import date
from pathlib import Path

import pytest

from ingestion.sample.generate import generate
from tests.end_to_end.running import Home


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundled sample, small; the truth lies beside it."""
    folder = tmp_path_factory.mktemp("sample") / "landing"
    generate(folder, seed=11, customers=40, interactions=160, days=40, end=date(2026, 10, 31))
    return folder


@pytest.fixture(scope="session")
def truth(sample: Path) -> Path:
    return sample.with_name(sample.name + "-truth")


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "handles.key"


@pytest.fixture(scope="session")
def undisturbed(sample: Path, key_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A lake after one whole run."""
    home = Home(tmp_path_factory.mktemp("undisturbed"), sample, key_file)
    home.run()
    return home
