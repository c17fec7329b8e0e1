//! The command line, one file a family of commands. Each command opens the node, calls one function, and prints.
//!
//! Names, answers and exit codes are what scripts rely on: 0 done, 1 refused or failed, 2 wrong usage or configuration.

mod aliases;
mod allies;
mod answers;
mod archive;
mod blocks;
mod demo;
mod doctor;
mod highlights;
mod kept;
mod keys;
mod logging;
mod maintenance;
mod moves;
mod pages;
mod print;
mod private_box;
mod profile;
mod reports;
mod search;
mod serve;
mod site;
mod statements;
mod texts;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, Role};
use crate::error::Error;
use crate::node::Node;

/// A trade union's own node on the fediverse.
///
/// Without a command it serves. Settings come from picket.toml and from the environment (`PICKET_DOMAIN`, `PICKET_DATA_DIR`, …); deploy/picket.toml
/// explains each.
#[derive(Debug, Parser)]
#[command(name = "picket", version, about, long_about)]
pub struct Arguments {
    /// Settings file; without it, picket.toml in the data folder is read where there is one
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print one JSON document on standard output, and nothing else there
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve: create what is missing, bring the database up to date, and run until told to stop
    Serve {
        /// Of several processes on one PostgreSQL database, what this one does: web answers requests, delivery delivers and does what is done
        /// by the clock, all does both [default: the setting `role`, which is all]
        #[arg(long, value_name = "web|delivery|all")]
        role: Option<Role>,
    },
    /// Show what Picket does: three unions on this machine tell a story, and stay up for you to look at
    Demo(demo::Demo),
    /// Publish, list, show, edit and withdraw statements
    #[command(subcommand)]
    Statement(statements::Statement),
    /// Show or change how the union shows itself: name, summary, pictures, links
    Profile(profile::ProfileCommand),
    /// Add, change, list and remove pages that the union writes itself
    #[command(subcommand)]
    Page(pages::PageCommand),
    /// Show or change where the public site leads, and what it shows
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Put hashtags of campaigns forward, and say what they are about
    #[command(subcommand)]
    Tag(highlights::Tag),
    /// Pass somebody's public post on to our followers
    Boost {
        /// Address of the post
        url: String,
    },
    /// Take a boost back
    Unboost {
        /// Address of the post
        url: String,
    },
    /// Follow an allied union; its answers show without approval
    Follow {
        /// Its handle (@name@host), or the address of its profile
        union: String,
    },
    /// Stop following a union
    Unfollow {
        /// Its handle (@name@host), or the address of its profile
        union: String,
    },
    /// List the unions that ours follows, with what they answered
    Following,
    /// List who follows our union: for the operator's eyes only
    Followers,
    /// List what followed unions published, newest first
    Timeline {
        /// How many at most
        #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
        /// Only those that they pinned to their profiles
        #[arg(long)]
        pinned: bool,
    },
    /// Find statements, what allies published and approved answers by their words, newest first
    Search(search::Search),
    /// List public answers to our statements
    Replies(answers::Replies),
    /// Show an answer to everybody
    Approve {
        /// Its number, as `picket replies` prints it, for what it said there; or its id, for what it says now
        id: String,
    },
    /// Keep an answer out of sight
    Reject {
        /// Its id or number, as `picket replies` prints them
        id: String,
    },
    /// Show what came in private (it is not encrypted), newest first; each post goes after 30 days
    Box {
        #[command(subcommand)]
        act: Option<private_box::Act>,
    },
    /// Refuse a server and all its subdomains: ends follow relations with it, and hides what is stored of it
    Block(blocks::Block),
    /// Lift the block of a server
    Unblock {
        /// Its host name
        host: String,
    },
    /// List blocked servers, or exchange them with other nodes
    Blocks {
        #[command(subcommand)]
        exchange: Option<blocks::Exchange>,
    },
    /// Put a server and all its subdomains on the allow list, which counts where the settings say so
    Allow {
        /// Its host name
        host: String,
    },
    /// Take a server off the allow list
    Disallow {
        /// Its host name
        host: String,
    },
    /// List the servers on the allow list, or exchange them with other nodes
    Allowed {
        #[command(subcommand)]
        exchange: Option<blocks::Exchange>,
    },
    /// List the keys that this node signs with, and the old ones that others may still verify by; renew them
    Keys {
        #[command(subcommand)]
        command: Option<keys::Keys>,
    },
    /// List what other servers reported to us
    Reports {
        /// Closed ones as well
        #[arg(long)]
        all: bool,
    },
    /// Report a post or an account to its own server, or close a report that came to us
    Report(reports::Make),
    /// List followed unions that say that they moved
    Moves(moves::Moves),
    /// Say which other accounts are this union, so that they can move here
    #[command(subcommand)]
    Alias(aliases::Alias),
    /// Follow a union to where it moved, or stay
    #[command(subcommand)]
    Move(moves::Decide),
    /// Say what this node would make of an ActivityPub document, without the network and without storing
    Inspect {
        /// A JSON file, or - for standard input
        file: PathBuf,
    },
    /// Check settings, database, keys, the queue, and how the node is seen from outside; say how to mend what is wrong, and what is kept
    Doctor,
    /// Bring the database up to date, and end
    Migrate,
    /// Write the whole node into one file, beside a running server: statements, followers, keys, pictures, what waits to be delivered
    Backup(archive::Backup),
    /// Make the node anew from a backup, in an empty data folder and database
    Restore(archive::Restore),
    /// Make a recovery key, to which backups are encrypted: its secret is printed once
    RecoveryKey,
}

