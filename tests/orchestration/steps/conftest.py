"""One lake of the whole story, and commits that do not wait for the disk."""

import os
from collections.abc import Iterator

import pytest
from chat_story import story
from deliveries import deployment, put, run

from orchestration.steps.deployment import Deployment


@pytest.fixture(scope="session", autouse=True)
def quick_disk() -> Iterator[None]:
    """What a power cut loses is no subject here, and syncing takes a fifth of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The whole story, landed and conformed at once; for tests that only read."""
    at = deployment(tmp_path_factory.mktemp("whole"))
    for name, content in story().items():
        put(at, name, content)
    run(at)
    return at
