//! `wasm-pack`, the program: what its own `main` does, but that it does not look for a newer version on the network.

use clap::Parser;
use wasm_pack::command::run_wasm_pack;
use wasm_pack::{Cli, PBAR};

fn main() -> anyhow::Result<()> {
    let Cli { cmd, quiet, log_level, .. } = Cli::parse();
    PBAR.set_log_level(log_level);
    PBAR.set_quiet(quiet);
    run_wasm_pack(cmd)
}
