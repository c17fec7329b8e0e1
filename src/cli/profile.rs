//! `picket profile …`: how the union shows itself.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::texts::read_text;
use super::{Context, Outcome, print};
use crate::clock::{self, Zone, rfc3339};
use crate::error::Result;
use crate::federation::outbox::{self, ProfileChange};
use crate::federation::remote;
use crate::markup;
use crate::node::Node;
use crate::profile::{self, Field, Picture, Profile};

#[derive(Debug, Args)]
pub(super) struct ProfileCommand {
    #[command(subcommand)]
    change: Option<Change>,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Change the name, the summary or the pictures; followers are told once
    Set(Set),
    /// Set and remove fields: a label with a text or a link
    #[command(subcommand)]
    Field(FieldCommand),
    /// Look now whether the pages behind our links link back to us with rel="me"; a running server does so once a day
    Check,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Set {
    /// The name of the union
    #[arg(long)]
    name: Option<String>,
    /// Who we are, in a few sentences of Markdown; "" takes it away
    #[arg(long, value_name = "TEXT", conflicts_with = "summary_file")]
    summary: Option<String>,
    /// The same from a Markdown file, or - for standard input
    #[arg(long, value_name = "FILE")]
    summary_file: Option<PathBuf>,
    /// A square picture or a logo: JPEG, PNG, WebP or GIF
    #[arg(long, value_name = "FILE")]
    icon: Option<PathBuf>,
    /// A wide picture for the head of the profile
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum FieldCommand {
    /// Set a field: eight at most. A link is shown as verified where the page behind it links back with rel="me"
    Set {
        /// What it is, such as Website
        label: String,
        /// A text, or an address that starts with https://
        value: String,
    },
    /// Remove a field
    Remove {
        /// Its label
        label: String,
    },
}

pub(super) async fn run(cx: &Context, command: ProfileCommand) -> Outcome {
    let node = cx.node().await?;
    let deliveries = match command.change {
        None => None,
        Some(Change::Set(set)) => Some(outbox::change_profile(&node, change_of(set)?).await?),
        Some(Change::Field(FieldCommand::Set { label, value })) => {
            Some(outbox::set_field(&node, &label, &value).await?)
        }
        Some(Change::Field(FieldCommand::Remove { label })) => Some(outbox::remove_field(&node, &label).await?),
        Some(Change::Check) => {
            remote::check_profile_links(&node, Some(chrono::TimeDelta::zero())).await?;
            None
        }
    };
    show(cx, &node, deliveries).await
}

fn change_of(set: Set) -> Result<ProfileChange> {
    let from_file = set.summary_file.as_deref().map(read_text).transpose()?;
    Ok(ProfileChange { name: set.name, summary: set.summary.or(from_file), icon: set.icon, image: set.image })
}

async fn show(cx: &Context, node: &Node, deliveries: Option<i64>) -> Outcome {
    let uri = node.identity.union.uri.clone();
    let profile = node.db.read(move |conn| profile::read(conn, &uri)).await?;
    let mut told = document(node, &profile);
    if let Some(deliveries) = deliveries {
        told["deliveries"] = json!(deliveries);
    }
    print::answer(cx, &told, |_| {
        let told = deliveries.map(|deliveries| format!("\n\n{}", print::on_its_way(deliveries)));
        format!("{}{}", for_people(node, &profile), told.unwrap_or_default())
    })?;
    Ok(())
}

fn document(node: &Node, profile: &Profile) -> Value {
    let picture = |picture: &Option<Picture>| picture.as_ref().map(|picture| node.urls.media(&picture.file));
    let field = |field: &Field| {
        json!({
            "label": field.label,
            "value": field.value,
            "verified": field.verified_at.map(rfc3339),
            "checked": field.checked_at.map(rfc3339),
        })
    };
    json!({
        "id": profile.union.uri,
        "url": node.urls.home(),
        "handle": profile.union.handle,
        "name": profile.union.name,
        "summary": profile.union.summary,
        "icon": picture(&profile.icon),
        "image": picture(&profile.image),
        "fields": profile.fields.iter().map(field).collect::<Vec<_>>(),
    })
}

fn for_people(node: &Node, profile: &Profile) -> String {
    let union = &profile.union;
    let mut lines = vec![format!("{}  @{}  {}", union.name, union.handle, node.urls.home())];
    if !union.summary.is_empty() {
        lines.extend([String::new(), markup::plain_text(&union.summary)]);
    }
    for (what, picture) in [("Picture", &profile.icon), ("Banner", &profile.image)] {
        if let Some(picture) = picture {
            lines.push(format!("{what}: {}", node.urls.media(&picture.file)));
        }
    }
    lines.extend(profile.fields.iter().map(|field| field_line(field, node.config.time_zone)));
    lines.join("\n")
}

fn field_line(field: &Field, zone: Zone) -> String {
    let seen = match (field.link(), field.verified_at, field.checked_at) {
        (None, ..) => String::new(),
        (_, Some(verified), _) => {
            format!("  (links back to us, seen on {})", clock::local(verified, zone).format("%Y-%m-%d"))
        }
        (_, None, Some(_)) => "  (does not link back to us with rel=\"me\")".to_owned(),
        (_, None, None) => "  (not looked at yet)".to_owned(),
    };
    format!("{}: {}{seen}", field.label, field.value)
}
