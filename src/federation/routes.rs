//! The doors for other servers. A handler takes the request apart, calls one function, and answers.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State};
use axum::handler::Handler;
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::wire::documents;
use super::{collections, discovery, gate, inbox, readers};
use crate::actors;
use crate::error::{Error, Result};
use crate::markup;
use crate::node::Node;
use crate::profile;
use crate::storage::Conn;
use crate::transport::{SignatureForm, signature};

const ACTIVITY_JSON: &str = activitypub_federation::FEDERATION_CONTENT_TYPE;
const LD_JSON: &str = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// Everything that only other servers ask for. What people read at the same address is joined to it by [`by_accept`].
pub fn routes(node: &Node) -> Router<Node> {
    let inbox = || post(receive).get(no_reading).fallback(no_reading);
    Router::new()
        .route("/inbox", inbox())
        .route("/actor/inbox", inbox())
        .route("/instance/inbox", inbox())
        .route("/instance", get(instance))
        .route("/.well-known/webfinger", get(discovery::webfinger))
        .route("/.well-known/host-meta", get(discovery::host_meta))
        .route("/.well-known/nodeinfo", get(discovery::nodeinfo_links))
        .route("/nodeinfo/{version}", get(discovery::nodeinfo))
        .merge(guarded(node))
}

/// Documents that not every server may read.
fn guarded(node: &Node) -> Router<Node> {
    Router::new()
        .route("/instance/outbox", get(instance_outbox))
        .route("/actor/outbox", get(outbox))
        .route("/actor/followers", get(followers))
        .route("/actor/following", get(following))
        .route("/actor/featured", get(featured))
        .route("/actor/tags", get(featured_tags))
        .route("/statements/{slug}/activity", get(statement_activity))
        .route("/statements/{slug}/replies", get(replies))
        .route("/statements/{slug}/context", get(conversation))
        .route("/statements/{slug}/likes", get(likes))
        .route("/statements/{slug}/shares", get(shares))
        .route("/statements/{slug}/quotes/{id}", get(quote))
        .route("/activities/{id}", get(activity))
        .route_layer(from_fn_with_state(node.clone(), readers::layer))
}

/// One address for people and programs: the page, or the document where the `Accept` header wants that more.
pub fn by_accept<P, PageArgs, D, DocumentArgs>(page: P, document: D) -> MethodRouter<Node>
where
    P: Handler<PageArgs, Node>,
    D: Handler<DocumentArgs, Node>,
    PageArgs: 'static,
    DocumentArgs: 'static,
{
    get(move |State(node): State<Node>, request: Request| async move {
        if wants_document(request.headers()) {
            return Box::pin(readers::admit(&node.clone(), request, |request| document.call(request, node))).await;
        }
        let mut response = page.call(request, node).await;
        // A page may depend on more.
        response.headers_mut().entry(VARY).or_insert(HeaderValue::from_static("Accept"));
        response
    })
}

/// Whether a request wants ActivityPub more than HTML. Without a word about either it is a person's.
fn wants_document(headers: &HeaderMap) -> bool {
    let accepts = || headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    // No browser says it, and most who come are browsers.
    if !accepts().any(says_json) {
        return false;
    }
    let accepts = accepts().collect::<Vec<_>>().join(",").to_ascii_lowercase();
    let weight = |names: &[&str]| {
        accepts
            .split(',')
            .filter(|item| names.contains(&item.split(';').next().unwrap_or_default().trim()))
            .map(quality)
            .fold(0.0, f32::max)
    };
    let document = weight(&["application/activity+json", "application/ld+json", "application/json"]);
    document > 0.0 && document >= weight(&["text/html", "application/xhtml+xml"])
}

fn says_json(accepted: &str) -> bool {
    accepted.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"json"))
}

fn quality(item: &str) -> f32 {
    let given = item.split(';').find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
    given.unwrap_or(1.0)
}

/// A document in the form that the request asks for.
pub struct Document {
    body: Value,
    content_type: &'static str,
    status: StatusCode,
}

