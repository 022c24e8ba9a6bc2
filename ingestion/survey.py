"""What lies in a drop folder: files that may be taken, and entries that are passed over.

Nothing is opened here; copying belongs to `ingestion.landing`.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_UNFINISHED = (".part", ".tmp", ".crdownload", ".swp")
_MAILDIR = frozenset(("cur", "new", "tmp"))
_NOT_MAIL = (".drafts", ".trash", ".junk", ".spam")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file seen in the drop folder; `name` is its path relative to that folder."""

    name: str
    path: Path
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What a drop folder holds: arrivals by name, and how many entries were passed over and why."""

    arrivals: list[Arrival]
    passed_over: Mapping[str, int]


def listing(folder: Path) -> list[Arrival]:
    """All finished regular files below the folder, by name; hidden and half-written ones wait.

    Raises FileNotFoundError with a remedy when the folder does not exist.
    """
    return survey(folder).arrivals


def survey(folder: Path) -> Survey:
    """As `listing`, and what else lies there: no entry is left out without being counted.

    Links are followed within the folder only: whoever may drop files must not thereby have
    other files of this machine read, such as the key of the lake.
    """
    if not folder.is_dir():
        raise FileNotFoundError(
            f"landing folder {folder} does not exist; create it or name another with --landing"
        )
    passed_over: Counter[str] = Counter()
    arrivals = sorted(_arrivals(folder, passed_over), key=lambda arrival: arrival.name)
    return Survey(arrivals, passed_over)


def _arrivals(folder: Path, passed_over: Counter[str]) -> Iterator[Arrival]:
    def closed(error: OSError) -> None:
        passed_over["folders that cannot be read"] += 1

    top = folder.resolve()
    for root, folders, names in os.walk(folder, onerror=closed):
        folders[:] = _entered(Path(root), folders)
        for name in names:
            path = Path(root, name)
            if name.startswith(".") or name.endswith(_UNFINISHED):
                continue
            try:
                if path.is_symlink() and not path.resolve(strict=True).is_relative_to(top):
                    passed_over["links that lead out of the folder"] += 1
                    continue
                status = path.stat()
            except (OSError, RuntimeError):
                # Gone since the folder was read, or a link that leads nowhere or in a circle.
                passed_over["links that lead nowhere"] += path.is_symlink()
                continue
            if stat.S_ISREG(status.st_mode):
                relative = _readable(path.relative_to(folder).as_posix())
                yield Arrival(relative, path, status.st_size, status.st_mtime_ns)
            else:
                passed_over["pipes, sockets and devices"] += 1


def _entered(root: Path, folders: list[str]) -> list[str]:
    """Folders to look into. In a Maildir, tmp holds unfinished mails and folders begin with a dot."""
    plain = [name for name in folders if not name.startswith(".")]
    if not set(folders) >= _MAILDIR:
        return plain
    dotted = [
        name
        for name in folders
        if name.startswith(".")
        and not name.lower().startswith(_NOT_MAIL)
        and Path(root, name, "cur").is_dir()
    ]
    return [name for name in plain if name != "tmp"] + dotted


def _readable(name: str) -> str:
    """A name that is not valid UTF-8 must not stop the listing, nor look like another one."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
