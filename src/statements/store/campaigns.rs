//! What the union says about a hashtag that is a campaign.

use diesel::prelude::*;

use super::hashtags::know;
use crate::error::{Error, Result};
use crate::markup::{fold_hashtag, is_hashtag};
use crate::storage::schema::campaigns;
use crate::storage::{Conn, each};

const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 20_000;

/// A campaign in one language.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = campaigns)]
pub struct Campaign {
    /// Its hashtag, folded, without `#`.
    pub tag: String,
    /// Language tag.
    pub language: String,
    /// A name that reads well, with spaces: text.
    pub name: String,
    /// The introduction as it was written.
    pub markdown: String,
    /// The same as safe HTML.
    pub html: String,
}

/// Keeps what is said about a campaign in one language, in place of what was. The hashtag may be spelt anyhow.
///
/// # Errors
/// `Invalid` for what is no hashtag, and for a name or an introduction that is empty or too long.
pub fn describe_campaign(conn: &mut Conn, hashtag: &str, mut campaign: Campaign) -> Result<Campaign> {
    let spelt = hashtag.trim_start_matches('#');
    if !is_hashtag(spelt) {
        let why = format!("{hashtag:?} does not work; write letters and digits without spaces, such as Grève");
        return Err(Error::invalid("hashtag", why));
    }
    if campaign.name.trim().is_empty() || campaign.name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid("name", format!("a campaign needs one of up to {LONGEST_NAME} characters")));
    }
    if campaign.markdown.chars().count() > LONGEST_TEXT {
        return Err(Error::invalid("introduction", format!("it is longer than {LONGEST_TEXT} characters; shorten it")));
    }
    campaign.tag = fold_hashtag(spelt);
    know(conn, &campaign.tag, spelt)?;
    let texts = (
        campaigns::name.eq(&campaign.name),
        campaigns::markdown.eq(&campaign.markdown),
        campaigns::html.eq(&campaign.html),
    );
    each!(conn, conn => diesel::insert_into(campaigns::table)
        .values(&campaign)
        .on_conflict((campaigns::tag, campaigns::language))
        .do_update()
        .set(texts)
        .execute(conn))?;
    Ok(campaign)
}

/// Forgets what is said about a campaign in one language.
///
/// # Errors
/// `NotFound` where nothing is said.
pub fn forget_campaign(conn: &mut Conn, hashtag: &str, language: &str) -> Result<()> {
    let tag = fold_hashtag(hashtag.trim_start_matches('#'));
    if diesel::delete(campaigns::table.find((tag, language))).execute(conn)? == 0 {
        return Err(Error::not_found(format!("a description of #{hashtag} in {language}")));
    }
    Ok(())
}

/// What is said about a campaign, in every language.
pub fn campaigns_of(conn: &mut Conn, tag: &str) -> Result<Vec<Campaign>> {
    let its = campaigns::table.filter(campaigns::tag.eq(tag)).order(campaigns::language);
    Ok(its.select(Campaign::as_select()).load(conn)?)
}
