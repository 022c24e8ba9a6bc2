"""Dagster resources: thin handles around plain objects. Keep asset logic out of this module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from orchestration.dead_runs import lake_tags, settle_dead_runs
from orchestration.progress import say_with
from orchestration.run_lock import only_run
from orchestration.steps.deployment import Deployment
from warehouse.settings import Settings


class LakehouseResource(dg.ConfigurableResource):
    """The deployment that a run works on; empty fields come from the environment."""

    lake: str = ""
    landing: str = ""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["LakehouseResource"]:
        """Hold the lake's lock while a run works, also one that Dagster's page or daemon started."""
        run = context.run
        if run is None or context.instance is None:
            yield self
            return
        lake = self._settings().lake
        with only_run(lake, wait=True):
            context.instance.add_run_tags(run.run_id, lake_tags(lake))
            settle_dead_runs(context.instance, lake, own=run.run_id)
            yield self

    def deployment(self, context: dg.AssetExecutionContext | None = None) -> Deployment:
        """Open the deployment; progress goes to the run's log or the terminal."""
        return Deployment(
            self._settings(), say_with(context.log.info if context else lambda line: None)
        )

    def _settings(self) -> Settings:
        return Settings.from_environment().at(
            lake=Path(self.lake) if self.lake else None,
            landing=Path(self.landing) if self.landing else None,
        )
