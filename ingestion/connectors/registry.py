"""The list of connectors: which formats are known, and in which order they are asked.

A new source is one file beside this one and one line here.
"""

from functools import lru_cache

from ingestion.connectors.amazon_connect import AmazonConnectConnector
from ingestion.connectors.base import Connector
from ingestion.connectors.captions import CaptionsConnector
from ingestion.connectors.chatwoot import ChatwootConnector
from ingestion.connectors.email import EmailConnector
from ingestion.connectors.genesys import GenesysConnector
from ingestion.connectors.intercom import IntercomConnector
from ingestion.connectors.meta_messaging import InstagramConnector, MessengerConnector
from ingestion.connectors.settings import ConnectorSettings
from ingestion.connectors.tabular import TabularConnector
from ingestion.connectors.transcribe import TranscribeConnector
from ingestion.connectors.twilio import TwilioConnector
from ingestion.connectors.vcon import VconConnector
from ingestion.connectors.vcon_keys import VconKeys
from ingestion.connectors.whatsapp import WhatsAppConnector
from ingestion.connectors.x import XConnector
from ingestion.connectors.zendesk import ZendeskConnector


def connectors(settings: ConnectorSettings | None = None) -> tuple[Connector, ...]:
    """All connectors; where two could read a file, the earlier one does."""
    own = settings or ConnectorSettings.from_environment()
    return (
        WhatsAppConnector(),
        MessengerConnector(bot_app_ids=own.meta_bot_app_ids),
        InstagramConnector(bot_app_ids=own.meta_bot_app_ids),
        IntercomConnector(),
        ChatwootConnector(),
        ZendeskConnector(),
        VconConnector(
            company_mail_domains=own.company_mail_domains,
            company_phones=own.company_phones,
            keys=VconKeys.from_file(own.vcon_keys),
        ),
        XConnector(company_user_ids=own.company_x_user_ids),
        EmailConnector(company_mail_domains=own.company_mail_domains),
        AmazonConnectConnector(),
        GenesysConnector(),
        TwilioConnector(),
        TranscribeConnector(),
        CaptionsConnector(recording_zone=own.recording_zone),
        TabularConnector(),
    )


@lru_cache(maxsize=1)
def _any_company() -> tuple[Connector, ...]:
    # Recognition depends on the format alone, so any settings do.
    return connectors(ConnectorSettings())


def recognise(name: str, head: bytes) -> Connector | None:
    """The connector for a file by its relative name and first 64 KiB; None when none knows it.

    The returned instance has the default settings: use its `name` to find the configured one.
    """
    return next((item for item in _any_company() if item.recognises(name, head)), None)
