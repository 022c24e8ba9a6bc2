"""Gives the two sides of one conversation their voice and fills in values.

A template becomes a text plus the spans of personal data in it. Which templates follow each
other is decided in `dialogue`.
"""

import re
from random import Random
from typing import Final

from ingestion.sample import company, identifiers, wording
from ingestion.sample.bank import Bank
from ingestion.sample.model import Manner, Span, Spec

CUSTOMER_NAMES: Final = {"id": ("kak", "kak", "min", "mbak", "mas", "gan", "pak", "bu"),
                         "en": ("team", "guys", "there", "folks")}  # fmt: skip
PERSONAL: Final = {
    "name": "PERSON", "first": "PERSON", "phone": "PHONE", "email": "EMAIL", "nik": "NIK",
    "kk": "KK", "npwp": "NPWP", "card": "CARD", "account": "BANK_ACCOUNT", "address": "ADDRESS",
    "cvv": "CVV",
}  # fmt: skip
THANKS: Final = re.compile("terima kasih", re.IGNORECASE)
EMOJI: Final = re.compile(" ?[\U0001f300-\U0001faff]")
NUMBERS: Final = ("phone", "nik", "kk", "npwp", "card", "account", "cvv")


def _spoken_email(value: str, language: str) -> str:
    dot, at = (" titik ", " et ") if language == "id" else (" dot ", " at ")
    return value.replace("_", " underscore ").replace(".", dot).replace("@", at)


