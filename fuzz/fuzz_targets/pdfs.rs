//! PDFs of anybody, and what is written anew of them.
#![no_main]

#[path = "../../tests/suite/properties/invariants.rs"]
#[allow(dead_code, reason = "each target checks its own")]
mod invariants;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    invariants::check_pdf(bytes);
});
