"""The exact Arrow schemas of tables that cross folders.

One schema per table, in the order data flows. Types are exact: writers never coerce, times
are aware UTC in microseconds. A column enters an `interactions`, `turns` or `participants`
schema only when two sources can fill it; the rest stays in `source_metadata` (JSON).
"""

from typing import Final

import pyarrow as pa

TIMESTAMP: Final = pa.timestamp("us", tz="UTC")


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


# --- bronze: what arrived -----------------------------------------------------------------

LANDED_FILES: Final = _schema(
    batch=pa.int64(),
    file_sha256=pa.string(),
    name=pa.string(),
    size_bytes=pa.int64(),
    modified_ns=pa.int64(),
    connector=pa.string(),
    repeats=pa.bool_(),
    landed_at=TIMESTAMP,
)

PAYLOADS: Final = _schema(
    payload_id=pa.string(),
    payload_sha256=pa.string(),
    file_sha256=pa.string(),
    connector=pa.string(),
    position=pa.string(),
    byte_start=pa.int64(),
    byte_end=pa.int64(),
    raw=pa.binary(),
    context=pa.string(),
    batch=pa.int64(),
    landed_at=TIMESTAMP,
)

RECORDS: Final = _schema(
    record_id=pa.string(),
    record_kind=pa.string(),
    source_system=pa.string(),
    conversation_key=pa.string(),
    link_hashes=pa.list_(pa.int64()),
    native_id=pa.string(),
    event_at=TIMESTAMP,
    event_date=pa.date32(),
    data=pa.string(),
    payload_id=pa.string(),
    pointer=pa.string(),
    file_sha256=pa.string(),
    batch=pa.int64(),
)

RESTATEMENTS: Final = _schema(
    record_id=pa.string(),
    link_hashes=pa.list_(pa.int64()),
    payload_id=pa.string(),
    pointer=pa.string(),
    file_sha256=pa.string(),
    batch=pa.int64(),
)

REJECTS: Final = _schema(
    reject_id=pa.string(),
    file_sha256=pa.string(),
    name=pa.string(),
    connector=pa.string(),
    position=pa.string(),
    payload_id=pa.string(),
    payload_sha256=pa.string(),
    stage=pa.string(),
    reason=pa.string(),
    error_class=pa.string(),
    message=pa.string(),
    batch=pa.int64(),
    rejected_at=TIMESTAMP,
)

READINGS: Final = _schema(
    batch=pa.int64(),
    file_sha256=pa.string(),
    connector=pa.string(),
    version=pa.string(),
    read_at=TIMESTAMP,
)

COVERAGE: Final = _schema(
    batch=pa.int64(),
    file_sha256=pa.string(),
    name=pa.string(),
    connector=pa.string(),
    received=pa.int64(),
    accepted=pa.int64(),
    duplicates=pa.int64(),
    rejected=pa.int64(),
    counted_at=TIMESTAMP,
)

# --- silver: what was said ----------------------------------------------------------------

INTERACTIONS: Final = _schema(
    interaction_id=pa.string(),
    source_system=pa.string(),
    conversation_hash=pa.int64(),
    channel=pa.string(),
    direction=pa.string(),
    campaign=pa.string(),
    queue=pa.string(),
    agent_id=pa.string(),
    started_at=TIMESTAMP,
    answered_at=TIMESTAMP,
    ended_at=TIMESTAMP,
    wait_seconds=pa.float64(),
    hold_seconds=pa.float64(),
    talk_seconds=pa.float64(),
    after_work_seconds=pa.float64(),
    disconnect_reason=pa.string(),
    transfers=pa.int32(),
    bot_turns=pa.int32(),
    disposition=pa.string(),
    csat=pa.float64(),
    ces=pa.float64(),
    nps=pa.float64(),
    language=pa.string(),
    source_metadata=pa.string(),
    payload_id=pa.string(),
    event_date=pa.date32(),
)

