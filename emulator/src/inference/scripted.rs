//! `emulator/scripted`: a program that says what a script tells it to, so that a loop of tool calls can be tried out:
//! several turns, several calls in one, arguments that are wrong or cut off.
//!
//! A script is a list of turns. It stands as JSON in the conversation's system message, or is set beforehand. Which turn
//! is next follows from the conversation alone: it is the one after the answers that are in it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::echo::{FunctionCall, Said};
use super::error::Error;
use super::request::Request;

/// Id of the model.
pub const SCRIPTED: &str = "emulator/scripted";

/// What is said once the script has ended.
const ENDED: &str = "The script has ended.";

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reasoning: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default)]
    calls: Vec<Call>,
    /// Reason for which the answer ends. Default `tool_calls` with calls, else `stop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finish: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    name: String,
    /// An object; or a text, which is sent as it is, so that it may be cut off or no JSON at all.
    #[serde(default)]
    arguments: Value,
}

/// Reads a script: a list of turns, or an object with one under `script`.
pub fn parse(value: &Value) -> Result<Vec<Turn>, Error> {
    let turns = value.get("script").unwrap_or(value);
    serde_json::from_value(turns.clone()).map_err(|error| refused(format!("Not a script: {error}")))
}

/// The next turn of the conversation's own script, else of the one that was set.
pub fn answer(request: &Request, set: Option<&[Turn]>) -> Result<Said, Error> {
    let own = request.instructions().as_deref().and_then(json_in).as_ref().map(parse).transpose()?;
    let script = own.as_deref().or(set).ok_or_else(|| {
        refused(format!("{SCRIPTED} follows a script: a system message with JSON, or POST /_emulator/script"))
    })?;
    let said = request.messages.iter().filter(|message| message.role == "assistant").count();
    Ok(script.get(said).map_or_else(ended, say))
}

fn say(turn: &Turn) -> Said {
    let calls: Vec<FunctionCall> = turn.calls.iter().map(written).collect();
    let finish = if calls.is_empty() { "stop" } else { "tool_calls" };
    Said {
        reasoning: turn.reasoning.clone(),
        text: turn.text.clone(),
        finish: turn.finish.clone().unwrap_or_else(|| finish.to_owned()),
        calls,
    }
}

fn written(call: &Call) -> FunctionCall {
    let arguments = match &call.arguments {
        Value::String(text) => text.clone(),
        Value::Null => json!({}).to_string(),
        value => value.to_string(),
    };
    FunctionCall { name: call.name.clone(), arguments }
}

fn ended() -> Said {
    Said { reasoning: None, text: Some(ENDED.to_owned()), calls: Vec::new(), finish: "stop".to_owned() }
}

/// The JSON in a text: all of it, or the first block that is fenced.
fn json_in(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| {
        let (_, fenced) = text.split_once("```json")?;
        serde_json::from_str(fenced.split_once("```")?.0).ok()
    })
}

fn refused(message: String) -> Error {
    Error { message, param: Some("messages") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(messages: Value) -> Request {
        Request::parse(&json!({ "model": SCRIPTED, "messages": messages })).unwrap()
    }

    #[test]
    fn the_turn_follows_from_the_conversation() {
        let script = "Do this:\n```json\n[{ \"calls\": [{ \"name\": \"a\", \"arguments\": { \"x\": 1 } }, { \"name\": \"b\" }] }, { \"text\": \"Done\" }]\n```";
        let system = json!({ "role": "system", "content": script });
        let user = json!({ "role": "user", "content": "Go" });
        let first = answer(&request(json!([system, user])), None).unwrap();
        let calls: Vec<_> = first.calls.iter().map(|call| (call.name.as_str(), call.arguments.as_str())).collect();
        assert_eq!((calls, first.finish.as_str()), (vec![("a", "{\"x\":1}"), ("b", "{}")], "tool_calls"));
        let assistant = json!({ "role": "assistant", "content": "x" });
        let second = answer(&request(json!([system, user, assistant])), None).unwrap();
        assert_eq!((second.text.as_deref(), second.finish.as_str()), (Some("Done"), "stop"));
        let third = answer(&request(json!([system, user, assistant, assistant])), None).unwrap();
        assert_eq!(third.text.as_deref(), Some(ENDED));
    }

    #[test]
    fn arguments_may_be_cut_off() {
        let turns = parse(
            &json!({ "script": [{ "calls": [{ "name": "a", "arguments": "{\"x\": \"y" }], "finish": "length" }] }),
        )
        .unwrap();
        let said = answer(&request(json!([{ "role": "user", "content": "Go" }])), Some(&turns)).unwrap();
        assert_eq!((said.calls[0].arguments.as_str(), said.finish.as_str()), ("{\"x\": \"y", "length"));
    }

    #[test]
    fn without_a_script_it_says_how_to_give_one() {
        let request = request(json!([{ "role": "user", "content": "Go" }]));
        assert!(answer(&request, None).unwrap_err().message.contains("/_emulator/script"));
        for wrong in [json!({}), json!([{ "says": "x" }]), json!([{ "calls": [{ "arguments": {} }] }])] {
            assert!(parse(&wrong).is_err(), "{wrong}");
        }
    }
}
