//! The one HTTP client of the house: checks where a request goes, signs it, and reads no more of the answer than it must.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use http::{Method, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Proxy, Response};
use url::Url;

use super::account::{Account, Question};
use super::address::Rules;
use super::answer;
use super::fault::{FetchError, shortened};
use super::json;
use super::media_type::{ACTIVITY_JSON, MediaType};
use super::resolver::{Lookup, Resolver, system_lookup};
use super::signature::{Outgoing, sign_cavage, sign_rfc9421};
use super::sockets::Sockets;
use super::{SignatureForm, SigningKey};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::metrics::Tally;
use crate::urls::{self, Urls};

pub use super::answer::Answer;

/// From the first packet to the last byte, redirects included.
const DEADLINE: Duration = Duration::from_secs(10);
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// The largest document, after decompression: what Mastodon accepts.
const MAX_DOCUMENT: usize = 1024 * 1024;
const MAX_REDIRECTS: usize = 3;
const DELIVERED_TYPE: HeaderValue = HeaderValue::from_static("application/activity+json");

/// Whether a redirect is followed to an address. This room knows addresses; whoever asks knows with whom we speak.
pub type Judge = Arc<dyn Fn(Url) -> BoxFuture<'static, std::result::Result<(), FetchError>> + Send + Sync>;

/// What a client stands on: changed by tests only.
pub struct Network {
    /// From the first packet to the last byte.
    pub deadline: Duration,
    /// How names become addresses.
    pub lookup: Lookup,
    /// Whose word on a server's certificate is taken, beside that of the authorities that the machine knows.
    pub authorities: Vec<Certificate>,
}

impl Default for Network {
    fn default() -> Self {
        Self { deadline: DEADLINE, lookup: system_lookup(), authorities: Vec::new() }
    }
}

/// Who asks, and the form of signature to try first.
#[derive(Clone, Copy)]
pub struct Signer<'k> {
    /// The key to sign with.
    pub key: &'k SigningKey,
    /// What this server took last, draft-cavage unless known.
    pub form: SignatureForm,
}

/// A JSON document with the address that it came from in the end.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The form of signature that was taken, where the question was signed.
    pub form: Option<SignatureForm>,
    /// The address after redirects: the document's id must lie on its server.
    pub url: String,
    /// The document.
    pub body: serde_json::Value,
}

/// A document of any other kind.
#[derive(Debug, Clone)]
pub struct Document {
    /// The address after redirects.
    pub url: String,
    /// Its media type, in lower case and without parameters.
    pub media_type: String,
    /// Its bytes.
    pub body: Bytes,
}

/// Sends every request of this node. Cheap to clone: all clones share their connections.
#[derive(Clone)]
pub struct Client {
    sockets: Arc<Sockets>,
    rules: Arc<Rules>,
    clock: Clock,
    deadline: Duration,
    account: Option<Arc<Account>>,
    judge: Option<Judge>,
    posts: Tally<2>,
}

impl Client {
    /// The client under the operator's settings.
    ///
    /// # Errors
    /// `Invalid` when the proxy cannot be used; `Internal` when the machine's certificates cannot be read.
    pub fn new(config: &Config, clock: Clock) -> Result<Self> {
        Self::on(Network::default(), config, clock)
    }

    /// The same on another network: for tests.
    ///
    /// # Errors
    /// As for [`Client::new`].
    pub fn on(network: Network, config: &Config, clock: Clock) -> Result<Self> {
        let rules = Rules::new(config);
        let resolver = Resolver { lookup: network.lookup, rules: rules.clone() };
        let resolver = Arc::new(resolver);
        // The proxy's URL may hold a password, and so may the error.
        let proxy = config.proxy.as_ref().map(|proxy| Proxy::all(proxy.as_str()));
        let proxy = proxy.transpose().map_err(|_| Error::invalid("PICKET_PROXY", "this proxy cannot be used"))?;
        // HTTP/2 is spoken with servers that offer it.
        let builder = || {
            let builder = reqwest::Client::builder()
                .user_agent(format!("Picket/{} (+{})", env!("CARGO_PKG_VERSION"), Urls::new(config).home()))
                .dns_resolver(Arc::clone(&resolver))
                .redirect(Policy::none())
                .referer(false)
                .https_only(!config.insecure)
                .tls_certs_merge(network.authorities.clone())
                .connect_timeout(CONNECT_DEADLINE.min(network.deadline))
                // The environment's proxies are not the operator's choice for us: a request that should go through Tor must not go elsewhere.
                .no_proxy();
            match &proxy {
                Some(proxy) => builder.proxy(proxy.clone()),
                None => builder,
            }
        };
        let sockets = Sockets::new(builder);
        let sockets = sockets.map_err(|error| Error::internal(format!("no HTTP client could be made: {error}")))?;
        Ok(Self {
            sockets: Arc::new(sockets),
            rules: Arc::new(rules),
            clock,
            deadline: network.deadline,
            account: None,
            judge: None,
            posts: Tally::default(),
        })
    }

