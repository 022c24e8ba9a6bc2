"""Mastodon: mentions of an account, and its own statuses, oldest first.

notifications | statuses -> pages by Link header (rel=prev: newer) -> one JSON file a page

Ids grow with time, so `min_id` is an exact cursor. Edits and deletions of statuses that were
pulled are not reported by these lists.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from dlt.sources.helpers.rest_client.paginators import HeaderLinkPaginator

from ingestion.pull.base import Answer, Batch, Cursor, Finding, PullProblem, Source
from ingestion.pull.fields import listed, unix_seconds
from ingestion.pull.rest import Rest
from ingestion.pull.rest_auth import bearer
from ingestion.pull.sections import Section
from ingestion.pull.waiting import Waits

STREAMS = ("mentions", "statuses")
_ID_BITS_BELOW_MILLISECONDS = 16


class MastodonSource(Source):
    """One account on one server."""

    kind: ClassVar[str] = "mastodon"

    def __init__(self, section: Section, waits: Waits | None = None) -> None:
        self.name = section.name
        self._url = section.address("url")
        self._account = section.text("account_id")
        if not self._account.isalnum():
            raise section.problem(
                "account_id must be the account's id, letters and digits", "account_id"
            )
        self._streams = section.choices("streams", STREAMS)
        self._page_size = section.whole("page_size", 40, 1, 80)
        secret = section.secret("token")
        self._rest = Rest(
            self._url,
            bearer(secret),
            variable=secret.variable,
            permission="the scopes read:notifications, read:statuses and read:accounts",
            waits=waits,
        )

    @property
    def identity(self) -> dict[str, Any]:
        """The account."""
        return {"kind": self.kind, "url": self._url, "account_id": self._account}

    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """The pages of every stream."""
        cursor = dict(cursor)
        start = str((unix_seconds(since) * 1000) << _ID_BITS_BELOW_MILLISECONDS)
        for stream in self._streams:
            params = self._params(stream) | {"min_id": cursor.get(stream, start)}
            pages = self._rest.pages(
                self._path(stream), params, HeaderLinkPaginator("prev"), shape=list
            )
            for page in pages:
                items = len(listed(page.value))
                if not items:
                    break
                cursor = cursor | {stream: _newest(page.next_url)}
                yield Batch((Answer(stream, "json", page.raw, items),), cursor)

    def check(self) -> Iterator[Finding]:
        """The token, the account, and every stream."""
        yield self._rest.check(f"{self.name} token", "api/v1/accounts/verify_credentials")
        for stream in self._streams:
            params = self._params(stream) | {"limit": 1}
            yield self._rest.check(f"{self.name} {stream}", self._path(stream), params, list)

    def _path(self, stream: str) -> str:
        if stream == "mentions":
            return "api/v1/notifications"
        return f"api/v1/accounts/{self._account}/statuses"

    def _params(self, stream: str) -> dict[str, Any]:
        params: dict[str, Any] = {"limit": self._page_size}
        return params | ({"types[]": "mention"} if stream == "mentions" else {})


def _newest(next_url: str) -> str:
    """The `min_id` of the link to newer items."""
    found = parse_qs(urlsplit(next_url).query).get("min_id", [])
    if len(found) != 1:
        raise PullProblem("a page has no Link header with rel=prev and min_id; check url")
    return found[0]
