# The words of the public pages, in Ukrainian. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Перейти до тексту
home-page = Головна сторінка
menu = Меню
menu-statements = Заяви
menu-archive = Архів
menu-allies = Союзники
menu-follow = Стежити
menu-search = Пошук
menu-feed = Стрічка
donate = Пожертвувати
sponsor = Підтримати нашу роботу
language = Мова
home-description = Що каже { $name } — власними словами.
colophon = Опубліковано за допомогою Picket, вільної програми для профспілок за ліцензією AGPL:
source-code = її вихідний код

## First page

about-us = Про нас
statements = Заяви
older-statements = Давніші заяви
no-older-statements = Давніших заяв немає.
no-statements = Ще не опубліковано жодної заяви. Стежте за нами, і перша надійде до вас.
our-campaigns = Наші кампанії:
passed-on = Що кажуть інші, а ми поширюємо
pinned = Закріплено
links-back = посилається на нас, перевірено { $date }

## The archive

archive = Архів
statements-of = Заяви: { $date }

## Allies

allies = Союзники
allies-explained = Профспілки та організації, за якими ми стежимо і заяви яких надходять до нас.
no-allies = Ми тут ще ні за ким не стежимо.

## A campaign

campaign = Кампанія
campaign-pictures = Зображення цієї кампанії
no-pictures = Зображень ще немає.

## Lists of statements

no-statement-with-hashtag = Жодна заява ще не має цього хештегу.
with-content-warning = З попередженням про вміст

## A statement

kind-statement = Заява
kind-answer = Відповідь
kind-translation = Переклад
statement-of = Заява від { $date }
in-answer-to = У відповідь на
this-post = цей допис
post-elsewhere = допис на іншому сайті
languages-of-statement = Мови цієї заяви
languages-of-page = Мови цієї сторінки
original = оригінал
by = Від
on-behalf-of = Від імені
to = Кому
received-from = Отримано від
content-warning = Попередження про вміст:
sensitive-picture = Зображення, позначене як чутливе
picture-by = Зображення:
kilobytes = { $number } КБ
megabytes = { $number } МБ
source = Джерело
licence = Ліцензія
corrected-on = Виправлено { $date }
translated-statement-of = Переклад заяви, яку оприлюднили
written-by-others = Текст написали інші, переклад наш.
share = Поділитися
share-by-email = Електронна пошта
read-online = Читати, відповісти й поширити за цією адресою:

## A page that the union wrote

changed-on = Остання зміна: { $date }

## Answers

answers = Відповіді
later-answers = Пізніші відповіді
answers-count = { $count ->
    [one] { $number } відповідь
    [few] { $number } відповіді
    [many] { $number } відповідей
   *[other] { $number } відповіді
}
boosts-count = { $count ->
    [one] { $number } поширення
    [few] { $number } поширення
    [many] { $number } поширень
   *[other] { $number } поширення
}
likes-count = { $count ->
    [one] { $number } вподобання
    [few] { $number } вподобання
    [many] { $number } вподобань
   *[other] { $number } вподобання
}
original-at = Оригінал на { $host }
whole-text-at = Повний текст на { $host }
picture-at-original = Зображення в оригіналі:

## Searching

search = Шукати
search-words = Слова
search-language = Мова
search-union = Профспілка
search-campaign = Кампанія
search-year = Рік
search-wrong-year = Це не рік: напишіть його цифрами, наприклад { $example }.
search-all = усі
search-nothing = Нічого не знайдено. Спробуйте менше слів або інше написання.
search-older = Старіші
search-original = Оригінал

## Following

follow-us = Стежте за нами
follow-from-mastodon = Стежити з Mastodon
follow-explained = Mastodon і багато інших сайтів утворюють одну мережу — федіверс: маючи обліковий запис на будь-якому з них, ви можете стежити за цією профспілкою звідти. Введіть адресу свого облікового запису, і ваш власний сайт запитає, чи хочете ви стежити за нами.
your-address = Ваша адреса
follow = Стежити
follow-hint = Вона має такий вигляд: { $address }.
follow-search = Або знайдіть у своєму застосунку
fediverse-what = Що таке федіверс?
fediverse-answer = Це багато незалежних сайтів, які спілкуються між собою, як електронна пошта: хто має обліковий запис на одному з них, може читати людей на всіх інших, стежити за ними й відповідати їм. Він не належить жодній компанії, і ніхто не може вимкнути його для всіх. Найвідоміший із них — Mastodon.
fediverse-start = Як почати?
fediverse-start-answer = Виберіть сайт, який приймає нових учасників, наприклад зі списку на joinmastodon.org, і створіть там обліковий запис; це безкоштовно. Потім поверніться, введіть свою нову адресу вище й підтвердьте на своєму сайті, що хочете стежити за нами.
fediverse-then = Що буде далі?
fediverse-then-answer = Кожна наша заява з’являтиметься у вашій стрічці. Ви можете поширити її та відповісти; відповідь з’явиться тут, щойно ми її прочитаємо й схвалимо. Ніхто не бачить на наших сторінках, хто за нами стежить.
other-ways = Інші способи
follow-by-feed = Без облікового запису додайте нашу стрічку до будь-якого читача стрічок: у ній є повний текст кожної заяви.
follow-broken = Форма надійшла неповною. Будь ласка, введіть адресу ще раз.
follow-no-address = Це не адреса федіверсу: напишіть своє ім’я, знак @ і свій сервер, наприклад { $address }.
follow-unknown = { $host } не знає облікового запису з таким іменем. Перевірте написання.
follow-refused = Цей сайт не має зв’язку з { $host }.
follow-no-answer = { $host } не відповів належно. Перевірте адресу або знайдіть нас у своєму застосунку.

## When something is not there

to-the-statements = Перейти до заяв
error-not-found = Не знайдено
error-not-found-why = За цією адресою нічого немає. Можливо, її написано з помилкою або те, що тут було, тепер має іншу адресу.
error-gone = Відкликано
error-gone-why = Це відкликали ті, хто це опублікував.
error-invalid = Незрозумілий запит
error-invalid-why = Адреса або надіслана форма пошкоджена. Поверніться на головну сторінку й продовжте звідти.
error-not-allowed = Не дозволено
error-not-allowed-why = Це відкрито не для всіх.
error-method = Тут це неможливо
error-method-why = Цю адресу можна читати, але не запитом такого типу.
error-too-many = Забагато запитів
error-too-many-why = Зараз забагато запитів. Будь ласка, спробуйте за хвилину.
error-unavailable = Зараз недоступно
error-unavailable-why = Зараз це неможливо показати. Будь ласка, спробуйте за хвилину.
error-fault = Помилка
error-fault-why = Через помилку сайту сторінку не вдалося показати. Помилку записано. Будь ласка, спробуйте пізніше.
