"""What each asset does, without Dagster: pure packages meet the lake here."""
