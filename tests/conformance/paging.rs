//! Lists to their end, by `Link` and by number.

use std::collections::HashSet;

use emulator::http::layers::Quotas;
use hf_wasm::core::args::Args;
use hf_wasm::core::call;
use hf_wasm::core::io::{Io, Read, Reply as _};
use hf_wasm::core::pages::{self, Counts};
use hf_wasm::core::request;
use hf_wasm::core::retry::RetryPolicy;
use hf_wasm::endpoints::discussions::LIST_DISCUSSIONS;
use hf_wasm::endpoints::models::LIST_MODELS;
use hf_wasm::endpoints::repos::{LIST_COMMITS, LIST_FILES};
use hf_wasm::endpoints::{Endpoint, ResponseType};
use serde_json::{Value, json};

use crate::calls::{app, writer};
use crate::io::EmulatorIo;

/// Every item and the number of pages.
async fn all(io: &EmulatorIo, endpoint: &'static Endpoint, params: Value) -> (Vec<Value>, usize) {
    walk(io, endpoint, params, RetryPolicy::default()).await
}

async fn walk(io: &EmulatorIo, endpoint: &'static Endpoint, params: Value, policy: RetryPolicy) -> (Vec<Value>, usize) {
    let mut request = request::build(endpoint, &Args::from_json(&params), io.base_url()).unwrap();
    let (mut items, mut count) = (Vec::new(), 0);
    loop {
        let reply = call::send(io, endpoint, policy, &request, Read::Json).await.unwrap();
        let body = reply.value();
        let list = match endpoint.reply {
            ResponseType::Numbered(_, key) => body[key].as_array(),
            _ => body.as_array(),
        };
        let list = list.unwrap_or_else(|| panic!("{} answers {body}", endpoint.name));
        items.extend(list.iter().cloned());
        count += 1;
        let next = match endpoint.reply {
            ResponseType::Numbered(..) => {
                let number = |name: &str| body[name].as_f64().unwrap();
                let counts = Counts { start: number("start"), received: list.len() as f64, count: number("count") };
                pages::numbered(&request.url, counts)
            }
            _ => pages::linked::<EmulatorIo>(&request.url, io.base_url(), &reply).unwrap(),
        };
        let Some(next) = next else { return (items, count) };
        request.url = next;
    }
}

/// No item comes twice.
fn distinct(items: &[Value], key: &str) -> usize {
    items.iter().map(|item| item[key].to_string()).collect::<HashSet<_>>().len()
}

#[tokio::test]
async fn links_lead_through_every_item_once() {
    let app = app();
    let io = writer(&app, &LIST_MODELS);
    let (models, pages) = all(&io, &LIST_MODELS, json!({ "pageSize": 100, "sort": "downloads" })).await;
    let stored: i64 = app
        .hub
        .db()
        .query_row("select count(*) from repos where type = 'model' and visibility = 'public'", [], |endpoint| {
            endpoint.get(0)
        })
        .unwrap();
    assert_eq!((models.len() as i64, pages), (stored, models.len().div_ceil(100)));
    assert_eq!(distinct(&models, "id"), models.len());
    let downloads: Vec<_> = models.iter().map(|model| model["downloads"].as_u64().unwrap()).collect();
    assert!(downloads.is_sorted_by(|one, next| one >= next), "the order goes on over the pages");
    // The parameters go on in the links: a filter holds to the end.
    let (berts, pages) = all(&io, &LIST_MODELS, json!({ "pageSize": 5, "search": "bert" })).await;
    assert!(pages > 2 && berts.iter().all(|model| model["id"].as_str().unwrap().to_lowercase().contains("bert")));
    let (commits, pages) = all(&io, &LIST_COMMITS, json!({ "repo": "acme/tiny-bert", "pageSize": 2 })).await;
    assert_eq!((distinct(&commits, "id"), pages), (commits.len(), commits.len().div_ceil(2)));
    let (files, pages) =
        all(&io, &LIST_FILES, json!({ "repo": "acme/tiny-bert", "pageSize": 2, "recursive": true })).await;
    assert_eq!((distinct(&files, "path"), pages), (files.len(), files.len().div_ceil(2)));
}

#[tokio::test]
async fn numbers_lead_through_every_discussion_once() {
    let app = app();
    let io = writer(&app, &LIST_DISCUSSIONS);
    let (discussions, pages) = all(&io, &LIST_DISCUSSIONS, json!({ "repo": "acme/tiny-bert" })).await;
    assert_eq!((discussions.len(), distinct(&discussions, "num"), pages), (58, 58, 2));
    let params = json!({ "repo": "acme/tiny-bert", "type": "pull_request" });
    let (proposals, _) = all(&io, &LIST_DISCUSSIONS, params).await;
    assert!(!proposals.is_empty() && proposals.iter().all(|discussion| discussion["isPullRequest"] == true));
}

#[tokio::test]
async fn a_link_to_another_origin_is_refused() {
    let app = app();
    let link = format!("<{}/lfs/elsewhere>; rel=\"next\"", app.hub.cdn_origin);
    let rule = json!({ "path": "/api/models", "headers": { "link": link }, "count": 1 });
    app.gate.faults.add(vec![serde_json::from_value(rule).unwrap()]).unwrap();
    let io = writer(&app, &LIST_MODELS);
    let request = request::build(&LIST_MODELS, &Args::from_json(&json!({ "limit": 1 })), io.base_url()).unwrap();
    let reply = call::send(&io, &LIST_MODELS, RetryPolicy::default(), &request, Read::Json).await.unwrap();
    let failure = pages::linked::<EmulatorIo>(&request.url, io.base_url(), &reply).unwrap_err();
    assert!(failure.message.contains(&app.hub.cdn_origin), "{}", failure.message);
}

#[tokio::test]
async fn a_walk_waits_for_the_window() {
    let app = app();
    app.gate.limits.set_quotas(Quotas { api: Some(2), ..Quotas::default() });
    let io = writer(&app, &LIST_COMMITS);
    let policy = RetryPolicy { max_elapsed: RetryPolicy::LIST_ELAPSED, ..RetryPolicy::default() };
    let params = json!({ "repo": "acme/tiny-bert", "pageSize": 2 });
    let (commits, pages) = walk(&io, &LIST_COMMITS, params, policy).await;
    assert_eq!((distinct(&commits, "id"), pages), (commits.len(), commits.len().div_ceil(2)));
    let long = io.waits.borrow().iter().filter(|wait| **wait > 120_000.0).count();
    assert!(pages > 4 && long > 0, "{pages} pages, waits {:?}", io.waits.borrow());
}
