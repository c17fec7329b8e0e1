//! Pictures of others for our readers: fetched by us, written anew, and kept for a while, so that no other server sees who reads here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::{Found, Miss, Remote, miss};
use crate::crypto;
use crate::error::{Error, Result};
use crate::media;
use crate::node::Node;
use crate::transport::FetchError;

const PICTURES: [&str; 1] = ["image/*"];
/// After how long a picture may be asked for again where its server was asked for too many.
const BUSY_SECONDS: u64 = 10;

/// A picture from another server, at most so many pixels long, ready to be shown. Only addresses that stand in what we show may be
/// given here.
///
/// # Errors
/// `NotFound` where there is none, or none that we take, whatever its server does wrong; `TooMany` where that server is asked for too many at
/// once; `Unavailable` for our own database and disk.
pub async fn picture(node: &Node, address: &str, longest: u32) -> Result<Vec<u8>> {
    let (folder, name) = (node.config.picture_cache_dir(), name(address, longest));
    if let Some(kept) = find(node, &folder, &name).await? {
        return tokio::fs::read(kept).await.map_err(|error| Error::Unavailable(error.to_string()));
    }
    let fetched = Remote::for_reader(node).picture(address).await;
    let bytes = fetched.map_err(|miss| match miss {
        Miss::Ours(error) => error,
        _ => Error::not_found("This picture"),
    })?;
    // Decoding takes memory: few at a time, also where the reader has gone away meanwhile.
    let place = Arc::clone(&node.limits.decoding).acquire_owned().await.map_err(Error::internal)?;
    let (now, misses, missed) = (node.now(), node.missed_documents.clone(), as_missed(address));
    let work = move || {
        let _place = place;
        let prepared = media::prepare_other(&bytes, longest).map_err(|_| {
            // Whoever looks next must not make us fetch and decode it again.
            misses.insert(missed, (now, FetchError::NotFound));
            Error::not_found("This picture")
        })?;
        media::keep(&folder, &name, &prepared.bytes, now)?;
        Ok(prepared.bytes)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Removes kept pictures that are old.
///
/// # Errors
/// What the disk says.
pub async fn forget_pictures(node: &Node) -> Result<()> {
    let (folder, now) = (node.config.picture_cache_dir(), node.now());
    let removed =
        tokio::task::spawn_blocking(move || media::remove_old(&folder, now)).await.map_err(Error::internal)?;
    removed.map_err(|error| Error::Unavailable(format!("kept pictures of others could not be removed: {error}")))
}

async fn find(node: &Node, folder: &Path, name: &str) -> Result<Option<PathBuf>> {
    let (folder, name, now) = (folder.to_owned(), name.to_owned(), node.now());
    let look = move || media::find_kept(&folder, &name, now);
    tokio::task::spawn_blocking(look).await.map_err(Error::internal)
}

/// The name of a kept file: says nothing of where it came from, and no address can choose it.
fn name(address: &str, longest: u32) -> String {
    let digest = crypto::sha256(format!("{longest} {address}").as_bytes());
    let number = digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    media::file_name(&format!("{number:032x}"), "img")
}

/// Under which it is remembered that there is no picture at an address: there may be a document all the same.
fn as_missed(address: &str) -> String {
    format!("picture {address}")
}

impl<'n> Remote<'n> {
    /// For one reader of our pages, who looks at a picture.
    fn for_reader(node: &'n Node) -> Self {
        Self::on_account(node, &node.limits.pictures, 1)
    }

    async fn picture(&self, address: &str) -> Found<Bytes> {
        self.may_ask(address).await?;
        let missed = as_missed(address);
        if let Some(error) = self.missed(&missed) {
            return Err(miss(address, error));
        }
        let fetched = self.client.fetch_bytes(address, &PICTURES, media::MOST_BYTES_OF_OTHERS).await;
        self.remember_miss(&missed, fetched.as_ref().err());
        match fetched {
            Ok(picture) => Ok(picture.body),
            Err(FetchError::Busy) => Err(Miss::Ours(Error::TooMany {
                why: format!("{address} cannot be asked for now: its server is asked for too many pictures"),
                seconds: BUSY_SECONDS,
            })),
            Err(error) => Err(miss(address, error)),
        }
    }
}
