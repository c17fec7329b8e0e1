# The words of the public pages, in Italian. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Vai al testo
home-page = Pagina iniziale
menu = Menu
menu-statements = Comunicati
menu-archive = Archivio
menu-allies = Alleati
menu-follow = Segui
menu-search = Cerca
menu-feed = Feed
donate = Dona
sponsor = Sostieni il nostro lavoro
language = Lingua
home-description = Quello che dice { $name }, con le proprie parole.
colophon = Pubblicato con Picket, software libero per i sindacati con licenza AGPL:
source-code = il codice sorgente

## First page

about-us = Chi siamo
statements = Comunicati
older-statements = Comunicati precedenti
no-older-statements = Non ci sono comunicati precedenti.
no-statements = Non è ancora stato pubblicato alcun comunicato. Seguiteci, e il primo vi raggiungerà.
our-campaigns = Le nostre campagne:
passed-on = Quello che dicono altri e che noi rilanciamo
pinned = In evidenza
links-back = rimanda a noi, verificato il { $date }

## The archive

archive = Archivio
statements-of = Comunicati: { $date }

## Allies

allies = Alleati
allies-explained = I sindacati e le organizzazioni che seguiamo e i cui comunicati ci raggiungono.
no-allies = Qui non seguiamo ancora nessuno.

## A campaign

campaign = Campagna
campaign-pictures = Immagini di questa campagna
no-pictures = Non ci sono ancora immagini.

## Lists of statements

no-statement-with-hashtag = Nessun comunicato ha ancora questo hashtag.
with-content-warning = Con un avviso sul contenuto

## A statement

kind-statement = Comunicato
kind-answer = Risposta
kind-translation = Traduzione
statement-of = Comunicato del { $date }
in-answer-to = In risposta a
this-post = questo messaggio
post-elsewhere = un messaggio su un altro sito
languages-of-statement = Lingue di questo comunicato
languages-of-page = Lingue di questa pagina
original = originale
by = Di
on-behalf-of = A nome di
to = A
received-from = Ricevuto da
content-warning = Avviso sul contenuto:
sensitive-picture = Un’immagine segnalata come delicata
picture-by = Immagine:
kilobytes = { $number } kB
megabytes = { $number } MB
source = Fonte
licence = Licenza
corrected-on = Corretto il { $date }
translated-statement-of = Tradotto da un comunicato di
written-by-others = Il testo è di altri, la traduzione è nostra.
share = Condividi
share-by-email = E-mail
read-online = Da leggere, commentare e condividere a questo indirizzo:

## A page that the union wrote

changed-on = Ultima modifica: { $date }

## Answers

answers = Risposte
later-answers = Risposte successive
answers-count = { $count ->
    [one] { $number } risposta
   *[other] { $number } risposte
}
boosts-count = { $count ->
    [one] { $number } condivisione
   *[other] { $number } condivisioni
}
likes-count = { $count ->
    [one] { $number } apprezzamento
   *[other] { $number } apprezzamenti
}
original-at = Originale su { $host }
whole-text-at = Testo completo su { $host }
picture-at-original = Immagine nell’originale:

## Searching

search = Cerca
search-words = Parole
search-language = Lingua
search-union = Sindacato
search-campaign = Campagna
search-year = Anno
search-wrong-year = Questo non è un anno: scrivetelo in cifre, per esempio { $example }.
search-all = qualsiasi
search-nothing = Non è stato trovato nulla. Provate con meno parole o con un’altra grafia.
search-older = Meno recenti
search-original = Originale

## Following

follow-us = Seguiteci
follow-from-mastodon = Seguiteci da Mastodon
follow-explained = Mastodon e molti altri siti formano un’unica rete, il fediverso: con un account su uno qualsiasi di essi potete seguire questo sindacato da lì. Scrivete l’indirizzo del vostro account, e il vostro sito vi chiederà se volete seguirci.
your-address = Il vostro indirizzo
follow = Segui
follow-hint = È fatto così: { $address }.
follow-search = Oppure cercate nella vostra app
fediverse-what = Che cos’è il fediverso?
fediverse-answer = Molti siti indipendenti che comunicano tra loro, come la posta elettronica: chi ha un account su uno di essi può leggere e seguire le persone di tutti gli altri e rispondere loro. Il fediverso non appartiene a nessuna azienda, e nessuno può spegnerlo per tutti. Mastodon è il più conosciuto di questi siti.
fediverse-start = Come si comincia?
fediverse-start-answer = Scegliete un sito che accoglie nuovi iscritti, per esempio dall’elenco di joinmastodon.org, e aprite un account; è gratuito. Poi tornate qui, scrivete sopra il vostro nuovo indirizzo e confermate sul vostro sito che volete seguirci.
fediverse-then = E poi?
fediverse-then-answer = Ogni nostro comunicato compare nella vostra cronologia. Potete rilanciarlo e rispondere; una risposta compare qui quando l’abbiamo letta e approvata. Nessuno vede sulle nostre pagine chi ci segue.
other-ways = Altri modi
follow-by-feed = Senza account, aggiungete il nostro feed a qualsiasi lettore di feed: contiene ogni comunicato con il testo completo.
follow-broken = Il modulo non è arrivato per intero. Scrivete di nuovo il vostro indirizzo.
follow-no-address = Questo non è un indirizzo del fediverso: scrivete il vostro nome, una @ e il vostro server, per esempio { $address }.
follow-unknown = { $host } non conosce alcun account con questo nome. Controllate come è scritto.
follow-refused = Questo sito non ha contatti con { $host }.
follow-no-answer = { $host } non ha risposto come previsto. Controllate l’indirizzo, o cercateci nella vostra app.

## When something is not there

to-the-statements = Vai ai comunicati
error-not-found = Non trovato
error-not-found-why = A questo indirizzo non c’è nulla. Forse è scritto male, oppure ciò che c’era ha ora un altro indirizzo.
error-gone = Ritirato
error-gone-why = È stato ritirato da chi lo aveva pubblicato.
error-invalid = Richiesta non compresa
error-invalid-why = L’indirizzo o il modulo inviato è danneggiato. Tornate alla pagina iniziale e ripartite da lì.
error-not-allowed = Non consentito
error-not-allowed-why = Questo contenuto non è visibile a tutti.
error-method = Qui non è possibile
error-method-why = Questo indirizzo si può leggere, ma non con il tipo di richiesta inviato.
error-too-many = Troppe richieste
error-too-many-why = In questo momento ci sono troppe richieste. Riprovate tra un minuto.
error-unavailable = Non disponibile ora
error-unavailable-why = Al momento non è possibile mostrare questa pagina. Riprovate tra un minuto.
error-fault = Un errore
error-fault-why = Un errore del sito ha impedito di mostrare la pagina. È stato annotato. Riprovate più tardi.
