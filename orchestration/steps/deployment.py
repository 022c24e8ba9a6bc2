"""One lake with its settings and key, as every step receives it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from ingestion.conform.facts import HandleKey, KeyOf
from ingestion.identifiers import LinkOf, hash64
from warehouse.delta import Lake
from warehouse.keys import Pseudonymiser, key_of_lake, normalise_handle
from warehouse.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True)
class Deployment:
    """Opened once per run; `say` reports progress in one line of plain words."""

    settings: Settings
    say: Say = field(default=lambda line: None)

    @cached_property
    def lake(self) -> Lake:
        """The Delta tables."""
        return Lake(self.settings.lake)

    @property
    def store(self) -> Path:
        """Landed files by content hash."""
        return self.settings.lake / "landing"

    @property
    def build_file(self) -> Path:
        """The private DuckDB file that dbt writes."""
        return self.settings.lake / "_build" / "build.duckdb"

    @property
    def published(self) -> Path:
        """Where analysts' read-only snapshots lie."""
        return self.settings.lake / "published"

    @cached_property
    def _keys(self) -> Pseudonymiser:
        return Pseudonymiser(key_of_lake(self.settings.key_file, self.settings.lake))

    @cached_property
    def link_of(self) -> LinkOf:
        """Keyed hashes of conversations under this deployment's secret."""
        keys = self._keys

        # A chat's link comes with each of its messages.
        @lru_cache(maxsize=65_536)
        def link_of(system: str, native_id: str) -> int:
            return hash64(keys.handle(f"link:{system}", native_id))

        return link_of

    @cached_property
    def key_of(self) -> KeyOf:
        """Keyed handles under this deployment's secret."""
        keys = self._keys
        region = self.settings.phone_region

        # A handle comes with each of its messages.
        @lru_cache(maxsize=65_536)
        def key_of(handle_type: str, handle: str) -> HandleKey | None:
            normalised = normalise_handle(handle_type, handle, region)
            if normalised is None:
                return None
            return HandleKey(keys.handle(handle_type, normalised), normalised)

        return key_of