impl Document {
    fn new(headers: &HeaderMap, body: Value) -> Self {
        let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let only_ld = accepts.contains("application/ld+json") && !accepts.contains(ACTIVITY_JSON);
        let content_type = if only_ld { LD_JSON } else { ACTIVITY_JSON };
        Self { body, content_type, status: StatusCode::OK }
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let headers = [(CONTENT_TYPE, self.content_type), (VARY, "Accept")];
        (self.status, headers, self.body.to_string()).into_response()
    }
}

/// An error as a program reads it. What went wrong inside is logged here, once, and stays here.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        if let Self::Internal(what) = &self {
            tracing::error!(
                error = what,
                "a request failed, for which the program is at fault; report it with this line"
            );
        }
        let said =
            if matches!(self, Self::Internal(_)) { "something went wrong here".to_owned() } else { self.to_string() };
        let retry_after = self.retry_after().map(|seconds| [(RETRY_AFTER, seconds.to_string())]);
        let headers = [(CONTENT_TYPE, "application/json"), (VARY, "Accept")];
        (status, retry_after, headers, json!({"error": said}).to_string()).into_response()
    }
}

/// `POST` to an inbox: 202 only after what it said is committed.
async fn receive(
    State(node): State<Node>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    signature::settle_host(&mut headers, &uri);
    let hear = async {
        let admission = gate::admit(&node, &method, &uri, &headers, &body).await?;
        inbox::receive(&node, admission).await
    };
    let heard = hear.await;
    let form = signature::form(&headers).map_or("none", SignatureForm::as_str);
    node.metrics.heard(form, heard.as_ref().map_or_else(Error::word, |outcome| outcome.word()));
    heard.map(|_| StatusCode::ACCEPTED)
}

async fn no_reading() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")], "an inbox takes POST only\n").into_response()
}

/// The union as an actor.
pub async fn actor(State(node): State<Node>, headers: HeaderMap) -> Result<Document> {
    Ok(Document::new(&headers, union_document(&node).await?))
}

async fn union_document(node: &Node) -> Result<Value> {
    let uri = node.identity.union.uri.clone();
    let read = move |conn: &mut Conn| {
        let profile = profile::read(conn, &uri)?;
        let keys = actors::keys(conn, profile.union.id)?;
        Ok((profile, keys))
    };
    let (profile, keys) = node.db.read(read).await?;
    Ok(documents::union(&profile, &keys, &node.config, &node.urls))
}

/// What of the union its word is verified with, for readers that do not say who they are where they must.
pub(super) async fn actor_for_strangers(node: &Node) -> Result<Document> {
    let whole = union_document(node).await?;
    Ok(Document::new(&HeaderMap::new(), documents::keys_only(&whole)))
}

/// A program that asks for the home page wants the union, whose id is another address.
pub async fn to_actor(State(node): State<Node>) -> Redirect {
    Redirect::temporary(&node.identity.union.uri)
}

async fn instance(State(node): State<Node>, headers: HeaderMap) -> Result<Document> {
    let id = node.identity.instance.id;
    let keys = node.db.read(move |conn| actors::keys(conn, id)).await?;
    Ok(Document::new(&headers, documents::instance(&node.identity.instance, &keys, &node.urls)))
}

async fn instance_outbox(State(node): State<Node>, headers: HeaderMap) -> Document {
    Document::new(&headers, collections::instance_outbox(&node))
}

/// Which page of a collection.
#[derive(Deserialize)]
pub struct Paging {
    page: Option<String>,
}

async fn outbox(State(node): State<Node>, headers: HeaderMap, Query(paging): Query<Paging>) -> Result<Document> {
    let reading = node.clone();
    let body = node
        .db
        .read(move |conn| match paging.page {
            Some(asked) => collections::outbox_page(conn, &reading, &asked),
            None => collections::outbox(conn, &reading),
        })
        .await?;
    Ok(Document::new(&headers, body))
}

async fn followers(State(node): State<Node>, headers: HeaderMap) -> Result<Document> {
    let reading = node.clone();
    Ok(Document::new(&headers, node.db.read(move |conn| collections::followers(conn, &reading)).await?))
}

async fn following(State(node): State<Node>, headers: HeaderMap) -> Result<Document> {
    let reading = node.clone();
    Ok(Document::new(&headers, node.db.read(move |conn| collections::following(conn, &reading)).await?))
}

