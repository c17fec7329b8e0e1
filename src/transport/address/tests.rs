//! Which ways are closed, in every spelling.

use super::*;

fn rules(insecure: bool, proxy: Option<&str>) -> Rules {
    Rules { insecure, proxy_host: proxy.map(str::to_owned) }
}

#[test]
fn an_address_that_leads_to_this_machine_or_its_network_is_not_public() {
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
    ] {
        assert!(!is_public(address.parse().expect(address)), "{address}");
    }
}

#[test]
fn an_address_of_a_public_host_is_public() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
    ] {
        assert!(is_public(address.parse().expect(address)), "{address}");
    }
    for address in ["2606:4700:4700::1111", "2001:4860:4860::8888", "2a01:4f8::1", "2003::1", "2400:cb00::1"] {
        assert!(is_public(address.parse().expect(address)), "{address}");
    }
}

#[test]
fn every_spelling_of_a_private_host_is_refused() {
    for address in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://127.0.0.1./",
        "https://１２７.０.０.１/",
        "https://%31%32%37.0.0.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://localhost./",
        "https://a.localhost/",
        "https://ⓛocalhost/",
        "https://printer.local/",
        "https://db.internal/",
        "https://router.home.arpa/",
        "https://intranet/",
        "https://social.union.example./",
        "https://abcdefgh.onion/",
    ] {
        assert!(rules(false, None).check(address).is_err(), "{address}");
    }
}

#[test]
fn odd_schemes_ports_and_names_in_front_are_refused() {
    for address in [
        "http://union.example/",
        "ftp://union.example/",
        "file:///etc/passwd",
        "data:,x",
        "acct:a@union.example",
        "gopher://union.example/",
        "https://union.example:22/",
        "https://union.example:8443/",
        "https://union.example:6379/",
        "https://user@union.example/",
        "https://:pass@union.example/",
        "https://user:pass@union.example/",
        "https://",
        "//union.example/",
        "union.example",
        "",
    ] {
        assert!(rules(false, None).check(address).is_err(), "{address}");
    }
    assert!(rules(false, None).check(&format!("https://union.example/{}", "a".repeat(5000))).is_err());
}

#[test]
fn a_public_address_is_allowed_and_loses_its_fragment() {
    let url = rules(false, None).check("https://Union.Example:443/actor?x=1#main-key").expect("allowed");
    assert_eq!(url.as_str(), "https://union.example/actor?x=1");
    for address in [
        "https://örnek.example/",
        "https://1.1.1.1/",
        "https://[2606:4700::1]/",
        "https://union.example:80/",
        "https://notlocalhost.example/",
    ] {
        rules(false, None).check(address).expect(address);
    }
}

#[test]
fn trials_may_go_anywhere_but_not_with_a_user_name_or_another_scheme() {
    rules(true, None).check("http://127.0.0.1:4000/inbox").expect("allowed");
    rules(true, None).check("http://localhost:4000/inbox").expect("allowed");
    assert!(rules(true, None).check("http://user@127.0.0.1:4000/").is_err());
    assert!(rules(true, None).check("ftp://127.0.0.1/").is_err());
}

#[test]
fn the_proxy_is_no_host_to_fetch_from_and_opens_the_way_to_onions() {
    let rules = rules(false, Some("tor.union.example"));
    assert!(rules.check("https://tor.union.example/").is_err());
    rules.check("https://abcdefgh.onion/actor").expect("allowed");
}

#[test]
fn a_redirect_is_held_to_the_same_rules_and_never_leaves_https() {
    let from = Url::parse("https://union.example/a").expect("an address");
    for location in [
        "https://127.0.0.1/",
        "//localhost/",
        "https://union.example:22/",
        "http://union.example/",
        "https://[",
        "https://u@union.example/",
    ] {
        assert!(rules(false, None).check_redirect(&from, location).is_err(), "{location}");
    }
    assert!(rules(true, None).check_redirect(&from, "http://union.example/").is_err());
    assert_eq!(
        rules(false, None).check_redirect(&from, "../b").map(String::from),
        Ok("https://union.example/b".to_owned())
    );
}
