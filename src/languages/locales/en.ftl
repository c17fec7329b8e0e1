# The words of the public pages, in English: the file that all others translate.
#
# For translators:
# - What stands behind a # is for you and appears nowhere.
# - Keep what stands before the = and every { $name }. You may move { $name } to wherever your language wants it.
# - Speak as your unions speak in public: plain, friendly and formal where they are formal. No exclamation marks.
# - Where a number chooses the form, write every form that your language has (zero, one, two, few, many, other), and mark the last with *.
# - A colon at the end stands where a name or a link follows on the page.

## Around every page

# First link of a page, for people who use a keyboard or a screen reader.
skip = Skip to the text
# Link to the first page where the union's name is not known (on pages that say what went wrong).
home-page = Home page
# Name of the menu, for screen readers.
menu = Menu
menu-statements = Statements
menu-archive = Archive
menu-allies = Allies
menu-follow = Follow
menu-search = Search
menu-feed = Feed
# Two links to pages elsewhere.
donate = Donate
sponsor = Support our work
# Before the name of the language that the page speaks; for screen readers.
language = Language
# What other sites show of a link to a page of ours that says nothing of itself.
home-description = What { $name } says, in its own words.
# At the foot; the link "source-code" follows.
colophon = Published with Picket, free software for trade unions under the AGPL:
source-code = its source code

## First page

# Name of the part with the union's own description, for screen readers.
about-us = About us
statements = Statements
older-statements = Older statements
no-older-statements = There are no older statements.
no-statements = No statement has been published yet. Follow us, and the first will reach you.
# Hashtags of campaigns follow.
our-campaigns = Our campaigns:
passed-on = What others say, and we pass on
pinned = Pinned
# Beside a link in the union's profile whose page links back.
links-back = links back to us, seen on { $date }

## The archive

archive = Archive
# { $date } is a year or a month with its year.
statements-of = Statements of { $date }

## Allies

allies = Allies
allies-explained = The unions and organisations that we follow, and whose statements reach us.
no-allies = We follow nobody here yet.

## A campaign

# Above its name; the hashtag follows.
campaign = Campaign
campaign-pictures = Pictures of this campaign
no-pictures = There are no pictures yet.

## Lists of statements

no-statement-with-hashtag = No statement has this hashtag yet.
with-content-warning = With a content warning

## A statement

# Kinds of statement, above the date.
kind-statement = Statement
kind-answer = Answer
kind-translation = Translation
# Title of a statement that has none.
statement-of = Statement of { $date }
# A name or "this-post" follows.
in-answer-to = In answer to
this-post = this post
post-elsewhere = a post elsewhere
# Name of the list of translations, for screen readers.
languages-of-statement = Languages of this statement
languages-of-page = Languages of this page
# Marks the language in which a statement was written first.
original = original
# The head of the letter: each is a label before names.
by = By
on-behalf-of = On behalf of
to = To
received-from = Received from
# The warning follows.
content-warning = Content warning:
sensitive-picture = A picture marked as sensitive
# Who made the picture follows.
picture-by = Picture:
# Length of a document, beside its title.
kilobytes = { $number } KB
megabytes = { $number } MB
source = Source
licence = Licence

corrected-on = Corrected on { $date }
# A name follows; then "written-by-others".
translated-statement-of = Translated from a statement of
written-by-others = It was written by others; the translation is ours.
# Links to ways of passing the statement on follow.
share = Share
share-by-email = E-mail
# At the foot of a printed leaflet; the address follows, with a QR code beside it.
read-online = Read, answer and share it at this address:

## A page that the union wrote

changed-on = Last changed on { $date }

## Answers

answers = Answers
later-answers = Later answers
answers-count = { $count ->
    [one] { $number } answer
   *[other] { $number } answers
}
boosts-count = { $count ->
    [one] { $number } boost
   *[other] { $number } boosts
}
likes-count = { $count ->
    [one] { $number } like
   *[other] { $number } likes
}
# Links to a post at its own server.
original-at = Original at { $host }
whole-text-at = Whole text at { $host }
# Its description follows, where it has one.
picture-at-original = Picture at the original:

## Searching

search = Search
# Label of the field for words, for screen readers.
search-words = Words
search-language = Language
search-union = Union
search-campaign = Campaign
search-year = Year
search-wrong-year = This is no year: write it in digits, such as { $example }.
# What is chosen where a search is not narrowed to one language or union.
search-all = all
search-nothing = Nothing was found. Try fewer words, or another spelling.
search-older = Older
# Link to a post at its own server.
search-original = Original


## Following

follow-us = Follow us
follow-from-mastodon = Follow from Mastodon
follow-explained = Mastodon and many other sites form one network, the fediverse: with an account on any of them you can follow this union from there. Type the address of your account, and your own site asks you whether to follow us.
your-address = Your address
follow = Follow
# { $address } is an example of an address.
follow-hint = It looks like { $address }.
# Our address follows.
follow-search = Or search in your app for
# Questions and answers for those who have never heard of the fediverse.
fediverse-what = What is the fediverse?
fediverse-answer = Many independent sites that talk to each other, as e-mail does: whoever has an account on one of them can read, follow and answer people on all others. It belongs to no company, and nobody can switch it off for all. Mastodon is the best known of them.
fediverse-start = How do I begin?
fediverse-start-answer = Choose a site that takes new members, for example from the list at joinmastodon.org, and open an account there; it costs nothing. Then come back, type your new address above, and confirm on your own site that you want to follow us.
fediverse-then = What happens then?
fediverse-then-answer = Every statement of ours appears in your timeline. You can pass it on and answer it; an answer appears here once we have read and approved it. Nobody sees on our pages who follows us.
other-ways = Other ways
follow-by-feed = Without an account, put our feed into any feed reader: it carries every statement with its full text.
# What was wrong with what was typed.
follow-broken = The form did not arrive whole. Please type your address again.
follow-no-address = This is no fediverse address: write your name, an @ and your server, such as { $address }.
follow-unknown = { $host } knows no account of this name. Check its spelling.
follow-refused = This site has no contact with { $host }.
follow-no-answer = { $host } did not answer as expected. Check the address, or search for us in your own app.

## When something is not there

to-the-statements = Go to the statements
error-not-found = Not found
error-not-found-why = There is nothing at this address. It may be mistyped, or what was here has another address now.
error-gone = Withdrawn
error-gone-why = This was withdrawn by those who published it.
error-invalid = Not understood
error-invalid-why = The address or the form that was sent is damaged. Go back to the first page and on from there.
error-not-allowed = Not allowed
error-not-allowed-why = This is not for everybody to see.
error-method = Not possible here
error-method-why = This address can be read, but not with the kind of request that was sent.
error-too-many = Too many at once
error-too-many-why = Too many ask for this at the moment. Please try again in a minute.
error-unavailable = Not available now
error-unavailable-why = This cannot be shown at the moment. Please try again in a minute.
error-fault = A fault
error-fault-why = A fault of this site kept the page from you. It was noted. Please try again later.
