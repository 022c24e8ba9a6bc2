"""Reads one file in a process of its own, which may die: `python -m ingestion.trial CONNECTOR FILE NAME`.

NAME is the one under which the file arrived.

For a file during whose reading a run died. Nothing is kept; the exit code tells whether reading it
ends, within bounds of memory and processor time that an honest file is far from.
"""

import resource
import sys
from pathlib import Path

from ingestion.connectors.base import Payload
from ingestion.connectors.registry import connectors

MEMORY_BYTES = 4 << 30
SECONDS = 600
FAILED = 1


def main(
    connector: str, path: Path, name: str, memory: int = MEMORY_BYTES, seconds: int = SECONDS
) -> int:
    """0 when reading ended; 1 when memory ran out. Time that runs out kills the process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = next((item for item in connectors() if item.name == connector), None)
    if reader is None:
        return 0
    try:
        for payload in reader.fetch_named(path, name):
            if isinstance(payload, Payload):
                for _ in reader.parse(payload):
                    pass
    except MemoryError:
        return FAILED
    except Exception:
        return 0  # whatever a parser raises costs one reject in the run itself
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:])))
