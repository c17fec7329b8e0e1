//! What people and queries say in a word: handles, domains, languages, times, words that are looked for.
#![no_main]

#[path = "../../tests/suite/properties/invariants.rs"]
#[allow(dead_code, reason = "each target checks its own")]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| {
    invariants::check_search(text);
    invariants::check_handle(text);
    invariants::check_domain(text);
    invariants::check_language(text);
    invariants::check_time(text);
});
