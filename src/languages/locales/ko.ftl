# The words of the public pages, in Korean. No speaker has checked them yet; docs/TRANSLATING.md says how to correct one.
# What each is for stands in en.ftl, in the same order.

## Around every page

skip = 본문으로 건너뛰기
home-page = 첫 화면
menu = 메뉴
menu-statements = 성명
menu-archive = 지난 성명
menu-allies = 연대 단체
menu-follow = 팔로우
menu-search = 검색
menu-feed = 피드
donate = 후원하기
sponsor = 우리의 활동을 지원하기
language = 언어
home-description = { $name }의 성명을 직접 전합니다.
colophon = 노동조합을 위한 자유 소프트웨어 Picket(AGPL)으로 발행합니다:
source-code = 소스 코드

## First page

about-us = 소개
statements = 성명
older-statements = 이전 성명
no-older-statements = 이전 성명이 없습니다.
no-statements = 아직 발표된 성명이 없습니다. 팔로우하시면 첫 성명을 받아 보실 수 있습니다.
our-campaigns = 우리의 캠페인:
passed-on = 우리가 함께 전하는 다른 이들의 목소리
pinned = 주요 성명
links-back = 우리를 다시 링크하고 있음, { $date } 확인

## The archive

archive = 지난 성명
statements-of = { $date } 성명

## Allies

allies = 연대 단체
allies-explained = 우리가 팔로우하며 성명을 받아 보는 노동조합과 단체입니다.
no-allies = 아직 팔로우하는 단체가 없습니다.

## A campaign

campaign = 캠페인
campaign-pictures = 이 캠페인의 사진
no-pictures = 아직 사진이 없습니다.

## Lists of statements

no-statement-with-hashtag = 이 해시태그가 달린 성명이 아직 없습니다.
with-content-warning = 내용 주의 표시가 있습니다

## A statement

kind-statement = 성명
kind-answer = 답글
kind-translation = 번역
statement-of = { $date } 성명
in-answer-to = 답글 대상:
this-post = 이 게시물
post-elsewhere = 다른 사이트의 게시물
languages-of-statement = 이 성명의 언어
languages-of-page = 이 페이지의 언어
original = 원문
by = 발표
on-behalf-of = 대표하는 단체
to = 받는 이
received-from = 보내온 곳
content-warning = 내용 주의:
sensitive-picture = 민감한 이미지로 표시된 사진
picture-by = 사진:
kilobytes = { $number } KB
megabytes = { $number } MB
source = 출처
licence = 라이선스
corrected-on = { $date } 정정
translated-statement-of = 원문을 발표한 곳:
written-by-others = 원문은 다른 단체의 것이며, 번역은 우리가 했습니다.
share = 공유
share-by-email = 이메일
read-online = 읽기, 답글, 공유는 이 주소에서:

## A page that the union wrote

changed-on = 마지막 수정: { $date }

## Answers

answers = 답글
later-answers = 이후 답글
answers-count = { $count ->
   *[other] 답글 { $number }개
}
boosts-count = { $count ->
   *[other] 부스트 { $number }회
}
likes-count = { $count ->
   *[other] 좋아요 { $number }개
}
original-at = { $host }의 원문
whole-text-at = { $host }에서 전문 보기
picture-at-original = 원래 게시물의 사진:

## Searching

search = 검색
search-words = 낱말
search-language = 언어
search-union = 노동조합
search-campaign = 캠페인
search-year = 연도
search-wrong-year = 연도가 아닙니다. { $example }처럼 숫자로 입력해 주십시오.
search-all = 전체
search-nothing = 찾은 것이 없습니다. 낱말을 줄이거나 다른 표기로 찾아 보십시오.
search-older = 이전 글
search-original = 원문

## Following

follow-us = 팔로우하기
follow-from-mastodon = 마스토돈에서 팔로우하기
follow-explained = 마스토돈을 비롯한 많은 사이트가 연합우주(페디버스)라는 하나의 네트워크를 이룹니다. 그중 어느 곳에든 계정이 있으면 그곳에서 이 노동조합을 팔로우할 수 있습니다. 계정 주소를 입력하시면 이용하시는 사이트에서 팔로우 여부를 묻습니다.
your-address = 내 주소
follow = 팔로우
follow-hint = 예: { $address }
follow-search = 또는 앱에서 검색하십시오:
fediverse-what = 페디버스란 무엇입니까?
fediverse-answer = 이메일처럼 서로 소통하는 수많은 독립 사이트입니다. 그중 한 곳에 계정이 있으면 다른 모든 사이트의 사람들이 쓴 글을 읽고, 팔로우하고, 답할 수 있습니다. 어떤 기업의 것도 아니며, 누구도 전체를 끌 수 없습니다. 마스토돈이 가장 널리 알려져 있습니다.
fediverse-start = 어떻게 시작합니까?
fediverse-start-answer = joinmastodon.org의 목록 등에서 새 회원을 받는 사이트를 골라 계정을 만드십시오. 비용은 들지 않습니다. 그런 다음 이 화면으로 돌아와 위에 새 주소를 입력하고, 이용하시는 사이트에서 팔로우를 확인하십시오.
fediverse-then = 그다음에는 어떻게 됩니까?
fediverse-then-answer = 우리의 모든 성명이 타임라인에 나타납니다. 널리 전하고 답할 수 있으며, 답글은 우리가 읽고 승인한 뒤 이곳에 표시됩니다. 누가 팔로우하는지는 우리 페이지에서 아무도 볼 수 없습니다.
other-ways = 다른 방법
follow-by-feed = 계정이 없어도 피드 리더에 우리 피드를 추가하면 모든 성명의 전문을 받아 볼 수 있습니다.
follow-broken = 양식이 온전히 전송되지 않았습니다. 주소를 다시 입력해 주십시오.
follow-no-address = 페디버스 주소가 아닙니다. { $address }처럼 이름, @, 서버를 차례로 입력해 주십시오.
follow-unknown = { $host }에 이 이름의 계정이 없습니다. 철자를 확인해 주십시오.
follow-refused = 이 사이트는 { $host }와(과) 연결되어 있지 않습니다.
follow-no-answer = { $host }에서 올바른 응답이 오지 않았습니다. 주소를 확인하거나 사용하시는 앱에서 검색해 주십시오.

## When something is not there

to-the-statements = 성명 목록으로
error-not-found = 찾을 수 없음
error-not-found-why = 이 주소에는 아무것도 없습니다. 주소를 잘못 입력했거나 다른 주소로 옮겨졌을 수 있습니다.
error-gone = 철회됨
error-gone-why = 발표한 이들이 철회했습니다.
error-invalid = 이해할 수 없는 요청
error-invalid-why = 주소나 전송된 양식이 손상되었습니다. 첫 화면으로 돌아가 다시 시작해 주십시오.
error-not-allowed = 허용되지 않음
error-not-allowed-why = 모두에게 공개된 내용이 아닙니다.
error-method = 여기서는 할 수 없음
error-method-why = 이 주소는 볼 수 있지만, 보내신 종류의 요청은 받지 않습니다.
error-too-many = 요청이 너무 많음
error-too-many-why = 지금 요청이 너무 많습니다. 1분 뒤에 다시 시도해 주십시오.
error-unavailable = 지금은 볼 수 없음
error-unavailable-why = 지금은 이 페이지를 표시할 수 없습니다. 1분 뒤에 다시 시도해 주십시오.
error-fault = 오류
error-fault-why = 사이트 오류로 페이지를 표시하지 못했습니다. 오류가 기록되었습니다. 나중에 다시 시도해 주십시오.
