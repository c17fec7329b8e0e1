//! draft-cavage-http-signatures-12, which every server of the fediverse understands.
//!
//! `http-signature-normalization` builds the string to sign. It is given clean input only: its own reader of the header takes no space
//! after a comma, lets parameters repeat, adds times without a bound and asks the machine's clock, so none of that reaches it.

use std::collections::BTreeMap;
use std::time::Duration;

use http::header::{DATE, HeaderMap, HeaderName};
use http_signature_normalization::Config;

use super::{
    Checked, Claim, MAX_COVERED, Outgoing, Request, SigningKey, check_expires, check_key_id, check_made, digest,
    header, header_value, http_date, malformed, path_and_query, refused, signature_header, to_http_date,
};
use crate::clock::Time;
use crate::crypto::{Algorithm, PrivateKey, base64, from_base64};
use crate::error::{Error, Result};
use crate::transport::SignatureForm;

const REQUEST_TARGET: &str = "(request-target)";
const CREATED: &str = "(created)";
const EXPIRES: &str = "(expires)";
/// More than the six that the draft knows, for what a later one may add.
const MAX_PARAMETERS: usize = 16;
/// A hundred years: the library must not judge a time, and a longer span could overflow its sums.
const FOR_EVER: Duration = Duration::from_hours(100 * 365 * 24);

/// The parameters of a `Signature` header, checked one by one.
struct Parameters<'a> {
    key_id: String,
    signature: Vec<u8>,
    algorithm: Option<Algorithm>,
    covered: Vec<String>,
    created: Option<(i64, &'a str)>,
    expires: Option<(i64, &'a str)>,
}

/// Reads and checks the signature of a request.
pub(super) fn read(request: &Request<'_>, now: Time) -> Checked<Claim> {
    let parameters = Parameters::read(signature_header(request.headers, "signature")?)?;
    parameters.check_cover(request)?;
    let values = parameters.values(request)?;
    parameters.check_times(&values, now)?;
    if let Some(value) = values.get("digest") {
        digest::check_digest(value, request.body)?;
    }
    let message = message(request.method, request.path_and_query, &parameters.covered, values).map_err(malformed)?;
    Ok(Claim {
        key_id: parameters.key_id,
        form: SignatureForm::Cavage,
        algorithm: parameters.algorithm,
        message,
        signature: parameters.signature,
    })
}

impl<'a> Parameters<'a> {
    fn read(header: &'a str) -> Checked<Self> {
        let found = split(header)?;
        let time = |name| found.get(name).map(|text| seconds(text)).transpose();
        let get = |name: &str| found.get(name).copied().ok_or_else(|| malformed(format!("it has no {name}")));
        let algorithm_name = found.get("algorithm").copied().unwrap_or("hs2019");
        let parameters = Self {
            key_id: check_key_id(get("keyId")?)?,
            signature: from_base64(get("signature")?).ok_or_else(|| malformed("the signature is no base64"))?,
            algorithm: algorithm(algorithm_name)?,
            // The draft's default covers the time alone, which is too little in any case.
            covered: covered(found.get("headers").copied().unwrap_or(CREATED))?,
            created: time("created")?,
            expires: time("expires")?,
        };
        // Section 2.3: these two parts belong to the newer algorithm names.
        if algorithm_name == "rsa-sha256" && (parameters.covers(CREATED) || parameters.covers(EXPIRES)) {
            return Err(refused("rsa-sha256 goes with the Date header, not with (created) or (expires)"));
        }
        Ok(parameters)
    }

    fn covers(&self, name: &str) -> bool {
        self.covered.iter().any(|covered| covered == name)
    }

    fn check_cover(&self, request: &Request<'_>) -> Checked<()> {
        let mut needed = vec![REQUEST_TARGET, "host"];
        if request.needs_digest() {
            needed.push("digest");
        }
        if let Some(missing) = needed.into_iter().find(|name| !self.covers(name)) {
            return Err(refused(format!("it does not cover {missing}")));
        }
        if self.covers("date") || self.covers(CREATED) {
            Ok(())
        } else {
            Err(refused("it covers neither date nor (created)"))
        }
    }

    /// The value of everything that is covered, but for the request target, which the library knows.
    fn values(&self, request: &Request<'_>) -> Checked<BTreeMap<String, String>> {
        let mut values = BTreeMap::new();
        for name in &self.covered {
            let value = match name.as_str() {
                REQUEST_TARGET => continue,
                CREATED => self.created.map(|(_, text)| text),
                EXPIRES => self.expires.map(|(_, text)| text),
                name => header(request.headers, name)?,
            };
            let value = value.ok_or_else(|| refused(format!("it covers {name}, which is not there")))?;
            values.insert(name.clone(), value.to_owned());
        }
        Ok(values)
    }

    fn check_times(&self, values: &BTreeMap<String, String>, now: Time) -> Checked<()> {
        if let Some(date) = values.get("date") {
            check_made(http_date(date).ok_or_else(|| refused("the Date header is no date"))?, now)?;
        }
        if let Some((created, _)) = self.created.filter(|_| self.covers(CREATED)) {
            check_made(created, now)?;
        }
        // It can only shorten the life of a request, so it counts even where it is not covered.
        self.expires.map_or(Ok(()), |(expires, _)| check_expires(expires, now))
    }
}

/// Splits `name="value",name=123` (section 4.1): no escapes, no repetition, nothing left over.
fn split(header: &str) -> Checked<BTreeMap<&str, &str>> {
    let unreadable = || malformed("the Signature header cannot be read");
    let mut found = BTreeMap::new();
    let mut rest = header.trim();
    loop {
        let (name, after) = rest.split_once('=').ok_or_else(unreadable)?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(unreadable());
        }
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(unreadable)?,
            None => after.split_at(after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len())),
        };
        if value.contains('\\') {
            return Err(unreadable());
        }
        if found.insert(name, value).is_some() || found.len() > MAX_PARAMETERS {
            return Err(malformed(format!("the Signature header repeats {name} or holds too much")));
        }
        let after = after.trim_start();
        if after.is_empty() {
            return Ok(found);
        }
        rest = after.strip_prefix(',').ok_or_else(unreadable)?.trim_start();
    }
}

