//! Who reads what we show to other servers? Not the pages for people: those are for everybody.
//!
//! A server that is blocked is told what anybody is told of what does not exist, byte for byte. With `PICKET_AUTHORIZED_FETCH` all others must
//! sign what they ask, as with Mastodon's secure mode and GoToSocial; then whoever does not sign gets of the union's actor only what its
//! word is verified with, so that two servers that both demand signatures never wait for each other: the instance actor is always open.

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, VARY, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::gate::signer;
use super::remote::Remote;
use super::routes;
use crate::error::{Error, Result};
use crate::moderation::blocks;
use crate::node::Node;
use crate::transport::signature::{self, Claim};

/// What a reader may see.
enum Reader {
    /// All that is there.
    Anybody,
    /// What does not exist.
    Blocked,
    /// Nothing, before it says who it is.
    Unsigned,
}

/// A layer around documents that only servers ask for.
pub(super) async fn layer(State(node): State<Node>, request: Request, next: Next) -> Response {
    admit(&node, request, |request| next.run(request)).await
}

/// Shows a document to whoever may see it.
pub(super) async fn admit<F>(node: &Node, request: Request, show: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let (head, body) = request.into_parts();
    let answer = match reader(node, &head).await {
        Ok(Reader::Anybody) => show(Request::from_parts(head, body)).await,
        Ok(Reader::Blocked) => missing(),
        Ok(Reader::Unsigned) => stranger(node, &head.uri).await,
        Err(error) => refused(error),
    };
    // Whatever is missing is missing in the same words.
    let mut answer = if answer.status() == StatusCode::NOT_FOUND { missing() } else { answer };
    let headers = answer.headers_mut();
    // What is told depends on who asks: a cache on the way must give it to nobody else.
    headers.insert(VARY, HeaderValue::from_static("Accept, Signature, Signature-Input"));
    if node.config.authorized_fetch {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    answer
}

async fn reader(node: &Node, head: &Parts) -> Result<Reader> {
    let demands = node.config.authorized_fetch;
    if !head.headers.contains_key("signature") {
        return Ok(if demands { Reader::Unsigned } else { Reader::Anybody });
    }
    let claim = match claim(node, head) {
        Ok(claim) => claim,
        Err(_) if !demands => return Ok(Reader::Anybody),
        Err(error) => return Err(Error::Unauthorized(error.to_string())),
    };
    // Whoever claims a key of a blocked server need not be believed to be refused, and nobody is asked about it.
    if is_blocked(node, claim.key_id.clone()).await? {
        return Ok(Reader::Blocked);
    }
    if !demands {
        return Ok(Reader::Anybody);
    }
    let signer =
        signer::verified(node, &Remote::for_claim(node), &claim, None, None).await.map_err(|error| match error {
            Error::Forbidden(why) => Error::Unauthorized(why),
            other => other,
        })?;
    Ok(if signer.blocked { Reader::Blocked } else { Reader::Anybody })
}

fn claim(node: &Node, head: &Parts) -> Result<Claim> {
    let mut headers = head.headers.clone();
    signature::settle_host(&mut headers, &head.uri);
    let asked = signature::Request {
        method: head.method.as_str(),
        path_and_query: head.uri.path_and_query().map_or("/", |path| path.as_str()),
        headers: &headers,
        body: &[],
    };
    let scheme = if node.config.insecure { "http" } else { "https" };
    Ok(signature::read_claim(&asked, &node.config.domain, scheme, node.now())?)
}

async fn is_blocked(node: &Node, address: String) -> Result<bool> {
    node.db.read(move |conn| blocks::is_address_blocked(conn, &address)).await
}

fn missing() -> Response {
    Error::not_found("What you ask for").into_response()
}

async fn stranger(node: &Node, uri: &Uri) -> Response {
    if node.urls.at(uri.path()) == node.identity.union.uri {
        return routes::actor_for_strangers(node).await.into_response();
    }
    let hint = "this server shows its documents to signed readers only: sign the request with the key of an actor of yours (draft-cavage \
                over (request-target), host and date; or RFC 9421 over @method and @target-uri, with created and keyid)";
    refused(Error::Unauthorized(hint.to_owned()))
}

fn refused(error: Error) -> Response {
    let mut response = error.into_response();
    if response.status() == StatusCode::UNAUTHORIZED {
        let asks = HeaderValue::from_static("Signature headers=\"(request-target) host date\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, asks);
    }
    response
}
