//! Putting a newer wording in place of a statement's.

use std::collections::BTreeSet;

use super::pictures::{files_of, remove_files, same_attachments};
use super::references::named_now;
use super::statements::{Published, finish, ours, prepare, refuse_second_in_language, still_standing};
use super::telling::{tell_of_change, tell_of_translation};
use crate::clock::{self, Time, When};
use crate::error::{Error, Result};
use crate::node::Node;
use crate::statements::draft::Draft;
use crate::statements::{self, NewStatement, Reading, Statement};
use crate::storage::Conn;

/// Puts a newer wording in place of a statement's. What the newer draft does not mention stays as it was. `None` where nothing differs, of
/// which nobody is told.
///
/// # Errors
/// As for [`super::publish`]; `NotFound` or `Gone` where there is nothing to edit.
pub async fn edit(node: &Node, address: &str, draft: Draft) -> Result<Option<Published>> {
    let statement = ours(node, address).await?;
    refuse_other_date(node, &statement, &draft)?;
    refuse_what_cannot_change(node, &statement, &draft).await?;
    let id = statement.id;
    let draft = Draft { in_reply_to: None, translates: None, ..draft.over(&statement) };
    draft.check()?;
    let new = prepare(node, &draft).await?;
    let files = files_of(&new);
    let newer = Newer { new, keeps_pictures: draft.pictures.is_none(), keeps_documents: draft.documents.is_none() };
    let older = node.db.read(move |conn| statements::read(conn, statement)).await?;
    if newer.says_the_same(node, &older) {
        remove_files(node, &files);
        return Ok(None);
    }
    let (for_write, now) = (node.clone(), node.now());
    let revised = node.db.write(move |conn| replace(conn, &for_write, id, newer, now)).await;
    let (published, unused) = match revised {
        Ok((published, unused)) => (Ok(published), unused),
        Err(error) => (Err(error), Vec::new()),
    };
    remove_files(node, &unused);
    finish(node, published, &files).map(Some)
}

/// Lists and addresses go by the date.
fn refuse_other_date(node: &Node, statement: &Statement, draft: &Draft) -> Result<()> {
    let zone = node.config.time_zone;
    let stays = match draft.at {
        None => true,
        Some(When::Day(day)) => clock::local(statement.published, zone).date() == day,
        Some(when) => when.in_zone(zone) == statement.published,
    };
    if stays {
        return Ok(());
    }
    let why = format!(
        "this cannot change any more; leave it out, or take the statement back (`picket statement withdraw {}`) and publish a new one with this date",
        statement.uri
    );
    Err(Error::invalid("date", why))
}

/// What a statement answers and what it translates stand in every copy of it for ever.
async fn refuse_what_cannot_change(node: &Node, statement: &Statement, draft: &Draft) -> Result<()> {
    let fixed = [
        ("in_reply_to", &draft.in_reply_to, &statement.in_reply_to),
        ("translates", &draft.translates, &statement.translates),
    ];
    for (field, newer, older) in fixed {
        let Some(newer) = newer.as_ref().filter(|newer| Some(*newer) != older.as_ref()) else { continue };
        if Some(named_now(node, field, newer).await?) != *older {
            return Err(Error::invalid(
                field,
                "this cannot change any more; withdraw the statement and publish a new one",
            ));
        }
    }
    Ok(())
}

/// A newer wording, and what of the older one it does not mention.
struct Newer {
    new: NewStatement,
    keeps_pictures: bool,
    keeps_documents: bool,
}

impl Newer {
    /// Whether readers and other servers would see nothing new.
    fn says_the_same(&self, node: &Node, older: &Reading) -> bool {
        let (new, was) = (&self.new, &older.statement);
        let known: BTreeSet<i64> = older.mentions.iter().map(|actor| actor.id).collect();
        (&new.title, &new.lead, &new.markdown) == (&was.title, &was.lead, &was.markdown)
            && (&new.html, &new.language, &new.details) == (&was.html, &was.language, &was.details())
            && new.tags.iter().collect::<BTreeSet<_>>() == older.tags.iter().collect()
            && new.mentions.iter().all(|id| known.contains(id))
            && same_attachments(
                node,
                (!self.keeps_pictures).then_some((&new.pictures, &older.pictures)),
                (!self.keeps_documents).then_some((&new.documents, &older.documents)),
            )
    }
}

/// Replaces the wording; gives the files that nothing shows any more.
fn replace(conn: &mut Conn, node: &Node, id: i64, newer: Newer, now: Time) -> Result<(Published, Vec<String>)> {
    let Newer { mut new, keeps_pictures, keeps_documents } = newer;
    let before = statements::get(conn, id)?;
    if before.language != new.language {
        refuse_second_in_language(conn, before.translates.as_ref().unwrap_or(&before.uri), &new.language)?;
    }
    let statement = still_standing(conn, id)?;
    let older = statements::read(conn, statement.clone())?;
    new.mentions.extend(older.mentions.iter().map(|actor| actor.id));
    new.mentions.sort_unstable();
    new.mentions.dedup();
    let mut unused = Vec::new();
    if keeps_pictures {
        new.pictures = older.pictures;
    } else {
        unused.extend(older.pictures.into_iter().map(|picture| picture.file));
    }
    if keeps_documents {
        new.documents = older.documents;
    } else {
        unused.extend(older.documents.into_iter().map(|document| document.file));
    }
    let revised = statements::revise(conn, &statement, &new, now)?;
    let told = tell_of_change(conn, node, revised, now)?;
    tell_of_translation(conn, node, &told.statement, now)?;
    Ok((told, unused))
}
