"""The lock lives exactly as long as the process that holds it."""

import signal
import subprocess
import sys
import threading

from orchestration.run_lock import is_working, only_run

HOLDER = """
import sys, time
from pathlib import Path
from orchestration.run_lock import only_run
with only_run(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    time.sleep(60)
"""


def _holder(lake):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lake)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "True\n"
    return process


def _kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_second_process_is_turned_away_until_the_first_is_killed(tmp_path):
    holder = _holder(tmp_path)
    with only_run(tmp_path) as alone:
        assert not alone
    assert is_working(tmp_path)
    _kill(holder)
    assert not is_working(tmp_path)
    with only_run(tmp_path) as alone:
        assert alone


def test_waiting_ends_when_the_holder_dies(tmp_path):
    holder = _holder(tmp_path)
    timer = threading.Timer(0.3, _kill, [holder])
    timer.start()
    with only_run(tmp_path, wait=True) as alone:
        assert alone
        assert holder.returncode is not None or holder.wait() < 0
    timer.join()


def test_holding_twice_in_one_process(tmp_path):
    with only_run(tmp_path) as outer:
        with only_run(tmp_path / ".." / tmp_path.name, wait=True) as inner:
            assert (outer, inner) == (True, True)
        other = subprocess.run(
            [sys.executable, "-c", HOLDER.replace("sleep(60)", "sleep(0)"), str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert other.stdout == "False\n"


def test_lakes_do_not_share_a_lock(tmp_path):
    with only_run(tmp_path / "a") as one, only_run(tmp_path / "b") as two:
        assert (one, two) == (True, True)


def test_asking_leaves_no_trace(tmp_path):
    assert not is_working(tmp_path / "no lake")
    assert not (tmp_path / "no lake").exists()
