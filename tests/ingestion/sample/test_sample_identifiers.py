"""Invented numbers: structure and check digits, by an independent library."""

from datetime import date
from random import Random

import phonenumbers
import pytest
from stdnum import luhn
from stdnum.id import nik, npwp

from ingestion.sample import identifiers
from ingestion.sample.people import make_people


@pytest.fixture(scope="module")
def people():
    return make_people(Random("people"), 400)


def test_every_person_has_valid_numbers(people):
    for person in people:
        assert nik.is_valid(person.nik)
        assert npwp.is_valid(person.npwp) and npwp.is_valid("0" + person.npwp)
        assert luhn.is_valid(person.card) and len(person.card) == 16
        assert len(person.kk) == 16 and nik.is_valid(person.kk)
        assert 10 <= len(person.account) <= 13 and person.account.isdigit()


def test_identity_numbers_are_never_card_numbers(people):
    assert not any(luhn.is_valid(person.nik) or luhn.is_valid(person.kk) for person in people)


def test_nik_carries_birth_date_and_sex(people):
    for person in people:
        day = int(person.nik[6:8])
        assert (day > 40) == person.female
        assert day % 40 == person.birth.day
        assert person.nik[8:12] == f"{person.birth:%m%y}"


def test_phone_forms_are_one_number(people):
    for person in people[:100]:
        for form in identifiers.phone_forms(person.phone):
            text = "+" + form if form.startswith("62") else form
            parsed = phonenumbers.parse(text, "ID")
            assert phonenumbers.is_possible_number(parsed)
            wanted = f"+62{person.phone}"
            assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == wanted


def test_npwp_forms(people):
    dotted, plain, sixteen = identifiers.npwp_forms(people[0].npwp)
    assert len(plain) == 15 and len(sixteen) == 16 and sixteen == "0" + plain
    assert npwp.compact(dotted) == plain


def test_card_forms_have_the_same_digits(people):
    for form in identifiers.card_forms(people[0].card):
        assert "".join(c for c in form if c.isdigit()) == people[0].card


@pytest.mark.parametrize(("language", "zeros"), [("id", ("kosong", "nol")), ("en", ("zero", "oh"))])
def test_spelled_digits_can_be_read_back(language, zeros):
    rng = Random(5)
    names = {word: str(at) for at, word in enumerate(identifiers.DIGITS[language])}
    names |= dict.fromkeys(zeros, "0")
    doubled = False
    for _ in range(200):
        value = "0" + identifiers.phone(rng)
        read, twice = "", False
        for word in identifiers.spelled(rng, value, language).replace(",", "").split():
            if word in ("double", "dobel"):
                twice = doubled = True
                continue
            read += names[word] * (2 if twice else 1)
            twice = False
        assert read == value
    assert doubled


def test_mail_addresses_use_reserved_domains_only(people):
    for person in people:
        for mail in (person.email, person.crm_email):
            assert mail is None or mail.rsplit(".", 1)[1] in ("example", "test")


def test_handles_are_unique_except_for_households(people):
    phones: dict[str, list] = {}
    for person in people:
        phones.setdefault(person.phone, []).append(person)
    shared = [group for group in phones.values() if len(group) > 1]
    assert shared
    for group in shared:
        assert len(group) == 2 and group[0].household == group[1].household is not None
    assert len({person.email for person in people}) == len(people)


def test_some_persons_have_no_crm_row_and_some_hide_their_phone(people):
    assert any(person.crm_id is None for person in people)
    assert any(person.wa_hides_phone and person.wa_user_id for person in people)


def test_luhn_digit_agrees_with_the_library():
    rng = Random(9)
    for _ in range(500):
        body = identifiers.digits(rng, rng.randrange(5, 18))
        assert identifiers.luhn_digit(body) == luhn.calc_check_digit(body)


def test_nik_of_a_given_birth_date():
    value = identifiers.nik(Random(1), date(1990, 2, 3), female=True)
    assert nik.get_birth_date(value) == date(1990, 2, 3)
