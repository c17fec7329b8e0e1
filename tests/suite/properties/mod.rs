//! What must hold for any input, tried with generated ones: a bounded, repeatable run in the normal suite, and a longer one of fresh inputs
//! with `TEST_PROPERTY_FACTOR=10` (ten times the cases).
//!
//! The assertions stand in [`invariants`], which depends on nothing here, so that a fuzz target can include that file by its path and hand
//! it bytes of its own. An input that once failed gets a test of its own in [`regressions`].

mod documents;
mod generated;
mod invariants;
mod lists;
mod pdfs;
mod regressions;
mod signatures;
mod texts;

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Tries a property with so many generated inputs, or that many times more where a long run was asked for.
fn check<S: Strategy>(cases: u32, inputs: S, property: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let factor = factor();
    let config = Config { cases: cases * factor.unwrap_or(1), failure_persistence: None, ..Config::default() };
    let mut runner = match factor {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let tried = runner.run(&inputs, |input| {
        property(input);
        Ok(())
    });
    if let Err(failure) = tried {
        panic!("{failure}");
    }
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment how long they may take")]
fn factor() -> Option<u32> {
    let given = std::env::var("TEST_PROPERTY_FACTOR").ok()?;
    Some(given.parse().expect("TEST_PROPERTY_FACTOR is a number"))
}
