//! `picket demo`: three unions' nodes on this machine tell what Picket is for.
//!
//! Each is a whole node with its own port and database in a temporary folder; they know each other by their handles only. Every step is
//! checked where its effect should be seen, so that `--once` is a test of the whole as well.

mod story;
mod unions;

use clap::Args;

use super::serve::wait_for_end;
use super::{Outcome, print};
use crate::error::Result;
use unions::Union;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// End after the story, with exit code 1 if any part of it failed
    #[arg(long)]
    once: bool,
}

pub(super) async fn run(demo: Demo) -> Outcome {
    let folder = unions::make_folder()?;
    let unions = [
        Union::start(&folder, "dockers", "Northport Dockers' Union", "en").await?,
        Union::start(&folder, "demiryolu", "Demiryolu İşçileri Sendikası", "tr").await?,
        Union::start(&folder, "kowan", "港湾労働組合", "ja").await?,
    ];
    let told = tell(&unions).await;
    if told.is_ok() && !demo.once {
        print::line("\nAll three stay up. Open the pages above in a browser; stop with Ctrl-C.")?;
        wait_for_end().await;
    }
    for union in unions {
        union.stop().await;
    }
    unions::remove_folder(&folder);
    Ok(told?)
}

async fn tell(unions: &[Union; 3]) -> Result<()> {
    print::line("Three unions on this machine, each with its own node and database:")?;
    for union in unions {
        let actor = &union.node.identity.union;
        print::line(&format!("  {}  @{}  {}", actor.name, actor.handle, union.node.urls.home()))?;
    }
    story::tell(&unions[0], &unions[1], &unions[2]).await
}
