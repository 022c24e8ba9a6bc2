"""Why a connection failed, in words with a remedy; addresses yes, content and secrets never."""

import socket
import ssl
from collections.abc import Iterator


def why(error: BaseException, place: str) -> str:
    """What is wrong with the connection to `place` and what to do about it."""
    causes = list(_causes(error))
    for kind, words in (
        (socket.gaierror, "the host is not known; check its spelling and the name server"),
        (ssl.SSLCertVerificationError, "its certificate is not trusted or is of another host;"
         " check the host's name, or name the authority's file with ca_file"),
        (ssl.SSLError, "TLS fails; check the port and whether it expects TLS"),
        (ConnectionRefusedError, "the connection is refused; check host and port"),
        (TimeoutError, "it does not answer in time; check host, port and firewall"),
        (ConnectionError, "the connection breaks; check the network and pull again"),
    ):  # fmt: skip
        if any(isinstance(cause, kind) for cause in causes):
            return f"{place}: {words}"
    names = {type(cause).__name__ for cause in causes}
    if "NameResolutionError" in names:
        return f"{place}: the host is not known; check its spelling and the name server"
    if names & {"ConnectTimeout", "ReadTimeout"}:
        return f"{place}: it does not answer in time; check host, port and firewall"
    return f"{place}: the connection breaks ({type(error).__name__}); pull again"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it: libraries wrap, chain or hold the first one."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 50:
        item = waiting.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
