//! Actors and keys in the database.

mod idle;

use diesel::prelude::*;

use crate::clock::Time;
use crate::crypto::{Algorithm, PublicKey};
use crate::error::Result;
use crate::storage::schema::{actor_keys, actors, settings};
use crate::storage::{Conn, each};

pub use idle::{delete_idle, idle};

/// An actor, of this node or of another.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = actors)]
pub struct Actor {
    /// Row number.
    pub id: i64,
    /// The actor's id on the wire.
    pub uri: String,
    /// `Organization`, `Person`, `Service`, `Group` or `Application`.
    pub kind: String,
    /// Whether it is one of ours.
    pub local: bool,
    /// `press@union.example`, without a leading `@`, the host in lower case.
    pub handle: String,
    /// Host (and port) of the id.
    pub host: String,
    /// Display name: text, never HTML.
    pub name: String,
    /// Biography: sanitised HTML.
    pub summary: String,
    /// Profile page for people.
    pub url: Option<String>,
    /// Where its activities are posted to.
    pub inbox: String,
    /// Inbox of its whole server.
    pub shared_inbox: Option<String>,
    /// Its outbox.
    pub outbox: Option<String>,
    /// Its followers collection: an address in `to` or `cc`.
    pub followers: Option<String>,
    /// Address of its picture.
    pub icon: Option<String>,
    /// The collection of its pinned posts.
    pub featured: Option<String>,
    /// When we first met it.
    pub created_at: Time,
    /// When its document was last read.
    pub fetched_at: Time,
    /// When its keys were last asked for because a signature did not hold.
    pub keys_checked_at: Time,
    /// Whether the rules about servers refuse its own (`moderation::blocks`): what it left here is then shown nowhere.
    pub blocked: bool,
    /// Whether it lets others find what it wrote (FEP-5feb).
    pub indexable: bool,
}

impl Actor {
    /// Where to deliver to: the server's shared inbox where it has one.
    #[must_use]
    pub fn delivery_inbox(&self) -> &str {
        self.shared_inbox.as_deref().unwrap_or(&self.inbox)
    }

    /// The name for people: the display name, or the handle where there is none.
    #[must_use]
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() { &self.handle } else { &self.name }
    }
}

/// A public key with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's id on the wire, which is what a signature names.
    pub id: String,
    /// The key itself.
    pub key: PublicKey,
}

/// What another server says of one of its actors, already checked and cleaned.
#[derive(Debug, Clone)]
pub struct RemoteActor {
    /// See the fields of [`Actor`].
    pub uri: String,
    /// `Organization`, `Person`, …
    pub kind: String,
    /// `name@host`.
    pub handle: String,
    /// Host and port of the id.
    pub host: String,
    /// Text.
    pub name: String,
    /// Sanitised HTML.
    pub summary: String,
    /// Profile page.
    pub url: Option<String>,
    /// Inbox.
    pub inbox: String,
    /// Shared inbox.
    pub shared_inbox: Option<String>,
    /// Outbox.
    pub outbox: Option<String>,
    /// Followers collection.
    pub followers: Option<String>,
    /// Picture.
    pub icon: Option<String>,
    /// Pinned posts.
    pub featured: Option<String>,
    /// Whether it lets others find what it wrote.
    pub indexable: bool,
    /// All its usable keys.
    pub keys: Vec<Key>,
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = actors, treat_none_as_null = true)]
struct ActorRow<'a> {
    uri: &'a str,
    kind: &'a str,
    local: bool,
    handle: &'a str,
    host: &'a str,
    name: &'a str,
    summary: &'a str,
    url: Option<String>,
    inbox: &'a str,
    shared_inbox: Option<String>,
    outbox: Option<String>,
    followers: Option<String>,
    icon: Option<String>,
    featured: Option<String>,
    fetched_at: Time,
    blocked: bool,
    indexable: bool,
}

/// An actor of this node.
#[derive(Insertable)]
#[diesel(table_name = actors)]
pub(super) struct LocalActor {
    pub(super) uri: String,
    pub(super) kind: &'static str,
    pub(super) local: bool,
    pub(super) handle: String,
    pub(super) host: String,
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) url: Option<String>,
    pub(super) inbox: String,
    pub(super) shared_inbox: Option<String>,
    pub(super) outbox: Option<String>,
    pub(super) followers: Option<String>,
}

/// A value of the `settings` table.
pub(super) fn setting(conn: &mut Conn, key: &str) -> Result<String> {
    Ok(settings::table.find(key).select(settings::value).first(conn)?)
}

