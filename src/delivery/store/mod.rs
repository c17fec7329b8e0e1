//! The queue in the database: what is said ([`queue`]), the lanes in which it leaves ([`lanes`]), and what we learnt about the servers
//! ([`hosts`]).

mod hosts;
mod lanes;
mod queue;

use crate::storage::text_enum;

pub(super) use hosts::{failures, remember_form};
pub use hosts::{host_is_back, remembered_form};
pub(super) use lanes::{
    Delivery, LANES_PER_HOST, Lane, claim, forget_leases, is_any_due, next_in_lane, release, settle,
};
pub(super) use queue::{DeliveryRow, deliveries_of_statement};
pub use queue::{Outgoing, Recipients, activity, enqueue, forget_text, waiting};

text_enum! {
    /// How far a delivery has come.
    DeliveryState {
        /// Waits, or is on its way.
        Pending = "pending",
        /// The other server took it.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}