async fn featured(State(node): State<Node>, headers: HeaderMap) -> Result<Document> {
    let reading = node.clone();
    Ok(Document::new(&headers, node.db.read(move |conn| collections::featured(conn, &reading)).await?))
}

async fn featured_tags(State(node): State<Node>, headers: HeaderMap) -> Result<Document> {
    let reading = node.clone();
    Ok(Document::new(&headers, node.db.read(move |conn| collections::featured_tags(conn, &reading)).await?))
}

/// The statements with a hashtag. Another spelling leads to the one under which the collection stands.
pub async fn tagged(
    State(node): State<Node>,
    headers: HeaderMap,
    named: std::result::Result<Path<String>, PathRejection>,
    Query(paging): Query<Paging>,
) -> Result<Response> {
    let Path(name) = named.map_err(|_| Error::not_found("This hashtag"))?;
    let folded = markup::fold_hashtag(&name);
    if folded != name {
        return Ok(Redirect::permanent(&node.urls.tag(&folded)).into_response());
    }
    let reading = node.clone();
    let body = node.db.read(move |conn| collections::tagged(conn, &reading, &name, paging.page.as_deref())).await?;
    Ok(Document::new(&headers, body).into_response())
}

/// A statement as a Note; a withdrawn one as a Tombstone with 410.
pub async fn statement(State(node): State<Node>, headers: HeaderMap, Path(slug): Path<String>) -> Result<Document> {
    let (reading, now, asked) = (node.clone(), node.now(), slug.clone());
    match node.db.read(move |conn| collections::statement(conn, &reading, &asked, now)).await {
        Err(Error::Gone(_)) => {
            let tombstone = documents::tombstone(&node.urls.statement(&slug));
            Ok(Document { status: StatusCode::GONE, ..Document::new(&headers, tombstone) })
        }
        found => Ok(Document::new(&headers, found?)),
    }
}

async fn statement_activity(
    State(node): State<Node>,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Document> {
    let (reading, now) = (node.clone(), node.now());
    Ok(Document::new(&headers, node.db.read(move |conn| collections::create_of(conn, &reading, &slug, now)).await?))
}

async fn replies(
    State(node): State<Node>,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Document> {
    let body = node.db.read(move |conn| collections::replies(conn, &slug, paging.page.as_deref())).await?;
    Ok(Document::new(&headers, body))
}

async fn conversation(
    State(node): State<Node>,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Document> {
    let reading = node.clone();
    let body = node
        .db
        .read(move |conn| match paging.page {
            Some(asked) => collections::conversation_page(conn, &reading, &slug, &asked),
            None => collections::conversation(conn, &reading, &slug),
        })
        .await?;
    Ok(Document::new(&headers, body))
}

async fn likes(State(node): State<Node>, headers: HeaderMap, Path(slug): Path<String>) -> Result<Document> {
    Ok(Document::new(&headers, node.db.read(move |conn| collections::reaction_count(conn, &slug, "likes")).await?))
}

async fn shares(State(node): State<Node>, headers: HeaderMap, Path(slug): Path<String>) -> Result<Document> {
    Ok(Document::new(&headers, node.db.read(move |conn| collections::reaction_count(conn, &slug, "shares")).await?))
}

async fn quote(
    State(node): State<Node>,
    headers: HeaderMap,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Document> {
    let reading = node.clone();
    Ok(Document::new(&headers, node.db.read(move |conn| collections::quote(conn, &reading, &slug, &id)).await?))
}

async fn activity(State(node): State<Node>, headers: HeaderMap, Path(id): Path<String>) -> Result<Document> {
    let reading = node.clone();
    Ok(Document::new(&headers, node.db.read(move |conn| collections::activity(conn, &reading, &id)).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_page_and_a_server_the_document() {
        for (accept, document) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false),
            ("application/activity+json, application/ld+json", true),
            ("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", true),
            ("application/activity+json, text/html;q=0.1", true),
            ("text/html, application/json;q=0.5", false),
            ("*/*", false),
            ("", false),
            ("nonsense;q=x, ,,;", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_str(accept).expect("a header"));
            assert_eq!(wants_document(&headers), document, "{accept}");
        }
        assert!(!wants_document(&HeaderMap::new()));
    }
}
