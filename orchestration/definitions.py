"""The one entry point of the code location; what is in it lies under `defs/`."""

from pathlib import Path

import dagster as dg

from orchestration.resources import LakehouseResource


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, jobs, schedules and sensors, run in one process by default."""
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(
            resources={"lakehouse": LakehouseResource()},
            executor=dg.in_process_executor,
        ),
    )
