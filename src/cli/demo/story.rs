//! The story: an appeal, two answers, a correction.

use super::unions::{Union, until};
use crate::alliances::{self, FollowState};
use crate::cli::print::line;
use crate::error::{Error, Result};
use crate::federation::outbox::{self, Published};
use crate::moderation::review;
use crate::posts::{self, Post, Review};
use crate::statements::draft::Draft;

const APPEAL: &str = "\
---
language: en
lead: 212 crane drivers of the north terminal have been locked out since Monday. They ask for messages and for pressure on the port authority.
byline: {person: Ada Moran, function: General Secretary, body: Northport Dockers' Union}
addressee: all dock, rail and transport workers
hashtags: [Lockout, Northport]
---
# Locked out for asking for rest: stand with the crane drivers

On **Monday at six** the company closed the gates on every driver who had signed the petition for eight hours of rest between shifts.

What we ask of you:

- send a message that we can read out at the gate,
- write to the port authority before Friday,
- refuse diverted ships.

> A tired crane driver is a danger to everyone below.
";

const APPEAL_IN_PERSIAN: &str = "\
---
language: fa
lead: از دوشنبه ۲۱۲ رانندهٔ جرثقیل پشت درهای بسته مانده‌اند.
---
# در کنار رانندگان جرثقیل بایستیم

شرکت از بامداد دوشنبه درهای بندر را به روی همهٔ کسانی بست که درخواست «هشت ساعت استراحت میان دو نوبت کار» را امضا کرده بودند.

- پیام همبستگی بفرستید تا آن را جلوی در بخوانیم.
- پیش از جمعه به ادارهٔ بندر نامه بنویسید.
";

const ANSWER_IN_TURKISH: &str = "\
---
language: tr
byline: {function: Genel Merkez, body: Demiryolu İşçileri Sendikası}
---
Kuzey terminalindeki vinç operatörlerinin yanındayız. Yönlendirilen hiçbir yükü taşımayacağız: **yorgun işçi, tehlikedeki işçidir.**
";

const ANSWER_IN_JAPANESE: &str = "\
---
language: ja
byline: {function: 執行委員会, body: 港湾労働組合}
---
締め出された仲間のみなさんへ。私たちは横浜の埠頭から連帯のあいさつを送ります。「勤務の間に八時間の休息を」は、私たちの要求でもあります。
";

const CORRECTED: &str = "\
# Locked out for asking for rest: stand with the crane drivers

On **Monday at six** the company closed the gates on every driver who had signed the petition for eight hours of rest between shifts.

**Correction, Tuesday:** the port authority has moved its meeting. Please write *before Thursday*.

- send a message that we can read out at the gate,
- write to the port authority before Thursday,
- refuse diverted ships.
";

pub(super) async fn tell(dockers: &Union, railway: &Union, harbour: &Union) -> Result<()> {
    follow(railway, dockers).await?;
    follow(harbour, dockers).await?;
    follow(dockers, railway).await?;
    let appeal = publish_appeal(dockers, railway, harbour).await?;
    answer_of_an_ally(dockers, railway, &appeal).await?;
    answer_of_a_stranger(dockers, harbour, &appeal).await?;
    correct(dockers, railway, &appeal).await
}

fn told(text: &str) -> Result<()> {
    line(&format!("\n✓ {text}"))
}

async fn follow(who: &Union, whom: &Union) -> Result<()> {
    let followed = outbox::follow(&who.node, &whom.handle()).await?;
    until("the Follow was accepted", || async {
        let (union, ally) = (who.node.identity.union.id, followed.actor.id);
        let found = who.node.db.read(move |conn| alliances::find(conn, union, ally)).await?;
        Ok(found.is_some_and(|follow| follow.state == FollowState::Accepted))
    })
    .await?;
    told(&format!("{} follows {}, and was accepted.", who.name(), whom.name()))
}

async fn publish_appeal(dockers: &Union, railway: &Union, harbour: &Union) -> Result<Published> {
    let appeal = outbox::publish(&dockers.node, Draft::from_file_text(APPEAL)?).await?;
    let mut translation = Draft::from_file_text(APPEAL_IN_PERSIAN)?;
    translation.translates = Some(appeal.statement.uri.clone());
    let translation = outbox::publish(&dockers.node, translation).await?;
    for reader in [railway, harbour] {
        for uri in [&appeal.statement.uri, &translation.statement.uri] {
            until("the appeal arrived", || async { Ok(received(reader, uri).await?.is_some()) }).await?;
        }
    }
    told(&format!("{} published an appeal in English and Persian, and both allies received it:", dockers.name()))?;
    line(&format!("    {}\n    {}", appeal.statement.uri, translation.statement.uri))?;
    Ok(appeal)
}

async fn received(reader: &Union, uri: &str) -> Result<Option<Post>> {
    let uri = uri.to_owned();
    reader.node.db.read(move |conn| posts::find(conn, &uri)).await
}

async fn answer(who: &Union, text: &str, appeal: &Published) -> Result<String> {
    let mut draft = Draft::from_file_text(text)?;
    draft.in_reply_to = Some(appeal.statement.uri.clone());
    Ok(outbox::publish(&who.node, draft).await?.statement.uri)
}

async fn answer_of_an_ally(dockers: &Union, railway: &Union, appeal: &Published) -> Result<()> {
    let uri = answer(railway, ANSWER_IN_TURKISH, appeal).await?;
    until("the answer in Turkish was shown", || has_review(dockers, &uri, Review::Approved)).await?;
    expect_on_page(dockers, appeal, "vinç operatörlerinin yanındayız", true).await?;
    told(&format!(
        "{} answered in Turkish. {} follows it, so the answer stands under the appeal at once.",
        railway.name(),
        dockers.name()
    ))
}

async fn answer_of_a_stranger(dockers: &Union, harbour: &Union, appeal: &Published) -> Result<()> {
    let uri = answer(harbour, ANSWER_IN_JAPANESE, appeal).await?;
    until("the answer in Japanese was held", || has_review(dockers, &uri, Review::Held)).await?;
    expect_on_page(dockers, appeal, "連帯のあいさつ", false).await?;
    told(&format!(
        "{} answered in Japanese. {} does not follow it, so the answer is held and shown nowhere.",
        harbour.name(),
        dockers.name()
    ))?;
    let post = received(dockers, &uri).await?.ok_or_else(|| Error::not_found("the held answer"))?;
    dockers.node.db.write(move |conn| review::approve(conn, post.id)).await?;
    expect_on_page(dockers, appeal, "連帯のあいさつ", true).await?;
    told("An editor approved it, and now it stands under the appeal as well.")
}

async fn has_review(union: &Union, uri: &str, review: Review) -> Result<bool> {
    Ok(received(union, uri).await?.is_some_and(|post| post.review == review))
}

async fn expect_on_page(union: &Union, appeal: &Published, text: &str, expected: bool) -> Result<()> {
    let address = &appeal.statement.uri;
    let page = union.node.client.fetch_document(address, &["text/html"]).await;
    let page = page.map_err(|error| Error::Unavailable(format!("the page {address} does not open: {error}")))?;
    if String::from_utf8_lossy(&page.body).contains(text) == expected {
        return Ok(());
    }
    let wrong = if expected { "lacks" } else { "already shows" };
    Err(Error::Conflict(format!("the story broke off: the page {address} {wrong} the answer")))
}

async fn correct(dockers: &Union, railway: &Union, appeal: &Published) -> Result<()> {
    outbox::edit(&dockers.node, &appeal.statement.uri, Draft::from_file_text(CORRECTED)?).await?;
    until("the correction arrived", || async {
        let copy = received(railway, &appeal.statement.uri).await?;
        Ok(copy.is_some_and(|post| post.content.contains("before Thursday")))
    })
    .await?;
    told("A correction of the appeal reached the copies at the allies, too.")
}
