"""Tables of cases for the four heads, in Indonesian, English and mixed, accepted and rejected.

The sentences are invented; nearly all differ from the training seeds, so that this is not recall.
"""

import pytest

from enrichment import churn, drivers, flags, sentiment

SENTIMENT = [
    ("makasih banyak kak, cepat banget bantuannya", "pos"),
    ("thanks, that was really quick", "pos"),
    ("thank you kak, langsung solved", "pos"),
    ("still waiting, nobody has replied", "neg"),
    ("I was charged twice and nobody can tell me why", "neg"),
    ("sudah seminggu belum ada yang balas", "neg"),
    ("ok kak, saya tunggu", "neu"),
    ("puas banget sama teknisinya, ramah", "pos"),
    ("parah, seminggu internet mati ga ada yang peduli", "neg"),
    ("kecewa, barangnya rusak pas nyampe", "neg"),
    ("mau tanya jam buka cabang besok", "neu"),
    ("alamat saya di jalan melati nomor 5", "neu"),
    ("thank you so much, great support", "pos"),
    ("your support is awful and nobody ever replies", "neg"),
    ("the food was not good at all", "neg"),
    ("how do I change my delivery address", "neu"),
    ("service-nya worst banget, kapok", "neg"),
    ("thanks min, super helpful", "pos"),
    ("😡😡😡", "neg"),
]

DRIVERS = [
    ("wifi rumah mati total dari subuh", "outage"),
    ("sinyal lemot parah di daerah bekasi", "outage"),
    ("there has been no internet in our building since noon", "outage"),
    ("tagihan bulan ini kok dobel min", "billing"),
    ("pulsa saya tiba2 kesedot 20 ribu", "billing"),
    ("why is there an extra charge on my bill", "billing"),
    ("mau batalin pesanan", "refund_cancel"),
    ("I need my money back for the broken kettle, please refund", "refund_cancel"),
    ("paket gw blm nyampe2, resi ga gerak", "delivery"),
    ("my parcel still hasn't arrived", "delivery"),
    ("lupa password, ga bisa login", "account_access"),
    ("I can't log in, my account is locked", "account_access"),
    ("mau upgrade paket ke yang lebih gede kuotanya", "purchase_plan"),
    ("I'd like to subscribe to the family plan", "purchase_plan"),
    ("kode vouchernya ga bisa dipake", "promo_reward"),
    ("my cashback never came after the promo", "promo_reward"),
    ("aplikasinya force close terus abis update", "app_technical"),
    ("the app crashes whenever I open it", "app_technical"),
    ("cs nya jutek banget pas ditelpon", "service_quality"),
    ("your agent was very rude on the phone", "service_quality"),
    ("saya mau berhenti langganan", "termination"),
    ("please terminate my contract", "termination"),
    ("akun saya dibajak orang, tolong blokir", "fraud_security"),
    ("someone stole my card and used it", "fraud_security"),
    ("makasih ya min udah dibantu", "praise_thanks"),
    ("thanks a lot, you've been great", "praise_thanks"),
    ("your technician was careless and nobody apologised", "service_quality"),
    ("petugas di loket kasar sekali", "service_quality"),
    ("ada transaksi yang bukan saya lakukan", "fraud_security"),
    ("my number is [PHONE]", "other"),
    ("halo min", "other"),
    ("good evening", "other"),
    ("who won the football game last night", "other"),
    ("resep nasi goreng dong", "other"),
    ("", "other"),
]

CHURN = [
    ("saya mau berhenti langganan", "explicit"),
    ("tolong tutup akun saya ya", "explicit"),
    ("I want to cancel my subscription", "explicit"),
    ("please close my account, I have moved to another bank", "explicit"),
    ("gue mau cancel subscription, please proses", "explicit"),
    ("kalau begini terus saya pindah ke provider lain", "implied"),
    ("lemot bgt, apa harus ganti operator ya", "implied"),
    ("I'm thinking about switching to another provider", "implied"),
    ("if this is not fixed I will cancel my subscription", "implied"),
    ("please port my number out to another carrier", "explicit"),
    ("saya minta penutupan akun, sudah pasang provider lain", "explicit"),
    ("kalau besok mati lagi, saya pindah", "implied"),
    ("sudah mulai lihat-lihat provider lain", "implied"),
    ("I've been looking at other providers", "implied"),
    ("one more outage and I'm done with you, last chance", "implied"),
    ("mau pindah kursi bisa?", None),
    ("saya pindah rumah minggu depan, alamatnya berubah", None),
    ("cancel my trip for tomorrow please", None),
    ("kalau hujan teknisinya tetap datang?", None),
    ("mau batalin pesanan", None),
    ("mau batalin pesanan yang tadi dong kak", None),
    ("please cancel my order", None),
    ("another provider charged me twice last year", None),
    ("operator sebelah juga lagi gangguan", None),
    ("pelayanan kalian buruk sekali", None),
    ("the service is terrible today", None),
    ("I don't want to cancel my plan, just lower the bill", None),
    ("saya tidak mau berhenti langganan kok", None),
    ("stop sending me newsletter emails please", None),
    ("halo selamat pagi", None),
    ("", None),
]

