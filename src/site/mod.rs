//! What the union sets on its public site: pages that it writes itself, and where the site leads.
//!
//! Refuses to know how a page is drawn (that is `website`). Called by the command line, and read by the website.

mod pages;
mod settings;
mod store;

pub use pages::{NewPage, rendered};
pub use settings::Settings;
pub use store::{
    MenuEntry, Page, add_page, change_page, find_page, list_pages, menu, remove_page, set, settings, slugs,
};
