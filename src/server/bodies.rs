//! What others send us is taken whole before anything looks at it: within its time, within its size, and within what all bodies together
//! may take of the memory.
//!
//! A small body costs nobody anything: what a peer says in an honest activity always finds room, whoever else sends what. Only what goes
//! beyond is taken from a common store, as it arrives, so that neither a told length nor a slow sender reserves what it does not use.

use std::sync::Arc;
use std::time::Duration;

use axum::body::HttpBody;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;
use crate::transport::json;

/// The largest body that anybody may send us.
const BODY_LIMIT: usize = 1024 * 1024;
/// What a body and all that is read from it may take without asking.
const FREE: usize = 24 * 1024;
/// What all together may take beyond.
const STORE: usize = 16 * 1024 * 1024;
/// What is taken at a time.
const PIECE: usize = 1024;
/// What a value of JSON takes in memory, its name included, as it was sent and in plain form.
const VALUE: usize = 192;

/// The store, and how long is waited.
#[derive(Clone)]
pub(super) struct Bodies {
    /// For the whole body.
    deadline: Duration,
    /// For room in the store.
    patience: Duration,
    store: Arc<Semaphore>,
}

/// A body in memory, with its part of the store.
#[derive(Default)]
struct Taken {
    bytes: BytesMut,
    room: Option<OwnedSemaphorePermit>,
}

/// Why a body was not taken.
pub(super) enum Refusal {
    TooLarge,
    TooManyValues,
    TooSlow,
    Encoded,
    Broken,
    NoRoom,
}

impl Bodies {
    pub(super) fn new(deadline: Duration, patience: Duration) -> Self {
        Self { deadline, patience, store: Arc::new(Semaphore::new(STORE / PIECE)) }
    }

    /// A request with its whole body in it, and the room that this takes until it is answered.
    pub(super) async fn take(&self, request: Request) -> Result<(Request, Option<OwnedSemaphorePermit>), Refusal> {
        let (head, body) = request.into_parts();
        let (body, room) = self.whole(&head.headers, body).await?;
        Ok((Request::from_parts(head, Body::from(body)), room))
    }

    async fn whole(&self, headers: &HeaderMap, body: Body) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Refusal> {
        // No peer encodes what it posts, and a bomb would be one.
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
        {
            return Err(Refusal::Encoded);
        }
        // What says that it is too large is refused at once.
        if body.size_hint().lower() > BODY_LIMIT as u64 {
            return Err(Refusal::TooLarge);
        }
        let mut taken = tokio::time::timeout(self.deadline, self.read(body)).await.map_err(|_| Refusal::TooSlow)??;
        let values = json::count_values(&taken.bytes);
        if values > json::MOST_VALUES {
            return Err(Refusal::TooManyValues);
        }
        let needed = taken.bytes.len() + VALUE * values;
        self.make_room(&mut taken, needed).await?;
        Ok((taken.bytes.freeze(), taken.room))
    }

    async fn read(&self, mut body: Body) -> Result<Taken, Refusal> {
        let mut taken = Taken::default();
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame.map_err(|_| Refusal::Broken)?.into_data() else { continue };
            if taken.bytes.len() + piece.len() > BODY_LIMIT {
                return Err(Refusal::TooLarge);
            }
            let needed = taken.bytes.len() + piece.len();
            self.make_room(&mut taken, needed).await?;
            taken.bytes.extend_from_slice(&piece);
        }
        Ok(taken)
    }

    /// Sees to it that a body has room for so much.
    async fn make_room(&self, taken: &mut Taken, needed: usize) -> Result<(), Refusal> {
        let has = taken.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let lacks = needed.saturating_sub(FREE).div_ceil(PIECE).saturating_sub(has);
        if lacks == 0 {
            return Ok(());
        }
        let lacks = u32::try_from(lacks).map_err(|_| Refusal::NoRoom)?;
        let more = tokio::time::timeout(self.patience, Arc::clone(&self.store).acquire_many_owned(lacks)).await;
        let more = more.ok().and_then(Result::ok).ok_or(Refusal::NoRoom)?;
        match &mut taken.room {
            Some(room) => room.merge(more),
            None => taken.room = Some(more),
        }
        Ok(())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "a mebibyte is the most\n").into_response(),
            Self::TooManyValues => Error::invalid("body", json::Unreadable::TooMany.to_string()).into_response(),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body came too slowly\n").into_response(),
            // RFC 7694, section 3.
            Self::Encoded => {
                let plain = [(ACCEPT_ENCODING, HeaderValue::from_static("identity"))];
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, plain, "send it without Content-Encoding\n").into_response()
            }
            Self::Broken => (StatusCode::BAD_REQUEST, "the body broke off\n").into_response(),
            Self::NoRoom => {
                Error::Unavailable("too much arrives at once; try again in a minute".to_owned()).into_response()
            }
        }
    }
}
