use std::sync::Arc;

use emulator::http::app::App;
use serde_json::{Value, json};

use crate::support::{READ, Reply, WRITE, app, get, send, send_text};
use crate::{BOB, FINE};

const AT: &str = "/api/models/acme/tiny-bert/discussions";

async fn post(app: &Arc<App>, path: &str, who: (&str, &str), body: Value) -> Reply {
    send(app, "POST", &format!("{AT}{path}"), &[who], body).await
}

async fn details(app: &Arc<App>, num: &Value) -> Value {
    get(app, &format!("{AT}/{num}?diff=1"), &[]).await.json()
}

async fn commit(app: &Arc<App>, revision: &str, who: (&str, &str), path: &str, content: &str) -> Reply {
    let lines = format!(
        "{}\n{}",
        json!({ "key": "header", "value": { "summary": format!("Write {path}") } }),
        json!({ "key": "file", "value": { "path": path, "content": content } }),
    );
    let headers = [who, ("content-type", "application/x-ndjson")];
    send_text(app, "POST", &format!("/api/models/acme/tiny-bert/commit/{revision}"), &headers, lines).await
}

#[tokio::test]
async fn the_list_has_pages_of_fifty_that_add_up() {
    let app = app();
    let first = get(&app, AT, &[]).await.json();
    let second = get(&app, &format!("{AT}?p=1"), &[]).await.json();
    assert_eq!((first["start"].as_u64(), second["start"].as_u64()), (Some(0), Some(50)));
    let lengths = [&first, &second].map(|page| page["discussions"].as_array().unwrap().len());
    assert_eq!(lengths[0], 50);
    assert_eq!(first["count"], lengths[0] + lengths[1]);
    assert!(first["numClosedDiscussions"].is_u64() && second.get("numClosedDiscussions").is_none());
}

#[tokio::test]
async fn the_list_is_filtered() {
    let app = app();
    let all = |query: &str| {
        let (app, path) = (Arc::clone(&app), format!("{AT}?{query}"));
        async move { get(&app, &path, &[]).await.json()["discussions"].as_array().unwrap().clone() }
    };
    let open = all("type=pull_request&status=open").await;
    assert_eq!(open.iter().map(|one| &one["num"]).collect::<Vec<_>>(), [3]);
    assert!(all("status=closed").await.iter().all(|one| one["status"] == "closed" || one["status"] == "merged"));
    assert!(all("author=bob").await.iter().all(|one| one["author"]["name"] == "bob"));
    assert!(all("search=tokenizer").await.iter().any(|one| one["num"] == 2));
    assert_eq!(get(&app, &format!("{AT}?status=sleeping"), &[]).await.status, 400);
}

