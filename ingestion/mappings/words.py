"""Names that systems give to their columns, Indonesian and English, by our field.

Used only to draft a mapping, which a person then checks. Names are compared without case,
blanks, dots, dashes and underscores. Where two fields know a name, the first takes it.
"""

from typing import Final

CONVERSATIONS: Final[dict[str, tuple[str, ...]]] = {
    "conversation": (
        "conversation id", "conversation", "ticket id", "ticket", "ticket number", "ticket no",
        "case id", "case number", "chat id", "thread id", "session id", "room id", "call id",
        "interaction id", "thread", "uid", "unique id", "uniqueid", "post id", "id percakapan", "percakapan", "no tiket", "nomor tiket",
        "id tiket", "tiket", "no laporan", "nomor laporan", "no pengaduan", "id sesi", "id chat",
        "id obrolan", "id panggilan", "no kasus",
    ),
    "message": (
        "message id", "msg id", "comment id", "reply id", "event id", "post id", "post", "id pesan", "id komentar",
        "no pesan", "id",
    ),
    "sent_at": (
        "sent at", "created at", "timestamp", "message time", "created time", "datetime",
        "date time", "sent", "date", "time", "tanggal", "waktu", "tgl", "jam", "tanggal kirim",
        "waktu kirim", "tanggal pesan", "waktu pesan", "dikirim", "tanggal dibuat", "dibuat pada",
    ),
    "text": (
        "text", "message", "body", "content", "comment", "message text", "description", "reply",
        "caption", "transcript", "pesan", "isi", "isi pesan", "teks", "komentar", "keluhan",
        "keterangan", "uraian", "balasan", "isi komentar", "isi laporan", "deskripsi",
    ),
    "role": (
        "role", "sender type", "author type", "from type", "speaker", "side", "sender role",
        "direction type", "peran", "tipe pengirim", "jenis pengirim", "pihak", "pengirim", "dari",
        "sender", "author", "from",
    ),
    "sender_name": ("sender name", "author name", "from name", "nama pengirim"),
    "sender": (
        "sender id", "author id", "from id", "username", "user name", "account", "akun",
        "id pengirim", "nama akun",
    ),
    "customer_phone": (
        "phone", "phone number", "caller", "caller id", "ani", "mobile", "msisdn", "customer phone", "whatsapp", "wa number",
        "no hp", "nohp", "nomor hp", "hp", "no telepon", "telepon", "no telp", "nomor telepon",
        "no wa", "nomor wa", "no handphone", "telp",
    ),
    "customer_email": (
        "email", "e-mail", "customer email", "email address", "mail", "surel", "alamat email",
        "email pelanggan",
    ),
    "customer_id": (
        "customer id", "crm id", "client id", "account id", "member id", "id pelanggan",
        "no pelanggan", "nomor pelanggan", "kode pelanggan", "id nasabah", "no nasabah",
        "id anggota", "cif",
    ),
    "customer_name": (
        "customer name", "name", "full name", "contact name", "nama", "nama pelanggan",
        "nama lengkap", "nama nasabah", "pelanggan",
    ),
    "agent_id": (
        "agent id", "agent", "assignee", "handled by", "operator", "petugas", "agen", "id agen",
        "ditangani oleh", "kode petugas",
    ),
    "queue": ("queue", "department", "team", "skill", "antrian", "antrean", "divisi", "bagian", "tim"),
    "campaign": ("campaign", "kampanye"),
    "direction": ("direction", "arah", "way"),
    "reply_to": ("reply to", "in reply to", "parent id", "parent", "balasan untuk"),
    "started_at": (
        "started at", "start time", "call start", "start", "mulai", "waktu mulai", "jam mulai",
    ),
    "answered_at": ("answered at", "answer time", "dijawab", "waktu dijawab"),
    "ended_at": (
        "ended at", "end time", "call end", "end", "selesai", "waktu selesai", "jam selesai",
        "closed at",
    ),
    "wait_seconds": ("wait seconds", "wait time", "wait", "waktu tunggu", "lama tunggu"),
    "talk_seconds": ("talk seconds", "talk time", "talk", "duration", "durasi", "lama bicara"),
    "hold_seconds": ("hold seconds", "hold time"),
    "disposition": ("disposition", "outcome", "result", "status", "hasil", "kategori"),
    "csat": ("csat", "rating", "kepuasan"),
}  # fmt: skip

_CUSTOMER_ID = CONVERSATIONS["customer_id"]
_UPDATED = (
    "updated at", "last modified", "modified at", "update date", "diperbarui", "tanggal update",
    "tgl update", "terakhir diubah", "tanggal perubahan", "tanggal ubah",
)  # fmt: skip
_CREATED = ("created at", "date", "tanggal", "tgl", "waktu", "timestamp")

