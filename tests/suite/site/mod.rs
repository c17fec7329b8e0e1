//! The public site, as a browser asks for it.

mod bad_input;
mod cache;
mod pages;
