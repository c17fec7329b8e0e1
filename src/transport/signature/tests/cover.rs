//! What a signature must cover, and what it covers must be there once and be true.

use super::*;

#[test]
fn a_swapped_body_is_refused() {
    for (form, signer) in both() {
        let mut delivery = Delivery::signed(form, &signer);
        delivery.body = br#"{"type":"Delete"}"#.to_vec();
        assert_eq!(delivery.status(), 401);
    }
}

#[test]
fn a_missing_digest_is_refused() {
    for (form, signer) in both() {
        let mut delivery = Delivery::signed(form, &signer);
        delivery.headers.remove("digest");
        delivery.headers.remove("content-digest");
        assert_eq!(delivery.status(), 401);
    }
}

#[test]
fn a_repeated_digest_is_refused() {
    for (form, signer) in both() {
        for name in ["digest", "content-digest"] {
            let mut delivery = Delivery::signed(form, &signer);
            delivery.add(name, "SHA-256=AAAA");
            delivery.add(name, "SHA-256=AAAA");
            assert_eq!(delivery.status(), 400, "{name}");
        }
    }
    let mut delivery = Delivery::signed(SignatureForm::Cavage, &rsa());
    delivery.change("digest", "SHA-256", "SHA-256=AAAA,SHA-256");
    assert_eq!(delivery.status(), 400);
}

#[test]
fn every_other_repeated_header_that_the_signature_leans_on_is_refused() {
    for (form, signer) in both() {
        for name in ["signature", "date", "host", "content-type"] {
            let mut delivery = Delivery::signed(form, &signer);
            delivery.add(name, "x");
            delivery.add(name, "x");
            assert_eq!(delivery.status(), 400, "{name}");
        }
    }
    let mut delivery = Delivery::signed(SignatureForm::Rfc9421, &rsa());
    delivery.add("signature-input", "x");
    assert_eq!(delivery.status(), 400);
    let mut delivery = draft_delivery(&draft("(request-target) host date digest x-any"));
    delivery.add("x-any", "1");
    delivery.add("x-any", "2");
    assert_eq!(delivery.status(), 400);
}

#[test]
fn a_signature_that_covers_too_little_is_refused() {
    for covered in [
        "",
        "digest",
        "date",
        "(request-target) host date",
        "(request-target) host digest",
        "(request-target) date digest",
        "host date digest",
    ] {
        assert_eq!(draft_delivery(&draft(covered)).status(), 401, "{covered}");
    }
    assert_eq!(draft_delivery(&format!("keyId=\"{KEY_ID}\",signature=\"AAAA\"")).status(), 401);
    for covered in [
        "",
        "\"@method\" \"@target-uri\"",
        "\"@method\" \"content-digest\"",
        "\"@target-uri\" \"content-digest\"",
        "\"@method\" \"@authority\" \"@path\" \"content-digest\"",
        "\"@method\" \"@path\" \"@query\" \"content-digest\"",
        "\"@method\" \"@authority\" \"@query\" \"content-digest\"",
    ] {
        assert_eq!(standard_delivery(&standard(covered)).status(), 401, "{covered}");
    }
    let all = "\"@method\" \"@target-uri\" \"content-digest\"";
    assert_eq!(standard_delivery(&standard(all)).status(), 200);
    assert_eq!(
        standard_delivery(&standard("\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\"")).status(),
        200
    );
    assert_eq!(standard_delivery(&format!("sig1=({all});keyid=\"{KEY_ID}\"")).status(), 401);
    assert_eq!(standard_delivery(&standard(all).replace("keyid", "nonce")).status(), 401);
}

#[test]
fn a_body_on_a_question_needs_a_digest_too() {
    for form in [SignatureForm::Cavage, SignatureForm::Rfc9421] {
        let mut delivery = Delivery::sent("GET", None, form, &rsa());
        assert_eq!(delivery.status(), 200);
        delivery.body = b"surprise".to_vec();
        assert_eq!(delivery.status(), 401);
    }
}

#[test]
fn a_covered_header_that_is_not_there_is_refused() {
    assert_eq!(draft_delivery(&draft("(request-target) host date digest x-absent")).status(), 401);
    assert_eq!(
        draft_delivery(&draft("(request-target) host date digest (expires)").replace("rsa-sha256", "hs2019")).status(),
        401
    );
    assert_eq!(
        standard_delivery(&standard("\"@method\" \"@target-uri\" \"content-digest\" \"x-absent\"")).status(),
        401
    );
}

#[test]
fn a_covered_header_in_foreign_letters_is_malformed() {
    let mut delivery = draft_delivery(&draft("(request-target) host date digest x-name"));
    delivery.headers.insert("x-name", HeaderValue::from_bytes("Gewerkschaft Öst".as_bytes()).expect("a header"));
    assert_eq!(delivery.status(), 400);
}
