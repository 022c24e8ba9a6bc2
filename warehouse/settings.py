"""Where the lake lies and how this company counts its days; read once from the environment.

Paths, the business time zone, the key file and the company's names belong here. Nothing is opened or created on
import: `Settings.from_environment()` only reads variables.
"""

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

SAMPLE_COMPANY_NAMES = (
    "Telivara,Vara 25,Vara 60,Vara Max,Vara Plus,VaraHome,KantongVara,VaraPayLater,TokoVara"
)
_MOST_NAMES = 500
_LONGEST_NAME = 60


class SettingProblem(ValueError):
    """A variable whose value cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Settings:
    """One deployment: folders, key and clock. All paths are absolute."""

    lake: Path
    landing: Path
    key_file: Path
    timezone: str = "Asia/Jakarta"
    phone_region: str = "ID"

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read LAKEHOUSE_LAKE, _LANDING, _KEY_FILE, _TIMEZONE and _PHONE_REGION.

        Defaults lie under `./data`; the key lies beside the lake, never in it.
        """
        home = Path(os.environ.get("LAKEHOUSE_HOME", "data")).resolve()
        return cls(
            lake=Path(os.environ.get("LAKEHOUSE_LAKE", home / "lake")).resolve(),
            landing=Path(os.environ.get("LAKEHOUSE_LANDING", home / "landing")).resolve(),
            key_file=Path(
                os.environ.get("LAKEHOUSE_KEY_FILE", home / "keys" / "handles.key")
            ).resolve(),
            timezone=os.environ.get("LAKEHOUSE_TIMEZONE", "Asia/Jakarta"),
            phone_region=os.environ.get("LAKEHOUSE_PHONE_REGION", "ID"),
        )

    def at(self, *, lake: Path | None = None, landing: Path | None = None) -> "Settings":
        """The same deployment with another lake or landing folder."""
        return replace(
            self,
            lake=(lake or self.lake).resolve(),
            landing=(landing or self.landing).resolve(),
        )

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which a business day begins and ends."""
        return ZoneInfo(self.timezone)


def mappings_folder() -> Path:
    """Where the company's own mappings lie: LAKEHOUSE_MAPPINGS, else beside the lake's home."""
    home = Path(os.environ.get("LAKEHOUSE_HOME", "data")).resolve()
    return Path(os.environ.get("LAKEHOUSE_MAPPINGS") or home / "mappings").resolve()


def company_names() -> tuple[str, ...]:
    """The company's own names, LAKEHOUSE_COMPANY_NAMES: separated by commas, blanks made single.

    Unset they are the bundled sample's; set to nothing there are none. Raises SettingProblem
    for an entry that is no name.
    """
    return _names(os.environ.get("LAKEHOUSE_COMPANY_NAMES", SAMPLE_COMPANY_NAMES))


@lru_cache(maxsize=8)
def _names(listed: str) -> tuple[str, ...]:
    names = [" ".join(part.split()) for part in listed.split(",")]
    for number, name in enumerate(names, start=1):
        letters = sum(map(str.isalpha, name))
        if name and (letters < 2 or "@" in name or len(name) > _LONGEST_NAME):
            raise SettingProblem(
                f"LAKEHOUSE_COMPANY_NAMES: entry {number} is no name; a name has at least two"
                f" letters, at most {_LONGEST_NAME} characters and no @"
            )
    found = tuple(dict.fromkeys(name for name in names if name))
    if len(found) > _MOST_NAMES:
        raise SettingProblem(f"LAKEHOUSE_COMPANY_NAMES: more than {_MOST_NAMES} names")
    return found
