"""When runs start by themselves: one job, one daily schedule, one landing sensor."""

import hashlib

import dagster as dg

from ingestion.collect.handover import hand_over_left
from ingestion.landing import listing, new_arrivals
from orchestration.defs.landing.pulled import PULLED
from orchestration.resources import LakehouseResource
from orchestration.steps.land import known_files, ledger

TIMEZONE = "Asia/Jakarta"

everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(PULLED),
    description="Lands what is new and brings every table up to date; safe to repeat.",
)

daily = dg.ScheduleDefinition(
    name="daily",
    job=everything,
    cron_schedule="0 2 * * *",
    execution_timezone=TIMEZONE,
    description="Every night at 02:00 Jakarta time.",
)


@dg.sensor(
    name="landing",
    job=everything,
    minimum_interval_seconds=30,
    description="A new file in the landing folder starts a run.",
)
def landing(
    context: dg.SensorEvaluationContext, lakehouse: LakehouseResource
) -> dg.RunRequest | dg.SkipReason:
    """Compare the listing with the ledger; the run key only avoids asking twice for one state."""
    deployment = lakehouse.deployment()
    folder = deployment.settings.landing
    if not folder.is_dir():
        return dg.SkipReason(f"the landing folder {folder} does not exist yet")
    # What a killed collector left becomes files here, so that it starts a run as any other file.
    hand_over_left(folder)
    fresh = new_arrivals(listing(folder), known_files(ledger(deployment.lake)))
    if not fresh:
        return dg.SkipReason("no new file")
    digest = hashlib.sha256()
    for arrival in fresh:
        digest.update(f"{arrival.name}\0{arrival.size_bytes}\0{arrival.modified_ns}\n".encode())
    return dg.RunRequest(run_key=digest.hexdigest()[:32], tags={"new_files": str(len(fresh))})
