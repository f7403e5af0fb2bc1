//! The body of a chat request. Properties that this router does not know are passed by.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::Error;

#[derive(Debug, Deserialize)]
pub struct Request {
    #[serde(default)]
    pub model: String,
    pub messages: Vec<Message>,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    max_tokens: Option<usize>,
    max_completion_tokens: Option<usize>,
    stop: Option<OneOrMany>,
    n: Option<usize>,
    logprobs: Option<bool>,
    top_logprobs: Option<usize>,
    response_format: Option<Format>,
    tools: Option<Vec<Tool>>,
    tool_choice: Option<Value>,
    reasoning_effort: Option<String>,
    temperature: Option<f64>,
    top_p: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub struct Message {
    pub role: String,
    content: Option<Content>,
    pub tool_calls: Option<Vec<Value>>,
    pub tool_call_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Debug, Deserialize)]
struct Part {
    text: Option<String>,
    image_url: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize)]
pub struct Tool {
    pub function: Function,
}

#[derive(Debug, Deserialize)]
pub struct Function {
    pub name: String,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub parameters: Value,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Format {
    Text,
    /// Older servers take a schema here, under `value`.
    #[serde(alias = "json")]
    JsonObject {
        value: Option<Value>,
    },
    JsonSchema {
        json_schema: Named,
    },
}

#[derive(Debug, Deserialize)]
pub struct Named {
    #[serde(default)]
    pub schema: Value,
}

/// Which function the answer must or may call.
#[derive(Debug, PartialEq, Eq)]
pub enum ToolChoice<'a> {
    Auto,
    None,
    Required,
    Function(&'a str),
}

impl Request {
    pub fn parse(body: &Value) -> Result<Request, Error> {
        let request: Request = serde_json::from_value(body.clone())
            .map_err(|error| Error { message: format!("Invalid request body: {error}"), param: None })?;
        request.check()?;
        Ok(request)
    }

    fn check(&self) -> Result<(), Error> {
        let bad = |param, message: &str| Err(Error { message: message.to_owned(), param: Some(param) });
        if self.messages.is_empty() {
            return bad("messages", "messages must not be empty");
        }
        if let Some(message) = self
            .messages
            .iter()
            .find(|message| !matches!(message.role.as_str(), "system" | "developer" | "user" | "assistant" | "tool"))
        {
            return bad("messages", &format!("unknown role: {}", message.role));
        }
        if self.temperature.is_some_and(|value| !(0.0..=2.0).contains(&value)) {
            return bad("temperature", "temperature must be between 0 and 2");
        }
        if self.top_p.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            return bad("top_p", "top_p must be between 0 and 1");
        }
        if self.stop().len() > 4 {
            return bad("stop", "at most 4 texts to stop at");
        }
        if !(1..=16).contains(&self.answers()) {
            return bad("n", "n must be between 1 and 16");
        }
        if self.longest() == Some(0) {
            return bad("max_tokens", "max_tokens must be at least 1");
        }
        match self.tool_choice() {
            ToolChoice::Function(name) if !self.tools().iter().any(|tool| tool.function.name == name) => {
                bad("tool_choice", &format!("no tool is named {name}"))
            }
            ToolChoice::Required if self.tools().is_empty() => bad("tool_choice", "tool_choice needs tools"),
            _ => Ok(()),
        }
    }

    pub fn streams(&self) -> bool {
        self.stream.unwrap_or_default()
    }

    pub fn include_usage(&self) -> bool {
        self.stream_options.as_ref().and_then(|options| options.include_usage).unwrap_or_default()
    }

    pub fn longest(&self) -> Option<usize> {
        self.max_completion_tokens.or(self.max_tokens)
    }

    /// The texts to stop at.
    pub fn stop(&self) -> &[String] {
        match &self.stop {
            None => &[],
            Some(OneOrMany::One(text)) => std::slice::from_ref(text),
            Some(OneOrMany::Many(texts)) => texts,
        }
    }

    /// How many answers are wanted.
    pub fn answers(&self) -> usize {
        self.n.unwrap_or(1)
    }

    pub fn logprobs(&self) -> Option<usize> {
        self.logprobs.unwrap_or_default().then(|| self.top_logprobs.unwrap_or_default())
    }

    /// The schema that the answer must satisfy; an empty one for any object.
    pub fn schema(&self) -> Option<Value> {
        match self.response_format.as_ref()? {
            Format::Text => None,
            Format::JsonObject { value } => Some(value.clone().unwrap_or_else(|| json!({}))),
            Format::JsonSchema { json_schema } => Some(json_schema.schema.clone()),
        }
    }

    pub fn tools(&self) -> &[Tool] {
        self.tools.as_deref().unwrap_or_default()
    }

    pub fn tool_choice(&self) -> ToolChoice<'_> {
        match &self.tool_choice {
            Some(Value::String(word)) if word == "none" => ToolChoice::None,
            Some(Value::String(word)) if word == "required" || word == "any" => ToolChoice::Required,
            Some(Value::Object(choice)) => choice
                .get("function")
                .and_then(|function| function["name"].as_str())
                .map_or(ToolChoice::Auto, ToolChoice::Function),
            _ => ToolChoice::Auto,
        }
    }

    pub fn reasons(&self) -> bool {
        self.reasoning_effort.as_deref().is_some_and(|effort| effort != "none")
    }

    pub fn last(&self) -> Option<&Message> {
        self.messages.last()
    }

    /// What the first system message says.
    pub fn instructions(&self) -> Option<String> {
        let is_system = |message: &&Message| matches!(message.role.as_str(), "system" | "developer");
        self.messages.iter().find(is_system).map(Message::text)
    }

    /// The newest words of the user.
    pub fn question(&self) -> String {
        self.messages.iter().rev().find(|message| message.role == "user").map(Message::text).unwrap_or_default()
    }
}

impl Message {
    /// The text parts, joined by line ends.
    pub fn text(&self) -> String {
        match &self.content {
            None => String::new(),
            Some(Content::Text(text)) => text.clone(),
            Some(Content::Parts(parts)) => {
                parts.iter().filter_map(|part| part.text.as_deref()).collect::<Vec<_>>().join("\n")
            }
        }
    }

    pub fn images(&self) -> usize {
        match &self.content {
            Some(Content::Parts(parts)) => parts.iter().filter(|part| part.image_url.is_some()).count(),
            _ => 0,
        }
    }
}
