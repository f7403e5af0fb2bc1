//! An instance of a JSON schema, filled with what a message says where that fits.
//!
//! Knows `type`, `enum`, `const`, `$ref`, `anyOf`, `oneOf`, `allOf`, bounds of numbers, lengths and items, and the
//! usual formats. Absent: `pattern`, `not`, `dependent…`, `if`.

use std::cell::Cell;

use serde_json::{Map, Number, Value, json};

use super::spoken;

/// How deep an instance grows; below that only what is required.
const DEEPEST: usize = 6;

/// Values that an instance holds at most; what is required beyond that is null or absent.
const MAX_VALUES: u32 = 5000;

/// Letters that a text is filled up to.
const MAX_LENGTH: usize = 100_000;

/// With every property that the schema knows.
pub fn instance(schema: &Value, text: &str) -> Value {
    Filler { root: schema, text, sparse: false, left: Cell::new(MAX_VALUES) }.fill(schema, "", 0)
}

/// With what is required, and what the message speaks of: as one calls a function.
pub fn arguments(schema: &Value, text: &str) -> Value {
    Filler { root: schema, text, sparse: true, left: Cell::new(MAX_VALUES) }.fill(schema, "", 0)
}

struct Filler<'a> {
    root: &'a Value,
    text: &'a str,
    /// Whether properties that the message does not speak of are left out.
    sparse: bool,
    left: Cell<u32>,
}