/// Keeps a setting, unless there is one of this name already.
pub(super) fn insert_setting(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    let row = (settings::key.eq(key), settings::value.eq(value));
    each!(conn, conn => diesel::insert_into(settings::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

pub(super) fn insert_local(conn: &mut Conn, row: &LocalActor, now: Time) -> Result<Actor> {
    let times = (actors::created_at.eq(now), actors::fetched_at.eq(now), actors::keys_checked_at.eq(now));
    diesel::insert_into(actors::table).values((row, times)).execute(conn)?;
    Ok(actors::table.filter(actors::uri.eq(&row.uri)).select(Actor::as_select()).first(conn)?)
}

/// The ids of all keys that two local actors sign with, in order.
pub(super) fn signing_key_ids(conn: &mut Conn, one: i64, other: i64) -> Result<Vec<String>> {
    let of_either = actor_keys::actor_id.eq(one).or(actor_keys::actor_id.eq(other));
    let signing = of_either.and(actor_keys::private_key.is_not_null());
    Ok(actor_keys::table.filter(signing).order(actor_keys::id).select(actor_keys::id).load(conn)?)
}

/// The id and the PKCS#8 bytes of the key that a local actor signs with.
pub(super) fn private_key(conn: &mut Conn, actor_id: i64, algorithm: Algorithm) -> Result<(String, Vec<u8>)> {
    let (id, private): (String, Option<Vec<u8>>) = actor_keys::table
        .filter(actor_keys::actor_id.eq(actor_id).and(actor_keys::algorithm.eq(algorithm)))
        .filter(actor_keys::private_key.is_not_null())
        .order(actor_keys::created_at.desc())
        .select((actor_keys::id, actor_keys::private_key))
        .first(conn)?;
    Ok((id, private.unwrap_or_default()))
}

/// Destroys the private halves of a local actor's keys. Whoever does the same at the same time waits until the end of the transaction.
pub(super) fn destroy_private_keys(conn: &mut Conn, actor_id: i64) -> Result<()> {
    // An update that changes nothing locks the row on both databases.
    diesel::update(actors::table.find(actor_id)).set(actors::local.eq(actors::local)).execute(conn)?;
    let of_actor = actor_keys::table.filter(actor_keys::actor_id.eq(actor_id));
    diesel::update(of_actor).set(actor_keys::private_key.eq(None::<Vec<u8>>)).execute(conn)?;
    Ok(())
}

/// An actor by its id on the wire.
pub fn find(conn: &mut Conn, uri: &str) -> Result<Option<Actor>> {
    let found = each!(conn, conn => actors::table.filter(actors::uri.eq(uri)).select(Actor::as_select()).first(conn));
    Ok(found.optional()?)
}

/// An actor by `name@host`.
pub fn find_by_handle(conn: &mut Conn, handle: &str) -> Result<Option<Actor>> {
    let found = actors::table.filter(actors::handle.eq(handle)).order(actors::id).select(Actor::as_select());
    Ok(found.first(conn).optional()?)
}

/// Several actors by row number, in no order.
pub fn with_ids(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Actor>> {
    Ok(actors::table.filter(actors::id.eq_any(ids)).select(Actor::as_select()).load(conn)?)
}

/// Actors of other servers that are reached at an inbox, their own or that of their server.
pub fn at_inbox(conn: &mut Conn, inbox: &str, limit: i64) -> Result<Vec<Actor>> {
    let here = actors::inbox.eq(inbox).or(actors::shared_inbox.eq(inbox));
    let remote = actors::table.filter(here).filter(actors::local.eq(false));
    Ok(remote.order(actors::id).limit(limit).select(Actor::as_select()).load(conn)?)
}

/// Whether nobody but this actor is reached at its inbox, as far as we know.
pub fn has_own_inbox(conn: &mut Conn, actor: &Actor) -> Result<bool> {
    let is_shared = actor.shared_inbox.as_ref() == Some(&actor.inbox);
    Ok(!is_shared && at_inbox(conn, &actor.inbox, 2)?.iter().all(|other| other.id == actor.id))
}

/// The key of an id, with its owner.
pub fn find_key(conn: &mut Conn, key_id: &str) -> Result<Option<(Actor, PublicKey)>> {
    let found: QueryResult<(Actor, Algorithm, Vec<u8>)> = each!(conn, conn => actor_keys::table
        .inner_join(actors::table)
        .filter(actor_keys::id.eq(key_id))
        .select((Actor::as_select(), actor_keys::algorithm, actor_keys::public_key))
        .first(conn));
    Ok(found.optional()?.map(|(actor, algorithm, bytes)| (actor, PublicKey { algorithm, bytes })))
}

/// All keys of an actor: of ours, those that it signs with come first.
pub fn keys(conn: &mut Conn, actor_id: i64) -> Result<Vec<Key>> {
    let rows: Vec<(String, Algorithm, Vec<u8>)> = actor_keys::table
        .filter(actor_keys::actor_id.eq(actor_id))
        .order((actor_keys::private_key.is_null(), actor_keys::created_at.desc()))
        .select((actor_keys::id, actor_keys::algorithm, actor_keys::public_key))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, algorithm, bytes)| Key { id, key: PublicKey { algorithm, bytes } }).collect())
}

/// A key of a local actor, as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct OwnKey {
    /// Its id on the wire.
    pub id: String,
    /// What kind it is.
    pub algorithm: Algorithm,
    /// When it was made.
    pub created_at: Time,
    /// Whether it still signs: the private half of an old key is destroyed.
    pub has_private_half: bool,
}

