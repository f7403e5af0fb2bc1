//! The names between wasm and glue.

use std::collections::HashMap;

use walrus::Module;

/// Renames what `wasm-bindgen` named after a hash, on both sides.
pub fn shorten(module: &mut Module, glue: &str) -> String {
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
