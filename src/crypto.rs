//! Keys and signatures, all on aws-lc-rs: RSA for HTTP signatures, Ed25519 for integrity proofs.
//!
//! Public RSA keys are kept as SPKI in DER, public Ed25519 keys as their 32 bytes, private keys as PKCS#8 in DER.

use aws_lc_rs::digest::{Context, SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ED25519, Ed25519KeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use base64::prelude::{BASE64_STANDARD, Engine};

use crate::error::{Error, Result};
use crate::storage::text_enum;

/// The multicodec prefix of an Ed25519 public key (`0xed`, as a varint), for Multikey (W3C Controlled Identifiers 1.0).
const ED25519_MULTICODEC: [u8; 2] = [0xed, 0x01];
const ED25519_LENGTH: usize = 32;
/// The same of an RSA public key (`0x1205`), which stands there as PKCS#1.
const RSA_MULTICODEC: [u8; 2] = [0x85, 0x24];

text_enum! {
    /// The kinds of keys that we understand.
    Algorithm {
        /// RSA with PKCS#1 v1.5 padding and SHA-256, 2,048 bits and more.
        Rsa = "rsa",
        /// Ed25519 (RFC 8032).
        Ed25519 = "ed25519",
    }
}

/// A key of somebody, to check what they signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// What kind it is.
    pub algorithm: Algorithm,
    /// SPKI in DER for RSA; 32 bytes for Ed25519.
    pub bytes: Vec<u8>,
}

/// A key of ours, to sign with.
pub enum PrivateKey {
    /// For HTTP signatures.
    Rsa(Box<RsaKeyPair>),
    /// For integrity proofs.
    Ed25519(Ed25519KeyPair),
}

impl PublicKey {
    /// Reads a PEM block as it stands in `publicKeyPem`: SPKI (`PUBLIC KEY`) or PKCS#1 (`RSA PUBLIC KEY`), RSA or Ed25519.
    #[must_use]
    pub fn from_pem(text: &str) -> Option<Self> {
        let block = pem::parse(text.trim()).ok()?;
        let der = block.contents();
        match block.tag() {
            "RSA PUBLIC KEY" => Self::rsa(der),
            "PUBLIC KEY" => Self::ed25519_from_spki(der).or_else(|| Self::rsa(der)),
            _ => None,
        }
    }

    fn rsa(der: &[u8]) -> Option<Self> {
        let key = aws_lc_rs::rsa::PublicKey::from_der(der).ok()?;
        let spki: PublicKeyX509Der<'_> = key.as_der().ok()?;
        Some(Self { algorithm: Algorithm::Rsa, bytes: spki.as_ref().to_vec() })
    }

    fn ed25519_from_spki(der: &[u8]) -> Option<Self> {
        /// `SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING }`, everything before the 32 bytes (RFC 8410).
        const PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        let bytes = der.strip_prefix(&PREFIX)?;
        (bytes.len() == ED25519_LENGTH).then(|| Self { algorithm: Algorithm::Ed25519, bytes: bytes.to_vec() })
    }

    /// Reads a key as it stands in `publicKeyMultibase`: Ed25519 (`z6Mk…`) or RSA (`z4MX…`, FEP-521a).
    #[must_use]
    pub fn from_multibase(text: &str) -> Option<Self> {
        let (_, bytes) = multibase::decode(text.trim()).ok()?;
        if let Some(der) = bytes.strip_prefix(&RSA_MULTICODEC) {
            return Self::rsa(der);
        }
        let bytes = bytes.strip_prefix(&ED25519_MULTICODEC)?;
        (bytes.len() == ED25519_LENGTH).then(|| Self { algorithm: Algorithm::Ed25519, bytes: bytes.to_vec() })
    }

    /// The key as `publicKeyPem` wants it (SPKI); only RSA keys are published so.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
        pem::encode_config(&pem::Pem::new("PUBLIC KEY", self.bytes.clone()), config)
    }

    /// The key as `publicKeyMultibase` wants it; only Ed25519 keys are published so.
    #[must_use]
    pub fn to_multibase(&self) -> String {
        multibase::encode(multibase::Base::Base58Btc, [&ED25519_MULTICODEC, self.bytes.as_slice()].concat())
    }

    /// Whether `signature` over `message` was made with the private half of this key.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Rsa => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.bytes).verify(message, signature).is_ok()
            }
            Algorithm::Ed25519 => UnparsedPublicKey::new(&ED25519, &self.bytes).verify(message, signature).is_ok(),
        }
    }
}

