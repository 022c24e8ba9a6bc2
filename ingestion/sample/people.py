"""Invented persons: names, handles per channel, manner of writing, household.

One person reaches the company under several handles and spellings; which contacts they make
does not belong here.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from ingestion.sample import company, identifiers

FEMALE: Final = (
    "Rina", "Dewi", "Siti", "Ayu", "Fitri", "Maya", "Lestari", "Nurul", "Indah", "Yuni", "Tika",
    "Ratna", "Anisa", "Bunga", "Citra", "Desi", "Erna", "Gita", "Hana", "Kartika", "Mega", "Nia",
    "Olivia", "Puspita", "Rosa", "Shinta", "Tari", "Vera", "Winda", "Zahra", "Grace", "Clara",
)  # fmt: skip
MALE: Final = (
    "Budi", "Agus", "Eko", "Joko", "Ahmad", "Rizky", "Fajar", "Dodi", "Hadi", "Iwan", "Krisna",
    "Lukman", "Made", "Nanda", "Oscar", "Panji", "Rahmat", "Surya", "Teguh", "Umar", "Wahyu",
    "Yusuf", "Zaki", "Bayu", "Candra", "Edwin", "Gilang", "Ilham", "Kevin", "Marcel", "Satria",
    "Daniel",
)  # fmt: skip
LAST: Final = (
    "Wulandari", "Santoso", "Pratama", "Hidayat", "Siregar", "Nasution", "Kusuma", "Wijaya",
    "Saputra", "Maharani", "Setiawan", "Purnomo", "Simanjuntak", "Hartono", "Gunawan", "Lubis",
    "Ramadhan", "Permata", "Suryadi", "Utami", "Firmansyah", "Nugroho", "Handayani", "Tanuwijaya",
    "Halim", "Manurung", "Rahayu", "Basuki", "Anggraini", "Mahendra", "Wibowo", "Salim",
    "Prasetyo", "Iskandar", "Marbun", "Oktaviani", "Sudirja", "Kencana", "Budiarto", "Larasati",
)  # fmt: skip
STREETS: Final = (
    "Melati", "Kenanga", "Cendana", "Mangga Dua Asri", "Anggrek Raya", "Pahlawan Seribu",
    "Rajawali", "Gunung Salak", "Merpati", "Sawo Indah", "Kemuning", "Flamboyan", "Teratai",
    "Bukit Permai", "Taman Sari", "Kebon Pala", "Cemara", "Wijaya Kusuma", "Pandan Wangi",
)  # fmt: skip
WARDS: Final = ("Sukamaju", "Karanganyar", "Mekarjaya", "Sidomulyo", "Harapan Baru", "Tanjungsari")
MAILBOXES: Final = ("surel.example", "mailku.test", "kotaksurat.example", "posta.test")
BANKS: Final = ("Bank Arunika", "Bank Sentosa Raya", "Bank Cakra", "Bank Lumbung")


@dataclass(slots=True)
class Person:
    """One invented person. `phone` is the national number; ids are None where unknown."""

    number: int
    crm_id: str | None
    first: str
    last: str
    female: bool
    birth: date
    city: str
    language: str
    slang: float
    typos: float
    phone: str
    email: str
    crm_email: str | None
    x_id: str | None
    x_username: str | None
    wa_user_id: str | None
    wa_hides_phone: bool
    address: str
    nik: str
    npwp: str
    kk: str
    card: str
    account: str
    bank: str
    household: int | None = None
    products: list[str] = field(default_factory=list)
    churned_on: date | None = None
    churn_reason: str = ""

    @property
    def key(self) -> str:
        """The person's id in the truth files."""
        return f"P-{self.number:05d}"

    @property
    def name(self) -> str:
        """Full name; some people have only one."""
        return f"{self.first} {self.last}".strip()

    def spelling(self, rng: Random) -> str:
        """Return the name as one channel shows it."""
        full = self.name
        forms = (
            full,
            full,
            self.first,
            full.lower(),
            full.upper(),
            f"{self.first} {self.last[:1]}",
        )
        return rng.choice(forms).strip()


