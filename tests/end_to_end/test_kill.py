"""kill -9 at random moments of a run; after the next run all tables are as if nothing happened.

A few kills here; `make soak` does twenty, each on a lake of its own.
"""

import contextlib
import os
import random
import signal
import time

import pytest

from tests.end_to_end.running import Home, differing, lake_rows, mart_rows


def _kill_during_run(home: Home, after: float, *, with_children: bool) -> bool:
    """Start a run and kill it after so many seconds; False when it had ended by itself."""
    process = home.start()
    time.sleep(after)
    alive = process.poll() is None
    with contextlib.suppress(ProcessLookupError):
        if with_children:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return alive


def _assert_as_undisturbed(home: Home, undisturbed: Home) -> None:
    assert differing(lake_rows(undisturbed), lake_rows(home)) == {}
    assert differing(mart_rows(undisturbed), mart_rows(home)) == {}
    assert home.call("verify").returncode == 0


def test_killed_again_and_again(undisturbed, sample, tmp_path):
    home = Home(tmp_path, sample, undisturbed.key_file)
    moments = random.Random()
    for with_children in (True, False):
        after = moments.uniform(3, 16)
        print(f"killed after {after:.2f} s")
        _kill_during_run(home, after, with_children=with_children)
    home.run()
    _assert_as_undisturbed(home, undisturbed)


@pytest.fixture(scope="module")
def whole_run(undisturbed, sample, tmp_path_factory):
    """Seconds that a run takes which nobody disturbs."""
    started = time.monotonic()
    Home(tmp_path_factory.mktemp("timed"), sample, undisturbed.key_file).run()
    return time.monotonic() - started


@pytest.mark.soak
@pytest.mark.parametrize("number", range(20))
def test_killed_once(number, undisturbed, sample, whole_run, tmp_path):
    home = Home(tmp_path / "killed", sample, undisturbed.key_file)
    after = random.Random(100 + number).uniform(1, whole_run)
    killed = _kill_during_run(home, after, with_children=number % 2 == 0)
    print(f"kill {number}: after {after:.1f} of {whole_run:.1f} s, alive {killed}")
    home.run()
    _assert_as_undisturbed(home, undisturbed)
