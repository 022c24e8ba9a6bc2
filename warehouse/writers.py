"""Which rules wrote a table last, as its own log says.

A cursor alone is not enough: after new rules and back to the old ones, the old cursor still
stands although the rows are those of the new rules. Reading and writing rows do not belong here.
"""

from warehouse import manifest
from warehouse.delta import Lake


def app_of(lake: Lake, name: str, purpose: str, rules: str) -> str:
    """The app under which `rules` writes table `name` for a purpose such as "conform".

    The app of the last write when the same rules made it; else a fresh one without a cursor, so
    that the table is rebuilt whole. Neither argument may hold a colon.
    """
    last = last_app(lake, name, f"{purpose}:")
    if last is not None and last.split(":")[1] == rules:
        return last
    return f"{purpose}:{rules}:{lake.version(name)}"


def last_app(lake: Lake, name: str, prefix: str) -> str | None:
    """The newest app with this prefix; other writers, such as an erasure, are passed over."""
    ledger = lake.ledger(name)
    for version in reversed(ledger.versions()):
        for action in manifest.actions(ledger.commit_file(version)):
            app = str(action.get("txn", {}).get("appId", ""))
            if app.startswith(prefix):
                return app
    return None
