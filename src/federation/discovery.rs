//! Being found: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo 2.0 and 2.1.

use axum::extract::{Path, Query, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::remote::Handle;
use crate::actors::Actor;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::statements;

const NODEINFO: &str = "http://nodeinfo.diaspora.software/ns/schema";

/// The question of WebFinger.
#[derive(Deserialize)]
pub struct Question {
    resource: Option<String>,
}

/// `GET /.well-known/webfinger?resource=…`: for a handle, an actor's id, or its profile page.
///
/// # Errors
/// `Invalid` (400) without a resource, `NotFound` for one that is not ours.
pub async fn webfinger(State(node): State<Node>, Query(question): Query<Question>) -> Result<Response> {
    let resource =
        question.resource.ok_or_else(|| Error::invalid("resource", "ask for one, such as ?resource=acct:name@host"))?;
    let actor = ours(&node, &resource).ok_or_else(|| Error::not_found("This account"))?;
    Ok(json_as("application/jrd+json", &jrd(&node, actor)))
}

fn ours<'n>(node: &'n Node, resource: &str) -> Option<&'n Actor> {
    let (union, instance) = (&node.identity.union, &node.identity.instance);
    if let Some(handle) = Handle::parse(resource) {
        let name = handle.name.to_lowercase();
        let hosts = [&node.config.domain, &node.config.account_domain];
        let is_here = hosts.iter().any(|host| **host == handle.host);
        return match () {
            () if is_here && union.handle.split('@').next() == Some(&name) => Some(union),
            () if handle.to_string() == instance.handle => Some(instance),
            () => None,
        };
    }
    let base = node.urls.base();
    match resource {
        _ if resource == union.uri || resource == node.urls.home() || resource == base => Some(union),
        // With a port in its name, as in trials, it is no handle that can be parsed.
        _ if resource == instance.uri || resource.strip_prefix("acct:") == Some(&instance.handle) => Some(instance),
        _ => None,
    }
}

fn jrd(node: &Node, actor: &Actor) -> Value {
    let profile = actor.url.clone().unwrap_or_else(|| actor.uri.clone());
    json!({
        "subject": format!("acct:{}", actor.handle),
        "aliases": [actor.uri, profile],
        "links": [
            {"rel": "self", "type": "application/activity+json", "href": actor.uri},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": profile},
            {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": node.urls.at("/follow?uri={uri}")}
        ]
    })
}

/// `GET /.well-known/host-meta`, for readers older than WebFinger.
pub async fn host_meta(State(node): State<Node>) -> Response {
    let template = node.urls.at("/.well-known/webfinger?resource={uri}");
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" type=\"application/jrd+json\" template=\"{template}\"/>\n</XRD>\n"
    );
    ([(CONTENT_TYPE, "application/xrd+xml; charset=utf-8"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], xml).into_response()
}

/// `GET /.well-known/nodeinfo`: where NodeInfo is, and who the instance actor is (FEP-2677).
pub async fn nodeinfo_links(State(node): State<Node>) -> Response {
    let link = |version: &str| json!({"rel": format!("{NODEINFO}/{version}"), "href": node.urls.at(&format!("/nodeinfo/{version}"))});
    let instance =
        json!({"rel": "https://www.w3.org/ns/activitystreams#Application", "href": node.identity.instance.uri});
    json_as("application/json", &json!({"links": [link("2.0"), link("2.1"), instance]}))
}

/// `GET /nodeinfo/2.0` and `/nodeinfo/2.1`: what runs here, with the fields of FEP-0151.
///
/// # Errors
/// `NotFound` for another version.
pub async fn nodeinfo(State(node): State<Node>, Path(version): Path<String>) -> Result<Response> {
    if version != "2.0" && version != "2.1" {
        return Err(Error::not_found("This version of NodeInfo"));
    }
    let posts = node.db.read(statements::count_published).await?;
    let mut software = json!({"name": "picket", "version": env!("CARGO_PKG_VERSION")});
    if version == "2.1" {
        software["repository"] = json!(env!("CARGO_PKG_REPOSITORY"));
    }
    let document = json!({
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["atom1.0"]},
        "openRegistrations": false,
        "usage": {"users": {"total": 1}, "localPosts": posts},
        "metadata": {
            "nodeName": node.identity.union.name,
            "nodeDescription": "A trade union's own node",
            "account": node.identity.union.uri,
        },
    });
    let profile = format!("application/json; profile=\"{NODEINFO}/{version}#\"");
    Ok(json_as(&profile, &document))
}

fn json_as(content_type: &str, document: &Value) -> Response {
    let headers = [(CONTENT_TYPE, content_type.to_owned()), (ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned())];
    (headers, document.to_string()).into_response()
}
