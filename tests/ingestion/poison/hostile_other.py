"""Hostile mails, tables, archives and names: what is no JSON."""

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from tests.ingestion.poison.hostile_json import SECRET

TEXT = SECRET.encode()
HEADERS = b"From: sari@example.com\nTo: toko@example.com\nDate: Thu, 1 Oct 2026 09:00:00 +0700\n"


def mails(honest: bytes) -> Iterator[tuple[str, bytes]]:
    """Variants of a mail, and mails that no program would write."""
    head, _, body = honest.partition(b"\n\n")
    yield "cut", honest[: len(honest) // 2]
    yield "nul", honest.replace(b"\n", b"\n\x00", 3)
    yield "no body", head
    yield "only body", b"\n\n" + body
    yield "carriage returns", honest.replace(b"\n", b"\r")
    yield "mixed line ends", b"\r\n".join(honest.split(b"\n")[::2]) + b"\n" + honest
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        yield encoding, honest.decode("utf-8", "replace").encode(encoding)
    yield "header line of 100 kB", HEADERS + b"Subject: " + TEXT + b"x" * 100_000 + b"\n\nhalo"
    yield "header of many lines", HEADERS + b"Subject: a" + b"\n " * 30_000 + b"\n\nhalo"
    yield "many headers", HEADERS + b"X-A: b\n" * 20_000 + b"\nhalo"
    yield "many references", HEADERS + b"References:" + b" <a@b>" * 20_000 + b"\n\nhalo"
    yield "many addresses", HEADERS + b"Cc: " + b"a@b.example, " * 20_000 + b"\n\nhalo"
    yield "open quotes", HEADERS + b'Reply-To: "' + b'\\"(' * 20_000 + b"\n\nhalo"
    yield "encoded words", HEADERS + b"Subject: " + b"=?utf-8?b?4pyT=?= " * 5_000 + b"\n\nhalo"
    yield "bad words", HEADERS + b"Subject: =?" + TEXT + b"?q?=ZZ?= =?utf-8?x?a?=\n\nhalo"
    yield from _charsets()
    yield from _parts()
    yield from _times()
    yield "mbox", b"From a@b Thu Oct  1 09:00:00 2026\n" + honest + b"\n" + TEXT
    yield "mbox of nothing", b"From a@b Thu Oct  1 09:00:00 2026\n\n" * 2_000


def _charsets() -> Iterator[tuple[str, bytes]]:
    for charset in (b"no-such-" + TEXT, b"utf-7", b"rot13", b"idna", b"punycode", b"\xff", b""):
        kind = b"Content-Type: text/plain; charset=" + charset
        yield f"charset {charset[:8]!r}", HEADERS + kind + b"\n\nhalo \xff\xfe " + TEXT
    for encoding in (b"base64", b"quoted-printable", b"uuencode", b"x-none"):
        kind = b"Content-Transfer-Encoding: " + encoding
        yield f"transfer {encoding!r}", HEADERS + kind + b"\n\n=ZZ=\n!" + b"A" * 10_001


def _parts() -> Iterator[tuple[str, bytes]]:
    mixed = b"Content-Type: multipart/mixed; boundary=b\n\n"
    yield "thousands of parts", HEADERS + mixed + b"--b\n\nhalo\n" * 5_000
    yield "thousands of empty parts", HEADERS + mixed + b"--b\n" * 9_000
    yield "no boundary", HEADERS + b"Content-Type: multipart/mixed\n\n--b\n\nhalo"
    yield "boundary that never comes", HEADERS + mixed + b"halo " + TEXT
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(150)
    )
    yield "parts in parts", HEADERS + nested + b"\nhalo"
    yield "mails in mails", HEADERS + b"Content-Type: message/rfc822\n\n" * 3_000
    yield "parameters", HEADERS + b"Content-Type: text/plain; " + b"a*0=b; " * 9_000 + b"\n\nhalo"
    packed = gzip.compress(b"\x00" * 20_000_000, mtime=0)
    yield "packed bomb", HEADERS + mixed + b"--b\nContent-Type: application/gzip\n\n" + packed
    html = b"Content-Type: text/html\n\n"
    yield "html without end", HEADERS + html + b"<div><table><td>" * 20_000 + TEXT
    yield "entities", HEADERS + html + b"&#x110000;&#55296;&amp" * 5_000
    yield "comments", HEADERS + html + b"<!--" * 50_000
    yield "quotes", HEADERS + b"\n" + b">" * 200_000
    yield "quoted lines", HEADERS + b"\n" + b"> > > halo\n" * 20_000
    yield "dashes", HEADERS + b"\n" + b"-- \n" * 20_000


def _times() -> Iterator[tuple[str, bytes]]:
    for date in (b"kemarin", b"Thu, 1 Oct 2026 09:00:00", b"31 Feb 2026 25:61:00 +9999", b""):
        yield f"date {date!r}", b"From: s@example.com\nTo: t@example.com\nDate: " + date + b"\n\nx"


