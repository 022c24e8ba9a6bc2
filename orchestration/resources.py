"""Dagster resources: thin handles around plain objects. Keep asset logic out of this module."""

from pathlib import Path

import dagster as dg

from orchestration.progress import say_with
from orchestration.steps.deployment import Deployment
from warehouse.settings import Settings


class LakehouseResource(dg.ConfigurableResource):
    """The deployment that a run works on; empty fields come from the environment."""

    lake: str = ""
    landing: str = ""

    def deployment(self, context: dg.AssetExecutionContext | None = None) -> Deployment:
        """Open the deployment; progress goes to the run's log or the terminal."""
        settings = Settings.from_environment().at(
            lake=Path(self.lake) if self.lake else None,
            landing=Path(self.landing) if self.landing else None,
        )
        return Deployment(settings, say_with(context.log.info if context else lambda line: None))
