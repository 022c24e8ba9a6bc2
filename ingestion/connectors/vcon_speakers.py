"""Who speaks in a transcript: labels and voices matched to the parties of a vCon.

segments -> voices -> (role, party, assumed). By role word, name, self-introduction or greeting;
what had to be assumed is marked so.
"""

from ingestion.connectors.vcon_parties import Parties, role_word
from ingestion.connectors.vcon_transcript import Segment

GREETINGS = (
    "how can i help",
    "how may i help",
    "how can i assist",
    "how may i assist",
    "thank you for calling",
    "thanks for calling",
    "thank you for contacting",
    "welcome to",
    "ada yang bisa",
    "terima kasih telah menghubungi",
    "terima kasih sudah menghubungi",
    "selamat datang di",
    "dengan siapa saya",
)
INTRODUCTIONS = ("my name is ", "this is ", "i'm ", "i am ", "nama saya ", "saya ", "dengan ")
OPENING_CHARACTERS = 400
MOST_VOICES = 50
Voice = tuple[str, str | int]
Speaker = tuple[str, int | None, bool]


def voice_of(segment: Segment, number: int) -> Voice:
    """Who a segment says is speaking; unlabelled paragraphs take turns."""
    if segment.party is not None:
        return "party", segment.party
    if segment.label is not None:
        return "label", segment.label.strip().lower()
    return "turn", number % 2


def speakers(said: list[Segment], parties: Parties) -> dict[Voice, Speaker]:
    """Role, party and whether that is assumed, for every voice of a transcript."""
    words: dict[Voice, list[str]] = {}
    for number, segment in enumerate(said):
        words.setdefault(voice_of(segment, number), []).append(segment.text.lower())
    found: dict[Voice, Speaker] = {}
    for voice in words:
        known = _known(voice, parties)
        if known is not None:
            found[voice] = known
    open_voices = [voice for voice in words if voice not in found]
    roles = {role for role, _, _ in found.values()}
    greeter = _greeter(open_voices, words) if "agent" not in roles else None
    for voice in open_voices:
        role = "agent" if voice == greeter else "customer"
        introduced = _introduced(words[voice], parties) if len(found) < MOST_VOICES else []
        if introduced:
            # Two names in one voice: the recogniser did not tell the speakers apart.
            found[voice] = (role_of(parties, introduced[0]), introduced[0], len(introduced) > 1)
        else:
            found[voice] = (role, parties.first(role), True)
    return found


def _known(voice: Voice, parties: Parties) -> Speaker | None:
    kind, value = voice
    if kind == "party" and isinstance(value, int):
        party = parties.at(value)
        return (role_of(parties, value), value, False) if party else None
    if kind != "label":
        return None
    role = role_word(str(value))
    if role is not None:
        return role, parties.first(role), False
    for index, party in enumerate(parties.listed):
        names = (party.name or "").lower().strip()
        if names and value in (names, names.split()[0]):
            return role_of(parties, index), index, False
    return None


def _greeter(voices: list[Voice], words: dict[Voice, list[str]]) -> Voice | None:
    """Who greets like a service desk; else, of two or more, who speaks first."""
    for voice in voices:
        opening = _opening(words[voice])
        if any(greeting in opening for greeting in GREETINGS):
            return voice
    return voices[0] if len(voices) > 1 else None


def _opening(texts: list[str]) -> str:
    """What a voice says first; people introduce themselves at the beginning."""
    return " ".join(text[:OPENING_CHARACTERS] for text in texts[:4])


def _introduced(texts: list[str], parties: Parties) -> list[int]:
    """The parties whose first names the voice gives as its own, in the order spoken."""
    opening = _opening(texts)
    found: list[tuple[int, int]] = []
    for index, party in enumerate(parties.listed):
        first = (party.name or "").lower().split()[:1]
        places = [opening.find(words + first[0]) for words in INTRODUCTIONS if first]
        spoken = [place for place in places if place >= 0]
        if spoken:
            found.append((min(spoken), index))
    return [index for _, index in sorted(found)]


def role_of(parties: Parties, index: int | None) -> str:
    """The role of a party; whoever is unknown is taken for the customer."""
    party = parties.at(index)
    return (party.role if party else None) or "customer"
