//! Text of people, in and out: Markdown of ours to HTML, HTML of others to safe HTML, either to plain text.
//!
//! Pure functions: they know no database, network, clock or randomness. They refuse nothing, since a text with a fault in it is
//! still a text; whatever is not allowed is left out, and what people wrote stays readable. Callers bound the length of what they
//! hand in. Called by `statements` for what we publish and by `federation` and `website` for what others sent.

mod backlink;
mod cjk;
mod direction;
mod emphasis;
mod folding;
mod lexer;
mod links;
mod markdown;
mod plain;
mod sanitize;
mod shortened;
mod tables;
mod tidy;

pub use backlink::links_back;
pub use direction::direction;
pub use folding::fold_hashtag;
pub use links::{hashtags, is_hashtag, is_mark};
pub use markdown::{Rendered, inline_text, render};
pub use plain::{excerpt, link_targets, plain_name, plain_text};
pub use sanitize::{escape_html, own_html, remote_html};
pub use tables::with_tables;

/// Something in a text that becomes a link, for which the caller knows the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link<'a> {
    /// `#Grève`, without the sign.
    Hashtag(&'a str),
    /// `@user@host`; the host in lower case and punycode, with its port where one was written.
    Mention {
        /// The name before the host, as it was written.
        user: &'a str,
        /// The host.
        host: &'a str,
    },
}
