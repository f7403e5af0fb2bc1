//! `pkg/dist/catalogue.json`: the endpoints as data, for forms and for the tools of models. The parameters of an endpoint are
//! a JSON Schema (draft 2020-12), so that any validator and any model can read them.

use std::collections::BTreeSet;

use hf_wasm::endpoints::{
    Access, CATALOGUE, Destructive, Endpoint, FILES, Group, Host, ParamType, Repeat, ResponseType,
};
use serde_json::{Map, Value, json};

use super::markdown;

/// The schemas of structured parameters, by the name of their TypeScript type.
const DEFINITIONS: &str = include_str!("definitions.json");
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

pub fn text() -> Result<String, String> {
    let definitions: Map<String, Value> =
        serde_json::from_str(DEFINITIONS).map_err(|error| format!("definitions.json: {error}"))?;
    let groups = Group::ALL
        .into_iter()
        .map(|group| {
            let endpoints = CATALOGUE.into_iter().chain(FILES).filter(|endpoint| endpoint.group == group);
            let endpoints =
                endpoints.map(|endpoint| described(endpoint, &definitions)).collect::<Result<Vec<_>, _>>()?;
            Ok(json!({ "name": group.as_str(), "title": group.title(), "endpoints": endpoints }))
        })
        .collect::<Result<Vec<_>, String>>()?;
    let catalogue = json!({ "version": env!("CARGO_PKG_VERSION"), "groups": groups });
    serde_json::to_string(&catalogue).map(|text| text + "\n").map_err(|error| error.to_string())
}

fn described(endpoint: &Endpoint, definitions: &Map<String, Value>) -> Result<Value, String> {
    Ok(json!({
        "name": endpoint.name,
        "host": match endpoint.host { Host::Hub => "hub", Host::Router => "router" },
        "summary": endpoint.summary,
        "method": endpoint.method.as_str(),
        "path": endpoint.path,
        "access": match endpoint.access { Access::Open => "open", Access::Token => "token", Access::Write => "write" },
        "permission": endpoint.permission,
        "bucket": endpoint.bucket.as_str(),
        "event": endpoint.event.map(|event| json!({ "scope": event.scope, "action": event.action })),
        "idempotent": endpoint.repeat == Repeat::Idempotent,
        "destructive": match endpoint.destructive {
            Destructive::No => json!(false),
            Destructive::Always => json!(true),
            Destructive::With(names) => json!(names),
        },
        // Whether the table of endpoints has it; else it is one that files need beside.
        "core": CATALOGUE.iter().any(|core| core.host == endpoint.host && core.name == endpoint.name),
        "reply": match endpoint.reply {
            ResponseType::Json(_) => "json",
            ResponseType::Pages(_) | ResponseType::Numbered(_, _) => "pages",
            ResponseType::Events(_, _) => "events",
            ResponseType::Bytes => "bytes",
            ResponseType::Empty => "empty",
        },
        // The TypeScript type of what a call gives.
        "type": markdown::reply(endpoint),
        "parameters": parameters(endpoint, definitions)?,
    }))
}

/// The schema of all parameters of an endpoint, as one object.
fn parameters(endpoint: &Endpoint, definitions: &Map<String, Value>) -> Result<Value, String> {
    let mut properties = Map::new();
    for param in endpoint.params {
        let mut schema = schema(&param.kind, param.name);
        let keywords = schema.as_object_mut().ok_or("a schema is an object")?;
        keywords.insert("description".to_owned(), param.doc.into());
        if let Some(most) = param.most {
            keywords.insert("maxItems".to_owned(), most.into());
        }
        if !param.example.is_empty() {
            let example: Value = serde_json::from_str(param.example)
                .map_err(|error| format!("the example of {}.{}: {error}", endpoint.name, param.name))?;
            keywords.insert("examples".to_owned(), json!([example]));
        }
        properties.insert(param.name.to_owned(), schema);
    }
    let required: Vec<_> = endpoint.params.iter().filter(|param| param.required).map(|param| param.name).collect();
    let mut whole = json!({ "$schema": DIALECT, "type": "object", "properties": properties, "required": required });
    // Chat sends whatever else a provider understands.
    let open = matches!(endpoint.reply, ResponseType::Events(..));
    let used = references(&whole, definitions)?;
    if let Some(keywords) = whole.as_object_mut() {
        if !open {
            keywords.insert("additionalProperties".to_owned(), false.into());
        }
        if !used.is_empty() {
            keywords.insert("$defs".to_owned(), used.into());
        }
    }
    Ok(whole)
}

fn schema(kind: &ParamType, name: &str) -> Value {
    match kind {
        ParamType::RepoOf(_) if name == "repo" => reference("RepoDesignation"),
        ParamType::Repo(_) => reference("RepoDesignation"),
        ParamType::String | ParamType::RepoOf(_) => json!({ "type": "string" }),
        ParamType::Strings => {
            json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
        }
        ParamType::Flag | ParamType::Switch => json!({ "type": "boolean" }),
        ParamType::Whole | ParamType::Limit => json!({ "type": "integer", "minimum": 0 }),
        ParamType::PageSize => json!({ "type": "integer", "minimum": 1 }),
        ParamType::Number => json!({ "type": "number" }),
        ParamType::OneOf(values) => json!({ "enum": values }),
        ParamType::Known(values) => known(values),
        ParamType::SomeOf(values) => json!({ "type": "array", "items": known(values) }),
        ParamType::Range => reference("ByteRange"),
        ParamType::Object(name) => match name.strip_suffix("[]") {
            Some(item) => json!({ "type": "array", "items": reference(item) }),
            None => reference(name),
        },
    }
}

/// A set that the API may enlarge: any text is accepted, the known ones are named.
fn known(values: &[&str]) -> Value {
    json!({ "anyOf": [{ "enum": values }, { "type": "string" }] })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{}", key(name)) })
}

/// The name of a definition: that of its type, or of an unnamed type what can stand in a reference.
fn key(name: &str) -> String {
    name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

/// The definitions that a schema needs, and those that they need.
fn references(schema: &Value, definitions: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut needed = BTreeSet::new();
    collect(schema, &mut needed);
    let mut used = Map::new();
    while let Some(name) = needed.pop_first() {
        let definition = definitions.iter().find(|(type_name, _)| key(type_name) == name);
        let (_, definition) = definition.ok_or_else(|| format!("definitions.json has no schema of {name}"))?;
        let mut inner = BTreeSet::new();
        collect(definition, &mut inner);
        used.insert(name, definition.clone());
        needed.extend(inner.into_iter().filter(|name| !used.contains_key(name)));
    }
    Ok(used)
}

fn collect(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(properties) => {
            let name = properties.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"));
            names.extend(name.map(str::to_owned));
            properties.values().for_each(|property| collect(property, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_structured_parameter_has_a_definition() {
        assert!(super::text().unwrap().contains("\"CommitOperation\""));
    }
}
