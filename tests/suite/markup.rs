//! Real texts of real unions come out of Markdown as they went in.

use std::path::PathBuf;

use picket::markup::{plain_text, remote_html, render};

#[test]
fn the_words_of_real_statements_survive_markdown_and_a_reader() {
    let Some(folder) = statements() else { return };
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the folder of statements").flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no statements in {}", folder.display());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a statement");
        for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            let html = render(paragraph, &|_| None).html;
            assert_eq!(words(&plain_text(&html)), words(paragraph), "in {}", file.display());
            assert_eq!(words(&plain_text(&remote_html(&html))), words(paragraph), "in {}", file.display());
        }
        let whole = render(&text, &|_| None).html;
        assert_eq!(words(&plain_text(&whole)), words(&text), "the whole of {}", file.display());
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their texts are")]
fn statements() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("TEST_STATEMENTS") {
        return Some(folder.into());
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "TEST_STATEMENTS is not set, and CI must skip nothing");
    println!("skipped: TEST_STATEMENTS is not set");
    None
}