/// All keys that a local actor ever had, newest first.
pub fn own_keys(conn: &mut Conn, actor_id: i64) -> Result<Vec<OwnKey>> {
    let columns =
        (actor_keys::id, actor_keys::algorithm, actor_keys::created_at, actor_keys::private_key.is_not_null());
    let of_actor = actor_keys::table.filter(actor_keys::actor_id.eq(actor_id));
    Ok(of_actor.order((actor_keys::created_at.desc(), actor_keys::id)).select(columns).load(conn)?)
}

/// Keeps what another server says of its actor now, and whether that server is refused. Keys that it no longer names are forgotten, those
/// that it still names are known since they were first named.
pub fn save_remote(conn: &mut Conn, remote: &RemoteActor, blocked: bool, now: Time) -> Result<Actor> {
    let row = row_of(remote, blocked, now);
    let inserted = (&row, actors::created_at.eq(now), actors::keys_checked_at.eq(now));
    each!(conn, conn => diesel::insert_into(actors::table)
        .values(inserted)
        .on_conflict(actors::uri)
        .do_update()
        .set(&row)
        .execute(conn))?;
    let actor = actors::table.filter(actors::uri.eq(&remote.uri)).select(Actor::as_select()).first(conn)?;
    let known = keys(conn, actor.id)?;
    for key in known.iter().filter(|key| !remote.keys.contains(key)) {
        diesel::delete(actor_keys::table.find(&key.id)).execute(conn)?;
    }
    for key in remote.keys.iter().filter(|key| !known.contains(key)) {
        insert_key(conn, actor.id, key, None, now)?;
    }
    Ok(actor)
}

fn row_of(remote: &RemoteActor, blocked: bool, now: Time) -> ActorRow<'_> {
    ActorRow {
        uri: &remote.uri,
        kind: &remote.kind,
        local: false,
        handle: &remote.handle,
        host: &remote.host,
        name: &remote.name,
        summary: &remote.summary,
        url: remote.url.clone(),
        inbox: &remote.inbox,
        shared_inbox: remote.shared_inbox.clone(),
        outbox: remote.outbox.clone(),
        followers: remote.followers.clone(),
        icon: remote.icon.clone(),
        featured: remote.featured.clone(),
        fetched_at: now,
        blocked,
        indexable: remote.indexable,
    }
}

/// Adds a key. A key id that another actor already uses stays with that actor: nobody takes over a key by naming it.
pub(super) fn insert_key(conn: &mut Conn, actor_id: i64, key: &Key, private: Option<&[u8]>, now: Time) -> Result<()> {
    let row = (
        actor_keys::id.eq(&key.id),
        actor_keys::actor_id.eq(actor_id),
        actor_keys::algorithm.eq(key.key.algorithm),
        actor_keys::public_key.eq(&key.key.bytes),
        actor_keys::private_key.eq(private),
        actor_keys::created_at.eq(now),
    );
    each!(conn, conn => diesel::insert_into(actor_keys::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Remembers that the keys of an actor were asked for again, so that bad signatures cannot make us ask at every request.
pub fn mark_keys_checked(conn: &mut Conn, actor_id: i64, now: Time) -> Result<()> {
    diesel::update(actors::table.find(actor_id)).set(actors::keys_checked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Forgets an actor of another server with all that hangs on it.
pub fn delete(conn: &mut Conn, actor_id: i64) -> Result<()> {
    diesel::delete(actors::table.filter(actors::id.eq(actor_id).and(actors::local.eq(false)))).execute(conn)?;
    Ok(())
}

/// Where an actor of another server lives, and whether it is marked as blocked.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = actors)]
pub struct Residence {
    /// Row number.
    pub id: i64,
    /// Host of its id.
    pub host: String,
    /// `name@host`, where the host may be another.
    pub handle: String,
    /// The mark.
    pub blocked: bool,
}

/// Where the actors of other servers live, in order of their row numbers, after one of them.
pub fn residences(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Residence>> {
    let rest = actors::id.gt(after).and(actors::local.eq(false));
    Ok(actors::table.filter(rest).order(actors::id).limit(limit).select(Residence::as_select()).load(conn)?)
}

/// Whether an actor is still here, and no rule keeps its word out.
pub fn is_welcome(conn: &mut Conn, id: i64) -> Result<bool> {
    let blocked: QueryResult<bool> = each!(conn, conn => actors::table.find(id).select(actors::blocked).first(conn));
    Ok(blocked.optional()? == Some(false))
}

/// Marks actors as blocked, or as not blocked any more.
pub fn mark_blocked(conn: &mut Conn, ids: &[i64], blocked: bool) -> Result<()> {
    diesel::update(actors::table.filter(actors::id.eq_any(ids))).set(actors::blocked.eq(blocked)).execute(conn)?;
    Ok(())
}
