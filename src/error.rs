//! What can go wrong, by meaning. The doors (web pages, inbox, command line) turn each into their own kind of answer; the text inside
//! `Internal` is logged once there and never leaves the machine.

/// Shorthand for everything that can fail here.
pub type Result<T> = std::result::Result<T, Error>;

/// How long somebody waits before asking again for what is not available now.
const UNAVAILABLE_SECONDS: u64 = 30;

/// How the databases say that the disk refuses. Where it did so in the middle, SQLite takes back the whole transaction and its savepoints with it.
const DISK_SIGNS: [&str; 5] =
    ["disk is full", "No space left", "disk I/O error", "could not extend file", "no such savepoint"];
/// How they say that somebody else's lock lasts, or that the server stops or starts.
const PASSING_SIGNS: [&str; 7] = [
    "database is locked",
    "lock timeout",
    "deadlock detected",
    "the database system is",
    "terminating connection",
    "server closed the connection",
    "no connection to the server",
];

/// What went wrong, in the words of whoever must act on it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing of that name exists, or it is not for this reader: both look the same.
    #[error("{0} was not found")]
    NotFound(String),
    /// It existed and was withdrawn.
    #[error("{0} was withdrawn")]
    Gone(String),
    /// Something that was given to us is wrong, and the giver can mend it.
    #[error("{field}: {why}")]
    Invalid {
        /// What was wrong: a field, a key, a header.
        field: String,
        /// Why, and how to mend it.
        why: String,
    },
    /// Whoever asks is not known: no signature, or one that does not hold.
    #[error("{0}")]
    Unauthorized(String),
    /// Whoever asks is known and may not.
    #[error("{0}")]
    Forbidden(String),
    /// It cannot be done in the present state.
    #[error("{0}")]
    Conflict(String),
    /// Too much at once: it may be tried again after some seconds.
    #[error("{why}")]
    TooMany {
        /// What was too much.
        why: String,
        /// The seconds.
        seconds: u64,
    },
    /// It cannot be done now and may work later.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// A missing thing, named as the reader named it.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound(what.into())
    }

    /// A wrong value, with what to do about it.
    pub fn invalid(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), why: why.into() }
    }

    /// A fault of ours, for the log.
    #[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err(Error::internal)`")]
    pub fn internal(what: impl ToString) -> Self {
        Self::Internal(what.to_string())
    }

    /// After how many seconds it may be tried again, where that helps (`Retry-After`, RFC 9110, section 10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { seconds, .. } => Some(*seconds),
            Self::Unavailable(_) => Some(UNAVAILABLE_SECONDS),
            _ => None,
        }
    }

    /// Its meaning in one word, for counting.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Gone(_) => "gone",
            Self::Invalid { .. } => "invalid",
            Self::Unauthorized(_) => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::Conflict(_) => "conflict",
            Self::TooMany { .. } => "too_many",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "fault",
        }
    }

    /// The status with which a door answers.
    #[must_use]
    pub fn status(&self) -> http::StatusCode {
        use http::StatusCode;
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Gone(_) => StatusCode::GONE,
            Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        // PostgreSQL explains itself in several lines.
        let text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if matches!(error, diesel::result::Error::NotFound) {
            return Self::not_found("the entry");
        }
        if DISK_SIGNS.iter().any(|sign| text.contains(sign)) {
            return Self::Unavailable(format!(
                "the disk refused the write ({text}); nothing was changed: free some space and try again"
            ));
        }
        if text.contains("readonly database") {
            let why = "this user may not write to the database; nothing was changed: run it as the node's own user";
            return Self::Unavailable(why.to_owned());
        }
        if is_passing(&error, &text) {
            return Self::Unavailable(format!(
                "the database did not do it now ({text}); nothing was changed: try again in a minute"
            ));
        }
        Self::Internal(text)
    }
}

/// Whether what the database says is over in a while by itself: somebody else's lock, or a server that stops and starts again.
fn is_passing(error: &diesel::result::Error, text: &str) -> bool {
    use diesel::result::DatabaseErrorKind::{ClosedConnection, SerializationFailure, UnableToSendCommand};
    let is_passing_kind = matches!(
        error,
        diesel::result::Error::DatabaseError(ClosedConnection | SerializationFailure | UnableToSendCommand, _)
    );
    is_passing_kind || PASSING_SIGNS.iter().any(|sign| text.contains(sign))
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("JSON: {error}"))
    }
}
