"""Silver, what the sound of a call tells: one row per recording, measured from its samples."""

from typing import Final

from warehouse import contracts
from warehouse.tables.bronze import FILE
from warehouse.tables.definition import Table
from warehouse.tables.interactions import CONVERSATION, PAYLOAD, RECORD

RECORDINGS: Final = Table(
    name="silver.recordings",
    schema=contracts.RECORDINGS,
    key=("recording_id",),
    grain="One row per recording of a call, by the content of its file.",
    owner="data-engineering",
    pii="pseudonymous",
    partition_by=("event_date",),
    description="Talk, silence, overlap and loudness measured from the recordings of calls.",
    column_descriptions={
        "recording_id": "Stable id of the recording, from the content of its file.",
        "interaction_id": "Call it belongs to; null while no source names it and nothing dates it.",
        "conversation_hash": CONVERSATION,
        "file_sha256": FILE,
        "name_hash": "Keyed hash of the file's name without its ending; equal for two formats.",
        "tied_by": "How its call was found: content_hash or name; null when it stands alone.",
        "started_at": "Start of the call, else the time in the file's name, UTC; null if unknown.",
        "format": "Container: wav, mp3, ogg, flac, aiff, au, caf, rf64 or w64.",
        "codec": "Encoding of the samples, as the decoder names it.",
        "sample_rate": "Samples per second.",
        "channels": "Number of channels.",
        "duration_seconds": "Length that could be decoded; the stated length if it was too long.",
        "talk_seconds": "Seconds in which anybody talks.",
        "non_talk_seconds": "The rest: silence, noise and steady tones.",
        "longest_silence_seconds": "Longest stretch in which nobody talks.",
        "customer_talk_seconds": "Seconds of talk on the customer's channel; null if shared.",
        "agent_talk_seconds": "Seconds of talk on the agent's channel; null if shared.",
        "overlap_seconds": "Seconds in which two channels talk at once; null if shared.",
        "interruptions": "How often one side cut into the other's talk; null if shared.",
        "customer_interruptions": "How often the customer cut in; null if shared.",
        "agent_interruptions": "How often the agent cut in; null if shared.",
        "channel_talk_seconds": "Seconds of talk of each channel; null if speakers share one.",
        "channel_loudness_dbfs": "RMS level of each channel in dBFS; null for silence.",
        "clipped_samples": "Samples at full scale, over all channels.",
        "words": "Words of the transcript without announcements; null without one.",
        "words_per_minute": "Words per minute of talk over all recordings of the call.",
        "transcript_source": "Source of the words, for example vcon; null without a transcript.",
        "transcript_engine": "Engine and version that heard the words, if one did here.",
        "not_analysed": "What is missing and why, such as no_speaker_separation or no_call.",
        "measures_version": "Version of the rules that measured.",
        "record_id": RECORD,
        "payload_id": PAYLOAD,
        "event_date": "Business day of started_at, 1970-01-01 if unknown; partition.",
    },
)

TABLES: Final = (RECORDINGS,)
