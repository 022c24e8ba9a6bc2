"""`lakehouse collect`: take webhooks in and write landing files until told to stop."""

import os
import signal
import sys
from pathlib import Path

from ingestion.collect.journal import InUse
from ingestion.collect.limits import Limits
from ingestion.collect.serving import describe, log_to_stderr, serve
from ingestion.collect.sources import BadSecret, served
from warehouse.settings import Settings


def collect_webhooks(
    *, landing: Path | None, host: str, port: int, limits: Limits, log_requests: bool
) -> int:
    """Exit code 1 when nothing can be served, 3 when another collector is at work."""
    settings = Settings.from_environment().at(landing=landing)
    log_to_stderr(requests=log_requests)
    try:
        sources, missing = served(os.environ, limits.replay_seconds)
    except BadSecret as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    describe(sources, missing)
    if not sources:
        sys.stderr.write("nothing to serve: no source has its secrets in the environment\n")
        return 1
    # The server finishes its work on SIGTERM and then raises the signal once more.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        serve(sources, settings.landing, limits, host, port)
    except InUse as problem:
        sys.stderr.write(f"{problem}; stop it first or name another folder with --landing\n")
        return 3
    except KeyboardInterrupt:
        pass  # the server has shut down by then
    return 0
