"""What the drop folder may hold, and what of it reaches the store untouched."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import landing
from ingestion.landing import (
    Arrival,
    batches,
    land,
    listing,
    new_arrivals,
    stored_path,
    survey,
)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def drop(folder: Path, name: str, content: bytes = b"isi") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "landing").mkdir()
    return tmp_path / "landing"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def names(folder: Path) -> list[str]:
    return [arrival.name for arrival in listing(folder)]


def test_files_are_listed_by_their_path_below_the_folder(folder: Path) -> None:
    for name in ("surat/b.eml", "surat/a.eml", "panggilan.json", "data pelanggan.csv"):
        drop(folder, name)
    assert names(folder) == ["data pelanggan.csv", "panggilan.json", "surat/a.eml", "surat/b.eml"]


@pytest.mark.parametrize(
    "name",
    [".hidden", ".git/config", "a/.b/c.csv", "x.csv.part", "x.tmp", "x.crdownload", ".x.csv.swp"],
)
def test_hidden_and_unfinished_files_wait(folder: Path, name: str) -> None:
    drop(folder, name)
    assert names(folder) == []


def test_a_maildir_gives_its_mails_and_those_of_its_folders(folder: Path) -> None:
    for box in ("box", "box/.Sent", "box/.Arsip.2025", "box/.Drafts", "box/.Trash", "box/.index"):
        for part in ("cur", "new", "tmp") if box != "box/.index" else ("x",):
            (folder / box / part).mkdir(parents=True)
        drop(folder, f"{box}/{'x' if box == 'box/.index' else 'cur'}/1.M1P1.host:2,S")
    drop(folder, "box/new/2.M2P2.host")
    drop(folder, "box/tmp/3.M3P3.host")
    drop(folder, "other/tmp/4.eml")
    assert names(folder) == [
        "box/.Arsip.2025/cur/1.M1P1.host:2,S",
        "box/.Sent/cur/1.M1P1.host:2,S",
        "box/cur/1.M1P1.host:2,S",
        "box/new/2.M2P2.host",
        "other/tmp/4.eml",
    ]


def test_links_that_lead_nowhere_or_in_circles_are_passed_over(folder: Path) -> None:
    drop(folder, "deep/good.csv")
    (folder / "self").symlink_to("self")
    (folder / "deep" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "gone.csv").symlink_to("nowhere.csv")
    os.mkfifo(folder / "pipe.csv")
    assert names(folder) == ["deep/good.csv"]


def test_links_are_followed_inside_the_folder_only(folder: Path, store: Path) -> None:
    """Else a link to the key of the lake would bring the key into the lake."""
    (folder.parent / "handles.key").write_bytes(b"rahasia")
    (folder.parent / "landing-too").mkdir()
    drop(folder.parent / "landing-too", "near.csv")
    drop(folder, "deep/real.csv", b"asli")
    (folder / "inside.csv").symlink_to("deep/real.csv")
    (folder / "key.csv").symlink_to("../handles.key")
    (folder / "near.csv").symlink_to(folder.parent / "landing-too" / "near.csv")
    (folder / "device.csv").symlink_to("/dev/zero")
    (folder / "linked").symlink_to(folder.parent / "landing-too", target_is_directory=True)
    (folder / "gone.csv").symlink_to("nowhere.csv")
    os.mkfifo(folder / "pipe.csv")
    found = survey(folder)
    assert [arrival.name for arrival in found.arrivals] == ["deep/real.csv", "inside.csv"]
    assert found.passed_over == {
        "links that lead out of the folder": 3,
        "links that lead nowhere": 1,
        "pipes, sockets and devices": 1,
    }
    assert {item.file_sha256 for item in land(found.arrivals, store)} == {sha(b"asli")}


def test_names_that_are_not_utf8_stay_apart_and_readable(folder: Path, store: Path) -> None:
    for raw in (b"\xff.csv", b"\xfe.csv"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + raw)).write_bytes(raw)
    arrivals = listing(folder)
    assert [arrival.name for arrival in arrivals] == ["\\xfe.csv", "\\xff.csv"]
    assert {item.file_sha256 for item in land(arrivals, store)} == {
        sha(b"\xff.csv"),
        sha(b"\xfe.csv"),
    }


def test_a_missing_folder_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--landing"):
        listing(tmp_path / "absent")


def test_a_file_that_goes_while_the_folder_is_read_is_no_arrival(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "stays.csv")
    monkeypatch.setattr(
        landing.os, "walk", lambda root, **_: [(str(folder), [], ["gone.csv", "stays.csv"])]
    )
    assert names(folder) == ["stays.csv"]


# --- the store ----------------------------------------------------------------------------


def test_the_store_keeps_every_byte_under_its_hash(folder: Path, store: Path) -> None:
    contents = {"a.csv": b"\x00\r\n\xff", "b.csv": b"", "c.csv": b"x" * (2 << 20)}
    for name, content in contents.items():
        drop(folder, name, content)
    found = {item.arrival.name: item.file_sha256 for item in land(listing(folder), store)}
    assert found == {name: sha(content) for name, content in contents.items()}
    for name, content in contents.items():
        assert stored_path(store, found[name]).read_bytes() == content
        assert (folder / name).read_bytes() == content


def test_equal_contents_share_one_copy(folder: Path, store: Path) -> None:
    drop(folder, "a.csv")
    drop(folder, "b.csv")
    first, second = land(listing(folder), store)
    assert first.file_sha256 == second.file_sha256
    assert len([path for path in store.rglob("*") if path.is_file()]) == 1


def test_many_files_are_synced_at_once(folder: Path, store: Path) -> None:
    for number in range(landing._SYNC_ONE_BY_ONE + 1):
        drop(folder, f"{number}.csv", b"%d" % number)
    assert len(land(listing(folder), store)) == landing._SYNC_ONE_BY_ONE + 1


def test_a_copy_damaged_by_a_power_cut_is_written_again(folder: Path, store: Path) -> None:
    drop(folder, "a.csv", b"12345")
    damaged = stored_path(store, sha(b"12345"))
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"\x00" * 5)
    (store / ".incoming-4242").write_bytes(b"half a file of a killed run")
    land(listing(folder), store)
    assert damaged.read_bytes() == b"12345"
    assert not list(store.glob(".incoming-*"))


def test_a_file_that_changed_since_the_listing_waits(folder: Path, store: Path) -> None:
    path = drop(folder, "growing.csv", b"one")
    arrivals = listing(folder)
    path.write_bytes(b"one, two")
    assert land(arrivals, store) == []
    assert [item.file_sha256 for item in land(listing(folder), store)] == [sha(b"one, two")]


def test_a_file_that_became_a_pipe_since_the_listing_makes_nobody_wait(
    folder: Path, store: Path
) -> None:
    drop(folder, "a.csv", b"a")
    drop(folder, "b.csv", b"b")
    arrivals = listing(folder)
    (folder / "a.csv").unlink()
    os.mkfifo(folder / "a.csv")
    assert [item.arrival.name for item in land(arrivals, store)] == ["b.csv"]


@pytest.mark.parametrize("place", ["open", "read"])
def test_a_file_that_cannot_be_read_waits_and_stops_nothing(
    folder: Path, store: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    drop(folder, "closed.csv", b"a")
    drop(folder, "open.csv", b"b")
    real_read = landing._read
    if place == "open":
        real = os.open

        def refuse(path, *more):
            if str(path).endswith("closed.csv"):
                raise PermissionError(13, "Permission denied")
            return real(path, *more)

        monkeypatch.setattr(landing.os, "open", refuse)
    else:
        closed = iter([None])
        monkeypatch.setattr(landing, "_read", lambda source: next(closed, real_read(source)))
    assert [item.arrival.name for item in land(listing(folder), store)] == ["open.csv"]
    monkeypatch.undo()
    assert len(land(listing(folder), store)) == 2
    assert not list(store.glob(".incoming-*"))


def test_a_full_disk_of_our_own_stops_the_run(
    folder: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "a.csv", b"a")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        land(listing(folder), store)


def test_a_file_removed_since_the_listing_stops_nothing(folder: Path, store: Path) -> None:
    drop(folder, "a.csv", b"a")
    drop(folder, "b.csv", b"b")
    arrivals = listing(folder)
    (folder / "a.csv").unlink()
    assert [item.arrival.name for item in land(arrivals, store)] == ["b.csv"]
    assert not list(store.glob(".incoming-*"))


# --- what is new, and batches -------------------------------------------------------------


def arrival(name: str, size: int = 1, modified: int = 1) -> Arrival:
    return Arrival(name, Path(name), size, modified)


@pytest.mark.parametrize(
    ("known", "is_new"),
    [
        ({}, True),
        ({"a": (1, 1)}, False),
        ({"a": (2, 1)}, True),
        ({"a": (1, 2)}, True),
        ({"b": (1, 1)}, True),
    ],
)
def test_new_is_what_differs_in_name_size_or_time(
    known: dict[str, tuple[int, int]], is_new: bool
) -> None:
    assert bool(new_arrivals([arrival("a")], known)) is is_new


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 7), st.integers(1, 60))
def test_batches_keep_all_files_in_order_within_bounds(
    sizes: list[int], max_files: int, max_bytes: int
) -> None:
    arrivals = [arrival(str(number), size) for number, size in enumerate(sizes)]
    groups = list(batches(arrivals, max_files=max_files, max_bytes=max_bytes))
    assert [item for group in groups for item in group] == arrivals
    for group in groups:
        assert 0 < len(group) <= max_files
        assert len(group) == 1 or sum(item.size_bytes for item in group) <= max_bytes