impl PrivateKey {
    /// Makes a new RSA key of 2,048 bits, the size that every server of the fediverse understands.
    ///
    /// # Errors
    /// `Internal` when the machine gives no randomness.
    pub fn generate_rsa() -> Result<Self> {
        RsaKeyPair::generate(KeySize::Rsa2048).map(|pair| Self::Rsa(Box::new(pair))).map_err(|_| no_key())
    }

    /// Makes a new Ed25519 key.
    ///
    /// # Errors
    /// `Internal` when the machine gives no randomness.
    pub fn generate_ed25519() -> Result<Self> {
        Ed25519KeyPair::generate().map(Self::Ed25519).map_err(|_| no_key())
    }

    /// Reads a key from what [`PrivateKey::to_pkcs8`] gave.
    ///
    /// # Errors
    /// `Internal` when the bytes are no such key: the database was damaged.
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self> {
        let damaged = |_| Error::internal("a private key in the database is damaged; restore it from a backup");
        match algorithm {
            Algorithm::Rsa => RsaKeyPair::from_pkcs8(der).map(|pair| Self::Rsa(Box::new(pair))).map_err(damaged),
            Algorithm::Ed25519 => Ed25519KeyPair::from_pkcs8(der).map(Self::Ed25519).map_err(damaged),
        }
    }

    /// The key for the database.
    ///
    /// # Errors
    /// `Internal` when it cannot be encoded.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>> {
        match self {
            Self::Rsa(pair) => {
                AsDer::<Pkcs8V1Der<'_>>::as_der(pair.as_ref()).map(|der| der.as_ref().to_vec()).map_err(|_| no_key())
            }
            Self::Ed25519(pair) => pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()).map_err(|_| no_key()),
        }
    }

    /// The half that everybody may see.
    ///
    /// # Errors
    /// `Internal` when it cannot be encoded.
    pub fn public_key(&self) -> Result<PublicKey> {
        match self {
            Self::Rsa(pair) => {
                let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| no_key())?;
                Ok(PublicKey { algorithm: Algorithm::Rsa, bytes: spki.as_ref().to_vec() })
            }
            Self::Ed25519(pair) => {
                Ok(PublicKey { algorithm: Algorithm::Ed25519, bytes: pair.public_key().as_ref().to_vec() })
            }
        }
    }

    /// Signs a message.
    ///
    /// # Errors
    /// `Internal` when the machine gives no randomness.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(|_| no_key())?;
                Ok(signature)
            }
            Self::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

fn no_key() -> Error {
    Error::internal("a key could not be made or used")
}

/// The SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// SHA-256 of what comes in pieces.
#[derive(Clone)]
pub struct Sha256(Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Sha256 {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all pieces, in hexadecimal.
    #[must_use]
    pub fn to_hex(&self) -> String {
        use std::fmt::Write;
        self.0.clone().finish().as_ref().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a text does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// Bytes as standard base64.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Reads standard base64.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_from_storage_and_from_the_wire_as_they_were() {
        for private in [PrivateKey::generate_rsa(), PrivateKey::generate_ed25519()] {
            let private = private.expect("a key");
            let public = private.public_key().expect("its public half");
            let again =
                PrivateKey::from_pkcs8(public.algorithm, &private.to_pkcs8().expect("encoded")).expect("decoded");
            let signature = again.sign(b"solidarity").expect("a signature");
            let read = match public.algorithm {
                Algorithm::Rsa => PublicKey::from_pem(&public.to_pem()),
                Algorithm::Ed25519 => PublicKey::from_multibase(&public.to_multibase()),
            };
            let read = read.expect("a public key");
            assert!(read.verifies(b"solidarity", &signature));
            assert!(!read.verifies(b"solidarity!", &signature));
        }
    }

    #[test]
    fn nonsense_is_no_key() {
        for text in ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "z6MkX", "hello"] {
            assert_eq!(PublicKey::from_pem(text), None);
            assert_eq!(PublicKey::from_multibase(text), None);
        }
    }
}
