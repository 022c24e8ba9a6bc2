"""JSON with comments, as documentation prints it: comments and trailing commas taken out.

Only tried where the text is no JSON as it stands; nothing within a string is touched.
"""

import re

from ingestion.connectors.base import RejectedInput

_STRING = rb'"(?:[^"\\\n]|\\.)*"'
_COMMENT = re.compile(_STRING + rb"|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/")
_COMMA = re.compile(_STRING + rb"|,(?=\s*[}\]])")


def without_comments(raw: bytes) -> bytes:
    """The same JSON without comments; raises RejectedInput when there are none to take out."""
    if b"//" not in raw and b"/*" not in raw:
        raise RejectedInput("bad_json", "this is no JSON; deliver it again")
    plain = _COMMENT.sub(_only_strings, raw)
    return _COMMA.sub(_only_strings, plain)


def _only_strings(match: re.Match[bytes]) -> bytes:
    return match[0] if match[0].startswith(b'"') else b""
