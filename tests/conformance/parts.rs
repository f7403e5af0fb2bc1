//! Large files that go up in parts: what is sent to where, what is sent again, and what is not.

use hf_wasm::core::io::Reply as _;
use hf_wasm::endpoints::files::RESOLVE;
use hf_wasm::endpoints::repos::COMMIT;
use serde_json::{Value, json};

use crate::calls::{app, commit, send, writer};
use crate::io::EmulatorIo;
use crate::retries::fault;

const REPO: &str = "alice/playground";
/// The emulator wants parts of 8 MiB.
const PART: usize = 8 << 20;

/// No two parts are alike.
fn content(size: usize) -> String {
    (0..size.div_ceil(8)).map(|at| format!("{at:08x}")).collect::<String>()[..size].to_owned()
}

async fn upload(io: &mut EmulatorIo, path: &str, content: &str) {
    let operations = json!([{ "operation": "addOrUpdate", "path": path, "content": content }]);
    commit(io, json!({ "repo": REPO, "title": "Add", "operations": operations })).await.unwrap();
    let stored = send(io, &RESOLVE, json!({ "repo": REPO, "path": path })).await.unwrap().bytes();
    assert!(stored == content.as_bytes(), "{path} is another one");
}

/// Method, number of the part or name of the step, and status of what went to the second origin or to verification.
fn steps(io: &EmulatorIo) -> Vec<(String, String, u16)> {
    let sent = io.exchanges.take();
    let up = sent.iter().filter(|sent| sent.method != "GET" && !sent.url.contains("/api/"));
    let step = |url: &str, method: &str| match url.split('?').next().unwrap().rsplit('/').next().unwrap() {
        name if name.len() < 10 => name.to_owned(),
        _ if method == "PUT" => "whole".to_owned(),
        _ => "complete".to_owned(),
    };
    let steps = up.map(|sent| {
        assert!(!sent.authorized || sent.url.contains("/info/lfs/"), "{} got the token", sent.url);
        (sent.method.clone(), step(&sent.url, &sent.method), sent.status)
    });
    steps.collect()
}

fn expected(steps: &[(&str, &str, u16)]) -> Vec<(String, String, u16)> {
    steps.iter().map(|(method, step, status)| ((*method).into(), (*step).into(), *status)).collect()
}

#[tokio::test]
async fn a_file_goes_up_whole_or_in_as_many_parts_as_it_takes() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let (ask, complete) = (("POST", "batch", 200), ("POST", "complete", 200));
    let verify = ("POST", "verify", 200);
    let part = |number| ("PUT", number, 200);
    for (size, parts) in [
        (PART, vec![part("whole")]),
        (PART + 1, vec![part("1"), part("2"), complete]),
        (2 * PART, vec![part("1"), part("2"), complete]),
        (2 * PART + 7, vec![part("1"), part("2"), part("3"), complete]),
    ] {
        upload(&mut io, &format!("{size}.bin"), &content(size)).await;
        assert_eq!(steps(&io), expected(&[vec![ask], parts, vec![verify]].concat()), "{size}");
    }
}

#[tokio::test]
async fn one_part_is_sent_again_and_no_other() {
    let app = app();
    fault(&app, json!({ "path": "/lfs/*/2", "method": "PUT", "status": 500, "count": 2 }));
    let mut io = writer(&app, &COMMIT);
    upload(&mut io, "w.bin", &content(2 * PART + 1)).await;
    let count = |steps: &[(String, String, u16)], part: &str| steps.iter().filter(|(_, step, _)| step == part).count();
    let sent = steps(&io);
    assert_eq!(
        [count(&sent, "1"), count(&sent, "2"), count(&sent, "3"), count(&sent, "batch")],
        [1, 3, 1, 1],
        "{sent:?}"
    );
}

#[tokio::test]
async fn addresses_that_have_expired_are_asked_for_again() {
    let app = app();
    // They hold for an hour, which the wait before the second part is sent again outlasts.
    let late = json!({ "path": "/lfs/*/2", "status": 503, "headers": { "retry-after": "4000" }, "count": 1 });
    fault(&app, late);
    let mut io = writer(&app, &COMMIT);
    io.retry.max_elapsed = 1e9;
    upload(&mut io, "w.bin", &content(2 * PART + 1)).await;
    let sent = steps(&io);
    assert!(sent.contains(&("PUT".into(), "2".into(), 403)), "{sent:?}");
    // The Hub begins another upload, to which no part has come.
    let again = sent.iter().rposition(|(_, step, _)| step == "batch").unwrap();
    let rest = [("PUT", "1", 200), ("PUT", "2", 200), ("PUT", "3", 200)];
    let end = [("POST", "complete", 200), ("POST", "verify", 200)];
    assert_eq!(sent[again + 1..], expected(&[&rest[..], &end[..]].concat()));
}

#[tokio::test]
async fn an_address_that_is_never_good_is_not_asked_for_without_end() {
    for path in ["/lfs/*/2", "/lfs/*"] {
        let app = app();
        fault(&app, json!({ "path": path, "status": 403 }));
        let mut io = writer(&app, &COMMIT);
        let operations = json!([{ "operation": "addOrUpdate", "path": "w.bin", "content": content(PART + 1) }]);
        let failure =
            commit(&mut io, json!({ "repo": REPO, "title": "Add", "operations": operations })).await.unwrap_err();
        assert_eq!(failure.status, Some(403));
        assert_eq!(steps(&io).iter().filter(|(_, step, _)| step == "batch").count(), 4);
    }
}

#[tokio::test]
async fn a_completion_whose_answer_is_lost_is_not_repeated_in_vain() {
    let app = app();
    // It is done, and a second one finds no parts any more: the Hub says that it has the file.
    let complete = json!({ "path": "/lfs/*", "method": "POST", "status": 500, "after": true, "count": 1 });
    fault(&app, complete);
    let mut io = writer(&app, &COMMIT);
    upload(&mut io, "w.bin", &content(PART + 1)).await;
    let sent: Vec<Value> = steps(&io).into_iter().map(|(_, step, status)| json!([step, status])).collect();
    assert_eq!(
        json!(sent),
        json!([["batch", 200], ["1", 200], ["2", 200], ["complete", 500], ["complete", 400], ["batch", 200]])
    );
}
