//! `picket search`.

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{Context, Outcome, print};
use crate::actors;
use crate::clock::{Zone, rfc3339};
use crate::error::{Error, Result};
use crate::markup;
use crate::node::Node;
use crate::search::{self, Filters, Hit, Of, Wanted, passage};
use crate::storage::Conn;
use crate::{posts, server, statements};

const PASSAGE: usize = 200;

#[derive(Debug, Args)]
pub(super) struct Search {
    /// The words, in any language; all of them must be there
    #[arg(required_unless_present = "rebuild")]
    words: Vec<String>,
    /// Only in this language (a code such as fa)
    #[arg(long, value_name = "CODE")]
    lang: Option<String>,
    /// Only of this year
    #[arg(long)]
    year: Option<u16>,
    /// Only with this hashtag
    #[arg(long, value_name = "HASHTAG")]
    tag: Option<String>,
    /// Only by this union (@name@host)
    #[arg(long, value_name = "HANDLE")]
    union: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(i64).range(1..=1000))]
    limit: i64,
    /// Make the index anew, beside a running server, instead of searching
    #[arg(long, conflicts_with_all = ["words", "lang", "year", "tag", "union"])]
    rebuild: bool,
}

#[derive(Serialize)]
struct Found {
    kind: &'static str,
    id: String,
    url: String,
    author: Option<String>,
    title: Option<String>,
    passage: String,
    language: Option<String>,
    published: String,
}

pub(super) async fn search(cx: &Context, asked: Search) -> Outcome {
    let node = cx.node().await?;
    if asked.rebuild {
        return rebuild(cx, &node).await;
    }
    let (union, zone) = (node.identity.union.id, node.config.time_zone);
    let found = node
        .db
        .read(move |conn| {
            let (wanted, filters) = (Wanted::read(&asked.words.join(" ")), filters(conn, &asked, zone)?);
            if wanted.is_empty() {
                return Ok(Vec::new());
            }
            let hits = search::find(conn, union, &wanted, &filters, asked.limit)?;
            let read = hits.into_iter().map(|hit| read(conn, hit, &wanted));
            Ok(read.collect::<Result<Vec<Option<Found>>>>()?.into_iter().flatten().collect::<Vec<Found>>())
        })
        .await?;
    print::answer(cx, &found, |found| {
        print::lines(found, "Nothing was found.", |one| {
            let by = one.author.as_deref().map(|author| format!("  @{author}")).unwrap_or_default();
            let title = one.title.as_deref().map(|title| format!("{title}: ")).unwrap_or_default();
            format!("{}{by}  {}\n    {title}{}", one.published, one.url, one.passage)
        })
    })?;
    Ok(())
}

fn filters(conn: &mut Conn, asked: &Search, zone: Zone) -> Result<Filters> {
    let author_id = match asked.union.as_deref() {
        Some(handle) => {
            let unknown = || Error::not_found(format!("{handle} among those that this node knows"));
            Some(actors::find_by_handle(conn, handle.trim_start_matches('@'))?.ok_or_else(unknown)?.id)
        }
        None => None,
    };
    Ok(Filters {
        language: asked.lang.clone(),
        year: asked.year,
        zone,
        hashtag: asked.tag.clone(),
        author_id,
        ..Filters::default()
    })
}

fn read(conn: &mut Conn, hit: Hit, wanted: &Wanted) -> Result<Option<Found>> {
    let around = |html: &str| {
        let pieces = passage(&markup::plain_text(html), wanted, PASSAGE);
        pieces.into_iter().map(|piece| piece.text).collect::<String>()
    };
    match hit.of {
        Of::Statement(id) => {
            let statement = statements::get(conn, id)?;
            Ok(Some(Found {
                kind: "statement",
                url: statement.uri.clone(),
                author: None,
                passage: around(&statement.html),
                published: rfc3339(statement.published),
                id: statement.uri,
                title: statement.title,
                language: Some(statement.language),
            }))
        }
        Of::Post(id) => Ok(posts::find_by_id(conn, id)?.map(|(post, author)| Found {
            kind: "post",
            url: post.page().to_owned(),
            author: Some(author.handle),
            passage: around(&post.content),
            published: rfc3339(post.published),
            id: post.uri,
            title: post.title,
            language: post.language,
        })),
    }
}

async fn rebuild(cx: &Context, node: &Node) -> Outcome {
    node.db.write(search::begin_anew).await?;
    server::fill_search(node).await?;
    print::answer(cx, &json!({"rebuilt": true}), |_| "The search was made anew.".to_owned())?;
    Ok(())
}
