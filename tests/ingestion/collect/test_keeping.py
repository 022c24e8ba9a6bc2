"""Nothing is acknowledged before its fsync; one fsync serves many; errors promise nothing."""

import asyncio
import errno
import os
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ingestion.collect import journal as journal_module
from ingestion.collect import keeping as keeping_module
from ingestion.collect.counters import Counters
from ingestion.collect.journal import InUse, Journal, journal_folder, journals, owned
from ingestion.collect.keeping import Keeper, Stopped
from ingestion.collect.limits import Limits
from ingestion.collect.records import Entry, Reading
from tests.ingestion.collect.collecting import lines

REAL_FSYNC, REAL_WRITE = os.fsync, os.write


def entry(number):
    return Entry("whatsapp", b"", b'{"object":"whatsapp_business_account","n":%d}' % number)


@pytest.fixture
def landing(tmp_path):
    folder = tmp_path / "landing"
    folder.mkdir()
    journal_folder(folder).mkdir()
    return folder


@asynccontextmanager
async def keeping(landing, **limits):
    keeper = Keeper(journal_folder(landing), landing, Limits(**limits), Counters())
    keeper.start()
    try:
        yield keeper
    finally:
        await asyncio.to_thread(keeper.stop)


def test_an_entry_is_kept_only_when_its_fsync_returned(landing, monkeypatch):
    called, go = threading.Event(), threading.Event()
    synced = []

    def slow(handle):
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        called.set()
        assert go.wait(10)
        REAL_FSYNC(handle)

    async def scenario():
        async with keeping(landing) as keeper:
            monkeypatch.setattr(journal_module.os, "fsync", slow)
            waiting = asyncio.create_task(keeper.keep(entry(1)))
            assert await asyncio.to_thread(called.wait, 10)
            await asyncio.sleep(0.05)
            assert not waiting.done()
            go.set()
            await asyncio.wait_for(waiting, 10)
            monkeypatch.undo()
            (path,) = journals(journal_folder(landing))
            assert list(Reading(path)) == [entry(1)]
            assert synced == [str(path), str(path.parent)]

    asyncio.run(scenario())
    assert lines(landing) == [entry(1).body]


def test_those_that_wait_share_one_fsync(landing, monkeypatch):
    first, go = threading.Event(), threading.Event()
    files = []

    def counted(handle):
        files.append(handle)
        first.set()
        assert go.wait(10)
        REAL_FSYNC(handle)

    async def scenario():
        async with keeping(landing) as keeper:
            monkeypatch.setattr(journal_module.os, "fsync", counted)
            one = asyncio.create_task(keeper.keep(entry(0)))
            assert await asyncio.to_thread(first.wait, 10)
            many = [asyncio.create_task(keeper.keep(entry(n))) for n in range(1, 200)]
            await asyncio.sleep(0.05)
            go.set()
            await asyncio.gather(one, *many)
            monkeypatch.undo()

    asyncio.run(scenario())
    # One for the first and one for its new file's name, then one for all the others.
    assert len(files) == 3
    assert sorted(lines(landing)) == sorted(entry(n).body for n in range(200))


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def half(handle, data):
    if len(data) > 1:
        return REAL_WRITE(handle, data[: len(data) // 2])
    return full()


@pytest.mark.parametrize(("name", "broken"), [("write", full), ("write", half), ("fsync", full)])
@pytest.mark.parametrize("begun", [False, True], ids=["new file", "same file"])
def test_a_full_disk_promises_nothing_and_loses_nothing_promised(
    landing, monkeypatch, name, broken, begun
):
    async def scenario():
        async with keeping(landing) as keeper:
            if begun:
                await keeper.keep(entry(1))
            with monkeypatch.context() as patch:
                patch.setattr(journal_module.os, name, broken)
                results = await asyncio.gather(
                    *(keeper.keep(entry(n)) for n in (2, 3)), return_exceptions=True
                )
                assert [type(result) for result in results] == [OSError, OSError]
                assert keeper.failing == "No space left on device"
            await keeper.keep(entry(4))
            assert keeper.failing == ""

    asyncio.run(scenario())
    kept = [1, 4] if begun else [4]
    assert lines(landing) == [entry(n).body for n in kept]


def test_health_returns_without_a_new_delivery(landing, monkeypatch):
    async def scenario():
        async with keeping(landing) as keeper:
            with monkeypatch.context() as patch:
                patch.setattr(journal_module.os, "fsync", full)
                with pytest.raises(OSError, match="space"):
                    await keeper.keep(entry(1))
                await asyncio.sleep(0.7)
                assert keeper.failing
            await asyncio.sleep(0.7)
            assert not keeper.failing

    asyncio.run(scenario())


def test_a_failed_hand_over_is_tried_again_and_the_journal_stays(landing, monkeypatch):
    (landing / "webhooks").write_text("a file where the folder should be")

    async def scenario():
        monkeypatch.setattr("ingestion.collect.keeping._RETRY_SECONDS", 0.1)
        async with keeping(landing, journal_bytes=1) as keeper:
            await keeper.keep(entry(1))
            await asyncio.sleep(0.3)
            assert len(journals(journal_folder(landing))) == 1
            (landing / "webhooks").unlink()
            for _ in range(100):
                if lines(landing):
                    break
                await asyncio.sleep(0.05)
            assert lines(landing) == [entry(1).body]

    asyncio.run(scenario())


def test_a_journal_that_cannot_be_read_does_not_stop_the_next_one(landing, monkeypatch):
    real = keeping_module.hand_over
    seen = []

    def once(path, *rest):
        seen.append(path)
        if path == seen[0]:
            raise KeyError("nobody thought of this")
        real(path, *rest)

    async def scenario():
        monkeypatch.setattr(keeping_module, "hand_over", once)
        async with keeping(landing, journal_bytes=1) as keeper:
            await keeper.keep(entry(1))
            await keeper.keep(entry(2))

    asyncio.run(scenario())
    assert lines(landing) == [entry(2).body]
    assert journals(journal_folder(landing)) == [seen[0]]


@pytest.mark.parametrize("limits", [{"journal_bytes": 1}, {"journal_seconds": 0.1}])
def test_a_full_or_old_journal_is_handed_over_while_work_goes_on(landing, limits):
    async def scenario():
        async with keeping(landing, **limits) as keeper:
            await keeper.keep(entry(1))
            for _ in range(100):
                if lines(landing):
                    break
                await asyncio.sleep(0.05)
            assert lines(landing) == [entry(1).body]
            await keeper.keep(entry(2))

    asyncio.run(scenario())
    assert lines(landing) == [entry(1).body, entry(2).body]


def test_after_the_stop_nothing_is_taken(landing):
    async def scenario():
        async with keeping(landing) as keeper:
            pass
        with pytest.raises(Stopped):
            await keeper.keep(entry(1))

    asyncio.run(scenario())


def test_journals_are_for_their_owner_alone(landing):
    folder = journal_folder(landing)
    journal = Journal(folder)
    journal.append([entry(1)])
    assert journal.active.stat().st_mode & 0o077 == 0
    assert journal.sealed() == []
    with owned(folder), pytest.raises(InUse), owned(folder):
        pass


def test_an_empty_batch_makes_no_file(landing):
    journal = Journal(journal_folder(landing))
    journal.append([])
    assert journals(journal_folder(landing)) == []
