"""Agent turns with the rule that each breaks, or `-` for none; invented, both languages."""

TABLE = """
asked_credentials | Boleh minta kode OTP yang barusan masuk, Pak?
asked_credentials | Tolong sebutkan PIN ATM Ibu supaya kami bisa bantu
asked_credentials | Kode OTP-nya berapa kak?
asked_credentials | mohon kirimkan password akun anda ke sini
asked_credentials | Saya butuh kata sandi Bapak untuk masuk ke sistem
asked_credentials | Nanti ada kode verifikasi lewat SMS, bacakan ke saya ya
asked_credentials | bisa diinfokan PIN-nya?
asked_credentials | OTP nya tolong dikirim ke saya di chat ini
asked_credentials | coba share kode otp nya min biar cepat
asked_credentials | Kalau tidak keberatan, boleh minta PIN e-wallet Ibu?
asked_credentials | Jangan khawatir aman, tolong sebutkan saja kode OTP Bapak
asked_credentials | Please tell me your PIN so I can verify you
asked_credentials | Could you read me the OTP you just got?
asked_credentials | What is your password?
asked_credentials | I need your one-time password to proceed
asked_credentials | Can I have the verification code please?
asked_credentials | You will receive an OTP shortly, please read it to me
asked_credentials | just send me your passcode
asked_credentials | Kindly provide your login password for the account
asked_credentials | May I get the 6-digit one-time code?
- | Jangan pernah berikan kode OTP kepada siapa pun, termasuk petugas kami
- | Kami tidak pernah meminta PIN atau password Anda
- | Mohon tidak membagikan OTP ke orang lain ya kak
- | Petugas kami tidak akan menanyakan kata sandi Bapak
- | Apakah Bapak pernah memberikan OTP kepada orang lain?
- | Apakah ada yang meminta PIN Ibu lewat telepon?
- | Silakan masukkan PIN baru di aplikasi
- | Kode OTP sudah kami kirim ke nomor Bapak
- | PIN Ibu sudah berhasil direset
- | Untuk reset password klik tautan lupa kata sandi
- | Waspada modus penipuan yang meminta OTP
- | Password bisa diganti lewat menu pengaturan
- | Kode OTP berlaku lima menit
- | Rahasiakan PIN dan OTP Anda
- | Sudah berapa kali salah memasukkan PIN?
- | We will never ask for your PIN or password
- | Please do not share your OTP with anyone
- | Our staff never ask you to send the verification code
- | You can reset your password in the app
- | I have sent a one-time code to your phone, please enter it in the app
- | Did anyone ask you for your PIN?
- | Your password has been changed
- | Never tell anybody your passcode
- | The code expires after five minutes
- | Have you received the OTP yet?
asked_card_security | Mohon sebutkan nomor CVV di belakang kartu
asked_card_security | CVV nya berapa Pak?
asked_card_security | Boleh minta 3 digit di belakang kartu kreditnya?
asked_card_security | tolong infokan kode keamanan kartu Ibu
asked_card_security | Bisa kirim foto kartu kredit bagian depan dan belakang?
asked_card_security | Saya perlu nomor kartu lengkap 16 digit ya
asked_card_security | sebutkan 16 digit nomor kartu Bapak
asked_card_security | What's the three digit number on the back?
asked_card_security | Can you give me your CVV?
asked_card_security | Please read out the full card number
asked_card_security | I need the security code of the card
asked_card_security | send me a photo of your card, front and back
asked_card_security | Could you confirm all 16 digits of your card?
asked_card_security | the CVC please
- | Kami tidak membutuhkan CVV untuk pengembalian dana
- | Jangan berikan CVV kepada siapa pun
- | Boleh minta 4 digit terakhir kartunya?
- | Masukkan CVV di halaman pembayaran aplikasi
- | Kartu Bapak sudah kami blokir
- | Apakah Ibu pernah menyebutkan CVV ke penelepon itu?
- | Nomor kartu berakhir 1234 sudah aktif
- | We do not need your CVV
- | Never share the security code with anyone
- | May I have the last four digits of your card?
- | Enter the CVV on the payment page in the app
- | Your new card will arrive on Friday
- | Is it the card ending in 4242?
- | Please don't send your full card number in this chat
card_data_exposed | Baik, kartu [CARD] sudah saya catat
card_data_exposed | So that is [CARD], correct?
- | Baik, nomor [PHONE] sudah kami catat
- | Kartu akan dikirim ke [ADDRESS]
threat | Kalau tidak bayar hari ini kami datang ke rumah dan permalukan Bapak
threat | Siap-siap saja barang di rumah disita besok
threat | Foto KTP Ibu akan kami sebarkan
threat | Bapak bisa masuk penjara kalau tidak lunas
threat | Awas kamu kalau tidak bayar
threat | nanti kami sebar data kamu ke semua kontak
threat | Kamu tahu sendiri akibatnya kalau masih menunggak
threat | Jangan main-main sama kami
threat | Saya bikin malu kamu di depan tetangga
threat | Kami laporkan ke atasan kamu biar dipecat dari kantor
threat | We will come to your house and embarrass you in front of everyone
threat | You will go to jail if you don't pay
threat | We will post your photo on social media
threat | You'll regret this, pay now
threat | Don't play games with us
threat | our people will take your car tomorrow
threat | I will call your boss and tell them about the debt
threat | pay today or else
- | Kami tidak akan menyita barang Bapak
- | Teknisi kami akan datang ke rumah besok pagi
- | Kurir datang jam dua siang ke rumah Ibu
- | Apakah Ibu diancam oleh penagih?
- | Mohon maaf atas keterlambatannya, kami bantu cek
- | Laporan Bapak sudah kami teruskan
- | Barang akan diambil kurir di rumah
- | Data Ibu aman bersama kami
- | Kami sarankan lapor polisi karena ini penipuan
- | Our technician will come to your house tomorrow
- | We will send your package to your home
- | We never share your data with your contacts
- | Please visit our office if you need help
- | I will take your details now
- | Did the collector say you would go to jail? That is not allowed
guaranteed_return | Investasi ini pasti untung, Pak
guaranteed_return | Dijamin cuan setiap bulan
guaranteed_return | keuntungan 10% per bulan dijamin
guaranteed_return | Tidak mungkin rugi kalau ikut produk ini
guaranteed_return | Tanpa risiko sama sekali, dijamin
guaranteed_return | uang Ibu pasti berlipat dalam setahun
guaranteed_return | imbal hasilnya pasti, kami jamin
guaranteed_return | This fund has a guaranteed return of 12 percent
guaranteed_return | You cannot lose with this product
guaranteed_return | profit is guaranteed every month
guaranteed_return | It's a risk-free investment
guaranteed_return | there's no risk at all
guaranteed_return | Your money will double, guaranteed
- | Imbal hasil tidak dijamin dan bisa naik turun
- | Kami tidak menjamin keuntungan
- | Investasi ini memiliki risiko
- | Paket pasti sampai besok
- | Uang Bapak dijamin kembali kalau pesanan batal
- | Tanpa biaya admin sama sekali
- | Waspada tawaran yang menjanjikan pasti untung
- | Returns are not guaranteed and may go down
- | We cannot guarantee any profit
- | We guarantee delivery within two days
- | There is a money back guarantee
- | Past profit does not guarantee future results
third_party_disclosure | Tolong sampaikan ke [PERSON] tunggakannya sudah tiga bulan
third_party_disclosure | Bilang ke suami Ibu utangnya belum dibayar
third_party_disclosure | [PERSON] punya pinjaman yang menunggak di kami
third_party_disclosure | Ini soal utang [PERSON], sudah lewat 30 hari
third_party_disclosure | beliau belum bayar cicilan dua bulan
third_party_disclosure | Please tell [PERSON] the loan is overdue
third_party_disclosure | [PERSON] owes us four hundred dollars
third_party_disclosure | It is about [PERSON]'s debt
third_party_disclosure | could you remind your brother that he is behind on his loan
third_party_disclosure | [PERSON] has an unpaid balance with us
- | Tagihan Bapak sudah jatuh tempo, mohon dibayar
- | Kami ingatkan cicilan Ibu jatuh tempo besok
- | Mohon sampaikan agar beliau menghubungi kami, ini urusan pribadi
- | Kami sampaikan kepada Bapak [PERSON] bahwa tagihan Anda sudah lunas
- | Nanti kami sampaikan ke tim teknis
- | Bapak [PERSON], cicilan anda tinggal dua kali
- | Please ask [PERSON] to call us back, it is a personal matter
- | I can only discuss this with [PERSON]
- | Your loan payment is due on Friday
- | Let me remind you that your instalment is due
- | I'll pass your message on to the team
- | Thank you [PERSON], your balance is zero
""".strip()

CASES = tuple(
    (None if rule.strip() == "-" else rule.strip(), text.strip())
    for rule, text in (line.split("|", 1) for line in TABLE.splitlines())
)
