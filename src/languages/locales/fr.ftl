# The words of the public pages, in French. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Aller au texte
home-page = Page d’accueil
menu = Menu
menu-statements = Communiqués
menu-archive = Archives
menu-allies = Alliés
menu-follow = Nous suivre
menu-search = Recherche
menu-feed = Flux
donate = Faire un don
sponsor = Soutenir notre action
language = Langue
home-description = Ce que dit { $name }, avec ses propres mots.
colophon = Publié avec Picket, logiciel libre pour les syndicats sous licence AGPL :
source-code = son code source

## First page

about-us = Qui nous sommes
statements = Communiqués
older-statements = Communiqués plus anciens
no-older-statements = Il n’y a pas de communiqué plus ancien.
no-statements = Aucun communiqué n’a encore été publié. Suivez-nous, et le premier vous parviendra.
our-campaigns = Nos campagnes :
passed-on = Ce que disent d’autres, et que nous relayons
pinned = À la une
links-back = renvoie vers nous, constaté le { $date }

## The archive

archive = Archives
statements-of = Communiqués : { $date }

## Allies

allies = Alliés
allies-explained = Les syndicats et organisations que nous suivons, et dont les communiqués nous parviennent.
no-allies = Nous ne suivons encore personne ici.

## A campaign

campaign = Campagne
campaign-pictures = Images de cette campagne
no-pictures = Il n’y a pas encore d’image.

## Lists of statements

no-statement-with-hashtag = Aucun communiqué ne porte encore ce mot-dièse.
with-content-warning = Avec un avertissement

## A statement

kind-statement = Communiqué
kind-answer = Réponse
kind-translation = Traduction
statement-of = Communiqué du { $date }
in-answer-to = En réponse à
this-post = cette publication
post-elsewhere = une publication sur un autre site
languages-of-statement = Langues de ce communiqué
languages-of-page = Langues de cette page
original = version d’origine
by = De
on-behalf-of = Au nom de
to = À
received-from = Reçu de
content-warning = Avertissement :
sensitive-picture = Une image signalée comme sensible
picture-by = Image :
kilobytes = { $number } ko
megabytes = { $number } Mo
source = Source
licence = Licence
corrected-on = Corrigé le { $date }
translated-statement-of = Traduit d’un communiqué de
written-by-others = Le texte a été écrit par d’autres ; la traduction est de nous.
share = Partager
share-by-email = Courriel
read-online = À lire, commenter et partager à cette adresse :

## A page that the union wrote

changed-on = Dernière modification le { $date }

## Answers

answers = Réponses
later-answers = Réponses suivantes
answers-count = { $count ->
    [one] { $number } réponse
   *[other] { $number } réponses
}
boosts-count = { $count ->
    [one] { $number } partage
   *[other] { $number } partages
}
likes-count = { $count ->
    [one] { $number } mention « J’aime »
   *[other] { $number } mentions « J’aime »
}
original-at = Original sur { $host }
whole-text-at = Texte entier sur { $host }
picture-at-original = Image sur la page d’origine :

## Searching

search = Rechercher
search-words = Mots
search-language = Langue
search-union = Syndicat
search-campaign = Campagne
search-year = Année
search-wrong-year = Ceci n’est pas une année : écrivez-la en chiffres, par exemple { $example }.
search-all = sans distinction
search-nothing = Rien n’a été trouvé. Essayez avec moins de mots ou une autre orthographe.
search-older = Plus anciens
search-original = Texte d’origine

## Following

follow-us = Nous suivre
follow-from-mastodon = Suivre depuis Mastodon
follow-explained = Mastodon et beaucoup d’autres sites forment un seul réseau, le fédivers : avec un compte sur l’un d’eux, vous pouvez suivre ce syndicat depuis ce site. Saisissez l’adresse de votre compte, et votre propre site vous demandera si vous voulez nous suivre.
your-address = Votre adresse
follow = Suivre
follow-hint = Elle ressemble à { $address }.
follow-search = Ou cherchez dans votre application
fediverse-what = Qu’est-ce que le fédivers ?
fediverse-answer = De nombreux sites indépendants qui communiquent entre eux, comme le courriel : qui a un compte sur l’un d’eux peut lire et suivre les gens de tous les autres et leur répondre. Le fédivers n’appartient à aucune entreprise, et personne ne peut l’éteindre pour tout le monde. Mastodon est le plus connu de ces sites.
fediverse-start = Comment commencer ?
fediverse-start-answer = Choisissez un site qui accepte de nouveaux membres, par exemple dans la liste de joinmastodon.org, et ouvrez-y un compte ; c’est gratuit. Revenez ensuite, saisissez votre nouvelle adresse ci-dessus, et confirmez sur votre propre site que vous voulez nous suivre.
fediverse-then = Et ensuite ?
fediverse-then-answer = Chacun de nos communiqués apparaît dans votre fil. Vous pouvez le partager et y répondre ; une réponse apparaît ici une fois que nous l’avons lue et approuvée. Personne ne voit sur nos pages qui nous suit.
other-ways = Autres moyens
follow-by-feed = Sans compte, ajoutez notre flux à n’importe quel lecteur de flux : il contient chaque communiqué en entier.
follow-broken = Le formulaire est arrivé incomplet. Veuillez saisir votre adresse à nouveau.
follow-no-address = Ceci n’est pas une adresse du fédivers : écrivez votre nom, un @ et votre serveur, par exemple { $address }.
follow-unknown = { $host } ne connaît aucun compte de ce nom. Vérifiez l’orthographe.
follow-refused = Ce site n’a pas de contact avec { $host }.
follow-no-answer = { $host } n’a pas répondu comme prévu. Vérifiez l’adresse, ou cherchez-nous dans votre application.

## When something is not there

to-the-statements = Aller aux communiqués
error-not-found = Introuvable
error-not-found-why = Il n’y a rien à cette adresse. Elle est peut-être mal écrite, ou ce qui s’y trouvait a changé d’adresse.
error-gone = Retiré
error-gone-why = Ceci a été retiré par celles et ceux qui l’avaient publié.
error-invalid = Demande incomprise
error-invalid-why = L’adresse ou le formulaire envoyé est endommagé. Revenez à la page d’accueil et repartez de là.
error-not-allowed = Accès refusé
error-not-allowed-why = Ceci n’est pas visible par tout le monde.
error-method = Impossible ici
error-method-why = Cette adresse peut être lue, mais pas avec le type de requête envoyé.
error-too-many = Trop de demandes
error-too-many-why = Trop de personnes demandent cette page en ce moment. Veuillez réessayer dans une minute.
error-unavailable = Indisponible pour l’instant
error-unavailable-why = Cette page ne peut pas être affichée en ce moment. Veuillez réessayer dans une minute.
error-fault = Une erreur
error-fault-why = Une erreur de ce site empêche d’afficher la page. Elle a été notée. Veuillez réessayer plus tard.
