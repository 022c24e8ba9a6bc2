"""The quality form applied: met, missed and not applicable, with the words, in both languages."""

import pytest

from enrichment.compliance import Spoken
from enrichment.quality import assess
from enrichment.rulebook import bundled, quality_form

GOOD_ID = (
    ("agent", "Selamat pagi, dengan [PERSON] dari Telivara. Ada yang bisa dibantu?"),
    ("customer", "Internet saya mati total, kecewa banget"),
    ("agent", "Mohon maaf Pak. Boleh disebutkan nomor HP yang terdaftar?"),
    ("customer", "[PHONE]"),
    ("agent", "Mohon ditunggu sebentar ya, saya cek di sistem."),
    ("agent", "Terima kasih sudah menunggu. Teknisi kami jadwalkan besok pagi."),
    ("agent", "Ada lagi yang bisa dibantu?"),
)
GOOD_EN = (
    ("agent", "Good morning, this is [PERSON]. How can I help?"),
    ("customer", "My order never arrived, this is ridiculous"),
    ("agent", "I'm so sorry. Could you confirm your phone number?"),
    ("customer", "[PHONE]"),
    ("agent", "Please hold for a moment while I check."),
    ("agent", "Thank you for holding. I will send a replacement tomorrow."),
    ("agent", "Is there anything else I can help with?"),
)
BAD_ID = (
    ("agent", "Ya, apa?"),
    ("customer", "Paket saya hilang, kesal sekali"),
    ("agent", "Terserah Anda."),
    ("customer", "Lho?"),
    ("agent", "Begitulah."),
)
BAD_EN = (
    ("agent", "Yes, what?"),
    ("customer", "My parcel is lost, I am angry"),
    ("agent", "That is not my problem."),
    ("customer", "What?"),
    ("agent", "That's how it goes."),
)
FORM = quality_form(bundled())
ALL = {criterion.id for criterion in FORM.criteria}
# Nobody was asked to wait.
BAD = {f"{name}.not_met" for name in ALL - {"hold_etiquette"}}


def judged(talk, channel="voice", direction="inbound"):
    turns = [Spoken(place, role, text) for place, (role, text) in enumerate(talk)]
    return {
        finding.tag.tag: talk[finding.turn_no][1][finding.tag.start : finding.tag.end]
        for finding in assess(turns, channel, direction, FORM)
    }


@pytest.mark.parametrize("talk", [GOOD_ID, GOOD_EN], ids=["id", "en"])
def test_a_good_contact_meets_everything(talk):
    assert set(judged(talk)) == {f"{name}.met" for name in ALL}


@pytest.mark.parametrize("talk", [BAD_ID, BAD_EN], ids=["id", "en"])
def test_a_bad_contact_misses_everything_that_applies(talk):
    assert set(judged(talk)) == BAD


def test_quotes_show_why():
    good, bad = judged(GOOD_ID), judged(BAD_EN)
    assert good["empathy.met"] == "maaf"
    assert bad["forbidden_words.not_met"] == "not my problem"
    assert bad["empathy.not_met"] == "lost"
    assert bad["closing.not_met"] == "That's how it goes."


@pytest.mark.parametrize(
    ("talk", "absent"),
    [
        ((("customer", "Internet mati"),), ALL),
        ((("bot", "Halo"), ("customer", "Hello?")), ALL),
        ((("agent", "  "),), ALL),
        # Nothing went wrong, nobody had to wait, one turn closes nothing.
        (GOOD_ID[:1], {"empathy", "hold_etiquette", "closing", "verification", "next_step"}),
        # The customer complained, and nobody answered any more.
        (GOOD_ID[:2], {"empathy"}),
    ],
)
def test_what_does_not_apply_is_not_judged(talk, absent):
    assert not {tag.split(".")[0] for tag in judged(talk)} & absent


def test_channel_and_direction_decide_what_applies():
    assert not {"verification.met", "hold_etiquette.met"} & set(judged(GOOD_EN, "email"))
    assert "verification.met" not in judged(GOOD_EN, "voice", "outbound")


def test_an_unless_takes_a_phrase_back():
    talk = (
        ("customer", "My order is lost"),
        ("agent", "I'm afraid there is nothing more I can do, we will check."),
    )
    assert "next_step.not_met" in judged(talk)
    assert "next_step.met" in judged((*talk, ("agent", "I will call you back tomorrow.")))


def test_a_trigger_decides_whether_a_criterion_applies_not_where_it_is_met():
    """Who was verified in the greeting, before the trouble was told, was verified."""
    opening = ("agent", "Selamat pagi, dengan Bapak/Ibu siapa saya berbicara?")
    rest = (("agent", "Baik."), ("agent", "Sama-sama."))
    trouble = judged((opening, ("customer", "Internet saya mati total"), *rest))
    assert "verification.met" in trouble
    assert trouble["next_step.not_met"] == "mati total"
    praise = judged((opening, ("customer", "Terima kasih atas bantuannya kemarin"), *rest))
    assert not {tag for tag in praise if tag.startswith(("verification", "next_step"))}


def test_every_tag_names_the_form_and_carries_its_share():
    turns = [Spoken(place, role, text) for place, (role, text) in enumerate(GOOD_EN)]
    found = list(assess(turns, "voice", "inbound", FORM))
    assert {f.tag.rulebook_version for f in found} == {FORM.version}
    assert sum(f.tag.score for f in found) == pytest.approx(1)
