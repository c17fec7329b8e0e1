//! What editors and operators refuse: whole servers (domain blocks, or an allow list), and answers that they do not want shown; and what
//! others report.

pub mod blocks;
pub mod domains;
pub mod lists;
pub mod reports;
pub mod review;
mod store;

pub use store::Block;