FLAGS = [
    ("tolong sambungkan ke cs dong", {"asks_human"}, set()),
    ("can I talk to a human please", {"asks_human"}, {"complaint"}),
    ("any update on my ticket?", {"follow_up"}, {"purchase_intent"}),
    ("sudah saya dm ya min tolong dibales", {"follow_up"}, {"asks_human"}),
    ("mau pasang wifi baru di kontrakan", {"purchase_intent"}, {"complaint"}),
    ("I'd like to order the premium package", {"purchase_intent"}, {"asks_human"}),
    ("kecewa banget, lemot terus tiap malam", {"complaint"}, {"purchase_intent"}),
    ("this is unacceptable, I've been waiting for weeks", {"complaint"}, {"purchase_intent"}),
    ("bot kalian ga guna, kasih cs manusia", {"asks_human", "complaint"}, set()),
    ("please keep me posted", {"follow_up"}, {"complaint"}),
    ("kabari saya ya kalau sudah beres", {"follow_up"}, {"complaint"}),
    ("baik, saya tunggu", set(), {"follow_up", "complaint"}),
    ("I want to file a formal complaint", {"complaint"}, {"purchase_intent"}),
    ("saya mau mengajukan pengaduan resmi", {"complaint"}, {"purchase_intent"}),
    ("boleh, saya ambil paket keluarganya", {"purchase_intent"}, {"complaint"}),
    ("how do I sign up for the family plan", {"purchase_intent"}, {"complaint"}),
    ("halo kak", set(), {"complaint", "asks_human", "purchase_intent", "follow_up"}),
    ("thanks, all good now", set(), {"complaint", "asks_human", "purchase_intent"}),
    ("jam buka kantor berapa ya", set(), {"complaint", "asks_human", "purchase_intent"}),
    ("tidak mengecewakan, mantap", set(), {"asks_human", "purchase_intent"}),
    ("I did not buy anything", set(), {"purchase_intent"}),
]


@pytest.mark.parametrize(("text", "expected"), SENTIMENT)
def test_sentiment(text, expected):
    assert sentiment.predict([text])[0].tag == expected


@pytest.mark.parametrize(("text", "expected"), DRIVERS)
def test_primary_driver(text, expected):
    assert drivers.predict([text])[0][0].tag == expected


@pytest.mark.parametrize(("text", "expected"), CHURN)
def test_churn(text, expected):
    tag = churn.predict([text])[0]
    assert (tag.tag if tag else None) == expected


@pytest.mark.parametrize(("text", "wanted", "unwanted"), FLAGS)
def test_flags(text, wanted, unwanted):
    found = {tag.tag for tag in flags.predict([text])[0]}
    assert wanted <= found
    assert not unwanted & found


def test_leaving_buried_in_a_long_call_is_found_where_it_is_said():
    chat = "yeah so my daughter has her birthday party on saturday and we are baking a cake. " * 8
    text = chat + "anyway please terminate my contract at the end of the month. " + chat
    tag = churn.predict([text])[0]
    assert tag is not None
    assert tag.tag == "explicit"
    assert "terminate" in text[tag.start : tag.end]


def test_a_request_between_greetings_decides_a_long_mail():
    text = (
        "Dear team, I hope you are all well and had a pleasant weekend with your families. "
        "My parcel was shipped twelve days ago and it still has not arrived, the tracking number "
        "shows no movement at the warehouse and the courier does not pick up the phone. "
        "I wish you a nice day and look forward to hearing from you. Kind regards, [PERSON]"
    )
    tags = drivers.predict([text])[0]
    assert tags[0].tag == "delivery"
    assert text[tags[0].start : tags[0].end]
