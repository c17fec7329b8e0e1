# The words of the public pages, in Portuguese. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = Ir para o texto
home-page = Página inicial
menu = Menu
menu-statements = Comunicados
menu-archive = Arquivo
menu-allies = Aliados
menu-follow = Seguir
menu-search = Pesquisa
menu-feed = Feed
donate = Doar
sponsor = Apoiar o nosso trabalho
language = Idioma
home-description = O que diz { $name }, nas suas próprias palavras.
colophon = Publicado com o Picket, software livre para sindicatos sob a licença AGPL:
source-code = o código-fonte

## First page

about-us = Quem somos
statements = Comunicados
older-statements = Comunicados anteriores
no-older-statements = Não há comunicados anteriores.
no-statements = Nenhum comunicado foi publicado ainda. Siga-nos, e o primeiro chegará até você.
our-campaigns = Nossas campanhas:
passed-on = O que outros dizem e nós divulgamos
pinned = Em destaque
links-back = tem um link para nós, verificado em { $date }

## The archive

archive = Arquivo
statements-of = Comunicados: { $date }

## Allies

allies = Aliados
allies-explained = Os sindicatos e organizações que seguimos e cujos comunicados chegam até nós.
no-allies = Ainda não seguimos ninguém aqui.

## A campaign

campaign = Campanha
campaign-pictures = Imagens desta campanha
no-pictures = Ainda não há imagens.

## Lists of statements

no-statement-with-hashtag = Nenhum comunicado tem ainda esta hashtag.
with-content-warning = Com aviso de conteúdo

## A statement

kind-statement = Comunicado
kind-answer = Resposta
kind-translation = Tradução
statement-of = Comunicado de { $date }
in-answer-to = Em resposta a
this-post = esta publicação
post-elsewhere = uma publicação em outro site
languages-of-statement = Idiomas deste comunicado
languages-of-page = Idiomas desta página
original = original
by = De
on-behalf-of = Em nome de
to = Para
received-from = Recebido de
content-warning = Aviso de conteúdo:
sensitive-picture = Uma imagem marcada como sensível
picture-by = Imagem:
kilobytes = { $number } kB
megabytes = { $number } MB
source = Fonte
licence = Licença
corrected-on = Corrigido em { $date }
translated-statement-of = Traduzido de um comunicado de
written-by-others = O texto é de outros; a tradução é nossa.
share = Compartilhar
share-by-email = E-mail
read-online = Para ler, responder e compartilhar, neste endereço:

## A page that the union wrote

changed-on = Última alteração em { $date }

## Answers

answers = Respostas
later-answers = Respostas seguintes
answers-count = { $count ->
    [one] { $number } resposta
   *[other] { $number } respostas
}
boosts-count = { $count ->
    [one] { $number } compartilhamento
   *[other] { $number } compartilhamentos
}
likes-count = { $count ->
    [one] { $number } curtida
   *[other] { $number } curtidas
}
original-at = Original em { $host }
whole-text-at = Texto completo em { $host }
picture-at-original = Imagem no original:

## Searching

search = Pesquisar
search-words = Palavras
search-language = Idioma
search-union = Sindicato
search-campaign = Campanha
search-year = Ano
search-wrong-year = Isto não é um ano: escreva-o em algarismos, por exemplo { $example }.
search-all = todos
search-nothing = Nada foi encontrado. Tente com menos palavras ou com outra grafia.
search-older = Mais antigos
search-original = Original

## Following

follow-us = Siga-nos
follow-from-mastodon = Seguir pelo Mastodon
follow-explained = O Mastodon e muitos outros sites formam uma só rede, o fediverso: com uma conta em qualquer um deles você pode seguir este sindicato a partir de lá. Digite o endereço da sua conta, e o seu próprio site perguntará se você quer nos seguir.
your-address = Seu endereço
follow = Seguir
follow-hint = Ele tem esta forma: { $address }.
follow-search = Ou procure no seu aplicativo por
fediverse-what = O que é o fediverso?
fediverse-answer = Muitos sites independentes que conversam entre si, como o e-mail: quem tem conta em um deles pode ler, seguir e responder às pessoas de todos os outros. O fediverso não pertence a nenhuma empresa, e ninguém pode desligá-lo para todos. O Mastodon é o mais conhecido desses sites.
fediverse-start = Como começo?
fediverse-start-answer = Escolha um site que aceite novos membros, por exemplo na lista de joinmastodon.org, e abra uma conta; é gratuito. Depois volte aqui, digite acima o seu novo endereço e confirme no seu próprio site que quer nos seguir.
fediverse-then = E depois?
fediverse-then-answer = Cada comunicado nosso aparece na sua linha do tempo. Você pode divulgá-lo e responder; uma resposta aparece aqui depois que a lemos e aprovamos. Ninguém vê nas nossas páginas quem nos segue.
other-ways = Outras formas
follow-by-feed = Sem conta, adicione o nosso feed a qualquer leitor de feeds: ele traz cada comunicado com o texto completo.
follow-broken = O formulário não chegou inteiro. Digite o seu endereço novamente.
follow-no-address = Isto não é um endereço do fediverso: escreva o seu nome, um @ e o seu servidor, por exemplo { $address }.
follow-unknown = { $host } não conhece nenhuma conta com esse nome. Confira a grafia.
follow-refused = Este site não tem contato com { $host }.
follow-no-answer = { $host } não respondeu como esperado. Confira o endereço ou procure por nós no seu aplicativo.

## When something is not there

to-the-statements = Ir para os comunicados
error-not-found = Não encontrado
error-not-found-why = Não há nada neste endereço. Ele pode estar escrito errado, ou o que estava aqui tem agora outro endereço.
error-gone = Retirado
error-gone-why = Isto foi retirado por quem o publicou.
error-invalid = Pedido não compreendido
error-invalid-why = O endereço ou o formulário enviado está danificado. Volte à página inicial e siga a partir dela.
error-not-allowed = Não permitido
error-not-allowed-why = Isto não está aberto a todos.
error-method = Aqui não é possível
error-method-why = Este endereço pode ser lido, mas não com o tipo de pedido que foi enviado.
error-too-many = Pedidos demais
error-too-many-why = Há pedidos demais neste momento. Tente de novo daqui a um minuto.
error-unavailable = Indisponível agora
error-unavailable-why = Isto não pode ser mostrado neste momento. Tente de novo daqui a um minuto.
error-fault = Um erro
error-fault-why = Um erro deste site impediu que a página fosse mostrada. Ele foi registrado. Tente novamente mais tarde.
