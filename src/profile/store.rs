//! The profile in the database.

mod aliases;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::fields::{Seen, checked, checked_value};
use super::{Profile, checked_name};
use crate::actors::{self, Actor};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::storage::schema::{actors as actor_rows, profile_fields, profile_pictures};
use crate::storage::{Conn, each, text_enum};

pub use aliases::{add_alias, aliases, remove_alias};

/// Mastodon shows four, others more.
const MOST_FIELDS: i64 = 8;

text_enum! {
    /// Where a picture of the profile stands.
    Place {
        /// The square picture beside the name.
        Icon = "icon",
        /// The banner behind it.
        Image = "image",
    }
}

/// A picture of the profile.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = profile_pictures)]
pub struct Picture {
    /// Where it stands.
    pub place: Place,
    /// Name of the file in the media folder.
    pub file: String,
    /// Media type.
    pub media_type: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
    /// A blurred impression (woltapp/blurhash).
    pub blurhash: String,
    /// The widths in which it lies in the media folder too, with a space between.
    pub sizes: String,
}

/// A field of the profile.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = profile_fields)]
pub struct Field {
    /// Row number, which is its place as well.
    pub id: i64,
    /// Text.
    pub label: String,
    /// A text, or an address.
    pub value: String,
    /// When the page at the address was last seen to link back to us with `rel="me"`.
    pub verified_at: Option<Time>,
    /// When it was last looked at.
    pub checked_at: Option<Time>,
}

/// The profile of the union, given by its id on the wire.
pub fn read(conn: &mut Conn, union: &str) -> Result<Profile> {
    let union = actors::find(conn, union)?.ok_or_else(|| Error::internal("this node has no actor"))?;
    let pictures: Vec<Picture> = profile_pictures::table.select(Picture::as_select()).load(conn)?;
    let at = |place| pictures.iter().find(|picture| picture.place == place).cloned();
    let (icon, image) = (at(Place::Icon), at(Place::Image));
    Ok(Profile { union, icon, image, fields: fields(conn)?, aliases: aliases(conn)? })
}

fn fields(conn: &mut Conn) -> Result<Vec<Field>> {
    Ok(profile_fields::table.order(profile_fields::id).select(Field::as_select()).load(conn)?)
}

/// Gives the union another name.
///
/// # Errors
/// `Invalid` for one that is empty or too long.
pub fn change_name(conn: &mut Conn, union: &Actor, name: &str) -> Result<()> {
    diesel::update(actor_rows::table.find(union.id)).set(actor_rows::name.eq(checked_name(name)?)).execute(conn)?;
    Ok(())
}

/// Puts another summary, in safe HTML, in place of the union's.
pub fn change_summary(conn: &mut Conn, union: &Actor, html: &str) -> Result<()> {
    diesel::update(actor_rows::table.find(union.id)).set(actor_rows::summary.eq(html)).execute(conn)?;
    Ok(())
}

/// Puts a picture in its place; gives the file that nothing shows any more.
pub fn set_picture(conn: &mut Conn, picture: &Picture) -> Result<Option<String>> {
    let older = profile_pictures::table.find(picture.place).select(profile_pictures::file).first(conn).optional()?;
    diesel::delete(profile_pictures::table.find(picture.place)).execute(conn)?;
    diesel::insert_into(profile_pictures::table).values(picture).execute(conn)?;
    Ok(older)
}

/// The media type of a picture that the profile shows, by the name of its file.
pub fn published_picture(conn: &mut Conn, file: &str) -> Result<Option<String>> {
    let shown = profile_pictures::table.filter(profile_pictures::file.eq(file));
    Ok(shown.select(profile_pictures::media_type).first(conn).optional()?)
}

/// Sets a field: changes its value where there is one of this label, else adds it at the end.
///
/// # Errors
/// `Invalid` for a label or value that is empty, too long or no address, `Conflict` where there are as many fields as may be.
pub fn set_field(conn: &mut Conn, label: &str, value: &str) -> Result<Field> {
    let (label, value) = (checked("label", label)?, checked_value(value)?);
    let is_new = !fields(conn)?.iter().any(|field| field.label == label);
    if is_new && profile_fields::table.select(count_star()).first::<i64>(conn)? >= MOST_FIELDS {
        let why = format!("there are {MOST_FIELDS} fields, which is the most; remove one first");
        return Err(Error::Conflict(why));
    }
    // What was seen at another address says nothing of this one.
    let unseen = (profile_fields::verified_at.eq(None::<Time>), profile_fields::checked_at.eq(None::<Time>));
    let row = (profile_fields::label.eq(&label), profile_fields::value.eq(&value));
    each!(conn, conn => diesel::insert_into(profile_fields::table)
        .values(row)
        .on_conflict(profile_fields::label)
        .do_update()
        .set((profile_fields::value.eq(&value), unseen))
        .execute(conn))?;
    let labelled = profile_fields::table.filter(profile_fields::label.eq(&label));
    Ok(labelled.select(Field::as_select()).first(conn)?)
}

/// Removes a field.
///
/// # Errors
/// `NotFound` where there is none of this label.
pub fn remove_field(conn: &mut Conn, label: &str) -> Result<()> {
    let labelled = profile_fields::table.filter(profile_fields::label.eq(label.trim()));
    if diesel::delete(labelled).execute(conn)? == 0 {
        return Err(Error::not_found(format!("a field {label:?} (`picket profile` lists them)")));
    }
    Ok(())
}

/// Fields whose links were never looked at, or not since a time.
pub fn links_due(conn: &mut Conn, since: Option<Time>) -> Result<Vec<Field>> {
    let is_old = |checked: Time| since.is_some_and(|since| checked <= since);
    let is_due = |field: &Field| field.link().is_some() && field.checked_at.is_none_or(is_old);
    Ok(fields(conn)?.into_iter().filter(is_due).collect())
}

/// Notes what was seen at the address of a field; nothing, where it leads elsewhere by now.
pub fn note_seen(conn: &mut Conn, field: &Field, seen: Seen, now: Time) -> Result<()> {
    let unchanged = profile_fields::id.eq(field.id).and(profile_fields::value.eq(&field.value));
    diesel::update(profile_fields::table.filter(unchanged))
        .set((profile_fields::verified_at.eq(field.verified_after(seen, now)), profile_fields::checked_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
