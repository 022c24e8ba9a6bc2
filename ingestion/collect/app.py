"""The HTTP side of a collector: a request becomes an entry that is kept, or an error.

body within bounds -> authentic -> within the source's rate -> kept durably -> 200

No body is parsed here. What is logged of a request: method, source, status, sizes and times.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ingestion.collect.counters import Counters
from ingestion.collect.events import BadEvent, consent
from ingestion.collect.keeping import Keeper, Stopped
from ingestion.collect.limits import Budget, Exhausted, Limits, TokenBucket
from ingestion.collect.records import Entry
from ingestion.collect.signatures import Delivery
from ingestion.collect.sources import Source

_SOON = {"Retry-After": "1"}
_LATER = {"Retry-After": "10"}
# The body may not have been read to its end, so nothing else can follow on the connection.
_CLOSE = {"Connection": "close"}
_access = logging.getLogger("lakehouse.collect.access")


class Refused(Exception):
    """Ends a request with this answer; `reason` is counted and never holds content."""

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, headers or {}


class Desk:
    """Answers the requests of one source."""

    def __init__(
        self, source: Source, keeper: Keeper, limits: Limits, counters: Counters, shared: Budget
    ) -> None:
        self._source, self._keeper, self._limits = source, keeper, limits
        self._counters, self._waiting_bytes = counters, shared
        self._bucket = TokenBucket(limits.rate, limits.burst)

    def routes(self) -> list[Route]:
        """The addresses of the source."""
        paths = [self._source.path]
        if self._source.secret_path:
            paths.append(self._source.path + "/{token}")
        return [Route(path, self.answer, methods=["GET", "POST", "OPTIONS"]) for path in paths]

    async def answer(self, request: Request) -> Response:
        """One request from beginning to end, counted and logged."""
        started = time.monotonic()
        size = 0
        try:
            if request.method == "POST":
                response, size = await self._post(request)
            else:
                response = self._ask(request)
        except Refused as refused:
            self._counters.refused[self._source.name, refused.reason] += 1
            response = PlainTextResponse(
                refused.reason + "\n", status_code=refused.status, headers=refused.headers
            )
        self._counters.answers[self._source.name, response.status_code] += 1
        _access.info(
            "%s %s %d %d bytes %.1f ms",
            request.method,
            self._source.name,
            response.status_code,
            size,
            (time.monotonic() - started) * 1000,
        )
        return response

    def _ask(self, request: Request) -> Response:
        """Meta's question when a subscription is made, or a CloudEvents sender's for consent."""
        if request.method == "OPTIONS" and self._source.name == "cloudevents":
            return Response(headers=consent(request.headers, self._limits.rate))
        if request.method != "GET" or not self._source.verify_tokens:
            raise Refused(405, "method_not_allowed", {"Allow": "POST"})
        asked = request.query_params
        challenge = asked.get("hub.challenge", "")
        known = self._source.knows(asked.get("hub.verify_token", ""))
        if asked.get("hub.mode") != "subscribe" or not challenge or not known:
            raise Refused(403, "wrong_challenge")
        return PlainTextResponse(challenge)

    async def _post(self, request: Request) -> tuple[Response, int]:
        with self._waiting_bytes.share() as take:
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    body = await self._body(request, take)
            except TimeoutError as error:
                raise Refused(408, "body_too_slow", _CLOSE) from error
            except ClientDisconnect as error:
                raise Refused(400, "disconnected", _CLOSE) from error
            except Exhausted as error:
                raise Refused(503, "too_many_bytes_waiting", _SOON | _CLOSE) from error
            await self._keep(self._entry(request, body))
        return _thanks(self._source), len(body)

    async def _body(self, request: Request, take: Callable[[int], None]) -> bytes:
        """The raw body, refused as soon as it is known to be too large."""
        most = self._limits.body_bytes
        stated = request.headers.get("content-length", "0")
        if request.headers.get("content-encoding", "identity") != "identity":
            raise Refused(415, "encoded_body", _CLOSE)
        if stated.isdigit() and int(stated) > most:
            raise Refused(413, "body_too_large", _CLOSE)
        parts: list[bytes] = []
        size = 0
        async for part in request.stream():
            take(len(part))
            size += len(part)
            if size > most:
                raise Refused(413, "body_too_large", _CLOSE)
            parts.append(part)
        return b"".join(parts)

    def _entry(self, request: Request, body: bytes) -> Entry:
        source = self._source
        delivery = Delivery(
            request.headers,
            body,
            time.time(),
            request.url.query,
            request.path_params.get("token", ""),
        )
        problem = source.problem(delivery)
        if problem:
            raise Refused(401, problem)
        # Only the authentic count, so that strangers cannot use up what the source may send.
        if wait := self._bucket.take():
            raise Refused(429, "too_many_requests", {"Retry-After": str(math.ceil(wait))})
        if not body and not source.empty_bodies:
            raise Refused(400, "empty_body")
        try:
            return Entry(source.name, source.context(delivery), body)
        except BadEvent as error:
            raise Refused(400, "not_a_cloudevent") from error

    async def _keep(self, entry: Entry) -> None:
        try:
            await self._keeper.keep(entry)
        except Stopped as error:
            raise Refused(503, "shutting_down", _SOON | _CLOSE) from error
        except Exception as error:
            # Of whatever kind: the entry is not known to be on disk.
            raise Refused(503, "not_kept", _LATER) from error


def application(
    sources: Sequence[Source], keeper: Keeper, limits: Limits, counters: Counters
) -> Starlette:
    """The service for these sources; `keeper` starts and stops with it."""
    shared = Budget(limits.waiting_bytes)
    routes = [
        route
        for source in sources
        for route in Desk(source, keeper, limits, counters, shared).routes()
    ]

    async def health(request: Request) -> Response:
        if keeper.failing:
            return PlainTextResponse(f"journal: {keeper.failing}\n", 503, headers=_LATER)
        return PlainTextResponse("ok\n")

    async def metrics(request: Request) -> Response:
        return PlainTextResponse(counters.text())

    async def stranger(request: Request, error: Exception) -> Response:
        counters.answers["none", 404] += 1
        return PlainTextResponse("not_served\n", 404, headers=_CLOSE)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        keeper.start()
        yield
        await asyncio.to_thread(keeper.stop)

    routes += [Route("/healthz", health), Route("/metrics", metrics)]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: stranger})
    app.router.redirect_slashes = False  # senders do not follow, they give up
    return app


def _thanks(source: Source) -> Response:
    if source.name == "twilio":  # it reads an answer to a message as an instruction: none
        return Response("<Response/>", media_type="text/xml")
    return Response()
