"""What a post of X says: its words, the posts it refers to, and what else is told about it."""

from typing import Any

from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
    optional_text,
    required_text,
)


def references_of(post: dict[str, Any]) -> dict[str, str]:
    """{kind: id} of the posts that a post answers, quotes or repeats."""
    found: dict[str, str] = {}
    for reference in items(post, "referenced_tweets"):
        reference = mapping(reference, "referenced_tweets")
        found[required_text(reference, "type")] = required_text(reference, "id")
    return found


def metadata_of(
    post: dict[str, Any], references: dict[str, str], author: str | None
) -> dict[str, Any]:
    """Language, quoted and repeated posts, countries in which it is withheld."""
    withheld = optional_mapping(post, "withheld")
    codes = [code for code in items(withheld, "country_codes") if isinstance(code, str)]
    found = {
        "lang": optional_text(post, "lang"),
        "quotes": references.get("quoted"),
        "reposts": references.get("retweeted"),
        "withheld_in": codes or None,
        "author": None if author else "unknown",
    }
    return {key: value for key, value in found.items() if value}


def words_of(post: dict[str, Any], references: dict[str, str]) -> str:
    """What the author wrote; a repost repeats another's words and has none of its own.

    The API escapes exactly three characters.
    """
    if "retweeted" in references:
        return ""
    text = optional_text(optional_mapping(post, "note_tweet"), "text")
    text = text or optional_text(post, "text") or ""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
