//! The pictures of a statement on their way in and out of the media folder.

use std::sync::Arc;

use crate::clock::random_name;
use crate::error::{Error, Result};
use crate::media;
use crate::node::Node;
use crate::statements::draft::PictureDraft;
use crate::statements::{NewStatement, Picture};

/// Decodes, cleans and keeps the pictures, under names that tell nothing.
pub(super) async fn pictures(node: &Node, drafts: &[PictureDraft]) -> Result<Vec<Picture>> {
    let (drafts, folder) = (drafts.to_vec(), Arc::new(node.config.media_dir()));
    let work = move || drafts.iter().map(|draft| picture(draft, &folder)).collect();
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

fn picture(draft: &PictureDraft, folder: &std::path::Path) -> Result<Picture> {
    let kept = media::take_in(&draft.file, folder, &random_name())?;
    Ok(Picture {
        file: kept.file,
        media_type: kept.media_type.to_owned(),
        width: kept.width,
        height: kept.height,
        blurhash: kept.blurhash,
        alt: draft.alt.clone(),
        caption: draft.caption.clone(),
        credit: draft.credit.clone(),
        sensitive: draft.sensitive,
    })
}

/// The files of a statement's pictures.
pub(super) fn files_of(new: &NewStatement) -> Vec<String> {
    new.pictures.iter().map(|picture| picture.file.clone()).collect()
}

/// Removes pictures that nothing shows any more.
pub(super) fn remove_files(node: &Node, files: &[String]) {
    for file in files {
        if let Err(error) = std::fs::remove_file(node.config.media_dir().join(file)) {
            tracing::warn!(%error, file, "a picture that nothing shows any more could not be removed");
        }
    }
}
