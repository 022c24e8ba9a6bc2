"""Chatwoot: conversations that changed, each with all its messages.

list, newest activity first -> until older than the last pull -> messages of each -> one JSONL file
a page: the page itself, then the messages of its conversations

The list can only be read newest first, so the cursor moves when the end is reached; a pull that
was stopped goes on from its page. Messages are fetched whole, so edits and deletions come too.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator

from ingestion.pull.base import Answer, Batch, Cursor, Finding, PullProblem, Source, lines_of
from ingestion.pull.changed import Changed, gone_notice
from ingestion.pull.fields import listed, native_id, unix_seconds, whole
from ingestion.pull.rest import Rest
from ingestion.pull.rest_auth import HeaderAuth
from ingestion.pull.sections import Section
from ingestion.pull.waiting import Waits

MOST_MESSAGE_PAGES = 10_000


class ChatwootSource(Source):
    """One account of a Chatwoot installation."""

    kind: ClassVar[str] = "chatwoot"

    def __init__(self, section: Section, waits: Waits | None = None) -> None:
        self.name = section.name
        self._url = section.address("url", "https://app.chatwoot.com")
        self._account = section.whole("account_id", None, 1, 2**53)
        secret = section.secret("token")
        self._rest = Rest(
            self._url,
            HeaderAuth(secret, "api_access_token", str),
            variable=secret.variable,
            permission="an agent or administrator of the account who sees the inboxes",
            waits=waits,
        )

    @property
    def identity(self) -> dict[str, Any]:
        """The account."""
        return {"kind": self.kind, "url": self._url, "account_id": self._account}

    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """Pages of conversations, newest activity first, down to what is known."""
        changed = Changed(cursor, unix_seconds(since))
        going: dict[str, int] = cursor.get("going", {})
        number, newest = going.get("page", 1), going.get("newest", changed.newest)
        paginator = PageNumberPaginator(
            base_page=number, page_param="page", total_path=None, stop_after_empty_page=False,
            maximum_page=2**31,
        )  # fmt: skip
        params = {"status": "all", "assignee_type": "all", "page": number}
        for page in self._rest.pages(self._path(), params, paginator):
            found = listed(page.value, "data", "payload")
            times = [whole(item, "last_activity_at", "timestamp") for item in found]
            newest = max([newest, *times])
            if not found:
                break
            answers, notice = self._fetch(changed, page.raw, found, times)
            changed.trim(newest, {native_id(item) for item in found})
            # A pull that is stopped here reads this page again: conversations that are deleted
            # meanwhile pull later ones forward.
            going = {"page": number, "newest": newest}
            yield Batch(answers, changed.cursor() | {"going": going}, notice)
            number += 1
            if max(times) < changed.start:
                break
        changed.move(newest)
        yield Batch((), changed.cursor())

    def check(self) -> Iterator[Finding]:
        """The token's owner, and the first page of the account's conversations."""
        yield self._rest.check(f"{self.name} token", "api/v1/profile")
        yield self._rest.check(f"{self.name} conversations", self._path(), {"status": "all"})

    def _path(self, of: str = "") -> str:
        return f"api/v1/accounts/{self._account}/conversations{of}"

    def _fetch(
        self, changed: Changed, raw: bytes, found: list[dict[str, Any]], times: list[int]
    ) -> tuple[tuple[Answer, ...], str]:
        documents, gone = [raw], 0
        for item, at in zip(found, times, strict=True):
            key = native_id(item)
            if not changed.is_new(key, at):
                continue
            messages = self._messages(key)
            if messages is None:
                gone += 1
                continue
            documents += messages
            changed.add(key, at)
        answer = Answer("conversations", "jsonl", lines_of(documents), len(documents) - 1)
        return (answer,) if answer.items else (), gone_notice(gone)

    def _messages(self, conversation: str) -> list[bytes] | None:
        """All pages of one conversation's messages, newest first; None when it is gone."""
        documents: list[bytes] = []
        params: dict[str, Any] = {}
        while len(documents) < MOST_MESSAGE_PAGES:
            page = self._rest.one_or_gone(self._path(f"/{conversation}/messages"), params)
            if page is None:
                return None
            found = listed(page.value, "payload")
            if not found:
                return documents
            documents.append(page.raw)
            oldest = min(whole(item, "id") for item in found)
            if oldest >= params.get("before", oldest + 1):
                raise PullProblem(f"{self._url} repeats a page of messages; pull again later")
            params = {"before": oldest}
        raise PullProblem(f"{self._url}: a conversation has too many pages of messages")
