//! As much HTTP/1.1 as the driver needs, and no more, so that it stays faster than what it measures.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const READ_AT_ONCE: usize = 16 * 1024;

/// A message as it came: the head with its blank line, then the body.
pub struct Message {
    bytes: Vec<u8>,
    head: usize,
}

impl Message {
    /// First line and headers.
    pub fn head(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.head]).unwrap_or_default()
    }

    /// What follows them.
    pub fn body(&self) -> &[u8] {
        &self.bytes[self.head..]
    }

    /// The words of the first line.
    pub fn first_line(&self) -> Vec<&str> {
        self.head().lines().next().unwrap_or_default().split(' ').collect()
    }
}

/// Reads one message; `None` when the other side has hung up.
pub async fn read_message(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Message> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = end + 4;
            let length = head + content_length(std::str::from_utf8(&buffer[..head]).ok()?);
            while buffer.len() < length {
                more(stream, buffer).await?;
            }
            let rest = buffer.split_off(length);
            return Some(Message { bytes: std::mem::replace(buffer, rest), head });
        }
        more(stream, buffer).await?;
    }
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    buffer.reserve(READ_AT_ONCE);
    let read = stream.read_buf(buffer).await.ok()?;
    (read > 0).then_some(())
}

fn content_length(head: &str) -> usize {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let found = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    found.and_then(|(_, length)| length.trim().parse().ok()).unwrap_or(0)
}

/// Asks on a new connection for what must be there, and says how long the answer took; opening the connection is not counted.
pub async fn ask(address: SocketAddr, request: &[u8]) -> (Duration, Message) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("a setting of the connection");
    let begun = Instant::now();
    stream.write_all(request).await.expect("sent");
    let answer = read_message(&mut stream, &mut Vec::new()).await.expect("an answer");
    let took = begun.elapsed();
    assert_eq!(answer.first_line()[1], "200", "{}: {}", String::from_utf8_lossy(request), answer.head());
    (took, answer)
}

/// How a flood of requests went.
pub struct Flood {
    /// From the first byte to the last answer.
    pub took: Duration,
    /// How often each status came.
    pub statuses: BTreeMap<String, usize>,
}

impl Flood {
    /// Statuses other than the one that was hoped for, for the table.
    pub fn others(&self, hoped: &str) -> String {
        let others = self.statuses.iter().filter(|(status, _)| *status != hoped);
        others.map(|(status, count)| format!(", {count} answered {status}")).collect::<Vec<_>>().concat()
    }
}

/// Sends ready-made requests over some kept connections, each of which waits for its answer before it sends the next.
pub async fn flood(address: SocketAddr, requests: Vec<Vec<u8>>, connections: usize) -> Flood {
    let mut queues: Vec<Vec<Vec<u8>>> = (0..connections).map(|_| Vec::new()).collect();
    for (place, request) in requests.into_iter().enumerate() {
        queues[place % connections].push(request);
    }
    let mut streams = Vec::new();
    for _ in 0..connections {
        streams.push(TcpStream::connect(address).await.expect("a connection"));
    }
    let begun = Instant::now();
    let mut senders = JoinSet::new();
    for (stream, queue) in streams.into_iter().zip(queues) {
        senders.spawn(send_all(stream, queue));
    }
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(sent) = senders.join_next().await {
        for status in sent.expect("a sender ends well") {
            *statuses.entry(status).or_default() += 1;
        }
    }
    Flood { took: begun.elapsed(), statuses }
}

async fn send_all(mut stream: TcpStream, queue: Vec<Vec<u8>>) -> Vec<String> {
    let mut statuses = Vec::with_capacity(queue.len());
    let mut buffer = Vec::new();
    // Without it the system holds small packets back.
    stream.set_nodelay(true).expect("a setting of the connection");
    for request in queue {
        let sent = stream.write_all(&request).await;
        let answer = if sent.is_ok() { read_message(&mut stream, &mut buffer).await } else { None };
        let status = answer.and_then(|answer| answer.first_line().get(1).map(|&status| status.to_owned()));
        statuses.push(status.unwrap_or_else(|| "nothing".to_owned()));
    }
    statuses
}
