//! The union's own pages and the settings of its site in the database.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::pages::NewPage;
use super::settings::Settings;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::storage::schema::{pages, site_settings};
use crate::storage::{Conn, each};

/// More than a menu and a handful of others hold would be a site of another kind.
const MOST_PAGES: i64 = 500;

/// A page that the union wrote, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pages)]
pub struct Page {
    /// Row number.
    pub id: i64,
    /// Last part of its address.
    pub slug: String,
    /// Language tag.
    pub language: String,
    /// Title: text.
    pub title: String,
    /// As written.
    pub markdown: String,
    /// As safe HTML.
    pub html: String,
    /// Its place in the menu.
    pub menu_place: Option<i32>,
    /// When it was last changed.
    pub changed_at: Time,
}

/// A line of the menu, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pages)]
pub struct MenuEntry {
    /// Last part of the page's address.
    pub slug: String,
    /// Language tag.
    pub language: String,
    /// Title: text.
    pub title: String,
}

/// Keeps a new page.
///
/// # Errors
/// `Invalid` as for [`NewPage::check`], `Conflict` where it exists in this language, or where there are as many as may be.
pub fn add_page(conn: &mut Conn, new: &NewPage, now: Time) -> Result<Page> {
    new.check()?;
    if find_in(conn, &new.slug, &new.language)?.is_some() {
        let why = format!("the page {} exists in {} already; `picket page edit` changes it", new.slug, new.language);
        return Err(Error::Conflict(why));
    }
    if pages::table.select(count_star()).first::<i64>(conn)? >= MOST_PAGES {
        return Err(Error::Conflict(format!("there are {MOST_PAGES} pages, which is the most; remove one first")));
    }
    diesel::insert_into(pages::table)
        .values((
            (pages::slug.eq(&new.slug), pages::language.eq(&new.language)),
            (pages::title.eq(&new.title), pages::markdown.eq(&new.markdown), pages::html.eq(&new.html)),
            (pages::menu_place.eq(new.menu_place), pages::changed_at.eq(now)),
        ))
        .execute(conn)?;
    get_in(conn, &new.slug, &new.language)
}

/// Puts a newer text in place of a page's; its place in the menu stays where the newer names none.
///
/// # Errors
/// `Invalid` as for [`NewPage::check`], `NotFound` where it does not exist in this language.
pub fn change_page(conn: &mut Conn, new: &NewPage, now: Time) -> Result<Page> {
    new.check()?;
    let older = get_in(conn, &new.slug, &new.language)?;
    diesel::update(pages::table.find(older.id))
        .set((
            (pages::title.eq(&new.title), pages::markdown.eq(&new.markdown), pages::html.eq(&new.html)),
            (pages::menu_place.eq(new.menu_place.or(older.menu_place)), pages::changed_at.eq(now)),
        ))
        .execute(conn)?;
    get_in(conn, &new.slug, &new.language)
}

/// Removes a page, in one language or in all.
///
/// # Errors
/// `NotFound` where there is none.
pub fn remove_page(conn: &mut Conn, slug: &str, language: Option<&str>) -> Result<usize> {
    let named = pages::slug.eq(slug);
    let removed = match language {
        Some(language) => diesel::delete(pages::table.filter(named.and(pages::language.eq(language)))).execute(conn)?,
        None => diesel::delete(pages::table.filter(named)).execute(conn)?,
    };
    if removed == 0 {
        return Err(missing(slug));
    }
    Ok(removed)
}

/// A page in all its languages, the first written first; empty where there is none.
pub fn find_page(conn: &mut Conn, slug: &str) -> Result<Vec<Page>> {
    // PostgreSQL takes no NUL in a text.
    if slug.contains(char::is_control) {
        return Ok(Vec::new());
    }
    Ok(pages::table.filter(pages::slug.eq(slug)).order(pages::id).select(Page::as_select()).load(conn)?)
}

/// All pages in all languages.
pub fn list_pages(conn: &mut Conn) -> Result<Vec<Page>> {
    Ok(pages::table.order((pages::slug, pages::language)).select(Page::as_select()).load(conn)?)
}

/// Last parts of the addresses of all pages, each once.
pub fn slugs(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(pages::table.select(pages::slug).distinct().order(pages::slug).load(conn)?)
}

/// The menu in all languages, in its order.
pub fn menu(conn: &mut Conn) -> Result<Vec<MenuEntry>> {
    let listed = pages::table.filter(pages::menu_place.is_not_null());
    Ok(listed.order((pages::menu_place, pages::slug, pages::id)).select(MenuEntry::as_select()).load(conn)?)
}

fn find_in(conn: &mut Conn, slug: &str, language: &str) -> Result<Option<Page>> {
    let named = pages::slug.eq(slug).and(pages::language.eq(language));
    Ok(pages::table.filter(named).select(Page::as_select()).first(conn).optional()?)
}

fn get_in(conn: &mut Conn, slug: &str, language: &str) -> Result<Page> {
    find_in(conn, slug, language)?.ok_or_else(|| missing(&format!("{slug} in {language}")))
}

fn missing(what: &str) -> Error {
    Error::not_found(format!("a page {what} (`picket page list` names them all)"))
}

/// The settings of the site.
pub fn settings(conn: &mut Conn) -> Result<Settings> {
    Ok(Settings::of(site_settings::table.select((site_settings::key, site_settings::value)).load(conn)?))
}

/// Sets one of the [`Settings`] by its name; an empty value takes it back.
///
/// # Errors
/// `Invalid` for a value that does not work.
pub fn set(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    let value = Settings::checked(key, value)?;
    if value.is_empty() {
        diesel::delete(site_settings::table.find(key)).execute(conn)?;
        return Ok(());
    }
    let row = (site_settings::key.eq(key), site_settings::value.eq(&value));
    each!(conn, conn => diesel::insert_into(site_settings::table)
        .values(row)
        .on_conflict(site_settings::key)
        .do_update()
        .set(site_settings::value.eq(&value))
        .execute(conn))?;
    Ok(())
}
