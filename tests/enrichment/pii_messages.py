"""The table of invented messages, `pii_messages.txt`: first part for building, second kept aside."""

from pathlib import Path

from enrichment.training import pii_texts

FILE = Path(__file__).with_name("pii_messages.txt")
LANGUAGES = ("id", "en", "mix")
FIRST, SECOND = (
    [row for language in LANGUAGES for row in pii_texts.messages(FILE, part, language)]
    for part in ("first", "second")
)
MESSAGES = FIRST + SECOND
