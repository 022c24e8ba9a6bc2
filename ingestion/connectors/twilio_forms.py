"""The form bodies that Twilio posts to a webhook, as the resources they tell about.

`CallSid=CA...&CallStatus=completed&...` -> the fields of a call, recording or transcription
resource under their names in the interface. Numbers and times stay text, as in the interface.
"""

import re
from urllib.parse import parse_qsl

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.reading import too_large

MOST_FIELDS = 300
_FORM = re.compile(rb"\s*[A-Za-z][A-Za-z0-9_]{0,63}=[^\s{}\[\]\"]*(?:&|\s|$)")
_SIDS = re.compile(rb"(?:^|[&\s])AccountSid=AC[0-9a-f]{32}(?:&|\s|$)")
_CALL = re.compile(rb"(?:^|[&\s])(?:CallSid=CA|RecordingSid=RE|TranscriptionSid=TR)[0-9a-f]{32}")
_SHARED = {"AccountSid": "account_sid", "ApiVersion": "api_version"}
_CALL_FIELDS = {
    "CallSid": "sid",
    "ParentCallSid": "parent_call_sid",
    "From": "from",
    "To": "to",
    "CallStatus": "status",
    "Direction": "direction",
    "CallDuration": "duration",
    "Timestamp": "timestamp",
    "AnsweredBy": "answered_by",
    "CallerName": "caller_name",
    "QueueTime": "queue_time",
}
_RECORDING_FIELDS = {
    "RecordingSid": "sid",
    "CallSid": "call_sid",
    "RecordingStatus": "status",
    "RecordingDuration": "duration",
    "RecordingChannels": "channels",
    "RecordingStartTime": "start_time",
}
_TRANSCRIPTION_FIELDS = {
    "TranscriptionSid": "sid",
    "TranscriptionText": "transcription_text",
    "TranscriptionStatus": "status",
    "RecordingSid": "recording_sid",
    "CallSid": "call_sid",
    "Timestamp": "date_created",
}


def looks_like_form(head: bytes) -> bool:
    """Whether this is the body of a voice webhook: pairs, with an account and a call."""
    return bool(_FORM.match(head) and _SIDS.search(head) and _CALL.search(head))


def form_fields(line: bytes, limits: Limits) -> dict[str, str]:
    """The fields of one form under the names of the interface; raises RejectedInput."""
    if len(line) > limits.payload_bytes:
        raise too_large(limits, "")
    try:
        pairs = parse_qsl(line.strip().decode("ascii"), strict_parsing=True, errors="strict",
                          max_num_fields=MOST_FIELDS)  # fmt: skip
    except (ValueError, UnicodeError) as error:
        raise RejectedInput(
            "bad_form", "this is not the complete body of a form; deliver the webhook again"
        ) from error
    given = {key: text for key, text in pairs if text}
    names = _CALL_FIELDS
    if "TranscriptionSid" in given:
        names = _TRANSCRIPTION_FIELDS
    elif "RecordingSid" in given and "CallStatus" not in given:
        names = _RECORDING_FIELDS
    return {ours: given[theirs] for theirs, ours in (names | _SHARED).items() if theirs in given}
