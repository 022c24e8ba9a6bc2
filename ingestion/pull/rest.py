"""A REST API, read politely: pages with bounded tries, without loops, with errors in words.

Rest.pages(path, paginator) -> Page (raw bytes, decoded value)
Rest.one(path) -> one answer

Built on dlt's REST client, paginators and retrying session. Redirects are not followed, because
they would carry the token to another place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from dlt.common.configuration.specs.runtime_configuration import RuntimeConfiguration
from dlt.sources.helpers.requests.retry import DEFAULT_RETRY_EXCEPTIONS, Client
from dlt.sources.helpers.rest_client.client import RESTClient
from dlt.sources.helpers.rest_client.paginators import BasePaginator, SinglePagePaginator
from requests import HTTPError, RequestException, Response
from requests.auth import AuthBase
from requests.exceptions import ChunkedEncodingError, ContentDecodingError

from ingestion.pull.base import Finding, PullProblem
from ingestion.pull.fields import unexpected
from ingestion.pull.loop_guard import LoopGuard
from ingestion.pull.network import why
from ingestion.pull.waiting import Waits

ANSWER_BYTES = 32 * 1024 * 1024
_TIMEOUT = (10, 120)
_AGENT = "interaction-lakehouse"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer as received and as a value; `next_url` is where the following page lies."""

    raw: bytes
    value: Any
    next_url: str = ""


class _Incomplete(ChunkedEncodingError):
    """A body that ended early without the transport noticing; tried again like one that did."""


class Rest:
    """One API with its address, credentials and patience.

    `variable` names the secret's variable for messages, `permission` what the account must be
    allowed to do.
    """

    def __init__(
        self,
        url: str,
        auth: AuthBase,
        *,
        variable: str,
        permission: str,
        headers: Mapping[str, str] | None = None,
        waits: Waits | None = None,
    ) -> None:
        self.url, self._variable, self._permission = url, variable, permission
        waits = waits or Waits()
        session = Client(
            request_timeout=_TIMEOUT,
            raise_for_status=False,
            exceptions=(*DEFAULT_RETRY_EXCEPTIONS, ContentDecodingError),
            request_max_attempts=waits.attempts,
        ).session
        patient = session.send.retry.retry & waits.bearable  # type: ignore[attr-defined]
        session.send = session.send.retry_with(  # type: ignore[attr-defined,method-assign]
            wait=waits.seconds, retry=patient
        )
        self._client = RESTClient(
            url,
            headers={"User-Agent": _AGENT, "Accept": "application/json", **(headers or {})},
            auth=auth,
            session=session,
            config=RuntimeConfiguration(),
        )

    def one(self, path: str, params: Mapping[str, Any] | None = None, shape: type = dict) -> Page:
        """One answer. Raises PullProblem."""
        return next(self.pages(path, params, SinglePagePaginator(), shape=shape))

    def one_or_gone(self, path: str, params: Mapping[str, Any] | None = None) -> Page | None:
        """One answer; None for an item that was deleted since it was listed."""
        try:
            return self.one(path, params)
        except PullProblem as problem:
            if problem.status in (404, 410):
                return None
            raise

    def pages(
        self,
        path: str,
        params: Mapping[str, Any] | None,
        paginator: BasePaginator,
        json: Mapping[str, Any] | None = None,
        shape: type = dict,
    ) -> Iterator[Page]:
        """Page after page as the paginator finds them; with `json` by POST.

        `shape` is what each answer must be, dict or list: a paginator trusts it.

        Raises PullProblem for anything that stops the pages before their end.
        """
        guard = LoopGuard(self.url)
        try:
            for page in self._client.paginate(
                path,
                method="POST" if json is not None else "GET",
                params=dict(params or {}),
                json=dict(json) if json is not None else None,
                paginator=paginator,
                data_selector="$",
                hooks={"response": [partial(self._complete, shape)]},
                allow_redirects=False,
            ):
                request, raw = page.request, page.response.content
                if page.paginator.has_next_page:
                    guard.next(raw, request.url, request.params, request.json)
                yield Page(raw, orjson.loads(raw), str(request.url or ""))
        except RequestException as error:
            raise self._problem(error, path) from None

    def check(
        self, what: str, path: str, params: Mapping[str, Any] | None = None, shape: type = dict
    ) -> Finding:
        """Whether one request is answered; the remedy when it is not."""
        try:
            self.one(path, params, shape)
        except PullProblem as problem:
            return Finding(what, False, "no", str(problem))
        return Finding(what, True, f"{self.url} answers")

    def _complete(self, shape: type, response: Response, *_: Any, **__: Any) -> None:
        """Runs for every try, before the answer counts as received."""
        if 300 <= response.status_code < 400:
            raise PullProblem(
                f"{self.url} sends requests to another place ({response.status_code}); write the"
                " final address as url"
            )
        if response.status_code >= 400:
            raise HTTPError(response=response)
        length = response.headers.get("Content-Length", "0")
        if (length.isdigit() and int(length) > ANSWER_BYTES) or len(
            response.content
        ) > ANSWER_BYTES:
            raise PullProblem(
                f"an answer of {self.url} is larger than {ANSWER_BYTES:,} bytes; lower page_size"
            )
        try:
            value = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            raise _Incomplete(response=response) from None
        if not isinstance(value, shape):
            raise unexpected(shape.__name__)

    def _problem(self, error: RequestException, path: str) -> PullProblem:
        place = f"{self.url} ({path.split('?')[0]})"
        if isinstance(error, _Incomplete):
            return PullProblem(f"{place}: the answer is no complete JSON; check url")
        if not isinstance(error, HTTPError) or error.response is None:
            return PullProblem(why(error, self.url))
        status = error.response.status_code
        words = {
            400: "the request is refused; check the settings of this source",
            401: f"the credentials are refused; check the value of {self._variable}",
            403: f"a permission is missing; the account needs: {self._permission}",
            404: "there is nothing; check url and the ids in the settings",
            410: "this is gone; check url and the ids in the settings",
            422: "the request is refused; check the settings of this source",
            429: "the limit of requests is reached; pull again later, what came is kept",
        }
        known = words.get(status, "the server fails; pull again later, what came is kept")
        return PullProblem(f"{place}: {known} (HTTP {status})", status)
