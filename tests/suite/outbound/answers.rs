//! What comes back from hosts of good will, and what they get from us.

use std::sync::Arc;

use picket::transport::Signer;

use super::*;

#[tokio::test]
async fn gone_unknown_and_broken_are_told_apart() {
    for (status, error) in [
        (410, FetchError::Gone),
        (404, FetchError::NotFound),
        (401, FetchError::Status(401)),
        (500, FetchError::Status(500)),
        (304, FetchError::Status(304)),
        (302, FetchError::Status(302)),
    ] {
        let listener = Listener::answering(reply(status, &[ACTIVITY], b"{}")).await;
        assert_eq!(open().fetch_json(&listener.at("/"), None).await.map(drop), Err(error));
    }
    let closed = Listener::answering(Vec::new()).await.address;
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    assert_ne!(closed, free);
    let fetched = open().fetch_json(&format!("http://{free}/"), None).await.map(drop);
    assert!(matches!(fetched, Err(FetchError::Unreachable(_))), "{fetched:?}");
}

#[tokio::test]
async fn a_delivery_arrives_as_it_was_signed_and_says_who_we_are() {
    let listener = Listener::answering(reply(202, &[], b"")).await;
    let (client, signer) = (open(), signer());
    for form in [SignatureForm::Cavage, SignatureForm::Rfc9421] {
        let answer = client
            .post(&listener.at("/inbox?a=1&b=%20|"), "{\"type\":\"Create\"}".into(), &signer, form)
            .await
            .expect("an answer");
        assert_eq!(answer.status, 202);
        let heard = listener.heard().pop().expect("a request");
        assert!(is_signed(&heard, &listener, &signer, form), "{form:?} {:?} {}", heard.headers, heard.target);
        assert_eq!(heard.body, b"{\"type\":\"Create\"}");
        assert_eq!(heard.headers["content-type"], "application/activity+json");
        let agent = format!("Picket/{} (+http://127.0.0.1:4000/)", env!("CARGO_PKG_VERSION"));
        assert_eq!(heard.headers["user-agent"], agent.as_str());
        assert!(!heard.headers.contains_key("referer") && !heard.headers.contains_key("cookie"));
    }
    assert_eq!(listener.connections(), 1, "the connection is used again");
}

#[tokio::test]
async fn an_inbox_that_says_no_is_heard() {
    let listener = Listener::answering(reply(429, &[("Retry-After", "120")], b"slow\r\ndown \xff")).await;
    let answer =
        open().post(&listener.at("/inbox"), "{}".into(), &signer(), SignatureForm::Cavage).await.expect("an answer");
    assert_eq!((answer.status, answer.retry_after.map(|wait| wait.num_seconds())), (429, Some(120)));
}