/// Why a command ends without success.
#[derive(Debug)]
enum Failure {
    /// Refused, or something went wrong: exit code 1.
    Refused(Error),
    /// Wrong settings or an unusable database: exit code 2.
    Settings(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

type Outcome = Result<(), Failure>;

/// What a command gets to work with.
struct Context {
    config: Option<PathBuf>,
    json: bool,
}

impl Context {
    fn settings(&self) -> Result<Config, Failure> {
        Config::load(self.config.as_deref()).map_err(Failure::Settings)
    }

    async fn node(&self) -> Result<Node, Failure> {
        self.node_with(self.settings()?).await.map_err(Failure::Settings)
    }

    /// The node of these settings. Whoever means another than the one in the data folder, and founds a second one instead, is told.
    async fn node_with(&self, config: Config) -> Result<Node, Error> {
        let node = Node::open(config, Clock::default()).await?;
        if node.is_new {
            let Config { data_dir, domain, .. } = node.config.as_ref();
            let said = format!(
                "A new node was founded in {} for {domain}: there was none. If yours lies elsewhere, set PICKET_DATA_DIR.",
                data_dir.display()
            );
            eprintln!("{}", logging::one_line(&said, false));
        }
        Ok(node)
    }
}

/// Runs the command line and gives the exit code.
#[must_use]
pub fn main(arguments: Arguments) -> ExitCode {
    let serves = matches!(arguments.command, None | Some(Command::Serve { .. } | Command::Demo(_)));
    logging::to_standard_error(serves);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Failure::Refused(Error::internal(format!("the program cannot start: {error}")))),
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

async fn run(arguments: Arguments) -> Outcome {
    let context = Context { config: arguments.config, json: arguments.json };
    let cx = &context;
    match arguments.command.unwrap_or(Command::Serve { role: None }) {
        Command::Serve { role } => serve::serve(cx, role).await,
        Command::Demo(demo) => demo::run(demo).await,
        Command::Statement(command) => statements::run(cx, command).await,
        Command::Profile(command) => profile::run(cx, command).await,
        Command::Page(command) => pages::run(cx, command).await,
        Command::Site(command) => site::run(cx, command).await,
        Command::Tag(command) => highlights::tag(cx, command).await,
        Command::Boost { url } => statements::boost(cx, &url).await,
        Command::Unboost { url } => statements::unboost(cx, &url).await,
        Command::Follow { union } => allies::follow(cx, &union).await,
        Command::Unfollow { union } => allies::unfollow(cx, &union).await,
        Command::Following => allies::following(cx).await,
        Command::Followers => allies::followers(cx).await,
        Command::Timeline { limit, pinned } => allies::timeline(cx, limit, pinned).await,
        Command::Search(asked) => search::search(cx, asked).await,
        Command::Replies(replies) => answers::list(cx, replies).await,
        Command::Approve { id } => answers::approve(cx, &id).await,
        Command::Reject { id } => answers::reject(cx, &id).await,
        Command::Box { act } => private_box::run(cx, act).await,
        Command::Block(block) => blocks::block(cx, block).await,
        Command::Unblock { host } => blocks::unblock(cx, &host).await,
        Command::Blocks { exchange } => blocks::blocks(cx, exchange).await,
        Command::Allow { host } => blocks::allow(cx, &host).await,
        Command::Disallow { host } => blocks::disallow(cx, &host).await,
        Command::Allowed { exchange } => blocks::allowed(cx, exchange).await,
        Command::Keys { command } => keys::run(cx, command).await,
        Command::Reports { all } => reports::list(cx, all).await,
        Command::Report(report) => reports::run(cx, report).await,
        Command::Moves(moves) => moves::list(cx, moves).await,
        Command::Alias(alias) => aliases::run(cx, alias).await,
        Command::Move(decide) => moves::decide(cx, decide).await,
        Command::Inspect { file } => maintenance::inspect(cx, &file),
        Command::Doctor => doctor::doctor(cx).await,
        Command::Migrate => maintenance::migrate(cx).await,
        Command::Backup(backup) => archive::backup(cx, backup).await,
        Command::Restore(restore) => archive::restore(cx, restore).await,
        Command::RecoveryKey => archive::recovery_key(cx),
    }
}

/// One line that says what to do.
fn fail(failure: &Failure) -> ExitCode {
    let (error, code) = match failure {
        Failure::Refused(error) => (error, 1),
        Failure::Settings(error) => (error, 2),
    };
    let said = error.to_string().replace(['\n', '\r'], " ");
    eprintln!("picket: {}", logging::one_line(&said, false));
    ExitCode::from(code)
}
