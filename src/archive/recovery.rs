//! Recovery keys: who can open a backup (the `age` format, <https://age-encryption.org/v1>).
//!
//! The public half stands in the settings, so that every backup is encrypted to it; the secret half is kept off the machine.

use std::io::{Read, Write};

use age::secrecy::ExposeSecret;
use age::stream::{StreamReader, StreamWriter};
use age::x25519::Identity;
use age::{DecryptError, Decryptor, Encryptor};

use crate::error::{Error, Result};

/// The public half of a recovery key: `age1…`.
pub type Recipient = age::x25519::Recipient;

/// A recovery key, with its secret half.
#[derive(Clone)]
pub struct RecoveryKey(Identity);

impl RecoveryKey {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(Identity::generate())
    }

    /// The secret half, `AGE-SECRET-KEY-1…`: to be shown once.
    #[must_use]
    pub fn secret(&self) -> String {
        self.0.to_string().expose_secret().to_owned()
    }

    /// The public half.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }
}

/// Reads public halves.
///
/// # Errors
/// `Invalid`, naming what is none.
pub fn parse_recipients(texts: &[String]) -> Result<Vec<Recipient>> {
    let parse = |text: &String| {
        let wrong = |why| {
            Error::invalid(
                "recipient",
                format!("{text:?} is no recovery key ({why}); write age1…, as `picket recovery-key` prints it"),
            )
        };
        text.parse().map_err(wrong)
    };
    texts.iter().map(parse).collect()
}

/// Reads secret halves: one a line, as `picket recovery-key` and `age-keygen` write them, with comments (`#`) between and the line for the settings.
///
/// # Errors
/// `Invalid` where there is none or one is damaged. What was given is not repeated.
pub fn parse_keys(text: &str) -> Result<Vec<RecoveryKey>> {
    let is_none = |line: &&str| line.is_empty() || line.starts_with('#') || line.starts_with("backup_recipient");
    let lines = text.lines().map(str::trim).filter(|line| !is_none(line));
    let wrong =
        |why: &str| Error::invalid("identity", format!("{why}; the line that starts with AGE-SECRET-KEY-1 is wanted"));
    let parse = |line: &str| Ok(RecoveryKey(line.parse().map_err(|_| wrong("a line is no secret recovery key"))?));
    let keys: Vec<RecoveryKey> = lines.map(parse).collect::<Result<_>>()?;
    if keys.is_empty() { Err(wrong("there is no secret recovery key in it")) } else { Ok(keys) }
}

/// Encrypts what is written, so that each of some recipients can read it.
pub(super) fn encrypt<W: Write>(recipients: &[Recipient], out: W) -> Result<StreamWriter<W>> {
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(Error::internal)?;
    encryptor.wrap_output(out).map_err(super::pack::unwritable)
}

/// Decrypts what is read.
pub(super) fn decrypt<R: Read>(keys: &[RecoveryKey], from: R) -> Result<StreamReader<R>> {
    if keys.is_empty() {
        let why = "the backup is encrypted; give the file with the secret recovery key by --identity";
        return Err(Error::invalid("identity", why));
    }
    let decryptor = Decryptor::new(from).map_err(unreadable)?;
    decryptor.decrypt(keys.iter().map(|key| &key.0 as &dyn age::Identity)).map_err(unreadable)
}

fn unreadable(error: DecryptError) -> Error {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            let why = "this key does not open the backup; nothing was touched: give the secret of a key that it was encrypted to";
            Error::invalid("identity", why)
        }
        DecryptError::Io(error) => super::unpack::broken(error),
        _ => super::unpack::damaged("its encryption does not hold"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_may_hold_comments_and_a_refusal_never_repeats_a_secret() {
        let key = RecoveryKey::generate();
        let file = format!("# created: today\nbackup_recipient = \"{}\"\n\n{}\n", key.recipient(), key.secret());
        assert_eq!(parse_keys(&file).expect("a key")[0].recipient(), key.recipient());
        let broken = key.secret().replace('1', "2");
        for wrong in ["", "# nothing", broken.as_str()] {
            let said = parse_keys(wrong).map(|_| ()).expect_err("refused").to_string();
            assert!(said.contains("AGE-SECRET-KEY-1") && !said.contains(&key.secret()[20..30]), "{said}");
        }
        assert!(parse_recipients(&["age1nobody".to_owned()]).is_err());
        assert_eq!(parse_recipients(&[key.recipient()]).expect("a recipient").len(), 1);
    }
}
