"""X (API v2): recent search, mentions of a user, and a user's own posts.

search | mentions | tweets -> pages, newest first -> one JSON file a page, as received

Pages go backwards, so `since_id` moves when the last page is safe; a pull that was stopped goes
on from its token. The search reaches back seven days: an older cursor begins there, and says so.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from ingestion.pull.base import Answer, Batch, Cursor, Finding, PullProblem, Source
from ingestion.pull.fields import iso_seconds, listed, unexpected, whole
from ingestion.pull.rest import Page, Rest
from ingestion.pull.rest_auth import bearer
from ingestion.pull.sections import Section
from ingestion.pull.waiting import Waits

STREAMS = ("search", "mentions", "posts")
FIELDS = {
    "tweet.fields": "author_id,conversation_id,created_at,edit_history_tweet_ids,"
    "in_reply_to_user_id,lang,note_tweet,referenced_tweets,withheld",
    "expansions": "author_id",
    "user.fields": "name,username",
}
REACH = timedelta(days=7) - timedelta(minutes=5)
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)


class XSource(Source):
    """One search, or one user of X."""

    kind: ClassVar[str] = "x"

    def __init__(self, section: Section, waits: Waits | None = None) -> None:
        self.name = section.name
        self._url = section.address("url", "https://api.x.com")
        self._stream = section.choice("stream", STREAMS)
        self._of = section.text("query" if self._stream == "search" else "user_id")
        if self._stream != "search" and not self._of.isdecimal():
            raise section.problem(
                'user_id must be the number of the user, in quotes: "123"', "user_id"
            )
        self._page_size = section.whole("page_size", 100, 10, 100)
        secret = section.secret("token")
        self._rest = Rest(
            self._url,
            bearer(secret),
            variable=secret.variable,
            permission="an app with access to this endpoint (tweet.read, users.read)",
            waits=waits,
        )

    @property
    def identity(self) -> dict[str, Any]:
        """The search or the user."""
        return {"kind": self.kind, "url": self._url, "stream": self._stream, "of": self._of}

    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """Pages newer than the last pull, newest first."""
        after = {key: cursor[key] for key in ("since_id", "start_time") if key in cursor}
        if since and not after:
            after = {"start_time": iso_seconds(since)}
        after, notice = self._within_reach(after, datetime.now(UTC))
        going: dict[str, str] = cursor.get("going", {})
        newest = going.get("newest", "")
        for page in self._going_on(after, going.get("token", "")):
            meta = page.value.get("meta")
            if not isinstance(meta, dict):
                raise unexpected("meta")
            items = len(listed(page.value, "data")) if whole(meta, "result_count") else 0
            newest = max([newest, str(meta.get("newest_id", ""))], key=_order)
            going = {"newest": newest, "token": meta.get("next_token", "")}
            answers = (Answer(self._stream, "json", page.raw, items),) if items else ()
            yield Batch(answers, after | {"going": going}, notice)
            notice = ""
        yield Batch((), {"since_id": newest} if newest else after)

    def check(self) -> Iterator[Finding]:
        """The endpoint with the smallest page."""
        yield self._rest.check(f"{self.name} {self._stream}", self._path(), self._params(10))

    def _going_on(self, after: Cursor, token: str) -> Iterator[Page]:
        """From where a pull was stopped; a token that is too old costs the pages before it."""
        pages = self._pages(after, token)
        try:
            first = next(pages)
        except PullProblem as problem:
            if not token or problem.status != 400:
                raise
            pages = self._pages(after, "")
            first = next(pages)
        yield first
        yield from pages

    def _pages(self, after: Cursor, token: str) -> Iterator[Page]:
        params = self._params(self._page_size) | after
        name = "next_token" if self._stream == "search" else "pagination_token"
        if token:
            params[name] = token
        paginator = JSONResponseCursorPaginator(cursor_path="meta.next_token", cursor_param=name)
        return self._rest.pages(self._path(), params, paginator)

    def _within_reach(self, after: Cursor, now: datetime) -> tuple[Cursor, str]:
        """The search refuses what lies before its reach; what that leaves out is said."""
        if self._stream != "search":
            return after, ""
        begins = now - REACH
        if "since_id" in after and _posted_at(after["since_id"]) >= begins:
            return after, ""
        if "start_time" in after and datetime.fromisoformat(after["start_time"]) >= begins:
            return after, ""
        if not after:
            return after, ""
        return {"start_time": iso_seconds(begins)}, (
            "the search reaches back seven days; older posts need an archive export"
        )

    def _path(self) -> str:
        if self._stream == "search":
            return "2/tweets/search/recent"
        return f"2/users/{self._of}/{'tweets' if self._stream == 'posts' else self._stream}"

    def _params(self, size: int) -> dict[str, Any]:
        params: dict[str, Any] = FIELDS | {"max_results": size}
        return params | ({"query": self._of} if self._stream == "search" else {})


def _order(native_id: str) -> int:
    return int(native_id) if native_id.isdecimal() else -1


def _posted_at(native_id: str) -> datetime:
    """Ids of posts hold their creation time in milliseconds."""
    return _EPOCH + timedelta(milliseconds=_order(native_id) >> 22)
