//! Changes of the union's profile: whoever follows it, or is followed by it, is told once for each.

use std::path::PathBuf;

use super::pictures::{remove_files, take_in};
use super::say_in_public;
use crate::actors;
use crate::alliances;
use crate::clock::{Time, new_id};
use crate::delivery::Recipients;
use crate::error::{Error, Result};
use crate::federation::remote;
use crate::federation::wire::documents;
use crate::media::Kept;
use crate::node::Node;
use crate::profile::{self, Picture, Place};
use crate::site;
use crate::storage::Conn;

/// The longest summary as it is written; other servers show some hundred words.
const LONGEST_SUMMARY: usize = 5_000;

/// What changes; what is not given stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// Another name.
    pub name: Option<String>,
    /// Another summary, in Markdown.
    pub summary: Option<String>,
    /// A file with another picture.
    pub icon: Option<PathBuf>,
    /// A file with another banner.
    pub image: Option<PathBuf>,
}

/// Changes the name, the summary or the pictures. Gives the number of deliveries.
///
/// # Errors
/// `Invalid` where something must be mended; faults of the database, with nothing changed.
pub async fn change_profile(node: &Node, change: ProfileChange) -> Result<i64> {
    let name = change.name.as_deref().map(profile::checked_name).transpose()?;
    let summary = change.summary.as_deref().map(|markdown| summary(node, markdown)).transpose()?;
    let pictures = pictures(node, change.icon, change.image).await?;
    let (for_write, new, now) = (node.clone(), pictures.clone(), node.now());
    let changed = node
        .db
        .write(move |conn| {
            let union = &for_write.identity.union;
            if let Some(name) = &name {
                profile::change_name(conn, union, name)?;
            }
            if let Some(html) = &summary {
                profile::change_summary(conn, union, html)?;
            }
            let mut unused = Vec::new();
            for picture in &new {
                unused.extend(profile::set_picture(conn, picture)?);
            }
            Ok((tell_of_change(conn, &for_write, now)?, unused))
        })
        .await;
    match changed {
        Ok((deliveries, unused)) => {
            remove_files(node, &unused);
            node.bell.notify_one();
            Ok(deliveries)
        }
        Err(error) => {
            let files: Vec<String> = pictures.into_iter().map(|picture| picture.file).collect();
            remove_files(node, &files);
            Err(error)
        }
    }
}

/// Markdown as the summary of the profile, with our own pages behind its hashtags.
fn summary(node: &Node, markdown: &str) -> Result<String> {
    if markdown.chars().count() > LONGEST_SUMMARY {
        let why = format!("this is longer than {LONGEST_SUMMARY} characters; say it in fewer");
        return Err(Error::invalid("summary", why));
    }
    Ok(site::rendered(&node.urls, markdown))
}

async fn pictures(node: &Node, icon: Option<PathBuf>, image: Option<PathBuf>) -> Result<Vec<Picture>> {
    let given = [(Place::Icon, icon), (Place::Image, image)];
    let (places, files): (Vec<Place>, Vec<PathBuf>) =
        given.into_iter().filter_map(|(place, file)| Some((place, file?))).unzip();
    let kept = take_in(node, files).await?;
    Ok(places.into_iter().zip(kept).map(|(place, kept)| picture(place, kept)).collect())
}

fn picture(place: Place, kept: Kept) -> Picture {
    Picture {
        place,
        file: kept.file,
        media_type: kept.media_type.to_owned(),
        width: kept.width,
        height: kept.height,
        blurhash: kept.blurhash,
        sizes: kept.sizes,
    }
}

/// Sets a field of the profile, and looks whether the page that it leads to links back. Gives the number of deliveries.
///
/// # Errors
/// `Invalid` or `Conflict` where the field cannot be set.
pub async fn set_field(node: &Node, label: &str, value: &str) -> Result<i64> {
    if value.trim().starts_with("http://") && !node.config.insecure {
        let why = "this link is not encrypted; write https://, which nearly every site has";
        return Err(Error::invalid("value", why));
    }
    let (for_write, now) = (node.clone(), node.now());
    let (label, value) = (label.to_owned(), value.to_owned());
    let deliveries = node
        .db
        .write(move |conn| {
            profile::set_field(conn, &label, &value)?;
            tell_of_change(conn, &for_write, now)
        })
        .await?;
    node.bell.notify_one();
    remote::check_profile_links(node, None).await?;
    Ok(deliveries)
}

/// Removes a field of the profile. Gives the number of deliveries.
///
/// # Errors
/// `NotFound` where there is none of this label.
pub async fn remove_field(node: &Node, label: &str) -> Result<i64> {
    let (for_write, now, label) = (node.clone(), node.now(), label.to_owned());
    let deliveries = node
        .db
        .write(move |conn| {
            profile::remove_field(conn, &label)?;
            tell_of_change(conn, &for_write, now)
        })
        .await?;
    node.bell.notify_one();
    Ok(deliveries)
}

/// Tells followers and followed unions how the union's own document reads now.
pub(super) fn tell_of_change(conn: &mut Conn, node: &Node, now: Time) -> Result<i64> {
    let profile = profile::read(conn, &node.identity.union.uri)?;
    let union = &profile.union;
    let keys = actors::keys(conn, union.id)?;
    let document = documents::union(&profile, &keys, &node.config, &node.urls);
    let id = format!("{}#updates/{}", union.uri, new_id(now));
    let followed = alliances::following(conn, union.id)?;
    let to = Recipients {
        followers_of: Some(union.id),
        inboxes: followed.iter().map(|(_, actor)| actor.delivery_inbox().to_owned()).collect(),
        ..Recipients::default()
    };
    say_in_public(conn, node, documents::update_actor(&id, &document, now), None, &to, now)
}