    /// The same client, asking on somebody's account.
    #[must_use]
    pub fn on_account(&self, account: &Arc<Account>) -> Self {
        Self { account: Some(Arc::clone(account)), ..self.clone() }
    }

    /// The same client, following redirects only where somebody lets it. Where the first request goes is judged by whoever sends it.
    #[must_use]
    pub fn redirected_by(&self, judge: Judge) -> Self {
        Self { judge: Some(judge), ..self.clone() }
    }

    /// Checks an address without sending anything, as every request does first.
    ///
    /// # Errors
    /// `Refused`.
    pub fn check(&self, url: &str) -> std::result::Result<Url, FetchError> {
        self.rules.check(url).map_err(FetchError::Refused)
    }

    /// The address of a path on a host that is known by name only, as in a handle: https, or http in a trial.
    #[must_use]
    pub fn at_host(&self, host: &str, path: &str) -> String {
        let scheme = if self.rules.insecure() { "http" } else { "https" };
        format!("{scheme}://{host}{path}")
    }

    /// Fetches a document of the fediverse: `application/activity+json`, or ld+json with its profile.
    ///
    /// # Errors
    /// Why it brought nothing.
    pub async fn fetch_json(
        &self,
        url: &str,
        mut signer: Option<Signer<'_>>,
    ) -> std::result::Result<Fetched, FetchError> {
        let fetch = async {
            let (url, response, _question) = self.get(url, ACTIVITY_JSON, signer.as_mut()).await?;
            let media_type = media_type(&response)?;
            if !media_type.is_activity() {
                return Err(FetchError::WrongType(shortened(&media_type.name)));
            }
            let body = answer::read_all(response, MAX_DOCUMENT).await?;
            let body = json::parse(&body).map_err(|_| FetchError::NotJson)?;
            Ok(Fetched { form: signer.map(|signer| signer.form), url: url.into(), body })
        };
        self.in_time(fetch).await
    }

    /// Fetches a document of one of the given media types, unsigned: WebFinger and other discovery.
    ///
    /// # Errors
    /// Why it brought nothing.
    pub async fn fetch_document(&self, url: &str, accept: &[&str]) -> std::result::Result<Document, FetchError> {
        self.fetch_bytes(url, accept, MAX_DOCUMENT).await
    }

    /// The same with a limit of its own: pictures and files. A type may be a whole family, such as `image/*`.
    ///
    /// # Errors
    /// Why it brought nothing.
    pub async fn fetch_bytes(
        &self,
        url: &str,
        accept: &[&str],
        max_bytes: usize,
    ) -> std::result::Result<Document, FetchError> {
        let fetch = async {
            let (url, response, _question) = self.get(url, &accept.join(", "), None).await?;
            let media_type = media_type(&response)?;
            if !accept.iter().any(|wanted| media_type.is(wanted)) {
                return Err(FetchError::WrongType(shortened(&media_type.name)));
            }
            let body = answer::read_all(response, max_bytes).await?;
            Ok(Document { url: url.into(), media_type: media_type.name, body })
        };
        self.in_time(fetch).await
    }

    /// Delivers an activity. No redirect is followed: an inbox that moved is announced by its actor, not by whoever answers.
    ///
    /// # Errors
    /// Why there was no answer; an answer that says no is no error.
    pub async fn post(
        &self,
        inbox: &str,
        body: Bytes,
        signer: &SigningKey,
        form: SignatureForm,
    ) -> std::result::Result<Answer, FetchError> {
        let answer = self.send(inbox, body, signer, form).await;
        self.posts.get_or_create(&[("form", form.as_str()), ("outcome", answer::outcome(&answer))]).inc();
        answer
    }

    /// Deliveries that were tried, by form of signature and outcome.
    #[must_use]
    pub fn posts(&self) -> Tally<2> {
        self.posts.clone()
    }

    async fn send(
        &self,
        inbox: &str,
        body: Bytes,
        signer: &SigningKey,
        form: SignatureForm,
    ) -> std::result::Result<Answer, FetchError> {
        let url = self.check(inbox)?;
        let post = async {
            let mut headers = self.signature(&Method::POST, &url, Some(&body), signer, form)?;
            headers.insert(CONTENT_TYPE, DELIVERED_TYPE);
            let response = self.to(&url).post(url.clone()).headers(headers).body(body.clone()).send().await?;
            Ok(response)
        };
        let response = self.in_time(post).await?;
        Ok(Answer::read(response, self.deadline, self.clock.now()).await)
    }

