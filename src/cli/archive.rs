//! `picket backup`, `restore`, `recovery-key`.

use std::cell::Cell;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::{Context, Failure, Outcome, print};
use crate::archive::{self, RecoveryKey, Restored, Saved, Source};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};

/// Work that takes longer shows how far it is, this often.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(200);

/// `picket backup`.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where to write it, or - for standard output
    file: PathBuf,
    /// Encrypt it to this recovery key (age1…), beside those of the settings; may be given several times
    #[arg(long = "recipient", value_name = "KEY")]
    recipients: Vec<String>,
    /// Replace the file where there is one already
    #[arg(long)]
    force: bool,
}

/// `picket restore`.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    /// A file with the secret recovery key; without it, the key is asked for on standard input
    #[arg(long, value_name = "KEYFILE")]
    identity: Option<PathBuf>,
}

pub(super) async fn backup(cx: &Context, asked: Backup) -> Outcome {
    let config = cx.settings()?;
    let named = [config.backup_recipients.clone(), asked.recipients].concat();
    let recipients = archive::parse_recipients(&named)?;
    let to_standard_output = asked.file == Path::new("-");
    if to_standard_output && (cx.json || std::io::stdout().is_terminal()) {
        let why = "the backup itself would go to standard output, which is a terminal or wanted for JSON; name a file";
        return Err(Error::invalid("FILE", why).into());
    }
    let quiet = cx.json;
    let (file, encrypted) = (asked.file.clone(), !recipients.is_empty());
    let saved = blocking(move || {
        let progress = Progress::new(quiet);
        let watch = |what, done, all| progress.show(what, done, all);
        let backup =
            archive::Backup { config: &config, recipients: &recipients, now: Clock::default().now(), watch: &watch };
        if to_standard_output {
            backup.write(std::io::stdout().lock()).map(|(saved, _)| saved)
        } else {
            archive::backup(&backup, &asked.file, asked.force)
        }
    })
    .await?;
    if to_standard_output {
        eprintln!("{}", tell_saved(&saved, "standard output", encrypted));
        return Ok(());
    }
    let told = json!({
        "file": file,
        "node": saved.manifest.node,
        "created": saved.manifest.created,
        "statements": saved.manifest.statements(),
        "rows": saved.manifest.rows(),
        "media": saved.media,
        "encrypted": encrypted,
    });
    print::answer(cx, &told, |_| tell_saved(&saved, &file.display().to_string(), encrypted))?;
    Ok(())
}

fn tell_saved(saved: &Saved, place: &str, encrypted: bool) -> String {
    let safety = if encrypted {
        "It is encrypted: only the secret recovery key opens it."
    } else {
        "It holds the node's private keys unencrypted: keep it as safe as the node, or encrypt it (`picket recovery-key`)."
    };
    let Saved { manifest, media } = saved;
    let statements = print::counted(manifest.statements(), "statement", "statements");
    let files = print::counted(*media, "file", "files");
    let rows = manifest.rows();
    format!(
        "{} of {} is in {place}: {statements}, {files}, {rows} rows in all.\n{safety}",
        manifest.node, manifest.created
    )
}

pub(super) async fn restore(cx: &Context, asked: Restore) -> Outcome {
    let config = cx.settings()?;
    let keys = keys(&asked)?;
    let (quiet, file) = (cx.json, asked.file);
    let folder = std::path::absolute(&config.data_dir).unwrap_or_else(|_| config.data_dir.clone());
    let restored = blocking(move || restore_now(&config, &Source { file: &file, keys: &keys }, quiet)).await?;
    let Restored { manifest, handle, followers, pending, media } = &restored;
    let statements = manifest.statements();
    let told = json!({
        "node": manifest.node,
        "handle": handle,
        "created": manifest.created,
        "statements": statements,
        "followers": followers,
        "pending_deliveries": pending,
        "media": media,
    });
    print::answer(cx, &told, |_| {
        let folder = folder.display();
        let statements = print::counted(statements, "statement", "statements");
        let followers = print::counted(*followers, "follower", "followers");
        let pending = print::counted(*pending, "delivery that goes on", "deliveries that go on");
        let files = print::counted(*media, "file", "files");
        format!(
            "@{handle} ({}) is back in {folder} as of {}: {statements}, {files}, {followers}, {pending}, and its keys.\n\
             Settings are not in a backup: put the picket.toml of this node in place before you start it, or the allow list and encrypted backups are off.\n\
             Start it with `PICKET_DATA_DIR={folder} picket serve` or its service; never run the old one again beside it.",
            manifest.node, manifest.created
        )
    })?;
    Ok(())
}

fn restore_now(config: &Config, source: &Source<'_>, quiet: bool) -> Result<Restored> {
    let progress = Progress::new(quiet);
    let watch = |what, done, all| progress.show(what, done, all);
    archive::restore(config, source, &watch)
}

/// The secret keys from the file or from standard input, where the backup wants any.
fn keys(asked: &Restore) -> Result<Vec<RecoveryKey>> {
    if !archive::is_encrypted(&asked.file)? {
        return Ok(Vec::new());
    }
    let mut text = String::new();
    match &asked.identity {
        Some(file) => {
            text = std::fs::read_to_string(file).map_err(|error| {
                Error::invalid("--identity", format!("{} cannot be read ({error}); check the path", file.display()))
            })?;
        }
        None if std::io::stdin().is_terminal() => {
            eprint!("The backup is encrypted. Its secret recovery key (AGE-SECRET-KEY-1…): ");
            std::io::stdin().read_line(&mut text).map_err(Error::internal)?;
        }
        None => {
            std::io::stdin().read_to_string(&mut text).map_err(Error::internal)?;
        }
    }
    archive::parse_keys(&text)
}

pub(super) fn recovery_key(cx: &Context) -> Outcome {
    let key = RecoveryKey::generate();
    let (secret, recipient) = (key.secret(), key.recipient());
    print::answer(cx, &json!({"secret": secret, "recipient": recipient}), |_| {
        format!(
            "# The secret opens the backups. It is shown this once: write it down or print it, and keep it off this machine.\n\
             {secret}\n\
             # The public half goes into picket.toml as it stands here, so that every backup is encrypted to it:\n\
             backup_recipient = \"{recipient}\""
        )
    })?;
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> std::result::Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|stopped| Error::internal(format!("the work stopped: {stopped}")))??)
}

/// One line on a terminal that says how far the work is, once it takes long.
struct Progress {
    shown: bool,
    next: Cell<Instant>,
    width: Cell<usize>,
}

impl Progress {
    fn new(quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        Self { shown, next: Cell::new(Instant::now() + PATIENCE), width: Cell::new(0) }
    }

    fn show(&self, what: &str, done: u64, all: u64) {
        if self.shown && Instant::now() >= self.next.get() {
            self.next.set(Instant::now() + PAUSE);
            self.write(&format!("{}% {what}", done.saturating_mul(100) / all.max(1)));
        }
    }

    fn write(&self, line: &str) {
        // A terminal that is gone sees no progress, and the work goes on.
        let _ = write!(std::io::stderr(), "\r{line:<width$}", width = self.width.replace(line.len()));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.width.get() > 0 {
            self.write("");
            let _ = write!(std::io::stderr(), "\r");
        }
    }
}
