//! The stack pointer as two functions: a runtime that links a wasm as a module, as Deno does, gives a global's value
//! only, which cannot be set.

use walrus::{ExportItem, FunctionBuilder, Module, ValType};

const GLOBAL: &str = "__stack_pointer";

/// Exports `stack` and `set_stack` in the place of the global.
pub fn export(module: &mut Module) -> Result<(), String> {
    let export = module.exports.iter().find(|export| export.name == GLOBAL);
    let (id, pointer) = match export.map(|export| (export.id(), export.item)) {
        Some((id, ExportItem::Global(pointer))) => (id, pointer),
        _ => return Err(format!("the wasm exports no {GLOBAL}")),
    };
    module.exports.delete(id);

    let mut get = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
    get.func_body().global_get(pointer);
    let get = get.finish(vec![], &mut module.funcs);
    module.exports.add("stack", get);

    let top = module.locals.add(ValType::I32);
    let mut set = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
    set.func_body().local_get(top).global_set(pointer);
    let set = set.finish(vec![top], &mut module.funcs);
    module.exports.add("set_stack", set);
    Ok(())
}
