//! What editors and operators refuse: whole servers (domain blocks), and answers that they do not want shown; and what others report.

pub mod blocks;
pub mod reports;
pub mod review;
mod store;
