//! Connections: how many, for how long, and how slow their other ends may be. Memory for each is bounded, so that all together are.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_io_timeout::TimeoutStream;

use super::Patience;

/// Connections open at once; more wait in the system's own queue.
const CONNECTIONS: usize = 2_000;
/// What one connection keeps of what arrives before it is understood: the longest head of a request.
const BUFFER: usize = 16 * 1024;
/// How long a stop waits for requests under way.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// After the system refused to open one more.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves whoever comes until told to stop.
pub(super) async fn accept<A, F>(
    answer: A,
    listener: TcpListener,
    patience: &Patience,
    stop: &mut watch::Receiver<bool>,
) where
    A: Fn(Request) -> F + Clone + Send + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let next = async { (Arc::clone(&places).acquire_owned().await, listener.accept().await) };
        let (place, stream) = tokio::select! {
            (place, accepted) = next => match accepted {
                Ok((stream, _)) => (place, stream),
                Err(error) => {
                    // Most often too many open files: give others time to close theirs.
                    tracing::debug!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            _ = stop.changed() => break,
        };
        let connection = serve_connection(answer.clone(), stream, patience, &graceful);
        tokio::spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_PATIENCE, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            "some requests did not end in time and were cut off; whoever sent them is told to send them again"
        );
    }
}

fn serve_connection<A, F>(
    answer: A,
    stream: TcpStream,
    patience: &Patience,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<A, F>
where
    A: Fn(Request) -> F + Send + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let mut builder = http1::Builder::new();
    // The time for the head runs from the opening of the connection, and anew from the end of each answer.
    builder.timer(TokioTimer::new()).header_read_timeout(patience.head);
    // More than a hundred headers, which no honest request has, it refuses by itself; told so, it would clear their places for each request.
    builder.max_buf_size(BUFFER);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.reader));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answered = answer(request.map(Body::new));
        async { Ok::<_, Infallible>(answered.await) }
    });
    let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = graceful.watch(connection);
    let life = patience.connection;
    async move {
        // A peer that hangs up in the middle, or takes for ever to read, is its own affair.
        if let Ok(Err(error)) = tokio::time::timeout(life, connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}
