"""Silver, what was said and what it means: conversations, their turns, people and tags.

Who the people are to the company stands in `customers.py`.
"""

from typing import Final

from warehouse import contracts
from warehouse.tables.definition import Table

INTERACTION: Final = "Stable id of the interaction, from source system and native id."
CONVERSATION: Final = "Signed 64-bit hash of the source's conversation, to recompute it whole."
DAY: Final = "Calendar day on which the interaction began, business time zone; partition."
PAYLOAD: Final = "Payload in bronze.payloads that states this row."
RECORD: Final = "Fact in bronze.records that states this row."

INTERACTIONS: Final = Table(
    name="silver.interactions",
    schema=contracts.INTERACTIONS,
    key=("interaction_id",),
    grain="One row per call, chat session, mail thread or social thread.",
    owner="data-engineering",
    pii="pseudonymous",
    partition_by=("event_date",),
    unindexed=frozenset({"source_metadata"}),
    words=frozenset({"source_metadata"}),
    description="Every contact between the company and a person, on any channel.",
    column_descriptions={
        "interaction_id": INTERACTION,
        "source_system": "Source that stated it, for example vcon, whatsapp, email, x.",
        "conversation_hash": CONVERSATION,
        "channel": "voice, chat, email or social.",
        "direction": "inbound (the person began) or outbound (the company began).",
        "campaign": "Outbound campaign, as the source names it; null when none.",
        "queue": "Queue or team that served it, as the source names it.",
        "agent_id": "Agent who served it last, as the source names the agent.",
        "started_at": "First event of the interaction, UTC.",
        "answered_at": "When a person or bot of the company first answered, UTC; null if never.",
        "ended_at": "Last event of the interaction, UTC.",
        "wait_seconds": "Seconds from start to answer; null when the source has no timing.",
        "hold_seconds": "Seconds on hold; null when the source has no timing.",
        "talk_seconds": "Seconds of conversation without hold; null when there is no timing.",
        "after_work_seconds": "Seconds of the agent's work after the end; null when unknown.",
        "disconnect_reason": "answered, abandoned, missed or dropped; null when unknown.",
        "transfers": "How often it was handed to another agent or queue.",
        "bot_turns": "Turns spoken by a bot.",
        "disposition": "Outcome code set by the agent, as the source names it.",
        "csat": "Satisfaction answer given inside the interaction, 1 (low) to 5 (high).",
        "ces": "Effort answer given inside the interaction, 1 (hard) to 7 (easy).",
        "nps": "Recommendation answer given inside the interaction, 0 to 10.",
        "language": "Main language: id, en, mix or other; null before any text.",
        "source_metadata": "Further fields that only this source has, as JSON.",
        "payload_id": PAYLOAD,
        "event_date": DAY,
    },
)

TURNS: Final = Table(
    name="silver.turns",
    schema=contracts.TURNS,
    key=("interaction_id", "turn_no"),
    grain="One row per utterance, message, mail body or post, in its latest state.",
    owner="data-engineering",
    pii="pseudonymous",
    partition_by=("event_date",),
    unindexed=frozenset({"redacted_text", "source_metadata"}),
    words=frozenset({"redacted_text", "source_metadata"}),
    description="What was said, in order, with personal data replaced by placeholders.",
    column_descriptions={
        "interaction_id": INTERACTION,
        "turn_no": "Place of the turn in the interaction, counted from 1.",
        "turn_id": "Stable id of the turn, from source system and native id.",
        "conversation_hash": CONVERSATION,
        "role": "customer, agent, bot or system.",
        "speaker_key": "Keyed hash of the speaker's handle; null when the source has none.",
        "redacted_text": "The words, with placeholders such as [PHONE]; null when deleted.",
        "redactions": "Placeholders: type, characters in this text and in the raw text.",
        "redaction_version": "Version of the rules that redacted the text.",
        "sent_at": "When it was sent or spoken, UTC.",
        "start_seconds": "Seconds from the start of the recording to the first word.",
        "end_seconds": "Seconds from the start of the recording to the last word.",
        "state": "sent, edited or deleted.",
        "changed_at": "When the latest edit or deletion happened, UTC; null when never.",
        "reply_to_turn_id": "turn_id of the turn this one answers; null when unknown.",
        "source_metadata": "Further fields that only this source has, as JSON.",
        "record_id": RECORD,
        "payload_id": PAYLOAD,
        "event_date": DAY,
    },
)

