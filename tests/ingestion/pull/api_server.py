"""A local HTTP server that answers as a test tells it, and fails as networks do.

Faults are used up one by one, each by one request: `throttle` (429 with Retry-After), `busy`
(503), `break` (the connection ends in mid-body), `cut` (a body that ends early, unnoticed by
HTTP), `reset` (no answer at all), `garbage` (a page of HTML).
"""

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from ingestion.pull.waiting import Waits

QUICK = Waits(attempts=4, first_seconds=0.002, longest_seconds=2.0)
FAULTS = ("throttle", "busy", "break", "cut", "reset", "garbage")


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    method: str
    path: str
    params: dict
    headers: dict
    body: dict


@dataclass(frozen=True)
class Reply:
    """One answer: a JSON value, or the bytes themselves."""

    body: object
    status: int = 200
    headers: dict = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class ApiServer:
    """Answers with `respond`; keeps every request in `calls`."""

    def __init__(self, respond: Callable[[Call], Reply]) -> None:
        self.respond, self.faults, self.calls = respond, deque(), []
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Small writes would otherwise wait for the other side's delayed acknowledgement.
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self):
                api._handle(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _handle(self, http):
        length = int(http.headers.get("Content-Length", 0))
        body = json.loads(http.rfile.read(length)) if length else {}
        parts = urlsplit(http.path)
        params = dict(parse_qsl(parts.query))
        call = Call(http.command, parts.path, params, dict(http.headers), body)
        self.calls.append(call)
        fault = self.faults.popleft() if self.faults else None
        if fault == "throttle":
            self._send(http, Reply({"error": "slow down"}, 429, {"Retry-After": "0"}))
        elif fault == "busy":
            self._send(http, Reply({"error": "busy"}, 503))
        elif fault == "garbage":
            self._send(http, Reply(b"<html>a word from the proxy</html>"))
        elif fault == "reset":
            http.connection.shutdown(socket.SHUT_RDWR)
        elif fault in ("break", "cut"):
            self._send(http, self.respond(call), ends_early=fault)
        else:
            self._send(http, self.respond(call))

    def _send(self, http, reply, ends_early=None):
        http.send_response(reply.status)
        for name, value in reply.headers.items():
            http.send_header(name, value)
        http.send_header("Content-Type", "application/json")
        if "Content-Length" in reply.headers:
            pass
        elif ends_early == "cut":
            http.send_header("Connection", "close")
        else:
            http.send_header("Content-Length", str(len(reply.raw)))
        http.end_headers()
        http.wfile.write(reply.raw[: len(reply.raw) // 2] if ends_early else reply.raw)
        if ends_early:
            http.wfile.flush()
            http.close_connection = True
            http.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(respond: Callable[[Call], Reply]) -> Iterator[ApiServer]:
    """A running server that ends with the block."""
    api = ApiServer(respond)
    thread = threading.Thread(target=api._server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        api._server.shutdown()
        api._server.server_close()
        thread.join()
