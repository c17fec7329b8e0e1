//! PDFs of anybody: whole ones, broken ones, and what is none.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{check, invariants};
use crate::documents;

#[test]
fn a_pdf_is_cleaned_or_refused_whatever_is_broken_in_it() {
    let whole = [documents::leaflet(), documents::packed_leaflet(), documents::leaflet_with_everything()];
    let broken = vec((any::<Index>(), any::<u8>()), 1..12);
    check(400, (0..whole.len(), broken, any::<Index>()), |(number, changes, end)| {
        let mut bytes = whole[number].clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        invariants::check_pdf(&bytes);
        bytes.truncate(end.index(bytes.len()));
        invariants::check_pdf(&bytes);
    });
}

#[test]
fn whatever_calls_itself_a_pdf_is_refused_or_cleaned() {
    check(400, vec(any::<u8>(), 0..600), |bytes| {
        invariants::check_pdf(&bytes);
        invariants::check_pdf(&[b"%PDF-1.7\n", bytes.as_slice()].concat());
    });
    let words = prop::sample::select(vec![
        "<<",
        ">>",
        "[",
        "]",
        "1 0 obj",
        "endobj",
        "stream\n",
        "endstream",
        "xref\n",
        "trailer",
        "startxref\n0\n",
        "%%EOF\n",
        "/Root 1 0 R",
        "/Type/Pages",
        "/Kids[1 0 R]",
        "/Length 9",
        "/Filter/FlateDecode",
        "(",
        ")",
        "0 1\n",
        "/Size 2",
    ]);
    check(400, vec(words, 0..60), |words| {
        invariants::check_pdf(format!("%PDF-1.7\n{}", words.join(" ")).as_bytes());
    });
}
