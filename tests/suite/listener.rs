//! A tiny server on loopback that answers as badly as a test wants and counts who came.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http::header::{HeaderMap, HeaderName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request that arrived.
#[derive(Clone)]
pub struct Heard {
    pub method: String,
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What to answer.
pub enum Reply {
    /// These bytes, and the connection may be used again.
    Whole(Vec<u8>),
    /// These bytes, and then nothing more while the other side waits.
    ThenSilence(Vec<u8>),
    /// These bytes, and then the second ones again and again.
    ThenEndless(Vec<u8>, Vec<u8>),
}

/// Listens until it is dropped with the test's runtime.
pub struct Listener {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

type Answer = dyn Fn(&Heard) -> Reply + Send + Sync;

impl Listener {
    /// Starts on a free port.
    pub async fn start(answer: impl Fn(&Heard) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let started = Self {
            address: listener.local_addr().expect("an address"),
            connections: Arc::default(),
            heard: Arc::default(),
        };
        let (connections, heard, answer) =
            (Arc::clone(&started.connections), Arc::clone(&started.heard), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&heard), Arc::clone(&answer) as Arc<Answer>));
            }
        });
        started
    }

    /// Answers everything in the same way.
    pub async fn answering(answer: Vec<u8>) -> Self {
        Self::start(move |_| Reply::Whole(answer.clone())).await
    }

    /// An address here.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections came.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests that came, in order.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("nobody panicked").clone()
    }
}

/// An answer with its length.
pub fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut answer = head(status, headers);
    let end = answer.len() - 2;
    answer.truncate(end);
    answer.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
    answer.extend(body);
    answer
}

/// The head of an answer without a length.
pub fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Said\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    (head + "\r\n").into_bytes()
}

async fn serve(mut stream: TcpStream, heard: Arc<Mutex<Vec<Heard>>>, answer: Arc<Answer>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let reply = answer(&request);
        heard.lock().expect("nobody panicked").push(request);
        let written = match reply {
            Reply::Whole(bytes) => stream.write_all(&bytes).await,
            Reply::ThenSilence(bytes) => {
                let written = stream.write_all(&bytes).await;
                // Until the other side hangs up.
                _ = stream.read(&mut [0]).await;
                written
            }
            Reply::ThenEndless(bytes, more) => {
                let mut written = stream.write_all(&bytes).await;
                while written.is_ok() {
                    written = stream.write_all(&more).await;
                }
                written
            }
        };
        if written.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Heard> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at;
        }
        more(stream, buffer).await?;
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut start = lines.next()?.split(' ');
    let (method, target) = (start.next()?.to_owned(), start.next()?.to_owned());
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        headers.append(name.parse::<HeaderName>().ok()?, value.trim().parse().ok()?);
    }
    let length = headers.get("content-length").and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(0);
    while buffer.len() < head_end + 4 + length {
        more(stream, buffer).await?;
    }
    let rest = buffer.split_off(head_end + 4 + length);
    let body = buffer.split_off(head_end + 4);
    *buffer = rest;
    Some(Heard { method, target, headers, body })
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    (stream.read_buf(buffer).await.ok()? > 0).then_some(())
}
