"""Who wrote a post of Mastodon: one spelling of the account, and whether it is the company's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ingestion.connectors.fields import mapping, missing, optional_text, required_text

_EMOJI = re.compile(r":\w{2,64}:", re.ASCII)


@dataclass(frozen=True, slots=True)
class Author:
    """`handle` is name@server in lower case, or the bare name where no address tells the server."""

    handle: str
    name: str | None
    role: str


def author_of(post: dict[str, Any], company_accounts: Iterable[str]) -> Author:
    """The author of a post; raises RejectedInput when it names none.

    Accounts of the server that was asked are named without it, so addresses complete them.
    """
    if post.get("account") is None:
        raise missing("account")
    account = mapping(post["account"], "account")
    name = required_text(account, "acct").strip().lstrip("@").lower()
    handle = name
    if "@" not in name:
        places = (account.get("url"), account.get("uri"), post.get("uri"), post.get("url"))
        server = next((found for place in places if (found := _server(place))), None)
        handle = f"{name}@{server}" if server else name
    known = {own.strip().lstrip("@").lower() for own in company_accounts}
    role = "customer"
    if known & {name, handle}:
        role = "bot" if account.get("bot") is True else "agent"
    shown = _EMOJI.sub("", optional_text(account, "display_name") or "").strip()
    return Author(handle, shown or None, role)


def _server(address: object) -> str | None:
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return None
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
