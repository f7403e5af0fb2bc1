//! Takes out of the built wasm what it can do without, between `wasm-bindgen` and `wasm-opt`.
//!
//! - Functions that only stand in the table.
//! - The long names with hashes between wasm and glue, which do not compress.
//!
//! And makes the stack pointer two functions, and holds the exports to a law.

mod names;
mod results;
mod stack;
mod table;

use walrus::ModuleConfig;
use walrus::ir::{Block, IfElse, Instr, InstrSeqId, Loop};

pub use table::BASE as TABLE_BASE;

/// Slims a wasm and its glue.
pub fn slim(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String), String> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(wasm).map_err(|error| error.to_string())?;
    table::trim(&mut module)?;
    stack::export(&mut module)?;
    results::check(&module)?;
    let glue = names::shorten(&mut module, glue);
    Ok((module.emit_wasm(), glue))
}

/// The sequences inside an instruction.
fn inner(instr: &Instr) -> Vec<InstrSeqId> {
    match instr {
        Instr::Block(Block { seq }) | Instr::Loop(Loop { seq }) => vec![*seq],
        Instr::IfElse(IfElse { consequent, alternative }) => vec![*consequent, *alternative],
        _ => Vec::new(),
    }
}
