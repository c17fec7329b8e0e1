//! What the program says on standard error while it works: one line for each event, whatever others put into it.

use std::io::{self, IsTerminal, Stderr, Write};

use tracing_subscriber::EnvFilter;

/// Begins to log. A server tells more than a command, whose answer stands on standard output.
pub(super) fn to_standard_error(serves: bool) {
    // Why the database did not do it, a command says itself.
    let usual = if serves { "info" } else { "warn,picket::storage=off" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let colours = io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(move || OneLine { to: io::stderr(), colours })
        .with_ansi(colours)
        .with_target(false)
        .init();
}

/// Gets one event at a time and makes it one line.
struct OneLine {
    to: Stderr,
    colours: bool,
}

impl Write for OneLine {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = one_line(text.trim_end_matches('\n'), self.colours) + "\n";
        self.to.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Writes out what would begin a new line, steer a terminal, or turn the direction of what follows. Escape characters stay where the
/// colours are ours: those in fields are written out by then.
pub(super) fn one_line(text: &str, colours: bool) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if turns || letter.is_control() && !(colours && letter == '\u{1b}') {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_begins_a_line_or_steers_a_terminal() {
        let told = "a\nb\r\u{1b}[31mc\u{202e}d\u{85}é عربي";
        assert_eq!(one_line(told, false), "a\\nb\\r\\u{1b}[31mc\\u{202e}d\\u{85}é عربي");
        assert_eq!(one_line("\u{1b}[31mc", true), "\u{1b}[31mc");
    }
}
