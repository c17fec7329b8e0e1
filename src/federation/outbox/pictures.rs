//! Pictures and documents on their way in and out of the media folder.

use std::path::{Path, PathBuf};

use crate::clock::random_name;
use crate::error::{Error, Result};
use crate::media::{self, Kept};
use crate::node::Node;
use crate::statements::draft::{DocumentDraft, Draft, PictureDraft};
use crate::statements::{Document, NewStatement, Picture};

/// Decodes, cleans and keeps pictures, under names that tell nothing; in the order of their files.
pub(super) async fn take_in(node: &Node, files: Vec<PathBuf>) -> Result<Vec<Kept>> {
    let folder = node.config.media_dir();
    let work =
        move || all_or_none(&folder, &files, |file| media::take_in(file, &folder, &random_name()), |kept| &kept.file);
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// The pictures of a statement.
async fn pictures(node: &Node, drafts: &[PictureDraft]) -> Result<Vec<Picture>> {
    let kept = take_in(node, drafts.iter().map(|draft| draft.file.clone()).collect()).await?;
    Ok(drafts.iter().zip(kept).map(|(draft, kept)| picture(draft, kept)).collect())
}

fn picture(draft: &PictureDraft, kept: Kept) -> Picture {
    Picture {
        file: kept.file,
        media_type: kept.media_type.to_owned(),
        width: kept.width,
        height: kept.height,
        blurhash: kept.blurhash,
        alt: draft.alt.clone(),
        caption: draft.caption.clone(),
        credit: draft.credit.clone(),
        sensitive: draft.sensitive,
        sizes: kept.sizes,
        focus_x: draft.focus.0,
        focus_y: draft.focus.1,
    }
}

/// The documents of a statement, written anew and kept under names that tell nothing.
async fn documents(node: &Node, drafts: &[DocumentDraft]) -> Result<Vec<Document>> {
    let (folder, drafts) = (node.config.media_dir(), drafts.to_vec());
    let keep = move |draft: &DocumentDraft| {
        let (file, bytes) = media::take_in_pdf(&draft.file, &folder, &random_name())?;
        Ok(Document { file, title: draft.title.clone(), bytes })
    };
    let (emptied, name): (_, fn(&Document) -> &String) = (node.config.media_dir(), |document| &document.file);
    tokio::task::spawn_blocking(move || all_or_none(&emptied, &drafts, keep, name)).await.map_err(Error::internal)?
}

/// Takes in all files, or none: where one is refused, those before it are removed again.
fn all_or_none<D, K>(
    folder: &Path,
    drafts: &[D],
    take_in: impl Fn(&D) -> Result<K>,
    name: impl Fn(&K) -> &String,
) -> Result<Vec<K>> {
    let mut kept = Vec::new();
    for draft in drafts {
        match take_in(draft) {
            Ok(taken) => kept.push(taken),
            Err(error) => {
                let names: Vec<String> = kept.iter().map(|kept| name(kept).clone()).collect();
                media::remove(folder, &names);
                return Err(error);
            }
        }
    }
    Ok(kept)
}

/// The pictures and documents of a statement, all or none.
pub(super) async fn attachments(node: &Node, draft: &Draft) -> Result<(Vec<Picture>, Vec<Document>)> {
    let documents = documents(node, draft.documents.as_deref().unwrap_or_default()).await?;
    match pictures(node, draft.pictures.as_deref().unwrap_or_default()).await {
        Ok(pictures) => Ok((pictures, documents)),
        Err(error) => {
            let names: Vec<String> = documents.into_iter().map(|document| document.file).collect();
            remove_files(node, &names);
            Err(error)
        }
    }
}

/// The files of a statement's pictures and documents.
pub(super) fn files_of(new: &NewStatement) -> Vec<String> {
    let pictures = new.pictures.iter().map(|picture| &picture.file);
    pictures.chain(new.documents.iter().map(|document| &document.file)).cloned().collect()
}

/// What may take the place of something else: the newer, then the older.
type Instead<'a, T> = Option<(&'a Vec<T>, &'a Vec<T>)>;

/// Whether the pictures and documents that a newer wording brings, if it brings any, are those that are there.
pub(super) fn same_attachments(node: &Node, pictures: Instead<'_, Picture>, documents: Instead<'_, Document>) -> bool {
    let folder = node.config.media_dir();
    let same_file = |one: &str, other: &str| {
        let bytes = |name: &str| std::fs::read(folder.join(name)).ok();
        bytes(one).is_some_and(|content| Some(content) == bytes(other))
    };
    let same_picture = |new: &Picture, old: &Picture| {
        let shown = |picture: &Picture| Picture { file: String::new(), ..picture.clone() };
        shown(new) == shown(old) && same_file(&new.file, &old.file)
    };
    let same_document = |new: &Document, old: &Document| new.title == old.title && same_file(&new.file, &old.file);
    all_same(pictures, same_picture) && all_same(documents, same_document)
}

fn all_same<T>(instead: Instead<'_, T>, same: impl Fn(&T, &T) -> bool) -> bool {
    instead.is_none_or(|(new, old)| new.len() == old.len() && new.iter().zip(old).all(|(new, old)| same(new, old)))
}

/// Removes files that nothing shows any more.
pub(super) fn remove_files(node: &Node, files: &[String]) {
    media::remove(&node.config.media_dir(), files);
}
