//! Publishing and withdrawing statements.

use std::collections::{BTreeMap, BTreeSet};

use super::pictures::{attachments, files_of, remove_files};
use super::quotes::revoke_quotes;
use super::references::{referenced, translated};
use super::say_in_public;
use super::telling::{tell_of_new, tell_of_translation};
use crate::actors::Actor;
use crate::clock::{Time, When, new_id};
use crate::config;
use crate::delivery::{self, Recipients};
use crate::error::{Error, Result};
use crate::federation::remote::Remote;
use crate::federation::wire::documents;
use crate::markup::{self, Link, Rendered};
use crate::node::Node;
use crate::statements::draft::Draft;
use crate::statements::{self, Appearance, NewStatement, State, Statement};
use crate::storage::Conn;
use crate::urls;

/// A statement as it now stands, and how many deliveries that caused.
#[derive(Debug, Clone)]
pub struct Published {
    /// The statement.
    pub statement: Statement,
    /// Distinct inboxes that are told.
    pub deliveries: i64,
    /// Another statement that says just the same, of the day before.
    pub twin: Option<Statement>,
}

impl Published {
    pub(super) fn of(statement: Statement, deliveries: i64) -> Self {
        Self { statement, deliveries, twin: None }
    }
}

/// What to do with a text that was published within a day before: a button pressed twice, or a program that ran twice, would send everybody the
/// same again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// Publish it, and tell whoever publishes.
    Told,
    /// Publish nothing.
    Refused,
}

/// Publishes a draft: now, backdated without delivery, or at a time to come.
///
/// # Errors
/// `Invalid` where the draft must be mended; why an addressee or an answered post cannot be found; faults of the database, with nothing
/// half-written.
pub async fn publish(node: &Node, draft: Draft) -> Result<Published> {
    publish_unless(node, draft, Repeated::Told).await
}

/// The same, unless the very same text was published within a day before and such a text is refused.
///
/// # Errors
/// As for [`publish`]; `Conflict` for the repeated text.
pub async fn publish_unless(node: &Node, draft: Draft, repeated: Repeated) -> Result<Published> {
    draft.check()?;
    draft.check_date(node.now(), node.config.time_zone)?;
    let new = prepare(node, &draft).await?;
    let now = node.now();
    let appearance = appearance(node, &draft, now);
    let (for_write, files) = (node.clone(), files_of(&new));
    let published = node
        .db
        .write(move |conn| {
            let union = for_write.identity.union.id;
            let twin = statements::twin(conn, &new, &appearance, now)?;
            if let Some(twin) = twin.as_ref().filter(|_| repeated == Repeated::Refused) {
                return Err(is_there_already(twin));
            }
            if let Some(original) = &new.translates {
                refuse_second_in_language(conn, original, &new.language)?;
            }
            let statement = statements::insert(conn, union, &new, &appearance, now)?;
            Ok(Published { twin, ..tell_of_new(conn, &for_write, statement, now)? })
        })
        .await;
    finish(node, published, &files)
}

/// Readers choose among the languages of a statement, so that each has one text.
pub(super) fn refuse_second_in_language(conn: &mut Conn, original: &str, language: &str) -> Result<()> {
    let Some(first) = statements::in_language(conn, original, language)? else { return Ok(()) };
    let why = format!(
        "this statement {} in {language}; `picket statement edit {} FILE.md` changes that text, and another language is said by --lang or in the file",
        first.whereabouts(),
        first.uri
    );
    Err(Error::invalid("language", why))
}

fn is_there_already(twin: &Statement) -> Error {
    Error::Conflict(format!(
        "the very same text {}, so nothing was published; leave out --once to publish it again nevertheless",
        twin.whereabouts()
    ))
}

/// When and under which id a statement appears.
fn appearance(node: &Node, draft: &Draft, now: Time) -> Appearance {
    let slug = new_id(now);
    let published = draft.appears(now, node.config.time_zone);
    Appearance {
        uri: node.urls.statement(&slug),
        context: node.urls.context(&slug),
        slug,
        state: if published > now { State::Scheduled } else { State::Published },
        published,
        day_only: draft.at.is_some_and(When::is_day),
        backdated: published < now,
    }
}

/// Makes statements public whose time has come.
///
/// # Errors
/// Faults of the database.
pub async fn publish_due(node: &Node) -> Result<()> {
    let now = node.now();
    for statement in node.db.read(move |conn| statements::due(conn, now)).await? {
        let for_write = node.clone();
        node.db
            .write(move |conn| {
                if statements::replace_schedule_by_publication(conn, statement.id)? {
                    let statement = statements::get(conn, statement.id)?;
                    tell_of_new(conn, &for_write, statement, now)?;
                }
                Ok(())
            })
            .await?;
        node.bell.notify_one();
    }
    Ok(())
}

/// The statement as it is now, kept from changing until the end of the transaction.
pub(super) fn still_standing(conn: &mut Conn, id: i64) -> Result<Statement> {
    let statement = statements::lock(conn, id)?;
    if statement.state == State::Withdrawn { Err(Error::Gone("This statement".to_owned())) } else { Ok(statement) }
}

/// Takes a statement back: its text is gone here, and everybody who ever got it is told.
///
/// # Errors
/// `NotFound` or `Gone` where there is nothing to withdraw.
pub async fn withdraw(node: &Node, address: &str) -> Result<Published> {
    let statement = ours(node, address).await?;
    let (for_write, now) = (node.clone(), node.now());
    let (withdrawn, files) = node.db.write(move |conn| take_back(conn, &for_write, statement.id, now)).await?;
    remove_files(node, &files);
    node.bell.notify_one();
    Ok(withdrawn)
}

