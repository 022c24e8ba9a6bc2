"""What the connectors must know about the company whose conversations they read.

The defaults describe the bundled sample, so that a first run needs no configuration. Everything
else about a source is in its payloads.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SAMPLE_X_USER_ID = "9000000000000000001"
SAMPLE_MAIL_DOMAIN = "telivara.example"
SAMPLE_PHONE = "+622155500123"
DEFAULT_ZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    """Who the company is in each source; all comparisons are in lower case.

    `zone` is what a mapping means by `zone: company`; nothing else completes a missing offset.
    `recording_zone` is the clock by which recorders name their files, None when nobody said.
    `vcon_keys` is the file with the keys of signed and encrypted vCons.
    """

    company_x_user_ids: tuple[str, ...] = (SAMPLE_X_USER_ID,)
    company_mail_domains: tuple[str, ...] = (SAMPLE_MAIL_DOMAIN,)
    company_phones: tuple[str, ...] = (SAMPLE_PHONE,)
    meta_bot_app_ids: tuple[str, ...] = ()
    company_mastodon_accounts: tuple[str, ...] = ()
    company_facebook_page_ids: tuple[str, ...] = ()
    zone: str = DEFAULT_ZONE
    recording_zone: str | None = None
    vcon_keys: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "ConnectorSettings":
        """Read the `LAKEHOUSE_*` variables of sources; unset variables keep the defaults.

        Raises ValueError for a zone that the system does not know.
        """
        values = os.environ if environment is None else environment
        keys = values.get("LAKEHOUSE_VCON_KEYS")
        return cls(
            company_x_user_ids=_listed(values, "LAKEHOUSE_COMPANY_X_USER_IDS", SAMPLE_X_USER_ID),
            company_mail_domains=_listed(
                values, "LAKEHOUSE_COMPANY_MAIL_DOMAINS", SAMPLE_MAIL_DOMAIN
            ),
            company_phones=_listed(values, "LAKEHOUSE_COMPANY_PHONES", SAMPLE_PHONE),
            meta_bot_app_ids=_listed(values, "LAKEHOUSE_META_BOT_APP_IDS", ""),
            company_mastodon_accounts=_listed(values, "LAKEHOUSE_COMPANY_MASTODON_ACCOUNTS", ""),
            company_facebook_page_ids=_listed(values, "LAKEHOUSE_COMPANY_FACEBOOK_PAGE_IDS", ""),
            zone=_zone(values, "LAKEHOUSE_ZONE") or DEFAULT_ZONE,
            recording_zone=_zone(values, "LAKEHOUSE_RECORDING_ZONE"),
            vcon_keys=Path(keys) if keys else None,
        )


def _zone(values: Mapping[str, str], name: str) -> str | None:
    zone = values.get(name) or None
    try:
        return zone and ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name} is no known time zone: {zone}") from error


def _listed(values: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    parts = (values.get(name) or default).split(",")
    return tuple(part.strip().lower() for part in parts if part.strip())
