use serde_json::{Value, json};

use crate::BOB;
use crate::support::{READ, WRITE, app, get, send};

const AT: &str = "/api/collections";

#[tokio::test]
async fn a_list_shows_four_items_and_no_position() {
    let app = app();
    let list = get(&app, &format!("{AT}?owner=alice"), &[]).await.json();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 3);
    for collection in list {
        assert!(collection.get("position").is_none());
        assert!(collection["items"].as_array().unwrap().len() <= 4);
    }
    let encoders = list.iter().find(|one| one["title"] == "Small encoders").unwrap();
    assert_eq!(encoders["items"][0]["id"], "acme/tiny-bert");
    assert_eq!(encoders["items"][0]["position"], 0);
    let note = json!({ "html": "Smallest of all", "text": "Smallest of all" });
    assert_eq!(encoders["items"][0]["note"], note);
    let slug = encoders["slug"].as_str().unwrap();
    let alone = get(&app, &format!("{AT}/{slug}"), &[]).await.json();
    assert_eq!(alone["items"].as_array().unwrap().len(), 6);
    assert!(alone["position"].is_u64() && alone["shareUrl"].is_string());
    let id = slug.rsplit('-').next().unwrap();
    assert_eq!(get(&app, &format!("{AT}/alice/{id}"), &[]).await.json()["slug"], slug);
}

#[tokio::test]
async fn a_list_is_filtered_sorted_and_paged() {
    let app = app();
    let count = |reply: Value| reply.as_array().unwrap().len();
    assert_eq!(count(get(&app, AT, &[READ]).await.json()), 7);
    assert_eq!(count(get(&app, &format!("{AT}?owner=alice&owner=bob"), &[]).await.json()), 4);
    assert_eq!(count(get(&app, &format!("{AT}?item=models/acme/tiny-bert"), &[]).await.json()), 2);
    assert_eq!(count(get(&app, &format!("{AT}?q=speech"), &[]).await.json()), 1);
    let sorted = get(&app, &format!("{AT}?sort=upvotes"), &[]).await.json();
    assert!(sorted.as_array().unwrap().is_sorted_by(|one, other| one["upvotes"].as_i64() >= other["upvotes"].as_i64()));
    let page = get(&app, &format!("{AT}?sort=upvotes&limit=4"), &[]).await;
    let link = page.header("link").split(['<', '>']).nth(1).unwrap().strip_prefix(&app.hub.origin).unwrap().to_owned();
    let rest = get(&app, &link, &[]).await;
    assert_eq!(rest.header("link"), "");
    let both = [page.json().as_array().unwrap().clone(), rest.json().as_array().unwrap().clone()].concat();
    assert_eq!(Value::Array(both), sorted);
    assert_eq!(get(&app, &format!("{AT}?sort=size"), &[]).await.status, 400);
}

#[tokio::test]
async fn a_collection_is_made_filled_ordered_and_deleted() {
    let app = app();
    let body = json!({ "title": "Fine things", "namespace": "alice", "private": true, "item": { "type": "model", "id": "acme/tiny-bert" } });
    assert_eq!(send(&app, "POST", AT, &[BOB], body.clone()).await.status, 403);
    assert_eq!(send(&app, "POST", AT, &[READ], body.clone()).await.status, 403);
    let made = send(&app, "POST", AT, &[WRITE], body.clone()).await.json();
    let again = send(&app, "POST", AT, &[WRITE], body).await;
    assert_eq!((again.status.as_u16(), &again.json()["slug"]), (409, &made["slug"]));
    let path = format!("{AT}/{}", made["slug"].as_str().unwrap());
    assert_eq!(get(&app, &path, &[BOB]).await.status, 404);
    let add = |kind: &str, id: &str| json!({ "item": { "type": kind, "id": id }, "note": "look" });
    let items = format!("{path}/items");
    assert_eq!(send(&app, "POST", &items, &[WRITE], add("space", "acme/demo")).await.status, 200);
    assert_eq!(send(&app, "POST", &items, &[WRITE], add("space", "acme/demo")).await.status, 409);
    assert_eq!(send(&app, "POST", &items, &[WRITE], add("space", "acme/missing")).await.status, 404);
    let full = send(&app, "POST", &items, &[WRITE], add("paper", "1706.03762")).await.json();
    let last = full["items"][2]["_id"].as_str().unwrap();
    send(&app, "PATCH", &format!("{items}/{last}"), &[WRITE], json!({ "position": 0, "note": "first" })).await;
    let order = |collection: &Value| -> Vec<String> {
        collection["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let ordered = get(&app, &path, &[READ]).await.json();
    assert_eq!(order(&ordered), ["1706.03762", "acme/tiny-bert", "acme/demo"]);
    let batch = json!([{ "action": "update", "_id": last, "data": { "position": 2 } }]);
    let batched = send(&app, "POST", &format!("{items}/batch"), &[WRITE], batch).await.json();
    assert_eq!(order(&batched), ["acme/tiny-bert", "acme/demo", "1706.03762"]);
    assert_eq!(send(&app, "DELETE", &format!("{items}/{last}"), &[WRITE], Value::Null).await.status, 200);
    let changed = json!({ "title": "Finer things", "private": false, "theme": "pink" });
    let changed = send(&app, "PATCH", &path, &[WRITE], changed).await.json();
    assert_eq!((&changed["data"]["title"], &changed["data"]["theme"]), (&"Finer things".into(), &"pink".into()));
    assert_eq!(order(&get(&app, &path, &[]).await.json()), ["acme/tiny-bert", "acme/demo"]);
    assert_eq!(send(&app, "DELETE", &path, &[BOB], Value::Null).await.status, 403);
    assert_eq!(send(&app, "DELETE", &path, &[WRITE], Value::Null).await.status, 200);
    assert_eq!(get(&app, &path, &[WRITE]).await.status, 404);
}

#[tokio::test]
async fn what_a_reader_may_not_see_is_left_out() {
    let app = app();
    let list = get(&app, &format!("{AT}?owner=alice"), &[READ]).await.json();
    let drafts = list.as_array().unwrap().iter().find(|one| one["title"] == "Drafts").unwrap().clone();
    assert_eq!(drafts["items"].as_array().unwrap().len(), 1);
    let path = format!("{AT}/{}", drafts["slug"].as_str().unwrap());
    assert_eq!(get(&app, &path, &[]).await.status, 404);
    send(&app, "PATCH", &path, &[WRITE], json!({ "private": false })).await;
    assert_eq!(get(&app, &path, &[]).await.json()["items"], json!([]));
}
