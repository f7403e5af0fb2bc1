//! Takes out of the built wasm what it can do without, between `wasm-bindgen` and `wasm-opt`.
//!
//! - The clean-up of unwinding frames. A panic rejects its call either way; without clean-up it leaks what the call
//!   held, a few kilobytes, and the wasm is an eighth smaller. Catches that end an unwinding stay.
//! - Functions that only stand in the table.
//! - The long names with hashes between wasm and glue, which do not compress.

mod cleanup;
mod names;
mod table;

use walrus::ModuleConfig;
use walrus::ir::{Block, IfElse, Instr, InstrSeqId, LegacyCatch, Loop, Try};

pub use table::BASE as TABLE_BASE;

/// Slims a wasm and its glue.
pub fn slim(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String), String> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(wasm).map_err(|error| error.to_string())?;
    let taken: usize = module.funcs.iter_local_mut().map(|(_, function)| cleanup::drop(function)).sum();
    if taken == 0 {
        return Err("the wasm has no clean-up: is it built with unwinding panics?".into());
    }
    table::trim(&mut module)?;
    let glue = names::shorten(&mut module, glue);
    Ok((module.emit_wasm(), glue))
}

/// The sequences inside an instruction.
fn inner(instr: &Instr) -> Vec<InstrSeqId> {
    match instr {
        Instr::Block(Block { seq }) | Instr::Loop(Loop { seq }) => vec![*seq],
        Instr::IfElse(IfElse { consequent, alternative }) => vec![*consequent, *alternative],
        Instr::Try(Try { seq, catches }) => {
            let handlers = catches.iter().filter_map(|catch| match catch {
                LegacyCatch::Catch { handler, .. } | LegacyCatch::CatchAll { handler } => Some(*handler),
                LegacyCatch::Delegate { .. } => None,
            });
            std::iter::once(*seq).chain(handlers).collect()
        }
        _ => Vec::new(),
    }
}
