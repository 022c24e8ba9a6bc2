"""The kinds of sources that can be pulled. A new one is one file beside this one and one line."""

from collections.abc import Callable

from ingestion.pull.base import Source
from ingestion.pull.chatwoot import ChatwootSource
from ingestion.pull.imap import ImapSource
from ingestion.pull.intercom import IntercomSource
from ingestion.pull.mastodon import MastodonSource
from ingestion.pull.postgres import PostgresSource
from ingestion.pull.sections import Section
from ingestion.pull.x import XSource
from ingestion.pull.zendesk import ZendeskSource

KINDS: dict[str, Callable[[Section], Source]] = {
    source.kind: source
    for source in (
        ChatwootSource,
        ImapSource,
        IntercomSource,
        MastodonSource,
        PostgresSource,
        XSource,
        ZendeskSource,
    )
}
