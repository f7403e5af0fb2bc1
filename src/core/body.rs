//! The few replies that the core reads to decide something: a preupload, an LFS batch, path entries, an image.
//! All other replies are passed through as JavaScript parsed them; [`super::error_body`] reads errors.

use super::error_body::ErrorBody;
use super::headers::Headers;
use super::json::Json;

/// How preupload wants a file to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct PreuploadFile {
    pub path: String,
    pub large: bool,
    pub ignored: bool,
    /// Id of what stands at the path: a git blob id, or the sha256 of a large file.
    pub oid: Option<String>,
}

/// The files of a preupload response, and the head commit of the branch.
pub fn preupload<J: Json>(body: &J) -> Option<(Vec<PreuploadFile>, Option<String>)> {
    let mut files = Vec::new();
    for file in body.get("files")?.items()? {
        files.push(PreuploadFile {
            path: file.string_of("path")?,
            large: file.string_of("uploadMode")? == "lfs",
            ignored: file.get("shouldIgnore").and_then(|flag| flag.flag()).unwrap_or(false),
            oid: file.string_of("oid"),
        });
    }
    Some((files, body.string_of("commitOid")))
}

/// Where a large file goes. Neither action: the Hub has it already.
#[derive(Debug, Clone, PartialEq)]
pub struct LfsObject {
    pub oid: String,
    pub upload: Option<LfsAction>,
    pub verify: Option<LfsAction>,
    /// Why the Hub refuses the file.
    pub error: Option<String>,
}

/// A request to make for a large file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LfsAction {
    pub href: String,
    /// Headers that the request must carry.
    pub headers: Vec<(String, String)>,
    /// Where the parts go before, of an upload in parts.
    pub parts: Option<LfsParts>,
}

/// The parts of a large file.
#[derive(Debug, Clone, PartialEq)]
pub struct LfsParts {
    /// Bytes of each but the last; None where this is no number.
    pub size: Option<u64>,
    /// By the number of the part, from 1.
    pub urls: Vec<(u64, String)>,
}

pub fn lfs_batch<J: Json>(body: &J) -> Option<Vec<LfsObject>> {
    let mut objects = Vec::new();
    for object in body.get("objects")?.items()? {
        let action = |name| object.get("actions")?.get(name).map(|action| lfs_action(&action));
        objects.push(LfsObject {
            oid: object.string_of("oid")?,
            upload: action("upload"),
            verify: action("verify"),
            error: object
                .get("error")
                .map(|error| ErrorBody::read(&error).message.unwrap_or_else(|| "it gives no reason".into())),
        });
    }
    Some(objects)
}

/// An action without an address has an empty one, which is refused where it is used.
fn lfs_action(action: &impl Json) -> LfsAction {
    let href = action.string_of("href").unwrap_or_default();
    let header = action.get("header");
    let properties = header.as_ref().map(|header| header.properties()).unwrap_or_default();
    let texts = properties.into_iter().filter_map(|(name, value)| Some((name, value.string()?)));
    let Some(size) = header.as_ref().and_then(|header| header.get("chunk_size")) else {
        return LfsAction { href, headers: texts.collect(), parts: None };
    };
    let size = size.number().map(|size| size as u64).or_else(|| size.string()?.parse().ok());
    let urls = texts.filter_map(|(name, url)| Some((name.parse().ok()?, url))).collect();
    LfsAction { href, headers: Vec::new(), parts: Some(LfsParts { size, urls }) }
}

/// A file, as paths-info or the headers of its download describe it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub path: String,
    /// Git's blob id; of a large file that of its pointer.
    pub oid: Option<String>,
    /// Of a large file: its SHA-256 and size.
    pub lfs: Option<(String, u64)>,
}

impl Entry {
    /// What the Hub says in the headers of a download.
    pub fn of_headers(path: &str, headers: &(impl Headers + ?Sized)) -> Entry {
        let etag =
            |name: &str| headers.header(name).map(|etag| etag.trim_start_matches("W/").trim_matches('"').to_owned());
        let size = headers.header("x-linked-size").and_then(|size| size.parse().ok());
        let linked = etag("x-linked-etag").filter(|etag| etag.len() == SHA256_DIGITS);
        Entry { path: path.to_owned(), oid: etag("etag"), lfs: linked.zip(size) }
    }

