"""Words that mail programs and mail writers use: dates, signatures, subjects."""

from typing import Final

DAYS: Final = {"id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
               "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}  # fmt: skip
MONTHS: Final = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}  # fmt: skip
SIGNATURES: Final = {
    "id": ("-- \n{name}", "Dikirim dari iPhone saya", "Dikirim dari ponsel Android saya", "", ""),
    "en": ("-- \n{name}", "Sent from my iPhone", "Sent from my phone", "", ""),
}
SUBJECTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "id": {
        "outage": ("Internet mati", "Gangguan jaringan", "Sinyal hilang"),
        "billing": ("Tagihan tidak sesuai", "Pertanyaan tagihan", "Tagihan dobel"),
        "refund_cancel": ("Permohonan refund", "Pembatalan pesanan", "Dana belum kembali"),
        "delivery": ("Paket belum sampai", "Status pengiriman", "Barang tidak diterima"),
        "account_access": ("Tidak bisa login", "Akun terkunci", "Lupa kata sandi"),
        "product_info": ("Tanya paket", "Info layanan", "Mohon informasi"),
        "purchase_plan": ("Mau berlangganan", "Pemasangan baru", "Ganti paket"),
        "promo_reward": ("Voucher tidak bisa dipakai", "Poin saya", "Promo"),
        "app_technical": ("Aplikasi error", "Kendala aplikasi", "Bug di aplikasi"),
        "service_quality": ("Keluhan pelayanan", "Kecewa dengan layanan", "Masukan"),
        "termination": ("Berhenti berlangganan", "Penutupan layanan", "Stop langganan"),
        "fraud_security": ("Transaksi mencurigakan", "Laporan penipuan", "PENTING: saldo hilang"),
        "praise_thanks": ("Terima kasih", "Apresiasi", "Kerja bagus"),
        "other": ("Pertanyaan", "Lain-lain", "Kerja sama"),
    },
    "en": {
        "outage": ("Internet down", "No connection", "Network problem"),
        "billing": ("Wrong bill", "Question about my bill", "Charged twice"),
        "refund_cancel": ("Refund request", "Cancel my order", "Refund not received"),
        "delivery": ("Parcel not arrived", "Where is my order", "Delivery status"),
        "account_access": ("Can't log in", "Account locked", "Password reset"),
        "product_info": ("Question about plans", "Information request", "Service info"),
        "purchase_plan": ("New installation", "Change of plan", "Sign up"),
        "promo_reward": ("Voucher not working", "My points", "Promo question"),
        "app_technical": ("App crashes", "App problem", "Bug report"),
        "service_quality": ("Complaint about service", "Disappointed", "Feedback"),
        "termination": ("Cancel subscription", "Closing my account", "Termination"),
        "fraud_security": ("Suspicious transaction", "Fraud report", "URGENT: money missing"),
        "praise_thanks": ("Thank you", "Great service", "Compliment"),
        "other": ("Question", "Other", "Partnership"),
    },
}
