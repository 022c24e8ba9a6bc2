"""Step 0: new answers of all sources become files of the landing folder, one source after another.

Pulling needs packages of its own, so nothing of it is imported before it is used.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warehouse.settings import Settings

if TYPE_CHECKING:
    from ingestion.pull.base import Source
    from ingestion.pull.pulling import Outcome

Report = Callable[["Outcome"], None]


def chosen_sources(names: Sequence[str]) -> "list[Source]":
    """The named sources of the settings file, or all of them.

    Raises SettingsProblem (a ValueError) and ModuleNotFoundError.
    """
    from ingestion.pull.configuration import known, read_sources, settings_file

    path = settings_file()
    sources = read_sources(path)
    return [known(sources, name, path) for name in names or sorted(sources)]


def pull_each(
    sources: "Sequence[Source]",
    settings: Settings,
    *,
    since: datetime | None = None,
    dry_run: bool = False,
    report: Report = lambda outcome: None,
) -> "Iterator[Outcome]":
    """One outcome a source; a problem of one does not stop the others.

    `report` is called after each batch. Raises OSError when the disk fails.
    """
    from ingestion.pull.configuration import home
    from ingestion.pull.cursors import AlreadyPulling, CursorStore
    from ingestion.pull.pulling import Outcome, pull

    cursors = CursorStore(home() / "pull")
    for source in sources:
        try:
            yield pull(
                source,
                landing=settings.landing,
                cursors=cursors,
                since=since,
                dry_run=dry_run,
                progress=report,
            )
        except AlreadyPulling:
            problem = "another process pulls this source"
            yield Outcome(source.name, source.kind, problem=problem, busy=True)