    fn to(&self, url: &Url) -> &reqwest::Client {
        self.sockets.to(&urls::host_of(url.as_str()).unwrap_or_default())
    }

    async fn in_time<T>(
        &self,
        work: impl Future<Output = std::result::Result<T, FetchError>>,
    ) -> std::result::Result<T, FetchError> {
        tokio::time::timeout(self.deadline, work).await.unwrap_or(Err(FetchError::Timeout))
    }

    /// The successful answer at the end of at most three redirects, each of them judged, counted and signed like the first request.
    /// What comes with it is held until the answer is read.
    async fn get(
        &self,
        url: &str,
        accept: &str,
        mut signer: Option<&mut Signer<'_>>,
    ) -> std::result::Result<(Url, Response, Option<Question>), FetchError> {
        let mut url = self.check(url)?;
        let mut knocks = 2;
        for _ in 0..=MAX_REDIRECTS {
            let question = self.charge(&url).await?;
            let response = self.knock(&url, accept, signer.as_deref_mut(), &mut knocks).await?;
            match response.status() {
                status if status.is_success() => return Ok((url, response, question)),
                StatusCode::GONE => return Err(FetchError::Gone),
                StatusCode::NOT_FOUND => return Err(FetchError::NotFound),
                status => {
                    let location = redirect(&response).ok_or(FetchError::Status(status.as_u16()))?;
                    url = self.follow(&url, location).await?;
                }
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    /// Where a redirect leads, if a request may go there.
    async fn follow(&self, from: &Url, location: &str) -> std::result::Result<Url, FetchError> {
        let to = self.rules.check_redirect(from, location).map_err(FetchError::Refused)?;
        if let Some(judge) = &self.judge {
            judge(to.clone()).await?;
        }
        Ok(to)
    }

    async fn charge(&self, url: &Url) -> std::result::Result<Option<Question>, FetchError> {
        let Some(account) = &self.account else { return Ok(None) };
        let host = urls::host_of(url.as_str()).unwrap_or_default();
        account.ask(&host, self.clock.now()).await.map(Some)
    }

    /// Asks with one form of signature, and with the other where that one is not believed: Fedify 2 leaves the query out of the draft's
    /// `(request-target)`, and a server may have dropped the draft or not know the standard. Once on the way to a document at most; what
    /// was taken is tried first from then on.
    async fn knock(
        &self,
        url: &Url,
        accept: &str,
        signer: Option<&mut Signer<'_>>,
        knocks: &mut u8,
    ) -> std::result::Result<Response, FetchError> {
        let Some(signer) = signer else { return self.ask(url, accept, HeaderMap::new()).await };
        let signature = |form| self.signature(&Method::GET, url, None, signer.key, form);
        let response = self.ask(url, accept, signature(signer.form)?).await?;
        if *knocks < 2 || !SignatureForm::may_be_the_reason(response.status().as_u16()) {
            return Ok(response);
        }
        *knocks -= 1;
        let again = self.ask(url, accept, signature(signer.form.other())?).await?;
        if SignatureForm::may_be_the_reason(again.status().as_u16()) {
            return Ok(response);
        }
        signer.form = signer.form.other();
        Ok(again)
    }

    async fn ask(&self, url: &Url, accept: &str, mut headers: HeaderMap) -> std::result::Result<Response, FetchError> {
        let accept = HeaderValue::from_str(accept)
            .map_err(|_| FetchError::Refused("no header can name these media types".to_owned()))?;
        headers.insert(ACCEPT, accept);
        Ok(self.to(url).get(url.clone()).headers(headers).send().await?)
    }

    fn signature(
        &self,
        method: &Method,
        url: &Url,
        body: Option<&[u8]>,
        signer: &SigningKey,
        form: SignatureForm,
    ) -> std::result::Result<HeaderMap, FetchError> {
        let request = Outgoing { method: method.as_str(), url, body };
        let sign = match form {
            SignatureForm::Cavage => sign_cavage,
            SignatureForm::Rfc9421 => sign_rfc9421,
        };
        sign(&request, signer, self.clock.now()).map_err(|error| {
            tracing::error!(%error, "a request could not be signed; run `picket doctor`, which checks the keys");
            FetchError::Unsigned
        })
    }
}

fn media_type(response: &Response) -> std::result::Result<MediaType, FetchError> {
    let mut values = response.headers().get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(FetchError::WrongType("none is given, or several".to_owned()));
    };
    let text = value.to_str().unwrap_or_default();
    MediaType::parse(text).ok_or_else(|| FetchError::WrongType(shortened(text)))
}

/// Where an answer redirects to (RFC 9110, section 15.4); other answers of that class redirect nobody.
fn redirect(response: &Response) -> Option<&str> {
    matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308)
        .then(|| response.headers().get(LOCATION)?.to_str().ok())
        .flatten()
}
