//! The shape of a row and of its parameters. Texts are dropped where the target is wasm: see [`doc`].

/// One endpoint of the API.
#[derive(Debug)]
pub struct Endpoint {
    /// Method name on `Hub` or `InferenceRouter`.
    pub name: &'static str,
    pub summary: &'static str,
    pub host: Host,
    pub method: Method,
    /// Template: `{name}` is a path parameter, `[…]` a part that is left out when its parameter is absent.
    pub path: &'static str,
    pub params: &'static [Param],
    pub reply: ResponseType,
    pub group: Group,
    pub access: Access,
    /// Permission that a fine-grained token needs, in the Hub's words.
    pub permission: Option<&'static str>,
    pub bucket: Bucket,
    /// Webhook event that a success sets off.
    pub event: Option<Event>,
    pub repeat: Repeat,
}

impl Endpoint {
    /// What most rows that read share.
    pub const READ: Endpoint = Endpoint {
        name: "",
        summary: "",
        host: Host::Hub,
        method: Method::Get,
        path: "",
        params: &[],
        reply: ResponseType::Json(""),
        group: Group::Models,
        access: Access::Open,
        permission: Some("repo.content.read"),
        bucket: Bucket::Api,
        event: None,
        repeat: Repeat::Idempotent,
    };

    /// What most rows that write share.
    pub const WRITE: Endpoint = Endpoint {
        method: Method::Post,
        access: Access::Write,
        permission: Some("repo.write"),
        repeat: Repeat::NotIdempotent,
        ..Endpoint::READ
    };

    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    Hub,
    Router,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Models,
    Datasets,
    Spaces,
    Repos,
    Discussions,
    Inference,
    Account,
    Webhooks,
}

impl Group {
    pub const ALL: [Group; 8] = [
        Group::Models,
        Group::Datasets,
        Group::Spaces,
        Group::Repos,
        Group::Discussions,
        Group::Inference,
        Group::Account,
        Group::Webhooks,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Group::Models => "Models",
            Group::Datasets => "Datasets",
            Group::Spaces => "Spaces",
            Group::Repos => "Repository management",
            Group::Discussions => "Discussions and pull requests",
            Group::Inference => "Inference",
            Group::Account => "Account and collections",
            Group::Webhooks => "Webhooks",
        }
    }
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A read: anyone for public data; a token that can read for private data.
    Open,
    /// A read that always needs a token.
    Token,
    /// A write: always needs a token with the right to write.
    Write,
}

/// Rate-limit bucket, counted over windows of five minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    Api,
    Resolvers,
    Pages,
    /// The router: its limits are the provider's own.
    Router,
}

impl Bucket {
    /// The word in the `RateLimit` header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Bucket::Api => "api",
            Bucket::Resolvers => "resolvers",
            Bucket::Pages => "pages",
            Bucket::Router => "router",
        }
    }
}

/// Webhook scope and action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub scope: &'static str,
    pub action: &'static str,
}

/// When a failed request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Executing it twice equals executing it once.
    Idempotent,
    /// Only when the response says that it was not executed.
    NotIdempotent,
}

/// What a success answers. The string is the TypeScript type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseType {
    /// One JSON value.
    Json(&'static str),
    /// A JSON array a page; the next page is named by the `Link` header.
    Pages(&'static str),
    /// An object a page, holding its items under the key, with `count` and `start`; the next page is `p` + 1.
    Numbered(&'static str, &'static str),
    /// One JSON value, or server-sent events when `stream` is true.
    Events(&'static str, &'static str),
    /// Bytes with a media type.
    Bytes,
    /// Nothing that a caller needs.
    Empty,
}

/// One parameter of a row.
#[derive(Debug)]
pub struct Param {
    /// Its name in JavaScript, and on the wire unless [`Param::wire`] says otherwise.
    pub name: &'static str,
    pub wire: Option<&'static str>,
    pub place: Place,
    pub kind: ParamType,
    pub required: bool,
    /// May be left out after all, at an endpoint that is not the router's own: it may serve one model only.
    pub dedicated: bool,
    /// The only type of repository that has it.
    pub only: Option<&'static str>,
    /// Names something that does not exist yet.
    pub creates: bool,
    /// Items of a list that the API takes with one request.
    pub most: Option<usize>,
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// JSON text of a value that works against the emulator's seed data; empty for none.
    #[cfg(not(target_arch = "wasm32"))]
    pub example: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Body,
    Header,
    /// Not sent: the package itself heeds it.
    Local,
}

/// The values that a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    Text,
    /// One text or several; a repeated key in a query.
    Texts,
    Flag,
    /// A flag that is sent as `1`, and not at all when false.
    Switch,
    Whole,
    /// How many items a list gives at most, over all its pages.
    Limit,
    /// How many items of a list come with one request.
    PageSize,
    Number,
    /// One of a closed set.
    OneOf(&'static [&'static str]),
    /// One of a set that the API may enlarge; any text is sent.
    Known(&'static [&'static str]),
    /// Some of a set that the API may enlarge; a repeated key in a query.
    SomeOf(&'static [&'static str]),
    /// A repository of any type. In a body it becomes the fields of [`RepoFields`].
    Repo(RepoFields),
    /// The id of a repository whose type the row fixes.
    RepoOf(&'static str),
    /// `{ start, end }` of bytes; sent as a `Range` header.
    Range,
    /// A structured value of this TypeScript type, sent as it is.
    Object(&'static str),
}

/// How a body names a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepoFields {
    /// `name`, `organization` and `type`; in a path `models/acme/x`.
    Split,
    /// The parameter itself as `acme/x`, and `type`.
    Whole,
}

