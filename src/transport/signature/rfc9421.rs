//! HTTP Message Signatures (RFC 9421).

use http::header::{HeaderMap, HeaderName};
use sfv::{BareItem, Dictionary, InnerList, Item, Key, ListEntry, ListSerializer, Parameters, Parser};

use super::{
    Checked, Claim, MAX_COVERED, Outgoing, Request, SigningKey, Site, check_expires, check_key_id, check_made, digest,
    header, header_value, malformed, refused, signature_header,
};
use crate::clock::Time;
use crate::crypto::{Algorithm, base64};
use crate::error::{Error, Result};
use crate::transport::SignatureForm;

/// Proxies may add signatures of their own; nobody needs more.
const MAX_SIGNATURES: usize = 5;
const LABEL: &str = "sig1";

/// Reads the first signature of a request that meets the rules.
pub(super) fn read(request: &Request<'_>, site: &Site<'_>, now: Time) -> Checked<Claim> {
    let unreadable = |_| malformed("the Signature or Signature-Input header cannot be read");
    let inputs: Dictionary =
        Parser::new(signature_header(request.headers, "signature-input")?).parse().map_err(unreadable)?;
    let signatures: Dictionary =
        Parser::new(signature_header(request.headers, "signature")?).parse().map_err(unreadable)?;
    let mut first_error = None;
    for (label, input) in inputs.iter().take(MAX_SIGNATURES) {
        match read_one(request, site, now, input, signatures.get(label)) {
            Ok(claim) => return Ok(claim),
            Err(error) => _ = first_error.get_or_insert(error),
        }
    }
    Err(first_error.unwrap_or_else(|| refused("the Signature-Input header is empty")))
}

fn read_one(
    request: &Request<'_>,
    site: &Site<'_>,
    now: Time,
    input: &ListEntry,
    signature: Option<&ListEntry>,
) -> Checked<Claim> {
    let ListEntry::InnerList(input) = input else { return Err(malformed("the Signature-Input header holds no list")) };
    let covered = covered(input)?;
    check_cover(request, &covered)?;
    check_times(&input.params, now)?;
    let mut lines = Vec::new();
    for name in &covered {
        lines.push((*name, component(request, site, name)?));
    }
    if let Some((_, value)) = lines.iter().find(|(name, _)| *name == "content-digest") {
        digest::check_content_digest(value, request.body)?;
    }
    Ok(Claim {
        key_id: check_key_id(text(&input.params, "keyid")?.ok_or_else(|| refused("it names no keyid"))?)?,
        form: SignatureForm::Rfc9421,
        algorithm: text(&input.params, "alg")?.map(algorithm).transpose()?,
        message: message(&lines, input),
        signature: bytes(signature)?,
    })
}

/// The covered components. Those with parameters (`;sf`, `;key`, `;tr`, `@query-param`) are in no use in the fediverse, and every
/// reading of them is one more chance to be fooled.
fn covered(input: &InnerList) -> Checked<Vec<&str>> {
    let mut names: Vec<&str> = Vec::new();
    for Item { bare_item, params } in &input.items {
        let name = bare_item.as_string().ok_or_else(|| malformed("it covers what is no name"))?.as_str();
        if !params.is_empty() {
            return Err(refused(format!("it covers {name} with parameters, which is not understood here")));
        }
        if names.contains(&name) || names.len() == MAX_COVERED {
            return Err(malformed("it covers a component twice, or too many"));
        }
        names.push(name);
    }
    Ok(names)
}

/// `@target-uri`, or its three parts together: any one of them left out could be changed.
fn check_cover(request: &Request<'_>, covered: &[&str]) -> Checked<()> {
    let covers = |name: &str| covered.contains(&name);
    if !covers("@method") {
        return Err(refused("it does not cover @method"));
    }
    if !covers("@target-uri") && !["@authority", "@path", "@query"].into_iter().all(covers) {
        return Err(refused("it covers neither @target-uri nor all of @authority, @path and @query"));
    }
    if request.needs_digest() && !covers("content-digest") {
        return Err(refused("it does not cover content-digest"));
    }
    Ok(())
}

fn check_times(params: &Parameters, now: Time) -> Checked<()> {
    check_made(seconds(params, "created")?.ok_or_else(|| refused("it does not say when it was created"))?, now)?;
    seconds(params, "expires")?.map_or(Ok(()), |expires| check_expires(expires, now))
}

