//! Lists of servers as nodes exchange them: Mastodon's CSV form, read leniently, and the JSON of its API.
//!
//! Mastodon's own files have the columns `#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate`
//! (`Admin::ExportDomainBlocksController`); others leave the `#` out, order the columns as they like, add some, or write one domain on each
//! line. This node knows whole refusal only, so that of a block with a lesser severity nothing is kept.

use csv::{ReaderBuilder, StringRecord};
use serde_json::Value;

use super::domains::Domain;
use super::store::Block;
use crate::error::{Error, Result};

/// What a list says of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands: the line of a CSV file, or the number in a JSON list.
    pub place: u64,
    /// The server.
    pub domain: Domain,
    /// Why.
    pub reason: Option<String>,
}

/// What is left out of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Skipped {
    /// Where it stands.
    pub place: u64,
    /// What it names.
    pub domain: String,
    /// Why it is left out.
    pub why: &'static str,
}

/// A list, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The servers that it names.
    pub entries: Vec<Entry>,
    /// What it names and cannot be taken over.
    pub skipped: Vec<Skipped>,
    /// Whether it says how severe each block is: such a list is none of servers to allow.
    pub has_severities: bool,
}

/// Reads a list in either form.
///
/// # Errors
/// `Invalid`, naming the first line that is none.
pub fn read(text: &str) -> Result<List> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('[') { read_json(text) } else { read_csv(text) }
}

fn wrong(place: u64, why: &str) -> Error {
    Error::invalid(format!("line {place}"), format!("{why}; nothing was imported"))
}

/// Where the columns that we know stand.
#[derive(Default)]
struct Columns {
    domain: usize,
    severity: Option<usize>,
    comments: Vec<usize>,
}

impl Columns {
    /// A record that names a column `domain` is the header.
    fn from_header(record: &StringRecord) -> Option<Self> {
        let names: Vec<String> =
            record.iter().map(|field| field.trim().trim_start_matches('#').trim().to_lowercase()).collect();
        let place = |name: &str| names.iter().position(|known| known == name);
        Some(Self {
            domain: place("domain")?,
            severity: place("severity"),
            comments: ["public_comment", "comment", "reason", "private_comment"]
                .into_iter()
                .filter_map(place)
                .collect(),
        })
    }
}

fn read_csv(text: &str) -> Result<List> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut list = List::default();
    let mut columns: Option<Columns> = None;
    for record in reader.records() {
        let record = record.map_err(|error| {
            let place = error.position().map_or(1, csv::Position::line);
            wrong(place, "this is no CSV; see that its quotes are closed")
        })?;
        let place = record.position().map_or(1, csv::Position::line);
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if columns.is_none()
            && let Some(header) = Columns::from_header(&record)
        {
            list.has_severities = header.severity.is_some();
            columns = Some(header);
            continue;
        }
        if record.get(0).is_some_and(|field| field.trim_start().starts_with('#')) {
            continue;
        }
        if columns.is_none() && record.len() > 1 {
            return Err(wrong(place, "of several columns one must be named domain, in a line above the others"));
        }
        let columns = columns.get_or_insert_default();
        let field = |at: usize| record.get(at).map(str::trim).filter(|text| !text.is_empty());
        let domain = field(columns.domain).ok_or_else(|| wrong(place, "there is no domain in it"))?;
        let reason = columns.comments.iter().find_map(|at| field(*at));
        take(&mut list, place, domain, columns.severity.and_then(field), reason)?;
    }
    Ok(list)
}

/// The answer of `/api/v1/admin/domain_blocks`, or of `/api/v1/instance/domain_blocks`, which calls the reason `comment`.
fn read_json(text: &str) -> Result<List> {
    let broken = |error: serde_json::Error| wrong(u64::try_from(error.line()).unwrap_or(1), "this is no list in JSON");
    let items: Vec<Value> = serde_json::from_str(text).map_err(broken)?;
    let mut list = List::default();
    for (item, place) in items.iter().zip(1..) {
        let field = |name: &str| item.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let domain =
            field("domain").or(item.as_str()).ok_or_else(|| wrong(place, "there is no domain in this entry"))?;
        let reason = ["public_comment", "comment", "private_comment"].into_iter().find_map(field);
        list.has_severities |= item.get("severity").is_some();
        take(&mut list, place, domain, field("severity"), reason)?;
    }
    Ok(list)
}

fn take(list: &mut List, place: u64, domain: &str, severity: Option<&str>, reason: Option<&str>) -> Result<()> {
    let skipped = match severity.unwrap_or("suspend").to_lowercase().as_str() {
        "suspend" => None,
        "silence" | "limit" => Some("only limited there, and this node knows whole refusal only"),
        "noop" | "none" => Some("not refused there"),
        other => {
            return Err(wrong(place, &format!("{other:?} is no severity; there are suspend, silence, limit and noop")));
        }
    };
    let obfuscated = domain.contains('*').then_some("its name is hidden behind asterisks");
    if let Some(why) = obfuscated.or(skipped) {
        list.skipped.push(Skipped { place, domain: domain.to_owned(), why });
        return Ok(());
    }
    let domain = Domain::parse(domain).map_err(|_| wrong(place, &format!("{domain:?} is no host name")))?;
    if domain.is_top_level() {
        list.skipped.push(Skipped { place, domain: domain.to_string(), why: "a whole top-level domain" });
        return Ok(());
    }
    list.entries.push(Entry { place, domain, reason: reason.map(str::to_owned) });
    Ok(())
}

/// Writes blocks in Mastodon's CSV form, so that its import takes them.
///
/// # Errors
/// `Internal`, which does not happen: it is written into memory.
pub fn write_blocks(blocks: &[Block]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = ["#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"];
    writer.write_record(columns).map_err(Error::internal)?;
    for block in blocks {
        let reason = block.reason.as_deref().unwrap_or_default();
        writer
            .write_record([block.domain.as_str(), "suspend", "true", "true", reason, "false"])
            .map_err(Error::internal)?;
    }
    finish(writer)
}

/// Writes an allow list in Mastodon's CSV form.
///
/// # Errors
/// As for [`write_blocks`].
pub fn write_allowed(domains: &[String]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["#domain"]).map_err(Error::internal)?;
    for domain in domains {
        writer.write_record([domain]).map_err(Error::internal)?;
    }
    finish(writer)
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Result<String> {
    let bytes = writer.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}

#[cfg(test)]
mod tests;
