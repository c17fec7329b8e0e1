//! Every request that leaves this node, and the signatures on requests both ways.
//!
//! This room knows bytes, addresses and keys. It refuses to know what a document means: it never reads a field of one, never decides
//! whose key may speak for whom (the federation's gate does), never retries (delivery does) and stores nothing. Called by the
//! federation, delivery and media; there is no other HTTP client in the house.

mod account;
pub mod address;
mod answer;
pub mod client;
mod fault;
pub mod json;
mod media_type;
pub mod resolver;
pub mod signature;
mod sockets;

use crate::crypto::PrivateKey;
use crate::storage::text_enum;

pub use account::Account;
pub use client::{Answer, Client, Document, Fetched, Judge, Network, Signer};
pub use fault::FetchError;

/// A key of ours with the name under which others find its public half.
pub struct SigningKey {
    /// The key's id, an address that others fetch.
    pub id: String,
    /// What signs.
    pub key: PrivateKey,
}

text_enum! {
    /// The two ways of signing a request that the fediverse knows.
    SignatureForm {
        /// draft-cavage-http-signatures-12, which every server understands.
        Cavage = "cavage",
        /// HTTP Message Signatures, the standard.
        Rfc9421 = "rfc9421",
    }
}

impl SignatureForm {
    /// The one to try when this one was refused (double-knocking, SWICG report on HTTP signatures).
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 => Self::Cavage,
        }
    }

    /// Whether a server may answer so because it does not believe this form of signature.
    #[must_use]
    pub fn may_be_the_reason(status: u16) -> bool {
        matches!(status, 400 | 401 | 403)
    }
}