class Speech:
    """The manner of one conversation; values once named stay the same within it."""

    def __init__(self, rng: Random, bank: Bank, spec: Spec, manner: Manner) -> None:
        self.rng, self.bank, self.spec, self.manner = rng, bank, spec, manner
        self.slots = bank.common["slots"]
        person, mix = spec.person, spec.language == "mix"
        self.base = ("id" if rng.random() < 0.7 else "en") if mix else spec.language
        self.agent_language = "id" if mix else spec.language
        title = rng.choice(("Ibu", "Kak", "Kak") if person.female else ("Bapak", "Kak", "Pak"))
        shown = rng.random() < 0.7
        polite = "Ma'am" if person.female else "Sir"
        call = (
            (title + " {first}" if shown else title)
            if self.agent_language == "id"
            else ("{first}" if shown else polite)
        )
        self.nested = {"{panggil}": call, "{hormat}": title}
        self.sapaan = rng.choice(CUSTOMER_NAMES["id" if mix else spec.language])
        self.values: dict[str, str] = {}
        style = "spoken" if manner == "spoken" else "typed"
        self.lexicon = dict(self.slots["slang"][f"{self.base}_{style}"])
        if "saya" in self.lexicon:
            # A writer has one word for themselves.
            self.lexicon["saya"] = [rng.choice(self.lexicon["saya"])]
        self.agent = spec.agent

    def line(self, key: str, language: str | None = None) -> str:
        """Return one template of the conversation's language, alternatives still open."""
        return self.bank.line(key, language or self.spec.language, self.rng)

    def agent_line(self, key: str) -> str:
        """Return one template in the language in which the company answers."""
        return self.bank.line(key, self.agent_language, self.rng)

    def customer(self, parts: list[str]) -> tuple[str, list[Span]]:
        """Join, style and fill what the customer says."""
        rng, person = self.rng, self.spec.person
        text = " ".join(wording.expand(part, rng) for part in parts if part)
        if self.spec.language == "mix":
            text = wording.swap_words(text, self.slots["mixing"]["id"], 0.45, 0.0, rng)
        weight = {"spoken": 0.8, "typed": person.slang, "mail": person.slang / 4}[self.manner]
        typos = {"spoken": 0.0, "typed": person.typos, "mail": person.typos / 3}[self.manner]
        if weight or typos:
            text = wording.swap_words(text, self.lexicon, weight, typos, rng)
        if self.manner == "typed":
            text = self._typed(text, person.slang)
        elif self.manner == "spoken" and rng.random() < 0.4:
            text = wording.spoken_fillers(text, self.slots["fillers"][self.base], rng)
        return self._fill(text)

    def _typed(self, text: str, slang: float) -> str:
        rng = self.rng
        if rng.random() < slang:
            text = THANKS.sub(rng.choice(("makasih", "mksh", "trims", "tengkyu")), text)
            text = wording.stretch(text, frozenset(self.slots["stretch"]), 0.35, rng)
        if rng.random() < slang + 0.1:
            text = wording.casual_marks(text, rng)
        return text

    def decorate(self, text: str, sentiment: str) -> str:
        """Add an emoji or emphasis that fits the mood, as some writers do."""
        rng, slang = self.rng, self.spec.person.slang
        if rng.random() < slang * 0.35:
            text += " " + rng.choice(self.slots["emoji"][sentiment])
        elif sentiment == "neg" and rng.random() < 0.08:
            text += rng.choice(("!!", "!!!", "!"))
        return text.strip()

    def company(self, parts: list[str]) -> tuple[str, list[Span]]:
        """Join and fill what an agent or bot says."""
        text = " ".join(wording.expand(part, self.rng) for part in parts if part)
        if self.manner == "spoken":
            text = EMOJI.sub("", text)
        return self._fill(text)

    def _fill(self, text: str) -> tuple[str, list[Span]]:
        for slot, call in self.nested.items():
            if slot in text:
                text = text.replace(slot, call)
        parts = wording.SLOT.split(text)
        spans: list[Span] = []
        for at in range(1, len(parts), 2):
            key = parts[at][1:-1]
            value = self._value(key)
            parts[at] = value
            if key in PERSONAL:
                spans.append(Span(PERSONAL[key], value))
            elif key == "agent":
                spans.append(Span("PERSON", value, "agent"))
        joined = "".join(parts)
        return joined, spans

    def _value(self, key: str) -> str:
        if key in PERSONAL:
            return self._personal(key)
        if key == "agent":
            return company.agent_name(self.agent)
        if key not in self.values:
            self.values[key] = self._plain(key)
        return self.values[key]

    def _personal(self, key: str) -> str:
        rng, person = self.rng, self.spec.person
        value = identifiers.digits(rng, 3) if key == "cvv" else str(getattr(person, key))
        if self.manner == "spoken":
            if key in NUMBERS and rng.random() < 0.6:
                number = "0" + value if key == "phone" else value
                return identifiers.spelled(rng, number, self.base)
            if key == "email" and rng.random() < 0.3:
                return _spoken_email(value, self.base)
        forms = {"phone": identifiers.phone_forms, "card": identifiers.card_forms,
                 "npwp": identifiers.npwp_forms}  # fmt: skip
        return rng.choice(forms[key](value)) if key in forms else value

    def _plain(self, key: str) -> str:
        rng, person = self.rng, self.spec.person
        lists = self.slots["values"][self.base]
        if key in lists:
            return rng.choice(lists[key]).replace("{day}", str(rng.randrange(1, 28)))
        makers = {
            "brand": lambda: company.BRAND, "sapaan": lambda: self.sapaan,
            "xname": lambda: company.COMPANY_X_USERNAME, "bank": lambda: person.bank,
            "rival": lambda: rng.choice(company.RIVALS), "city": lambda: person.city,
            "day": lambda: str(rng.randrange(2, 28)), "n": lambda: str(rng.randrange(2, 30)),
            "code": lambda: identifiers.digits(rng, 6),
            "ticket": lambda: f"TV-{rng.randrange(100000, 999999)}",
            "order": lambda: f"ORD{rng.randrange(1000000, 9999999)}",
            "resi": lambda: f"KK{rng.randrange(10**9, 10**10)}ID",
            "voucher": lambda: rng.choice(("HEMAT", "VARA", "GAJIAN", "BARU"))
            + str(rng.choice((10, 25, 50, 77))),
            "amount": self._amount, "plan": self._plan, "speed": lambda: str(rng.choice((2, 3, 5))),
        }  # fmt: skip
        return str(makers[key]())

    def _amount(self) -> str:
        rng = self.rng
        value = rng.choice((rng.randrange(10, 99) * 1000, rng.randrange(100, 950) * 1000,
                            rng.randrange(10, 45) * 100_000))  # fmt: skip
        dotted = f"{value:,}".replace(",", ".")
        short = f"{value // 1000}rb" if value < 1_000_000 else f"{value / 1e6:.1f} juta"
        short = short.replace(".", ",") if self.base == "id" else f"{value // 1000}k"
        return rng.choice((f"Rp{dotted}", f"Rp {dotted}", short, f"{dotted}"))

    def _plan(self) -> str:
        rng, wanted = self.rng, self.spec.situation.products
        product = next((p for p in wanted if p in self.spec.person.products), wanted[0])
        return rng.choice(company.PLANS[product])[0]
