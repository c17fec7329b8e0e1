# The words of the public pages, in Persian. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = رفتن به متن
home-page = صفحهٔ نخست
menu = فهرست
menu-statements = بیانیه‌ها
menu-archive = بایگانی
menu-allies = همراهان
menu-follow = دنبال کردن
menu-search = جست‌وجو
menu-feed = خوراک
donate = کمک مالی
sponsor = پشتیبانی از کار ما
language = زبان
home-description = سخن { $name }، از زبان خودش.
colophon = منتشرشده با پیکت، نرم‌افزار آزاد برای اتحادیه‌های کارگری با پروانهٔ AGPL:
source-code = کد منبع آن

## First page

about-us = دربارهٔ ما
statements = بیانیه‌ها
older-statements = بیانیه‌های قدیمی‌تر
no-older-statements = بیانیهٔ قدیمی‌تری نیست.
no-statements = هنوز بیانیه‌ای منتشر نشده است. ما را دنبال کنید تا نخستین بیانیه به شما برسد.
our-campaigns = کارزارهای ما:
passed-on = آنچه دیگران می‌گویند و ما بازنشر می‌کنیم
pinned = برگزیده
links-back = به ما پیوند می‌دهد، دیده‌شده در { $date }

## The archive

archive = بایگانی
statements-of = بیانیه‌های { $date }

## Allies

allies = همراهان
allies-explained = اتحادیه‌ها و سازمان‌هایی که دنبال می‌کنیم و بیانیه‌هایشان به ما می‌رسد.
no-allies = اینجا هنوز کسی را دنبال نمی‌کنیم.

## A campaign

campaign = کارزار
campaign-pictures = تصویرهای این کارزار
no-pictures = هنوز تصویری نیست.

## Lists of statements

no-statement-with-hashtag = هنوز هیچ بیانیه‌ای این برچسب را ندارد.
with-content-warning = همراه با هشدار محتوا

## A statement

kind-statement = بیانیه
kind-answer = پاسخ
kind-translation = ترجمه
statement-of = بیانیهٔ { $date }
in-answer-to = در پاسخ به
this-post = این نوشته
post-elsewhere = نوشته‌ای در جایی دیگر
languages-of-statement = زبان‌های این بیانیه
languages-of-page = زبان‌های این صفحه
original = متن اصلی
by = از
on-behalf-of = به نمایندگی از
to = به
received-from = دریافت‌شده از
content-warning = هشدار محتوا:
sensitive-picture = تصویری که حساس علامت خورده است
picture-by = تصویر:
kilobytes = { $number } کیلوبایت
megabytes = { $number } مگابایت
source = منبع
licence = پروانه
corrected-on = تصحیح‌شده در { $date }
translated-statement-of = برگردان بیانیه‌ای از
written-by-others = متن از دیگران است و ترجمه از ما.
share = هم‌رسانی
share-by-email = رایانامه
read-online = برای خواندن، پاسخ دادن و هم‌رسانی در این نشانی:

## A page that the union wrote

changed-on = آخرین تغییر: { $date }

## Answers

answers = پاسخ‌ها
later-answers = پاسخ‌های بعدی
answers-count = { $count ->
    [one] { $number } پاسخ
   *[other] { $number } پاسخ
}
boosts-count = { $count ->
    [one] { $number } بازنشر
   *[other] { $number } بازنشر
}
likes-count = { $count ->
    [one] { $number } پسند
   *[other] { $number } پسند
}
original-at = متن اصلی در { $host }
whole-text-at = متن کامل در { $host }
picture-at-original = تصویر در متن اصلی:

## Searching

search = جست‌وجو
search-words = واژه‌ها
search-language = زبان
search-union = اتحادیه
search-campaign = کارزار
search-year = سال
search-wrong-year = این سال نیست: آن را با رقم بنویسید، مانند { $example }.
search-all = همه
search-nothing = چیزی پیدا نشد. با واژه‌های کمتر یا املای دیگری امتحان کنید.
search-older = قدیمی‌تر
search-original = متن اصلی

## Following

