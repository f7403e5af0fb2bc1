//! Calls as a caller writes them: an endpoint, parameters as JSON, a token.

use std::sync::Arc;

use emulator::http::app::{App, Options};
use hf_wasm::core::args::Args;
use hf_wasm::core::client::{self, Call, Outcome};
use hf_wasm::core::commit::{self, Change, Direct, Operation};
use hf_wasm::core::failure::Failure;
use hf_wasm::core::io::{CallError, Reply as _};
use hf_wasm::endpoints::Endpoint;
use serde_json::{Map, Value};

use crate::io::EmulatorIo;
use crate::reply::EmulatorReply;

pub const WRITE: &str = "hf_emulator_write";
pub const READ: &str = "hf_emulator_read";
pub const EXPIRED: &str = "hf_emulator_expired";

/// A Hub with the seed data, in memory. Nobody listens at its address.
pub fn app() -> Arc<App> {
    App::open(Options::default()).unwrap()
}

/// An outside with the token that may write, at the host of the endpoint.
pub fn writer(app: &Arc<App>, endpoint: &Endpoint) -> EmulatorIo {
    EmulatorIo::new(app, endpoint.host, Some(WRITE))
}

/// The parameters that the endpoint's own examples make.
pub fn examples(endpoint: &Endpoint) -> Value {
    let given = endpoint.params.iter().filter(|param| !param.example.is_empty());
    let pair = |param: &hf_wasm::endpoints::Param| {
        (param.name.to_owned(), serde_json::from_str(param.example).expect("an example is JSON"))
    };
    Value::Object(given.map(pair).collect::<Map<_, _>>())
}

/// Calls an endpoint as the edge does. A commit goes its own way: [`commit`].
pub async fn send(
    io: &mut EmulatorIo,
    endpoint: &'static Endpoint,
    params: Value,
) -> Result<EmulatorReply, Box<Failure>> {
    let args = Args::from_json(&params);
    let call = Call { endpoint, args: &args, retry: io.retry, url: None, streams: params["stream"] == true };
    io.params = params;
    match client::call(io, call).await.map_err(failure)? {
        Outcome::Reply { reply, .. } => Ok(reply),
        Outcome::Exists { url } => panic!("{url} exists"),
    }
}

/// Calls an endpoint and gives the JSON that it answers.
pub async fn json(io: &mut EmulatorIo, endpoint: &'static Endpoint, params: Value) -> Value {
    send(io, endpoint, params).await.unwrap_or_else(|failure| panic!("{}: {failure:?}", endpoint.name)).into_value()
}

/// Carries out a commit whose operations are written as a caller writes them.
pub async fn commit(io: &mut EmulatorIo, params: Value) -> Result<commit::Outcome<Value>, Box<Failure>> {
    let mut sources = Vec::new();
    let operations = params["operations"].as_array().expect("operations are a list");
    let operations = operations.iter().map(|given| operation(given, &mut sources)).collect();
    io.sources = sources;
    let args = Args::from_json(&params);
    commit::run(&Direct { io, retry: io.retry }, &args, operations).await.map_err(failure)
}

fn operation(given: &Value, sources: &mut Vec<Vec<u8>>) -> Operation {
    let text = |name: &str| given[name].as_str().unwrap_or_else(|| panic!("no {name} in {given}")).to_owned();
    let change = match text("operation").as_str() {
        "addOrUpdate" => {
            let content = text("content").into_bytes();
            let size = content.len() as u64;
            sources.push(content);
            Change::Add { index: sources.len() - 1, size }
        }
        "delete" => Change::Delete,
        "rename" => Change::Rename { from: text("from") },
        "copy" => Change::Copy { from: text("from"), revision: given["fromRevision"].as_str().map(str::to_owned) },
        other => panic!("no operation {other}"),
    };
    Operation { path: text("path"), change }
}

fn failure(stop: CallError) -> Box<Failure> {
    match stop {
        CallError::Failed(failure) => failure,
        CallError::Aborted => panic!("nobody aborts here"),
    }
}
