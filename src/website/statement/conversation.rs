//! The conversation around a statement: what it answers, and the answers to it, those of others and of the union itself.

use super::super::list::{Elsewhere, Item};
use super::super::page::web_address;
use super::super::paging::{self, Place};
use super::super::reader::Reader;
use super::super::thread::{Answer, Thread, Voice};
use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::posts::{self, Post};
use crate::statements::{self, Statement};
use crate::storage::Conn;

/// How many answers stand on one page.
const ANSWERS: usize = 200;
const ANSWERS_AND_ONE: i64 = 201;

/// A post of somebody else that a statement answers or translates.
pub(super) struct Named {
    pub(super) href: Option<String>,
    /// Its author, where everybody may know.
    pub(super) author: Option<String>,
}

/// The answers to a statement, as they are kept.
pub(super) struct Answers {
    others: Vec<(Post, Actor)>,
    /// What the union itself said further in the conversation.
    own: Vec<Statement>,
    /// How far that was looked for, where there is more.
    own_until: Option<Place>,
}

impl Named {
    /// By the id of the post.
    pub(super) fn find(conn: &mut Conn, uri: &str) -> Result<Self> {
        Ok(match find_shown(conn, uri)? {
            Some((post, author)) => {
                Self { href: web_address(post.page()), author: Some(author.display_name().to_owned()) }
            }
            None => Self { href: web_address(uri), author: None },
        })
    }
}

/// A post, if everybody may know of it.
fn find_shown(conn: &mut Conn, uri: &str) -> Result<Option<(Post, Actor)>> {
    let Some(post) = posts::find(conn, uri)? else { return Ok(None) };
    let found = if post.review.may_be_shown() { posts::find_by_id(conn, post.id)? } else { None };
    Ok(found.filter(|(_, author)| !author.blocked))
}

impl Answers {
    /// From a place on.
    pub(super) fn find(conn: &mut Conn, statement: &Statement, after: Option<Place>) -> Result<Self> {
        let others = posts::approved_answers(conn, statement.id, after, ANSWERS_AND_ONE)?;
        let (own, own_until) = own_answers(conn, statement, after)?;
        Ok(Self { others, own, own_until })
    }

    /// Ready to be shown, in one order, with the token of the next. The page ends where the first of both lists is cut, so that the next one
    /// goes on with both from there.
    pub(super) fn thread(self, reader: &Reader) -> (Thread, Option<String>) {
        let until = [end_of(&self.others, place_of), self.own_until].into_iter().flatten().min();
        let is_here = |place: Place| until.is_none_or(|until| place <= until);
        let others = self.others.into_iter().filter(|other| is_here(place_of(other))).map(|(post, author)| {
            let voice = Voice::Elsewhere(Box::new(Elsewhere::of(&post, &author, reader)));
            (post.published, Answer { uri: post.uri, answers: post.in_reply_to, voice })
        });
        let own = self.own.into_iter().filter(|own| is_here((own.published, own.id))).map(|own| {
            let voice = Voice::Own(Box::new(Item::of(&own, reader)));
            (own.published, Answer { uri: own.uri, answers: own.in_reply_to, voice })
        });
        let mut all: Vec<(Time, Answer)> = others.chain(own).collect();
        all.sort_by_key(|(published, _)| *published);
        (Thread::of(all.into_iter().map(|(_, answer)| answer).collect()), until.map(paging::token))
    }
}

/// The last place of a page, where there is more behind it.
fn end_of<T>(list: &[T], place: impl Fn(&T) -> Place) -> Option<Place> {
    list.get(ANSWERS).and(list.get(ANSWERS - 1)).map(place)
}

fn place_of((post, _): &(Post, Actor)) -> Place {
    (post.published, post.id)
}

/// What the union itself answered to a statement, or to an answer to it, and how far that was looked for, where there is more.
fn own_answers(
    conn: &mut Conn,
    statement: &Statement,
    after: Option<Place>,
) -> Result<(Vec<Statement>, Option<Place>)> {
    let said = statements::list_in_conversation(conn, &statement.context, after, ANSWERS_AND_ONE)?;
    let until = end_of(&said, |said| (said.published, said.id));
    let mut own = Vec::new();
    for said in said {
        let Some(answered) = &said.in_reply_to else { continue };
        let is_below = *answered == statement.uri
            || posts::find(conn, answered)?.is_some_and(|post| post.statement_id == Some(statement.id));
        if is_below {
            own.push(said);
        }
    }
    Ok((own, until))
}
