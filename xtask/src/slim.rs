//! Takes out of the built wasm what it can do without, between `wasm-bindgen` and `wasm-opt`.
//!
//! - The clean-up of unwinding frames. A panic rejects its call either way; without clean-up it leaks what the call
//!   held, a few kilobytes, and the wasm is a sixth smaller. Catches that end an unwinding stay.
//! - The long names with hashes between wasm and glue, which do not compress.

use std::collections::HashMap;

use walrus::ir::{Block, IfElse, Instr, InstrSeqId, LegacyCatch, Loop, Try};
use walrus::{LocalFunction, Module, ModuleConfig};

/// Slims a wasm and its glue.
pub fn slim(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String), String> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(wasm).map_err(|error| error.to_string())?;
    let mut taken = 0;
    for (_, function) in module.funcs.iter_local_mut() {
        taken += drop_cleanup(function);
    }
    if taken == 0 {
        return Err("the wasm has no clean-up: is it built with unwinding panics?".into());
    }
    let glue = shorten(&mut module, glue);
    Ok((module.emit_wasm(), glue))
}

/// Makes a plain block of every `try` that only cleans up and goes on unwinding.
fn drop_cleanup(function: &mut LocalFunction) -> usize {
    let mut taken = 0;
    let mut left = vec![function.entry_block()];
    while let Some(id) = left.pop() {
        let count = function.block(id).instrs.len();
        for at in 0..count {
            let plain = match function.block(id).instrs.get(at) {
                Some((Instr::Try(Try { seq, catches }), _))
                    if catches.iter().all(|catch| cleans_up(function, catch)) =>
                {
                    Some(*seq)
                }
                _ => None,
            };
            if let (Some(seq), Some((instr, _))) = (plain, function.block_mut(id).instrs.get_mut(at)) {
                *instr = Instr::Block(Block { seq });
                taken += 1;
            }
            if let Some((instr, _)) = function.block(id).instrs.get(at) {
                left.extend(inner(instr));
            }
        }
    }
    taken
}

fn cleans_up(function: &LocalFunction, catch: &LegacyCatch) -> bool {
    matches!(catch, LegacyCatch::CatchAll { handler } if rethrows(function, *handler))
}

fn rethrows(function: &LocalFunction, seq: InstrSeqId) -> bool {
    function.block(seq).instrs.iter().any(|(instr, _)| {
        matches!(instr, Instr::Rethrow(_)) || inner(instr).into_iter().any(|seq| rethrows(function, seq))
    })
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

/// Renames what `wasm-bindgen` named after a hash, on both sides.
fn shorten(module: &mut Module, glue: &str) -> String {
    let mut names = HashMap::new();
    let mut short = |name: &str| {
        let next = format!("_{}", names.len());
        names.entry(name.to_owned()).or_insert(next).clone()
    };
    for import in module.imports.iter_mut().filter(|import| import.module == "./core_bg.js") {
        import.name = short(&import.name);
    }
    for export in module.exports.iter_mut().filter(|export| export.name.starts_with("wasm_bindgen_")) {
        export.name = short(&export.name);
    }
    words(glue).map(|word| names.get(word).map_or(word, String::as_str)).collect()
}

/// A text as identifiers and what stands between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '$';
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|char| is_word(char) != is_word(first)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        rest = tail;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_whole_identifiers() {
        assert_eq!(words("wasm.ab_1(x);").collect::<Vec<_>>(), ["wasm", ".", "ab_1", "(", "x", ");"]);
    }
}
