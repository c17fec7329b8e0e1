//! The command line: parse, call, print.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    picket::cli::main(picket::cli::Arguments::parse())
}
