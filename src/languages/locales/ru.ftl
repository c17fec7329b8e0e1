# The words of the public pages, in Russian. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Перейти к тексту
home-page = Главная страница
menu = Меню
menu-statements = Заявления
menu-archive = Архив
menu-allies = Союзники
menu-follow = Подписаться
menu-search = Поиск
menu-feed = Лента
donate = Пожертвовать
sponsor = Поддержать нашу работу
language = Язык
home-description = Что говорит { $name } — своими словами.
colophon = Опубликовано с помощью Picket, свободной программы для профсоюзов под лицензией AGPL:
source-code = её исходный код

## First page

about-us = О нас
statements = Заявления
older-statements = Более ранние заявления
no-older-statements = Более ранних заявлений нет.
no-statements = Пока не опубликовано ни одного заявления. Подпишитесь, и первое дойдёт до вас.
our-campaigns = Наши кампании:
passed-on = Что говорят другие, а мы распространяем
pinned = Закреплено
links-back = ссылается на нас, проверено { $date }

## The archive

archive = Архив
statements-of = Заявления: { $date }

## Allies

allies = Союзники
allies-explained = Профсоюзы и организации, на которые мы подписаны и чьи заявления доходят до нас.
no-allies = Мы здесь пока ни на кого не подписаны.

## A campaign

campaign = Кампания
campaign-pictures = Изображения этой кампании
no-pictures = Изображений пока нет.

## Lists of statements

no-statement-with-hashtag = Пока ни у одного заявления нет этого хештега.
with-content-warning = С предупреждением о содержании

## A statement

kind-statement = Заявление
kind-answer = Ответ
kind-translation = Перевод
statement-of = Заявление от { $date }
in-answer-to = В ответ на
this-post = эту запись
post-elsewhere = запись на другом сайте
languages-of-statement = Языки этого заявления
languages-of-page = Языки этой страницы
original = оригинал
by = От
on-behalf-of = От имени
to = Кому
received-from = Получено от
content-warning = Предупреждение о содержании:
sensitive-picture = Изображение, отмеченное как деликатное
picture-by = Изображение:
kilobytes = { $number } КБ
megabytes = { $number } МБ
source = Источник
licence = Лицензия
corrected-on = Исправлено { $date }
translated-statement-of = Перевод заявления, которое опубликовали
written-by-others = Текст написали другие, перевод наш.
share = Поделиться
share-by-email = Электронная почта
read-online = Прочитать, ответить и поделиться по этому адресу:

## A page that the union wrote

changed-on = Последнее изменение: { $date }

## Answers

answers = Ответы
later-answers = Более поздние ответы
answers-count = { $count ->
    [one] { $number } ответ
    [few] { $number } ответа
    [many] { $number } ответов
   *[other] { $number } ответа
}
boosts-count = { $count ->
    [one] { $number } репост
    [few] { $number } репоста
    [many] { $number } репостов
   *[other] { $number } репоста
}
likes-count = { $count ->
    [one] { $number } отметка «нравится»
    [few] { $number } отметки «нравится»
    [many] { $number } отметок «нравится»
   *[other] { $number } отметки «нравится»
}
original-at = Оригинал на { $host }
whole-text-at = Полный текст на { $host }
picture-at-original = Изображение в оригинале:

## Searching

search = Искать
search-words = Слова
search-language = Язык
search-union = Профсоюз
search-campaign = Кампания
search-year = Год
search-wrong-year = Это не год: напишите его цифрами, например { $example }.
search-all = все
search-nothing = Ничего не найдено. Попробуйте меньше слов или другое написание.
search-older = Более ранние
search-original = Оригинал

## Following

follow-us = Подпишитесь на нас
follow-from-mastodon = Подписаться из Mastodon
follow-explained = Mastodon и многие другие сайты образуют единую сеть — федиверс: с учётной записью на любом из них можно подписаться на этот профсоюз оттуда. Введите адрес своей учётной записи, и ваш собственный сайт спросит, хотите ли вы на нас подписаться.
your-address = Ваш адрес
follow = Подписаться
follow-hint = Он выглядит так: { $address }.
follow-search = Или найдите в своём приложении
fediverse-what = Что такое федиверс?
fediverse-answer = Это множество независимых сайтов, которые общаются между собой, как электронная почта: с учётной записью на одном из них можно читать людей на всех остальных, подписываться на них и отвечать им. Он не принадлежит ни одной компании, и никто не может отключить его для всех. Самый известный из них — Mastodon.
fediverse-start = С чего начать?
fediverse-start-answer = Выберите сайт, который принимает новых участников, например из списка на joinmastodon.org, и заведите там учётную запись; это бесплатно. Затем вернитесь, введите свой новый адрес выше и подтвердите на своём сайте, что хотите на нас подписаться.
fediverse-then = Что будет дальше?
fediverse-then-answer = Каждое наше заявление появится в вашей ленте. Вы можете распространить его и ответить; ответ появится здесь, когда мы его прочитаем и одобрим. Никто не видит на наших страницах, кто на нас подписан.
other-ways = Другие способы
follow-by-feed = Без учётной записи добавьте нашу ленту в любую программу для чтения лент: в ней есть полный текст каждого заявления.
follow-broken = Форма пришла неполной. Пожалуйста, введите адрес ещё раз.
follow-no-address = Это не адрес федиверса: напишите своё имя, знак @ и свой сервер, например { $address }.
follow-unknown = { $host } не знает учётной записи с таким именем. Проверьте написание.
follow-refused = У этого сайта нет связи с { $host }.
follow-no-answer = { $host } не ответил как следует. Проверьте адрес или найдите нас в своём приложении.

## When something is not there

to-the-statements = Перейти к заявлениям
error-not-found = Не найдено
error-not-found-why = По этому адресу ничего нет. Возможно, он написан с ошибкой или то, что здесь было, теперь находится по другому адресу.
error-gone = Отозвано
error-gone-why = Это отозвали те, кто это опубликовал.
error-invalid = Непонятный запрос
error-invalid-why = Адрес или отправленная форма повреждены. Вернитесь на главную страницу и продолжите оттуда.
error-not-allowed = Не разрешено
error-not-allowed-why = Это открыто не для всех.
error-method = Здесь это невозможно
error-method-why = Этот адрес можно читать, но не таким запросом.
error-too-many = Слишком много запросов
error-too-many-why = Сейчас слишком много запросов. Пожалуйста, попробуйте через минуту.
error-unavailable = Сейчас недоступно
error-unavailable-why = Сейчас это нельзя показать. Пожалуйста, попробуйте через минуту.
error-fault = Ошибка
error-fault-why = Из-за ошибки сайта страницу не удалось показать. Ошибка записана. Пожалуйста, попробуйте позже.
