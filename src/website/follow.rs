//! Following from elsewhere: a visitor types her own address, and her own server asks her whether to follow us.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use url::Url;

use super::cache::Visit;
use super::errors::error_page;
use super::head::Head;
use super::page::{Site, html, write};
use super::reader::Reader;
use crate::error::{Error, Result};
use crate::federation::remote;
use crate::languages::Texts;
use crate::node::Node;

const LONGEST_NAME: usize = 100;
const LONGEST_HOST: usize = 253;
/// What an address looks like.
pub(super) const EXAMPLE: &str = "@maria@mastodon.example";

/// The box with the form.
pub(super) struct FollowBox {
    /// Our own handle, to search for.
    pub(super) handle: String,
    /// What was typed.
    pub(super) typed: String,
    /// What was wrong with it.
    pub(super) problem: Option<String>,
}

impl FollowBox {
    pub(super) fn of(node: &Node) -> Self {
        Self { handle: node.identity.union.handle.clone(), typed: String::new(), problem: None }
    }
}

#[derive(Template)]
#[template(path = "follow.html")]
struct FollowPage {
    site: Site,
    head: Head,
    follow: FollowBox,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    handle: String,
}

pub(super) async fn form(State(node): State<Node>, visit: Visit) -> Response {
    let (reading, whose) = (node.clone(), visit.reader.clone());
    let page = || async {
        let site = node.db.read(move |conn| Site::read(conn, &reading, &whose)).await?;
        write(&follow_page(site, FollowBox::of(&node)))
    };
    visit.answer(&node, page).await
}

fn follow_page(site: Site, follow: FollowBox) -> FollowPage {
    FollowPage { head: Head::in_all_languages(&site, &site.t.say("follow-us"), "/follow"), site, follow }
}

pub(super) async fn send(State(node): State<Node>, reader: Reader, headers: HeaderMap, form: Sent) -> Response {
    let Ok(Form(Typed { handle: typed })) = form else {
        let problem = reader.t.say("follow-broken");
        return again(&node, &reader, StatusCode::BAD_REQUEST, String::new(), Some(problem)).await;
    };
    // Another site's page must not send its visitors through us to wherever it likes; here they see what would happen, and decide.
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return again(&node, &reader, StatusCode::OK, typed, None).await;
    }
    let Some(handle) = parse_handle(&typed) else {
        let problem = reader.t.say_with("follow-no-address", "address", EXAMPLE);
        return again(&node, &reader, StatusCode::BAD_REQUEST, typed, Some(problem)).await;
    };
    match leave_for(&node, &handle).await {
        Ok(response) => response,
        Err(error) => match problem(reader.t, &handle, &error) {
            Some(problem) => again(&node, &reader, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(problem)).await,
            None => error_page(&reader, &error),
        },
    }
}

/// The form as it arrived, or why it did not.
type Sent = std::result::Result<Form<Typed>, FormRejection>;