TABLES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "surveys": {
        "response_id": ("response id", "survey id", "answer id", "id survei", "id respon", "id"),
        "crm_id": _CUSTOMER_ID,
        "interaction_ref": (
            "interaction ref", "interaction id", "ticket id", "conversation id", "no tiket",
            "id tiket", "nomor tiket",
        ),
        "survey_type": ("survey type", "type", "jenis survei", "tipe survei"),
        "score": ("score", "rating", "skor", "nilai", "nilai survei"),
        "comment": ("comment", "feedback", "komentar", "saran", "ulasan", "masukan", "alasan"),
        "answered_at": ("answered at", "submitted at", "dijawab pada", "tanggal isi", *_CREATED),
    },
    "judgements": {
        "interaction": (
            "interaction", "interaction id", "contact id", "ticket id", "conversation id",
            "id interaksi", "no tiket", "id tiket",
        ),
        "criterion": ("criterion", "kriteria", "parameter", "parameter penilaian"),
        "judgement": ("judgement", "judgment", "outcome", "penilaian", "hasil", "hasil penilaian"),
        "judged_by": ("judged by", "reviewer", "assessor", "qa", "penilai", "dinilai oleh"),
        "judged_at": ("judged at", "reviewed at", "tanggal penilaian", "dinilai pada", *_CREATED),
        "reason": ("reason", "note", "comment", "alasan", "catatan"),
    },
    "subscriptions": {
        "subscription_id": (
            "subscription id", "contract id", "id langganan", "no langganan", "no kontrak",
            "nomor kontrak",
        ),
        "crm_id": _CUSTOMER_ID,
        "product": ("product", "produk", "layanan"),
        "plan": ("plan", "package", "paket", "nama paket"),
        "monthly_fee": ("monthly fee", "price", "biaya bulanan", "abonemen", "harga", "tarif"),
        "currency": ("currency", "mata uang"),
        "status": ("status",),
        "started_on": ("started on", "start date", "tanggal mulai", "tgl mulai", "aktif sejak"),
        "ended_on": ("ended on", "end date", "tanggal berakhir", "tgl berakhir", "berakhir"),
        "updated_at": _UPDATED,
    },
    "orders": {
        "order_id": (
            "order id", "order number", "invoice", "invoice no", "no pesanan", "nomor pesanan",
            "id pesanan", "no order", "no faktur", "no invoice", "id transaksi",
        ),
        "crm_id": _CUSTOMER_ID,
        "product": ("product", "item", "produk", "barang", "nama produk", "nama barang"),
        "amount": ("amount", "total", "price", "jumlah", "total harga", "harga", "nominal"),
        "currency": ("currency", "mata uang"),
        "status": ("status",),
        "ordered_at": (
            "ordered at", "order date", "tanggal pesan", "tanggal pesanan", "tanggal order",
            "tgl order", "tanggal transaksi", *_CREATED,
        ),
    },
    "churn_outcomes": {
        "crm_id": _CUSTOMER_ID,
        "churned_on": (
            "churned on", "churn date", "cancel date", "tanggal berhenti", "tgl berhenti",
            "berhenti pada", "tanggal putus",
        ),
        "reason": ("reason", "alasan", "alasan berhenti"),
        "updated_at": _UPDATED,
    },
    "customers": {
        "crm_id": (*_CUSTOMER_ID, "id"),
        "phone": CONVERSATIONS["customer_phone"],
        "email": CONVERSATIONS["customer_email"],
        "name": CONVERSATIONS["customer_name"],
        "x_username": ("x username", "twitter", "akun x", "akun twitter"),
        "segment": ("segment", "segmen", "kelas"),
        "city": ("city", "kota", "kabupaten", "kota/kabupaten"),
        "preferred_language": ("language", "bahasa", "preferred language"),
        "birth_year": ("birth year", "tahun lahir"),
        "signed_up_on": (
            "signed up on", "join date", "signup date", "tanggal daftar", "tgl daftar",
            "tanggal bergabung", "terdaftar",
        ),
        "marketing_consent": ("marketing consent", "consent", "opt in", "persetujuan", "setuju promo"),
        "lifetime_value": ("lifetime value", "ltv", "total belanja"),
        "updated_at": _UPDATED,
    },
}  # fmt: skip

TRUTHS: Final[dict[str, tuple[str, ...]]] = {
    "true": ("ya", "y", "yes", "true", "1", "iya", "setuju", "aktif", "opt in", "subscribed"),
    "false": (
        "tidak", "tdk", "n", "no", "false", "0", "tidak setuju", "nonaktif", "opt out",
        "unsubscribed",
    ),
}  # fmt: skip

CLOCKS: Final = ("time", "clock", "hour", "jam", "waktu", "pukul")
"""Columns that hold the time of day beside a column with the day."""

DIRECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "inbound": ("inbound", "in", "incoming", "masuk"),
    "outbound": ("outbound", "out", "outgoing", "keluar"),
}

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "customer": (
        "customer", "client", "user", "visitor", "contact", "caller", "end user", "consumer",
        "inbound", "in", "incoming", "pelanggan", "konsumen", "nasabah", "pengguna", "pembeli",
        "pengunjung", "masuk", "penelepon", "member",
    ),
    "agent": (
        "agent", "cs", "admin", "operator", "staff", "support", "outbound", "out", "outgoing",
        "employee", "agen", "petugas", "penjual", "seller", "keluar", "customer service",
        "customer care", "toko",
    ),
    "bot": ("bot", "chatbot", "assistant", "automation", "auto reply", "robot", "balasan otomatis"),
    "system": ("system", "sistem", "event"),
}  # fmt: skip