def _email(rng: Random, first: str, last: str, taken: set[str]) -> str:
    one, two = first.lower(), last.lower() or "id"
    while True:
        tail = str(rng.randrange(1, 9999)) if rng.random() < 0.7 else ""
        stem = rng.choice((f"{one}.{two}", f"{one}{two}", f"{one}_{two}", f"{two}.{one}", f"{one}"))
        value = f"{stem}{tail}@{rng.choice(MAILBOXES)}"
        if value not in taken and len(stem + tail) > 5:
            taken.add(value)
            return value


def _fresh_phone(rng: Random, taken: set[str]) -> str:
    while True:
        value = identifiers.phone(rng)
        if value not in taken:
            taken.add(value)
            return value


def _address(rng: Random, city: str) -> str:
    street = f"{rng.choice(('Jl.', 'Jl.', 'Jalan', 'Gang', 'Perum'))} {rng.choice(STREETS)}"
    house = f"{rng.choice(('No. ', 'No.', 'no ', 'Blok C/'))}{rng.randrange(1, 180)}"
    block = f" RT {rng.randrange(1, 13):02d}/RW {rng.randrange(1, 15):02d}"
    ward = f", {rng.choice(('Kel. ', 'Kelurahan '))}{rng.choice(WARDS)}"
    tail = f", {city}" + (f" {rng.randrange(10110, 80999)}" if rng.random() < 0.5 else "")
    return (
        street
        + " "
        + house
        + (block if rng.random() < 0.6 else "")
        + (ward if rng.random() < 0.4 else "")
        + tail
    )


def _products(rng: Random) -> list[str]:
    chosen = [name for name, odds in (("mobile", 0.7), ("home", 0.45)) if rng.random() < odds]
    chosen += [name for name, odds in (("wallet", 0.5), ("shop", 0.4)) if rng.random() < odds]
    return chosen or ["mobile"]


def _person(rng: Random, number: int, crm_id: str | None, taken: set[str]) -> Person:
    female = rng.random() < 0.5
    first = rng.choice(FEMALE if female else MALE)
    last = rng.choice(LAST) if rng.random() < 0.94 else ""
    birth = date(1958, 1, 1) + timedelta(days=rng.randrange(365 * 47))
    email = _email(rng, first, last, taken)
    on_x = rng.random() < 0.5
    hides = rng.random() < 0.1
    city = rng.choice(company.CITIES)
    stem = (first + (last[:4] if rng.random() < 0.5 else "")).lower()
    return Person(
        number=number,
        crm_id=crm_id,
        first=first,
        last=last,
        female=female,
        birth=birth,
        city=city,
        language=rng.choices(("id", "en", "mix"), (58, 18, 24))[0],
        slang=rng.choice((0.0, 0.15, 0.35, 0.6, 0.85)),
        typos=rng.choice((0.0, 0.0, 0.01, 0.03, 0.06)),
        phone=_fresh_phone(rng, taken),
        email=email,
        crm_email=rng.choices((email, _email(rng, first, last, taken), None), (70, 18, 12))[0],
        x_id=str(rng.randrange(10**17, 10**18)) if on_x else None,
        x_username=f"{stem}_{rng.randrange(100, 99999)}" if on_x else None,
        wa_user_id=f"ID.{rng.randrange(10**12, 10**13)}" if hides or rng.random() < 0.25 else None,
        wa_hides_phone=hides,
        address=_address(rng, city),
        nik=identifiers.nik(rng, birth, female),
        npwp=identifiers.npwp(rng),
        kk=identifiers.kk(rng),
        card=identifiers.card(rng),
        account=identifiers.account(rng),
        bank=rng.choice(BANKS),
        products=_products(rng),
    )


def make_people(rng: Random, customers: int) -> list[Person]:
    """Return `customers` persons with a CRM row, then about 8 % known from channels only.

    About 2 % of the customers share the phone of the one before them (a household).
    """
    taken: set[str] = set()
    strangers = max(3, round(customers * 0.08))
    people = [
        _person(rng, at, f"C-{at + 1:06d}" if at < customers else None, taken)
        for at in range(customers + strangers)
    ]
    for at in range(7, customers, 47):
        partner, person = people[at - 1], people[at]
        person.phone, person.last, person.address = partner.phone, partner.last, partner.address
        person.city, person.household, partner.household = partner.city, at, at
        person.kk = partner.kk
    return people
