//! The queue in the database: what is said ([`queue`]), the lanes in which it leaves ([`lanes`]), leases that nobody holds any more ([`leases`]),
//! whose turn it is in each lane ([`turns`]), how that went ([`receipts`]), what we learnt about the servers ([`hosts`]), how all that is in
//! [`numbers`], which inboxes say that they are gone ([`departures`]), what becomes of what waits for blocked servers ([`blocked`]), and what
//! need not be remembered ([`forgetting`]).

mod blocked;
mod departures;
mod forgetting;
mod hosts;
mod lanes;
mod leases;
mod numbers;
mod queue;
mod receipts;
mod turns;

use crate::storage::text_enum;

pub use blocked::drop_blocked;
pub(super) use departures::note_departure;
pub use departures::{departed, departures, stayed};
pub use forgetting::{
    MOST_WAITING_IN_PRIVATE, close_lanes, forget_activities, forget_all_at, forget_hosts, forget_settled_at, is_full,
    settled, take_back, unused_hosts, unused_lanes,
};
pub(super) use hosts::failures;
pub use hosts::{host_is_back, is_away, remember_form, remembered_form};
pub(super) use lanes::{
    Claimed, LONGEST_WAIT, Lane, Lessee, Room, after_clock_was_set_back, claim, is_any_due, release,
};
pub use leases::forget_leases;
pub(super) use leases::{forget_leases_of, forget_leases_of_the_dead, lessees_who_died};
pub use numbers::{Queue, queue, waiting};
pub use queue::{Outgoing, Recipients, activity, enqueue, forget_older_updates, forget_text, reword};
pub(super) use receipts::{Count, Sum, counts, said_about, sums};
pub use receipts::{forget_receipts, let_receipts_go, old_receipts, start_again, worn_receipts};
pub(super) use turns::{Delivery, next_in_lane, settle};

text_enum! {
    /// How far a delivery has come.
    DeliveryState {
        /// Waits, or is on its way.
        Pending = "pending",
        /// The other server took it.
        Delivered = "delivered",
        /// Given up after fifteen days.
        Failed = "failed",
        /// Ended: the server says that this inbox is gone, and that its actors are.
        Gone = "gone",
    }
}
