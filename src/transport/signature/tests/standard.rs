//! What only RFC 9421 can get wrong.

use super::*;

#[test]
fn times_without_bounds_do_no_harm() {
    let all = "sig1=(\"@method\" \"@target-uri\" \"content-digest\")";
    for (created, status) in [
        ("999999999999999", 401),
        ("-999999999999999", 401),
        ("9999999999999999", 400),
        ("1.5", 400),
        ("\"1\"", 400),
        ("?1", 400),
    ] {
        assert_eq!(standard_delivery(&format!("{all};created={created};keyid=\"k\"")).status(), status, "{created}");
    }
    let seconds = now().and_utc().timestamp();
    for (expires, status) in [(seconds - 1, 401), (-999_999_999_999_999, 401), (999_999_999_999_999, 200)] {
        assert_eq!(
            standard_delivery(&format!("{all};created={seconds};expires={expires};keyid=\"k\"")).status(),
            status,
            "{expires}"
        );
    }
}

#[test]
fn a_standard_header_that_cannot_be_used_is_not() {
    let all = "\"@method\" \"@target-uri\" \"content-digest\"";
    for (input, status) in [
        (String::new(), 401),
        ("sig1".to_owned(), 400),
        ("sig1=1".to_owned(), 400),
        ("sig1=(".to_owned(), 400),
        ("=()".to_owned(), 400),
        ("sig1=(1 2);created=1;keyid=\"k\"".to_owned(), 400),
        (standard(&format!("{all} \"@method\"")), 400),
        (standard(&format!("{all} \"Host\"")), 400),
        (standard(&format!("{all} \"signature\"")), 400),
        (standard(&format!("{all} \"a b\"")), 400),
        (standard(&format!("{all} \"@signature-params\"")), 401),
        (standard(&format!("{all} \"@query-param\";name=\"x\"")), 401),
        (standard(&format!("{all} \"@status\"")), 401),
        (standard(&all.replace("digest\"", "digest\";sf")), 401),
        (standard(&all.replace("method\"", "method\";req")), 401),
        (standard(all).replace("sig1", "sig2"), 400),
        (standard(all).replace(KEY_ID, ""), 400),
        (standard(all).replace(KEY_ID, &"k".repeat(3000)), 400),
        (standard(&format!("{all}{}", (0..40).fold(String::new(), |list, n| format!("{list} \"x-{n}\"")))), 400),
    ] {
        assert_eq!(standard_delivery(&input).status(), status, "{input}");
    }
    let mut delivery = standard_delivery(&standard(all));
    for (signature, status) in [
        ("", 400),
        ("sig1", 400),
        ("sig1=\"AAAA\"", 400),
        ("sig1=(:AAAA:)", 400),
        ("sig1=:~:", 400),
        ("sig1=:AAAA:", 200),
    ] {
        delivery.set("signature", signature);
        assert_eq!(delivery.status(), status, "{signature}");
    }
}

#[test]
fn the_first_of_several_signatures_that_meets_the_rules_is_taken_and_five_are_looked_at() {
    let signer = rsa();
    let weak = |n: usize| format!("weak{n}=(\"@method\");created=1;keyid=\"x\", ");
    for (before, status) in [(4, 200), (5, 401)] {
        let mut delivery = Delivery::signed(SignatureForm::Rfc9421, &signer);
        let many: String = (0..before).map(weak).collect();
        delivery.change("signature-input", "sig1=", &format!("{many}sig1="));
        delivery.change("signature", "sig1=", "weak0=:AAAA:, sig1=");
        assert_eq!(delivery.status(), status, "{before} before it");
        assert!(status != 200 || delivery.read().expect("a claim").verify(&public(&signer)));
    }
}

#[test]
fn where_both_forms_are_there_the_standard_decides() {
    let signer = rsa();
    let mut delivery = Delivery::signed(SignatureForm::Cavage, &signer);
    delivery.set("signature-input", &standard("\"@method\""));
    assert_eq!(delivery.status(), 400);
}