/// Keeps a text out of the wasm, where nobody reads it.
pub(super) const fn doc(text: &'static str) -> &'static str {
    if cfg!(target_arch = "wasm32") { "" } else { text }
}

#[cfg(not(target_arch = "wasm32"))]
const fn param(name: &'static str, place: Place, kind: ParamType, text: &'static str) -> Param {
    Param {
        name,
        wire: None,
        place,
        kind,
        required: false,
        dedicated: false,
        only: None,
        creates: false,
        most: None,
        doc: text,
        example: "",
    }
}

#[cfg(target_arch = "wasm32")]
const fn param(name: &'static str, place: Place, kind: ParamType, _: &'static str) -> Param {
    Param { name, wire: None, place, kind, required: false, dedicated: false, only: None, creates: false, most: None }
}

pub(super) const fn path(name: &'static str, kind: ParamType, text: &'static str) -> Param {
    param(name, Place::Path, kind, text)
}

pub(super) const fn query(name: &'static str, kind: ParamType, text: &'static str) -> Param {
    param(name, Place::Query, kind, text)
}

pub(super) const fn body(name: &'static str, kind: ParamType, text: &'static str) -> Param {
    param(name, Place::Body, kind, text)
}

pub(super) const fn header(name: &'static str, kind: ParamType, text: &'static str) -> Param {
    param(name, Place::Header, kind, text)
}

pub(super) const fn event(scope: &'static str, action: &'static str) -> Event {
    Event { scope: doc(scope), action: doc(action) }
}

/// [`ParamType::Known`]: the wasm sends any text, and needs no list.
pub(super) const fn known(values: &'static [&'static str]) -> ParamType {
    ParamType::Known(if cfg!(target_arch = "wasm32") { &[] } else { values })
}

/// [`ParamType::SomeOf`], likewise.
pub(super) const fn some_of(values: &'static [&'static str]) -> ParamType {
    ParamType::SomeOf(if cfg!(target_arch = "wasm32") { &[] } else { values })
}

/// [`ParamType::Object`], likewise.
pub(super) const fn object(type_name: &'static str) -> ParamType {
    ParamType::Object(doc(type_name))
}

/// How many items a list gives at most.
pub(super) const fn limit() -> Param {
    param("limit", Place::Local, ParamType::Limit, "Items at most, over all pages. Default: all.")
}

/// How many items come with one request.
pub(super) const fn page_size(text: &'static str) -> Param {
    Param { wire: Some("limit"), ..query("pageSize", ParamType::PageSize, text) }
}

/// Where in a list a page begins.
pub(super) const fn cursor() -> Param {
    query("cursor", ParamType::Text, "Opaque position, taken from a page's `Link`.")
}

/// In which order a list is sorted.
pub(super) const fn direction() -> Param {
    query("direction", ParamType::OneOf(&["-1", "1"]), "`-1` descending (default), `1` ascending; legacy.")
}

/// The state of a repository that is described.
pub(super) const fn state() -> Param {
    path("revision", ParamType::Text, "Branch, tag, commit id, or `refs/pr/N`. Default: the main branch.")
}

/// More about the files of a repository that is described.
pub(super) const fn blobs() -> Param {
    query("blobs", ParamType::Flag, "Adds `size`, `blobId` and `lfs` to each of `siblings`.")
}

/// What the package itself heeds.
pub(super) const fn local(name: &'static str, kind: ParamType, text: &'static str) -> Param {
    param(name, Place::Local, kind, text)
}

/// The repository that a path names, of any type.
pub(super) const fn repo(example: &'static str) -> Param {
    path(
        "repo",
        ParamType::Repo(RepoFields::Split),
        "Repository: `acme/x`, `datasets/acme/x`, `spaces/acme/x` or `{ type, name }`.",
    )
    .required(example)
}

/// The revision that a path names; `main` when left out.
pub(super) const fn revision() -> Param {
    path("revision", ParamType::Text, "Branch, tag, commit id, or `refs/pr/N`. Default `main`.")
}

impl Param {
    pub(super) const fn required(self, example: &'static str) -> Param {
        Param { required: true, ..self.example(example) }
    }

    pub(super) const fn dedicated(self) -> Param {
        Param { dedicated: true, ..self }
    }

    pub(super) const fn only(self, kind: &'static str) -> Param {
        Param { only: Some(kind), ..self }
    }

    pub(super) const fn creates(self) -> Param {
        Param { creates: true, ..self }
    }

    pub(super) const fn at_most(self, items: usize) -> Param {
        Param { most: Some(items), ..self }
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(super) const fn example(self, example: &'static str) -> Param {
        Param { example, ..self }
    }

    #[cfg(target_arch = "wasm32")]
    pub(super) const fn example(self, _: &'static str) -> Param {
        self
    }
}
