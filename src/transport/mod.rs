//! placeholder
pub struct SigningKey { pub id: String, pub key: crate::crypto::PrivateKey }
crate::storage::text_enum! {
    /// x
    SignatureForm { /// a
    Cavage = "cavage", /// b
    Rfc9421 = "rfc9421" }
}
#[derive(Clone)] pub struct Client;
#[derive(Debug, thiserror::Error)]
pub enum FetchError { #[error("{0}")] Refused(String), #[error("gone")] Gone, #[error("nf")] NotFound, #[error("s")] Status(u16), #[error("t")] Timeout, #[error("{0}")] Unreachable(String) }
pub struct Fetched { pub url: String, pub body: serde_json::Value }
pub struct Answer { pub status: u16, pub retry_after: Option<std::time::Duration> }
impl Client {
  pub fn new(_c: &crate::config::Config, _k: crate::clock::Clock) -> crate::error::Result<Client> { Ok(Client) }
  pub async fn fetch_json(&self, _url: &str, _s: Option<&SigningKey>) -> Result<Fetched, FetchError> { Err(FetchError::Gone) }
  pub async fn fetch_document(&self, _url: &str, _a: &[&str]) -> Result<Document, FetchError> { Err(FetchError::Gone) }
  pub async fn post(&self, _i: &str, _b: bytes::Bytes, _s: &SigningKey, _f: SignatureForm) -> Result<Answer, FetchError> { Err(FetchError::Gone) }
}
pub struct Document { pub url: String, pub body: bytes::Bytes }