PARTICIPANTS: Final = Table(
    name="silver.participants",
    schema=contracts.PARTICIPANTS,
    key=("interaction_id", "role", "handle_type", "handle_key"),
    grain="One row per handle that took part in an interaction, by role.",
    owner="data-engineering",
    pii="pseudonymous",
    partition_by=("event_date",),
    description="Who took part, known only by keyed hashes of phone, mail address and so on.",
    column_descriptions={
        "interaction_id": INTERACTION,
        "conversation_hash": CONVERSATION,
        "role": "customer, agent, bot or system.",
        "handle_type": "phone, email, crm_id, whatsapp_user_id, x_user_id, x_username ...",
        "handle_key": "Keyed hash of type and normalised handle, 32 hex digits.",
        "record_id": RECORD,
        "event_date": DAY,
    },
)

ANNOTATIONS: Final = Table(
    name="silver.annotations",
    schema=contracts.ANNOTATIONS,
    key=(
        "release",
        "interaction_id",
        "turn_no",
        "char_start",
        "char_end",
        "family",
        "tag",
        "detector",
    ),
    grain="One row per tag on a span of a turn, per annotation release.",
    owner="conversation-intelligence",
    pii="pseudonymous",
    partition_by=("release", "event_date"),
    volatile=frozenset({"run_id"}),
    unindexed=frozenset({"evidence"}),
    words=frozenset({"evidence"}),
    description="Every tag with the words that prove it and the versions that produced it.",
    column_descriptions={
        "interaction_id": INTERACTION,
        "turn_no": "Turn in silver.turns; null for a tag on the whole interaction.",
        "char_start": "First character of the evidence in redacted_text, counted from 0.",
        "char_end": "Character after the evidence in redacted_text.",
        "family": "language, sentiment, driver, churn, flag, feedback, compliance, contact, pii, effort"
        " or quality.",
        "tag": "The label within its family.",
        "score": "Calibrated confidence between 0 and 1, or the family's own scale.",
        "evidence": "The redacted words that led to the tag.",
        "detector": "Program part that set the tag.",
        "detector_version": "Version of that part, with its model or lexicon.",
        "rulebook_version": "Version of the rulebook or taxonomy; null when none applies.",
        "release": "Name of the annotation release this row belongs to; partition.",
        "run_id": "Run that wrote the row.",
        "event_date": DAY,
    },
)

TEXT_CLUSTERS: Final = Table(
    name="silver.text_clusters",
    schema=contracts.TEXT_CLUSTERS,
    key=("kind", "week", "cluster_no"),
    grain="One row per week and group of customers' texts that say the same.",
    owner="conversation-intelligence",
    pii="pseudonymous",
    unindexed=frozenset({"name"}),
    words=frozenset({"name", "phrases", "examples", "answers"}),
    description="What customers talked about that no driver names, and the questions they asked.",
    column_descriptions={
        "kind": "topic (contacts that no driver explains) or question (sentences that ask).",
        "week": "Monday of the week, business time zone.",
        "cluster_no": "Place of the group in its week, the largest first, counted from 1.",
        "cluster_id": "Stable id: the same for the groups of several weeks that continue each other.",
        "name": "Distinctive phrases of the week in which the group was first seen.",
        "phrases": "Distinctive phrases of this week, in normalised spelling.",
        "mentions": "Texts in the group.",
        "interactions": "Interactions they come from.",
        "drivers": "Likeliest driver of these interactions, the most frequent first.",
        "driver_interactions": "Interactions of each of `drivers`.",
        "examples": "Up to three redacted texts, the most typical first.",
        "example_interaction_ids": "Interaction of each of `examples`.",
        "answers": "Sentences that agents gave most after these questions, redacted.",
        "answer_counts": "How many of the questions each of `answers` followed.",
        "centroid": "Mean meaning of the texts, to match groups of later weeks.",
        "release": "Annotation release whose drivers were used.",
        "method": "Version of the grouping.",
    },
)

TABLES: Final = (INTERACTIONS, TURNS, PARTICIPANTS, ANNOTATIONS, TEXT_CLUSTERS)
