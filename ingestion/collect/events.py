"""CloudEvents over HTTP: which mode a request is in, and the attributes its headers carry.

Nothing here reads the body. In binary mode the attributes stand in `ce-` headers; they are kept
with the body and joined to one structured event when the journal is handed over.
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote

REQUIRED = ("specversion", "id", "source", "type")
MOST_ATTRIBUTES = 64
_NAME = re.compile(r"[a-z0-9]{1,64}")
_ORIGIN = re.compile(r"[A-Za-z0-9.-]{1,253}")


class BadEvent(ValueError):
    """The headers do not make a CloudEvent; the message says what is missing."""


def context_of(headers: Mapping[str, str]) -> bytes:
    """The attributes of a binary event as JSON, b"" for a structured event or a batch.

    Raises BadEvent when it is none of the three.
    """
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media in ("application/cloudevents+json", "application/cloudevents-batch+json"):
        return b""
    if media.startswith("application/cloudevents"):
        raise BadEvent("only the JSON format of CloudEvents is read")
    found = _attributes(headers)
    if missing := [name for name in REQUIRED if not found.get(name)]:
        raise BadEvent(f"header ce-{missing[0]} is missing, and the body is no structured event")
    if len(found) > MOST_ATTRIBUTES or not all(_NAME.fullmatch(name) for name in found):
        raise BadEvent(f"up to {MOST_ATTRIBUTES} attributes of small letters and digits are read")
    if {"data", "data_base64", "datacontenttype"} & found.keys():
        raise BadEvent("data and its type are the body and its content-type, not ce- headers")
    if media:
        found["datacontenttype"] = headers["content-type"]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _attributes(headers: Mapping[str, str]) -> dict[str, str]:
    try:
        return {
            name.removeprefix("ce-"): unquote(value, errors="strict")
            for name, value in headers.items()
            if name.startswith("ce-")
        }
    except UnicodeDecodeError as error:
        raise BadEvent("a ce- header is not percent-encoded UTF-8") from error


def consent(headers: Mapping[str, str], rate: float) -> dict[str, str]:
    """Headers that answer the question whether a sender may deliver here.

    It is not an authorisation: each delivery still has to be authentic.
    """
    answer = {"Allow": "POST, OPTIONS"}
    origin = headers.get("webhook-request-origin", "")
    if _ORIGIN.fullmatch(origin):
        answer["WebHook-Allowed-Origin"] = origin
        answer["WebHook-Allowed-Rate"] = str(int(rate * 60))
    return answer
