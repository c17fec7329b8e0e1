//! The public pages, the feed and the pictures: what a visitor with a browser or a feed reader sees.
//!
//! HTTP only: no rules and no SQL. All that a page shows comes from domain functions, in one read. Nothing here changes the database.
//! Called by `server`, which asks [`home`] and [`statement`] where HTML is wanted and `federation::routes` where JSON is, and puts
//! [`set_security_headers`] on everything.
//!
//! Whatever path, query, form or token comes in, a page or a clear 4xx goes out.

mod about;
mod allies;
mod archive;
mod assets;
mod cache;
mod coding;
mod colour;
mod errors;
mod feed;
mod follow;
mod gallery;
mod head;
mod headers;
mod home;
mod letter;
mod list;
mod mail;
mod media;
mod page;
mod paging;
mod pictures;
mod qr;
mod reader;
mod search;
mod sitemap;
mod sizes;
mod statement;
mod tag;
#[cfg(test)]
mod testing;
mod thread;
mod written;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::PathRejection;
use axum::routing::get;

pub use cache::Pages;
pub use errors::method_not_allowed;
pub use headers::set_security_headers;
pub use home::home;
pub use statement::statement;
pub use tag::tag;

use crate::node::Node;

/// What in a path names something. What is no UTF-8, or no number where one belongs, names nothing, which is for the page to say.
pub type Named<T = String> = Result<axum::extract::Path<T>, PathRejection>;

/// The longest form that a visitor may send.
const FORM_LIMIT: usize = 8 * 1024;

/// Everything that looks the same whatever the visitor accepts; and the page for all that does not exist, as the fallback.
pub fn routes() -> Router<Node> {
    let follow = get(follow::form).post(follow::send).layer(DefaultBodyLimit::max(FORM_LIMIT));
    Router::new()
        .route("/feed.atom", get(feed::atom))
        .route("/feed.rss", get(feed::rss))
        .route("/feed.json", get(feed::json))
        .route("/tags/{tag}/{file}", get(feed::of_hashtag))
        .route("/media/{file}", get(media::file))
        .route("/media/actors/{actor}", get(pictures::icon))
        .route("/media/posts/{post}/{number}", get(pictures::of_post))
        .route("/assets/{file}", get(assets::file))
        .route("/robots.txt", get(assets::robots))
        .route("/favicon.ico", get(assets::favicon))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{name}", get(sitemap::part))
        .route("/archive", get(archive::all))
        .route("/archive/{year}", get(archive::year))
        .route("/archive/{year}/{month}", get(archive::month))
        .route("/allies", get(allies::allies))
        .route("/pages/{slug}", get(written::written))
        .route("/tags/{tag}/pictures", get(gallery::gallery))
        .route("/follow", follow)
        .route("/search", get(search::search))
        .fallback(errors::nothing_here)
        .method_not_allowed_fallback(method_not_allowed)
}
