"""Invented texts with the personal data marked: `{TYPE|value}` inside the text.

Every value is invented. Texts without a mark must stay as they are. Read by `test_redaction.py`
and by whoever measures precision and recall.
"""

import re
from dataclasses import dataclass

MARK = re.compile(r"\{([A-Z_]+)\|([^}]*)\}")


@dataclass(frozen=True)
class Case:
    text: str
    spans: tuple[tuple[str, int, int], ...]


def parse(line: str) -> Case:
    pieces, spans, position, length = [], [], 0, 0
    for match in MARK.finditer(line):
        pieces += [line[position : match.start()], match.group(2)]
        length += match.start() - position
        spans.append((match.group(1), length, length + len(match.group(2))))
        length += len(match.group(2))
        position = match.end()
    return Case("".join([*pieces, line[position:]]), tuple(spans))


LINES = """
please send the refund to {PERSON|Szilvia Gelencs} today
The account of {PERSON|Krisztof Varvio} was charged twice
this order was placed by {PERSON|Taneli K. Ottova} and is late
I spoke to your agent and {PERSON|Yefremo Adomo} promised a call
the apartment is at {ADDRESS|2437 Allika 46, Suite 501}
my address is on {ADDRESS|Calle Serrana 12} near the park
my zip code is {ADDRESS|35350}
ZIP: {ADDRESS|4875-114}
kode pos saya {ADDRESS|40132} ya min
kode pos rumah: {ADDRESS|12950}
I work for Rapid Corpex Solutions and the card is blocked
we live in Port Galorath for the summer
please check the Tarvos Bank app for me
kesempatan tinggal 12 Oktober 2023 saja
saya tinggal di sini sejak 12 Oktober 2023
kode pos tidak ditemukan
pesan lewat Tokobagus Ekspres kemarin
Halo kak, no hp saya {PHONE|081234567890} ya
nomor wa {PHONE|0812-3456-7890} tolong dihubungi
bisa telp ke {PHONE|0857 1234 5678} sore ini?
kontak saya {PHONE|+62 813 2222 3333}
hubungi {PHONE|62 878-1111-2222} saja min
WA aja kak {PHONE|6281299998888}
telepon kantor {PHONE|(021) 555-1234} jam kerja
rumah saya {PHONE|021-7654321} sering mati
nomor telepon {PHONE|0274 512345} di jogja
hp:{PHONE|08561234567}
ini nomor baru saya {PHONE|0895-3456-78901}
boleh ke {PHONE|0811.234.5678} kak
nomornya {PHONE|kosong delapan satu dua tiga empat lima enam tujuh delapan sembilan kosong}
catat ya {PHONE|nol delapan lima tujuh satu dua tiga empat lima enam tujuh delapan}
nomor saya {PHONE|kosong delapan satu satu dobel tujuh enam lima empat tiga dua}
no {PHONE|0812 tiga empat lima enam 7890} min
{PHONE|081355556666} itu nomor suami saya
mohon telpon balik {PHONE|０８１２３４５６７８９０} terima kasih
nomor hp sy {PHONE|0812 3456 789} blm terdaftar
sms ke {PHONE|+6285612345678} ga masuk
{PHONE|0899 8888 777}, itu WA aktif saya
my number is {PHONE|+1 202 555 0143}
call me at {PHONE|202-555-0172} tomorrow
please ring {PHONE|+44 20 7946 0958} after five
my phone is {PHONE|oh eight one two three four five six seven eight nine}
mobile {PHONE|zero eight one double two three four five six seven}
reach me on {PHONE|(415) 555-0132}
cell: {PHONE|415.555.0187}
you can text {PHONE|+65 9123 4567}
the phone number is {PHONE|oh eight five seven triple one two three four five}
whatsapp {PHONE|+91 98765 43210} works best
it is {PHONE|five five five, one two three, four five six seven} thanks
sure, {PHONE|zero one two three four five six} I think
catat {PHONE|lima lima lima, satu dua tiga empat} ya
nomornya {PHONE|sembilan dobel tujuh dua satu tiga nol} kak
write to {EMAIL|rina dot putri at surel dot example} please
emailnya {EMAIL|agus at surel titik test} ya
email saya {EMAIL|budi.santoso@contoh.co.id} kak
kirim ke {EMAIL|rina_99@surel.test} ya
{EMAIL|halo.dunia+promo@contoh.com} itu akun saya
emailnya {EMAIL|budi at contoh titik com}
alamat email {EMAIL|siti titik aminah at contoh titik co titik id}
surel: {EMAIL|dewi underscore 88 at gmail titik com}
login pakai {EMAIL|joko@gmail.com}, ga bisa
my email is {EMAIL|jane.doe@example.org}
send it to {EMAIL|mark dot lee at example dot com} please
it's {EMAIL|anna (at) example (dot) net}
email {EMAIL|rudi[at]contoh.id}
use {EMAIL|tom@mail.example.co.uk} instead
NIK saya {NIK|3273014507900001}
no ktp {NIK|3174096112930003} atas nama sendiri
ktp: {NIK|3578 0112 0785 0002}
nik {NIK|5171012003880004} sudah diverifikasi belum?
ini NIK istri {NIK|3204115508910002}
my national id is {NIK|3275021010850007}
{NIK|3374062506950001} itu nomor induk kependudukan saya
nomor KK {KK|3273011203150004}
kartu keluarga {KK|3174090101200006} sudah difoto
nomor kartu keluarga {KK|3174090101200006}, tolong dicek
no kk saya {KK|3578013112180002} dan nik {NIK|3578011505870003}
NPWP {NPWP|09.254.294.3-407.000}
npwp saya {NPWP|092542943407000}
nomor npwp perusahaan {NPWP|01.234.567.8-901.000} mohon dicek
tax id {NPWP|0925429434070000}
kartu kredit {CARD|4111 1111 1111 1111} ditolak
no kartu {CARD|5500-0000-0000-0004} exp 12/27
kartu debit saya {CARD|4000056655665556}
card number {CARD|378282246310005} declined
visa {CARD|4012888888881881} please
my credit card {CARD|6011 1111 1111 1117} was charged twice
kartu nya {CARD|3530111333300000}
nomornya {CARD|empat satu satu satu satu satu satu satu satu satu satu satu satu satu satu satu}
cvv {CVV|123}
cvv nya {CVV|456} ya kak
kode keamanan kartu {CVV|789}
3 angka di belakang kartu {CVV|321}
the cvc is {CVV|4321}
security code {CVV|987} on the back
cvv {CVV|satu dua tiga}
OTP saya {CVV|482913} tapi gagal terus
kode otp: {CVV|9921}
pin saya {CVV|123456} salah terus
kode verifikasi {CVV|77120} sudah saya masukkan
my PIN is {CVV|4821}
the verification code is {CVV|559201}
password saya {CVV|Rahasia99} ga bisa login
password: {CVV|hunter2x}
rekening BCA {BANK_ACCOUNT|1234567890}
norek {BANK_ACCOUNT|0987654321} mandiri
transfer ke rekening {BANK_ACCOUNT|1370012345678}
no rek BRI {BANK_ACCOUNT|012301234567890}
refund ke BNI {BANK_ACCOUNT|0123456789} ya
nomor rekening saya {BANK_ACCOUNT|123-456-7890}
my account number is {BANK_ACCOUNT|20304050607}
bank account {BANK_ACCOUNT|12345678901} please
virtual account {BANK_ACCOUNT|8808123456789012} sudah saya bayar
iban {BANK_ACCOUNT|GB82WEST12345698765432}
alamat saya {ADDRESS|Jl. Melati No. 5 RT 03/RW 02}
kirim ke {ADDRESS|Jalan Kenanga Nomor 12 Bandung} ya
{ADDRESS|jl mawar no 7b} pagar hijau
rumah di {ADDRESS|Perumahan Griya Asri Blok C2 No 15}
{ADDRESS|Gang Kelinci No. 3, Jakarta} belum sampai
alamatnya {ADDRESS|Komplek Permata Blok D/4 No. 8}
{ADDRESS|RT 05 RW 11} kelurahan saya belum ada jaringan
paket ke {ADDRESS|Jl Anggrek 21} kok nyasar
{ADDRESS|Jln. Cempaka Raya No. 99A} tolong kurirnya
I live at {ADDRESS|12 Baker Street}
ship to {ADDRESS|450 Oak Avenue Apt 4}
my address is {ADDRESS|77 Maple Road}
deliver to {ADDRESS|1600 Hill Drive} please
nama saya {PERSON|Budi Santoso}
nama saya {PERSON|rina wijayanti} mau tanya
dengan saya {PERSON|Joko} ada yang bisa dibantu?
saya {PERSON|Dewi Lestari} dari Bandung
atas nama {PERSON|Siti Aminah} ya
rekening a.n. {PERSON|Agus Setiawan}
Pak {PERSON|Hendra} sudah datang tadi
terima kasih Bu {PERSON|Ratna}
Ibu {PERSON|Kartini} tolong ditunggu
Mas {PERSON|Yanto} teknisinya ramah
panggil saya {PERSON|Wawan} saja
namaku {PERSON|Fitri} kak
halo {PERSON|Bambang}, kami bantu cek
Bapak {PERSON|Slamet Riyadi} yang terhormat
mbak {PERSON|Wulandari} bilang besok
penerima: {PERSON|Eko Prasetyo}
my name is {PERSON|John Smith}
this is {PERSON|Sarah} from the billing department
Dear Mr. {PERSON|Henderson}, thank you
I'm {PERSON|Michael Brown} and my order is late
Ms. {PERSON|Clarke} called yesterday
Hi {PERSON|Jennifer}, how can I help?
call me {PERSON|Kevin}
my wife {PERSON|Karen} paid already
Mrs {PERSON|O'Neil} is waiting
Regards, {PERSON|Stephen Walker}
thank you {PERSON|Priya} for your help
saya {PERSON|Ahmad Fauzi}, nomor {PERSON|} kosong
Pesanan INV/2024/08/12345 belum sampai
total Rp 1.250.000 sudah dibayar
saya bayar 150.000 rupiah kemarin
harganya Rp150000 kok jadi 250000
tanggal 12-08-2024 jam 10.30
dari 2024-08-12 sampai 2024-09-11
nomor resi 0012345678901
resi JP1234567890 belum bergerak
order id 20240812123456
tiket #123456789 belum ditanggapi
no tiket 1234567890 mohon dicek
kode booking ABC123
jam 08.00-20.00 setiap hari
one two three testing
satu dua tiga empat lima, tes mikrofon
I was at home. Then it broke
sudah 3 hari 12 jam mati
paket 100GB 30 hari
saldo 1.234.567,89 hilang
kurang 5.000.000 juta kali
token listrik 1234 5678 9012 3456 7890
pin salah 5 kali
otp tidak masuk 10 menit
dua ratus lima puluh ribu rupiah
satu dua hari lagi ya
hubungi 1500888 katanya
versi aplikasi 10.12.3
nomor pelanggan belum ada
Jalan tol macet
paket jalan 3 hari
hari Senin 5 Agustus 2024
saya kecewa banget sama pelayanannya
saya dari tadi nunggu
terima kasih bapak ibu sekalian
Bu saya mau tanya
Pak RT sudah tahu
kak admin tolong dong
indah sekali pemandangannya
putri saya belum dapat paket
nama saya belum terdaftar
atas nama perusahaan bisa?
my name is not on the list
this is ridiculous
I'm sure it was 1,250,000
I'm not happy with this
order number 1234567890 is late
ticket 20240001234 is still open
invoice 2024-000123 was paid
it costs $1,299.99 per year
will you call me back in May
the 24/7 hotline never answers
between 9 and 5 on 12/08/2024
look at contoh dot com for details
tracking 1Z9999999999 shows nothing
call me later
name of the plan is Premium
my PIN was blocked after 3 attempts
the password reset link expired
Bank Mandiri dan BCA gangguan
Hari ini hujan
Selamat pagi Ibu, ada yang bisa dibantu?
Grab dan Gojek sama saja
versi 4111 sudah usang
kuota 16 GB habis dalam 2 hari
saya pindah dari paket 50 ke 100 mbps
meter 12 digit itu yang mana
5000 poin hangus tanggal 31/12/2024
nomor antrian 0042
""".strip().splitlines()

CASES = tuple(parse(line) for line in LINES if "{PERSON|}" not in line)