/// What kind of key a name means. `hs2019` leaves it to the key; for RSA the fediverse means SHA-256 with PKCS#1 v1.5 by it, not the
/// draft's SHA-512 with PSS (Mastodon, GoToSocial).
fn algorithm(name: &str) -> Checked<Option<Algorithm>> {
    match name {
        "hs2019" => Ok(None),
        "rsa-sha256" => Ok(Some(Algorithm::Rsa)),
        "ed25519" => Ok(Some(Algorithm::Ed25519)),
        _ => Err(refused("its algorithm is none of rsa-sha256, ed25519 and hs2019")),
    }
}

/// The covered parts in their order, in lower case. What the library leaves out in silence (a part named twice) is refused, and so is
/// what would cover itself.
fn covered(list: &str) -> Checked<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for name in list.split_ascii_whitespace() {
        let name = name.to_ascii_lowercase();
        let known = matches!(name.as_str(), REQUEST_TARGET | CREATED | EXPIRES)
            || HeaderName::from_bytes(name.as_bytes()).is_ok();
        if !known
            || matches!(name.as_str(), "signature" | "authorization")
            || names.contains(&name)
            || names.len() == MAX_COVERED
        {
            return Err(malformed("its list of headers cannot be used"));
        }
        names.push(name);
    }
    Ok(names)
}

/// A time in seconds, with the digits that were signed.
fn seconds(text: &str) -> Checked<(i64, &str)> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| digits).ok_or_else(|| malformed("created or expires is no number"))?;
    Ok((seconds, text))
}

/// The string to sign. The values of `(created)` and `(expires)` stand among the headers, so that the library writes them unread.
fn message(
    method: &str,
    path_and_query: &str,
    covered: &[String],
    mut values: BTreeMap<String, String>,
) -> std::result::Result<String, String> {
    values.insert("signature".to_owned(), format!("keyId=\"-\",headers=\"{}\",signature=\"-\"", covered.join(" ")));
    let built = Config::new().set_expiration(FOR_EVER).begin_verify(method, path_and_query, values);
    built.map(|built| built.signing_string().to_owned()).map_err(|error| error.to_string())
}

/// Signs a request of ours: gives the headers to add. `Host` is signed as the client sends it, without the scheme's own port.
///
/// # Errors
/// `Internal` when the key cannot sign or the key id cannot stand in a header.
pub fn sign_cavage(request: &Outgoing<'_>, signer: &SigningKey, now: Time) -> Result<HeaderMap> {
    if signer.id.contains(['"', '\\']) {
        return Err(Error::internal("a key id cannot stand in quotes"));
    }
    let host = crate::urls::host_of(request.url.as_str())
        .ok_or_else(|| Error::internal("a request without a host cannot be signed"))?;
    let mut headers = HeaderMap::new();
    let mut covered = vec![REQUEST_TARGET.to_owned(), "host".to_owned(), "date".to_owned()];
    let date = to_http_date(now);
    headers.insert(DATE, header_value(&date)?);
    let mut values = BTreeMap::from([("host".to_owned(), host), ("date".to_owned(), date)]);
    if let Some(body) = request.body {
        let digest = digest::digest(body);
        headers.insert("digest", header_value(&digest)?);
        covered.push("digest".to_owned());
        values.insert("digest".to_owned(), digest);
    }
    let message = message(request.method, &path_and_query(request.url), &covered, values).map_err(Error::internal)?;
    let signature = base64(&signer.key.sign(message.as_bytes())?);
    let algorithm = match signer.key {
        PrivateKey::Rsa(_) => "rsa-sha256",
        PrivateKey::Ed25519(_) => "hs2019",
    };
    let (id, covered) = (&signer.id, covered.join(" "));
    let value = format!("keyId=\"{id}\",algorithm=\"{algorithm}\",headers=\"{covered}\",signature=\"{signature}\"");
    headers.insert("signature", header_value(&value)?);
    Ok(headers)
}
