"""What `make setup` does after installing: the slow first times of dbt and Dagster."""


def prepare() -> None:
    """Parse the dbt project and create Dagster's database, so that the first run need not."""
    import dagster as dg

    from orchestration.commands.run import dagster_home
    from orchestration.commands.settings import settings_from
    from orchestration.dbt import project

    dagster_home(settings_from())
    project()
    with dg.DagsterInstance.get() as instance:
        instance.get_run_records(limit=1)
