//! Real processes: the program itself, started, talked to, killed and started again.

pub mod database;
pub mod ended;
pub mod stranger;
pub mod union;
pub mod web;

mod answers;
mod archive;
mod commands;
mod crashes;
mod disk;
mod doctor;
mod kills;
mod logs;
mod migration;
mod postgres;
mod publishing;
mod refusals;
mod reports;
mod scale;
mod sinks;
mod story;

/// A variable that may be set.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment how much to do")]
fn variable_if_set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A number that may be set.
pub fn number_if_set(name: &str) -> Option<u64> {
    variable_if_set(name).map(|value| value.parse().unwrap_or_else(|_| panic!("{name} must be a number, not {value}")))
}

/// A variable that tells tests where something lies; nothing where it is not set, which in CI is a failure.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where things lie")]
pub fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(value.is_some() || !in_ci, "{name} must be set in CI");
    value
}
