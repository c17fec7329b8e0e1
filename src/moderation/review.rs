//! Approving and rejecting answers.

use crate::error::{Error, Result};
use crate::posts::{self, Post, Review};
use crate::statements;
use crate::storage::Conn;

/// Shows an answer to everybody.
///
/// # Errors
/// `NotFound` when there is no such answer, `Forbidden` when its author is blocked.
pub fn approve(conn: &mut Conn, post_id: i64) -> Result<()> {
    decide(conn, post_id, Review::Approved)
}

/// Shows an answer to everybody in the version that an editor read.
///
/// # Errors
/// As for [`approve`]; `Conflict` when its author changed it since.
pub fn approve_version(conn: &mut Conn, post_id: i64, version: i64) -> Result<()> {
    let newer = posts::lock(conn, post_id)?.map(|post| post.version).filter(|newest| *newest != version);
    if let Some(newest) = newer {
        return Err(Error::Conflict(format!(
            "its author changed answer {post_id} since you read it; read it again in `picket replies`, where it is {post_id}.{newest} now"
        )));
    }
    approve(conn, post_id)
}

/// Keeps an answer out of sight, even one that was shown before.
///
/// # Errors
/// `NotFound` when there is no such answer, `Forbidden` when its author is blocked.
pub fn reject(conn: &mut Conn, post_id: i64) -> Result<()> {
    decide(conn, post_id, Review::Rejected)
}

fn decide(conn: &mut Conn, post_id: i64, review: Review) -> Result<()> {
    let no_answer = || Error::not_found(format!("an answer with the number {post_id}"));
    let post = posts::lock(conn, post_id)?.ok_or_else(no_answer)?;
    if post.review == Review::NotNeeded {
        return Err(no_answer());
    }
    if is_blocked(conn, &post)? {
        return Err(Error::Forbidden(
            "the server of its author is blocked, so this answer is shown nowhere".to_owned(),
        ));
    }
    posts::set_review(conn, post.id, review)?;
    count(conn, &post, i64::from(review == Review::Approved) - i64::from(post.review == Review::Approved))
}

/// Removes an answer or another post everywhere, as its author wishes.
pub fn remove(conn: &mut Conn, post: &Post) -> Result<()> {
    let Some(post) = posts::lock(conn, post.id)? else { return Ok(()) };
    let was_counted = post.review == Review::Approved && !is_blocked(conn, &post)?;
    posts::delete(conn, post.id)?;
    count(conn, &post, -i64::from(was_counted))
}

fn is_blocked(conn: &mut Conn, post: &Post) -> Result<bool> {
    Ok(posts::find_by_id(conn, post.id)?.is_some_and(|(_, author)| author.blocked))
}

fn count(conn: &mut Conn, post: &Post, by: i64) -> Result<()> {
    match post.statement_id {
        Some(statement_id) if by != 0 => statements::add_to_replies_count(conn, statement_id, by),
        _ => Ok(()),
    }
}
