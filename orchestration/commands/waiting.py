"""What waits for what, as `lakehouse run` and `lakehouse rejects` say it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warehouse.delta import Lake


def waiting_facts(lake: "Lake") -> list[dict[str, Any]]:
    """One mapping per file with facts that wait, the longest waiting first; ready for JSON."""
    from dataclasses import asdict

    from warehouse.waiting import waiting_files

    return [
        asdict(file) | {"since": file.since.isoformat(timespec="seconds")}
        for file in waiting_files(lake)
    ]


def summary(waiting: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line per source and what it waits for; none when nothing waits."""
    for source, waits_for, files in _by_source(waiting):
        records = sum(file["records"] for file in files)
        yield (
            f"waiting {source}: {_count(records, 'record')} of"
            f" {_count(len(files), 'file')} for a {waits_for}, since {files[0]['since'][:10]}"
        )


def listing(waiting: Sequence[Mapping[str, Any]], limit: int) -> Iterator[str]:
    """The lines of `summary`, each with its remedy and its files."""
    from warehouse.waiting import REMEDIES

    lines = list(summary(waiting))
    for line, (_, waits_for, files) in zip(lines, _by_source(waiting), strict=True):
        yield line
        yield f"  {REMEDIES[waits_for]}"
        for file in files[:limit]:
            yield f"  {file['name']}: {_count(file['records'], 'record')} since {file['since']}"
        if len(files) > limit:
            yield f"  ... and {_count(len(files) - limit, 'more file')}; see --limit"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _by_source(
    waiting: Iterable[Mapping[str, Any]],
) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for file in waiting:
        found.setdefault((file["source_system"], file["waits_for"]), []).append(file)
    return [(*place, files) for place, files in sorted(found.items())]
