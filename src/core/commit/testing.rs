//! A server in memory that holds one tree: it answers what a commit asks, and applies the lines in their order.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::task::{Context, Poll, Waker};

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::{Direct, Operation, Outcome};
use crate::core::args::Args;
use crate::core::client::Client;
use crate::core::failure::Failure;
use crate::core::hash;
use crate::core::headers::Headers;
use crate::core::io::{CallError, Files, Io, Notice, Outgoing, Read, Reply, Response, Urls};
use crate::core::options::ClientOptions;
use crate::core::request_body::Body;
use crate::core::retry::RetryPolicy;
use crate::core::testing;
use crate::endpoints::Host;

pub type Content = &'static str;
pub type Tree = BTreeMap<String, Content>;

const ORIGIN: &str = "https://hub.example";

pub struct Server {
    files: Vec<Content>,
    parent: Tree,
    now: RefCell<Tree>,
    stored: RefCell<BTreeSet<Content>>,
    client: Client,
    admitted: Cell<bool>,
    time: Cell<f64>,
    /// Method and address of each.
    pub requests: RefCell<Vec<String>>,
}

/// Status, body, and `Link`.
pub struct Answer {
    status: u16,
    bytes: Vec<u8>,
    value: Value,
    link: Option<String>,
}

impl Answer {
    fn new(status: u16, bytes: Vec<u8>, link: Option<String>) -> Answer {
        let value = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status, bytes, value, link }
    }
}

/// Carries out a commit. Nothing here waits.
pub fn run(server: &Server, operations: Vec<Operation>) -> Result<Outcome<Value>, Box<Failure>> {
    let args = Args::from_json(&json!({ "repo": "acme/x", "title": "t", "operations": [] }));
    let direct = Direct { io: server, retry: RetryPolicy::NEVER };
    let running = std::pin::pin!(super::run(&direct, &args, operations));
    match running.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(outcome)) => Ok(outcome),
        Poll::Ready(Err(CallError::Failed(failure))) => Err(failure),
        Poll::Ready(Err(CallError::Aborted)) | Poll::Pending => panic!("nothing stops it"),
    }
}

fn is_large(content: Content) -> bool {
    content.starts_with("large")
}

fn sha256(content: Content) -> String {
    hash::hex(&sha2::Sha256::digest(content))
}

fn id(content: Content) -> String {
    if is_large(content) {
        return sha256(content);
    }
    hash::hex(&Sha1::digest(hash::blob(content.as_bytes())))
}

impl Server {
    pub fn new(tree: Tree, files: Vec<Content>) -> Server {
        let options = ClientOptions { base_url: ORIGIN.into(), origin: ORIGIN.into(), ..ClientOptions::default() };
        let stored = tree.values().copied().filter(|content| is_large(content)).collect();
        Server {
            files,
            parent: tree.clone(),
            now: RefCell::new(tree),
            stored: RefCell::new(stored),
            client: Client::new(Host::Hub, options),
            admitted: Cell::default(),
            time: Cell::default(),
            requests: RefCell::default(),
        }
    }

    pub fn tree(&self) -> Tree {
        self.now.borrow().clone()
    }

    /// By its base64.
    fn contents(&self) -> BTreeMap<String, Content> {
        let contents: BTreeSet<Content> = self.parent.values().chain(&self.files).copied().collect();
        contents.into_iter().map(|content| (hash::base64(content.as_bytes()), content)).collect()
    }

    fn respond(&self, outgoing: Outgoing<'_>) -> Answer {
        let url = outgoing.url;
        let text = match &outgoing.request.body {
            Body::Text { text, .. } => text.as_str(),
            Body::File { index, .. } => {
                self.stored.borrow_mut().insert(self.files[*index]);
                return Answer::new(200, Vec::new(), None);
            }
            _ => "",
        };
        if let Some(path) = url.split("/resolve/main/").nth(1) {
            return Answer::new(200, self.parent[path].into(), None);
        }
        if url.ends_with("/commit/main") {
            return match self.apply(text) {
                Some(()) => Answer::new(200, json!({ "commitOid": "4f" }).to_string().into_bytes(), None),
                None => Answer::new(404, Vec::new(), None),
            };
        }
        if let Some((_, folder)) = url.split_once("/tree/main/") {
            let folder = format!("{}/", folder.split_once('?').map_or(folder, |(folder, _)| folder));
            let start = url.split_once("?start=").map_or(0, |(_, start)| start.parse().unwrap());
            let below: Vec<_> = self.parent.keys().filter(|path| path.starts_with(&folder)).skip(start).collect();
            let files: Vec<_> = below.iter().take(1).map(|path| json!({ "type": "file", "path": path })).collect();
            let here = url.split('?').next().unwrap();
            let next = format!("<{here}?start={}>; rel=\"next\"", start + 1);
            let link = (below.len() > 1).then_some(next);
            return Answer::new(200, json!(files).to_string().into_bytes(), link);
        }
        if url.contains("/commits/main") {
            return Answer::new(200, json!([{ "id": "3e" }]).to_string().into_bytes(), None);
        }
        let asked: Value = serde_json::from_str(text).unwrap();
        let list = |name: &str| asked[name].as_array().unwrap().clone();
        let body = if url.contains("/preupload/") {
            let contents = self.contents();
            let files = list("files").into_iter().map(|file| {
                let (path, sample) = (file["path"].as_str().unwrap(), file["sample"].as_str().unwrap());
                let mode = if is_large(contents[sample]) { "lfs" } else { "regular" };
                json!({ "path": path, "uploadMode": mode, "oid": self.parent.get(path).map(|content| id(content)) })
            });
            json!({ "files": files.collect::<Vec<_>>() })
        } else if url.contains("/paths-info/") {
            let paths = list("paths");
            assert!(paths.len() <= 1000);
            let files = paths.iter().filter_map(|path| {
                let (path, content) = self.parent.get_key_value(path.as_str().unwrap())?;
                let large = is_large(content).then(|| json!({ "oid": id(content), "size": content.len() }));
                Some(json!({ "type": "file", "path": path, "oid": id(content), "lfs": large }))
            });
            files.collect()
        } else {
            let objects = list("objects").into_iter().map(|object| {
                let has = self.stored.borrow().iter().any(|content| sha256(content) == object["oid"]);
                let upload = json!({ "upload": { "href": "https://cdn.example/x" } });
                json!({ "oid": object["oid"], "actions": (!has).then_some(upload) })
            });
            json!({ "objects": objects.collect::<Vec<_>>() })
        };
        Answer::new(200, body.to_string().into_bytes(), None)
    }

