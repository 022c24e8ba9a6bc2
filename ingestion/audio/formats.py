"""Which kind of recording a file is, judged from its first bytes alone.

Strict on purpose: a name proves nothing, and letters of a text must never look like sound.
"""

DECODED = frozenset({"wav", "rf64", "w64", "mp3", "ogg", "flac", "aiff", "au", "caf"})
"""Containers that the decoder opens; what it finds inside may still be unknown to it."""

_SEARCHED = 4096  # a recording that was cut out of a stream may begin in the middle of a frame
_FRAMES = 3  # frames that must follow each other before bytes count as MP3
_BITRATES = {
    # kbit/s by (is MPEG 1, layer) and index; index 0 (free) and 15 are not used in practice
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = (44_100, 48_000, 32_000)
_MP4_BRANDS = (b"M4A", b"M4B", b"mp4", b"iso", b"3gp", b"3g2", b"qt  ", b"avc1", b"MSNV", b"dash")


def container(head: bytes) -> str | None:
    """The container of a recording that begins with `head`; None when it is no recording.

    Answers outside `DECODED` (mp4, amr, wma, webm, aac) need `ingestion.audio.compressed`.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] in (b"RIFF", b"RIFX", b"RF64") and head[8:12] == b"WAVE":
        return _wave(head)
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff" if len(head) > 20 else None
    if head[4:8] == b"ftyp" and head[8:12].startswith(_MP4_BRANDS):
        return "mp4"
    return _framed(head)


_MAGIC = (
    (b"fLaC\x00\x00\x00\x22", "flac"),
    (b"OggS\x00\x02", "ogg"),
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00", "w64"),
    (b".snd\x00\x00", "au"),
    (b"caff\x00\x01\x00\x00", "caf"),
    (b"#!AMR", "amr"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "wma"),
    (b"\x1a\x45\xdf\xa3", "webm"),
)


def _wave(head: bytes) -> str | None:
    """A RIFF file is a recording once its first chunk has a name."""
    if not head[12:16].strip(b" \x00").isalnum():
        return None
    return "rf64" if head[:4] == b"RF64" else "wav"


def _framed(head: bytes) -> str | None:
    """MPEG audio: frames that follow each other exactly, after an optional ID3 tag."""
    start = 0
    if head[:3] == b"ID3" and len(head) >= 10 and head[3] <= 4 and max(head[6:10]) < 0x80:
        a, b, c, d = head[6:10]
        start = 10 + (a << 21 | b << 14 | c << 7 | d)
        if start + 4 > len(head):
            return "mp3" if start > 10 and len(head) > 10 else None
        while start < len(head) and head[start] == 0:
            start += 1  # padding after the tag
    for at in range(start, min(start + _SEARCHED, len(head) - 3)):
        if head[at] == 0xFF and head[at + 1] & 0xE0 == 0xE0:
            if _mp3_frames(head, at):
                return "mp3"
            if at == start and _adts_frames(head, at):
                return "aac"
    return None


def _mp3_frames(head: bytes, at: int) -> bool:
    seen, first = 0, head[at + 1]
    while seen < _FRAMES:
        if at + 4 > len(head):
            return seen > 1 and at >= len(head)  # a file of two frames
        if head[at] != 0xFF or head[at + 1] | 1 != first | 1:
            return False
        length = _mp3_length(head, at)
        if length is None:
            return False
        at += length
        seen += 1
    return True


def _mp3_length(head: bytes, at: int) -> int | None:
    """Bytes of the MPEG frame that begins here; None when none does."""
    version, layer = head[at + 1] >> 3 & 3, 4 - (head[at + 1] >> 1 & 3)
    bitrate, rate = head[at + 2] >> 4, head[at + 2] >> 2 & 3
    if version == 1 or layer not in (2, 3) or bitrate in (0, 15) or rate == 3:
        return None
    first = version == 3
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    bits = _BITRATES[first, layer][bitrate - 1] * 1000
    samples = 1152 if first or layer == 2 else 576
    return samples * bits // (8 * hertz) + (head[at + 2] >> 1 & 1)


def _adts_frames(head: bytes, at: int) -> bool:
    for _ in range(_FRAMES):
        if at + 7 > len(head) or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
            return False
        length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
        if length < 7:
            return False
        at += length
    return True
