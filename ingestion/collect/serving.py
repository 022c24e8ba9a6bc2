"""The server around the application: its socket, its bounds on connections, its lifetime."""

import asyncio
import logging
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from ingestion.collect.app import application
from ingestion.collect.counters import Counters
from ingestion.collect.journal import journal_folder, owned, sync_folder
from ingestion.collect.keeping import Keeper
from ingestion.collect.limits import Limits
from ingestion.collect.sources import Source

_LOCK_SECONDS = 3
_log = logging.getLogger("lakehouse.collect")


def serve(sources: list[Source], landing: Path, limits: Limits, host: str, port: int) -> None:
    """Collect until the process is told to stop; returns when everything is handed over.

    Raises OSError for an address or a folder that cannot be used, InUse when another collector
    works on the same landing folder.
    """
    landing.mkdir(parents=True, exist_ok=True)
    folder = journal_folder(landing)
    # A run that hands over what was left holds the journals for a moment.
    with owned(folder, _LOCK_SECONDS), _listening(host, port) as listener:
        sync_folder(landing.parent)  # both folders may be new
        counters = Counters()
        keeper = Keeper(folder, landing, limits, counters)
        app = Bounded(application(sources, keeper, limits, counters), limits, counters)
        _log.info("collecting on %s into %s", address(listener), landing)
        Server(config(app, limits)).run(sockets=[listener])


def config(app: ASGIApp, limits: Limits) -> Config:
    """The server's settings; nothing of a client or of an address is logged."""
    return Config(
        app,
        http=_protocol(limits.header_seconds),
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=limits.connections,
        h11_max_incomplete_event_size=limits.header_bytes,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=limits.shutdown_seconds,
    )


def address(listener: socket.socket) -> str:
    """Where the service is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Bounded:
    """Sends away at once what exceeds the number of requests in work or the size of headers."""

    def __init__(self, app: ASGIApp, limits: Limits, counters: Counters) -> None:
        self._app, self._limits, self._counters = app, limits, counters
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._running >= self._limits.requests:
            await self._send_away(send, 503, b"too_many_requests_in_work\n")
        elif _size(scope["headers"]) > self._limits.header_bytes:
            await self._send_away(send, 431, b"headers_too_large\n")
        else:
            self._running += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._running -= 1

    async def _send_away(self, send: Send, status: int, reason: bytes) -> None:
        self._counters.answers["none", status] += 1
        headers = [(b"retry-after", b"1"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": reason})


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    # The parser bounds only what arrives in several pieces.
    return sum(len(name) + len(value) for name, value in headers)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def _protocol(header_seconds: float) -> type[asyncio.Protocol]:
    """HTTP/1.1 that closes a connection whose request line and headers take too long."""

    class Deadline(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._expect()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE:
                self._relax()
            elif self._deadline is None:
                self._expect()  # the beginning of another request

        def connection_lost(self, exc: Exception | None) -> None:
            self._relax()
            super().connection_lost(exc)

        def _expect(self) -> None:
            self._deadline = self.loop.call_later(header_seconds, self.transport.abort)

        def _relax(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Deadline


def log_to_stderr(*, requests: bool) -> None:
    """Lines with a time on the error stream; `requests` adds one for each request."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("lakehouse.collect.access").setLevel(
        logging.INFO if requests else logging.WARNING
    )


def describe(sources: list[Source], missing: Mapping[str, str]) -> None:
    """Say at the start which sources are served and what the others lack."""
    for source in sources:
        _log.info("%s is served at %s", source.name, source.path)
    for name, lacks in missing.items():
        _log.info("%s is not served: set %s", name, lacks)
