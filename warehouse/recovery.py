"""What a killed writer left half done in the manifest, completed before anyone works on the lake.

Steps compare what they would write with the tables and their cursors, and write nothing when all
is there: a commit that only lacks its manifest line would then never get one, and `verify` would
hold back every build.
"""

from contextlib import suppress
from pathlib import Path

from warehouse.delta import Lake
from warehouse.manifest import DamagedTable
from warehouse.verify import known_tables


def enter_late_commits(root: Path) -> int:
    """Sync and enter the commits of all tables that the manifest lacks; return how many.

    Only for who works on the lake alone. A commit whose files are not whole is left as it is:
    `verify` names it, and whoever writes to that table is refused.
    """
    lake, entered = Lake(root), 0
    for name in known_tables(lake):
        with suppress(DamagedTable):
            entered += lake.ensure(name)
    return entered
