# The words of the public pages, in Japanese. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = 本文へ
home-page = トップページ
menu = メニュー
menu-statements = 声明
menu-archive = 過去の声明
menu-allies = 連帯団体
menu-follow = フォロー
menu-search = 検索
menu-feed = フィード
donate = カンパする
sponsor = 活動を支える
language = 言語
home-description = { $name }の声明を、組合自身の言葉で。
colophon = 労働組合のための自由ソフトウェア Picket（AGPL ライセンス）で公開しています：
source-code = ソースコード

## First page

about-us = 私たちについて
statements = 声明
older-statements = 以前の声明
no-older-statements = これより前の声明はありません。
no-statements = まだ声明は発表されていません。フォローしていただければ、最初の声明が届きます。
our-campaigns = 取り組み：
passed-on = 仲間の声（私たちが広めているもの）
pinned = 注目
links-back = 相互リンクを { $date } に確認

## The archive

archive = 過去の声明
statements-of = { $date }の声明

## Allies

allies = 連帯団体
allies-explained = 私たちがフォローし、声明を受け取っている組合や団体です。
no-allies = まだどの団体もフォローしていません。

## A campaign

campaign = キャンペーン
campaign-pictures = このキャンペーンの画像
no-pictures = 画像はまだありません。

## Lists of statements

no-statement-with-hashtag = このハッシュタグの声明はまだありません。
with-content-warning = 内容についての注意があります

## A statement

kind-statement = 声明
kind-answer = 返信
kind-translation = 翻訳
statement-of = { $date }の声明
in-answer-to = 返信先：
this-post = この投稿
post-elsewhere = 他のサイトの投稿
languages-of-statement = この声明の言語
languages-of-page = このページの言語
original = 原文
by = 発表者
on-behalf-of = 代表する団体
to = 宛先
received-from = 提供元
content-warning = 内容についての注意：
sensitive-picture = 閲覧に注意が必要な画像
picture-by = 画像：
kilobytes = { $number } KB
megabytes = { $number } MB
source = 出典
licence = ライセンス
corrected-on = { $date }に訂正
translated-statement-of = 声明の原著者：
written-by-others = 原文は他団体によるもので、翻訳は私たちによるものです。
share = 共有
share-by-email = メール
read-online = 閲覧・返信・共有はこちらから：

## A page that the union wrote

changed-on = 最終更新：{ $date }

## Answers

answers = 返信
later-answers = 以降の返信
answers-count = { $count ->
   *[other] 返信 { $number } 件
}
boosts-count = { $count ->
   *[other] ブースト { $number } 件
}
likes-count = { $count ->
   *[other] いいね { $number } 件
}
original-at = { $host } の原文
whole-text-at = { $host } で全文を読む
picture-at-original = 元の投稿の画像：

## Searching

search = 検索
search-words = 言葉
search-language = 言語
search-union = 組合
search-campaign = キャンペーン
search-year = 年
search-wrong-year = 年ではありません。{ $example } のように数字で入力してください。
search-all = すべて
search-nothing = 何も見つかりませんでした。言葉を減らすか、別の表記でお試しください。
search-older = 以前のもの
search-original = 原文

## Following

follow-us = フォローする
follow-from-mastodon = Mastodon からフォローする
follow-explained = Mastodon をはじめ多くのサイトが、フェディバースという一つのネットワークをつくっています。そのどこかにアカウントがあれば、そこからこの組合をフォローできます。ご自分のアカウントのアドレスを入力すると、ご利用のサイトでフォローの確認画面が開きます。
your-address = あなたのアドレス
follow = フォロー
follow-hint = 例：{ $address }
follow-search = またはアプリで検索してください：
fediverse-what = フェディバースとは何ですか
fediverse-answer = 電子メールのように互いにつながる、独立した多くのサイトの集まりです。どれか一つにアカウントがあれば、ほかのすべてのサイトの人の投稿を読み、フォローし、返信できます。どの企業のものでもなく、誰かが全体を止めることもできません。最もよく知られているのが Mastodon です。
fediverse-start = どうやって始めますか
fediverse-start-answer = joinmastodon.org の一覧などから、新規登録を受け付けているサイトを選び、アカウントを作ります。費用はかかりません。その後このページに戻り、上の欄に新しいアドレスを入力し、ご自分のサイトでフォローを確認してください。
fediverse-then = フォローするとどうなりますか
fediverse-then-answer = 私たちの声明がすべてタイムラインに届きます。広めることも、返信することもできます。返信は、私たちが読んで承認した後にこのサイトに表示されます。誰がフォローしているかは、このサイトでは誰にも見えません。
other-ways = そのほかの方法
follow-by-feed = アカウントがなくても、フィードリーダーに私たちのフィードを登録すれば、すべての声明を全文で読めます。
follow-broken = フォームが正しく届きませんでした。もう一度アドレスを入力してください。
follow-no-address = フェディバースのアドレスではありません。{ $address } のように、名前、@、サーバーの順に入力してください。
follow-unknown = { $host } にこの名前のアカウントはありません。つづりをご確認ください。
follow-refused = このサイトは { $host } と接続していません。
follow-no-answer = { $host } から正しい応答がありませんでした。アドレスを確認するか、お使いのアプリで検索してください。

## When something is not there

to-the-statements = 声明の一覧へ
error-not-found = 見つかりません
error-not-found-why = このアドレスには何もありません。入力の誤りか、別のアドレスに移った可能性があります。
error-gone = 取り下げられました
error-gone-why = これは発表者によって取り下げられました。
error-invalid = 処理できません
error-invalid-why = アドレスまたは送信されたフォームが壊れています。トップページからやり直してください。
error-not-allowed = 閲覧できません
error-not-allowed-why = これは一般には公開されていません。
error-method = ここではできません
error-method-why = このアドレスは閲覧できますが、送信された種類の要求は受け付けていません。
error-too-many = アクセスが集中しています
error-too-many-why = 現在アクセスが集中しています。1分ほどたってから、もう一度お試しください。
error-unavailable = 現在ご利用いただけません
error-unavailable-why = 現在このページを表示できません。1分ほどたってから、もう一度お試しください。
error-fault = エラー
error-fault-why = サイトの不具合によりページを表示できませんでした。不具合は記録されました。時間をおいてお試しください。
