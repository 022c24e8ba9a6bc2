"""The list of connectors: which formats are known, and in which order they are asked.

A new source is one file beside this one and one line here. The company's own mappings are asked
first: what they name is somebody's explicit wish.
"""

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ingestion.audio.settings import RecordingSettings
from ingestion.connectors.amazon_connect import AmazonConnectConnector
from ingestion.connectors.base import Connector
from ingestion.connectors.captions import CaptionsConnector
from ingestion.connectors.chatwoot import ChatwootConnector
from ingestion.connectors.cloudevents import CloudEventsConnector
from ingestion.connectors.email import EmailConnector
from ingestion.connectors.facebook import FacebookConnector
from ingestion.connectors.genesys import GenesysConnector
from ingestion.connectors.intercom import IntercomConnector
from ingestion.connectors.mastodon import MastodonConnector
from ingestion.connectors.meta_messaging import InstagramConnector, MessengerConnector
from ingestion.connectors.recording import RecordingConnector
from ingestion.connectors.settings import DEFAULT_ZONE, ConnectorSettings
from ingestion.connectors.tabular import TabularConnector
from ingestion.connectors.transcribe import TranscribeConnector
from ingestion.connectors.twilio import TwilioConnector
from ingestion.connectors.vcon import VconConnector
from ingestion.connectors.vcon_keys import VconKeys
from ingestion.connectors.whatsapp import WhatsAppConnector
from ingestion.connectors.x import XConnector
from ingestion.connectors.zendesk import ZendeskConnector
from ingestion.mappings.folder import mapped_connectors
from warehouse.settings import mappings_folder


def connectors(
    settings: ConnectorSettings | None = None, mappings: Path | None = None
) -> tuple[Connector, ...]:
    """All connectors; where two could read a file, the earlier one does.

    Without `settings` both they and the folder of `mappings` come from the environment. Raises
    MappingError for a mapping that cannot be used.
    """
    if settings is None:
        mappings = mappings or mappings_folder()
    own = settings or ConnectorSettings.from_environment()
    recordings = RecordingSettings() if settings else RecordingSettings.from_environment()
    documents = _of_documents(own)
    return (
        *(mapped_connectors(mappings, own.zone) if mappings else ()),
        # Asked before what it may carry, whose marks stand in its text too.
        CloudEventsConnector(inner=documents),
        *documents,
        EmailConnector(company_mail_domains=own.company_mail_domains),
        CaptionsConnector(recording_zone=own.recording_zone),
        RecordingConnector(settings=recordings),
        TabularConnector(),
    )


def _of_documents(own: ConnectorSettings) -> tuple[Connector, ...]:
    """Those that read documents of a vendor's API, whatever brought them."""
    # Companies point all webhooks of Meta to one address, so lines of one file may be of each.
    whatsapp, messenger = WhatsAppConnector(), MessengerConnector(bot_app_ids=own.meta_bot_app_ids)
    facebook = FacebookConnector(company_page_ids=own.company_facebook_page_ids)
    return (
        replace(whatsapp, beside=(replace(messenger, beside=(facebook,)),)),
        replace(messenger, beside=(whatsapp, facebook)),
        InstagramConnector(bot_app_ids=own.meta_bot_app_ids, beside=(whatsapp, facebook)),
        IntercomConnector(),
        ChatwootConnector(),
        ZendeskConnector(),
        VconConnector(
            company_mail_domains=own.company_mail_domains,
            company_phones=own.company_phones,
            keys=VconKeys.from_file(own.vcon_keys),
        ),
        XConnector(company_user_ids=own.company_x_user_ids),
        MastodonConnector(company_accounts=own.company_mastodon_accounts),
        replace(facebook, beside=(replace(messenger, beside=(whatsapp,)),)),
        AmazonConnectConnector(),
        GenesysConnector(),
        TwilioConnector(),
        TranscribeConnector(),
    )


@lru_cache(maxsize=1)
def _any_company() -> tuple[Connector, ...]:
    # Recognition depends on the format alone, so any settings do.
    return connectors(ConnectorSettings())


def recognise(name: str, head: bytes) -> Connector | None:
    """The connector for a file by its relative name and first 64 KiB; None when none knows it.

    The returned instance has the default settings: use its `name` to find the configured one.
    Raises MappingError for a mapping that cannot be used.
    """
    # The folder is looked at each time, so that a mapping counts from the next file on.
    zone = os.environ.get("LAKEHOUSE_ZONE") or DEFAULT_ZONE
    known = (*mapped_connectors(mappings_folder(), zone), *_any_company())
    return next((item for item in known if item.recognises(name, head)), None)
