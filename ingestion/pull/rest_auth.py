"""Credentials of REST requests: a secret that enters a header when a request is made."""

from collections.abc import Callable

from requests import PreparedRequest
from requests.auth import AuthBase

from ingestion.pull.base import PullProblem
from ingestion.pull.secrets import Secret


class HeaderAuth(AuthBase):
    """Puts a secret into a header when a request is made, and not before."""

    def __init__(self, secret: Secret, header: str, form: Callable[[str], str]) -> None:
        self._secret, self._header, self._form = secret, header, form

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the header; raises PullProblem when the variable is not set."""
        value = self._form(self._secret.reveal())
        if not value.isascii() or not value.isprintable():
            raise PullProblem(f"{self._secret.variable} holds characters that no header may have")
        request.headers[self._header] = value
        return request


def bearer(secret: Secret) -> HeaderAuth:
    """The usual `Authorization: Bearer` header."""
    return HeaderAuth(secret, "Authorization", lambda token: f"Bearer {token}")
