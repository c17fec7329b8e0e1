//! The unions that ours follows and that accepted it, unless the union keeps that to itself.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::cache::Visit;
use super::errors::signed;
use super::head::Head;
use super::list::Author;
use super::page::{Site, write};
use super::reader::Reader;
use crate::actors::Actor;
use crate::alliances;
use crate::error::{Error, Result};
use crate::markup;
use crate::node::Node;
use crate::storage::Conn;

/// Length of what an ally says about itself.
const ABOUT: usize = 240;

#[derive(Template)]
#[template(path = "allies.html")]
struct AlliesPage {
    site: Site,
    head: Head,
    allies: Vec<Ally>,
}

/// An allied union.
struct Ally {
    author: Author,
    about: String,
}

/// The page at `/allies`.
pub(super) async fn allies(State(node): State<Node>, visit: Visit) -> Response {
    signed(&node, &visit, visit.answer(&node, || show(&node, &visit.reader)).await).await
}

async fn show(node: &Node, reader: &Reader) -> Result<String> {
    let (reading, whose) = (node.clone(), reader.clone());
    let read = move |conn: &mut Conn| {
        let site = Site::read(conn, &reading, &whose)?;
        if site.settings.hides_allies {
            return Err(Error::not_found("This page"));
        }
        Ok((alliances::allies(conn, reading.identity.union.id)?, site))
    };
    let (allies, site) = node.db.read(read).await?;
    let ally = |actor: &Actor| Ally { author: Author::of(actor), about: markup::excerpt(&actor.summary, ABOUT) };
    write(&AlliesPage {
        head: Head::in_all_languages(&site, &site.t.say("allies"), "/allies"),
        allies: allies.iter().map(ally).collect(),
        site,
    })
}
