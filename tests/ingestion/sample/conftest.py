"""One small and one default sample per test run, with their truth read once."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from ingestion.sample.generate import SampleSummary, generate


@dataclass
class Sample:
    """A written sample and its truth."""

    summary: SampleSummary

    @property
    def folder(self) -> Path:
        return self.summary.folder

    def truth(self, name: str) -> list[dict]:
        lines = (self.summary.truth / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @cached_property
    def interactions(self) -> list[dict]:
        return self.truth("interactions")

    @cached_property
    def turns(self) -> list[dict]:
        return self.truth("turns")

    @cached_property
    def pii(self) -> list[dict]:
        return self.truth("pii")

    @cached_property
    def breaches(self) -> list[dict]:
        return self.truth("breaches")

    @cached_property
    def notes(self) -> dict[str, dict]:
        return {row["file"]: row for row in self.truth("files")}

    def good(self, start: str, end: str) -> list[Path]:
        """Files of one kind that are not broken on purpose."""
        names = [
            name
            for name, note in self.notes.items()
            if name.startswith(start)
            and name.endswith(end)
            and not note.get("story", "").startswith("broken")
        ]
        assert names, f"no file {start}*{end}"
        return [self.folder / name for name in names]


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Sample:
    folder = tmp_path_factory.mktemp("small") / "landing"
    return Sample(generate(folder, customers=40, interactions=200))


@pytest.fixture(scope="session")
def default(tmp_path_factory) -> Sample:
    folder = tmp_path_factory.mktemp("default") / "landing"
    return Sample(generate(folder))


@pytest.fixture(params=["small", "default"])
def sample(request) -> Sample:
    return request.getfixturevalue(request.param)
