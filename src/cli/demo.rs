//! `picket demo`.

use clap::Args;

use super::Outcome;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// End after the story, with exit code 1 if any part of it failed
    #[arg(long)]
    once: bool,
}

pub(super) async fn run(demo: Demo) -> Outcome {
    let _ = demo.once;
    Ok(())
}
