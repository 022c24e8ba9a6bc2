"""Sources run against a landing folder of the test: settings, pulls, and what lies there after."""

from contextlib import suppress

import orjson

from ingestion.pull.cursors import CursorStore
from ingestion.pull.pulling import pull
from ingestion.pull.sections import Section

TOKEN = "LAKEHOUSE_TEST_TOKEN"
SECRET = "s3cret-of-nobody"


def section(name="source", **values):
    """Settings as if read from line 1 of a file."""
    return Section("sources.yml", name, 1, {key: (value, 1) for key, value in values.items()})


class Killed(Exception):
    """Stands for the end of the process at one exact point."""


class Deployment:
    """One landing folder with its cursors."""

    def __init__(self, root):
        self.landing = root / "landing"
        self.cursors = CursorStore(root / "pull")

    def pull(self, source, **options):
        """A pull that ends well."""
        outcome = self.try_pull(source, **options)
        assert outcome.problem == ""
        return outcome

    def try_pull(self, source, **options):
        """A pull that may end with a problem."""
        return pull(source, landing=self.landing, cursors=self.cursors, **options)

    def pull_killed(self, source, *, before_save):
        """A pull whose process ends before it saves its n-th cursor; False when it ends sooner."""
        count, save = 0, self.cursors.save

        def save_or_die(*arguments):
            nonlocal count
            count += 1
            if count == before_save:
                raise Killed
            save(*arguments)

        self.cursors.save = save_or_die
        with suppress(Killed):
            self.pull(source)
        self.cursors.save = save
        return count == before_save

    def files(self):
        """Every landed file, hidden ones too, by its path."""
        return {
            str(path.relative_to(self.landing)): path.read_bytes()
            for path in sorted(self.landing.rglob("*"))
            if path.is_file()
        }

    def documents(self, group):
        """All JSON documents of one group."""
        files = [raw for name, raw in self.files().items() if f"/{group}/" in name]
        return [orjson.loads(line) for raw in files for line in raw.splitlines() if line.strip()]
