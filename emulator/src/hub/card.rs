//! The metadata header of a README: YAML between two lines of three dashes.

use serde_json::Value;

/// Writes a header; empty for anything but an object with members.
pub fn write(data: &Value) -> String {
    match data.as_object() {
        Some(members) if !members.is_empty() => {
            serde_yaml_ng::to_string(data).map(|yaml| format!("---\n{yaml}---\n\n")).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The YAML text of a README's header.
pub fn header(readme: &str) -> Option<&str> {
    let rest = readme.trim_start_matches('\u{feff}').strip_prefix("---")?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    if rest.starts_with("---") {
        return Some("");
    }
    rest.split_once("\n---").map(|(yaml, _)| yaml)
}

/// Reads the header of a README; `None` without one, an error when it is not a YAML mapping.
pub fn read(readme: &str) -> Result<Option<Value>, String> {
    let Some(yaml) = header(readme) else { return Ok(None) };
    match serde_yaml_ng::from_str(yaml) {
        Ok(Value::Null) => Ok(None),
        Ok(data @ Value::Object(_)) => Ok(Some(data)),
        Ok(_) => Err("the metadata must be a mapping".to_owned()),
        Err(error) => Err(error.to_string()),
    }
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
    }
}
