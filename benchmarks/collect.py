"""Webhooks acknowledged durably per second by one collector, beside the bare cost of fsync.

The clients run in this process on the other core, each with one connection and one request at
a time, so that what they cost is part of what the machine can do.
"""

import asyncio
import hashlib
import hmac
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.home import COMMAND, Home
from benchmarks.measure import Figure

_SECONDS = 5.0
_CLIENTS = (1, 64)
_SECRET = "a-secret-for-measuring"
_BODY = b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[]}],"pad":"%s"}' % (
    b"x" * 600
)


def measure(home: Home) -> Iterator[Figure]:
    """Rates of both on the same disk; a body has about the size of one chat message's webhook."""
    folder = home.root / "collect"
    folder.mkdir()
    bare = _bare(folder / "bare")
    yield Figure("bytes of a body", len(_BODY), "B")
    yield Figure("bare append and fsync, one by one", bare, "fsyncs/s")
    started = time.perf_counter()
    with _collector(folder / "landing") as port:
        yield Figure("start until it answers", time.perf_counter() - started, "s")
        for clients in _CLIENTS:
            named = f"{clients} client" + ("s" if clients > 1 else "")
            before = _fsyncs(port)
            answered = asyncio.run(_load(port, clients))
            fsyncs = _fsyncs(port) - before
            rate = answered / _SECONDS
            yield Figure(f"acknowledged, {named}", rate, "requests/s")
            yield Figure(f"requests of one fsync, {named}", answered / fsyncs, "")
            yield Figure(f"acknowledged : bare fsyncs, {named}", rate / bare, "ratio")


def _bare(path: Path) -> float:
    """Appends of one body, each followed by fsync, per second."""
    count, until = 0, time.perf_counter() + _SECONDS
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        while time.perf_counter() < until:
            os.write(handle, _BODY)
            os.fsync(handle)
            count += 1
    finally:
        os.close(handle)
    return count / _SECONDS


@contextmanager
def _collector(landing: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--rate", "1000000", "--burst", "1000000", "--no-log-requests"]
    environment = os.environ | {
        "LAKEHOUSE_COLLECT_WHATSAPP_SECRET": _SECRET,
        "LAKEHOUSE_COLLECT_WHATSAPP_VERIFY_TOKEN": _SECRET,
    }
    process = subprocess.Popen(
        [COMMAND, "collect", "--landing", str(landing), *options],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield port
        process.terminate()
        if process.wait(60):
            raise RuntimeError("the collector did not end well")
    finally:
        process.kill()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.01)
    raise RuntimeError("the collector did not start")


def _fsyncs(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        found = re.search(rb"collect_fsyncs_total (\d+)", answer.read())
    return int(found[1]) if found else 0


async def _load(port: int, clients: int) -> int:
    """How many requests were answered 200 within the time, by so many clients in parallel."""
    until = time.perf_counter() + _SECONDS
    return sum(await asyncio.gather(*(_client(port, until) for _ in range(clients))))


async def _client(port: int, until: float) -> int:
    digest = hmac.new(_SECRET.encode(), _BODY, hashlib.sha256).hexdigest()
    request = (
        b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"X-Hub-Signature-256: sha256=%s\r\nContent-Length: %d\r\n\r\n%s"
    ) % (digest.encode(), len(_BODY), _BODY)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode("latin-1").splitlines()[0])
        answered += 1
    writer.close()
    return answered
