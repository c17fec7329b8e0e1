# The words of the public pages, in Turkish. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Metne geç
home-page = Ana sayfa
menu = Menü
menu-statements = Açıklamalar
menu-archive = Arşiv
menu-allies = Dost örgütler
menu-follow = Takip edin
menu-search = Arama
menu-feed = Akış
donate = Bağış yapın
sponsor = Çalışmalarımızı destekleyin
language = Dil
home-description = { $name }: kendi sözleriyle açıklamaları.
colophon = Sendikalar için AGPL lisanslı özgür yazılım Picket ile yayımlanmaktadır:
source-code = kaynak kodu

## First page

about-us = Hakkımızda
statements = Açıklamalar
older-statements = Daha eski açıklamalar
no-older-statements = Daha eski açıklama yok.
no-statements = Henüz açıklama yayımlanmadı. Bizi takip edin, ilki size ulaşsın.
our-campaigns = Kampanyalarımız:
passed-on = Başkalarının söyledikleri, bizim paylaştıklarımız
pinned = Öne çıkan
links-back = bize bağlantı veriyor, { $date } tarihinde görüldü

## The archive

archive = Arşiv
statements-of = Açıklamalar: { $date }

## Allies

allies = Dost örgütler
allies-explained = Takip ettiğimiz ve açıklamaları bize ulaşan sendikalar ve örgütler.
no-allies = Burada henüz kimseyi takip etmiyoruz.

## A campaign

campaign = Kampanya
campaign-pictures = Bu kampanyanın görselleri
no-pictures = Henüz görsel yok.

## Lists of statements

no-statement-with-hashtag = Henüz bu etiketi taşıyan açıklama yok.
with-content-warning = İçerik uyarısı var

## A statement

kind-statement = Açıklama
kind-answer = Yanıt
kind-translation = Çeviri
statement-of = { $date } tarihli açıklama
in-answer-to = Yanıtlanan:
this-post = bu gönderi
post-elsewhere = başka bir sitedeki gönderi
languages-of-statement = Bu açıklamanın dilleri
languages-of-page = Bu sayfanın dilleri
original = özgün metin
by = İmza
on-behalf-of = Adına
to = Kime
received-from = Gönderen
content-warning = İçerik uyarısı:
sensitive-picture = Hassas olarak işaretlenmiş bir görsel
picture-by = Görsel:
kilobytes = { $number } KB
megabytes = { $number } MB
source = Kaynak
licence = Lisans
corrected-on = { $date } tarihinde düzeltildi
translated-statement-of = Çevrilen açıklamanın sahibi:
written-by-others = Metin başkalarına, çeviri bize aittir.
share = Paylaşın
share-by-email = E-posta
read-online = Okumak, yanıtlamak ve paylaşmak için adres:

## A page that the union wrote

changed-on = Son değişiklik: { $date }

## Answers

answers = Yanıtlar
later-answers = Sonraki yanıtlar
answers-count = { $count ->
    [one] { $number } yanıt
   *[other] { $number } yanıt
}
boosts-count = { $count ->
    [one] { $number } paylaşım
   *[other] { $number } paylaşım
}
likes-count = { $count ->
    [one] { $number } beğeni
   *[other] { $number } beğeni
}
original-at = Özgün metin: { $host }
whole-text-at = Metnin tamamı: { $host }
picture-at-original = Özgün gönderideki görsel:

## Searching

search = Ara
search-words = Sözcükler
search-language = Dil
search-union = Sendika
search-campaign = Kampanya
search-year = Yıl
search-wrong-year = Bu bir yıl değil: Rakamlarla yazın, örneğin { $example }.
search-all = tümü
search-nothing = Hiçbir şey bulunamadı. Daha az sözcükle veya başka bir yazımla deneyin.
search-older = Daha eski
search-original = Özgün metin

## Following

follow-us = Bizi takip edin
follow-from-mastodon = Mastodon’dan takip edin
follow-explained = Mastodon ve başka birçok site tek bir ağ, fediverse’i oluşturur: Bunlardan herhangi birinde hesabınız varsa bu sendikayı oradan takip edebilirsiniz. Hesabınızın adresini yazın; kendi siteniz size bizi takip etmek isteyip istemediğinizi sorar.
your-address = Adresiniz
follow = Takip edin
follow-hint = Şuna benzer: { $address }.
follow-search = Ya da uygulamanızda şunu arayın:
fediverse-what = Fediverse nedir?
fediverse-answer = E-posta gibi birbiriyle haberleşen, birbirinden bağımsız pek çok sitedir: Birinde hesabı olan herkes, diğerlerindeki insanları okuyabilir, takip edebilir ve yanıtlayabilir. Hiçbir şirkete ait değildir ve kimse onu herkes için kapatamaz. En bilineni Mastodon’dur.
fediverse-start = Nasıl başlarım?
fediverse-start-answer = Yeni üye kabul eden bir site seçin, örneğin joinmastodon.org’daki listeden, ve orada ücretsiz bir hesap açın. Sonra buraya dönün, yeni adresinizi yukarıya yazın ve kendi sitenizde bizi takip etmek istediğinizi onaylayın.
fediverse-then = Sonra ne olur?
fediverse-then-answer = Her açıklamamız akışınızda görünür. Onu paylaşabilir ve yanıtlayabilirsiniz; yanıtınız, biz okuyup onayladıktan sonra burada görünür. Bizi kimlerin takip ettiğini sayfalarımızda kimse görmez.
other-ways = Diğer yollar
follow-by-feed = Hesabınız yoksa akışımızı herhangi bir akış okuyucusuna ekleyin: Her açıklamanın tam metnini içerir.
follow-broken = Form eksik ulaştı. Lütfen adresinizi yeniden yazın.
follow-no-address = Bu bir fediverse adresi değil: Adınızı, bir @ işaretini ve sunucunuzu yazın, örneğin { $address }.
follow-unknown = { $host } bu adda bir hesap tanımıyor. Yazımını kontrol edin.
follow-refused = Bu sitenin { $host } ile bağlantısı yok.
follow-no-answer = { $host } beklendiği gibi yanıt vermedi. Adresi kontrol edin ya da bizi kendi uygulamanızda arayın.

## When something is not there

to-the-statements = Açıklamalara git
error-not-found = Bulunamadı
error-not-found-why = Bu adreste bir şey yok. Adres yanlış yazılmış ya da buradaki içerik başka bir adrese taşınmış olabilir.
error-gone = Geri çekildi
error-gone-why = Bu içerik, yayımlayanlar tarafından geri çekildi.
error-invalid = Anlaşılamadı
error-invalid-why = Gönderilen adres ya da form bozuk. Ana sayfaya dönün ve oradan devam edin.
error-not-allowed = İzin yok
error-not-allowed-why = Bu içerik herkese açık değil.
error-method = Burada mümkün değil
error-method-why = Bu adres okunabilir, ancak gönderilen istek türüyle değil.
error-too-many = Çok fazla istek
error-too-many-why = Şu anda çok fazla istek var. Lütfen bir dakika sonra yeniden deneyin.
error-unavailable = Şu anda kullanılamıyor
error-unavailable-why = Bu sayfa şu anda gösterilemiyor. Lütfen bir dakika sonra yeniden deneyin.
error-fault = Bir hata
error-fault-why = Sitedeki bir hata nedeniyle sayfa gösterilemedi. Hata kaydedildi. Lütfen daha sonra yeniden deneyin.