def tables(header: bytes, row: bytes) -> Iterator[tuple[str, bytes]]:
    """Variants of a CSV file with one honest row."""
    good = header + b"\n" + row + b"\n"
    cells = row.split(b",")
    yield "cut", good[: len(good) - 9]
    yield "open quote", good + b'"' + TEXT + b",\n" + row + b"\n"
    yield "open quote for long", good + b'"' + (b"x," * 200 + b"\n") * 3_000
    yield "quotes in cells", good + row.replace(b",", b'"",""')
    yield "quote behind", good + row.replace(b",", b'",', 1)
    yield "nul", good + b"\x00".join(cells) + b"\n"
    yield "too few cells", good + b",".join(cells[:2]) + b"\n"
    yield "too many cells", good + row + b"," * 100_000 + b"\n"
    yield "long cell", good + TEXT + b"x" * 2_000_000 + b"," + b",".join(cells[1:]) + b"\n"
    yield "carriage returns", good.replace(b"\n", b"\r")
    yield "mixed line ends", header + b"\r\n" + row + b"\r" + row + b"\n\r\n" + row
    yield "blank lines", header + b"\n" * 50_000 + row
    yield "header twice", good + good
    yield "no header", row + b"\n" + row
    yield "columns twice", header + b"," + header + b"\n" + row + b"," + row
    yield "thousands of columns", header + b",x" * 9_000 + b"\n" + row
    yield "other letters", good + row.replace(b"ok", b"\xe9\x81\xff") + b"\n"
    yield "no letters", good + b"\x81\x8d\xff,".join(cells) + b"\n"
    for encoding in ("utf-16", "utf-32", "utf-8-sig", "utf-7"):
        yield encoding, good.decode().encode(encoding)
    for number, cell in enumerate((b"NaN", b"1e999", b"9" * 5_000, b"=1+1", b"true", b"", TEXT)):
        for place in (3, 4, 6):
            changed = [*cells[:place], cell, *cells[place + 1 :]]
            yield f"cell {number} at {place}", good + b",".join(changed) + b"\n"
    yield from _parquet(header.decode().split(","))


def _parquet(columns: list[str]) -> Iterator[tuple[str, bytes]]:
    honest = _written(pa.table({name: ["x"] for name in columns}))
    yield "parquet cut", honest[: len(honest) // 2]
    yield "parquet without end", honest[:-8] + b"\xff" * 8
    yield "parquet of a lie", honest[:-8] + b"\xff\xff\xff\x7fPAR1"
    yield "parquet head alone", b"PAR1"
    yield "parquet of numbers", _written(pa.table({name: [2**62] for name in columns}))
    yield "parquet of lists", _written(pa.table({name: [[["x"]]] for name in columns}))
    yield "parquet of bytes", _written(pa.table({name: [b"\xff\x00"] for name in columns}))
    yield "parquet of nothing", _written(pa.table({name: pa.nulls(9) for name in columns}))
    long = pa.array(["x" * 1_000_000] * 30)
    yield "parquet bomb", _written(pa.table({name: long for name in columns}))
    chance = random.Random(3)
    for number in range(15):
        damaged = bytearray(honest)
        for _ in range(3):
            damaged[chance.randrange(4, len(honest))] ^= 1 << chance.randrange(8)
        yield f"parquet with flipped bits {number}", bytes(damaged)


def _written(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def archives(honest: bytes) -> Iterator[tuple[str, bytes]]:
    """Packed files: bombs, archives in archives, members that climb out of their folder."""
    yield "gzip", gzip.compress(honest, mtime=0)
    yield "gzip bomb", gzip.compress(b"\x00" * 50_000_000, mtime=0)
    yield "gzip cut", gzip.compress(honest, mtime=0)[:-6]
    inner = b"\x00" * 10_000_000
    for level in range(6):
        inner = _zipped({f"{level}.zip": inner})
    yield "zip in zip", inner
    yield "zip bomb", _zipped({f"{n}.json": b"[" * 1_000_000 for n in range(20)})
    yield "zip that climbs", _zipped({"../../etc/passwd": honest, "/abs": honest, "a/../b": honest})
    yield "zip cut", _zipped({"a.json": honest})[:-9]
    yield "zip of thousands", _zipped({f"{n}": b"" for n in range(5_000)})
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        link = tarfile.TarInfo("../link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    yield "tar that climbs", gzip.compress(out.getvalue(), mtime=0)


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)  # without a date of its own
            member.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(member, content)
    return out.getvalue()


def nonsense() -> Iterator[tuple[str, bytes]]:
    """Files of no format."""
    chance = random.Random(9)
    for size in (1, 2, 7, 64, 4_096, 65_537):
        yield f"noise {size}", chance.randbytes(size)
    for content in (b"", b"\n", b"\x00" * 70_000, b"\xef\xbb\xbf", b"\xff\xfe", b"null", b"[]",
                    b"{}", b'""', b"[[]]", b"{}\n{}\n", b" " * 70_000, b"," * 70_000):  # fmt: skip
        yield f"{content[:4]!r} {len(content)}", content
