//! `picket statement …`, `boost` and `unboost`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::texts::read_text;
use super::{Context, Outcome, highlights, print};
use crate::clock::{When, rfc3339, rfc3339_in};
use crate::delivery;
use crate::delivery::receipts::{self, HostReceipt, Receipts};
use crate::error::{Error, Result};
use crate::federation::outbox::{self, Published, Repeated};
use crate::languages::Language;
use crate::markup;
use crate::node::Node;
use crate::statements;
use crate::statements::draft::{Draft, PictureDraft};
use crate::urls;

#[derive(Debug, Subcommand)]
pub(super) enum Statement {
    /// Publish a Markdown file
    Publish(Box<Publish>),
    /// List statements, newest first
    List {
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        limit: i64,
    },
    /// Show one statement
    Show {
        /// Its address
        url: String,
    },
    /// Put a newer wording in its place; followers are told
    Edit {
        /// Its address
        url: String,
        /// The newer Markdown file, or - for standard input; what it does not mention stays as it was
        file: PathBuf,
    },
    /// Take it back: its text is removed here, and everybody who got it is told
    Withdraw {
        /// Its address
        url: String,
    },
    /// Let it stand first on our page and on our profile elsewhere: five at most
    Pin {
        /// Its address
        url: String,
    },
    /// Let it stand in its place by date again
    Unpin {
        /// Its address
        url: String,
    },
    /// Did it reach them? What became of each delivery
    Deliveries {
        /// Its address
        url: String,
        /// Start again what was given up
        #[arg(long)]
        again: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Publish {
    /// A Markdown file, or - for standard input. A TOML (+++) or YAML (---) front matter may hold title, lead, language, date, byline,
    /// `on_behalf_of`, `received_from`, addressee, to, source, licence, `content_warning`, sensitive, hashtags, `in_reply_to`, translates, pictures, documents
    file: PathBuf,
    /// Title; else the front matter's, else a leading "# " line
    #[arg(long)]
    title: Option<String>,
    /// Language code, such as tr, fa or pt-BR
    #[arg(long, value_name = "CODE")]
    lang: Option<String>,
    /// A time (RFC 3339; without an offset that of `time_zone` in the settings) or a day: in the past it is listed and not delivered, in the future it is published then
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// A picture; give --alt behind each
    #[arg(long, value_name = "FILE")]
    image: Vec<PathBuf>,
    /// What the picture before it shows, for those who cannot see it
    #[arg(long, value_name = "TEXT")]
    alt: Vec<String>,
    /// Somebody who is addressed as well, such as @union@host
    #[arg(long, value_name = "HANDLE")]
    to: Vec<String>,
    /// The post that this answers
    #[arg(long, value_name = "URL")]
    in_reply_to: Option<String>,
    /// The statement that this translates
    #[arg(long, value_name = "URL")]
    translates: Option<String>,
    /// Refuse if the very same text was published within the last day, or is scheduled, whatever pictures go with it: for programs that may run twice
    #[arg(long)]
    once: bool,
}

pub(super) async fn run(cx: &Context, command: Statement) -> Outcome {
    match command {
        Statement::Publish(publish) => self::publish(cx, *publish).await,
        Statement::List { limit } => list(cx, limit).await,
        Statement::Show { url } => show(cx, &url).await,
        Statement::Edit { url, file } => edit(cx, &url, &file).await,
        Statement::Withdraw { url } => withdraw(cx, &url).await,
        Statement::Deliveries { url, again } => deliveries(cx, &url, again).await,
        Statement::Pin { url } => highlights::pin(cx, &url).await,
        Statement::Unpin { url } => highlights::unpin(cx, &url).await,
    }
}

/// What publishing, editing and withdrawing answer.
#[derive(Serialize)]
struct Told {
    id: String,
    url: String,
    deliveries: i64,
}

async fn publish(cx: &Context, publish: Publish) -> Outcome {
    let repeated = if publish.once { Repeated::Refused } else { Repeated::Told };
    let draft = draft_of(publish)?;
    let node = cx.node().await?;
    let published = outbox::publish_unless(&node, draft, repeated).await?;
    if let Some(twin) = &published.twin {
        print::warn(&format!(
            "the very same text {}; if this is one too many, `picket statement withdraw {}` takes it back (--once refuses such a text)",
            twin.whereabouts(),
            published.statement.uri
        ));
    }
    let what = if published.statement.state == statements::State::Scheduled { "Scheduled" } else { "Published" };
    tell(cx, &node, published, what)
}

fn tell(cx: &Context, node: &Node, published: Published, what: &str) -> Outcome {
    let Published { statement, deliveries, .. } = published;
    let said = match statement.state {
        statements::State::Scheduled => {
            let at = rfc3339_in(statement.published, node.config.time_zone);
            format!("It will be published at {at}; until then nobody sees it.")
        }
        statements::State::Published if statement.backdated => "It is listed under its date, and not sent.".to_owned(),
        _ => print::on_its_way(deliveries),
    };
    let which = which(&statement);
    let told = Told { id: statement.uri.clone(), url: statement.uri, deliveries };
    print::answer(cx, &told, |told| format!("{what}: {}\n{which}{said}", told.url))?;
    Ok(())
}

/// The language and the title, by which an editor sees that it is the text that she meant; nothing of what is withdrawn.
fn which(statement: &statements::Statement) -> String {
    if statement.state == statements::State::Withdrawn {
        return String::new();
    }
    let Language { tag, name, .. } = Language::of(&statement.language);
    format!("{name} ({tag}): {}\n", statement.title.as_deref().unwrap_or("(no title)"))
}

/// The file's draft with the flags over it.
fn draft_of(publish: Publish) -> Result<Draft> {
    let mut draft = read_draft(&publish.file)?;
    if publish.image.len() != publish.alt.len() {
        return Err(Error::invalid("--alt", "every --image needs an --alt that says what it shows, in the same order"));
    }
    draft.title = publish.title.or(draft.title);
    draft.language = publish.lang.or(draft.language);
    draft.in_reply_to = publish.in_reply_to.or(draft.in_reply_to);
    draft.translates = publish.translates.or(draft.translates);
    draft.to.extend(publish.to);
    if let Some(at) = publish.at {
        let wrong = || {
            Error::invalid(
                "--at",
                format!(
                    "{at:?} is no time; write one such as 2026-05-01T09:30 or 2026-05-01T09:30:00+03:00, or a day: 2026-05-01"
                ),
            )
        };
        draft.at = Some(When::read(&at).ok_or_else(wrong)?);
    }
    let pictures = publish.image.into_iter().zip(publish.alt);
    for (file, alt) in pictures {
        let picture = PictureDraft { file, alt, ..PictureDraft::default() };
        draft.pictures.get_or_insert_default().push(picture);
    }
    Ok(draft)
}

fn read_draft(file: &Path) -> Result<Draft> {
    let mut draft = Draft::from_file_text(&read_text(file)?)?;
    // Files in the front matter stand beside the one that names them.
    if let Some(folder) = file.parent() {
        for picture in draft.pictures.iter_mut().flatten() {
            picture.file = folder.join(&picture.file);
        }
        for document in draft.documents.iter_mut().flatten() {
            document.file = folder.join(&document.file);
        }
    }
    Ok(draft)
}

async fn edit(cx: &Context, url: &str, file: &Path) -> Outcome {
    let draft = read_draft(file)?;
    let node = cx.node().await?;
    match outbox::edit(&node, url, draft).await? {
        Some(changed) => tell(cx, &node, changed, "Changed"),
        None => unchanged(cx, find(&node, url).await?),
    }
}

fn unchanged(cx: &Context, statement: statements::Statement) -> Outcome {
    let told = Told { id: statement.uri.clone(), url: statement.uri, deliveries: 0 };
    print::answer(cx, &told, |told| format!("Nothing differs from what stands at {}; nothing was sent.", told.url))?;
    Ok(())
}

async fn withdraw(cx: &Context, url: &str) -> Outcome {
    let node = cx.node().await?;
    tell(cx, &node, outbox::withdraw(&node, url).await?, "Withdrawn")
}

#[derive(Serialize)]
struct Entry {
    id: String,
    url: String,
    title: Option<String>,
    language: String,
    published: String,
    updated: Option<String>,
    state: statements::State,
}

impl From<&statements::Statement> for Entry {
    fn from(statement: &statements::Statement) -> Self {
        Self {
            id: statement.uri.clone(),
            url: statement.uri.clone(),
            title: statement.title.clone(),
            language: statement.language.clone(),
            published: rfc3339(statement.published),
            updated: statement.updated.map(rfc3339),
            state: statement.state,
        }
    }
}

impl Entry {
    fn line(&self) -> String {
        let title = self.title.as_deref().unwrap_or("(no title)");
        format!("{}  {}  {}  {title}\n    {}", self.published, self.language, self.state.as_str(), self.url)
    }
}

async fn list(cx: &Context, limit: i64) -> Outcome {
    let node = cx.node().await?;
    let all = node.db.read(move |conn| statements::list_all(conn, limit)).await?;
    let entries: Vec<Entry> = all.iter().map(Entry::from).collect();
    print::answer(cx, &entries, |entries| {
        print::lines(entries, "No statements yet; `picket statement publish FILE.md` makes one.", Entry::line)
    })?;
    Ok(())
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    entry: Entry,
    content: String,
    markdown: String,
    likes: i64,
    boosts: i64,
    replies: i64,
}

async fn show(cx: &Context, url: &str) -> Outcome {
    let node = cx.node().await?;
    let statement = find(&node, url).await?;
    let shown = Shown {
        entry: Entry::from(&statement),
        content: statement.html,
        markdown: statement.markdown,
        likes: statement.likes_count,
        boosts: statement.boosts_count,
        replies: statement.replies_count,
    };
    print::answer(cx, &shown, |shown| format!("{}\n\n{}", shown.entry.line(), markup::plain_text(&shown.content)))?;
    Ok(())
}

async fn find(node: &Node, url: &str) -> Result<statements::Statement> {
    let uri = urls::of_page(url).to_owned();
    let missing = Error::not_found(format!("a statement of ours at {url}"));
    node.db.read(move |conn| statements::find(conn, &uri)).await?.ok_or(missing)
}

async fn deliveries(cx: &Context, url: &str, again: bool) -> Outcome {
    let node = cx.node().await?;
    let (statement, union) = (find(&node, url).await?.id, node.identity.union.id);
    if again {
        let now = node.now();
        node.db.write(move |conn| delivery::start_again(conn, statement, now)).await?;
    }
    let receipts = node.db.read(move |conn| receipts::of_statement(conn, statement, union)).await?;
    print::answer(cx, &receipts, receipts_for_people)?;
    Ok(())
}

fn receipts_for_people(receipts: &Receipts) -> String {
    let Receipts { total, delivered, pending, failed, gone, forgotten, .. } = receipts;
    let gone = if *gone == 0 { String::new() } else { format!(", {gone} to inboxes that are gone") };
    let deliveries = print::counted(*total, "delivery", "deliveries");
    let sum = format!("{deliveries}: {delivered} arrived, {pending} on their way, {failed} given up{gone}.");
    let forgotten = forgotten.then(|| "Of older deliveries nothing is known any more (receipts_days).".to_owned());
    let lines = std::iter::once(sum).chain(forgotten).chain(receipts.hosts.iter().map(host_line));
    lines.collect::<Vec<_>>().join("\n")
}

fn host_line(receipt: &HostReceipt) -> String {
    let HostReceipt { host, followers, delivered, pending, failed, attempts, .. } = receipt;
    let followers = print::counted(*followers, "follower", "followers");
    let numbers = format!("  {host}: {delivered} arrived, {pending} on their way, {failed} given up; {followers}");
    if receipt.answers.is_empty() {
        return numbers;
    }
    let each = || receipt.answers.iter().map(|(answer, count)| format!("{answer}: {count}")).collect::<Vec<_>>();
    let answer = receipt.answer.clone().unwrap_or_else(|| each().join(", "));
    let arrived = receipt.delivered_at.as_ref().map(|at| format!(", arrived {at}")).unwrap_or_default();
    let next = receipt.next_try_at.as_ref().map(|at| format!(", next try {at}")).unwrap_or_default();
    let tries = print::counted(*attempts, "try", "tries");
    format!("{numbers} ({answer}, {tries}{arrived}{next})")
}

#[derive(Serialize)]
struct Boosted {
    id: String,
    url: String,
    deliveries: i64,
}

pub(super) async fn boost(cx: &Context, url: &str) -> Outcome {
    let node = cx.node().await?;
    let (post, deliveries) = outbox::boost(&node, url).await?;
    let boosted = Boosted { url: post.page().to_owned(), id: post.uri, deliveries };
    print::answer(cx, &boosted, |boosted| format!("Passed on: {}", boosted.url))?;
    Ok(())
}

pub(super) async fn unboost(cx: &Context, url: &str) -> Outcome {
    let node = cx.node().await?;
    let (post, deliveries) = outbox::unboost(&node, url).await?;
    let boosted = Boosted { url: post.page().to_owned(), id: post.uri, deliveries };
    print::answer(cx, &boosted, |boosted| format!("Taken back: {}", boosted.url))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_small_servers_it_is_told_how_many_said_what_and_of_others_what_they_said_last() {
        let answers = [("answered 202".to_owned(), 3), ("no answer".to_owned(), 1)].into();
        let small = HostReceipt {
            host: "small servers".to_owned(),
            followers: 4,
            delivered: 3,
            pending: 1,
            attempts: 6,
            answers,
            next_try_at: Some("2026-05-01T09:30:00Z".to_owned()),
            ..HostReceipt::default()
        };
        let counts = "3 arrived, 1 on their way, 0 given up; 4 followers";
        let (tries, next) = ("6 tries", "next try 2026-05-01T09:30:00Z");
        assert_eq!(
            host_line(&small),
            format!("  small servers: {counts} (answered 202: 3, no answer: 1, {tries}, {next})")
        );
        let large = HostReceipt { answer: Some("answered 503".to_owned()), ..small };
        assert_eq!(host_line(&large), format!("  small servers: {counts} (answered 503, {tries}, {next})"));
    }
}