fn take_back(conn: &mut Conn, node: &Node, id: i64, now: Time) -> Result<(Published, Vec<String>)> {
    let statement = &still_standing(conn, id)?;
    let was_published = statement.state == State::Published;
    let was_told = was_published && !statement.backdated;
    let files = statements::withdraw(conn, statement, now)?;
    revoke_quotes(conn, node, statement.id, now)?;
    let mut deliveries = 0;
    if was_told {
        let to = Recipients {
            followers_of: Some(node.identity.union.id),
            all_who_heard_of: Some(statement.id),
            ..Recipients::default()
        };
        let document = documents::delete(&statement.uri, &node.identity.union);
        deliveries = say_in_public(conn, node, document, Some(statement.id), &to, now)?;
        delivery::forget_text(conn, statement.id, &documents::delete_id(&statement.uri))?;
    }
    if was_published {
        tell_of_translation(conn, node, statement, now)?;
    }
    let statement = statements::get(conn, statement.id)?;
    Ok((Published::of(statement, deliveries), files))
}

/// A statement of ours that still stands, by its id or the address of its page.
pub(super) async fn ours(node: &Node, address: &str) -> Result<Statement> {
    let uri = urls::of_page(address).to_owned();
    let found = node.db.read(move |conn| statements::find(conn, &uri)).await?;
    match found {
        Some(statement) if statement.state == State::Withdrawn => Err(Error::Gone(address.to_owned())),
        Some(statement) => Ok(statement),
        None => Err(Error::not_found(format!("a statement of ours at {address}"))),
    }
}

/// Everything that takes time or asks other servers, before the transaction.
pub(super) async fn prepare(node: &Node, draft: &Draft) -> Result<NewStatement> {
    let remote = Remote::for_editor(node);
    let mut mentions: Vec<Actor> = Vec::new();
    for address in &draft.to {
        let found = remote.resolve(address).await.map_err(Error::from);
        mentions.push(found.map_err(|error| not_addressed(address, error))?);
    }
    let published = draft.appears(node.now(), node.config.time_zone);
    let answered = referenced(node, &remote, ("in_reply_to", draft.in_reply_to.as_deref()), published).await?;
    let translated = translated(node, &remote, draft.translates.as_deref(), published).await?;
    let context = [&answered, &translated].into_iter().flatten().find_map(|post| post.context.clone());
    mentions.extend([&answered, &translated].into_iter().flatten().filter_map(|post| post.author.clone()));
    let handles = actors_in_text(&remote, &draft.markdown).await?;
    let rendered = render(node, &draft.markdown, &handles);
    mentions.extend(handles.into_values());
    mentions.retain(|actor| !actor.local);
    let (pictures, documents) = attachments(node, draft).await?;
    Ok(NewStatement {
        title: draft.title.clone(),
        lead: draft.lead.clone(),
        markdown: draft.markdown.clone(),
        html: rendered.html,
        language: draft
            .language
            .as_deref()
            .and_then(config::language_tag)
            .unwrap_or_else(|| node.config.language.clone()),
        details: draft.details.clone(),
        in_reply_to: answered.map(|post| post.uri),
        translates: translated.map(|post| post.uri),
        context,
        tags: tags(rendered.hashtags, &draft.hashtags),
        mentions: mentions.iter().map(|actor| actor.id).collect::<BTreeSet<_>>().into_iter().collect(),
        documents,
        pictures,
    })
}

/// Says which addressee cannot be told, and what to do.
fn not_addressed(address: &str, error: Error) -> Error {
    match error {
        Error::Internal(_) => error,
        other => {
            Error::invalid("to", format!("{address} cannot be told ({other}); check the address, or leave it out"))
        }
    }
}

/// The actors whose handles stand in the text. One that cannot be found stays a plain link: a statement is not held up by it.
async fn actors_in_text(remote: &Remote<'_>, markdown: &str) -> Result<BTreeMap<String, Actor>> {
    let mut found = BTreeMap::new();
    for handle in markup::render(markdown, &|_| None).mentions {
        match remote.resolve(&format!("@{handle}")).await {
            Ok(actor) => drop(found.insert(handle, actor)),
            Err(crate::federation::remote::Miss::Ours(error)) => return Err(error),
            Err(why) => tracing::info!(handle, %why, "a mentioned account was not found and is not told"),
        }
    }
    Ok(found)
}

fn render(node: &Node, markdown: &str, handles: &BTreeMap<String, Actor>) -> Rendered {
    markup::render(markdown, &|link| match link {
        Link::Hashtag(name) => Some(node.urls.tag(&markup::fold_hashtag(name))),
        Link::Mention { user, host } => {
            let actor = handles.get(&format!("{user}@{host}"))?;
            Some(actor.url.clone().unwrap_or_else(|| actor.uri.clone()))
        }
    })
}

/// Hashtags of the text and of the front matter, each once.
fn tags(in_text: Vec<String>, extra: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in in_text.into_iter().chain(extra.iter().cloned()) {
        if !tags.iter().any(|known| markup::fold_hashtag(known) == markup::fold_hashtag(&tag)) {
            tags.push(tag);
        }
    }
    tags
}

/// Wakes the worker, or removes the pictures of what was not published after all.
pub(super) fn finish(node: &Node, published: Result<Published>, files: &[String]) -> Result<Published> {
    match &published {
        Ok(_) => node.bell.notify_one(),
        Err(_) => remove_files(node, files),
    }
    published
}
