//! `picket follow`, `unfollow`, `following`, `followers`, `timeline`.

use serde::Serialize;

use super::{Context, Outcome, print};
use crate::actors::Actor;
use crate::alliances::{self, Follow, FollowState};
use crate::clock::rfc3339;
use crate::federation::outbox;
use crate::markup;
use crate::posts::{self, Post};

#[derive(Serialize)]
struct Relation {
    actor: String,
    handle: String,
    state: &'static str,
}

impl Relation {
    fn new(actor: &Actor, state: &'static str) -> Self {
        Self { actor: actor.uri.clone(), handle: format!("@{}", actor.handle), state }
    }

    fn of_ally((follow, actor): &(Follow, Actor)) -> Self {
        Self::new(actor, follow.state.as_str())
    }

    fn of_follower((actor, handle, state): (String, String, FollowState)) -> Self {
        Self { actor, handle: format!("@{handle}"), state: state.as_str() }
    }

    fn line(&self) -> String {
        format!("{}  {}  {}", self.state, self.handle, self.actor)
    }
}

pub(super) async fn follow(cx: &Context, union: &str) -> Outcome {
    let node = cx.node().await?;
    let followed = outbox::follow(&node, union).await?;
    let relation = Relation::new(&followed.actor, followed.state.as_str());
    print::answer(cx, &relation, |relation| match relation.state {
        "accepted" => format!("{} is followed already; it was asked again, in case it dropped us.", relation.handle),
        _ => format!("{} was asked; `picket following` shows the answer.", relation.handle),
    })?;
    Ok(())
}

pub(super) async fn unfollow(cx: &Context, union: &str) -> Outcome {
    let node = cx.node().await?;
    let relation = Relation::new(&outbox::unfollow(&node, union).await?, "ended");
    print::answer(cx, &relation, |relation| format!("{} is not followed any more.", relation.handle))?;
    Ok(())
}

pub(super) async fn following(cx: &Context) -> Outcome {
    let node = cx.node().await?;
    let union = node.identity.union.id;
    let all = node.db.read(move |conn| alliances::following(conn, union)).await?;
    list(cx, all.iter().map(Relation::of_ally), "No union is followed yet; `picket follow @name@host` asks one.")
}

pub(super) async fn followers(cx: &Context) -> Outcome {
    let node = cx.node().await?;
    let union = node.identity.union.id;
    let all = node.db.read(move |conn| alliances::followers(conn, union)).await?;
    list(cx, all.into_iter().map(Relation::of_follower), "Nobody follows this union yet.")
}

fn list(cx: &Context, relations: impl Iterator<Item = Relation>, none: &str) -> Outcome {
    let relations: Vec<Relation> = relations.collect();
    print::answer(cx, &relations, |relations| print::lines(relations, none, Relation::line))?;
    Ok(())
}

#[derive(Serialize)]
struct Entry {
    id: String,
    url: String,
    author: String,
    handle: String,
    title: Option<String>,
    content: String,
    language: Option<String>,
    published: String,
}

impl From<&(Post, Actor)> for Entry {
    fn from((post, author): &(Post, Actor)) -> Self {
        Self {
            id: post.uri.clone(),
            url: post.page().to_owned(),
            author: author.uri.clone(),
            handle: format!("@{}", author.handle),
            title: post.title.clone(),
            content: post.content.clone(),
            language: post.language.clone(),
            published: rfc3339(post.published),
        }
    }
}

pub(super) async fn timeline(cx: &Context, limit: i64, pinned: bool) -> Outcome {
    let node = cx.node().await?;
    let union = node.identity.union.id;
    let list = if pinned { posts::featured } else { posts::timeline };
    let all = node.db.read(move |conn| list(conn, union, limit)).await?;
    let entries: Vec<Entry> = all.iter().map(Entry::from).collect();
    print::answer(cx, &entries, |entries| {
        print::lines(entries, "Nothing yet: followed unions' statements appear here as they are published.", |entry| {
            let text = markup::excerpt(&entry.content, 200);
            format!(
                "{}  {}  {}\n    {text}\n    {}",
                entry.published,
                entry.handle,
                entry.language.as_deref().unwrap_or("?"),
                entry.url
            )
        })
    })?;
    Ok(())
}