    pub fn same_content(&self, other: &Entry) -> bool {
        match (&self.lfs, &other.lfs) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.oid.is_some() && self.oid == other.oid,
            _ => false,
        }
    }
}

/// Hexadecimal digits of a SHA-256.
const SHA256_DIGITS: usize = 64;

/// The files among path entries.
pub fn entries<J: Json>(body: &J) -> Option<Vec<Entry>> {
    let files = body.items()?.into_iter().filter(|entry| entry.string_of("type").as_deref() == Some("file"));
    files
        .map(|entry| {
            let lfs = entry.get("lfs").and_then(|lfs| Some((lfs.string_of("oid")?, lfs.get("size")?.number()? as u64)));
            Some(Entry { path: entry.string_of("path")?, oid: entry.string_of("oid"), lfs })
        })
        .collect()
}

/// The paths of the folders among path entries.
pub fn folders<J: Json>(body: &J) -> Vec<String> {
    let folders = body.items().unwrap_or_default().into_iter();
    folders
        .filter(|entry| entry.string_of("type").as_deref() == Some("directory"))
        .filter_map(|entry| entry.string_of("path"))
        .collect()
}

/// An image in a JSON body.
#[derive(Debug, Clone, PartialEq)]
pub enum Image {
    Base64 { media_type: Option<String>, text: String },
    Url(String),
}

/// The first image of a JSON body, in the forms that providers use.
pub fn image<J: Json>(body: &J) -> Option<Image> {
    if let Some(text) = body.string() {
        return image_of(&text);
    }
    if let Some(items) = body.items() {
        return items.iter().find_map(image);
    }
    let names = ["images", "data", "output", "image", "artifacts", "result", "b64_json", "base64", "url", "image_url"];
    names.iter().find_map(|name| image(&body.get(name)?))
}

fn image_of(text: &str) -> Option<Image> {
    if let Some(data) = text.strip_prefix("data:") {
        let (head, text) = data.split_once(',')?;
        let media_type = head.strip_suffix(";base64")?.split(';').next().filter(|kind| kind.starts_with("image/"))?;
        return Some(Image::Base64 { media_type: Some(media_type.to_owned()), text: text.to_owned() });
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Some(Image::Url(text.to_owned()));
    }
    (!text.is_empty()).then(|| Image::Base64 { media_type: None, text: text.to_owned() })
}

/// The media type of an image by what it begins with.
pub fn image_type(bytes: &[u8]) -> Option<&'static str> {
    let is = |at: usize, mark: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark));
    Some(match bytes {
        _ if is(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if is(0, b"\xff\xd8\xff") => "image/jpeg",
        _ if is(0, b"GIF8") => "image/gif",
        _ if is(0, b"RIFF") && is(8, b"WEBP") => "image/webp",
        _ if is(4, b"ftypavif") => "image/avif",
        _ => return None,
    })
}

