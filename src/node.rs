//! What all running code may reach: the settings, the database, who we are, the clock, the client, and the bell that wakes the worker.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::ops::Deref;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::Notify;

use crate::actors::{self, Identity, Keyring, Keys};
use crate::clock::{self, Clock, Time};
use crate::config::{self, Config};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::search;
use crate::storage::{self, Conn, Db, Location};
use crate::transport::{Client, FetchError};
use crate::urls::Urls;

/// This node. Cheap to clone: each request does so several times.
#[derive(Clone)]
pub struct Node(Arc<Parts>);

/// What a node consists of.
#[derive(Clone)]
pub struct Parts {
    /// The operator's settings.
    pub config: Arc<Config>,
    /// Our addresses.
    pub urls: Urls,
    /// The database.
    pub db: Db,
    /// Which of the processes on the database this is: its leases bear the number.
    pub number: i32,
    /// Whether there was none before it was opened here.
    pub is_new: bool,
    /// Our actors.
    pub identity: Arc<Identity>,
    /// The keys that they sign with.
    pub keyring: Keyring,
    /// The time.
    pub clock: Clock,
    /// Every outbound request.
    pub client: Client,
    /// Rung after a commit that leaves something to deliver.
    pub bell: Arc<Notify>,
    /// Addresses of keys that brought nothing a short while ago, and whether they may later: whoever names a wrong key again and again does
    /// not make us ask again and again.
    pub missed_keys: Cache<String, bool>,
    /// Addresses of documents that brought nothing a short while ago, when, and why.
    pub missed_documents: Cache<String, (Time, FetchError)>,
    /// How much is taken from whom.
    pub limits: Arc<Limits>,
    /// What happens, counted.
    pub metrics: Metrics,
}

/// How long what is missing is not asked for again, how many bytes of such addresses are remembered, and what each takes besides.
pub(crate) const MISSED_FOR: Duration = Duration::from_mins(1);
const MISSED_BYTES: u64 = 4 * 1024 * 1024;
const MISSED_ENTRY: usize = 300;

impl Deref for Node {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Node {
    /// Opens the data folder and the database, brings its tables up to date, and at the first start makes our actors and their keys.
    ///
    /// # Errors
    /// What keeps the node from starting, in one line that says what to do.
    pub async fn open(config: Config, clock: Clock) -> Result<Self> {
        make_folders(&config)?;
        let urls = Urls::new(&config);
        let db = storage::open(&config.database)?;
        let client = Client::new(&config, clock.clone())?;
        let (settings, addresses, now) = (config.clone(), urls.clone(), clock.now());
        let found = move |conn: &mut Conn| {
            let is_new = actors::found(conn, &settings, &addresses, now)?;
            if is_new {
                search::begin_filled(conn)?;
            }
            Ok(is_new)
        };
        let is_new = db.write(found).await?;
        let addresses = urls.clone();
        let identity = db.read(move |conn| actors::load(conn, &addresses)).await?;
        let keyring = Keyring::new(&identity.union, &identity.instance);
        let node = Self(Arc::new(Parts {
            limits: Arc::new(Limits::new(&config)),
            config: Arc::new(config),
            urls,
            db,
            number: clock::random_number(),
            is_new,
            keyring,
            identity: Arc::new(identity),
            clock,
            client,
            bell: Arc::new(Notify::new()),
            missed_keys: misses(),
            missed_documents: misses(),
            metrics: Metrics::default(),
        }));
        // A damaged key is better heard of now than at the first delivery.
        node.keys().await?;
        Ok(node)
    }

    /// The same node with another part, such as a client of a network that lies.
    #[must_use]
    pub fn with(self, change: impl FnOnce(&mut Parts)) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        change(&mut parts);
        Self(Arc::new(parts))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The keys that our actors sign with now.
    ///
    /// # Errors
    /// `Internal` when a key is damaged.
    pub async fn keys(&self) -> Result<Arc<Keys>> {
        let keyring = self.keyring.clone();
        self.db.read(move |conn| keyring.keys(conn)).await
    }
}

fn misses<V: Clone + Send + Sync + 'static>() -> Cache<String, V> {
    let bytes = |address: &String, _: &V| u32::try_from(address.len() + MISSED_ENTRY).unwrap_or(u32::MAX);
    Cache::builder().weigher(bytes).max_capacity(MISSED_BYTES).time_to_live(MISSED_FOR).build()
}

/// The folders, and an empty database file: readable by this user alone, for the private keys and what is not public yet lie there.
///
/// # Errors
/// What keeps them from being made.
pub fn make_folders(config: &Config) -> Result<()> {
    let unusable = |path: &Path, error: std::io::Error| {
        if error.kind() == ErrorKind::PermissionDenied
            && let Some(error) = config::belongs_to_another(&config.data_dir)
        {
            return error;
        }
        let why = format!("{} cannot be made ({error}); choose a folder that this user may write to", path.display());
        Error::invalid("PICKET_DATA_DIR", why)
    };
    let media = config.media_dir();
    DirBuilder::new().recursive(true).mode(0o700).create(&media).map_err(|error| unusable(&media, error))?;
    let Location::Sqlite(file) = &config.database else { return Ok(()) };
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(storage::unreadable(&config.database, &error.to_string()))
        }
        _ => Ok(()),
    }
}
