//! The clean-up of unwinding frames.

use walrus::LocalFunction;
use walrus::ir::{Block, Instr, InstrSeqId, LegacyCatch, Try};

use super::inner;

/// Makes a plain block of every `try` that only cleans up and goes on unwinding; then, where no other is left, of
/// those that pass an exception on to an outer one.
pub fn drop(function: &mut LocalFunction) -> usize {
    let cleaned = replace(function, |function, catches| catches.iter().all(|catch| cleans_up(function, catch)));
    let catches_left = count(function, |catch| !matches!(catch, LegacyCatch::Delegate { .. }));
    let passed_on = if catches_left == 0 { replace(function, |_, _| true) } else { 0 };
    cleaned + passed_on
}

/// Makes plain blocks of the `try`s whose catches are so.
fn replace(function: &mut LocalFunction, so: impl Fn(&LocalFunction, &[LegacyCatch]) -> bool) -> usize {
    let mut taken = 0;
    let mut left = vec![function.entry_block()];
    while let Some(id) = left.pop() {
        for at in 0..function.block(id).instrs.len() {
            let plain = match function.block(id).instrs.get(at) {
                Some((Instr::Try(Try { seq, catches }), _)) if so(function, catches) => Some(*seq),
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

fn count(function: &LocalFunction, so: impl Fn(&LegacyCatch) -> bool) -> usize {
    let mut found = 0;
    let mut left = vec![function.entry_block()];
    while let Some(id) = left.pop() {
        for (instr, _) in &function.block(id).instrs {
            if let Instr::Try(Try { catches, .. }) = instr {
                found += catches.iter().filter(|catch| so(catch)).count();
            }
            left.extend(inner(instr));
        }
    }
    found
}

fn cleans_up(function: &LocalFunction, catch: &LegacyCatch) -> bool {
    matches!(catch, LegacyCatch::CatchAll { handler } if rethrows(function, *handler))
}

fn rethrows(function: &LocalFunction, seq: InstrSeqId) -> bool {
    function.block(seq).instrs.iter().any(|(instr, _)| {
        matches!(instr, Instr::Rethrow(_)) || inner(instr).into_iter().any(|seq| rethrows(function, seq))
    })
}
