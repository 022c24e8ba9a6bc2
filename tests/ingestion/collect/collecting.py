"""A collector as a process of its own, signed deliveries to it, and what it handed over."""

import hashlib
import hmac
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

COMMAND = str(Path(sys.executable).with_name("lakehouse"))
SECRET = "an-app-secret-for-tests"
VERIFY = "a-verify-token-for-tests"
TOKEN = "a-bearer-token-for-tests"
SECRETS = {
    "LAKEHOUSE_COLLECT_WHATSAPP_SECRET": SECRET,
    "LAKEHOUSE_COLLECT_WHATSAPP_VERIFY_TOKEN": VERIFY,
    "LAKEHOUSE_COLLECT_CLOUDEVENTS_TOKEN": TOKEN,
    "LAKEHOUSE_COLLECT_CHATWOOT_TOKEN": TOKEN,
}
WHATSAPP = "/webhooks/whatsapp"


def signed(body: bytes) -> dict[str, str]:
    """Headers with which Meta would send the body."""
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


@dataclass
class Running:
    """A collector that answers at `url`; `said` is its error stream so far."""

    process: subprocess.Popen[bytes]
    url: str
    said: list[str] = field(default_factory=list)

    def post(self, body: bytes, **options) -> httpx.Response:
        """One signed WhatsApp delivery."""
        return httpx.post(self.url + WHATSAPP, content=body, headers=signed(body), **options)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stop(self) -> int:
        """End it as a service manager would; the exit code."""
        self.process.terminate()
        return self.process.wait(30)


def environment(**secrets: str) -> dict[str, str]:
    """The environment with these secrets and no others."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LAKEHOUSE_COLLECT_")}
    return kept | (secrets or SECRETS)


@contextmanager
def collector(landing: Path, *options: str) -> Iterator[Running]:
    """A collector on a free port; killed at the end unless the test ended it."""
    with started(COMMAND, "collect", "--landing", str(landing), "--port", "0", *options) as running:
        yield running


_LIMITED = """
import sys
from pathlib import Path
from ingestion.collect.limits import Limits
from orchestration.commands.collect import collect_webhooks
collect_webhooks(landing=Path({landing!r}), host="127.0.0.1", port=0, limits=Limits(**{limits}),
                 log_requests=True)
"""


@contextmanager
def limited(landing: Path, limits: dict[str, float]) -> Iterator[Running]:
    """A collector with bounds that the command line does not offer."""
    script = _LIMITED.format(landing=str(landing), limits=limits)
    with started(sys.executable, "-c", script) as running:
        yield running


@contextmanager
def started(*arguments: str) -> Iterator[Running]:
    """The process, once it says where it answers."""
    process = subprocess.Popen(arguments, env=environment(), stderr=subprocess.PIPE)
    running = Running(process, "")
    try:
        for line in process.stderr:
            running.said.append(line.decode())
            if found := re.search(r"collecting on (\S+)", running.said[-1]):
                running.url = found[1]
                break
        else:
            raise AssertionError(f"did not start: {running.said}")
        threading.Thread(
            target=lambda: running.said.extend(line.decode() for line in process.stderr),
            daemon=True,
        ).start()
        yield running
    finally:
        process.kill()
        process.wait()


def files(landing: Path) -> list[Path]:
    """What was handed over, by name."""
    return [p for p in sorted((landing / "webhooks").glob("*/*")) if not p.name.startswith(".")]


def lines(landing: Path) -> list[bytes]:
    """All lines of the files of lines."""
    return [
        line
        for path in files(landing)
        if path.suffix == ".jsonl"
        for line in path.read_bytes().splitlines()
    ]
