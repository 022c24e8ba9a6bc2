"""Secrets of sources: named in the settings by their environment variable, read when used.

A secret never stands in a file, a message or a representation.
"""

import os
import re
from dataclasses import dataclass

from ingestion.pull.base import PullProblem

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,}")


@dataclass(frozen=True, slots=True)
class Secret:
    """The name of the variable that holds a secret, and where the settings name it."""

    variable: str
    place: str

    def reveal(self) -> str:
        """The secret itself; raises PullProblem when the variable is not set."""
        value = os.environ.get(self.variable, "")
        if not value.strip():
            raise PullProblem(
                f"environment variable {self.variable} is not set; {self.place} names it"
            )
        return value.strip()
