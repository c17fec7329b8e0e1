//! Settings as an operator may write them.

use super::*;

fn config(pairs: &[(&str, &str)]) -> Result<Config> {
    let environment = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::from_sources(None, environment)
}

fn refusal(pairs: &[(&str, &str)]) -> String {
    config(pairs).expect_err("to be refused").to_string()
}

#[test]
fn without_settings_it_is_a_trial_on_this_machine() {
    let config = config(&[]).expect("defaults");
    assert_eq!(config.domain, "localhost:8080");
    assert_eq!(config.account_domain, "localhost:8080");
    assert!(config.insecure);
    assert_eq!(config.database, Location::Sqlite("./data/picket.sqlite".into()));
}

#[test]
fn a_domain_is_kept_in_its_plain_form() {
    let config = config(&[("PICKET_DOMAIN", "Sendika.Örnek.example:443")]).expect("a domain");
    assert_eq!(config.domain, "sendika.xn--rnek-4qa.example");
    assert!(!config.insecure);
}

#[test]
fn a_wrong_value_names_the_key_the_value_and_the_mend() {
    for (key, value, mend) in [
        ("PICKET_DOMAIN", "https://union.example/", "without https://"),
        ("PICKET_LISTEN", "8080", "127.0.0.1:8080"),
        ("PICKET_HANDLE", "штаб", "Latin letters"),
        ("PICKET_LANGUAGE", "english", "pt-BR"),
        ("PICKET_INSECURE", "yes", "true or false"),
        ("PICKET_DATABASE_URL", "mysql://x", "postgres://"),
        ("PICKET_PROXY", "tor", "socks5h://"),
        ("PICKET_ACTIVITY_RATE", "0", "from 1 to"),
        ("PICKET_FETCH_RATE", "many", "from 1 to"),
        ("PICKET_ROLE", "worker", "delivery"),
        ("PICKET_TIME_ZONE", "Istanbul", "Europe/Istanbul"),
        ("PICKET_COLOUR", "#+1+2+3", "two digits"),
        ("PICKET_RECEIPTS_DAYS", "7", "from 30"),
        ("PICKET_KEEP_REMOTE_DAYS", "-1", "0 for ever"),
        ("PICKET_BACKUP_RECIPIENT", "age1nobody", "picket recovery-key"),
    ] {
        let said = refusal(&[(key, value)]);
        assert!(said.contains(key) && said.contains(value) && said.contains(mend), "{said}");
        assert!(!said.contains('\n'), "{said}");
    }
    assert!(refusal(&[("PICKET_DOMIAN", "union.example")]).contains("PICKET_DOMIAN"));
}

#[test]
fn insecurity_is_refused_in_public_and_allowed_where_nobody_else_comes() {
    assert!(refusal(&[("PICKET_DOMAIN", "union.example"), ("PICKET_INSECURE", "true")]).contains("public name"));
    for domain in ["127.0.0.1:4000", "node.test", "a.b.onion", "[::1]:80", "localhost"] {
        config(&[("PICKET_DOMAIN", domain), ("PICKET_INSECURE", "true")]).expect(domain);
    }
}

#[test]
fn the_default_domain_is_not_served_to_other_machines() {
    let config = config(&[("PICKET_LISTEN", "0.0.0.0:8080")]).expect("settings");
    assert!(config.refuse_default_domain_in_public().is_err());
}
