"""Silver, what cannot be shown yet: accepted facts whose conversation lacks a date or a message."""

from typing import Final

from warehouse import contracts
from warehouse.tables.bronze import FILE
from warehouse.tables.definition import Table
from warehouse.tables.interactions import CONVERSATION

WAITING: Final = Table(
    name="silver.waiting",
    schema=contracts.WAITING,
    key=("conversation_hash", "file_sha256"),
    grain="One row per waiting conversation of a source and file that tells of it.",
    owner="data-engineering",
    pii="pseudonymous",
    description=(
        "Accepted facts that are in no conversation of silver yet: transcripts without any date until"
        " a fact of their call brings one; deletions, statuses and names of people until a message"
        " of theirs comes. The rows go as soon as it has come."
    ),
    column_descriptions={
        "conversation_hash": CONVERSATION,
        "file_sha256": FILE,
        "source_system": "Source that stated the facts, for example captions.",
        "waits_for": "date: nothing tells when it was; message: no words and no call, as with a status alone.",
        "records": "Facts of this conversation that count as stated by this file.",
    },
)

TABLES: Final = (WAITING,)
