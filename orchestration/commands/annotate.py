"""`lakehouse annotate`: JSON lines in, tagged JSON lines out."""

import sys
from collections.abc import Iterator
from typing import Any

import orjson


def annotate_lines() -> int:
    """Tag every line of standard input; exit code 1 when a line was not usable."""
    from enrichment.messages import annotate_messages

    failed = False
    for answer in annotate_messages(json_lines()):
        failed = failed or "error" in answer
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()
    return 1 if failed else 0


def json_lines() -> Iterator[Any]:
    """What each line of standard input holds; `{"id", "error"}` for one that is not JSON."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            yield {"id": f"line {number}", "error": "the line is not valid JSON in UTF-8"}
