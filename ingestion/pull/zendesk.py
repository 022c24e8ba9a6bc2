"""Zendesk: tickets, ticket events with comments, and users, by the incremental exports.

incremental/<stream> -> pages -> one JSON file a page, as received

Tickets and users go by cursor, events by time; the API offers no cursor for them. Deleted tickets
come with status `deleted`. The exports hold back the last minute, so late writes are not lost.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import Request, Response

from ingestion.pull.base import Answer, Batch, Cursor, Finding, PullProblem, Source
from ingestion.pull.fields import listed, unix_seconds
from ingestion.pull.rest import Rest
from ingestion.pull.rest_auth import HeaderAuth, bearer
from ingestion.pull.sections import Section
from ingestion.pull.waiting import Waits

SCOPES = ("agent", "ai_agent", "all")
STREAMS = ("tickets", "ticket_events", "users")


class ZendeskSource(Source):
    """One Zendesk account."""

    kind: ClassVar[str] = "zendesk"

    def __init__(self, section: Section, waits: Waits | None = None) -> None:
        self.name = section.name
        self._url = section.address("url")
        self._streams = section.choices("streams", STREAMS)
        self._page_size = section.whole("page_size", 500, 1, 1000)
        self._scope = section.choice("support_type_scope", SCOPES, "agent")
        secret = section.secret("token")
        auth = bearer(secret)
        if section.has("user"):
            user = section.text("user")
            auth = HeaderAuth(secret, "Authorization", lambda token: _basic(user, token))
        self._rest = Rest(
            self._url,
            auth,
            variable=secret.variable,
            permission="the admin role, or an OAuth token with tickets:read and users:read",
            waits=waits,
        )

    @property
    def identity(self) -> dict[str, Any]:
        """The account, and which of its tickets."""
        return {"kind": self.kind, "url": self._url, "scope": self._scope}

    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """The pages of every stream."""
        cursor = dict(cursor)
        # The API wants a time that lies a minute in the past; 0 is refused by some accounts.
        start = max(unix_seconds(since), 1)
        for stream in self._streams:
            for answer, position in self._pages(stream, cursor.get(stream), start):
                cursor = cursor | {stream: position}
                yield Batch((answer,) if answer.items else (), cursor)

    def check(self) -> Iterator[Finding]:
        """One small request for every stream."""
        for stream in self._streams:
            params = self._params(stream) | {"start_time": 1, "per_page": 1}
            yield self._rest.check(f"{self.name} {stream}", _path(stream), params)

    def _pages(self, stream: str, after: Any, start: int) -> Iterator[tuple[Answer, Any]]:
        by_time = stream == "ticket_events"
        paginator = _ByTime() if by_time else _ByCursor()
        params = self._params(stream) | {"per_page": self._page_size}
        if by_time:
            params["start_time"] = after or start
        elif after:
            params["cursor"] = after
        else:
            params["start_time"] = start
        for page in self._rest.pages(_path(stream), params, paginator):
            items = len(listed(page.value, stream))
            position = page.value.get("end_time" if by_time else "after_cursor") or after
            if position is None and items:
                raise PullProblem(f"{self.name}: an answer says not where the next one begins")
            after = position
            yield Answer(stream, "json", page.raw, items), position

    def _params(self, stream: str) -> dict[str, Any]:
        params: dict[str, Any] = {}
        if stream == "ticket_events":
            # Without this the events say that there is a comment, but not which.
            params["include"] = "comment_events"
        if stream != "users" and self._scope != "agent":
            params["support_type_scope"] = self._scope
        return params


class _ByCursor(JSONResponseCursorPaginator):
    """Goes on until the API says that the stream ends; a cursor is there even then."""

    def __init__(self) -> None:
        super().__init__(cursor_path="after_cursor", cursor_param="cursor")

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Read the next cursor, unless this was the last page."""
        super().update_state(response, data)
        if response.json().get("end_of_stream") is not False:
            self._has_next_page = False

    def update_request(self, request: Request) -> None:
        """A cursor takes the place of the start time."""
        super().update_request(request)
        if isinstance(request.params, dict):
            request.params.pop("start_time", None)


class _ByTime(_ByCursor):
    """The same by the time at which a page ends."""

    def __init__(self) -> None:
        JSONResponseCursorPaginator.__init__(
            self, cursor_path="end_time", cursor_param="start_time"
        )

    def update_request(self, request: Request) -> None:
        """The end of one page is the start of the next."""
        JSONResponseCursorPaginator.update_request(self, request)


def _path(stream: str) -> str:
    ending = ".json" if stream == "ticket_events" else "/cursor.json"
    return f"api/v2/incremental/{stream}{ending}"


def _basic(user: str, token: str) -> str:
    return "Basic " + b64encode(f"{user}/token:{token}".encode()).decode("ascii")
