"""Which release of the taggers the marts read, and every release that the lake has seen.

A release is the hash of all models, rulebooks and word lists together. Promoting appends one
line to a small file in the lake; nothing is ever rewritten. A release that has rulebooks of its
own keeps a copy of them in the lake, so that later runs can go on tagging under it.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse import durability


class UnknownRelease(ValueError):
    """No release of this lake has that name; the message lists those there are."""


@dataclass(frozen=True)
class Release:
    """One release as the lake knows it.

    `versions` are part -> version; `rulebooks` are the lake's own copies of the rulebook files
    that stand in for bundled ones, empty when all are bundled.
    """

    name: str
    versions: Mapping[str, str]
    rulebooks: tuple[Path, ...]
    made_at: str


def _file(lake_root: Path) -> Path:
    return lake_root / "_control" / "releases.jsonl"


def history(lake_root: Path) -> list[dict[str, Any]]:
    """All promotions, oldest first; a last line torn by a crash is ignored."""
    path = _file(lake_root)
    if not path.exists():
        return []
    promotions = []
    for line in path.read_text("utf-8").splitlines():
        try:
            promotions.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return promotions


def promoted(lake_root: Path) -> str | None:
    """The release that marts read, None before the first one."""
    promotions = history(lake_root)
    return str(promotions[-1]["release"]) if promotions else None


def promote(lake_root: Path, release: str, versions: Mapping[str, str]) -> None:
    """Make this release the one that marts read; durable when it returns."""
    path = _file(lake_root)
    durability.make_folder(path.parent)
    line = json.dumps(
        {
            "release": release,
            "versions": dict(versions),
            "promoted_at": datetime.now(UTC).isoformat(),
        },
        sort_keys=True,
    )
    new = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        # A torn line before this one must not swallow it.
        file.write(("\n" if path.stat().st_size else "") + line + "\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        durability.sync_folder(path.parent)


def register(
    lake_root: Path, release: str, versions: Mapping[str, str], rulebooks: Sequence[Path] = ()
) -> Release:
    """Remember what a release is made of, with copies of its rulebooks; repeating changes nothing."""
    folder = _known(lake_root)
    if not (folder / f"{release}.json").exists():
        document = {
            "release": release,
            "versions": dict(versions),
            "rulebooks": [_kept(lake_root, path) for path in rulebooks],
            "made_at": datetime.now(UTC).isoformat(),
        }
        durability.make_folder(folder)
        content = json.dumps(document, sort_keys=True, indent=1).encode()
        durability.write_atomically(folder / f"{release}.json", content)
    return find(lake_root, release)


def _kept(lake_root: Path, path: Path) -> str:
    """Name of the lake's own copy of a rulebook file."""
    content = path.read_bytes()
    # The stem stays readable; the hash makes two contents two files.
    name = f"{path.stem.split('.')[0]}.{hashlib.sha256(content).hexdigest()[:12]}.yml"
    copy = _rulebooks(lake_root) / name
    if not copy.exists():
        durability.make_folder(copy.parent)
        durability.write_atomically(copy, content)
    return name


def known(lake_root: Path) -> list[Release]:
    """All releases that were ever used on this lake, oldest first."""
    found = [_read(lake_root, path) for path in _known(lake_root).glob("*.json")]
    return sorted(found, key=lambda release: (release.made_at, release.name))


def find(lake_root: Path, name: str) -> Release:
    """The release with this name, the beginning of one, or "promoted". Raises UnknownRelease."""
    releases = known(lake_root)
    wanted = (promoted(lake_root) or "") if name == "promoted" else name
    matches = [release for release in releases if wanted and release.name.startswith(wanted)]
    if len(matches) == 1:
        return matches[0]
    listed = ", ".join(release.name for release in releases) or "none yet"
    many = "several releases begin" if matches else "no release of this lake begins"
    raise UnknownRelease(f"{many} with {name!r}; there are: {listed}")


def rulebooks_in_force(lake_root: Path) -> tuple[Path, ...]:
    """Own rulebooks of the promoted release; empty while the bundled ones are in force."""
    current = promoted(lake_root)
    if current is None or not (_known(lake_root) / f"{current}.json").exists():
        return ()
    return find(lake_root, current).rulebooks


def _known(lake_root: Path) -> Path:
    return lake_root / "_control" / "releases"


def _rulebooks(lake_root: Path) -> Path:
    return lake_root / "_control" / "rulebooks"


def _read(lake_root: Path, path: Path) -> Release:
    document = json.loads(path.read_text("utf-8"))
    books = tuple(_rulebooks(lake_root) / name for name in document["rulebooks"])
    return Release(document["release"], document["versions"], books, document["made_at"])
