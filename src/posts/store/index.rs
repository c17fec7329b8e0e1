//! Posts in the search: the public ones that are neither held nor rejected. Whose may be found is asked at the search.

use diesel::prelude::*;

use super::{Post, Visibility, lock};
use crate::error::Result;
use crate::markup;
use crate::search::{self, Entry, Of};
use crate::storage::Conn;
use crate::storage::schema::posts;

/// Lets a post be found as it is now, or not any more.
pub(super) fn renew(conn: &mut Conn, id: i64) -> Result<()> {
    let found: Option<Post> = posts::table.find(id).select(Post::as_select()).first(conn).optional()?;
    let is_shown = |post: &Post| post.visibility == Visibility::Public && post.review.may_be_shown();
    let Some(post) = found.filter(is_shown) else {
        return search::remove(conn, Of::Post(id));
    };
    let text = text(&post);
    let entry = Entry {
        of: Of::Post(id),
        text: &text,
        language: post.language.as_deref(),
        hashtags: markup::hashtags(&text),
        author_id: post.author_id,
        published: post.published,
    };
    search::put(conn, &entry)
}

/// All that a reader sees of a post.
fn text(post: &Post) -> String {
    let mut parts: Vec<String> = [&post.title, &post.summary].into_iter().flatten().cloned().collect();
    parts.push(markup::plain_text(&post.content));
    parts.extend(post.pictures().into_iter().filter_map(|picture| picture.alt));
    parts.join("\n")
}

/// Lets the posts after a row number be found, so many of them; gives the last number, if there is one.
pub fn index_part(conn: &mut Conn, after: i64, limit: i64) -> Result<Option<i64>> {
    let next = posts::table.filter(posts::id.gt(after)).order(posts::id).limit(limit);
    let ids: Vec<i64> = next.select(posts::id).load(conn)?;
    for &id in &ids {
        // Whoever changes it meanwhile comes before or after, and not between reading and writing.
        lock(conn, id)?;
        renew(conn, id)?;
    }
    Ok(ids.last().copied())
}