#[tokio::test]
async fn a_discussion_lives_and_ends() {
    let app = app();
    let opened = post(&app, "", BOB, json!({ "title": " A question ", "description": "Why?" })).await.json();
    let num = &opened["num"];
    assert_eq!(opened["pullRequest"], false);
    assert_eq!(opened["url"], format!("{}/acme/tiny-bert/discussions/{num}", app.hub.origin));
    let reply = post(&app, &format!("/{num}/comment"), WRITE, json!({ "comment": "Because." })).await;
    assert_eq!(reply.status, 201);
    let comment = reply.json()["newMessage"]["id"].as_str().unwrap().to_owned();
    let edit = format!("/{num}/comment/{comment}/edit");
    assert_eq!(post(&app, &edit, BOB, json!({ "content": "mine" })).await.status, 403);
    let edited = post(&app, &edit, WRITE, json!({ "content": "Just because." })).await.json();
    assert_eq!(edited["updatedComment"]["data"]["latest"]["raw"], "Just because.");
    assert_eq!(edited["updatedComment"]["data"]["history"][0]["raw"], "Because.");
    let hidden = post(&app, &format!("/{num}/comment/{comment}/hide"), WRITE, Value::Null).await.json();
    assert_eq!(hidden["updatedComment"]["data"]["hidden"], true);
    assert!(!hidden.to_string().contains("because"));
    assert_eq!(post(&app, &format!("/{num}/title"), BOB, json!({ "title": "An answer" })).await.status, 200);
    assert_eq!(post(&app, &format!("/{num}/pin"), BOB, json!({ "pinned": true })).await.status, 403);
    assert_eq!(post(&app, &format!("/{num}/pin"), WRITE, json!({ "pinned": true })).await.status, 200);
    let closed = post(&app, &format!("/{num}/status"), BOB, json!({ "status": "closed", "comment": "Bye" })).await;
    assert_eq!(closed.json()["newStatus"]["data"]["status"], "closed");
    let details = details(&app, num).await;
    let kinds: Vec<_> =
        details["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["comment", "comment", "title-change", "pinning-change", "comment", "status-change"]);
    let first = &get(&app, AT, &[]).await.json()["discussions"][0];
    assert_eq!((&first["num"], &first["title"]), (num, &"An answer".into()));
    assert_eq!(send(&app, "DELETE", &format!("{AT}/{num}"), &[BOB], Value::Null).await.status, 403);
    assert_eq!(send(&app, "DELETE", &format!("{AT}/{num}"), &[WRITE], Value::Null).await.status, 200);
    assert_eq!(get(&app, &format!("{AT}/{num}"), &[]).await.status, 404);
}

#[tokio::test]
async fn who_may_not_write_is_told_so() {
    let app = app();
    let body = json!({ "comment": "hello" });
    assert_eq!(send(&app, "POST", &format!("{AT}/1/comment"), &[], body.clone()).await.status, 401);
    assert_eq!(post(&app, "/1/comment", READ, body.clone()).await.status, 403);
    assert_eq!(post(&app, "/1/comment", FINE, body).await.status, 201);
    for body in [json!({ "title": "ab", "description": "" }), json!({ "title": "No description" }), json!({})] {
        assert_eq!(post(&app, "", BOB, body).await.status, 400);
    }
    assert_eq!(post(&app, "/1/comment", BOB, json!({ "comment": "" })).await.status, 400);
    let path = "/api/models/acme/tiny-bert/settings";
    send(&app, "PUT", path, &[WRITE], json!({ "discussionsDisabled": true })).await;
    assert_eq!(post(&app, "", BOB, json!({ "title": "Hello", "description": "" })).await.status, 403);
}

#[tokio::test]
async fn a_draft_is_filled_opened_and_merged() {
    let app = app();
    let draft = json!({ "title": "Add a poem", "description": "Soon.", "pullRequest": true });
    let num = post(&app, "", BOB, draft).await.json()["num"].clone();
    assert_eq!(details(&app, &num).await["status"], "draft");
    let merge = format!("/{num}/merge");
    assert_eq!(post(&app, &merge, WRITE, Value::Null).await.status, 400);
    let revision = format!("refs%2Fpr%2F{num}");
    assert_eq!(commit(&app, "main", BOB, "poem.txt", "Roses are red\n").await.status, 403);
    assert_eq!(commit(&app, "refs%2Fpr%2F3", BOB, "poem.txt", "Roses are red\n").await.status, 403);
    let pushed = commit(&app, &revision, BOB, "poem.txt", "Roses are red\n").await;
    assert_eq!(pushed.status, 200, "{}", pushed.text());
    post(&app, &format!("/{num}/status"), BOB, json!({ "status": "open" })).await;
    assert!(details(&app, &num).await["diff"].as_str().unwrap().contains("+Roses are red"));
    assert_eq!(post(&app, &merge, BOB, Value::Null).await.status, 403);
    assert_eq!(post(&app, &merge, WRITE, json!({ "comment": "Lovely" })).await.status, 200);
    let merged = details(&app, &num).await;
    let model = get(&app, "/api/models/acme/tiny-bert", &[]).await.json();
    assert_eq!((&merged["status"], &merged["changes"]["mergeCommitId"]), (&"merged".into(), &model["sha"]));
    assert!(model["siblings"].as_array().unwrap().iter().any(|file| file["rfilename"] == "poem.txt"));
    let commits = get(&app, "/api/models/acme/tiny-bert/commits/main?limit=1", &[]).await.json();
    assert_eq!(commits[0]["title"], format!("Add a poem (#{num})"));
    assert_eq!(post(&app, &merge, WRITE, Value::Null).await.status, 400);
}

#[tokio::test]
async fn a_conflict_is_shown_and_stops_the_merge() {
    let app = app();
    let proposed = commit(&app, "main?create_pr=1", BOB, "clash.txt", "one\n").await.json();
    let url = proposed["pullRequestUrl"].as_str().unwrap();
    let num: Value = url.rsplit('/').next().unwrap().parse::<u64>().unwrap().into();
    assert_eq!(details(&app, &num).await["filesWithConflicts"], json!([]));
    commit(&app, "main", WRITE, "clash.txt", "two\n").await;
    assert_eq!(details(&app, &num).await["filesWithConflicts"], json!(["clash.txt"]));
    assert_eq!(post(&app, &format!("/{num}/merge"), WRITE, Value::Null).await.status, 409);
    assert_eq!(details(&app, &num).await["status"], "open");
}

#[tokio::test]
async fn a_gone_author_is_left_out() {
    let app = app();
    app.hub.db().execute("delete from accounts where name = 'bob'", []).unwrap();
    let details = details(&app, &1.into()).await;
    assert!(details.get("author").is_none() && details["events"][0].get("author").is_none());
}
