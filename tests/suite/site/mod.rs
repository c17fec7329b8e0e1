//! The public site, as a browser asks for it.

mod bad_input;
mod cache;
mod languages;
mod pages;

use http::HeaderMap;

use crate::harness::{Answered, TestNode};

/// A page as a browser in a language asks for it.
async fn read_in(node: &TestNode, language: &str, path: &str) -> Answered {
    let mut headers = HeaderMap::new();
    headers.insert("accept", "text/html".parse().expect("a value"));
    headers.insert("accept-language", language.parse().expect("a value"));
    node.get_with(path, &headers).await
}

fn path(address: &str) -> String {
    format!("/{}", address.splitn(4, '/').nth(3).expect("a path"))
}
