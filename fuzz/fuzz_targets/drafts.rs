//! A file that an editor publishes: front matter and Markdown.
#![no_main]

#[path = "../../tests/suite/properties/invariants.rs"]
#[allow(dead_code, reason = "each target checks its own")]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| {
    invariants::check_markdown(text);
});
