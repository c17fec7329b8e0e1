//! How deliveries end, through outages of weeks, wrong clocks, and beside other workers.

mod answers;
mod outages;
mod receipts;
mod sharing;
