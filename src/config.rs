//! What the operator decides: read once at start from `picket.toml` and the environment, which wins.

mod owner;
mod role;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use url::{Host, Url};

use crate::clock::Zone;
use crate::error::{Error, Result};
use crate::storage::Location;

pub use owner::belongs_to_another;
pub use role::Role;

const PREFIX: &str = "PICKET_";
const MOST_A_RATE: u32 = 100_000;
const MOST_DAYS: u32 = 36_500;
const FILE_NAME: &str = "picket.toml";
const DEFAULT_DOMAIN: &str = "localhost:8080";
/// Names that never lead to the public internet, where trials without TLS do no harm.
const PRIVATE_SUFFIXES: [&str; 4] = ["test", "localhost", "local", "onion"];

/// The operator's settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Host name, with port where it is not the standard one, that stands in every id. For ever.
    pub domain: String,
    /// Host name in handles (`@press@union.example`), where it differs from `domain`.
    pub account_domain: String,
    /// Address that the server binds.
    pub listen: SocketAddr,
    /// Folder for the database and the media.
    pub data_dir: PathBuf,
    /// Where the database is.
    pub database: Location,
    /// What a server does of all that a node does.
    pub role: Role,
    /// The union's user name, at first start.
    pub handle: String,
    /// The union's name, at first start.
    pub name: String,
    /// The union's language (BCP 47), at first start and wherever none is given.
    pub language: String,
    /// Where the union is: its days and hours are those of its pages, its archive and its dates.
    pub time_zone: Zone,
    /// The union's colour on its pages: red, green, blue.
    pub colour: [u8; 3],
    /// Ids and requests by http, private addresses and odd ports allowed: for tests and trials.
    pub insecure: bool,
    /// Only servers on the allow list are spoken with.
    pub allow_list: bool,
    /// Proxy for every outbound request.
    pub proxy: Option<Url>,
    /// Address for metrics, where they are shown.
    pub metrics_listen: Option<SocketAddr>,
    /// Activities a second that one server may send over time.
    pub activity_rate: u32,
    /// Questions a minute to one server that strangers may make us ask.
    pub fetch_rate: u32,
    /// Days for which it is kept how the deliveries of a statement went.
    pub receipts_days: u32,
    /// Whether only servers that sign what they ask may read our documents.
    pub authorized_fetch: bool,
    /// How long others' posts to which nothing refers are kept, in days; `None`: for ever.
    pub keep_remote_days: Option<u32>,
    /// Recovery keys, by their public halves, that every backup is encrypted to.
    pub backup_recipients: Vec<String>,
}

