//! Delivery: from a row in the database to a `202` of the other server, however long that takes.
//!
//! ```text
//! enqueue ──▶ deliveries (one row per activity and inbox) ──▶ lanes (one row per inbox: when to try next, who has it)
//!                  worker: claim a lane by lease ─▶ sign ─▶ POST ─▶ policy::judge ─▶ settle ─▶ next in the lane, or let go
//! ```
//!
//! A lane is the queue of one inbox: its deliveries leave in order, by one worker at a time. Nothing that a crash could lose is in memory:
//! a lease that is not renewed lapses, and another worker takes the lane up where it stood. This room sees bytes, inboxes and keys, never
//! vocabulary.

mod flights;
pub mod policy;
pub mod receipts;
mod store;
mod worker;

pub use store::{
    MOST_WAITING_IN_PRIVATE, Outgoing, Queue, Recipients, activity, close_lanes, departed, departures, drop_blocked,
    enqueue, forget_activities, forget_all_at, forget_hosts, forget_leases, forget_older_updates, forget_receipts,
    forget_settled_at, forget_text, host_is_back, is_away, is_full, let_receipts_go, old_receipts, queue,
    remember_form, remembered_form, reword, settled, start_again, stayed, take_back, unused_hosts, unused_lanes,
    waiting, worn_receipts,
};
pub use worker::{deliver_due, run};
