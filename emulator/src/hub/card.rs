//! The metadata header of a README: YAML between two lines of three dashes.

use serde_json::Value;

use super::licenses;

/// Writes a header; empty for anything but an object with properties.
pub fn write(data: &Value) -> String {
    match data.as_object() {
        Some(properties) if !properties.is_empty() => {
            serde_yaml_ng::to_string(data).map(|yaml| format!("---\n{yaml}---\n\n")).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The YAML text of a README's header.
pub fn header(readme: &str) -> Option<&str> {
    let rest = readme.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).strip_prefix("---")?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    if rest.starts_with("---") {
        return Some("");
    }
    rest.split_once("\n---").map(|(yaml, _)| yaml)
}

/// Reads the header of a README; `None` without one, an error when it is no YAML mapping or the Hub refuses its values.
pub fn read(readme: &str) -> Result<Option<Value>, String> {
    let Some(yaml) = header(readme) else { return Ok(None) };
    match serde_yaml_ng::from_str(yaml) {
        Ok(Value::Null) => Ok(None),
        Ok(data @ Value::Object(_)) => match data.get("model-index") {
            None | Some(Value::Array(_) | Value::Null) => licenses::check(&data).map(|()| Some(data)),
            Some(_) => Err("\"model-index\" must be an array".to_owned()),
        },
        Ok(_) => Err("the metadata must be a mapping".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The tags that a header gives a repository: its own, languages, license, datasets, base models, task, library.
pub fn tags(data: &Value) -> Vec<String> {
    let texts = |key: &str| match data.get(key) {
        Some(Value::String(text)) => vec![text.as_str()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut tags: Vec<String> = Vec::new();
    for (key, prefix) in [
        ("library_name", ""),
        ("pipeline_tag", ""),
        ("tags", ""),
        ("language", ""),
        ("task_categories", "task_categories:"),
        ("size_categories", "size_categories:"),
        ("datasets", "dataset:"),
        ("base_model", "base_model:"),
        ("license", "license:"),
    ] {
        for text in texts(key) {
            let tag = format!("{prefix}{text}");
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    tags
}

/// The metadata of a repository after its README's header has changed from `old` to `new`: tags that came from the
/// header follow it, others stay.
pub fn refresh(meta: &Value, old: Option<&Value>, new: Option<&Value>) -> Value {
    let mut properties = meta.as_object().cloned().unwrap_or_default();
    let (gone, come) = (old.map(tags).unwrap_or_default(), new.map(tags).unwrap_or_default());
    let kept = properties.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let kept = kept
        .into_iter()
        .filter(|tag| !tag.as_str().is_some_and(|tag| gone.iter().chain(&come).any(|other| other == tag)));
    properties.insert("tags".to_owned(), kept.chain(come.iter().map(|tag| Value::from(tag.as_str()))).collect());
    for key in ["pipeline_tag", "library_name", "sdk"] {
        match (old.and_then(|data| data.get(key)), new.and_then(|data| data.get(key))) {
            (_, Some(value)) => drop(properties.insert(key.to_owned(), value.clone())),
            (Some(_), None) => drop(properties.shift_remove(key)),
            (None, None) => {}
        }
    }
    match new {
        Some(data) => drop(properties.insert("cardData".to_owned(), data.clone())),
        None => drop(properties.shift_remove("cardData")),
    }
    Value::Object(properties)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_header_is_written_and_read_back() {
        let data = json!({ "license": "mit", "tags": ["a", "b: c"], "language": ["en", "no"] });
        let readme = write(&data) + "# Title\n";
        assert_eq!(read(&readme), Ok(Some(data)));
        assert_eq!(read("# Title\n"), Ok(None));
        assert_eq!(read("---\n---\n# Title\n"), Ok(None));
        assert!(read("---\nlicense: [mit\n---\n").is_err());
        assert!(read("---\n- a\n---\n").is_err());
        for readme in [
            "---\nmodel-index: foo\n---\n",
            "\n---\nmodel-index: foo\n---\n",
            "\u{feff}\r\n---\r\nmodel-index: foo\r\n---\r\n",
        ] {
            assert!(read(readme).is_err(), "{readme:?}");
        }
        assert!(read("---\nmodel-index: []\n---\n").unwrap().is_some());
        for license in ["asdf", "[mit, asdf]", "7", "MIT"] {
            let error = read(&format!("---\nlicense: {license}\n---\n")).unwrap_err();
            assert!(error.starts_with("\"license\" must be one of [apache-2.0, mit, "), "{error}");
        }
        for license in ["other", "[mit, gemma]", "openrail++", "null"] {
            assert!(read(&format!("---\nlicense: {license}\n---\n")).unwrap().is_some(), "{license}");
        }
    }

    #[test]
    fn tags_follow_the_header() {
        let old = json!({ "license": "mit", "tags": ["a"] });
        let new = json!({ "license": "apache-2.0", "tags": ["a", "b"], "pipeline_tag": "fill-mask" });
        let meta = json!({ "tags": ["region:us", "a", "license:mit"], "cardData": old });
        let after = refresh(&meta, Some(&old), Some(&new));
        assert_eq!(after["tags"], json!(["region:us", "fill-mask", "a", "b", "license:apache-2.0"]));
        assert_eq!((&after["cardData"], &after["pipeline_tag"]), (&new, &json!("fill-mask")));
        let without = refresh(&after, Some(&new), None);
        assert_eq!(without, json!({ "tags": ["region:us"] }));
    }
}
