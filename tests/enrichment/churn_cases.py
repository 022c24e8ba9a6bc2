"""Customer turns and the level that their words say outright, `-` for none; invented."""

TABLE = """
explicit | saya mau berhenti langganan
explicit | gw mau brenti langganan
explicit | tolong hentikan langganan saya
explicit | saya ingin menutup rekening
explicit | tolong hapus akun saya
explicit | saya sudah memutuskan pindah ke operator lain
explicit | mau cabut wifi minggu ini
explicit | tidak mau perpanjang kontrak
explicit | saya ajukan penutupan rekening
explicit | tutup akun saya
explicit | saya sudah pindah ke provider sebelah
explicit | mau unsub aja
explicit | please cancel my subscription
explicit | I want to cancel
explicit | delete my account
explicit | we are switching to another provider
explicit | I will not be renewing
explicit | port my number out
explicit | start the cancellation
explicit | I don't want it renewed
explicit | close my account today
explicit | I have decided to leave
explicit | no longer want to be a customer
implied | kalau begini saya pindah
implied | mending pindah provider aja
implied | apa harus ganti operator ya
implied | jadi tergoda pindah ke sebelah
implied | siap-siap kehilangan pelanggan
implied | ini kesempatan terakhir
implied | provider sebelah lebih murah
implied | lagi cari provider lain
implied | saya pikir-pikir lagi
implied | percuma bayar tiap bulan
implied | tidak sebanding sama harganya
implied | kalau mati lagi saya mau berhenti langganan
implied | I am thinking about leaving
implied | considering switching after this
implied | you are about to lose a customer
implied | tempted to switch
implied | I have been shopping around
implied | this is your last chance
implied | why should I stay
implied | I might leave after this month
implied | comparing other providers now
implied | not worth paying for
implied | if this goes on cancel my subscription
- | saya tidak mau berhenti langganan
- | batalkan pesanan saya
- | tolong batalkan pesanan, akun saya kena potong dua kali
- | mau tutup pesanan yang kemarin di akun saya
- | mau berhenti langganan sms promo
- | saya mau pindah alamat bulan depan
- | internet mati dari pagi
- | tagihan saya salah lagi
- | provider sebelah juga sering gangguan
- | saya pindah dari provider lain ke sini bulan lalu
- | kapan kontrak saya habis
- | mau pindah jadwal pemasangan
- | terima kasih, sudah beres
- | cancel my order
- | please cancel my order, my account was charged twice
- | I want to cancel the booking
- | I don't want to cancel my subscription
- | unsubscribe me from the newsletter
- | my other provider is down too
- | I switched to you from another provider last year
- | my contract says something else
- | we are moving house, can you move the line
- | when does my subscription renew
- | your rival's network is down everywhere
- | cancel the transfer to my other account
"""

CASES = tuple(
    (None if tag.strip() == "-" else tag.strip(), text.strip())
    for tag, text in (line.split("|", 1) for line in TABLE.strip().splitlines())
)
