"""Which rules wrote a table last: a fresh app whenever others did in between."""

from lake_rows import make_rows

from warehouse.delta import Lake
from warehouse.writers import app_of

NAME = "silver.persons"


def write(lake: Lake, app: str, sequence: int) -> None:
    rows = make_rows(NAME, 1, handle_key=f"{app}-{sequence}")
    lake.overwrite_partitions(NAME, rows, partitions=None, app=app, sequence=sequence)


def test_the_same_rules_go_on_under_their_app(lake: Lake) -> None:
    first = app_of(lake, NAME, "conform", "v1")
    assert lake.cursor(NAME, first) is None
    write(lake, first, 5)
    assert app_of(lake, NAME, "conform", "v1") == first
    assert lake.cursor(NAME, first) == 5


def test_other_rules_and_the_way_back_start_without_a_cursor(lake: Lake) -> None:
    seen = set()
    for rules in ("v1", "v2", "v1", "v2"):
        app = app_of(lake, NAME, "conform", rules)
        assert lake.cursor(NAME, app) is None and app not in seen
        seen.add(app)
        write(lake, app, 5)


def test_writers_with_another_purpose_are_passed_over(lake: Lake) -> None:
    app = app_of(lake, NAME, "identity", "v1")
    write(lake, app, 1)
    write(lake, "erase", 1)
    assert app_of(lake, NAME, "identity", "v1") == app
