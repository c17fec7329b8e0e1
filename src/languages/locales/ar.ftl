# The words of the public pages, in Arabic. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = الانتقال إلى النص
home-page = الصفحة الرئيسية
menu = القائمة
menu-statements = البيانات
menu-archive = الأرشيف
menu-allies = الحلفاء
menu-follow = المتابعة
menu-search = بحث
menu-feed = الخلاصة
donate = التبرع
sponsor = دعم عملنا
language = اللغة
home-description = ما تقوله { $name } بكلماتها.
colophon = يُنشر بواسطة بيكت، وهو برنامج حر للنقابات برخصة AGPL:
source-code = شيفرته المصدرية

## First page

about-us = من نحن
statements = البيانات
older-statements = بيانات أقدم
no-older-statements = لا توجد بيانات أقدم.
no-statements = لم يُنشر أي بيان بعد. تابعونا ليصلكم أول بيان.
our-campaigns = حملاتنا:
passed-on = ما يقوله الآخرون وننشره نحن
pinned = مثبّت
links-back = تحيل إلينا، شوهد ذلك في { $date }

## The archive

archive = الأرشيف
statements-of = بيانات { $date }

## Allies

allies = الحلفاء
allies-explained = النقابات والمنظمات التي نتابعها وتصلنا بياناتها.
no-allies = لا نتابع أحداً هنا بعد.

## A campaign

campaign = حملة
campaign-pictures = صور هذه الحملة
no-pictures = لا توجد صور بعد.

## Lists of statements

no-statement-with-hashtag = لا يحمل أي بيان هذا الوسم بعد.
with-content-warning = مع تحذير من المحتوى

## A statement

kind-statement = بيان
kind-answer = رد
kind-translation = ترجمة
statement-of = بيان { $date }
in-answer-to = رداً على
this-post = هذا المنشور
post-elsewhere = منشور في موقع آخر
languages-of-statement = لغات هذا البيان
languages-of-page = لغات هذه الصفحة
original = الأصل
by = من
on-behalf-of = باسم
to = إلى
received-from = وصلنا من
content-warning = تحذير من المحتوى:
sensitive-picture = صورة مصنّفة حسّاسة
picture-by = الصورة:
kilobytes = { $number } كيلوبايت
megabytes = { $number } ميغابايت
source = المصدر
licence = الرخصة
corrected-on = صُحّح في { $date }
translated-statement-of = مترجم عن بيان صادر عن
written-by-others = النص لغيرنا، والترجمة لنا.
share = المشاركة
share-by-email = البريد الإلكتروني
read-online = للقراءة والرد والمشاركة على هذا العنوان:

## A page that the union wrote

changed-on = آخر تعديل: { $date }

## Answers

answers = الردود
later-answers = الردود اللاحقة
answers-count = { $count ->
    [zero] { $number } رد
    [one] { $number } رد
    [two] { $number } رد
    [few] { $number } ردود
    [many] { $number } رداً
   *[other] { $number } رد
}
boosts-count = { $count ->
    [zero] { $number } مشاركة
    [one] { $number } مشاركة
    [two] { $number } مشاركة
    [few] { $number } مشاركات
    [many] { $number } مشاركة
   *[other] { $number } مشاركة
}
likes-count = { $count ->
    [zero] { $number } إعجاب
    [one] { $number } إعجاب
    [two] { $number } إعجاب
    [few] { $number } إعجابات
    [many] { $number } إعجاباً
   *[other] { $number } إعجاب
}
original-at = الأصل في { $host }
whole-text-at = النص الكامل في { $host }
picture-at-original = صورة في المنشور الأصلي:

## Searching

search = بحث
search-words = الكلمات
search-language = اللغة
search-union = النقابة
search-campaign = الحملة
search-year = السنة
search-wrong-year = هذه ليست سنة: اكتبوها بالأرقام، مثل { $example }.
search-all = الكل
search-nothing = لم يُعثر على شيء. جرّبوا كلمات أقل أو كتابة أخرى.
search-older = الأقدم
search-original = النص الأصلي

