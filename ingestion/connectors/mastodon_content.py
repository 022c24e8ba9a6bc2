"""What a post of Mastodon says: its words as text, and what else is told about it."""

from typing import Any

from ingestion.connectors.email_html import html_to_text
from ingestion.connectors.fields import clean_text, items, missing, optional_mapping, optional_text


def words_of(post: dict[str, Any], limit: int) -> str | None:
    """The warning that the author wrote above the post, and the post."""
    content = post.get("content")
    if not isinstance(content, str):
        raise missing("content")
    clean_text(content, limit)
    parts = (optional_text(post, "spoiler_text") or "", html_to_text(content))
    text = "\n".join(part for part in parts if part.strip())
    return clean_text(text, limit) or None


def metadata_of(post: dict[str, Any]) -> dict[str, Any]:
    """Language, visibility, quoted post and kinds of media, as far as they are told."""
    quote = post.get("quote")
    quoted = optional_mapping(quote, "quoted_status").get("id") if isinstance(quote, dict) else None
    media = [
        item.get("type") for item in items(post, "media_attachments") if isinstance(item, dict)
    ]
    found = {
        "lang": optional_text(post, "language"),
        "visibility": optional_text(post, "visibility"),
        "quotes": quoted if isinstance(quoted, str) else None,
        "media": [kind for kind in media if isinstance(kind, str)],
    }
    return {key: value for key, value in found.items() if value}