impl Config {
    /// Reads the settings of this process: `--config FILE`, else `picket.toml` in the data folder where there is one, then the
    /// environment.
    ///
    /// # Errors
    /// `Invalid`, naming the key, the value and the mend.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let ours = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        let mut environment = BTreeMap::new();
        for (name, value) in ours.filter(|(name, _)| name.starts_with(PREFIX)) {
            let value = value.into_string();
            let value = value.map_err(|_| Error::invalid(name.clone(), "the value is no UTF-8 text; write it anew"))?;
            environment.insert(name, value);
        }
        Self::from_sources(file, environment)
    }

    /// The same from a given environment.
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn from_sources(file: Option<&Path>, environment: BTreeMap<String, String>) -> Result<Self> {
        let data_dir = environment.get("PICKET_DATA_DIR").map_or("./data", String::as_str);
        let mut settings = match file {
            Some(path) => read_file(path)?,
            None => read_file_if_there(Path::new(data_dir))?,
        };
        for (name, value) in environment {
            let key = name.trim_start_matches(PREFIX).to_lowercase();
            settings.insert(key, Setting { name, value });
        }
        Self::from_settings(Settings(settings))
    }

    fn from_settings(mut settings: Settings) -> Result<Self> {
        let domain = settings.read("domain", DEFAULT_DOMAIN, parse_domain)?;
        let account_domain = settings.read("account_domain", &domain, parse_domain)?;
        let data_dir = settings.read("data_dir", "./data", |text| Ok(PathBuf::from(text)))?;
        let in_data_dir = format!("sqlite:{}", data_dir.join("picket.sqlite").display());
        let insecure_by_itself = host_of(&domain) == "localhost";
        let config = Self {
            listen: settings.read("listen", "127.0.0.1:8080", |text| {
                text.parse().map_err(|_| "write an address and a port, such as 127.0.0.1:8080".to_owned())
            })?,
            database: settings.read("database_url", &in_data_dir, |text| text.parse().map_err(str::to_owned))?,
            role: settings.read("role", "all", str::parse)?,
            handle: settings.read("handle", "union", parse_handle)?,
            name: settings.read("name", "A union", parse_name)?,
            language: settings.read("language", "en", parse_language)?,
            time_zone: settings.read("time_zone", "UTC", parse_zone)?,
            colour: settings.read("colour", "#a8201a", parse_colour)?,
            insecure: settings.read("insecure", &insecure_by_itself.to_string(), parse_bool)?,
            allow_list: settings.read("allow_list", "false", parse_bool)?,
            proxy: settings.read("proxy", "", parse_proxy)?,
            metrics_listen: settings.read("metrics_listen", "", parse_metrics_listen)?,
            activity_rate: settings.read("activity_rate", "300", parse_rate)?,
            fetch_rate: settings.read("fetch_rate", "300", parse_rate)?,
            receipts_days: settings.read("receipts_days", "365", parse_days)?,
            authorized_fetch: settings.read("authorized_fetch", "false", parse_bool)?,
            keep_remote_days: settings.read("keep_remote_days", "180", parse_days_or_for_ever)?,
            backup_recipients: settings.read("backup_recipient", "", parse_recipients)?,
            domain,
            account_domain,
            data_dir,
        };
        settings.refuse_the_rest()?;
        config.refuse_insecurity_in_public()?;
        Ok(config)
    }

    fn refuse_insecurity_in_public(&self) -> Result<()> {
        for domain in [&self.domain, &self.account_domain] {
            if self.insecure && is_public_name(domain) {
                let why = format!("true is for tests and trials, and {domain} is a public name; remove this setting");
                return Err(Error::invalid("PICKET_INSECURE", why));
            }
        }
        Ok(())
    }

    /// Refuses to serve the default domain to other machines: its ids would be wrong for ever.
    ///
    /// # Errors
    /// `Invalid`, when the domain was never set and the address is not loopback.
    pub fn refuse_default_domain_in_public(&self) -> Result<()> {
        if self.domain == DEFAULT_DOMAIN && !self.listen.ip().is_loopback() {
            let why = format!(
                "still {DEFAULT_DOMAIN}, while PICKET_LISTEN is {}; set it to the host name that people will reach, for it stays in every id",
                self.listen
            );
            return Err(Error::invalid("PICKET_DOMAIN", why));
        }
        Ok(())
    }

    /// Refuses a server that does a part only where no other can do the rest.
    ///
    /// # Errors
    /// `Invalid`, on SQLite.
    pub fn refuse_roles_on_sqlite(&self) -> Result<()> {
        if self.role != Role::All && matches!(self.database, Location::Sqlite(_)) {
            let why = format!(
                "{} is for several servers on one PostgreSQL database, and this one is SQLite; leave it out",
                self.role
            );
            return Err(Error::invalid("PICKET_ROLE", why));
        }
        Ok(())
    }

    /// The folder for pictures and files.
    #[must_use]
    pub fn media_dir(&self) -> PathBuf {
        self.data_dir.join("media")
    }

    /// The folder for pictures of others, which may be emptied at any time.
    #[must_use]
    pub fn picture_cache_dir(&self) -> PathBuf {
        self.data_dir.join("cache").join("pictures")
    }
}

/// A value with the name under which the operator gave it.
struct Setting {
    name: String,
    value: String,
}

struct Settings(BTreeMap<String, Setting>);

impl Settings {
    fn read<T>(
        &mut self,
        key: &str,
        default: &str,
        parse: impl Fn(&str) -> std::result::Result<T, String>,
    ) -> Result<T> {
        let given = self.0.remove(key).filter(|setting| !setting.value.trim().is_empty());
        let setting = given
            .unwrap_or_else(|| Setting { name: PREFIX.to_owned() + &key.to_uppercase(), value: default.to_owned() });
        let value = setting.value.trim();
        parse(value).map_err(|mend| Error::invalid(setting.name, format!("{value:?} does not work; {mend}")))
    }

    fn refuse_the_rest(self) -> Result<()> {
        match self.0.into_values().next() {
            Some(setting) => {
                Err(Error::invalid(setting.name, "there is no such setting; check its spelling or remove it"))
            }
            None => Ok(()),
        }
    }
}

fn read_file_if_there(folder: &Path) -> Result<BTreeMap<String, Setting>> {
    let path = folder.join(FILE_NAME);
    match path.try_exists() {
        Ok(true) => read_file(&path),
        // Without the settings in it, a command would mean another node than this one.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            belongs_to_another(folder).map_or_else(|| Ok(BTreeMap::new()), Err)
        }
        _ => Ok(BTreeMap::new()),
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, Setting>> {
    let invalid = |why: String| Error::invalid(path.display().to_string(), why);
    let text = std::fs::read_to_string(path)
        .map_err(|error| invalid(format!("cannot be read ({error}); check the path given by --config")))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        invalid(format!("line {line} is not TOML ({}); write a text as key = \"value\", yes or no as key = true or key = false, a number as key = 1", error.message()))
    })?;
    table
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Boolean(_) | toml::Value::Integer(_) => value.to_string(),
                _ => return Err(invalid(format!("{name} must be a text in quotes, true, false or a number"))),
            };
            Ok((name.clone(), Setting { name, value }))
        })
        .collect()
}

