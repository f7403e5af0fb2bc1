//! What repositories cannot be used without, beside the core endpoints: paths, bytes, large-file upload.

use super::ParamType::*;
use super::*;

/// Paths that one paths-info request may name.
pub const MOST_PATHS: usize = 1000;

pub const PATHS_INFO: Endpoint = Endpoint {
    name: "pathsInfo",
    summary: doc("Describes the given paths; those that do not exist are left out of the response."),
    sentence: doc("Look up|Looked up {paths} in {repo}[ at {revision}]"),
    method: Method::Post,
    path: "/api/{repo}/paths-info/{revision}",
    params: &[
        repo("\"acme/tiny-bert\""),
        revision(),
        body("paths", Strings, "At most 1000 paths a call; more are refused before it is sent.")
            .required(r#"["README.md","config.json"]"#)
            .at_most(MOST_PATHS),
        body("expand", Flag, "Adds `lastCommit` and `securityFileStatus` to each entry."),
    ],
    reply: ResponseType::Json(doc("TreeEntry[]")),
    group: Group::Repos,
    ..Endpoint::READ
};

pub const RESOLVE: Endpoint = Endpoint {
    name: "downloadFile",
    summary: doc(
        "Opens a file, or a range of its bytes: a small one is read at once, a large one when it is asked for.",
    ),
    sentence: doc("Download|Downloaded {path} from {repo}[ at {revision}]"),
    path: "/{repo}/resolve/{revision}/{path}",
    params: &[
        repo("\"acme/tiny-bert\""),
        revision(),
        path("path", String, "File to download.").required("\"README.md\""),
        header("range", Range, "Bytes to read: `start` and `end` (exclusive), counted from 0."),
    ],
    reply: ResponseType::Bytes,
    group: Group::Repos,
    bucket: Bucket::Resolvers,
    ..Endpoint::READ
};

/// The headers of a download, by which a server without [`PATHS_INFO`] says whether a file exists.
pub const FILE_HEADERS: Endpoint = Endpoint {
    name: "fileHeaders",
    summary: doc("Asks for the headers of a download."),
    sentence: doc("Look up|Looked up {path} in {repo}[ at {revision}]"),
    method: Method::Head,
    reply: ResponseType::Empty,
    ..RESOLVE
};

pub const LFS_BATCH: Endpoint = Endpoint {
    name: "lfsBatch",
    summary: doc("Asks where to upload large files."),
    sentence: doc("Ask|Asked where to transfer {objects} of {repo}"),
    method: Method::Post,
    path: "/{repo}.git/info/lfs/objects/batch",
    params: &[
        repo("\"alice/playground\""),
        body("operation", OneOf(&["upload", "download"]), "What to do with the objects.").required("\"upload\""),
        body("transfers", Strings, "Transfer methods that the client knows.").required(r#"["basic"]"#),
        body("objects", object("LfsObject[]"), "`oid` (sha256) and `size` of each file.")
            .required(r#"[{"oid":"0000000000000000000000000000000000000000000000000000000000000000","size":1}]"#),
        body("hash_algo", String, "`sha256`."),
        body("ref", object("{ name: string }"), "Branch that the files are meant for."),
    ],
    reply: ResponseType::Json(doc("LfsBatch")),
    group: Group::Repos,
    repeat: Repeat::Idempotent,
    ..Endpoint::WRITE
};
