//! Connections and TLS sessions are used again, and HTTP/2 is spoken with servers that offer it.

use std::convert::Infallible;
use std::sync::Mutex;

use http::header::CONNECTION;
use http::{Response, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use picket::transport::signature::read_claim;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{HandshakeKind, ServerConfig};

use super::*;

/// A certificate for `peer.test` until 2120, signed by its own key, and that key, which opens nothing else.
const PEER: &str = include_str!("peer.test.pem");
const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// What a server saw.
#[derive(Default)]
struct Seen {
    /// Each connection, and whether its session is an earlier one's.
    handshakes: Vec<HandshakeKind>,
    /// Each request.
    requests: Vec<http::Request<()>>,
}

/// A server with TLS, until the test's runtime ends.
#[derive(Clone)]
struct Server {
    acceptor: TlsAcceptor,
    seen: Arc<Mutex<Seen>>,
    closes: bool,
}

impl Server {
    async fn serve(self, stream: TcpStream) {
        let Ok(stream) = self.acceptor.accept(stream).await else { return };
        let kind = stream.get_ref().1.handshake_kind().expect("a handshake that is done");
        self.seen.lock().expect("nobody panicked").handshakes.push(kind);
        let service =
            hyper::service::service_fn(|request| std::future::ready(Ok::<_, Infallible>(self.answer(request))));
        // Whoever hangs up has its reasons.
        _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    }

    fn answer<B>(&self, request: http::Request<B>) -> Response<String> {
        self.seen.lock().expect("nobody panicked").requests.push(request.map(drop));
        let mut answer = Response::new(String::new());
        *answer.status_mut() = StatusCode::ACCEPTED;
        if self.closes {
            answer.headers_mut().insert(CONNECTION, http::HeaderValue::from_static("close"));
        }
        answer
    }
}

/// Starts a server that offers a protocol, and closes each connection after one answer or none; gives its inbox and what it sees.
async fn server(protocol: &[u8], closes: bool) -> (String, Arc<Mutex<Seen>>) {
    let files = pem::parse_many(PEER).expect("a certificate and its key");
    let certificate = CertificateDer::from(files[0].contents().to_vec());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(files[1].contents().to_vec()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate with its key");
    config.alpn_protocols = vec![protocol.to_vec()];
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let inbox = format!("https://peer.test:{}/inbox", listener.local_addr().expect("an address").port());
    let server = Server { acceptor: TlsAcceptor::from(Arc::new(config)), seen: Arc::default(), closes };
    let seen = Arc::clone(&server.seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(server.clone().serve(stream));
        }
    });
    (inbox, seen)
}

/// A client that believes the certificate of `peer.test`, which is on this machine.
fn believing() -> Client {
    let network = Network {
        deadline: PATIENCE,
        lookup: all_lead_to(vec![SocketAddr::from(([127, 0, 0, 1], 0))]),
        authorities: vec![reqwest::Certificate::from_pem(PEER.as_bytes()).expect("a certificate")],
    };
    Client::on(network, &insecure(), Clock::default()).expect("a client")
}

async fn deliver(client: &Client, inbox: &str, signer: &SigningKey) {
    let answer = client.post(inbox, "{}".into(), signer, SignatureForm::Cavage).await.expect("an answer");
    assert_eq!(answer.status, 202);
}

#[tokio::test]
async fn deliveries_to_one_server_share_a_connection_whatever_it_speaks() {
    for (protocol, version) in [(HTTP2, Version::HTTP_2), (HTTP1, Version::HTTP_11)] {
        let (inbox, seen) = server(protocol, false).await;
        let (client, signer) = (believing(), signer());
        for _ in 0..5 {
            deliver(&client, &inbox, &signer).await;
        }
        let seen = seen.lock().expect("nobody panicked");
        assert_eq!(seen.handshakes, [HandshakeKind::Full], "{version:?}");
        assert_eq!(seen.requests.len(), 5);
        assert!(seen.requests.iter().all(|request| request.version() == version));
    }
}

#[tokio::test]
async fn deliveries_at_the_same_time_share_a_connection_of_http_2() {
    let (inbox, seen) = server(HTTP2, false).await;
    let (client, signer) = (believing(), signer());
    deliver(&client, &inbox, &signer).await;
    futures::future::join_all((0..20).map(|_| deliver(&client, &inbox, &signer))).await;
    let seen = seen.lock().expect("nobody panicked");
    assert_eq!((seen.handshakes.len(), seen.requests.len()), (1, 21));
}

#[tokio::test]
async fn a_new_connection_to_a_server_goes_on_with_its_tls_session() {
    let (inbox, seen) = server(HTTP1, true).await;
    let (client, signer) = (believing(), signer());
    for _ in 0..3 {
        deliver(&client, &inbox, &signer).await;
    }
    let seen = seen.lock().expect("nobody panicked");
    assert_eq!(seen.handshakes, [HandshakeKind::Full, HandshakeKind::Resumed, HandshakeKind::Resumed]);
}

/// In HTTP/2 a host is no header but `:authority`, and the signature covers it.
#[tokio::test]
async fn what_is_signed_is_what_arrives_over_http_2_too() {
    let (inbox, seen) = server(HTTP2, false).await;
    let (client, signer) = (believing(), signer());
    for form in [SignatureForm::Cavage, SignatureForm::Rfc9421] {
        client.post(&inbox, "{}".into(), &signer, form).await.expect("an answer");
    }
    let seen = seen.lock().expect("nobody panicked");
    for (asked, form) in seen.requests.iter().zip([SignatureForm::Cavage, SignatureForm::Rfc9421]) {
        let host = asked.uri().authority().expect("an authority").as_str();
        assert!(inbox.contains(host), "{host}");
        let mut headers = asked.headers().clone();
        headers.insert("host", host.parse().expect("a host"));
        let request = Request { method: "POST", path_and_query: "/inbox", headers: &headers, body: b"{}" };
        let claim = read_claim(&request, host, "https", Clock::default().now()).expect("a good signature");
        assert!(claim.form == form && claim.verify(&signer.key.public_key().expect("its public half")));
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_believed() {
    let (inbox, seen) = server(HTTP2, false).await;
    let client = client(&insecure(), all_lead_to(vec![SocketAddr::from(([127, 0, 0, 1], 0))]));
    let refused = client.post(&inbox, "{}".into(), &signer(), SignatureForm::Cavage).await.map(drop);
    assert!(matches!(refused, Err(FetchError::Unreachable(_))), "{refused:?}");
    assert!(seen.lock().expect("nobody panicked").requests.is_empty());
}
