"""A run may die between any two commits; the next ones bring the lake to the same rows."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_story import SILVER, story
from deliveries import contents, deployment, put, run

from orchestration.steps.deployment import Deployment
from warehouse import manifest
from warehouse.catalog import TABLES
from warehouse.checks import accepted_are_stored, everything_accounted, unique_key
from warehouse.delta import Lake
from warehouse.keys import KeyFileError
from warehouse.manifest import Ledger
from warehouse.verify import verify


class Killed(BaseException):
    """Stands for the end of the process: no handler of the program may catch it."""


@pytest.fixture
def die_after(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int | None], None]]:
    """Kill the run as soon as that many commits (not skipped ones) are done; None: never."""
    left: list[int | None] = [None]

    def dying(original: Callable[..., Any]) -> Callable[..., Any]:
        def write(*args: Any, **kwargs: Any) -> Any:
            commit = original(*args, **kwargs)
            if commit is not None and left[0] is not None:
                left[0] -= 1
                if left[0] == 0:
                    raise Killed
            return commit

        return write

    for name in ("append", "overwrite_partitions"):
        monkeypatch.setattr(Lake, name, dying(getattr(Lake, name)))
    yield lambda commits: left.__setitem__(0, commits)
    left[0] = None


@pytest.fixture
def die_unrecorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Kill the run when its next commit stands in the table's log and not in the manifest."""
    armed = [False]
    original = manifest.record

    def record(ledger: Ledger, *, late: bool) -> int:
        if armed[0] and not late and ledger.versions()[-1] > 0:
            armed[0] = False
            raise Killed
        return original(ledger, late=late)

    monkeypatch.setattr(manifest, "record", record)
    yield lambda: armed.__setitem__(0, True)
    armed[0] = False


def finished(at: Deployment) -> bool:
    try:
        run(at)
    except Killed:
        return False
    return True


def sound(at: Deployment) -> bool:
    """All invariants of the lake, and its files against the manifest."""
    checks = [everything_accounted(at.lake), accepted_are_stored(at.lake)]
    checks += [unique_key(at.lake, name) for name in TABLES]
    return all(check.passed for check in checks) and verify(at.lake, full=True) == []


def assert_same(at: Deployment, expected: Deployment) -> None:
    wanted = contents(expected)
    for name, rows in contents(at).items():
        # Files of this run were dropped at another time.
        if name != "bronze.landed_files":
            assert rows == wanted[name], name
    assert sound(at)


def test_a_run_that_dies_after_every_single_commit_ends_with_the_same_lake(
    tmp_path: Path, lake: Deployment, die_after: Callable[[int | None], None]
) -> None:
    at = deployment(tmp_path)
    for name, content in story().items():
        put(at, name, content)
    deaths = 0
    die_after(1)
    while not finished(deployment(tmp_path)):
        deaths += 1
        die_after(1)
    assert deaths >= 15  # one for each table written at least
    assert_same(at, lake)


def test_a_run_that_dies_before_the_manifest_line_of_every_commit_ends_with_the_same_lake(
    tmp_path: Path, lake: Deployment, die_unrecorded: Callable[[], None]
) -> None:
    at = deployment(tmp_path)
    for name, content in story().items():
        put(at, name, content)
    deaths = 0
    die_unrecorded()
    while not finished(deployment(tmp_path)):
        deaths += 1
        die_unrecorded()
    assert deaths >= 15
    assert_same(at, lake)


def test_files_that_arrive_between_a_death_and_the_next_run_change_nothing(
    tmp_path: Path, lake: Deployment, die_after: Callable[[int | None], None]
) -> None:
    """Tables then stand at different versions of bronze, and must meet again."""
    at = deployment(tmp_path)
    files = list(story().items())
    for name, content in files[:3]:
        put(at, name, content)
    run(at)
    rest = iter(files[3:])
    for deadly in (6, 8):
        for name, content in (next(rest), next(rest)):
            put(at, name, content)
        die_after(deadly)
        finished(deployment(tmp_path))
    for name, content in rest:
        put(at, name, content)
    die_after(None)
    run(deployment(tmp_path))
    expected = contents(lake, SILVER)
    for name, rows in contents(at, SILVER).items():
        assert rows == expected[name], name
    assert sound(at)


@pytest.mark.soak
@pytest.mark.parametrize("deadly", range(1, 21))
def test_an_incremental_run_may_die_anywhere(
    tmp_path: Path, lake: Deployment, die_after: Callable[[int | None], None], deadly: int
) -> None:
    at = deployment(tmp_path)
    files = list(story().items())
    for name, content in files[:9]:
        put(at, name, content)
    run(at)
    for name, content in files[9:]:
        put(at, name, content)
    die_after(deadly)
    finished(deployment(tmp_path))
    die_after(None)
    run(deployment(tmp_path))
    expected = contents(lake, SILVER)
    for name, rows in contents(at, SILVER).items():
        assert rows == expected[name], name
    assert sound(at)


def test_a_lost_vault_key_is_not_silently_mixed_in(tmp_path: Path) -> None:
    """Another key stops the run; wanted on purpose, silver is rebuilt whole under it."""
    at = deployment(tmp_path / "one")
    name, content = next(iter(story().items()))
    put(at, name, content)
    run(at)
    at.settings.key_file.write_text("c3" * 32)
    put(at, "next.json", story()["chat-late.json"])
    with pytest.raises(KeyFileError):
        run(deployment(tmp_path / "one"))
    (at.settings.lake / "_control" / "key.fingerprint").unlink()
    run(deployment(tmp_path / "one"))
    fresh = deployment(tmp_path / "two")
    shutil.copytree(at.settings.landing, fresh.settings.landing, dirs_exist_ok=True)
    fresh.settings.key_file.write_text("c3" * 32)
    run(fresh)
    for table in ("silver.participants", "silver.persons"):
        keys = [set(lake.read(table)["handle_key"].to_pylist()) for lake in (at.lake, fresh.lake)]
        assert keys[0] == keys[1]
