//! Whatever a browser, a crawler or an attacker asks for, a page or a clear refusal comes: never a fault of ours.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::harness::{TestNode, on_both_databases};

/// Values that programs stumble over.
const NASTY: [&str; 29] = [
    "",
    "%00",
    "%FF%FE",
    "%",
    "%2",
    "..%2f..%2fetc%2fpasswd",
    "'%20OR%201=1--",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "9223372036854775808",
    "-1",
    "0",
    "1e309",
    "NaN",
    "%E2%80%AE%D9%87",
    "%F0%9F%8F%B4%E2%80%8D",
    "%ED%A0%80",
    "MTc3OTg3OTYwMDAwMC4x",
    "OTIyMzM3MjAzNjg1NDc3NTgwNy4x",
    "+",
    "&",
    "=",
    "%0D%0ASet-Cookie:%20a=b",
    "{{7*7}}",
    "x-private",
    "ku-Arab-IQ",
    "en--x",
    "%D9%A2%D9%A0%D9%A2%D9%A6",
    "NEAR(a%20%22%20AND%20-%5C",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

/// Pages with a place for a name.
const NAMED: [&str; 17] = [
    "/statements/{}",
    "/tags/{}",
    "/tags/{}/pictures",
    "/tags/{}/feed.atom",
    "/tags/strike/{}",
    "/media/{}",
    "/media/actors/{}",
    "/media/posts/{}",
    "/media/posts/{}/0",
    "/media/posts/1/{}",
    "/assets/{}",
    "/pages/{}",
    "/sitemaps/{}",
    "/archive/{}",
    "/archive/2026/{}",
    "/archive/{}/05",
    "/assets/style-{}",
];
/// Pages with a query, and what may stand in it.
const ASKED: [(&str, &[&str]); 12] = [
    ("/?", &PLACE),
    ("/statements/one?", &PLACE),
    ("/tags/strike?", &PLACE),
    ("/tags/strike/pictures?", &PLACE),
    ("/tags/strike/feed.json?", &["in"]),
    ("/follow?", &PLACE),
    ("/archive?", &PLACE),
    ("/allies?", &PLACE),
    ("/search?q=one&", &["q", "in", "year", "tag", "union", "before", "after", "lang", "anything"]),
    ("/feed.atom?", &["in", "lang"]),
    ("/feed.rss?", &["in", "lang"]),
    ("/feed.json?", &["in", "lang"]),
];
const PLACE: [&str; 4] = ["before", "after", "lang", "anything"];

async fn assert_no_fault(node: &TestNode, path: &str, headers: &HeaderMap) {
    let answered = node.get_with(path, headers).await;
    assert!(answered.status < 500, "{path} {headers:?}: {} {}", answered.status, answered.body);
    assert!(answered.status != 200 || !answered.body.contains("<script>alert"), "{path}");
    assert!(answered.headers.get("set-cookie").is_none(), "{path}");
    let is_search = path.starts_with("/search?");
    assert!(!is_search || answered.body.contains(&node.node.identity.union.handle), "{path}: the union's own page");
}

fn html() -> HeaderMap {
    HeaderMap::from_iter([(http::header::ACCEPT, HeaderValue::from_static("text/html"))])
}

on_both_databases! {
    async fn no_name_and_no_query_makes_the_node_fail(world) {
        let node = world.node().await;
        node.publish("# One #strike").await;
        for value in NASTY {
            for page in NAMED {
                assert_no_fault(&node, &page.replace("{}", value), &html()).await;
            }
            assert_no_fault(&node, &format!("/search?q={value}"), &html()).await;
            for (page, keys) in ASKED {
                for key in keys {
                    assert_no_fault(&node, &format!("{page}{key}={value}"), &html()).await;
                }
            }
        }
    }

    async fn no_method_and_no_form_makes_the_node_fail(world) {
        let node = world.node().await;
        node.publish("# One #strike").await;
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        for page in ["/", "/statements/one", "/tags/strike", "/archive", "/search", "/follow", "/feed.atom", "/media/x", "/nothing"] {
            for method in ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
                let answered = client
                    .request(method.parse().expect("a method"), format!("{}{page}", node.base))
                    .headers(html())
                    .send()
                    .await
                    .expect("an answer");
                assert!(answered.status().as_u16() < 500, "{method} {page}: {}", answered.status());
            }
        }
        for kind in ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", ";", ""] {
            for value in NASTY {
                let answered = client
                    .post(format!("{}/follow?lang={value}", node.base))
                    .headers(html())
                    .header("content-type", kind)
                    .body(format!("handle={value}"))
                    .send()
                    .await
                    .expect("an answer");
                assert!(answered.status().as_u16() < 500, "{kind} {value}: {}", answered.status());
            }
        }
    }

    async fn no_header_makes_the_node_fail(world) {
        let node = world.node().await;
        node.publish("# One").await;
        let values: [&[u8]; 12] = [
            b"", b"*", b"*/*;q=0", b";;;,,,", b"q=1", b"text/html;q=NaN", b"text/html;q=1e999", b"\xff\xfe", b"en;q=", b"W/\"",
            b"application/activity+json;q=0.00000001, text/html;q=-1", &[b'a'; 4_000],
        ];
        for name in ["accept", "accept-language", "accept-encoding", "if-none-match", "if-modified-since", "range"] {
            for value in values {
                let mut headers = html();
                let value = HeaderValue::from_bytes(value).expect("a value");
                headers.insert(HeaderName::from_static(name), value);
                assert_no_fault(&node, "/", &headers).await;
            }
        }
    }
}