/// A host name in lower case and punycode, with a port only where it is not the standard one.
fn parse_domain(text: &str) -> std::result::Result<String, String> {
    let mend = || "write a host name such as social.union.example, without https:// and without a path".to_owned();
    if text.contains(['/', '@', '?', '#', ' ']) {
        return Err(mend());
    }
    let url = Url::parse(&format!("https://{text}/")).map_err(|_| mend())?;
    let host = url.host_str().ok_or_else(mend)?;
    Ok(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn parse_handle(text: &str) -> std::result::Result<String, String> {
    let fits = (1..=30).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits {
        Ok(text.to_lowercase())
    } else {
        Err("write 1 to 30 Latin letters, digits and underscores; other scripts go in PICKET_NAME".to_owned())
    }
}

fn parse_name(text: &str) -> std::result::Result<String, String> {
    if text.chars().count() <= 200 { Ok(text.to_owned()) } else { Err("write 200 characters at most".to_owned()) }
}

/// A language tag (BCP 47) in its usual form.
fn parse_language(text: &str) -> std::result::Result<String, String> {
    language_tag(text).ok_or_else(|| "write a language code such as en, tr, fa or pt-BR".to_owned())
}

/// The usual form of a language tag (`pt-br` becomes `pt-BR`), or `None` where it is none (RFC 5646).
#[must_use]
pub fn language_tag(text: &str) -> Option<String> {
    let tag = oxilangtag::LanguageTag::parse_and_normalize(text.trim()).ok()?;
    // The grammar also admits reserved words of 4 to 8 letters ("english"): no language has one.
    (tag.primary_language().len() <= 3).then(|| tag.into_inner())
}

fn parse_zone(text: &str) -> std::result::Result<Zone, String> {
    text.parse().map_err(|_| "write the name of a time zone such as Europe/Istanbul or Asia/Tokyo".to_owned())
}

fn parse_colour(text: &str) -> std::result::Result<[u8; 3], String> {
    let digits = text
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let part = |at: usize| digits.and_then(|digits| u8::from_str_radix(&digits[at..at + 2], 16).ok());
    let colour = || Some([part(0)?, part(2)?, part(4)?]);
    colour().ok_or_else(|| "write a colour such as #a8201a: two digits each for red, green and blue".to_owned())
}

fn parse_bool(text: &str) -> std::result::Result<bool, String> {
    text.parse().map_err(|_| "write true or false".to_owned())
}

fn parse_rate(text: &str) -> std::result::Result<u32, String> {
    let rate = text.parse().ok().filter(|rate| (1..=MOST_A_RATE).contains(rate));
    rate.ok_or_else(|| format!("write a number from 1 to {MOST_A_RATE}"))
}

/// Retries last for fifteen days; a century is for ever.
fn parse_days(text: &str) -> std::result::Result<u32, String> {
    let days = text.parse().ok().filter(|days| (30..=MOST_DAYS).contains(days));
    days.ok_or_else(|| format!("write a number of days from 30 to {MOST_DAYS}"))
}

/// 0 is for ever.
fn parse_days_or_for_ever(text: &str) -> std::result::Result<Option<u32>, String> {
    let days = text.parse().ok().filter(|days| *days <= MOST_DAYS);
    let days = days.ok_or_else(|| format!("write a number of days up to {MOST_DAYS}, or 0 for ever"))?;
    Ok((days > 0).then_some(days))
}

fn parse_metrics_listen(text: &str) -> std::result::Result<Option<SocketAddr>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| "write an address and a port, such as 127.0.0.1:9090".to_owned())
}

/// One or several.
fn parse_recipients(text: &str) -> std::result::Result<Vec<String>, String> {
    let recipients: Vec<String> = text.split([',', ' ']).filter(|key| !key.is_empty()).map(str::to_owned).collect();
    if recipients.iter().all(|key| key.parse::<age::x25519::Recipient>().is_ok()) {
        return Ok(recipients);
    }
    Err("copy all of age1… from what `picket recovery-key` printed, several with commas between".to_owned())
}

fn parse_proxy(text: &str) -> std::result::Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let mend = || "write a proxy's URL such as socks5h://127.0.0.1:9050 or http://127.0.0.1:3128".to_owned();
    let url = Url::parse(text).map_err(|_| mend())?;
    let known = matches!(url.scheme(), "socks5" | "socks5h" | "http" | "https") && url.host().is_some();
    if known { Ok(Some(url)) } else { Err(mend()) }
}

fn host_of(domain: &str) -> &str {
    // An IPv6 address has its brackets, so that the last colon behind them starts the port.
    match domain.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => domain,
    }
}

/// Whether a domain is a name that the whole internet can resolve; addresses and reserved names are not (RFC 6761, RFC 7686).
fn is_public_name(domain: &str) -> bool {
    match Host::parse(host_of(domain)) {
        Ok(Host::Domain(name)) => {
            !PRIVATE_SUFFIXES.iter().any(|suffix| name == *suffix || name.ends_with(&format!(".{suffix}")))
        }
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => false,
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests;