follow-us = ما را دنبال کنید
follow-from-mastodon = دنبال کردن از ماستودون
follow-explained = ماستودون و بسیاری از سایت‌های دیگر یک شبکه می‌سازند به نام فدیورس: با داشتن حساب در هر یک از آن‌ها می‌توانید این اتحادیه را از همان‌جا دنبال کنید. نشانی حساب خود را بنویسید تا سایت خودتان از شما بپرسد که می‌خواهید ما را دنبال کنید یا نه.
your-address = نشانی شما
follow = دنبال کردن
follow-hint = نشانی چنین شکلی دارد: { $address }.
follow-search = یا در برنامهٔ خود جست‌وجو کنید:
fediverse-what = فدیورس چیست؟
fediverse-answer = سایت‌های مستقل بسیاری که مانند رایانامه با هم گفت‌وگو می‌کنند: هر که در یکی از آن‌ها حساب دارد، می‌تواند نوشته‌های مردم در همهٔ سایت‌های دیگر را بخواند، آنان را دنبال کند و به آنان پاسخ دهد. از آنِ هیچ شرکتی نیست و هیچ‌کس نمی‌تواند آن را برای همه خاموش کند. ماستودون شناخته‌شده‌ترینِ آن‌هاست.
fediverse-start = چگونه آغاز کنم؟
fediverse-start-answer = سایتی را که عضو تازه می‌پذیرد برگزینید، برای نمونه از فهرست joinmastodon.org، و آنجا حسابی باز کنید؛ رایگان است. سپس به اینجا برگردید، نشانی تازهٔ خود را در بالا بنویسید و در سایت خودتان تأیید کنید که می‌خواهید ما را دنبال کنید.
fediverse-then = پس از آن چه می‌شود؟
fediverse-then-answer = هر بیانیهٔ ما در خط زمانی شما پدیدار می‌شود. می‌توانید آن را بازنشر کنید و به آن پاسخ دهید؛ پاسخ شما پس از آنکه آن را خواندیم و پذیرفتیم اینجا دیده می‌شود. هیچ‌کس در صفحه‌های ما نمی‌بیند که چه کسانی ما را دنبال می‌کنند.
other-ways = راه‌های دیگر
follow-by-feed = بدون حساب، خوراک ما را به هر خوراک‌خوانی بیفزایید: متن کامل هر بیانیه در آن هست.
follow-broken = فرم کامل نرسید. لطفاً نشانی خود را دوباره بنویسید.
follow-no-address = این نشانی فدیورس نیست: نام خود، یک @ و کارساز خود را بنویسید، مانند { $address }.
follow-unknown = { $host } حسابی با این نام نمی‌شناسد. املای آن را بررسی کنید.
follow-refused = این سایت با { $host } ارتباطی ندارد.
follow-no-answer = { $host } آن‌گونه که انتظار می‌رفت پاسخ نداد. نشانی را بررسی کنید یا ما را در برنامهٔ خود بجویید.

## When something is not there

to-the-statements = رفتن به بیانیه‌ها
error-not-found = یافت نشد
error-not-found-why = در این نشانی چیزی نیست. شاید نادرست نوشته شده باشد، یا آنچه اینجا بود اکنون نشانی دیگری دارد.
error-gone = پس گرفته شد
error-gone-why = منتشرکنندگان، این را پس گرفته‌اند.
error-invalid = درک نشد
error-invalid-why = نشانی یا فرمی که فرستاده شد آسیب دیده است. به صفحهٔ نخست برگردید و از آنجا ادامه دهید.
error-not-allowed = مجاز نیست
error-not-allowed-why = این برای همگان نمایان نیست.
error-method = اینجا شدنی نیست
error-method-why = این نشانی را می‌توان خواند، ولی نه با این گونه درخواست.
error-too-many = درخواست بیش از اندازه
error-too-many-why = در این لحظه درخواست‌ها بیش از اندازه است. لطفاً یک دقیقهٔ دیگر دوباره تلاش کنید.
error-unavailable = اکنون در دسترس نیست
error-unavailable-why = این صفحه را اکنون نمی‌توان نشان داد. لطفاً یک دقیقهٔ دیگر دوباره تلاش کنید.
error-fault = یک خطا
error-fault-why = خطایی در این سایت مانع نمایش صفحه شد. آن را ثبت کردیم. لطفاً بعداً دوباره تلاش کنید.