#[tokio::test]
async fn a_delivery_follows_no_redirect() {
    let elsewhere = Listener::answering(reply(202, &[], b"")).await;
    let listener = Listener::answering(reply(308, &[("Location", &elsewhere.at("/inbox"))], b"")).await;
    let answer =
        open().post(&listener.at("/inbox"), "{}".into(), &signer(), SignatureForm::Cavage).await.expect("an answer");
    assert_eq!(answer.status, 308);
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn a_delivery_counts_once_its_status_has_come_whatever_follows() {
    for dribbling in [
        || Reply::ThenSilence(head(202, &[("Content-Length", "100")])),
        || Reply::ThenEndless(head(202, &[]), vec![b'x'; 64 * 1024]),
    ] {
        let listener = Listener::start(move |_| dribbling()).await;
        let answer = hasty()
            .post(&listener.at("/inbox"), "{}".into(), &signer(), SignatureForm::Cavage)
            .await
            .expect("an answer");
        assert_eq!(answer.status, 202);
    }
}

#[tokio::test]
async fn a_fetch_that_is_not_believed_is_signed_the_other_way() {
    let listener = Listener::start(|heard| {
        Reply::Whole(if heard.headers.contains_key("signature-input") {
            reply(200, &[ACTIVITY], b"{}")
        } else {
            reply(401, &[], b"")
        })
    })
    .await;
    let signer = signer();
    open()
        .fetch_json(&listener.at("/outbox?page=1"), Some(Signer { key: &signer, form: SignatureForm::Cavage }))
        .await
        .expect("the document");
    let heard = listener.heard();
    assert!(is_signed(&heard[0], &listener, &signer, SignatureForm::Cavage));
    assert!(is_signed(&heard[1], &listener, &signer, SignatureForm::Rfc9421));
}

#[tokio::test]
async fn other_documents_are_taken_by_their_type_and_up_to_their_limit() {
    let listener = Listener::answering(reply(200, &[("Content-Type", "Image/PNG; x=y")], b"12345")).await;
    let client = open();
    let document = client.fetch_bytes(&listener.at("/"), &["image/*"], 5).await.expect("the picture");
    assert_eq!((document.media_type.as_str(), &document.body[..]), ("image/png", &b"12345"[..]));
    assert_eq!(client.fetch_bytes(&listener.at("/"), &["image/*"], 4).await.map(drop), Err(FetchError::TooLarge));
    let wrong = client.fetch_document(&listener.at("/"), &["application/jrd+json", "application/json"]).await.map(drop);
    assert_eq!(wrong, Err(FetchError::WrongType("image/png".to_owned())));
    assert_eq!(listener.heard().pop().expect("a request").headers["accept"], "application/jrd+json, application/json");
    assert_eq!(client.at_host("ally.example", "/x"), "http://ally.example/x");
}

#[tokio::test]
async fn behind_a_proxy_every_name_is_left_to_it_and_literals_are_still_checked() {
    let proxy = Listener::start(|heard| {
        Reply::Whole(if heard.method == "CONNECT" { reply(502, &[], b"") } else { reply(200, &[ACTIVITY], b"{}") })
    })
    .await;
    let nobody: Lookup = Arc::new(|name| panic!("{name} was looked up here"));
    let address = format!("http://{}", proxy.address);
    let trial = config(&[("PICKET_DOMAIN", "node.test"), ("PICKET_INSECURE", "true"), ("PICKET_PROXY", &address)]);
    client(&trial, Arc::clone(&nobody)).fetch_json("http://ally.example/actor", None).await.expect("the document");
    let real = client(&config(&[("PICKET_DOMAIN", "union.example"), ("PICKET_PROXY", &address)]), nobody);
    let fetched = real.fetch_json("https://ally.example/actor", None).await.map(drop);
    assert!(matches!(fetched, Err(FetchError::Unreachable(_))), "{fetched:?}");
    let targets: Vec<String> = proxy.heard().into_iter().map(|heard| heard.target).collect();
    assert_eq!(targets, ["http://ally.example/actor", "ally.example:443"]);
    for address in ["https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://169.254.169.254/"] {
        assert!(matches!(real.fetch_json(address, None).await.map(drop), Err(FetchError::Refused(_))), "{address}");
    }
    assert_eq!(proxy.heard().len(), 2);
}

#[tokio::test]
async fn a_socks_proxy_is_told_the_name_and_its_own_name_may_be_private() {
    use tokio::io::AsyncReadExt;
    use tokio::io::AsyncWriteExt;
    let proxy = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = proxy.local_addr().expect("an address");
    let served = tokio::spawn(async move {
        let (mut stream, _) = proxy.accept().await.expect("a connection");
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.expect("a greeting");
        stream.write_all(&[5, 0]).await.expect("written");
        let mut request = vec![0; 5 + "ally.example".len() + 2];
        stream.read_exact(&mut request).await.expect("a request");
        request
    });
    let settings = config(&[
        ("PICKET_DOMAIN", "union.example"),
        ("PICKET_PROXY", &format!("socks5h://tor.localhost:{}", address.port())),
    ]);
    let client = client(&settings, all_lead_to(vec![address]));
    let fetched = client.fetch_json("https://ally.example/actor", None).await.map(drop);
    assert!(matches!(fetched, Err(FetchError::Unreachable(_))), "{fetched:?}");
    let request = served.await.expect("what the proxy heard");
    assert_eq!(&request[..5], &[5, 1, 0, 3, 12]);
    assert_eq!(&request[5..17], b"ally.example");
}
