# The words of the public pages, in Spanish. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Ir al texto
home-page = Página de inicio
menu = Menú
menu-statements = Comunicados
menu-archive = Archivo
menu-allies = Aliados
menu-follow = Seguir
menu-search = Buscar
menu-feed = Canal web
donate = Donar
sponsor = Apoyar nuestra labor
language = Idioma
home-description = Lo que dice { $name }, con sus propias palabras.
colophon = Publicado con Picket, software libre para sindicatos bajo la licencia AGPL:
source-code = su código fuente

## First page

about-us = Quiénes somos
statements = Comunicados
older-statements = Comunicados anteriores
no-older-statements = No hay comunicados anteriores.
no-statements = Todavía no se ha publicado ningún comunicado. Síganos, y el primero le llegará.
our-campaigns = Nuestras campañas:
passed-on = Lo que dicen otros y nosotros difundimos
pinned = Destacado
links-back = enlaza con nosotros, comprobado el { $date }

## The archive

archive = Archivo
statements-of = Comunicados: { $date }

## Allies

allies = Aliados
allies-explained = Los sindicatos y organizaciones que seguimos y cuyos comunicados nos llegan.
no-allies = Todavía no seguimos a nadie aquí.

## A campaign

campaign = Campaña
campaign-pictures = Imágenes de esta campaña
no-pictures = Todavía no hay imágenes.

## Lists of statements

no-statement-with-hashtag = Ningún comunicado lleva todavía esta etiqueta.
with-content-warning = Con aviso de contenido

## A statement

kind-statement = Comunicado
kind-answer = Respuesta
kind-translation = Traducción
statement-of = Comunicado del { $date }
in-answer-to = En respuesta a
this-post = esta publicación
post-elsewhere = una publicación en otro sitio
languages-of-statement = Idiomas de este comunicado
languages-of-page = Idiomas de esta página
original = original
by = De
on-behalf-of = En nombre de
to = A
received-from = Recibido de
content-warning = Aviso de contenido:
sensitive-picture = Una imagen marcada como sensible
picture-by = Imagen:
kilobytes = { $number } kB
megabytes = { $number } MB
source = Fuente
licence = Licencia
corrected-on = Corregido el { $date }
translated-statement-of = Traducido de un comunicado de
written-by-others = El texto es de otros; la traducción es nuestra.
share = Compartir
share-by-email = Correo electrónico
read-online = Para leerlo, responder y compartirlo, en esta dirección:

## A page that the union wrote

changed-on = Última modificación: { $date }

## Answers

answers = Respuestas
later-answers = Respuestas posteriores
answers-count = { $count ->
    [one] { $number } respuesta
   *[other] { $number } respuestas
}
boosts-count = { $count ->
    [one] { $number } difusión
   *[other] { $number } difusiones
}
likes-count = { $count ->
    [one] { $number } «me gusta»
   *[other] { $number } «me gusta»
}
original-at = Original en { $host }
whole-text-at = Texto completo en { $host }
picture-at-original = Imagen en el original:

## Searching

search = Buscar
search-words = Palabras
search-language = Idioma
search-union = Sindicato
search-campaign = Campaña
search-year = Año
search-wrong-year = Esto no es un año: escríbalo con cifras, por ejemplo { $example }.
search-all = todos
search-nothing = No se ha encontrado nada. Pruebe con menos palabras o con otra grafía.
search-older = Más antiguos
search-original = Texto original

## Following

follow-us = Síganos
follow-from-mastodon = Seguir desde Mastodon
follow-explained = Mastodon y muchos otros sitios forman una sola red, el fediverso: con una cuenta en cualquiera de ellos puede seguir a este sindicato desde allí. Escriba la dirección de su cuenta, y su propio sitio le preguntará si quiere seguirnos.
your-address = Su dirección
follow = Seguir
follow-hint = Tiene esta forma: { $address }.
follow-search = O busque en su aplicación
fediverse-what = ¿Qué es el fediverso?
fediverse-answer = Muchos sitios independientes que se comunican entre sí, como el correo electrónico: quien tiene una cuenta en uno de ellos puede leer, seguir y responder a la gente de todos los demás. El fediverso no pertenece a ninguna empresa, y nadie puede apagarlo para todos. Mastodon es el más conocido de estos sitios.
fediverse-start = ¿Cómo empiezo?
fediverse-start-answer = Elija un sitio que admita nuevos miembros, por ejemplo de la lista de joinmastodon.org, y abra una cuenta; es gratis. Después vuelva aquí, escriba arriba su nueva dirección y confirme en su propio sitio que quiere seguirnos.
fediverse-then = ¿Y después?
fediverse-then-answer = Cada comunicado nuestro aparece en su cronología. Puede difundirlo y responder; la respuesta aparece aquí cuando la hayamos leído y aprobado. Nadie ve en nuestras páginas quién nos sigue.
other-ways = Otras formas
follow-by-feed = Sin cuenta, añada nuestro canal a cualquier lector de canales: contiene cada comunicado con su texto completo.
follow-broken = El formulario llegó incompleto. Escriba su dirección de nuevo.
follow-no-address = Esto no es una dirección del fediverso: escriba su nombre, una @ y su servidor, por ejemplo { $address }.
follow-unknown = { $host } no conoce ninguna cuenta con ese nombre. Compruebe la ortografía.
follow-refused = Este sitio no tiene contacto con { $host }.
follow-no-answer = { $host } no respondió como se esperaba. Compruebe la dirección o búsquenos en su propia aplicación.

## When something is not there

to-the-statements = Ir a los comunicados
error-not-found = No encontrado
error-not-found-why = No hay nada en esta dirección. Puede estar mal escrita, o lo que había aquí tiene ahora otra dirección.
error-gone = Retirado
error-gone-why = Esto fue retirado por quienes lo publicaron.
error-invalid = No se entiende
error-invalid-why = La dirección o el formulario enviado está dañado. Vuelva a la página de inicio y siga desde allí.
error-not-allowed = No permitido
error-not-allowed-why = Esto no está a la vista de todo el mundo.
error-method = Aquí no es posible
error-method-why = Esta dirección se puede leer, pero no con el tipo de petición que se envió.
error-too-many = Demasiadas peticiones
error-too-many-why = Demasiada gente lo pide en este momento. Inténtelo de nuevo dentro de un minuto.
error-unavailable = No disponible ahora
error-unavailable-why = Esto no se puede mostrar en este momento. Inténtelo de nuevo dentro de un minuto.
error-fault = Un error
error-fault-why = Un error de este sitio impidió mostrar la página. Ha quedado anotado. Inténtelo más tarde.
