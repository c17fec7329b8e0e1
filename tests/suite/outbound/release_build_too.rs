//! Hostile hosts. Nothing here may differ between a debug and a release build: CI picks these tests by the name of this module.

use std::sync::Arc;

use futures::FutureExt;
use picket::transport::Signer;
use picket::transport::address::Rules;

use super::*;

#[tokio::test]
async fn a_private_host_is_refused_in_every_spelling_and_no_packet_arrives() {
    let listener = Listener::answering(reply(200, &[ACTIVITY], b"{}")).await;
    let port = listener.address.port();
    let client = client(&secure(), system_lookup());
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "１２７.０.０.１",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "169.254.169.254",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "any.localhost",
        "user@127.0.0.1",
        "user:pass@union.example",
        "union.example.",
        "intranet",
    ] {
        for address in [
            format!("https://{host}/"),
            format!("https://{host}:{port}/"),
            format!("http://{host}/"),
            format!("http://{host}:{port}/"),
        ] {
            let fetched = client.fetch_json(&address, None).await.map(drop);
            assert!(matches!(fetched, Err(FetchError::Refused(_))), "{address}: {fetched:?}");
            let posted = client.post(&address, "{}".into(), &signer_once(), SignatureForm::Cavage).await.map(drop);
            assert!(matches!(posted, Err(FetchError::Refused(_))), "{address}: {posted:?}");
        }
    }
    // The counter works: the first connection that arrives is that of a client which may come.
    open().fetch_json(&listener.at("/"), None).await.expect("the document");
    assert_eq!(listener.connections(), 1);
}

