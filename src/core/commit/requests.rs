//! The requests of one commit: they share the repository and the revision.

use super::lines::{NdjsonBody, quote};
use crate::core::args::{Arg, Args};
use crate::core::body::LfsAction;
use crate::core::failure::{ErrorKind, Failure, Missing};
use crate::core::hash;
use crate::core::headers;
use crate::core::io::Urls;
use crate::core::origin::{origin, reachable};
use crate::core::request::{self, Request};
use crate::core::request_body::Body;
use crate::endpoints::files::{FILE_HEADERS, LFS_BATCH, PATHS_INFO, RESOLVE};
use crate::endpoints::repos::{COMMIT, LIST_COMMITS, LIST_FILES, PREUPLOAD};
use crate::endpoints::{Access, Endpoint, Method, Repeat};

use super::field;

const LFS: &str = "application/vnd.git-lfs+json";
const JSON: &str = "application/json";

/// The upload of a large file's bytes to where the LFS batch says.
pub const UPLOAD: Endpoint = Endpoint { name: "commit", method: Method::Put, repeat: Repeat::Idempotent, ..PREUPLOAD };
/// The end of an upload in parts, and of any upload.
pub const COMPLETE: Endpoint = Endpoint { method: Method::Post, ..UPLOAD };
pub const VERIFY: Endpoint = COMPLETE;
/// The Hub's judgement of a README.md.
pub const VALIDATE_CARD: Endpoint =
    Endpoint { path: "/api/validate-yaml", params: &[], access: Access::Open, permission: None, ..VERIFY };

/// Headers of the connection and of the body's length, which are the runtime's to send.
const RUNTIME: [&str; 5] = ["connection", "content-length", "host", "keep-alive", "transfer-encoding"];

pub struct Requests<'a> {
    args: &'a Args,
    base_url: &'a str,
    origin: &'a str,
    commit: Request,
}

