"""Readers looping queries while a run publishes see no error and no mixture."""

import shutil
import threading
import time

from tests.end_to_end.running import Home
from warehouse.query import run

_QUESTION = """
    select (select number from meta.snapshot) as number,
           (select count(*) from marts.fct_interaction) as facts,
           (select sum(interactions_total) from marts.customer_360) as counted
"""


def test_readers_are_never_blocked_and_never_see_a_mixture(undisturbed, tmp_path):
    landing = tmp_path / "landing"
    shutil.copytree(undisturbed.landing, landing)
    held_back = sorted(landing.rglob("*.vcon.json"))[::2]
    later = tmp_path / "later"
    later.mkdir()
    for path in held_back:
        shutil.move(path, later / path.name)
    home = Home(tmp_path, landing, undisturbed.key_file)
    home.run()
    stop, answers, errors = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            started = time.monotonic()
            try:
                row = run(home.lake / "published", _QUESTION).to_pylist()[0]
                answers.append((row["number"], row["facts"], int(row["counted"])))
            except Exception as error:
                errors.append(repr(error))
            time.sleep(max(0.0, 0.05 - (time.monotonic() - started)))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for path in later.iterdir():
        shutil.move(path, landing / path.name)
    home.run()
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert len({number for number, _, _ in answers}) == 2
    # Within one snapshot the numbers never move, and the marts agree with each other.
    assert len(set(answers)) == 2
