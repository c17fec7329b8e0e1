//! Looking for words in an index that each database has of its own kind: FTS5 of SQLite, a `tsvector` with GIN in PostgreSQL.
//!
//! Words are made elsewhere; here they are letters and digits, compared as they are, so that no text can mean anything else to a database.

use super::Conn;

/// What a row must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// This word.
    Is(String),
    /// A word that begins so.
    Begins(String),
    /// All of these.
    All(Vec<Words>),
    /// One of these at least.
    Any(Vec<Words>),
}

/// How a database is asked for the rows of `search_entries` (called `entries`) that hold some words.
#[derive(Debug, Clone)]
pub struct FullText {
    /// What stands behind FROM.
    pub source: &'static str,
    /// The condition; the text of the words is its one parameter, the first of the query.
    pub condition: &'static str,
    /// The column that orders the rows.
    pub place: &'static str,
    /// The words as the condition wants them.
    pub words: String,
}

/// How this database is asked.
#[must_use]
pub fn full_text(conn: &Conn, words: &Words) -> FullText {
    match conn {
        // The index is walked first, in the order of places, and no further than to the last row that is wanted.
        Conn::Sqlite(_) => FullText {
            source: "search_words CROSS JOIN search_entries AS entries ON entries.place = search_words.rowid",
            condition: "search_words MATCH $1",
            place: "search_words.rowid",
            words: write(words, " AND ", " OR ", &|word, begins| {
                format!("\"{word}\"{}", if begins { "*" } else { "" })
            }),
        },
        Conn::Postgres(_) => FullText {
            source: "search_entries AS entries",
            condition: "entries.lexemes @@ $1::tsquery",
            place: "entries.place",
            words: write(words, " & ", " | ", &|word, begins| format!("'{word}'{}", if begins { ":*" } else { "" })),
        },
    }
}

fn write(words: &Words, and: &str, or: &str, one: &impl Fn(&str, bool) -> String) -> String {
    let group = |parts: &[Words], between: &str| {
        let parts: Vec<String> = parts.iter().map(|part| write(part, and, or, one)).collect();
        format!("({})", parts.join(between))
    };
    match words {
        Words::Is(word) => one(&plain(word), false),
        Words::Begins(word) => one(&plain(word), true),
        Words::All(parts) => group(parts, and),
        Words::Any(parts) => group(parts, or),
    }
}

/// Without what could end a word early, wherever it comes from.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '"' | '\'' | '\\' | '\0')).collect()
}
