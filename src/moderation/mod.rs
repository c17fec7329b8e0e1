//! What editors and operators refuse: whole servers (domain blocks), and answers that they do not want shown.

pub mod blocks;
pub mod review;
mod store;
