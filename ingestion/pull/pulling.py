"""One pull of one source: batches to files, then the cursor, again and again until nothing is new.

The order is the whole point: a cursor is saved only when the answers before it are durable.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingestion.pull.base import PullProblem, Source
from ingestion.pull.cursors import CursorStore
from ingestion.pull.delivery import Delivered, Delivery


@dataclass(slots=True)
class Outcome:
    """What one pull brought; `problem` says why it stopped early, empty when it did not.

    `busy` tells that another process pulls the source, so that nothing was begun.
    """

    source: str
    kind: str
    files: int = 0
    repeats: int = 0
    items: int = 0
    size_bytes: int = 0
    notices: list[str] = field(default_factory=list)
    problem: str = ""
    busy: bool = False


def pull(
    source: Source,
    *,
    landing: Path,
    cursors: CursorStore,
    since: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Pull what is new; what came before a problem is kept, and the next pull goes on from there.

    With `since` the source starts over from that time. A dry run looks at the first batch, writes
    nothing and counts what it holds. Raises AlreadyPulling, and OSError when the disk fails.
    """
    outcome = Outcome(source.name, source.kind)
    with cursors.held(source.name):
        try:
            _pull(source, landing, cursors, since, dry_run, progress, outcome)
        except PullProblem as problem:
            outcome.problem = str(problem)
    return outcome


def _pull(
    source: Source,
    landing: Path,
    cursors: CursorStore,
    since: datetime | None,
    dry_run: bool,
    progress: Callable[[Outcome], None],
    outcome: Outcome,
) -> None:
    cursor = {} if since else cursors.load(source.name, source.identity)
    delivery = None if dry_run else Delivery(landing, source.name)
    for batch in source.batches(cursor, since):
        if delivery is None:
            delivered = Delivered(len(batch.answers), 0, sum(len(a.content) for a in batch.answers))
        else:
            delivered = delivery.deliver(batch.answers)
            cursors.save(source.name, source.identity, batch.cursor)
        outcome.files += delivered.files
        outcome.repeats += delivered.repeats
        outcome.size_bytes += delivered.size_bytes
        outcome.items += sum(answer.items for answer in batch.answers)
        if batch.notice:
            outcome.notices.append(batch.notice)
        progress(outcome)
        if dry_run:
            return
