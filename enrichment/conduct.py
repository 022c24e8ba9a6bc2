"""How a contact went for both sides: the customer's effort and the agent's quality form.

One pass over an interaction, right after its compliance check, so that cut sentences are still
at hand. Only the putting together belongs here.
"""

from collections.abc import Sequence

from enrichment import effort, quality
from enrichment.compliance import Finding, Spoken
from enrichment.rules import Scorecard


def observe(
    turns: Sequence[Spoken], channel: str, direction: str, form: Scorecard
) -> list[Finding]:
    """Tags of the families `effort` and `quality` of one interaction; turns come in order."""
    return [*effort.observe(turns), *quality.assess(turns, channel, direction, form)]


def versions(form: Scorecard) -> dict[str, str]:
    """Part -> version, for the release."""
    return {
        "effort": effort.version(),
        "quality": quality.VERSION,
        f"scorecard.{form.name}": form.version,
    }
