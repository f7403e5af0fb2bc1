//! `emulator/echo`: a program that answers a conversation with what it was told. It is not a language model.

use serde_json::{Value, json};

use super::request::{Message, Request, Tool, ToolChoice};
use super::{schema, tokens};
use crate::json::{at, set};

/// Id of the model.
pub const ECHO: &str = "emulator/echo";

/// Words of a long message that are repeated.
const LONGEST_QUOTE: usize = 60;

/// What a program answers.
#[derive(Debug, Clone)]
pub struct Said {
    pub reasoning: Option<String>,
    pub text: Option<String>,
    pub calls: Vec<FunctionCall>,
    pub finish: String,
}

#[derive(Debug, Clone)]
pub struct FunctionCall {
    pub name: String,
    /// JSON text.
    pub arguments: String,
}

pub fn answer(request: &Request, model: &str) -> Said {
    let question = request.question();
    let reasoning = request.reasons().then(|| {
        format!("The conversation has {} messages; the answer is an echo of the newest.", request.messages.len())
    });
    if let Some(tool) = wanted_tool(request, &question) {
        let arguments = schema::arguments(&tool.function.parameters, &question);
        let arguments = if arguments.is_object() { arguments } else { json!({}) };
        let call = FunctionCall { name: tool.function.name.clone(), arguments: arguments.to_string() };
        return Said { reasoning, text: None, calls: vec![call], finish: "tool_calls".to_owned() };
    }
    let text = match request.schema() {
        Some(schema) if schema.as_object().is_some_and(|schema| !schema.is_empty()) => {
            schema::instance(&schema, &question).to_string()
        }
        Some(_) => json!({ "program": ECHO, "echo": question }).to_string(),
        None => words(request, &question, model),
    };
    let (text, finish) = cut(text, request);
    Said { reasoning, text: Some(text), calls: Vec::new(), finish: finish.to_owned() }
}

/// Tokens of the whole prompt.
pub fn prompt_tokens(request: &Request) -> usize {
    let of_message = |message: &Message| {
        let calls = message.tool_calls.as_ref().map_or(0, |calls| tokens::split(&json!(calls).to_string()).len());
        3 + calls + tokens::split(&message.text()).len() + 256 * message.images()
    };
    let tools: usize =
        request.tools().iter().map(|tool| 8 + tokens::split(&tool.function.parameters.to_string()).len()).sum();
    request.messages.iter().map(of_message).sum::<usize>() + tools
}

fn words(request: &Request, question: &str, model: &str) -> String {
    if let Some(said) = verbatim(question) {
        return said.to_owned();
    }
    if let Some(result) = request.last().filter(|message| message.role == "tool") {
        let name = called_name(request, result).unwrap_or_else(|| "tool".to_owned());
        return format!("The tool {name} answered: {}", quote(&result.text()));
    }
    let place = if model == ECHO { String::new() } else { format!(" in the place of {model}") };
    let count = question.split_whitespace().count();
    let mut text =
        format!("I am {ECHO}, a small program{place}, not a language model. You said: “{}”", quote(question));
    text.push_str(&format!(
        " That is {count} {}, in message {} of this conversation.",
        if count == 1 { "word" } else { "words" },
        request.messages.len()
    ));
    if let Some(instructions) = request.instructions() {
        text.push_str(&format!(" My instructions are: “{}”", quote(&instructions)));
    }
    match request.messages.iter().map(Message::images).sum::<usize>() {
        0 => {}
        1 => text.push_str(" You sent one image, which I cannot see."),
        images => text.push_str(&format!(" You sent {images} images, which I cannot see.")),
    }
    text
}

/// `Repeat: …` asks for exactly these words.
fn verbatim(question: &str) -> Option<&str> {
    let (head, said) = question.split_once(':')?;
    head.trim().eq_ignore_ascii_case("repeat").then(|| said.trim_start())
}

