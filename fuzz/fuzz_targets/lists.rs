//! Lists of blocked domains, as CSV.
#![no_main]

#[path = "../../tests/suite/properties/invariants.rs"]
#[allow(dead_code, reason = "each target checks its own")]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| {
    invariants::check_list(text);
});
