"""Intercom: conversations that changed, each with all its parts.

search by updated_at, oldest first -> ids -> GET each -> one JSONL file a page of the search

A conversation is fetched again whenever it changes, so edits and redactions come too.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from ingestion.pull.base import Answer, Batch, Cursor, Finding, Source, lines_of
from ingestion.pull.changed import Changed, gone_notice
from ingestion.pull.fields import listed, native_id, unix_seconds, whole
from ingestion.pull.rest import Page, Rest
from ingestion.pull.rest_auth import bearer
from ingestion.pull.sections import Section
from ingestion.pull.waiting import Waits

VERSION = "2.11"


class IntercomSource(Source):
    """One Intercom workspace."""

    kind: ClassVar[str] = "intercom"

    def __init__(self, section: Section, waits: Waits | None = None) -> None:
        self.name = section.name
        self._url = section.address("url", "https://api.intercom.io")
        self._page_size = section.whole("page_size", 50, 1, 150)
        secret = section.secret("token")
        self._variable = secret.variable
        self._rest = Rest(
            self._url,
            bearer(secret),
            variable=secret.variable,
            permission="Read conversations",
            headers={"Intercom-Version": VERSION},
            waits=waits,
        )

    @property
    def identity(self) -> dict[str, Any]:
        """The workspace: a token belongs to one, so its variable stands for it."""
        return {"kind": self.kind, "url": self._url, "token": self._variable}

    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """Pages of changed conversations, oldest change first."""
        changed = Changed(cursor, unix_seconds(since))
        highest, in_order = changed.start, True
        for page in self._search(changed.start):
            found = listed(page.value, "conversations")
            times = [whole(item, "updated_at") for item in found]
            # Should the API give another order, the cursor waits for the last page.
            in_order &= times == sorted(times) and (not times or times[0] >= highest)
            highest = max([highest, *times])
            answers, notice = self._fetch(changed, found, times)
            if in_order:
                changed.move(highest)
            yield Batch(answers, changed.cursor(), notice)
        changed.move(highest)
        yield Batch((), changed.cursor())

    def check(self) -> Iterator[Finding]:
        """The token's own account, and one conversation."""
        yield self._rest.check(f"{self.name} token", "me")
        yield self._rest.check(f"{self.name} conversations", "conversations", {"per_page": 1})

    def _search(self, start: int) -> Iterator[Page]:
        body = {
            "query": {"field": "updated_at", "operator": ">", "value": max(start - 1, 0)},
            "sort": {"field": "updated_at", "order": "ascending"},
            "pagination": {"per_page": self._page_size},
        }
        paginator = JSONResponseCursorPaginator(
            cursor_path="pages.next.starting_after", cursor_body_path="pagination.starting_after"
        )
        return self._rest.pages("conversations/search", None, paginator, json=body)

    def _fetch(
        self, changed: Changed, found: list[dict[str, Any]], times: list[int]
    ) -> tuple[tuple[Answer, ...], str]:
        documents, gone = [], 0
        for item, at in zip(found, times, strict=True):
            key = native_id(item)
            if not changed.is_new(key, at):
                continue
            document = self._rest.one_or_gone(f"conversations/{key}")
            if document is None:
                gone += 1
                continue
            documents.append(document.raw)
            changed.add(key, at)
        answer = Answer("conversations", "jsonl", lines_of(documents), len(documents))
        return (answer,) if documents else (), gone_notice(gone)
