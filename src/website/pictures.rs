//! Pictures of others, from our own address: our pages load nothing from anywhere else.
//!
//! An address names a row of ours, never a place elsewhere, so that nobody can have us fetch what she likes.

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Named;
use super::assets::FOR_AN_HOUR;
use super::errors::{error_page, not_found};
use super::reader::Reader;
use crate::error::{Error, Result};
use crate::federation::remote;
use crate::media;
use crate::node::Node;
use crate::posts::{self, Shown};
use crate::site;
use crate::storage::Conn;

/// What is shown beside a name is small.
const ICON: u32 = 128;
const PICTURE: u32 = 1024;

/// Where the picture of an actor is.
pub(super) fn icon_path(actor_id: i64) -> String {
    format!("/media/actors/{actor_id}")
}

/// Where a picture of a post is.
pub(super) fn picture_path(post_id: i64, number: usize) -> String {
    format!("/media/posts/{post_id}/{number}")
}

pub(super) async fn icon(State(node): State<Node>, reader: Reader, named: Named<i64>) -> Response {
    let Ok(Path(actor)) = named else { return not_found(reader).await };
    let union = node.identity.union.id;
    let read = move |conn: &mut Conn| {
        let shown = shown(conn, union)?;
        posts::shown_author(conn, &shown, actor)
    };
    let found = node.db.read(read).await;
    let address = found.map(|actor| actor.and_then(|actor| actor.icon));
    answer(show(&node, address, ICON).await, &reader)
}

pub(super) async fn of_post(State(node): State<Node>, reader: Reader, named: Named<(i64, usize)>) -> Response {
    let Ok(Path((post, number))) = named else { return not_found(reader).await };
    let union = node.identity.union.id;
    let read = move |conn: &mut Conn| {
        let shown = shown(conn, union)?;
        posts::shown_picture(conn, &shown, post, number)
    };
    let found = node.db.read(read).await;
    let address = found.map(|picture| picture.map(|picture| picture.url));
    answer(show(&node, address, PICTURE).await, &reader)
}

fn shown(conn: &mut Conn, union: i64) -> Result<Shown> {
    Ok(Shown { union, allies: !site::settings(conn)?.hides_allies })
}

async fn show(node: &Node, address: Result<Option<String>>, longest: u32) -> Result<Response> {
    let address = address?.ok_or_else(|| Error::not_found("This picture"))?;
    let bytes = remote::picture(node, &address, longest).await?;
    // Not for longer: a post may be deleted, or its author blocked, at any time.
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media::media_type(&bytes))),
        (CACHE_CONTROL, HeaderValue::from_static(FOR_AN_HOUR)),
    ];
    Ok((headers, bytes).into_response())
}

fn answer(shown: Result<Response>, reader: &Reader) -> Response {
    shown.unwrap_or_else(|error| error_page(reader, &error))
}
