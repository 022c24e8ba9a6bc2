"""Commands called in this process, as the command line would."""

from click.testing import Result
from typer.testing import CliRunner

from orchestration.cli import app
from tests.end_to_end.running import Home


def call_in(home: Home, *arguments: str, given: str | bytes | None = None) -> Result:
    """One command on a home; no problem may surface as an exception."""
    done = CliRunner().invoke(app, list(arguments), input=given, env=home.environment)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done
