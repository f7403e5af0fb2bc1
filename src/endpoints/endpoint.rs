//! The shape of an endpoint.

use super::{Param, doc};

/// One endpoint of the API.
#[derive(Debug)]
pub struct Endpoint {
    /// Method name on `Hub` or `InferenceRouter`.
    pub name: &'static str,
    pub summary: &'static str,
    /// What a call does and has done, in one sentence: `Commit|Committed {operations} to {repo}[ on {revision}]`. A
    /// parameter stands in braces, and what is left out where it is absent in brackets.
    pub sentence: &'static str,
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
    pub destructive: Destructive,
}

impl Endpoint {
    /// What most endpoints that read share.
    pub const READ: Endpoint = Endpoint {
        name: "",
        summary: "",
        sentence: "",
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
        destructive: Destructive::No,
    };

    /// What most endpoints that write share.
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

    /// The word in a policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Group::Models => "models",
            Group::Datasets => "datasets",
            Group::Spaces => "spaces",
            Group::Repos => "repos",
            Group::Discussions => "discussions",
            Group::Inference => "inference",
            Group::Account => "account",
            Group::Webhooks => "webhooks",
        }
    }

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

/// Whether a call does what cannot be taken back, or changes who sees something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destructive {
    No,
    Always,
    /// Where one of these parameters is given.
    With(&'static [&'static str]),
}

impl Destructive {
    pub fn is_given(self, given: impl Fn(&str) -> bool) -> bool {
        match self {
            Destructive::No => false,
            Destructive::Always => true,
            Destructive::With(names) => names.iter().any(|name| given(name)),
        }
    }
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

pub(super) const fn event(scope: &'static str, action: &'static str) -> Event {
    Event { scope: doc(scope), action: doc(action) }
}