## Following

follow-us = تابعونا
follow-from-mastodon = المتابعة من ماستودون
follow-explained = يشكّل ماستودون ومواقع كثيرة أخرى شبكة واحدة اسمها الفيديفرس: إذا كان لديكم حساب في أي منها أمكنكم متابعة هذه النقابة من هناك. اكتبوا عنوان حسابكم، فيسألكم موقعكم إن كنتم تريدون متابعتنا.
your-address = عنوانكم
follow = متابعة
follow-hint = يبدو العنوان هكذا: { $address }.
follow-search = أو ابحثوا في تطبيقكم عن
fediverse-what = ما هو الفيديفرس؟
fediverse-answer = مواقع كثيرة مستقلة تتخاطب فيما بينها كما يفعل البريد الإلكتروني: من له حساب في أحدها يستطيع أن يقرأ للناس في سائرها ويتابعهم ويرد عليهم. لا تملكه أي شركة، ولا يستطيع أحد أن يطفئه على الجميع. وماستودون أشهرها.
fediverse-start = كيف أبدأ؟
fediverse-start-answer = اختاروا موقعاً يقبل أعضاء جدداً، من قائمة joinmastodon.org مثلاً، وافتحوا فيه حساباً مجانياً. ثم عودوا إلى هنا واكتبوا عنوانكم الجديد أعلاه، وأكّدوا في موقعكم أنكم تريدون متابعتنا.
fediverse-then = وماذا بعد ذلك؟
fediverse-then-answer = يظهر كل بيان لنا في خطكم الزمني. يمكنكم مشاركته والرد عليه؛ ويظهر الرد هنا بعد أن نقرأه ونوافق عليه. ولا يرى أحد في صفحاتنا من يتابعنا.
other-ways = طرق أخرى
follow-by-feed = من دون حساب، أضيفوا خلاصتنا إلى أي قارئ خلاصات: ففيها كل بيان بنصه الكامل.
follow-broken = لم تصل الاستمارة كاملة. يرجى كتابة عنوانكم من جديد.
follow-no-address = هذا ليس عنواناً في الفيديفرس: اكتبوا اسمكم ثم @ ثم خادمكم، مثل { $address }.
follow-unknown = لا يعرف { $host } حساباً بهذا الاسم. تحققوا من كتابته.
follow-refused = لا صلة لهذا الموقع بـ { $host }.
follow-no-answer = لم يُجب { $host } كما يُنتظر. تحققوا من العنوان أو ابحثوا عنا في تطبيقكم.

## When something is not there

to-the-statements = الانتقال إلى البيانات
error-not-found = غير موجود
error-not-found-why = لا يوجد شيء في هذا العنوان. ربما كُتب خطأً، أو صار لما كان هنا عنوان آخر.
error-gone = سُحب
error-gone-why = سحبه من نشروه.
error-invalid = غير مفهوم
error-invalid-why = العنوان أو الاستمارة المرسلة تالفة. عودوا إلى الصفحة الرئيسية وتابعوا منها.
error-not-allowed = غير مسموح
error-not-allowed-why = هذا ليس متاحاً للجميع.
error-method = غير ممكن هنا
error-method-why = يمكن قراءة هذا العنوان، ولكن ليس بنوع الطلب المرسل.
error-too-many = طلبات كثيرة جداً
error-too-many-why = الطلبات كثيرة جداً في هذه اللحظة. يرجى المحاولة بعد دقيقة.
error-unavailable = غير متاح الآن
error-unavailable-why = لا يمكن عرض هذه الصفحة الآن. يرجى المحاولة بعد دقيقة.
error-fault = خلل
error-fault-why = حال خلل في هذا الموقع دون عرض الصفحة، وقد سُجّل. يرجى المحاولة لاحقاً.