REDACTION: Final = pa.struct(
    [
        ("type", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("raw_start", pa.int32()),
        ("raw_end", pa.int32()),
    ]
)
"""Where a placeholder stands in the redacted text and which characters of the raw text it hides."""

TURNS: Final = _schema(
    interaction_id=pa.string(),
    turn_no=pa.int32(),
    turn_id=pa.string(),
    conversation_hash=pa.int64(),
    role=pa.string(),
    speaker_key=pa.string(),
    redacted_text=pa.string(),
    redactions=pa.list_(REDACTION),
    redaction_version=pa.string(),
    sent_at=TIMESTAMP,
    start_seconds=pa.float64(),
    end_seconds=pa.float64(),
    state=pa.string(),
    changed_at=TIMESTAMP,
    reply_to_turn_id=pa.string(),
    source_metadata=pa.string(),
    record_id=pa.string(),
    payload_id=pa.string(),
    event_date=pa.date32(),
)

PARTICIPANTS: Final = _schema(
    interaction_id=pa.string(),
    conversation_hash=pa.int64(),
    role=pa.string(),
    handle_type=pa.string(),
    handle_key=pa.string(),
    record_id=pa.string(),
    event_date=pa.date32(),
)

RECORDINGS: Final = _schema(
    recording_id=pa.string(),
    interaction_id=pa.string(),
    conversation_hash=pa.int64(),
    file_sha256=pa.string(),
    name_hash=pa.int64(),
    tied_by=pa.string(),
    started_at=TIMESTAMP,
    format=pa.string(),
    codec=pa.string(),
    sample_rate=pa.int32(),
    channels=pa.int32(),
    duration_seconds=pa.float64(),
    talk_seconds=pa.float64(),
    non_talk_seconds=pa.float64(),
    longest_silence_seconds=pa.float64(),
    customer_talk_seconds=pa.float64(),
    agent_talk_seconds=pa.float64(),
    overlap_seconds=pa.float64(),
    interruptions=pa.int32(),
    customer_interruptions=pa.int32(),
    agent_interruptions=pa.int32(),
    channel_talk_seconds=pa.list_(pa.float64()),
    channel_loudness_dbfs=pa.list_(pa.float64()),
    clipped_samples=pa.int64(),
    words=pa.int32(),
    words_per_minute=pa.float64(),
    transcript_source=pa.string(),
    transcript_engine=pa.string(),
    not_analysed=pa.list_(pa.string()),
    measures_version=pa.string(),
    record_id=pa.string(),
    payload_id=pa.string(),
    event_date=pa.date32(),
)

WAITING: Final = _schema(
    conversation_hash=pa.int64(),
    file_sha256=pa.string(),
    source_system=pa.string(),
    waits_for=pa.string(),
    records=pa.int64(),
)

# CRM rows: `customer_key` is the keyed handle of the CRM id.
CRM_CUSTOMERS: Final = _schema(
    customer_key=pa.string(),
    segment=pa.string(),
    city=pa.string(),
    preferred_language=pa.string(),
    birth_year=pa.int32(),
    signed_up_on=pa.date32(),
    marketing_consent=pa.bool_(),
    consent_channels=pa.string(),
    lifetime_value=pa.float64(),
    updated_at=TIMESTAMP,
    record_id=pa.string(),
    payload_id=pa.string(),
)

CRM_HANDLES: Final = _schema(
    customer_key=pa.string(),
    handle_type=pa.string(),
    handle_key=pa.string(),
    record_id=pa.string(),
)

CRM_SUBSCRIPTIONS: Final = _schema(
    subscription_id=pa.string(),
    customer_key=pa.string(),
    product=pa.string(),
    plan=pa.string(),
    monthly_fee=pa.float64(),
    currency=pa.string(),
    status=pa.string(),
    started_on=pa.date32(),
    ended_on=pa.date32(),
    updated_at=TIMESTAMP,
    record_id=pa.string(),
    payload_id=pa.string(),
)

CRM_ORDERS: Final = _schema(
    order_id=pa.string(),
    customer_key=pa.string(),
    product=pa.string(),
    amount=pa.float64(),
    currency=pa.string(),
    status=pa.string(),
    ordered_at=TIMESTAMP,
    record_id=pa.string(),
    payload_id=pa.string(),
)

CRM_CHURN_OUTCOMES: Final = _schema(
    customer_key=pa.string(),
    churned_on=pa.date32(),
    reason=pa.string(),
    updated_at=TIMESTAMP,
    record_id=pa.string(),
    payload_id=pa.string(),
)

SURVEY_RESPONSES: Final = _schema(
    response_id=pa.string(),
    customer_key=pa.string(),
    conversation_hash=pa.int64(),
    survey_type=pa.string(),
    score=pa.float64(),
    redacted_comment=pa.string(),
    answered_at=TIMESTAMP,
    record_id=pa.string(),
    payload_id=pa.string(),
)

QUALITY_JUDGEMENTS: Final = _schema(
    judgement_id=pa.string(),
    interaction_id=pa.string(),
    conversation_hash=pa.int64(),
    criterion=pa.string(),
    outcome=pa.string(),
    reviewer_key=pa.string(),
    redacted_reason=pa.string(),
    judged_at=TIMESTAMP,
    record_id=pa.string(),
    payload_id=pa.string(),
)

# --- silver: what it means ----------------------------------------------------------------

ANNOTATION_INPUT: Final = _schema(
    interaction_id=pa.string(),
    turn_no=pa.int32(),
    role=pa.string(),
    text=pa.string(),
    sent_at=TIMESTAMP,
    start_seconds=pa.float64(),
    channel=pa.string(),
    direction=pa.string(),
)
"""What `enrichment.annotate` reads: whole interactions, turns in order, text already redacted."""

ANNOTATION_OUTPUT: Final = _schema(
    interaction_id=pa.string(),
    turn_no=pa.int32(),
    char_start=pa.int32(),
    char_end=pa.int32(),
    family=pa.string(),
    tag=pa.string(),
    score=pa.float64(),
    evidence=pa.string(),
    detector=pa.string(),
    detector_version=pa.string(),
    rulebook_version=pa.string(),
)

ANNOTATIONS: Final = pa.schema(
    [
        *ANNOTATION_OUTPUT,
        pa.field("release", pa.string()),
        pa.field("run_id", pa.string()),
        pa.field("event_date", pa.date32()),
    ]
)

CONTACT_RULES: Final = _schema(
    rule_id=pa.string(),
    rulebook_version=pa.string(),
    kind=pa.string(),
    timezone=pa.string(),
    opens=pa.time64("us"),
    closes=pa.time64("us"),
    weekdays=pa.list_(pa.int32()),
    holidays=pa.list_(pa.date32()),
    at_most=pa.int32(),
    within_days=pa.int32(),
    campaigns=pa.list_(pa.string()),
    directions=pa.list_(pa.string()),
    channels=pa.list_(pa.string()),
)
"""Rules that ask about the person, as the marts read them; no table of the lake."""

QUALITY_FORM: Final = _schema(
    criterion=pa.string(),
    title_en=pa.string(),
    title_id=pa.string(),
    weight=pa.float64(),
    rulebook_version=pa.string(),
)
"""The criteria of the quality form in force, as the marts read them; no table of the lake."""

TEXT_CLUSTERS: Final = _schema(
    kind=pa.string(),
    week=pa.date32(),
    cluster_no=pa.int32(),
    cluster_id=pa.string(),
    name=pa.string(),
    phrases=pa.list_(pa.string()),
    mentions=pa.int64(),
    interactions=pa.int64(),
    drivers=pa.list_(pa.string()),
    driver_interactions=pa.list_(pa.int64()),
    examples=pa.list_(pa.string()),
    example_interaction_ids=pa.list_(pa.string()),
    answers=pa.list_(pa.string()),
    answer_counts=pa.list_(pa.int64()),
    centroid=pa.list_(pa.float64()),
    release=pa.string(),
    method=pa.string(),
)

# --- silver: who it was -------------------------------------------------------------------

IDENTITY_EDGES: Final = _schema(
    edge_id=pa.string(),
    left_key=pa.string(),
    left_type=pa.string(),
    right_key=pa.string(),
    right_type=pa.string(),
    rule=pa.string(),
    evidence_kind=pa.string(),
    evidence_id=pa.string(),
    observations=pa.int64(),
    active=pa.bool_(),
    inactive_reason=pa.string(),
    identity_version=pa.string(),
)

PERSONS: Final = _schema(
    handle_key=pa.string(),
    handle_type=pa.string(),
    person_id=pa.string(),
    identity_version=pa.string(),
)

# --- vault: clear values, never published -------------------------------------------------

VAULT_HANDLES: Final = _schema(
    handle_key=pa.string(),
    handle_type=pa.string(),
    handle=pa.string(),
    name=pa.string(),
)

MANIFEST: Final = ("table", "version", "commit_sha256", "files", "rows", "previous", "late")
"""Keys of one line of the manifest chain (see warehouse.verify)."""
