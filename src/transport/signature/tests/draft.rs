//! What only draft-cavage-12 can get wrong.

use super::*;

#[test]
fn a_key_of_another_kind_than_the_one_named_does_not_verify() {
    let signer = ed25519();
    let mut delivery = Delivery::signed(SignatureForm::Cavage, &signer);
    delivery.change("signature", "hs2019", "rsa-sha256");
    assert!(!delivery.read().expect("a claim").verify(&public(&signer)));
    delivery.change("signature", "rsa-sha256", "ed25519");
    assert!(delivery.read().expect("a claim").verify(&public(&signer)));
}

#[test]
fn a_missing_or_unreadable_date_is_refused() {
    let mut delivery = Delivery::signed(SignatureForm::Cavage, &rsa());
    for date in [
        "",
        "yesterday",
        "2026-05-01T09:30:00Z",
        "Fri, 01 May 99999 09:30:00 GMT",
        "Fri, 01 May 1960 09:30:00 GMT",
        "0",
    ] {
        delivery.set("date", date);
        assert_eq!(delivery.status(), 401, "{date}");
    }
    delivery.headers.remove("date");
    assert_eq!(delivery.status(), 401);
}

#[test]
fn a_date_that_nobody_signed_does_not_count() {
    let mut delivery = draft_delivery(&draft("(request-target) host digest (created)").replace("rsa-sha256", "hs2019"));
    assert_eq!(delivery.status(), 401);
    delivery.change("signature", "keyId", "created=1,keyId");
    assert_eq!(delivery.status(), 401);
}

#[test]
fn a_draft_signature_with_created_and_expires_is_judged_by_them() {
    let seconds = now().and_utc().timestamp();
    let with = |created: &str, expires: &str| {
        let signature = draft("(request-target) host digest (created) (expires)").replace("rsa-sha256", "hs2019");
        draft_delivery(&format!("{signature}, created={created} , expires=\"{expires}\"")).read()
    };
    let claim = with(&seconds.to_string(), &(seconds + 10).to_string()).expect("a claim");
    assert!(claim.message().ends_with(&format!("(created): {seconds}\n(expires): {}", seconds + 10)));
    for (created, expires, status) in [
        (seconds.to_string(), (seconds - 1).to_string(), 401),
        ((seconds + 301).to_string(), (seconds + 900).to_string(), 401),
        ((seconds - 3601).to_string(), (seconds + 900).to_string(), 401),
        (i64::MAX.to_string(), i64::MAX.to_string(), 401),
        ("0".to_owned(), i64::MAX.to_string(), 401),
        (u64::MAX.to_string(), seconds.to_string(), 400),
        (seconds.to_string(), String::new(), 400),
    ] {
        assert_eq!(
            with(&created, &expires).map_err(|error| error.status()).map(drop),
            Err(status),
            "{created} {expires}"
        );
    }
}

#[test]
fn the_old_algorithm_name_does_not_go_with_created() {
    let seconds = now().and_utc().timestamp();
    let delivery = draft_delivery(&format!("{},created={seconds}", draft("(request-target) host digest (created)")));
    assert_eq!(delivery.status(), 401);
}

#[test]
fn a_draft_header_that_can_be_read_in_two_ways_is_malformed() {
    let good = draft("(request-target) host date digest");
    for signature in [
        "",
        " ",
        "x",
        "=",
        ",",
        "keyId",
        "keyId=",
        "keyId=\"",
        "keyId=\"a",
        "keyId=\"a\"\"b\"",
        "keyId=\"a\" signature=\"AAAA\"",
        "Signature keyId=\"a\"",
        "keyId=\"a\",,signature=\"AAAA\"",
        "keyId=abc,signature=\"AAAA\"",
        "key-id=\"a\",signature=\"AAAA\"",
        "signature=\"AAAA\"",
        "keyId=\"a\"",
        "keyId=\"\",signature=\"AAAA\"",
        "keyId=\"a\",signature=\"~\"",
        "keyId=\"a\\\",signature=\"AAAA\"",
        &format!("{good},"),
        &format!("{good},keyId=\"https://evil.example/key\""),
        &format!("{good},signature=\"BBBB\""),
        &format!("{good},headers=\"date\""),
        &format!("{good},created=-1"),
        &format!("{good},created=1.5"),
        &format!("{good},expires=\" 1\""),
        &format!("{good},created=99999999999999999999"),
        &good.replace(" date", " date date"),
        &good.replace(" date", " date Date"),
        &good.replace(" date", " date (request-target)"),
        &good.replace(" date", " date signature"),
        &good.replace(" date", " date authorization"),
        &good.replace(" date", " date (x)"),
        &good.replace(" date", " date a:b"),
        &good.replace("https://ally", &"k".repeat(3000)),
        &good.replace("https://ally", &"k".repeat(9000)),
        &good.replace(" date", &(0..40).fold(" date".to_owned(), |list, n| format!("{list} x-{n}"))),
    ] {
        assert_eq!(draft_delivery(signature).status(), 400, "{signature}");
    }
}

#[test]
fn a_draft_header_may_have_spaces_after_its_commas_and_parameters_that_we_do_not_know() {
    let signer = rsa();
    let mut delivery = Delivery::signed(SignatureForm::Cavage, &signer);
    delivery.change("signature", "\",", "\" ,  ");
    delivery.change("signature", "keyId=", "opaque=\"a,b=c\", keyId=");
    delivery.change("signature", "host date digest", "Host DATE  Digest");
    assert!(delivery.read().expect("a claim").verify(&public(&signer)));
}
