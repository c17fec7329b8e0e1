//! Answers on standard output: JSON for scripts, lines for people.

use std::io::Write;

use serde::Serialize;

use super::{Context, logging};
use crate::error::{Error, Result};

/// Prints the JSON document where it was asked for, else the lines for people.
pub(super) fn answer<T: Serialize>(cx: &Context, document: &T, for_people: impl FnOnce(&T) -> String) -> Result<()> {
    let text = if cx.json { serde_json::to_string(document)? } else { without_controls(&for_people(document)) };
    line(&text)
}

/// What others wrote may hold characters that steer a terminal, or that turn the order of letters around beyond their own line.
fn without_controls(text: &str) -> String {
    let turns = |letter: &char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let steers = |letter: &char| letter.is_control() && !matches!(letter, '\n' | '\t');
    text.chars().filter(|letter| !steers(letter) && !turns(letter)).collect()
}

/// Prints a file's text as it is.
pub(super) fn raw(text: &str) -> Result<()> {
    line(text.strip_suffix('\n').unwrap_or(text))
}

/// Prints a text with a line break behind it. A reader that hung up (`| head`) is no error.
pub(super) fn line(text: &str) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::internal(error)),
        _ => Ok(()),
    }
}

/// One line for each thing, or a sentence where there is none.
pub(super) fn lines<T>(things: &[T], none: &str, line: impl Fn(&T) -> String) -> String {
    if things.is_empty() { none.to_owned() } else { things.iter().map(line).collect::<Vec<_>>().join("\n") }
}

/// To how many servers something leaves.
pub(super) fn on_its_way(deliveries: i64) -> String {
    format!("On its way to {}.", counted(deliveries, "server", "servers"))
}

/// One line on standard error, for whoever should look again.
pub(super) fn warn(text: &str) {
    eprintln!("picket: {}", logging::one_line(text, false));
}

/// So many of something.
pub(super) fn counted(number: impl Into<i128>, one: &str, more: &str) -> String {
    let number = number.into();
    format!("{number} {}", if number == 1 { one } else { more })
}
