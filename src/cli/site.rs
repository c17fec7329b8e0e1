//! `picket site …`: where the public site leads, and what it shows.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Context, Outcome, print};
use crate::error::Result;
use crate::node::Node;
use crate::site::{self, Settings};

#[derive(Debug, Subcommand)]
pub(super) enum SiteCommand {
    /// Show the settings of the public site
    Show,
    /// Change some of them; "" takes one back. Name and logo are the profile's (`picket profile set`), the colour is in picket.toml
    Set(Set),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(super) struct Set {
    /// Where to donate, for a link in the menu
    #[arg(long, value_name = "ADDRESS")]
    donate: Option<String>,
    /// Where to support the union's work otherwise, likewise
    #[arg(long, value_name = "ADDRESS")]
    sponsor: Option<String>,
    /// Whether the page of the unions that ours follows is shown or hidden
    #[arg(long, value_name = "shown|hidden")]
    allies: Option<String>,
}

pub(super) async fn run(cx: &Context, command: SiteCommand) -> Outcome {
    let node = cx.node().await?;
    if let SiteCommand::Set(set) = command {
        let given = [("donate", set.donate), ("sponsor", set.sponsor), ("allies", set.allies)];
        node.db
            .write(move |conn| {
                let mut given = given.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
                given.try_for_each(|(key, value)| site::set(conn, key, value))
            })
            .await?;
    }
    show(cx, &node).await?;
    Ok(())
}

async fn show(cx: &Context, node: &Node) -> Result<()> {
    let settings = node.db.read(site::settings).await?;
    print::answer(cx, &document(&settings), |_| for_people(&settings))
}

fn document(settings: &Settings) -> Value {
    let allies = if settings.hides_allies { "hidden" } else { "shown" };
    json!({"donate": settings.donate, "sponsor": settings.sponsor, "allies": allies})
}

fn for_people(settings: &Settings) -> String {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    format!(
        "Donate: {}\nSponsor: {}\nAllies: {}",
        or_none(&settings.donate),
        or_none(&settings.sponsor),
        if settings.hides_allies { "hidden" } else { "shown" }
    )
}
