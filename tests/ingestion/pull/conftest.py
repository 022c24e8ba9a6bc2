"""A landing folder with cursors, and the invented token that sources of the tests use."""

import pytest

from tests.ingestion.pull.pulled import SECRET, TOKEN, Deployment


@pytest.fixture
def deployment(tmp_path, monkeypatch):
    monkeypatch.setenv(TOKEN, SECRET)
    return Deployment(tmp_path)
