"""The list of connectors: which formats are known, and in which order they are asked.

A new source is one file beside this one and one line here.
"""

from dataclasses import replace
from functools import lru_cache

from ingestion.connectors.base import Connector
from ingestion.connectors.chatwoot import ChatwootConnector
from ingestion.connectors.email import EmailConnector
from ingestion.connectors.intercom import IntercomConnector
from ingestion.connectors.meta_messaging import InstagramConnector, MessengerConnector
from ingestion.connectors.settings import ConnectorSettings
from ingestion.connectors.tabular import TabularConnector
from ingestion.connectors.vcon import VconConnector
from ingestion.connectors.whatsapp import WhatsAppConnector
from ingestion.connectors.x import XConnector
from ingestion.connectors.zendesk import ZendeskConnector


def connectors(settings: ConnectorSettings | None = None) -> tuple[Connector, ...]:
    """All connectors; where two could read a file, the earlier one does."""
    own = settings or ConnectorSettings.from_environment()
    # Companies point all webhooks of Meta to one address, so lines of one file may be of each.
    whatsapp, messenger = WhatsAppConnector(), MessengerConnector(bot_app_ids=own.meta_bot_app_ids)
    return (
        replace(whatsapp, beside=(messenger,)),
        replace(messenger, beside=(whatsapp,)),
        InstagramConnector(bot_app_ids=own.meta_bot_app_ids, beside=(whatsapp,)),
        IntercomConnector(),
        ChatwootConnector(),
        ZendeskConnector(),
        VconConnector(
            company_mail_domains=own.company_mail_domains, company_phones=own.company_phones
        ),
        XConnector(company_user_ids=own.company_x_user_ids),
        EmailConnector(company_mail_domains=own.company_mail_domains),
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
