//! Which activities were heard already: the same one twice has one effect. And which wait for a server that did not answer.

mod store;

pub use store::{
    MOST_WAITING, MOST_WAITING_FOR_ONE, Waiting, due, forget_older, is_first, is_older, take_back, try_again, wait,
    wait_no_longer,
};
