//! What exported functions return.

use walrus::{ExportItem, Module, ValType};

/// Refuses an exported function that returns a reference. V8 as of Node 20 ends the process ("unreachable code") when
/// optimised code calls one and is thrown away before it returns.
pub fn check(module: &Module) -> Result<(), String> {
    for export in module.exports.iter() {
        let ExportItem::Function(function) = export.item else { continue };
        let returned = module.types.get(module.funcs.get(function).ty()).results();
        if matches!(returned, [ValType::Ref(_)]) {
            return Err(format!("the exported function {} returns a value of JavaScript", export.name));
        }
    }
    Ok(())
}