/// The value of a component (section 2). What depends on our own address is made from our own address: behind a proxy the request
/// itself tells neither scheme nor host truly.
fn component(request: &Request<'_>, site: &Site<'_>, name: &str) -> Checked<String> {
    let target = request.path_and_query;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match name {
        "@method" => Ok(request.method.to_owned()),
        "@target-uri" => Ok(format!("{}://{}{target}", site.scheme, site.authority)),
        "@authority" => Ok(site.authority.clone()),
        "@scheme" => Ok(site.scheme.to_owned()),
        "@request-target" => Ok(target.to_owned()),
        "@path" => Ok(path.to_owned()),
        "@query" => Ok(format!("?{query}")),
        _ if name.starts_with('@') => Err(refused(format!("it covers {name}, which is not understood here"))),
        _ => {
            let is_name = HeaderName::from_bytes(name.as_bytes()).is_ok_and(|lower| lower.as_str() == name);
            if !is_name || matches!(name, "signature" | "signature-input") {
                return Err(malformed("it covers what is no header"));
            }
            let value = header(request.headers, name)?
                .ok_or_else(|| refused(format!("it covers {name}, which is not there")))?;
            Ok(value.to_owned())
        }
    }
}

/// The signature base (section 2.5). The last line is written anew from what was read, so that what we checked is what was signed.
fn message(lines: &[(&str, String)], input: &InnerList) -> String {
    let mut message = String::new();
    for (name, value) in lines {
        message.extend(["\"", name, "\": ", value, "\n"]);
    }
    message + "\"@signature-params\": " + &serialize(input)
}

fn serialize(input: &InnerList) -> String {
    let mut serializer = ListSerializer::new();
    serializer.members([&ListEntry::InnerList(input.clone())]);
    serializer.finish().unwrap_or_default()
}

fn algorithm(name: &str) -> Checked<Algorithm> {
    match name {
        "rsa-v1_5-sha256" => Ok(Algorithm::Rsa),
        "ed25519" => Ok(Algorithm::Ed25519),
        _ => Err(refused("its algorithm is neither rsa-v1_5-sha256 nor ed25519")),
    }
}

fn text<'a>(params: &'a Parameters, name: &str) -> Checked<Option<&'a str>> {
    let read = |value: &'a BareItem| {
        value.as_string().map(sfv::StringRef::as_str).ok_or_else(|| malformed(format!("{name} is no text")))
    };
    params.get(name).map(read).transpose()
}

fn seconds(params: &Parameters, name: &str) -> Checked<Option<i64>> {
    let read = |value: &BareItem| {
        value.as_integer().map(i64::from).ok_or_else(|| malformed(format!("{name} is no whole number")))
    };
    params.get(name).map(read).transpose()
}

fn bytes(signature: Option<&ListEntry>) -> Checked<Vec<u8>> {
    match signature {
        Some(ListEntry::Item(Item { bare_item: BareItem::ByteSequence(bytes), .. })) => Ok(bytes.clone()),
        Some(_) => Err(malformed("the Signature header holds no bytes")),
        None => Err(malformed("the Signature header lacks a signature that Signature-Input names")),
    }
}

/// Signs a request of ours: gives the headers to add. No `alg`: Mastodon 4.5 and Fedify 2 take it from the key.
///
/// # Errors
/// `Internal` when the key cannot sign or the key id cannot stand in a header.
pub fn sign_rfc9421(request: &Outgoing<'_>, signer: &SigningKey, now: Time) -> Result<HeaderMap> {
    let unsignable = |_| Error::internal("a request cannot be signed: a part of it cannot stand in a header");
    let mut target = request.url.clone();
    target.set_fragment(None);
    let mut headers = HeaderMap::new();
    let mut lines = vec![("@method", request.method.to_owned()), ("@target-uri", target.to_string())];
    if let Some(body) = request.body {
        let digest = digest::content_digest(body);
        headers.insert("content-digest", header_value(&digest)?);
        lines.push(("content-digest", digest));
    }
    let mut input = InnerList::default();
    for (name, _) in &lines {
        input.items.push(Item::new(BareItem::String(sfv::String::try_from((*name).to_owned()).map_err(unsignable)?)));
    }
    let key = |name: &str| Key::try_from(name.to_owned()).map_err(unsignable);
    let created = sfv::Integer::try_from(now.and_utc().timestamp())
        .map_err(|_| Error::internal("the clock is beyond all times"))?;
    input.params.insert(key("created")?, BareItem::Integer(created));
    input.params.insert(key("keyid")?, BareItem::String(sfv::String::try_from(signer.id.clone()).map_err(unsignable)?));
    let signature = base64(&signer.key.sign(message(&lines, &input).as_bytes())?);
    headers.insert("signature-input", header_value(&format!("{LABEL}={}", serialize(&input)))?);
    headers.insert("signature", header_value(&format!("{LABEL}=:{signature}:"))?);
    Ok(headers)
}
