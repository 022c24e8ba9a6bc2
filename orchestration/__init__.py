"""Dagster definitions and the `lakehouse` command. The only place that imports dagster."""
