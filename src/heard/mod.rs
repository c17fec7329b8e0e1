//! Which activities were heard already: the same one twice has one effect.

mod store;

pub use store::is_first;