async fn leave_for(node: &Node, handle: &str) -> Result<Response> {
    let address = remote::subscribe_address(node, handle).await?;
    let wrong = || Error::invalid("handle", "that server names no page for following");
    let url = Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(wrong)?;
    let location = HeaderValue::from_str(url.as_str()).map_err(|_| wrong())?;
    let headers = [(LOCATION, location), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// What is wrong with an address for following, if that is what is wrong.
fn problem(t: Texts, handle: &str, error: &Error) -> Option<String> {
    let key = match error {
        Error::Internal(_) | Error::TooMany { .. } => return None,
        Error::NotFound(_) | Error::Gone(_) => "follow-unknown",
        Error::Forbidden(_) => "follow-refused",
        _ => "follow-no-answer",
    };
    Some(t.say_with(key, "host", handle.rsplit('@').next().unwrap_or_default()))
}

async fn again(node: &Node, reader: &Reader, status: StatusCode, typed: String, problem: Option<String>) -> Response {
    let follow = FollowBox { typed, problem, ..FollowBox::of(node) };
    let (reading, whose) = (node.clone(), reader.clone());
    match node.db.read(move |conn| Site::read(conn, &reading, &whose)).await {
        Ok(site) => html(reader, status, &follow_page(site, follow)),
        Err(error) => error_page(reader, &error),
    }
}

/// `name@host` from what people type and paste, with a leading `@` or without; the host in lower case and punycode.
fn parse_handle(typed: &str) -> Option<String> {
    // Japanese keyboards write ＠, and what is copied from a page in a right-to-left script brings invisible marks along.
    let typed: String = typed.chars().map(|c| if c == '＠' { '@' } else { c }).filter(|c| !is_mark(*c)).collect();
    let typed = typed.trim();
    let (name, host) = typed.strip_prefix('@').unwrap_or(typed).split_once('@')?;
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
        return None;
    }
    if host.contains(['/', '\\', '?', '#', '@', '%']) || host.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let url = Url::parse(&format!("https://{host}/")).ok()?;
    let (host, port) = (url.host_str()?, url.port());
    let is_whole =
        host.len() <= LONGEST_HOST && !host.ends_with('.') && (host.contains(['.', ':']) || host == "localhost");
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    is_whole.then(|| format!("{name}@{host}{port}"))
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::header::{CONTENT_TYPE, LOCATION};
    use axum::routing::get;
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::super::testing::Site;
    use super::parse_handle;

    #[test]
    fn an_address_is_read_as_people_write_it_and_nothing_else_is() {
        for (typed, handle) in [
            ("maria@mastodon.example", "maria@mastodon.example"),
            (" @Maria@Mastodon.Example ", "Maria@mastodon.example"),
            ("＠maria＠mastodon.example", "maria@mastodon.example"),
            ("\u{200F}@maria@mastodon.example\u{200E}", "maria@mastodon.example"),
            ("@işçi@sendika.örnek.example", "işçi@sendika.xn--rnek-4qa.example"),
            ("a@127.0.0.1:3000", "a@127.0.0.1:3000"),
            ("a@localhost:3000", "a@localhost:3000"),
        ] {
            assert_eq!(parse_handle(typed).as_deref(), Some(handle), "{typed}");
        }
        for typed in [
            "",
            "@",
            "@@",
            "maria",
            "@maria",
            "maria@",
            "@maria@",
            "a@b",
            "a@b@c.example",
            "a b@c.example",
            "a@c.example/x",
            "a@c.example?x",
            "a@c.example#x",
            "https://c.example/@a",
            "a@c .example",
            "a\n@c.example",
            "<b>@c.example",
            "a@[c.example",
            "a@c.example:99999",
            "a@c.example.",
        ] {
            assert_eq!(parse_handle(typed), None, "{typed:?}");
        }
        assert_eq!(parse_handle(&format!("a@{}.example", "b".repeat(300))), None);
    }

    /// A server that knows Maria and has one page for following; gives its host and port.
    async fn her_server(template: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let answer = move || async move {
            let link = json!({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template});
            ([(CONTENT_TYPE, "application/jrd+json")], json!({"subject": "acct:maria", "links": [link]}).to_string())
        };
        let router = Router::new().route("/.well-known/webfinger", get(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        host
    }

    #[tokio::test]
    async fn a_visitor_is_sent_to_her_own_server() {
        let site = Site::new().await;
        let host = her_server("https://her.example/follow?uri={uri}").await;
        let response = site.post("/follow", &format!("handle=%40maria%40{host}"), &[]).await;
        assert_eq!(response.status(), 303);
        let target = response.headers()["location"].to_str().expect("an address");
        assert_eq!(target, "https://her.example/follow?uri=http%3A%2F%2Flocalhost%3A8080%2Factor");
    }

    #[tokio::test]
    async fn her_server_sends_her_nowhere_but_to_a_page() {
        let site = Site::new().await;
        for template in ["javascript:alert(1)//{uri}", "data:text/html,{uri}", "https://her.example/\r\nset-cookie: x"]
        {
            let host = her_server(template).await;
            let response = site.post("/follow", &format!("handle=maria%40{host}"), &[]).await;
            let target = response.headers().get(LOCATION).map(|target| target.to_str().expect("text").to_owned());
            assert!(target.as_deref().is_none_or(|target| target.starts_with("http")), "{target:?}");
            assert!(response.headers().get("set-cookie").is_none());
        }
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_is_named() {
        let site = Site::new().await;
        let response = site.post("/follow", "handle=%40maria%40127.0.0.1%3A1", &[]).await;
        assert_eq!(response.status(), 422);
        let text = super::super::testing::body(response).await;
        assert!(
            text.contains("did not answer")
                && text.contains("127.0.0.1:1")
                && text.contains("value=\"@maria@127.0.0.1:1\""),
            "{text}"
        );
    }

    #[tokio::test]
    async fn what_was_typed_stays_and_one_sentence_says_what_to_do() {
        let site = Site::new().await;
        let response = site.post("/follow", "handle=%22%3E%3Cscript%3E", &[]).await;
        assert_eq!(response.status(), 400);
        let text = super::super::testing::body(response).await;
        assert!(text.contains("This is no fediverse address") && !text.contains("<script"), "{text}");
        assert!(text.contains("value=\"&#34;&#62;&#60;script&#62;\""), "{text}");
        for form in ["", "handle=%FF", "x=1", "%%%"] {
            assert_eq!(site.post("/follow", form, &[]).await.status(), 400, "{form}");
        }
        assert_eq!(site.post("/follow", &"x".repeat(10_000), &[]).await.status(), 400);
    }

    #[tokio::test]
    async fn another_site_sends_nobody_through_us() {
        let site = Site::new().await;
        let response = site.post("/follow", "handle=%40a%40evil.example", &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(response.status(), 200);
        assert!(super::super::testing::body(response).await.contains("@a@evil.example"));
    }
}
