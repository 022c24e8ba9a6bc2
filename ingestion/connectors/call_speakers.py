"""Who speaks behind the labels of a transcript that lists no parties: agent or customer.

(label, text) per utterance -> (role, assumed). A label that names a role counts; other labels
are told apart by who greets like a service desk, as in vCons, and that is marked as assumed.
"""

from ingestion.connectors.vcon_parties import Parties
from ingestion.connectors.vcon_speakers import speakers, voice_of
from ingestion.connectors.vcon_transcript import Segment


def roles_of(said: list[tuple[str | None, str]]) -> list[tuple[str, bool]]:
    """Role of each utterance, and whether it had to be assumed."""
    segments = [Segment(text, label=label) for label, text in said]
    voices = speakers(segments, Parties([]))
    found = []
    for number, segment in enumerate(segments):
        role, _, assumed = voices[voice_of(segment, number)]
        # Without any label nothing tells two voices apart, so nobody is taken for the agent.
        found.append((role, assumed) if segment.label is not None else ("customer", True))
    return found