fn quote(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.get(..LONGEST_QUOTE) {
        Some(first) if words.len() > LONGEST_QUOTE => format!("{} …", first.join(" ")),
        _ => text.trim().to_owned(),
    }
}

/// The tool to call: the one asked for by `tool_choice`, else one that the user's message speaks of.
fn wanted_tool<'a>(request: &'a Request, question: &str) -> Option<&'a Tool> {
    let tools = request.tools();
    let spoken_of = || tools.iter().find(|tool| speaks_of(question, tool));
    let answered = request.last().is_some_and(|message| message.role != "user");
    match request.tool_choice() {
        ToolChoice::None => None,
        ToolChoice::Function(name) => tools.iter().find(|tool| tool.function.name == name),
        ToolChoice::Required => spoken_of().or(tools.first()),
        ToolChoice::Auto => spoken_of().filter(|_| !answered),
    }
}

/// Whether a message has a word of the tool's name, or two of its description.
fn speaks_of(question: &str, tool: &Tool) -> bool {
    let said = vocabulary(question);
    let common = |text: &str| vocabulary(text).into_iter().filter(|word| said.contains(word)).count();
    let spaced: String = tool
        .function
        .name
        .chars()
        .flat_map(|letter| [letter.is_uppercase().then_some(' '), Some(letter)].into_iter().flatten())
        .collect();
    common(&spaced) >= 1 || common(tool.function.description.as_deref().unwrap_or_default()) >= 2
}

fn vocabulary(text: &str) -> Vec<String> {
    const EMPTY: [&str; 18] = [
        "the", "and", "for", "get", "set", "with", "from", "what", "this", "that", "you", "are", "how", "current",
        "given", "returns", "please", "tool",
    ];
    let words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.chars().count() > 2 && !EMPTY.contains(&word.as_str())).collect()
}

/// The name of the function that a tool message answers.
fn called_name(request: &Request, result: &Message) -> Option<String> {
    let mut calls = request.messages.iter().filter_map(|message| message.tool_calls.as_ref()).flatten();
    let call = calls.rfind(|call| at(call, "id").as_str() == result.tool_call_id.as_deref())?;
    at(call, "function.name").as_str().map(str::to_owned)
}

/// Ends a text at the first stop, or after the tokens that are allowed.
fn cut(text: String, request: &Request) -> (String, &'static str) {
    let stops = request.stop().iter().filter(|stop| !stop.is_empty());
    let stopped = stops.filter_map(|stop| text.find(stop.as_str())).min();
    let text = stopped.and_then(|at| text.get(..at)).map_or(text.clone(), str::to_owned);
    let tokens = tokens::split(&text);
    match request.longest().and_then(|longest| tokens.get(..longest)) {
        Some(first) if first.len() < tokens.len() => (first.concat(), "length"),
        _ => (text, "stop"),
    }
}

/// Arguments and texts in the pieces that a stream sends.
pub fn pieces(text: &str) -> Vec<String> {
    tokens::split(text).into_iter().map(str::to_owned).collect()
}

/// Tokens of an answer.
pub fn completion_tokens(said: &Said) -> usize {
    let texts = [said.reasoning.as_deref(), said.text.as_deref()].into_iter().flatten();
    let called = said.calls.iter().flat_map(|call| [call.name.as_str(), call.arguments.as_str()]);
    texts.chain(called).map(|text| tokens::split(text).len()).sum()
}

/// Log probabilities of a text that could not have been another: 0 for each token.
pub fn logprobs(text: &str, alternatives: usize) -> Value {
    let entry = |token: &str| json!({ "token": token, "logprob": 0.0, "bytes": token.as_bytes() });
    let content: Vec<Value> = tokens::split(text)
        .into_iter()
        .map(|token| {
            let mut all = entry(token);
            let most_likely = if alternatives == 0 { Vec::new() } else { vec![entry(token)] };
            set(&mut all, "top_logprobs", most_likely);
            all
        })
        .collect();
    json!({ "content": content })
}