impl Filler<'_> {
    fn fill(&self, schema: &Value, key: &str, depth: usize) -> Value {
        if depth > 4 * DEEPEST || self.left.get() == 0 {
            return Value::Null;
        }
        self.left.set(self.left.get() - 1);
        if let Some(target) = schema["$ref"].as_str().and_then(|path| self.root.pointer(path.trim_start_matches('#'))) {
            return self.fill(target, key, depth + 1);
        }
        if let Some(fixed) = schema.get("const") {
            return fixed.clone();
        }
        if let Some(choices) = schema["enum"].as_array().filter(|choices| !choices.is_empty()) {
            let text = self.text.to_lowercase();
            let said =
                choices.iter().find(|choice| choice.as_str().is_some_and(|word| text.contains(&word.to_lowercase())));
            return said.or(choices.first()).cloned().unwrap_or_default();
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.fill(&merged(schema, parts.iter().map(|part| self.target(part))), key, depth + 1);
        }
        for word in ["anyOf", "oneOf"] {
            if let Some(choices) = schema[word].as_array() {
                let choice = choices.iter().find(|choice| choice["type"] != "null").or(choices.first());
                let mut base = schema.clone();
                base.as_object_mut().and_then(|base| base.remove(word));
                return choice.map_or(Value::Null, |choice| {
                    self.fill(&merged(&base, [self.target(choice)].into_iter()), key, depth + 1)
                });
            }
        }
        match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, key, depth),
            "string" => self.string(schema, key).into(),
            "integer" | "number" => self.number(schema, key),
            "boolean" => (!self.text.to_lowercase().split_whitespace().any(|word| word == "not")).into(),
            _ => Value::Null,
        }
    }

    fn target<'a>(&'a self, schema: &'a Value) -> &'a Value {
        schema["$ref"].as_str().and_then(|path| self.root.pointer(path.trim_start_matches('#'))).unwrap_or(schema)
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema["properties"].as_object();
        let mut object = Map::new();
        for (name, property) in properties.into_iter().flatten() {
            let is_wanted = if self.sparse { self.speaks_of(name, property) } else { depth < DEEPEST };
            if is_wanted || required.contains(&name.as_str()) {
                object.insert(name.clone(), self.fill(property, name, depth + 1));
            }
        }
        for name in required {
            if !object.contains_key(name) {
                object.insert(name.to_owned(), self.fill(&schema["additionalProperties"], name, depth + 1));
            }
        }
        Value::Object(object)
    }

    /// Whether the message says something for an optional property.
    fn speaks_of(&self, name: &str, property: &Value) -> bool {
        let property = self.target(property);
        let choices = ["anyOf", "oneOf"].into_iter().filter_map(|word| property[word].as_array()).flatten();
        let mut forms = std::iter::once(property).chain(choices.map(|choice| self.target(choice)));
        let has = |word: &str| word.chars().count() > 1 && spoken::has(self.text, word);
        forms.any(|form| match (form["enum"].as_array(), kind(form)) {
            (Some(words), _) => words.iter().filter_map(Value::as_str).any(has),
            (None, "string") => spoken::text(self.text, name).is_some(),
            (None, "integer" | "number") => spoken::number(self.text, name).is_some(),
            (None, "boolean") => spoken::names(self.text, name),
            _ => false,
        })
    }

    fn array(&self, schema: &Value, key: &str, depth: usize) -> Value {
        if let Some(prefix) = schema["prefixItems"].as_array() {
            return prefix.iter().map(|item| self.fill(item, key, depth + 1)).collect();
        }
        let least = schema["minItems"].as_u64().unwrap_or_default();
        let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
        let wanted = if depth < DEEPEST { least.max(1) } else { least }.min(most);
        let distinct = schema["uniqueItems"] == true;
        let mut items: Vec<Value> = Vec::new();
        for index in (0..wanted).take_while(|_| self.left.get() > 0) {
            let mut item = self.fill(&schema["items"], key, depth + 1);
            if distinct && items.contains(&item) {
                item = other(&schema["items"], &item, &items, index);
            }
            items.push(item);
        }
        Value::Array(items)
    }

    fn string(&self, schema: &Value, key: &str) -> String {
        let mut text = match schema["format"].as_str() {
            Some("date") => "2026-01-31".to_owned(),
            Some("date-time") => "2026-01-31T12:00:00Z".to_owned(),
            Some("time") => "12:00:00Z".to_owned(),
            Some("email") => "someone@example.org".to_owned(),
            Some("uri" | "url") => "https://example.org/".to_owned(),
            Some("uuid") => "00000000-0000-4000-8000-000000000000".to_owned(),
            Some("ipv4") => "127.0.0.1".to_owned(),
            _ => self.said(key),
        };
        let least = schema["minLength"].as_u64().unwrap_or_default() as usize;
        let most = schema["maxLength"].as_u64().map_or(usize::MAX, |most| most as usize);
        let missing = least.min(MAX_LENGTH).saturating_sub(text.chars().count());
        text.extend(std::iter::repeat_n('.', missing));
        text.chars().take(most).collect()
    }

    /// What the message has to say for a property: a name for what is called by one, else the message.
    fn said(&self, key: &str) -> String {
        if self.sparse {
            return self
                .proper(key)
                .or_else(|| spoken::text(self.text, key))
                .unwrap_or_else(|| spoken::anything(self.text, key));
        }
        let text = self.proper(key).unwrap_or_else(|| self.text.trim().to_owned());
        if text.is_empty() { "echo".to_owned() } else { text.chars().take(200).collect() }
    }

    /// A proper name, for what is called by one.
    fn proper(&self, key: &str) -> Option<String> {
        let key = key.to_lowercase();
        let named = ["name", "city", "location", "place", "country", "town", "person", "title", "who", "where"];
        named.iter().any(|word| key.contains(word)).then(|| self.proper_name()).flatten()
    }

    /// A run of capitalized words that does not begin a sentence; rather one after a preposition.
    fn proper_name(&self) -> Option<String> {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let capital = |at: usize| word(at).chars().next().is_some_and(char::is_uppercase);
        let names: Vec<usize> =
            (1..words.len()).filter(|at| capital(*at) && !word(at - 1).ends_with(['.', '!', '?', ':'])).collect();
        let after_preposition =
            |at: &&usize| matches!(word(**at - 1), "in" | "at" | "to" | "from" | "of" | "for" | "near" | "is");
        let first = *names.iter().find(after_preposition).or(names.first())?;
        let mut last = first;
        while capital(last + 1) && word(last).ends_with(char::is_alphanumeric) {
            last += 1;
        }
        let name = words.get(first..=last)?.join(" ");
        Some(name.trim_end_matches(|letter: char| !letter.is_alphanumeric()).to_owned())
    }

    fn number(&self, schema: &Value, key: &str) -> Value {
        let whole = kind(schema) == "integer";
        let step = schema["multipleOf"].as_f64().or(whole.then_some(1.0));
        let least =
            schema["minimum"].as_f64().or(schema["exclusiveMinimum"].as_f64().map(|least| least + step.unwrap_or(0.5)));
        let most =
            schema["maximum"].as_f64().or(schema["exclusiveMaximum"].as_f64().map(|most| most - step.unwrap_or(0.5)));
        let fits = |value: f64| least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most);
        let on_step = |value: f64| step.is_none_or(|step| (value / step).fract().abs() < 1e-9);
        let spoken = self.text.split(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != '-');
        let said = spoken.filter_map(|word| word.trim_end_matches('.').parse::<f64>().ok());
        let fallback = least.or(most).unwrap_or_default();
        let fallback = step.map_or(fallback, |step| (fallback / step).ceil() * step);
        let beside = self.sparse.then(|| spoken::number(self.text, key)).flatten();
        let value = beside.into_iter().chain(said).find(|value| fits(*value) && on_step(*value)).unwrap_or(fallback);
        if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { Number::from_f64(value).into() }
    }
}

/// The type of a schema: of several the first that is not `null`.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ if schema.get("properties").is_some() || schema.get("required").is_some() => "object",
        _ if schema.get("items").is_some() || schema.get("prefixItems").is_some() => "array",
        _ => "string",
    }
}

