//! Writes what is derived from the endpoints, or checks that what stands is what would be written.

mod catalogue;
mod markdown;
mod typescript;

use std::fs;
use std::path::Path;

/// Brings every generated file up to date; with `check`, fails and names those that are stale.
pub fn run(root: &Path, check: bool) -> Result<(), String> {
    let readme = markdown::with_table(&read(&root.join("README.md")));
    let manifest: serde_json::Value =
        serde_json::from_str(&read(&root.join("pkg/package.json"))).map_err(|error| error.to_string())?;
    let repository = manifest.pointer("/repository/url").and_then(serde_json::Value::as_str);
    let repository = repository.map(|url| url.trim_start_matches("git+").trim_end_matches(".git"));
    let files = [
        ("pkg/src/generated/endpoints.ts", typescript::endpoints()),
        ("pkg/src/generated/rows.ts", typescript::rows()),
        ("pkg/src/generated/version.ts", typescript::version()),
        ("pkg/src/generated/constants.ts", typescript::constants()),
        ("docs/ENDPOINTS.md", markdown::endpoints()),
        ("pkg/README.md", markdown::of_package(&readme, repository)),
        ("README.md", readme),
    ];
    let stale: Vec<_> = files.iter().filter(|(path, text)| read(&root.join(path)) != *text).collect();
    if check && !stale.is_empty() {
        let names: Vec<_> = stale.iter().map(|(path, _)| *path).collect();
        return Err(format!("stale: {}; run `cargo xtask gen`", names.join(", ")));
    }
    if !check {
        catalogue(root)?;
    }
    for (path, text) in stale {
        fs::write(root.join(path), text).map_err(|error| format!("{path}: {error}"))?;
        println!("wrote {path}");
    }
    Ok(())
}

/// Writes the catalogue into the package: as JSON, and as a module, which every runtime and bundler can load when it is
/// needed. It is not committed.
pub fn catalogue(root: &Path) -> Result<(), String> {
    let text = catalogue::text()?;
    let dist = root.join("pkg/dist");
    for (name, content) in [("catalogue.json", text.clone()), ("agent/catalogue.js", format!("export default {text};"))]
    {
        let file = dist.join(name);
        let folder = file.parent().unwrap_or(&dist);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, content));
        written.map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
