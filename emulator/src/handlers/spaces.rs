//! What a Space runs on.

use hf_wasm::endpoints::{Endpoint, Group};

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::hub::fields;
use crate::table::{Route, handler};

const RUNTIME: Endpoint =
    Endpoint { name: "spaceRuntime", path: "/api/spaces/{repo}/runtime", group: Group::Spaces, ..Endpoint::READ };

pub fn routes() -> Vec<Route> {
    vec![Route { row: &RUNTIME, handler: handler!(runtime) }]
}

async fn runtime(call: Call) -> answer::Result {
    Ok(Answer::json(&fields::space::value(call.repo()?, "runtime").unwrap_or_default()))
}
