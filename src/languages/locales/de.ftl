# The words of the public pages, in German. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Zum Text springen
home-page = Startseite
menu = Menü
menu-statements = Erklärungen
menu-archive = Archiv
menu-allies = Verbündete
menu-follow = Folgen
menu-search = Suche
menu-feed = Feed
donate = Spenden
sponsor = Unsere Arbeit unterstützen
language = Sprache
home-description = Was { $name } zu sagen hat, in eigenen Worten.
colophon = Veröffentlicht mit Picket, freier Software für Gewerkschaften unter der AGPL:
source-code = Quelltext

## First page

about-us = Über uns
statements = Erklärungen
older-statements = Ältere Erklärungen
no-older-statements = Es gibt keine älteren Erklärungen.
no-statements = Noch ist keine Erklärung veröffentlicht. Folgen Sie uns, und die erste erreicht Sie.
our-campaigns = Unsere Kampagnen:
passed-on = Was andere sagen und wir weitergeben
pinned = Angeheftet
links-back = verweist auf uns zurück, gesehen am { $date }

## The archive

archive = Archiv
statements-of = Erklärungen: { $date }

## Allies

allies = Verbündete
allies-explained = Die Gewerkschaften und Organisationen, denen wir folgen und deren Erklärungen uns erreichen.
no-allies = Wir folgen hier noch niemandem.

## A campaign

campaign = Kampagne
campaign-pictures = Bilder dieser Kampagne
no-pictures = Es gibt noch keine Bilder.

## Lists of statements

no-statement-with-hashtag = Noch trägt keine Erklärung diesen Hashtag.
with-content-warning = Mit Inhaltswarnung

## A statement

kind-statement = Erklärung
kind-answer = Antwort
kind-translation = Übersetzung
statement-of = Erklärung vom { $date }
in-answer-to = Antwort auf
this-post = diesen Beitrag
post-elsewhere = einen Beitrag anderswo
languages-of-statement = Sprachen dieser Erklärung
languages-of-page = Sprachen dieser Seite
original = Original
by = Von
on-behalf-of = Im Namen von
to = An
received-from = Erhalten von
content-warning = Inhaltswarnung:
sensitive-picture = Ein als heikel gekennzeichnetes Bild
picture-by = Bild:
kilobytes = { $number } kB
megabytes = { $number } MB
source = Quelle
licence = Lizenz
corrected-on = Berichtigt am { $date }
translated-statement-of = Übersetzt aus einer Erklärung von
written-by-others = Der Text stammt von anderen, die Übersetzung von uns.
share = Weitersagen
share-by-email = E-Mail
read-online = Lesen, antworten und weitersagen unter dieser Adresse:

## A page that the union wrote

changed-on = Zuletzt geändert am { $date }

## Answers

answers = Antworten
later-answers = Spätere Antworten
answers-count = { $count ->
    [one] { $number } Antwort
   *[other] { $number } Antworten
}
boosts-count = { $count ->
    [one] { $number }-mal geteilt
   *[other] { $number }-mal geteilt
}
likes-count = { $count ->
    [one] { $number } Zustimmung
   *[other] { $number } Zustimmungen
}
original-at = Original auf { $host }
whole-text-at = Ganzer Text auf { $host }
picture-at-original = Bild beim Original:

## Searching

search = Suchen
search-words = Wörter
search-language = Sprache
search-union = Gewerkschaft
search-campaign = Kampagne
search-year = Jahr
search-wrong-year = Das ist kein Jahr: Schreiben Sie es in Ziffern, zum Beispiel { $example }.
search-all = alle
search-nothing = Es wurde nichts gefunden. Versuchen Sie es mit weniger Wörtern oder einer anderen Schreibweise.
search-older = Ältere
search-original = Original

## Following

