//! The requests of one commit: they share the repository and the revision.

use super::lines::{Lines, quote};
use super::steps::Ask;
use crate::core::args::{Arg, Args};
use crate::core::failure::{Failure, Kind, Missing};
use crate::core::hash;
use crate::core::io::Read;
use crate::core::request::{self, Body, Request};
use crate::core::text::{digits, join};
use crate::endpoints::files::{LFS_BATCH, PATHS_INFO, RESOLVE};
use crate::endpoints::repos::{COMMIT, PREUPLOAD};
use crate::endpoints::{Endpoint, Method, Repeat};

const LFS: &str = "application/vnd.git-lfs+json";

/// The upload of a large file's bytes to where the batch answer says.
const UPLOAD: Endpoint = Endpoint { name: "commit", method: Method::Put, repeat: Repeat::Always, ..PREUPLOAD };
const VERIFY: Endpoint = Endpoint { method: Method::Post, ..UPLOAD };

pub struct Requests<'a> {
    args: &'a Args,
    endpoint: &'a str,
    /// Until it is asked for.
    commit: Option<Request>,
}

impl<'a> Requests<'a> {
    pub fn new(args: &'a Args, endpoint: &'a str) -> Result<Requests<'a>, Box<Failure>> {
        let mut commit = request::build(&COMMIT, args, endpoint)?;
        // A second execution meets a branch that has moved on. A second pull request would meet nothing.
        if args.text("parentCommit").is_some() && !args.flag("create_pr") {
            commit.repeat = Repeat::Always;
        }
        Ok(Requests { args, endpoint, commit: Some(commit) })
    }

    /// Asks how each file is to be sent.
    pub fn preupload(&self, samples: &[String], attributes: Option<&[u8]>) -> Result<Ask, Box<Failure>> {
        let mut text = ["{\"files\":[", &join(samples, ","), "]"].concat();
        if let Some(attributes) = attributes {
            text = [&text, ",\"gitAttributes\":", &quote(&String::from_utf8_lossy(attributes))].concat();
        }
        let args = self.args.only(&["repo", "revision", "create_pr"]);
        self.post(&PREUPLOAD, &args, "application/json", text + "}")
    }

    /// Asks where large files go.
    pub fn lfs_batch(&self, objects: &[String]) -> Result<Ask, Box<Failure>> {
        let head = "{\"operation\":\"upload\",\"transfers\":[\"basic\"],\"hash_algo\":\"sha256\",\"objects\":[";
        self.post(&LFS_BATCH, self.args, LFS, [head, &join(objects, ","), "]}"].concat())
    }

    /// Asks whether files are there, and large.
    pub fn paths_info(&self, paths: &[String], revision: Option<&str>) -> Result<Ask, Box<Failure>> {
        let mut quoted = Vec::new();
        for path in paths {
            quoted.push(quote(path));
        }
        let text = ["{\"paths\":[", &join(&quoted, ","), "]}"].concat();
        self.post(&PATHS_INFO, &self.at(revision), "application/json", text)
    }

    /// Reads a regular file of the repository.
    pub fn download(&self, path: &str, revision: Option<&str>) -> Result<Ask, Box<Failure>> {
        let mut args = self.at(revision);
        args.0.push(("path".into(), Arg::Text(path.to_owned())));
        let request = request::build_unchecked(&RESOLVE, &args, self.endpoint)?;
        Ok(Ask::Send { row: &RESOLVE, request, how: Read::Bytes })
    }

    /// The body of the commit, begun.
    pub fn lines(&self) -> Lines {
        let text = |name| self.args.text(name);
        Lines::new(text("title").unwrap_or_default(), text("description").unwrap_or_default(), text("parentCommit"))
    }

    pub fn commit(&mut self, lines: Lines) -> Option<Request> {
        let body = Body::Text { media_type: "application/x-ndjson", text: lines.finish() };
        Some(Request { body, ..self.commit.take()? })
    }

    fn post(
        &self,
        row: &'static Endpoint,
        args: &Args,
        media_type: &'static str,
        text: String,
    ) -> Result<Ask, Box<Failure>> {
        let mut request = request::build_unchecked(row, args, self.endpoint)?;
        request.body = Body::Text { media_type, text };
        Ok(Ask::Send { row, request, how: Read::Json })
    }

    /// Repository and revision that an operation reads from.
    fn at(&self, revision: Option<&str>) -> Args {
        let Some(revision) = revision else { return self.args.only(&["repo", "revision"]) };
        let mut args = self.args.only(&["repo"]);
        args.0.push(("revision".into(), Arg::Text(revision.to_owned())));
        args
    }
}

/// A file as preupload wants it.
pub fn sample(path: &str, size: u64, sample: &[u8]) -> String {
    let (size, sample) = (digits(size), hash::base64(sample));
    ["{\"path\":", &quote(path), ",\"size\":", &size, ",\"sample\":\"", &sample, "\"}"].concat()
}

/// A large file as LFS names it.
pub fn object(oid: &str, size: u64) -> String {
    ["{\"oid\":\"", oid, "\",\"size\":", &digits(size), "}"].concat()
}

/// The address of an upload carries its own right: it never gets the token, wherever it is.
pub fn upload(href: &str, index: usize, size: u64) -> Ask {
    put(&UPLOAD, href, Body::File { index, start: 0, end: size }, false)
}

pub fn verify(href: &str, object: String) -> Ask {
    put(&VERIFY, href, Body::Text { media_type: LFS, text: object }, true)
}

fn put(row: &'static Endpoint, href: &str, body: Body, authorized: bool) -> Ask {
    let (method, url) = (row.method.as_str(), href.to_owned());
    let request =
        Request { method, url, headers: Vec::new(), body, authorized, repeat: row.repeat, subject: String::new() };
    Ask::Send { row, request, how: Read::Text }
}

pub fn malformed(row: &Endpoint) -> Box<Failure> {
    Failure::protocol(&["the answer of ", row.name, " is not of its form"].concat()).of(row)
}

/// The Hub does not take a large file.
pub fn refused(path: &str, why: &str) -> Box<Failure> {
    Failure::protocol(&["the Hub refuses ", &quote(path), ": ", why].concat()).of(&LFS_BATCH)
}

/// A file to rename or copy is not there.
pub fn missing(path: &str) -> Box<Failure> {
    let mut failure = Failure::new(Kind::NotFound, &["\"", path, "\" is not a file of this revision"].concat());
    failure.missing = Some(Missing::Entry);
    failure.field = Some("from".into());
    failure.of(&PATHS_INFO)
}
