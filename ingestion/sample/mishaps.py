"""Adds what goes wrong on the way: files delivered twice, cut short, mangled or of unknown kind."""

from random import Random

from ingestion.sample.model import Period
from ingestion.sample.sink import Sink


def add_mishaps(rng: Random, period: Period, sink: Sink) -> None:
    """Add redelivered and broken files beside the good ones."""
    _redeliver(rng, sink)
    day = period.last
    for name, content, story in _broken(rng, str(day), sink):
        sink.add(name, content, story=f"broken: {story}")


def _pick(rng: Random, sink: Sink, start: str, end: str) -> str:
    names = sorted(
        name for name, note in sink.notes.items()
        if name.startswith(start) and name.endswith(end) and not note.get("story")
        and "compliance" not in name
    )  # fmt: skip
    return rng.choice(names)


def _redeliver(rng: Random, sink: Sink) -> None:
    for start, end, new in (
        ("voice/", ".json", "{stem}-resend.vcon.json"),
        ("voice/", ".json", "{stem}-copy.vcon.json"),
        ("chat/whatsapp/", ".jsonl", "{stem} (1).jsonl"),
        ("email/", ".eml", "{stem}_2.eml"),
        ("social/x/", ".jsonl", "{stem}-retry.jsonl"),
        ("surveys/", ".csv", "{stem}-again.csv"),
    ):
        name = _pick(rng, sink, start, end)
        folder, _, base = name.rpartition("/")
        stem = base.removesuffix(".json").removesuffix(".vcon").removesuffix(end)
        copy = f"{folder}/{new.format(stem=stem)}"
        payloads = sink.notes[name].get("payloads")
        sink.add(copy, sink.files[name], story=f"redelivery of {name}", payloads=payloads)


def _broken(rng: Random, day: str, sink: Sink) -> list[tuple[str, bytes, str]]:
    call = sink.files[_pick(rng, sink, "voice/", ".json")]
    chat = sink.files[_pick(rng, sink, "chat/whatsapp/", ".jsonl")].split(b"\n")[0]
    page = sink.files[_pick(rng, sink, "social/x/", ".jsonl")].split(b"\n")[0]
    survey = sink.files[_pick(rng, sink, "surveys/", ".csv")].decode()
    header = survey.split("\n")[0]
    bare = (
        b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":'
    )
    bare += b'{"messages":[{"type":"text","text":{"body":"halo"}}]}}]}]}'
    return [
        (f"voice/{day}/truncated.vcon.json", call[: len(call) * 2 // 3], "truncated JSON"),
        (f"voice/{day}/no-uuid.vcon.json", b'{"vcon":"0.4.0","parties":[],"dialog":[]}',
         "missing fields"),
        (f"voice/{day}/null-parties.vcon.json",
         b'{"uuid":"00000000-0000-4000-8000-00000000dead","vcon":"0.0.1","parties":null,'
         b'"dialog":[{"type":"recording","start":"yesterday"}]}', "wrong types"),
        (f"voice/{day}/recording.mp3", b"ID3\x04\x00\x00" + bytes(64), "unknown format"),
        (f"email/{day}/minutes.docx", b"PK\x03\x04\x14\x00" + bytes(64), "unknown format"),
        (f"email/{day}/empty.eml", b"", "empty file"),
        (f"email/{day}/headless.eml", b"\x00\x01\x02 not a mail\n", "no headers"),
        (f"chat/whatsapp/{day}-partial.jsonl", bare + b"\n" + chat[: len(chat) // 2],
         "missing fields, then a cut line"),
        ("chat/whatsapp/empty.jsonl", b"", "empty file"),
        (f"social/x/{day}-cut.jsonl", page[: len(page) - 40], "truncated JSON"),
        ("social/x/error.jsonl",
         b'{"errors":[{"title":"ConnectionException","detail":"This stream is at the limit."}]}\n',
         "an error page"),
        ("surveys/surveys-utf16.csv", survey[:600].encode("utf-16"), "wrong encoding"),
        ("surveys/surveys-bad-rows.csv",
         f"{header}\nR-X1,C-000001,,csat,lima,,2026-10-01T10:00:00+07:00\n"
         "R-X2,C-000002,,mood,3,,2026-10-01T10:00:00+07:00\nR-X3,C-000003,,csat,4,,kemarin\n"
         .encode(), "rows with wrong values"),
        ("crm/customers-no-id.csv", b"name,phone\nBudi,0812\n", "missing column"),
        ("crm/empty.csv", b"", "empty file"),
    ]  # fmt: skip