follow-us = Folgen Sie uns
follow-from-mastodon = Von Mastodon aus folgen
follow-explained = Mastodon und viele andere Seiten bilden ein gemeinsames Netz, das Fediverse: Mit einem Konto auf einer davon können Sie dieser Gewerkschaft von dort aus folgen. Geben Sie die Adresse Ihres Kontos ein; Ihre eigene Seite fragt Sie dann, ob Sie uns folgen möchten.
your-address = Ihre Adresse
follow = Folgen
follow-hint = Sie sieht aus wie { $address }.
follow-search = Oder suchen Sie in Ihrer App nach
fediverse-what = Was ist das Fediverse?
fediverse-answer = Viele unabhängige Seiten, die miteinander sprechen wie E-Mail-Anbieter: Wer auf einer davon ein Konto hat, kann lesen, was Menschen auf allen anderen schreiben, ihnen folgen und antworten. Das Fediverse gehört keinem Unternehmen, und niemand kann es für alle abschalten. Mastodon ist die bekannteste dieser Seiten.
fediverse-start = Wie fange ich an?
fediverse-start-answer = Wählen Sie eine Seite, die neue Mitglieder aufnimmt, zum Beispiel aus der Liste auf joinmastodon.org, und eröffnen Sie dort ein Konto; es kostet nichts. Kommen Sie dann zurück, geben Sie oben Ihre neue Adresse ein, und bestätigen Sie auf Ihrer eigenen Seite, dass Sie uns folgen möchten.
fediverse-then = Und dann?
fediverse-then-answer = Jede unserer Erklärungen erscheint in Ihrer Zeitleiste. Sie können sie weitergeben und beantworten; eine Antwort erscheint hier, sobald wir sie gelesen und freigegeben haben. Niemand sieht auf unseren Seiten, wer uns folgt.
other-ways = Andere Wege
follow-by-feed = Ohne Konto: Tragen Sie unseren Feed in einen beliebigen Feedreader ein. Er enthält jede Erklärung im vollen Wortlaut.
follow-broken = Das Formular ist nicht vollständig angekommen. Bitte geben Sie Ihre Adresse noch einmal ein.
follow-no-address = Das ist keine Fediverse-Adresse: Schreiben Sie Ihren Namen, ein @ und Ihren Server, zum Beispiel { $address }.
follow-unknown = { $host } kennt kein Konto dieses Namens. Bitte prüfen Sie die Schreibweise.
follow-refused = Diese Seite hat keinen Kontakt mit { $host }.
follow-no-answer = { $host } hat nicht wie erwartet geantwortet. Prüfen Sie die Adresse, oder suchen Sie uns in Ihrer eigenen App.

## When something is not there

to-the-statements = Zu den Erklärungen
error-not-found = Nicht gefunden
error-not-found-why = Unter dieser Adresse ist nichts. Vielleicht ist sie falsch geschrieben, oder was hier stand, hat jetzt eine andere Adresse.
error-gone = Zurückgezogen
error-gone-why = Das wurde von denen zurückgezogen, die es veröffentlicht haben.
error-invalid = Nicht verstanden
error-invalid-why = Die Adresse oder das gesendete Formular ist beschädigt. Gehen Sie zur Startseite und von dort weiter.
error-not-allowed = Nicht erlaubt
error-not-allowed-why = Das ist nicht für alle sichtbar.
error-method = Hier nicht möglich
error-method-why = Diese Adresse kann gelesen werden, aber nicht mit dieser Art von Anfrage.
error-too-many = Zu viele auf einmal
error-too-many-why = Im Moment kommen zu viele Anfragen. Bitte versuchen Sie es in einer Minute noch einmal.
error-unavailable = Zurzeit nicht verfügbar
error-unavailable-why = Das kann im Moment nicht gezeigt werden. Bitte versuchen Sie es in einer Minute noch einmal.
error-fault = Ein Fehler
error-fault-why = Wegen eines Fehlers kann die Seite nicht gezeigt werden. Er wurde vermerkt. Bitte versuchen Sie es später noch einmal.