/// The warnings of `validate-yaml`.
pub fn warnings<J: Json>(body: &J) -> Vec<String> {
    let warnings = body.get("warnings").and_then(|list| list.items()).unwrap_or_default();
    warnings.iter().filter_map(|warning| warning.string().or_else(|| warning.string_of("message"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn preupload_needs_path_and_mode() {
        let (files, head) =
            preupload(&json!({"files": [{"path": "a", "uploadMode": "lfs", "shouldIgnore": true}], "commitOid": "4f"}))
                .unwrap();
        assert_eq!(files, [PreuploadFile { path: "a".into(), large: true, ignored: true, oid: None }]);
        assert_eq!(head.as_deref(), Some("4f"));
        for bad in [json!({}), json!({"files": [{"path": "a"}]}), json!([]), Value::Null] {
            assert_eq!(preupload(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_batch_response_may_have_no_actions() {
        let body = json!({"objects": [
            {"oid": "a"},
            {"oid": "b", "actions": {"upload": {"href": "u", "header": {"x-a": "1", "n": 2}}, "verify": {}}},
            {"oid": "c", "error": {"code": 422, "message": "no"}},
        ]});
        let action = |href: &str, headers: &[(&str, &str)]| LfsAction {
            href: href.into(),
            headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            parts: None,
        };
        let object = |oid: &str| LfsObject { oid: oid.into(), upload: None, verify: None, error: None };
        let upload =
            LfsObject { upload: Some(action("u", &[("x-a", "1")])), verify: Some(action("", &[])), ..object("b") };
        assert_eq!(
            lfs_batch(&body).unwrap(),
            [object("a"), upload, LfsObject { error: Some("no".into()), ..object("c") }]
        );
    }

    #[test]
    fn a_batch_response_may_want_parts() {
        for size in [json!("16777216"), json!(16_777_216)] {
            let header = json!({"chunk_size": size, "00001": "one", "2": "two", "x-a": "b"});
            let body = json!({"objects": [{"oid": "a", "actions": {"upload": {"href": "u", "header": header}}}]});
            let objects = lfs_batch(&body).unwrap();
            let upload = objects[0].upload.as_ref().unwrap();
            let parts = LfsParts { size: Some(16 << 20), urls: vec![(1, "one".into()), (2, "two".into())] };
            let found = upload.parts.clone().map(|mut parts| {
                parts.urls.sort();
                parts
            });
            assert_eq!((&*upload.href, found), ("u", Some(parts)));
            assert!(upload.headers.is_empty(), "those are no headers");
        }
    }

    #[test]
    fn a_folder_is_no_file() {
        let body = json!([
            {"path": "d", "type": "directory", "oid": "1"},
            {"path": "f", "type": "file", "oid": "2"},
            {"path": "l", "type": "file", "oid": "3", "lfs": {"oid": "o", "size": 5_000_000_000u64}},
        ]);
        let entry = |path: &str, oid: &str, lfs: Option<u64>| Entry {
            path: path.into(),
            oid: Some(oid.into()),
            lfs: lfs.map(|size| ("o".into(), size)),
        };
        let files = entries(&body).unwrap();
        assert_eq!(files, [entry("f", "2", None), entry("l", "3", Some(5_000_000_000))]);
        assert!(files[0].same_content(&entry("g", "2", None)) && !files[0].same_content(&files[1]));
        assert_eq!(entries(&json!({})), None);
        assert_eq!(folders(&body), ["d"]);
    }

    #[test]
    fn headers_describe_a_file_too() {
        let large = [("etag", "\"x\""), ("x-linked-etag", &*format!("\"{}\"", "a".repeat(64))), ("x-linked-size", "7")];
        assert_eq!(Entry::of_headers("w", &large).lfs, Some(("a".repeat(64), 7)));
        let small = Entry::of_headers("a", &[("etag", "W/\"4f1c\"")]);
        assert_eq!((small.oid.as_deref(), small.lfs), (Some("4f1c"), None));
    }

    #[test]
    fn providers_give_images_in_many_forms() {
        let base64 =
            |media_type: Option<&str>| Image::Base64 { media_type: media_type.map(Into::into), text: "AA==".into() };
        let url = || Image::Url("https://cdn.example/a.png".into());
        let cases = [
            (json!({"images": [{"url": "data:image/png;base64,AA=="}]}), Some(base64(Some("image/png")))),
            (json!({"images": ["data:image/webp;charset=x;base64,AA=="]}), Some(base64(Some("image/webp")))),
            (json!({"data": [{"b64_json": "AA==", "url": null}]}), Some(base64(None))),
            (json!({"data": [{"url": "https://cdn.example/a.png"}]}), Some(url())),
            (json!({"output": ["https://cdn.example/a.png"]}), Some(url())),
            (json!({"output": "https://cdn.example/a.png"}), Some(url())),
            (json!({"artifacts": [{"base64": "AA=="}]}), Some(base64(None))),
            (json!([{"image": "AA=="}]), Some(base64(None))),
            (json!({"images": [{"url": "data:text/html;base64,AA=="}]}), None),
            (json!({"images": []}), None),
            (json!({"status": "queued"}), None),
        ];
        for (body, expected) in cases {
            assert_eq!(image(&body), expected, "{body}");
        }
        assert_eq!(image_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!((image_type(b"<html>"), image_type(b"")), (None, None));
    }

    #[test]
    fn warnings_are_told() {
        let body = json!({"errors": [], "warnings": [{"message": "empty or missing yaml metadata", "line": 1}, "b"]});
        assert_eq!(warnings(&body), ["empty or missing yaml metadata", "b"]);
    }
}
