//! Federation: what other servers say to us and what we say to them, in ActivityPub.
//!
//! - [`gate`] finds out who speaks, before anything else is believed.
//! - [`inbox`] is all that another server can make us do; read it to see the whole of that.
//! - [`outbox`] is all that we tell others; only it enqueues deliveries.
//! - [`defederation`] ends contact with whole servers, [`departures`] with inboxes that are gone.
//! - [`remote`] asks other servers, within a budget; [`wire`] is what travels; [`proof`] makes it last.
//! - [`routes`] and [`discovery`] are the doors, [`collections`] what they list; `readers` knows who may look at it.
//! - [`inspect`] says what would become of a document.

pub mod collections;
pub mod defederation;
pub mod departures;
pub mod discovery;
pub mod gate;
pub mod inbox;
pub mod inspect;
pub mod outbox;
pub mod proof;
mod readers;
pub mod remote;
pub mod routes;
pub mod wire;