/// Never used: what is refused is refused before anything is signed.
fn signer_once() -> SigningKey {
    SigningKey { id: String::new(), key: PrivateKey::generate_ed25519().expect("a key") }
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_refused_and_no_packet_arrives() {
    let listener = Listener::answering(reply(200, &[ACTIVITY], b"{}")).await;
    let v6 = SocketAddr::new("::1".parse().expect("an address"), listener.address.port());
    for addresses in [vec![listener.address], vec![v6, listener.address], vec![]] {
        let client = client(&secure(), all_lead_to(addresses));
        let fetched = client.fetch_json("https://rebinding.example/", None).await.map(drop);
        assert!(matches!(&fetched, Err(FetchError::Refused(why)) if why.contains("rebinding.example")), "{fetched:?}");
        let posted = client
            .post("https://rebinding.example/inbox", "{}".into(), &signer(), SignatureForm::Cavage)
            .await
            .map(drop);
        assert!(matches!(posted, Err(FetchError::Refused(_))), "{posted:?}");
    }
    assert_eq!(listener.connections(), 0);
    // The same name does lead here, once private addresses are allowed.
    let open = client(&insecure(), all_lead_to(vec![listener.address]));
    open.fetch_json("http://rebinding.example/", None).await.expect("the document");
    assert_eq!(listener.connections(), 1);
}

#[tokio::test]
async fn localhost_is_refused_even_where_the_systems_resolver_is_asked() {
    let listener = Listener::answering(reply(200, &[ACTIVITY], b"{}")).await;
    let port = listener.address.port();
    let localhost: Lookup = Arc::new(move |_| {
        let asked = system_lookup()("localhost".to_owned());
        asked
            .map(move |found| Ok(found?.into_iter().map(|address| SocketAddr::new(address.ip(), port)).collect()))
            .boxed()
    });
    let fetched = client(&secure(), localhost).fetch_json("https://statements.example/", None).await.map(drop);
    assert!(matches!(fetched, Err(FetchError::Refused(_))), "{fetched:?}");
    assert_eq!(listener.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_where_nobody_may_go_is_refused_and_not_followed() {
    for location in [
        "ftp://127.0.0.1/",
        "http://user@127.0.0.1:1/",
        "file:///etc/passwd",
        "data:application/activity+json,{}",
        "http://[",
        "gopher://x/",
    ] {
        let listener = Listener::answering(reply(302, &[("Location", location)], b"")).await;
        let fetched = open().fetch_json(&listener.at("/"), None).await.map(drop);
        assert!(matches!(fetched, Err(FetchError::Refused(_))), "{location}: {fetched:?}");
        assert_eq!(listener.heard().len(), 1);
    }
    let rules = Rules::new(&secure());
    let from = rules.check("https://union.example/actor").expect("an allowed address");
    for location in [
        "http://union.example/",
        "https://127.0.0.1/",
        "//localhost/",
        "https://[::1]/",
        "https://union.example:22/",
        "//0x7f.1/",
    ] {
        assert!(rules.check_redirect(&from, location).is_err(), "{location}");
    }
    assert!(Rules::new(&insecure()).check_redirect(&from, "http://union.example/").is_err());
}

#[tokio::test]
async fn redirects_are_followed_three_times_and_signed_each_time() {
    let listener = Listener::start(|heard| {
        let hops: usize = heard.target.trim_start_matches("/hop").parse().unwrap_or(0);
        match hops {
            0 => Reply::Whole(reply(200, &[ACTIVITY], b"{\"a\":1}")),
            _ => Reply::Whole(reply(307, &[("Location", &format!("/hop{}", hops - 1))], b"")),
        }
    })
    .await;
    let signer = signer();
    let fetched = open()
        .fetch_json(&listener.at("/hop3#fragment"), Some(Signer { key: &signer, form: SignatureForm::Cavage }))
        .await
        .expect("the document");
    assert_eq!(fetched.url, listener.at("/hop0"));
    assert_eq!(fetched.body["a"], 1);
    let heard = listener.heard();
    assert_eq!(heard.len(), 4);
    assert!(heard.iter().all(|heard| is_signed(heard, &listener, &signer, SignatureForm::Cavage)));
    let fetched = open().fetch_json(&listener.at("/hop4"), None).await.map(drop);
    assert_eq!(fetched, Err(FetchError::TooManyRedirects));
}

#[tokio::test]
async fn a_redirect_in_a_circle_comes_to_an_end() {
    let listener = Listener::answering(reply(301, &[("Location", "/")], b"")).await;
    assert_eq!(open().fetch_json(&listener.at("/"), None).await.map(drop), Err(FetchError::TooManyRedirects));
    assert_eq!(listener.heard().len(), 4);
}

#[tokio::test]
async fn a_document_larger_than_allowed_is_not_read_whole() {
    let spaces = vec![b' '; 64 * 1024];
    let chunk = [format!("{:x}\r\n", spaces.len()).as_bytes(), &spaces, b"\r\n"].concat();
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024);
    for hostile in [
        Reply::Whole(reply(200, &[ACTIVITY], &vec![b' '; 1024 * 1024 + 1])),
        Reply::ThenSilence(head(200, &[ACTIVITY, ("Content-Length", "1048577")])),
        Reply::ThenSilence(head(200, &[ACTIVITY, ("Content-Length", "9223372036854775807")])),
        Reply::ThenEndless(head(200, &[ACTIVITY, ("Transfer-Encoding", "chunked")]), chunk),
        Reply::ThenEndless(head(200, &[ACTIVITY]), spaces),
        Reply::Whole(reply(200, &[ACTIVITY, ("Content-Encoding", "gzip")], &bomb)),
    ] {
        assert_eq!(fetched_from(hostile).await, Err(FetchError::TooLarge));
    }
    let mut just_fits = b"{}".to_vec();
    just_fits.resize(1024 * 1024, b' ');
    for fine in
        [reply(200, &[ACTIVITY], &just_fits), reply(200, &[ACTIVITY, ("Content-Encoding", "gzip")], &gzip(&just_fits))]
    {
        assert_eq!(fetched_from(Reply::Whole(fine)).await, Ok(()));
    }
}

#[tokio::test]
async fn a_server_that_dawdles_is_left_at_the_deadline() {
    for slow in [
        Reply::ThenSilence(Vec::new()),
        Reply::ThenSilence(b"HTTP/1.1 200 OK\r\nContent-".to_vec()),
        Reply::ThenSilence(head(200, &[ACTIVITY, ("Content-Length", "100")])),
        Reply::ThenSilence(head(200, &[ACTIVITY, ("Transfer-Encoding", "chunked")])),
    ] {
        assert_eq!(fetched_by(&hasty(), slow).await, Err(FetchError::Timeout));
    }
}

#[tokio::test]
async fn only_the_types_that_were_asked_for_are_taken() {
    for (types, fine) in [
        (&["application/activity+json"][..], true),
        (&["Application/Activity+JSON; charset=utf-8"], true),
        (&["application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""], true),
        (&["application/ld+json"], false),
        (&["application/json"], false),
        (&["text/html"], false),
        (&["text/html", "application/activity+json"], false),
        (&["nonsense"], false),
        (&[""], false),
        (&[], false),
    ] {
        let headers: Vec<(&str, &str)> = types.iter().map(|media_type| ("Content-Type", *media_type)).collect();
        let fetched = fetched_from(Reply::Whole(reply(200, &headers, b"{}"))).await;
        assert_eq!(matches!(fetched, Ok(())), fine, "{types:?}");
        assert_eq!(matches!(fetched, Err(FetchError::WrongType(_))), !fine, "{types:?}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused_however_deep_it_is() {
    for body in ["", "<html>", "{", "{\"a\":1}x", "\u{0}", &"[".repeat(200_000), &"{\"a\":".repeat(100_000)] {
        assert_eq!(
            fetched_from(Reply::Whole(reply(200, &[ACTIVITY], body.as_bytes()))).await,
            Err(FetchError::NotJson)
        );
    }
    assert_eq!(fetched_from(Reply::Whole(reply(200, &[ACTIVITY], b"\xff\xfe"))).await, Err(FetchError::NotJson));
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_garbled_is_an_error() {
    for broken in [
        reply(200, &[ACTIVITY, ("Content-Encoding", "gzip")], b"this is not gzip at all"),
        head(200, &[ACTIVITY, ("Content-Length", "18446744073709551616")]),
        b"SMTP ready\r\n\r\n".to_vec(),
        b"HTTP/1.1 abc\r\n\r\n".to_vec(),
    ] {
        let fetched = fetched_from(Reply::Whole(broken)).await;
        assert!(matches!(fetched, Err(FetchError::Unreachable(_))), "{fetched:?}");
    }
}

async fn fetched_from(answer: Reply) -> Result<(), FetchError> {
    fetched_by(&open(), answer).await
}

async fn fetched_by(client: &Client, answer: Reply) -> Result<(), FetchError> {
    let answer = std::sync::Mutex::new(Some(answer));
    let listener =
        Listener::start(move |_| answer.lock().expect("nobody panicked").take().unwrap_or(Reply::Whole(Vec::new())))
            .await;
    client.fetch_json(&listener.at("/"), None).await.map(drop)
}
