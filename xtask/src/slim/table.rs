//! The function table.
//!
//! `js-sys` describes closures for `wasm-bindgen`; the descriptions go, but their functions stay in the table, and so in
//! the wasm. The linker puts the table at [`BASE`], so that any number in its range is the address of a function: what
//! no number names is not called, and leaves the table.

use std::collections::BTreeMap;

use walrus::ir::{Const, Instr, Value};
use walrus::{ConstExpr, DataKind, ElementItems, ElementKind, Module};

use super::inner;

/// Where the linker puts the table: far from every memory address and size.
pub const BASE: u32 = 0x5E00_0000;

/// Drops the functions that nothing names, and moves the table to 1.
pub fn trim(module: &mut Module) -> Result<(), String> {
    let element =
        module.elements.iter_mut().find(|element| at_base(&element.kind)).ok_or("the table is not at its base")?;
    let ElementItems::Functions(functions) = &mut element.items else {
        return Err("the table holds no plain functions".into());
    };
    let all = BASE..BASE + u32::try_from(functions.len()).map_err(|error| error.to_string())?;
    let mut moved = BTreeMap::new();
    // Numbered in two passes, so that the order of the table is kept.
    let mut name = |number: &mut u32| {
        if all.contains(number) {
            moved.insert(*number, 0);
        }
    };
    each_constant(module, &mut name);
    for (index, new) in moved.values_mut().zip(1..) {
        *index = new;
    }
    each_constant(module, &mut |number| *number = *moved.get(number).unwrap_or(number));
    let element = module.elements.iter_mut().find(|element| at_base(&element.kind)).ok_or("the table has moved")?;
    if let ElementItems::Functions(functions) = &mut element.items {
        let mut address = BASE..;
        functions.retain(|_| address.next().is_some_and(|address| moved.contains_key(&address)));
    }
    if let ElementKind::Active { table, offset } = &mut element.kind {
        *offset = ConstExpr::Value(Value::I32(1));
        let table = module.tables.get_mut(*table);
        table.initial = 1 + moved.len() as u64;
        table.maximum = Some(table.initial);
    }
    Ok(())
}

fn at_base(kind: &ElementKind) -> bool {
    matches!(kind, ElementKind::Active { offset: ConstExpr::Value(Value::I32(offset)), .. } if *offset as u32 == BASE)
}

/// Shows every 32-bit constant of the code, and every aligned word of the data.
fn each_constant(module: &mut Module, visit: &mut impl FnMut(&mut u32)) {
    for (_, function) in module.funcs.iter_local_mut() {
        let mut left = vec![function.entry_block()];
        while let Some(id) = left.pop() {
            for (instr, _) in &mut function.block_mut(id).instrs {
                if let Instr::Const(Const { value: Value::I32(number) }) = instr {
                    let mut bits = *number as u32;
                    visit(&mut bits);
                    *number = bits as i32;
                }
                left.extend(inner(instr));
            }
        }
    }
    let segments: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for segment in segments {
        let data = module.data.get_mut(segment);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(offset)), .. } = data.kind else { continue };
        let unaligned = (offset as u32).wrapping_neg() as usize % 4;
        for word in data.value.get_mut(unaligned..).unwrap_or_default().chunks_exact_mut(4) {
            let Ok(bytes) = <[u8; 4]>::try_from(&*word) else { continue };
            let mut bits = u32::from_le_bytes(bytes);
            visit(&mut bits);
            word.copy_from_slice(&bits.to_le_bytes());
        }
    }
}
