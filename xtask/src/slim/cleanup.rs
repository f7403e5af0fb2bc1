//! The clean-up of unwinding frames.

use walrus::LocalFunction;
use walrus::ir::{Block, Instr, InstrSeqId, LegacyCatch, Try};

use super::inner;

/// Makes a plain block of every `try` that only cleans up and goes on unwinding.
pub fn drop(function: &mut LocalFunction) -> usize {
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
