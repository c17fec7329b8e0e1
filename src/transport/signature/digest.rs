//! Digests of the body, which tie it to the signature.

use sfv::{BareItem, Dictionary, ListEntry, Parser};

use super::{Checked, malformed, refused};
use crate::crypto::{base64, from_base64, sha256};

/// The `Digest` header of a body (RFC 3230 and RFC 5843, as the draft uses them).
pub(super) fn digest(body: &[u8]) -> String {
    format!("SHA-256={}", base64(&sha256(body)))
}

/// The `Content-Digest` header of a body (RFC 9530).
pub(super) fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", base64(&sha256(body)))
}

/// Whether a `Digest` header holds the SHA-256 of the body. Others may stand beside it in the list and are not looked at: one good
/// digest is enough, and a second one of the same kind is a riddle.
pub(super) fn check_digest(value: &str, body: &[u8]) -> Checked<()> {
    let mut found = None;
    for entry in value.split(',') {
        let (algorithm, digest) =
            entry.trim().split_once('=').ok_or_else(|| malformed("the Digest header cannot be read"))?;
        if !algorithm.eq_ignore_ascii_case("sha-256") {
            continue;
        }
        let digest = from_base64(digest).ok_or_else(|| malformed("the Digest header holds no base64"))?;
        if found.replace(digest).is_some() {
            return Err(malformed("the Digest header holds two of SHA-256"));
        }
    }
    compare(found.as_deref(), body)
}

/// The same of a `Content-Digest` header. In a structured field the last of equal keys counts (RFC 9651, section 4.2.2).
pub(super) fn check_content_digest(value: &str, body: &[u8]) -> Checked<()> {
    let digests: Dictionary =
        Parser::new(value).parse().map_err(|_| malformed("the Content-Digest header cannot be read"))?;
    let found = match digests.get("sha-256") {
        None => None,
        Some(ListEntry::Item(item)) => match &item.bare_item {
            BareItem::ByteSequence(bytes) => Some(bytes.as_slice()),
            _ => return Err(malformed("the Content-Digest header holds no bytes")),
        },
        Some(ListEntry::InnerList(_)) => return Err(malformed("the Content-Digest header holds no bytes")),
    };
    compare(found, body)
}

fn compare(found: Option<&[u8]>, body: &[u8]) -> Checked<()> {
    match found {
        None => Err(refused("there is no SHA-256 digest of the body")),
        Some(digest) if digest == sha256(body) => Ok(()),
        Some(_) => Err(refused("the digest is not that of the body")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"Hello world";
    const HASH: &str = "ZOyIygCyaOW6GjVnihtTFtIS9PNmskdyMlNKiuyjfzw=";

    fn status(result: Checked<()>) -> u16 {
        result.map_or_else(|error| error.status(), |()| 200)
    }

    #[test]
    fn the_digest_of_the_body_holds_in_any_spelling_of_its_name_and_beside_others() {
        assert_eq!(digest(BODY), format!("SHA-256={HASH}"));
        for value in [
            format!("SHA-256={HASH}"),
            format!("sha-256={HASH}"),
            format!("SHA-512=AAAA,  Sha-256={HASH}"),
            format!("SHA-256={HASH}, MD5=x"),
        ] {
            assert_eq!(status(check_digest(&value, BODY)), 200, "{value}");
        }
        for value in [content_digest(BODY), format!("sha-512=:AAAA:, sha-256=:{HASH}:;x")] {
            assert_eq!(status(check_content_digest(&value, BODY)), 200, "{value}");
        }
    }

    #[test]
    fn a_digest_of_another_body_or_of_another_kind_is_refused() {
        for value in ["SHA-512=AAAA", "MD5=AAAA", "SHA-256=AAAA", "SHA-256=", &digest(b"hello world")] {
            assert_eq!(status(check_digest(value, BODY)), 401, "{value}");
        }
        for value in ["", "sha-512=:AAAA:", "sha-256=:AAAA:", "sha-256=::", &content_digest(b"")] {
            assert_eq!(status(check_content_digest(value, BODY)), 401, "{value}");
        }
    }

    #[test]
    fn a_digest_that_cannot_be_read_is_malformed() {
        let twice = format!("SHA-256={HASH},sha-256={HASH}");
        for value in ["", ",", "SHA-256", "SHA-256=~~~~", "SHA-256=AAAA,", &twice] {
            assert_eq!(status(check_digest(value, BODY)), 400, "{value}");
        }
        let upper = format!("SHA-256=:{HASH}:");
        for value in ["=", "sha-256", "sha-256=AAAA", "sha-256=(1 2)", "sha-256=:~:", &upper] {
            assert_eq!(status(check_content_digest(value, BODY)), 400, "{value}");
        }
    }
}
