"""Writes mail threads as RFC 5322 messages: charsets, encodings, HTML, quotes, signatures."""

import binascii
from base64 import b64encode
from collections import defaultdict
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from html import escape
from random import Random

from ingestion.sample import company
from ingestion.sample.mail_words import DAYS, MONTHS, SIGNATURES, SUBJECTS
from ingestion.sample.model import Conversation, Turn
from ingestion.sample.sink import Sink


class MailWriter:
    """Puts each mail in a file of its own, or in the box of its month."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.boxes: dict[str, list[tuple[datetime, bytes]]] = defaultdict(list)

    def write(self, conversation: Conversation, rng: Random, boxed: bool, late: int = 0) -> None:
        """Add all mails of one thread."""
        for moment, name, raw in _Thread(conversation, rng).mails():
            if boxed:
                self.boxes[f"{moment:%Y-%m}"].append((moment, raw))
            else:
                day = (moment + timedelta(days=late)).date()
                note = {"story": "late"} if late else {}
                self.sink.add(f"email/{day}/{name}.eml", raw, payloads=1, **note)

    def finish(self) -> None:
        """Write one mbox a month."""
        for month, mails in sorted(self.boxes.items()):
            mails.sort(key=lambda mail: mail[0])
            parts = []
            for moment, raw in mails:
                # mboxrd: a body line beginning with "From " must not look like a separator.
                safe = raw.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
                parts.append(f"From sampler {moment.ctime()}\n".encode() + safe + b"\n")
            self.sink.add(f"email/{month}.mbox", b"".join(parts), payloads=len(mails))


class _Thread:
    def __init__(self, conversation: Conversation, rng: Random) -> None:
        self.talk, self.rng, self.spec = conversation, rng, conversation.spec
        self.person = self.spec.person
        self.language = self.spec.language if self.spec.language != "mix" else "id"
        options = SUBJECTS[self.language][self.spec.situation.driver]
        self.subject = rng.choice(options)
        if self.spec.campaign:
            self.subject = {"id": "Penawaran khusus", "en": "An offer for you"}[self.language]
        self.shown = self.person.spelling(rng)
        self.signature = rng.choice(SIGNATURES[self.language]).format(name=self.person.name)
        self.style = rng.choices(("plain", "alternative", "html"), (55, 33, 12))[0]
        self.chain: list[str] = []
        self.last: tuple[Turn, datetime] | None = None

    def mails(self) -> list[tuple[datetime, str, bytes]]:
        rng, rows = self.rng, []
        moment = self.spec.start
        for place, turn in enumerate(self.talk.turns):
            if place:
                wait = rng.uniform(1, 4) if turn.role == "bot" else rng.uniform(40, 1500)
                moment = moment + timedelta(minutes=wait)
            turn.at = (moment - self.spec.start).total_seconds()
            name = f"{rng.getrandbits(64):016x}"
            domain = company.COMPANY_MAIL_DOMAINS[0]
            if turn.role == "customer":
                domain = self.person.email.split("@")[1]
            turn.native = f"<{name}@{domain}>"
            self.talk.natives.append(turn.native)
            rows.append((moment, name, self._mail(turn, moment)))
            self.chain.append(turn.native)
            self.last = (turn, moment)
        return rows

    def _mail(self, turn: Turn, moment: datetime) -> bytes:
        ours = turn.role != "customer"
        customer = _address(self.shown, self.person.email)
        company_side = _address(company.COMPANY_MAIL_NAME, company.COMPANY_MAILBOX)
        prefix = "Re: " if self.chain else ""
        headers = [
            ("From", company_side if ours else customer),
            ("To", customer if ours else company_side),
            ("Subject", _header(prefix + self.subject)),
            ("Date", format_datetime(moment)),
            ("Message-ID", turn.native),
        ]
        if self.chain:
            headers.append(("In-Reply-To", self.chain[-1]))
            headers.append(("References", " ".join(self.chain)))
        if ours:
            headers += self._ours(turn)
        elif self.chain or self.rng.random() < 0.5:
            headers.append(("X-Queue", self.spec.queue))
        headers.append(("MIME-Version", "1.0"))
        text = turn.text
        if not ours and self.signature:
            text += f"\n\n{self.signature}"
        return self._encode(headers, text + self._quote())

    def _ours(self, turn: Turn) -> list[tuple[str, str]]:
        rows = [("X-Queue", self.spec.queue)]
        if turn.role == "bot":
            rows.append(("Auto-Submitted", "auto-replied"))
        elif turn.agent:
            rows.append(("X-Agent-Id", turn.agent))
        if self.spec.campaign:
            rows.append(("X-Campaign", self.spec.campaign))
        return rows

    def _quote(self) -> str:
        if self.last is None or self.rng.random() < 0.12:
            return ""
        turn, moment = self.last
        ours = turn.role != "customer"
        name = company.COMPANY_MAIL_NAME if ours else self.shown
        mail = company.COMPANY_MAILBOX if ours else self.person.email
        month = MONTHS[self.language][moment.month - 1]
        day = DAYS[self.language][moment.weekday()]
        quoted = "\n".join("> " + line for line in turn.text.split("\n"))
        if self.rng.random() < 0.7:
            if self.language == "id":
                intro = f"Pada {day}, {moment.day} {month} {moment.year} pukul {moment:%H.%M} "
                return f"\n\n{intro}{name} <{mail}> menulis:\n\n{quoted}"
            intro = f"On {day}, {month} {moment.day}, {moment.year} at {moment:%H:%M} "
            return f"\n\n{intro}{name} <{mail}> wrote:\n\n{quoted}"
        words = ("-----Pesan Asli-----", "Dari", "Tanggal", "Kepada", "Perihal")
        if self.language == "en":
            words = ("-----Original Message-----", "From", "Sent", "To", "Subject")
        other = self.person.email if ours else company.COMPANY_MAILBOX
        when = f"{moment.day} {month} {moment.year} {moment:%H:%M}"
        head = f"{words[1]}: {name} <{mail}>\n{words[2]}: {when}\n{words[3]}: {other}\n"
        return f"\n\n{words[0]}\n{head}{words[4]}: {self.subject}\n\n{turn.text}"

    def _encode(self, headers: list[tuple[str, str]], text: str) -> bytes:
        if self.style == "alternative":
            edge = f"=_{self.rng.getrandbits(64):016x}"
            headers.append(("Content-Type", f'multipart/alternative; boundary="{edge}"'))
            parts = [self._part("plain", text), self._part("html", _html(text))]
            body = b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts)
            return _head(headers) + b"\r\n" + body + f"--{edge}--\r\n".encode()
        kind = "html" if self.style == "html" else "plain"
        part = self._part(kind, _html(text) if kind == "html" else text)
        return _head(headers) + part

    def _part(self, kind: str, text: str) -> bytes:
        charset = self.rng.choices(("utf-8", "windows-1252", "iso-8859-1"), (70, 16, 14))[0]
        try:
            raw = text.encode(charset)
        except UnicodeEncodeError:
            charset, raw = "utf-8", text.encode()
        ascii_only = raw.isascii() and max(map(len, raw.split(b"\n"))) < 900
        encoding = self.rng.choice(("quoted-printable", "quoted-printable", "base64", "7bit"))
        if encoding == "7bit" and not ascii_only:
            encoding = "quoted-printable"
        if encoding == "base64":
            coded = b64encode(raw)
            body = b"\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
        elif encoding == "quoted-printable":
            body = binascii.b2a_qp(raw, istext=True).replace(b"\n", b"\r\n")
        else:
            body = raw.replace(b"\n", b"\r\n")
        head = [("Content-Type", f"text/{kind}; charset={charset}")]
        head.append(("Content-Transfer-Encoding", encoding))
        return _head(head) + b"\r\n" + body + b"\r\n"


def _head(headers: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")


def _header(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode()


def _address(name: str, mail: str) -> str:
    return f"{_header(name)} <{mail}>"


def _html(text: str) -> str:
    body = text.split("\n\n")
    paragraphs = "".join(
        f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>\n" for part in body
    )
    return f'<html><head><meta charset="utf-8"></head><body>\n{paragraphs}</body></html>\n'
