//! placeholder
pub struct SigningKey { pub id: String, pub key: crate::crypto::PrivateKey }
