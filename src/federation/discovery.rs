//! Being found: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo 2.0 and 2.1.

use axum::extract::{Path, Query, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use super::remote::Handle;
use crate::actors::Actor;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::markup;
use crate::node::Node;
use crate::profile::{self, Picture, Profile};
use crate::statements;
use crate::storage::{Conn, Slice};

const AVATAR: &str = "http://webfinger.net/rel/avatar";
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
    let mut document = jrd(&node, actor);
    if let Some(avatar) = avatar(&node, actor).await?
        && let Some(links) = document["links"].as_array_mut()
    {
        links.push(avatar);
    }
    Ok(json_as("application/jrd+json", &document))
}

/// The picture of the union, where it has one.
async fn avatar(node: &Node, actor: &Actor) -> Result<Option<Value>> {
    if actor.id != node.identity.union.id {
        return Ok(None);
    }
    let icon = union_profile(node).await?.icon;
    let link = |icon: Picture| json!({"rel": AVATAR, "type": icon.media_type, "href": node.urls.media(&icon.file)});
    Ok(icon.map(link))
}

async fn union_profile(node: &Node) -> Result<Profile> {
    let uri = node.identity.union.uri.clone();
    node.db.read(move |conn| profile::read(conn, &uri)).await
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
    let profile = union_profile(&node).await?;
    let (posts, newest) = node.db.read(posts_and_newest).await?;
    let mut software = json!({"name": "picket", "version": env!("CARGO_PKG_VERSION")});
    if version == "2.1" {
        software["repository"] = json!(env!("CARGO_PKG_REPOSITORY"));
    }
    // The union is the one account here that others see: it counts as active where it said something.
    let active = |days| newest.is_some_and(|newest| node.now() - newest < TimeDelta::days(days));
    let summary = markup::plain_text(&profile.union.summary);
    let description = if summary.is_empty() { "A trade union's own node".to_owned() } else { summary };
    let document = json!({
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["atom1.0"]},
        "openRegistrations": false,
        "usage": {
            "users": {"total": 1, "activeMonth": u8::from(active(30)), "activeHalfyear": u8::from(active(180))},
            "localPosts": posts,
        },
        "metadata": {
            "nodeName": profile.union.display_name(),
            "nodeDescription": description,
            "staffAccounts": [profile.union.uri],
            "federation": {"enabled": true},
        },
    });
    let media_type = format!("application/json; profile=\"{NODEINFO}/{version}#\"");
    Ok(json_as(&media_type, &document))
}

fn posts_and_newest(conn: &mut Conn) -> Result<(i64, Option<Time>)> {
    let newest = statements::list(conn, Slice::Newest, 1)?.into_iter().next();
    Ok((statements::count_published(conn)?, newest.map(|statement| statement.published)))
}

fn json_as(content_type: &str, document: &Value) -> Response {
    let headers = [(CONTENT_TYPE, content_type.to_owned()), (ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned())];
    (headers, document.to_string()).into_response()
}