impl<'a> Requests<'a> {
    pub fn new(args: &'a Args, base_url: &'a str, origin: &'a str) -> Result<Requests<'a>, Box<Failure>> {
        let mut commit = request::build(&COMMIT, args, base_url)?;
        // A second execution meets a branch that has moved on. A second pull request would meet nothing.
        if args.string("parentCommit").is_some() && !args.flag("create_pr") {
            commit.repeat = Repeat::Idempotent;
        }
        Ok(Requests { args, base_url, origin, commit })
    }

    /// Asks how each file is to be sent.
    pub fn preupload(
        &self,
        samples: &[String],
        attributes: Option<&str>,
        ignore: Option<&str>,
    ) -> Result<Request, Box<Failure>> {
        let mut text = format!("{{\"files\":[{}]", samples.join(","));
        for (name, content) in [("gitAttributes", attributes), ("gitIgnore", ignore)] {
            if let Some(content) = content {
                text.push_str(&format!(",\"{name}\":{}", quote(content)));
            }
        }
        let args = self.args.only(&["repo", "revision", "create_pr"]);
        self.post(&PREUPLOAD, &args, JSON, text + "}")
    }

    /// Asks where large files go.
    pub fn lfs_batch(&self, objects: &[String]) -> Result<Request, Box<Failure>> {
        let head =
            "{\"operation\":\"upload\",\"transfers\":[\"basic\",\"multipart\"],\"hash_algo\":\"sha256\",\"objects\":[";
        self.post(&LFS_BATCH, self.args, LFS, format!("{head}{}]}}", objects.join(",")))
    }

    /// Asks whether files are there, and large.
    pub fn paths_info(&self, paths: &[String], revision: Option<&str>) -> Result<Request, Box<Failure>> {
        let paths: Vec<_> = paths.iter().map(|path| quote(path)).collect();
        self.post(&PATHS_INFO, &self.at(revision), JSON, format!("{{\"paths\":[{}]}}", paths.join(",")))
    }

    /// Lists the files of a folder, and of those below it.
    pub fn list(&self, folder: &str) -> Result<Request, Box<Failure>> {
        let mut args = self.at(None);
        args.0.push(("path".into(), Arg::String(folder.to_owned())));
        args.0.push(("recursive".into(), Arg::Flag(true)));
        request::build_unchecked(&LIST_FILES, &args, self.base_url)
    }

    /// Reads a regular file of the repository.
    pub fn download(&self, path: &str, revision: Option<&str>) -> Result<Request, Box<Failure>> {
        self.resolve(&RESOLVE, path, revision)
    }

    /// Asks for the headers of a file of the repository.
    pub fn head(&self, path: &str, revision: Option<&str>) -> Result<Request, Box<Failure>> {
        self.resolve(&FILE_HEADERS, path, revision)
    }

    /// Asks what the Hub thinks of a README.md.
    pub fn validate_card(&self, content: &str) -> Result<Request, Box<Failure>> {
        let kind = self.args.repo("repo")?.kind;
        let text = format!("{{\"content\":{},\"repoType\":{}}}", quote(content), quote(kind));
        self.post(&VALIDATE_CARD, &Args::default(), JSON, text)
    }

    /// The upload of a large file, or of a part. Its address carries its own right: it never gets the token, wherever it
    /// is.
    pub fn upload<I: Urls>(
        &self,
        action: &LfsAction,
        index: usize,
        start: u64,
        end: u64,
    ) -> Result<Request, Box<Failure>> {
        self.action::<I>(&UPLOAD, action, Body::File { index, start, end }, false)
    }

    /// Makes a large file of its parts, by an address that carries its own right, too.
    pub fn complete<I: Urls>(&self, action: &LfsAction, oid: &str, etags: &[String]) -> Result<Request, Box<Failure>> {
        let part = |(number, etag): (usize, &String)| format!("{{\"partNumber\":{number},\"etag\":{}}}", quote(etag));
        let parts: Vec<_> = (1..).zip(etags).map(part).collect();
        let text = format!("{{\"oid\":\"{oid}\",\"parts\":[{}]}}", parts.join(","));
        self.action::<I>(&COMPLETE, action, Body::Text { media_type: LFS, text }, false)
    }

    /// Asks whether a large file has arrived. Only the endpoint's own origin gets the token.
    pub fn verify<I: Urls>(&self, action: &LfsAction, object: String) -> Result<Request, Box<Failure>> {
        self.action::<I>(&VERIFY, action, Body::Text { media_type: LFS, text: object }, true)
    }

    /// The body of the commit, begun.
    pub fn lines(&self) -> NdjsonBody {
        let text = |name| self.args.string(name);
        NdjsonBody::new(
            text("title").unwrap_or_default(),
            text("description").unwrap_or_default(),
            text("parentCommit"),
        )
    }

    pub fn commit(&self, lines: NdjsonBody) -> Result<Request, Box<Failure>> {
        let body = Body::Text { media_type: "application/x-ndjson", text: lines.finish() };
        Ok(Request { body, ..self.commit.clone() })
    }

    fn post(
        &self,
        endpoint: &'static Endpoint,
        args: &Args,
        media_type: &'static str,
        text: String,
    ) -> Result<Request, Box<Failure>> {
        let request = request::build_unchecked(endpoint, args, self.base_url)?;
        Ok(Request { body: Body::Text { media_type, text }, ..request })
    }

    /// The commit that this one is to follow.
    pub fn parent(&self) -> Option<&str> {
        self.args.string("parentCommit")
    }

    /// The address of a commit's page.
    pub fn page(&self, commit: &str) -> String {
        let repo = self.args.repo("repo").map(|repo| repo.page_path()).unwrap_or_default();
        [self.base_url, "/", &repo, "/commit/", commit].concat()
    }

    /// Asks for the newest commits of the revision.
    pub fn last_commits(&self, count: u8) -> Result<Request, Box<Failure>> {
        let mut args = self.at(None);
        args.0.push(("pageSize".into(), Arg::Number(count.into())));
        request::build_unchecked(&LIST_COMMITS, &args, self.base_url)
    }

    fn resolve(
        &self,
        endpoint: &'static Endpoint,
        path: &str,
        revision: Option<&str>,
    ) -> Result<Request, Box<Failure>> {
        let mut args = self.at(revision);
        args.0.push(("path".into(), Arg::String(path.to_owned())));
        request::build_unchecked(endpoint, &args, self.base_url)
    }

    /// A request that the LFS batch names: to an absolute http(s) URL, and never from https down to http.
    fn action<I: Urls>(
        &self,
        endpoint: &'static Endpoint,
        action: &LfsAction,
        body: Body,
        authorized: bool,
    ) -> Result<Request, Box<Failure>> {
        let refuse = |problem: &str| Failure::protocol(&format!("the LFS batch response {problem}")).of(&LFS_BATCH);
        let url = reachable::<I>(self.base_url, &action.href);
        let target = origin::<I>(&url).ok_or_else(|| refuse("contains no absolute http(s) URL"))?;
        if self.origin.starts_with("https:") && !target.starts_with("https:") {
            return Err(refuse("redirects from https to http"));
        }
        let mut headers = Vec::new();
        for (name, value) in &action.headers {
            if !headers::is_name(name) || !headers::is_value(value) {
                return Err(refuse("contains a header that cannot be sent"));
            }
            let name = name.to_ascii_lowercase();
            if !RUNTIME.contains(&name.as_str()) {
                headers.push((name.into(), value.clone()));
            }
        }
        let method = endpoint.method.as_str();
        Ok(Request {
            method,
            url,
            headers,
            body,
            authorized,
            repeat: endpoint.repeat,
            subject: String::new(),
            ..self.commit.clone()
        })
    }

    /// Repository and revision that an operation reads from.
    fn at(&self, revision: Option<&str>) -> Args {
        let Some(revision) = revision else { return self.args.only(&["repo", "revision"]) };
        let mut args = self.args.only(&["repo"]);
        args.0.push(("revision".into(), Arg::String(revision.to_owned())));
        args
    }
}

/// A file as preupload wants it.
pub fn sample(path: &str, size: u64, sample: &[u8]) -> String {
    format!("{{\"path\":{},\"size\":{size},\"sample\":\"{}\"}}", quote(path), hash::base64(sample))
}

/// A large file as LFS names it.
pub fn object(oid: &str, size: u64) -> String {
    format!("{{\"oid\":\"{oid}\",\"size\":{size}}}")
}

pub fn malformed(endpoint: &Endpoint) -> Box<Failure> {
    Failure::protocol(&format!("the response of {} is malformed", endpoint.name)).of(endpoint)
}

/// The server wants large files in a way that was not offered to it.
pub fn not_offered(transfer: &str) -> Box<Failure> {
    let problem = format!("the LFS batch response asks for the transfer {}, which was not offered", quote(transfer));
    Failure::protocol(&problem).of(&LFS_BATCH)
}

/// A part has arrived, but what names it cannot be read.
pub fn untagged() -> Box<Failure> {
    Failure::protocol("the response to the upload of a part has no readable ETag (is it exposed by CORS?)")
        .of(&LFS_BATCH)
}

/// The Hub does not take a large file.
pub fn refused(path: &str, why: &str) -> Box<Failure> {
    Failure::protocol(&format!("the Hub refuses {}: {why}", quote(path))).of(&LFS_BATCH)
}

/// A file to rename or copy is not there.
pub fn missing(at: usize, path: &str) -> Box<Failure> {
    let mut failure = Failure::new(ErrorKind::NotFound, &format!("{} is not a file of this revision", quote(path)));
    failure.missing = Some(Missing::Entry);
    failure.field = Some(field(at, "from"));
    failure.of(&PATHS_INFO)
}
