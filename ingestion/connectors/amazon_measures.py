"""What Amazon's call analyses measure: silence, interruptions, speech, speed, mood.

ConversationCharacteristics -> metadata of the interaction; Contact Lens and Amazon Transcribe
write the same object. Milliseconds become seconds, roles the words of this lake.
"""

from typing import Any

from ingestion.connectors.call_records import known
from ingestion.connectors.fields import optional_mapping, optional_number, seconds


def milliseconds(parent: dict[str, Any], key: str) -> float | None:
    """A duration or offset in milliseconds, as seconds; it is not negative."""
    value = seconds(parent, key)
    return None if value is None else value / 1000


def measures(traits: dict[str, Any]) -> dict[str, Any]:
    """The measures that are present; raises RejectedInput for another type than documented."""
    interruptions = optional_mapping(traits, "Interruptions")
    greeting = optional_mapping(traits, "ResponseTime")
    overall = optional_mapping(optional_mapping(traits, "Sentiment"), "OverallSentiment")
    return known(
        {
            "conversation_seconds": milliseconds(traits, "TotalConversationDurationMillis"),
            "silence_seconds": milliseconds(
                optional_mapping(traits, "NonTalkTime"), "TotalTimeMillis"
            ),
            "speech_seconds": milliseconds(optional_mapping(traits, "TalkTime"), "TotalTimeMillis"),
            "interruptions": optional_number(interruptions, "TotalCount"),
            "interruption_seconds": milliseconds(interruptions, "TotalTimeMillis"),
            "words_per_minute": _by_role(
                optional_mapping(optional_mapping(traits, "TalkSpeed"), "DetailsByParticipant"),
                "AverageWordsPerMinute",
            ),
            "first_answer_seconds": milliseconds(greeting, "AgentGreetingTimeMillis"),
            "vendor_sentiment": _scores(overall),
        }
    )


def _by_role(details: dict[str, Any], key: str) -> dict[str, float]:
    found = {
        role.lower(): optional_number(optional_mapping(details, role), key) for role in details
    }
    return {role: value for role, value in found.items() if value is not None}


def _scores(overall: dict[str, Any]) -> dict[str, float]:
    """Calls give a score per role, chats nest them by role."""
    nested = optional_mapping(overall, "DetailsByParticipantRole")
    scores = {role: optional_number(nested, role) for role in nested}
    scores |= {
        role: optional_number(overall, role)
        for role in overall
        if not isinstance(overall[role], dict)
    }
    return {role.lower(): score for role, score in scores.items() if score is not None}
