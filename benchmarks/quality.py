"""How often ours is right beside plain tools, on the same texts; needs `--data DIR`.

Language: the set says it (formal Indonesian of tweets and reviews, the slang of the same tweets,
English bank questions); an answer `mix` counts as wrong. Sentiment: our labels of English rows,
never trained on. Drivers: tweets with our labels; ours are the cross-validated figures of the
model card, the keyword rule counts a few everyday words of each driver.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmarks import baselines
from benchmarks.home import Home
from benchmarks.measure import Figure
from enrichment.training import samples

_ROWS = 1500


def measure(home: Home) -> Iterator[Figure]:
    """Accuracy in percent of every tool on every set."""
    if home.data is None:
        sys.stderr.write("quality needs the published sets; name their folder with --data\n")
        return
    yield from _languages(home)
    yield from _sentiment(home)
    yield from _drivers(home)


def _languages(home: Home) -> Iterator[Figure]:
    from benchmarks.texts import questions
    from enrichment import language

    assert home.data is not None
    stif = home.data / "stif"
    sets = {
        "Indonesian, formal tweets": ("id", (stif / "train.for").read_text("utf-8").splitlines()),
        "Indonesian, slang tweets": ("id", (stif / "train.inf").read_text("utf-8").splitlines()),
        "Indonesian, reviews": ("id", [s.text for s in samples.smsa(home.data, "valid")]),
        "English, bank questions": ("en", questions(home.data)),
    }
    tools = baselines.languages()
    for name, (truth, rows) in sets.items():
        kept = list(islice(filter(str.strip, rows), _ROWS))
        answers = {"ours": [tag.tag for tag in language.predict(kept)]}
        answers |= {tool: [answer(text) for text in kept] for tool, answer in tools.items()}
        for tool, given in answers.items():
            yield Figure(f"language, {name} ({len(kept)}): {tool}", _share(truth, given), "% right")


def _share(truth: str, given: Sequence[str]) -> float:
    return 100 * sum(answer == truth for answer in given) / len(given)


def _sentiment(home: Home) -> Iterator[Figure]:
    from enrichment import sentiment

    assert home.data is not None
    rows = list(samples.labelled(home.data))
    truth = [row.labels["sentiment"] for row in rows]
    answers = {"ours": [tag.tag for tag in sentiment.predict([row.text for row in rows])]}
    if vader := baselines.vader():
        answers["VADER"] = [vader(row.text) for row in rows]
    answers["majority"] = [Counter(truth).most_common(1)[0][0]] * len(rows)
    for tool, given in answers.items():
        yield Figure(
            f"sentiment, English labels ({len(rows)}): {tool}", _right(truth, given), "% right"
        )


def _drivers(home: Home) -> Iterator[Figure]:
    from enrichment import model_files

    assert home.data is not None
    rows = [row for row in samples.stif(home.data) if row.source == "stif"]
    truth = [row.labels["driver"] for row in rows]
    written = json.loads((model_files.MODELS / "metrics.json").read_text("utf-8"))
    ours = written["drivers"]["stif"]["accuracy"]
    common = Counter(truth).most_common(1)[0][0]
    name = f"drivers, tweets ({len(rows)})"
    yield Figure(f"{name}: ours, cross-validated", 100 * ours, "% right")
    yield Figure(f"{name}: majority", _right(truth, [common] * len(rows)), "% right")
    yield Figure(f"{name}: keywords", _right(truth, [_named(r.text) for r in rows]), "% right")


def _named(text: str) -> str:
    """The driver whose everyday words the text holds most often."""
    from enrichment import normalise

    words = [word for _, _, word in normalise.tokens(text)]
    hits = {driver: sum(word in listed for word in words) for driver, listed in _KEYWORDS.items()}
    best = max(hits, key=lambda driver: hits[driver])
    return best if hits[best] else "other"


def _right(truth: Sequence[str], given: Sequence[str]) -> float:
    return 100 * sum(t == g for t, g in zip(truth, given, strict=True)) / len(truth)


# What a person would write down in five minutes, before looking at any text.
_KEYWORDS: dict[str, frozenset[str]] = {
    driver: frozenset(words.split())
    for driver, words in {
        "outage": "gangguan mati padam lemot lambat sinyal jaringan internet down offline slow",
        "billing": "tagihan bayar tarif pulsa potong biaya charge bill fee payment invoice",
        "refund_cancel": "refund batal cancel kembali pengembalian dana",
        "delivery": "kirim paket kurir sampai pengiriman resi delivery parcel arrive",
        "account_access": "login password akun verifikasi otp blokir pin locked account",
        "product_info": "info apakah bagaimana jadwal harga tanya how what",
        "purchase_plan": "beli daftar paketan pesan order buy upgrade subscribe",
        "promo_reward": "promo diskon voucher poin hadiah cashback bonus discount reward",
        "app_technical": "aplikasi app error update bug website install crash",
        "service_quality": "pelayanan kecewa petugas driver sopir antri service rude",
        "termination": "berhenti tutup berlangganan putus close terminate unsubscribe",
        "fraud_security": "penipuan tipu hack palsu fraud scam stolen",
        "praise_thanks": "makasih terima kasih mantap bagus thanks great",
    }.items()
}