    /// None where a line cannot be applied.
    fn apply(&self, text: &str) -> Option<()> {
        let contents = self.contents();
        let mut tree = self.now.borrow().clone();
        for line in text.lines().skip(1) {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| line["value"][name].as_str();
            let path = text("path").unwrap().to_owned();
            match line["key"].as_str().unwrap() {
                // A file or a folder by its name; a folder that was left before counts as well.
                "deletedFile" | "deletedFolder" => {
                    let folder = format!("{}/", path.trim_end_matches('/'));
                    let is_below = |other: &String| *other == path || other.starts_with(&folder);
                    tree.keys().chain(self.parent.keys()).find(|other| is_below(other))?;
                    tree.retain(|other, _| !is_below(other));
                }
                _ => {
                    let moved = match text("oldPath") {
                        Some(from) => Some(tree.remove(from)?),
                        None => None,
                    };
                    let stored = self.stored.borrow();
                    let content = match (text("oid"), text("content")) {
                        (Some(oid), _) => *stored.iter().find(|content| sha256(content) == oid)?,
                        (_, Some(inline)) => *contents.get(inline)?,
                        _ => moved.filter(|moved| !is_large(moved))?,
                    };
                    assert!(moved.is_none_or(|moved| moved == content));
                    let folder = format!("{path}/");
                    let below =
                        tree.range(folder.clone()..).next().is_some_and(|(other, _)| other.starts_with(&folder));
                    if below || path.match_indices('/').any(|(at, _)| tree.contains_key(&path[..at])) {
                        return None;
                    }
                    tree.insert(path, content);
                }
            }
        }
        self.now.replace(tree);
        Some(())
    }
}

impl Headers for Answer {
    fn header(&self, name: &str) -> Option<String> {
        self.link.clone().filter(|_| name == "link")
    }
}

impl Reply for Answer {
    type Value = Value;

    fn value(&self) -> &Value {
        &self.value
    }

    fn into_value(self) -> Value {
        self.value
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}

impl Response for Answer {
    fn status(&self) -> u16 {
        self.status
    }

    fn expect_size(&mut self, _: u64) {}

    async fn read(&mut self, _: Read) -> Result<(), CallError> {
        Ok(())
    }

    fn parse(&self, text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }
}

impl Urls for Server {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        testing::Native::resolve(target, base)
    }
}

impl Files for Server {
    async fn read(&self, index: usize, start: u64, end: u64) -> Result<Vec<u8>, CallError> {
        Ok(self.files[index].as_bytes()[start as usize..end as usize].to_vec())
    }

    async fn sha1(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, CallError> {
        Ok(Some(Sha1::digest(bytes).to_vec()))
    }

    async fn sha256(&self, index: usize, _: &str) -> Result<String, CallError> {
        Ok(sha256(self.files[index]))
    }
}

impl Io for Server {
    type Reply = Answer;

    fn date(text: &str) -> Option<f64> {
        testing::date(text)
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn admitted(&self) -> &Cell<bool> {
        &self.admitted
    }

    async fn token(&self) -> Result<Option<String>, CallError> {
        Ok(None)
    }

    async fn send(&self, outgoing: Outgoing<'_>) -> Result<Answer, CallError> {
        self.requests.borrow_mut().push([outgoing.request.method, " ", outgoing.url].concat());
        Ok(self.respond(outgoing))
    }

    async fn wait(&self, ms: f64) -> Result<(), CallError> {
        self.time.set(self.time.get() + ms);
        Ok(())
    }

    fn now(&self) -> f64 {
        self.time.get()
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn notify(&self, _: Notice<'_>) {}
}
