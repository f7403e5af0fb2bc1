//! The parameters of an endpoint. Documentation is dropped where the target is wasm: see [`doc`].

/// One parameter of an endpoint.
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
    String,
    /// One string or several; a repeated key in a query.
    Strings,
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
    /// One of a set that the API may enlarge; any string is sent.
    Known(&'static [&'static str]),
    /// Some of a set that the API may enlarge; a repeated key in a query.
    SomeOf(&'static [&'static str]),
    /// A repository of any type. In a body it becomes the fields of [`RepoFields`].
    Repo(RepoFields),
    /// The id of a repository whose type the endpoint fixes.
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

/// Keeps a string out of the wasm, where nobody reads it.
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

/// [`ParamType::Known`]: the wasm sends any string, and needs no list.
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
    query("cursor", ParamType::String, "Opaque position, taken from a page's `Link`.")
}

/// In which order a list is sorted.
pub(super) const fn direction() -> Param {
    query("direction", ParamType::OneOf(&["-1", "1"]), "`-1` descending (default), `1` ascending; legacy.")
}

/// The state of a repository that is described.
pub(super) const fn state() -> Param {
    path("revision", ParamType::String, "Branch, tag, commit id, or `refs/pr/N`. Default: the main branch.")
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
    path("revision", ParamType::String, "Branch, tag, commit id, or `refs/pr/N`. Default `main`.")
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