/// One schema with the properties of all; properties and required names are united.
fn merged<'a>(base: &Value, parts: impl Iterator<Item = &'a Value>) -> Value {
    let mut all = base.as_object().cloned().unwrap_or_default();
    all.remove("allOf");
    for (name, value) in parts.filter_map(Value::as_object).flatten() {
        match (all.get_mut(name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more.clone()),
            (Some(Value::Array(known)), Value::Array(more)) if name == "required" => known.extend(more.clone()),
            _ => drop(all.insert(name.clone(), value.clone())),
        }
    }
    Value::Object(all)
}

/// Another value for an array whose items must differ.
fn other(schema: &Value, item: &Value, taken: &[Value], index: u64) -> Value {
    let mut choices = schema["enum"].as_array().into_iter().flatten();
    match choices.find(|choice| !taken.contains(choice)).cloned() {
        Some(choice) => choice,
        None => match item {
            Value::String(text) => format!("{text} {}", index + 1).into(),
            Value::Number(number) => number
                .as_i64()
                .map_or(item.clone(), |number| json!(number.saturating_add(index.try_into().unwrap_or(i64::MAX)))),
            other => other.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_come_from_the_message() {
        let schema = json!({ "type": "object", "required": ["city"], "properties": {
            "city": { "type": "string" }, "unit": { "enum": ["celsius", "fahrenheit"] }, "days": { "type": "integer", "minimum": 1 } } });
        assert_eq!(
            instance(&schema, "What is the weather in New York for 3 days, in Fahrenheit?"),
            json!({ "city": "New York", "unit": "fahrenheit", "days": 3 })
        );
        assert_eq!(instance(&schema, "Weather in Oslo?")["city"], "Oslo");
        assert_eq!(instance(&schema, "Weather in Oslo?")["days"], 1);
    }

    #[test]
    fn a_function_gets_what_it_needs_and_what_was_said() {
        let schema = json!({ "type": "object", "required": ["repo", "title", "operations"], "properties": {
            "repo": { "anyOf": [{ "type": "string" }, { "type": "object" }] }, "title": { "type": "string" },
            "description": { "type": "string" }, "private": { "type": "boolean" }, "limit": { "type": "integer" },
            "sort": { "anyOf": [{ "enum": ["downloads", "likes"] }, { "type": "string" }] },
            "operations": { "type": "array", "items": { "oneOf": [
                { "type": "object", "required": ["operation", "path", "content"], "properties": {
                    "operation": { "const": "addOrUpdate" }, "path": { "type": "string" }, "content": { "type": "string" } } },
                { "type": "object", "properties": { "operation": { "const": "delete" } } }] } } } });
        assert_eq!(
            arguments(&schema, "Commit a.md to acme/x, title: Say hello, content: Hello"),
            json!({ "repo": "acme/x", "title": "Say hello",
                "operations": [{ "operation": "addOrUpdate", "path": "a.md", "content": "Hello" }] })
        );
        let more = arguments(&schema, "List acme/x, private, sorted by likes, limit 3, title: T");
        assert_eq!((&more["private"], &more["sort"], &more["limit"]), (&json!(true), &json!("likes"), &json!(3)));
    }

    #[test]
    fn a_schema_cannot_ask_for_more_than_there_is() {
        let tree = json!({ "type": "object", "required": ["a", "b", "c"],
            "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" }, "c": { "$ref": "#" } } });
        assert!(instance(&tree, "hi").to_string().len() < 1_000_000);
        let most = u64::MAX;
        for schema in [
            json!({ "type": "array", "minItems": most, "items": { "type": "array", "minItems": most } }),
            json!({ "type": "array", "minItems": most, "uniqueItems": true, "items": { "type": "integer", "minimum": i64::MAX } }),
            json!({ "type": "string", "minLength": most }),
        ] {
            assert!(instance(&schema, "hi").to_string().len() < 1_000_000, "{schema}");
        }
    }

    #[test]
    fn references_unions_and_bounds_are_followed() {
        let schema = json!({
            "$defs": { "Node": { "type": "object", "required": ["value"], "properties": {
                "value": { "type": "number", "exclusiveMinimum": 2, "multipleOf": 0.5 },
                "next": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/Node" }] } } } },
            "type": "object", "required": ["node", "tags"], "properties": {
                "node": { "$ref": "#/$defs/Node" },
                "tags": { "type": "array", "minItems": 2, "uniqueItems": true, "items": { "type": "string", "maxLength": 9 } },
                "kind": { "type": ["null", "string"], "const": "list" } } });
        let found = instance(&schema, "hello");
        assert!(found["node"]["value"].as_f64().unwrap() > 2.0);
        assert_eq!(found["tags"].as_array().unwrap().len(), 2);
        assert_ne!(found["tags"][0], found["tags"][1]);
        assert_eq!(found["kind"], "list");
    }

    #[test]
    fn parts_are_merged() {
        let schema = json!({ "allOf": [
            { "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] },
            { "properties": { "b": { "type": "boolean" } }, "required": ["b"] } ] });
        assert_eq!(instance(&schema, "yes"), json!({ "a": 0, "b": true }));
    }
}
