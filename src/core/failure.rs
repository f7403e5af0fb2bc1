//! What a call fails with. One kind, one remedy; never a token in any text.

use super::advice;
use super::reply::Sent;
use crate::endpoints::{Endpoint, Host};

/// Everything that is known of a failure. JavaScript makes an `HfError` of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub kind: ErrorKind,
    /// Why it failed; [`Failure::full_message`] says of what as well.
    pub message: String,
    /// What the call was about: a repository or a model. May be empty.
    pub subject: String,
    /// HTTP status, where there was a response.
    pub status: Option<u16>,
    /// `X-Error-Code`, or the code in the router's error object.
    pub code: Option<String>,
    pub request_id: Option<String>,
    /// Method name of the endpoint.
    pub endpoint: Option<&'static str>,
    pub is_of_router: bool,
    /// Permission that the endpoint needs.
    pub permission: Option<&'static str>,
    /// Parameter that is wrong.
    pub field: Option<String>,
    /// What was not found.
    pub missing: Option<Missing>,
    /// The URL of what exists already.
    pub url: Option<String>,
    /// The rule of a policy that denies the call.
    pub rule: Option<String>,
    /// Which limit was hit.
    pub limit: Option<Limit>,
    /// Milliseconds after which the server says to try again.
    pub retry_after: Option<f64>,
    /// Requests sent for this call.
    pub attempts: u32,
    /// The remedy, in one sentence.
    pub advice: Option<String>,
    /// Where JavaScript has made its error already: the number of that.
    pub made: Option<usize>,
}

/// The kinds of failure. [`super::retry`] says which are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// 401: no token, or one that is wrong or expired.
    Unauthorized,
    /// 402: credits used up, or hardware that costs.
    PaymentRequired,
    /// 403: the token lacks a right.
    Forbidden,
    /// 401 or 403 on a gated repository: its conditions were not accepted.
    Gated,
    /// 404, and 401 where the Hub hides that something is missing.
    NotFound,
    /// 409: it exists already, or another operation is under way.
    Conflict,
    /// 412: a commit has happened since `parentCommit`.
    PreconditionFailed,
    /// 429: a limit was hit. Tried again.
    RateLimited,
    /// 400, 413, 416, 422, or a parameter refused before any request.
    InvalidInput,
    /// 408 and 5xx, and an error in a response whose status says success. Tried again if repeating does no harm.
    Server,
    /// No response: connection refused or broken. Tried again if repeating does no harm.
    Network,
    /// A time limit passed. Tried again if repeating does no harm and the whole call has time left.
    Timeout,
    /// The caller aborted the call, and gave no reason.
    Aborted,
    /// A response that does not make sense.
    Protocol,
    /// The caller's own policy does not allow the call, or a person has declined it. Nothing was sent.
    Policy,
    /// A defect in this package.
    Internal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Repo,
    Revision,
    Entry,
}

/// What a 429 is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The bucket's window is used up.
    Window,
    /// The window has room: this action has a limit of its own.
    Action,
}

impl Limit {
    /// The word in `HfError.limit`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Limit::Window => "window",
            Limit::Action => "action",
        }
    }
}

impl ErrorKind {
    pub const ALL: [ErrorKind; 16] = [
        ErrorKind::Unauthorized,
        ErrorKind::PaymentRequired,
        ErrorKind::Forbidden,
        ErrorKind::Gated,
        ErrorKind::NotFound,
        ErrorKind::Conflict,
        ErrorKind::PreconditionFailed,
        ErrorKind::RateLimited,
        ErrorKind::InvalidInput,
        ErrorKind::Server,
        ErrorKind::Network,
        ErrorKind::Timeout,
        ErrorKind::Aborted,
        ErrorKind::Protocol,
        ErrorKind::Policy,
        ErrorKind::Internal,
    ];

    /// The word in `HfError.kind`.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Unauthorized => "unauthorized",
            ErrorKind::PaymentRequired => "paymentRequired",
            ErrorKind::Forbidden => "forbidden",
            ErrorKind::Gated => "gated",
            ErrorKind::NotFound => "notFound",
            ErrorKind::Conflict => "conflict",
            ErrorKind::PreconditionFailed => "preconditionFailed",
            ErrorKind::RateLimited => "rateLimited",
            ErrorKind::InvalidInput => "invalidInput",
            ErrorKind::Server => "server",
            ErrorKind::Network => "network",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Aborted => "aborted",
            ErrorKind::Protocol => "protocol",
            ErrorKind::Policy => "policy",
            ErrorKind::Internal => "internal",
        }
    }
}

impl Missing {
    /// The word in `HfError.missing`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Missing::Repo => "repo",
            Missing::Revision => "revision",
            Missing::Entry => "entry",
        }
    }
}

impl Failure {
    /// Failures are boxed: they are large and rare, and every result that may hold one would grow by them.
    #[cold]
    #[inline(never)]
    pub fn new(kind: ErrorKind, message: &str) -> Box<Failure> {
        Box::new(Failure {
            kind,
            message: message.to_owned(),
            subject: String::new(),
            status: None,
            code: None,
            request_id: None,
            endpoint: None,
            is_of_router: false,
            permission: None,
            field: None,
            missing: None,
            url: None,
            rule: None,
            limit: None,
            retry_after: None,
            attempts: 0,
            advice: None,
            made: None,
        })
    }

    /// A parameter that is refused before any request.
    #[cold]
    #[inline(never)]
    pub fn invalid(field: &str, problem: &str) -> Box<Failure> {
        let mut failure = Failure::new(ErrorKind::InvalidInput, &["\"", field, "\" ", problem].concat());
        failure.field = Some(field.to_owned());
        failure
    }

    /// A call that a policy denies before anything is sent.
    #[cold]
    #[inline(never)]
    pub fn denied(message: &str, rule: String) -> Box<Failure> {
        let mut failure = Failure::new(ErrorKind::Policy, message);
        failure.rule = Some(rule);
        failure
    }

    #[cold]
    #[inline(never)]
    pub fn protocol(message: &str) -> Box<Failure> {
        Failure::new(ErrorKind::Protocol, message)
    }

    /// The message that users read: `modelInfo acme/x: repository not found (404)`.
    pub fn full_message(&self) -> String {
        let mut text = self.endpoint.unwrap_or_default().to_owned();
        if !self.subject.is_empty() {
            text.push(' ');
            text.push_str(&self.subject);
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&self.message);
        if let Some(status) = self.status {
            text.push_str(&format!(" ({status})"));
        }
        text
    }

    /// Whether the server does not know the endpoint at all, as one that speaks only part of the API.
    pub fn is_unsupported(&self) -> bool {
        matches!((self.status, &self.code), (Some(404), None) | (Some(405 | 415 | 501), _))
    }

    /// Names the endpoint that failed, and the remedy where no response names a better one.
    pub fn of(mut self: Box<Failure>, endpoint: &Endpoint) -> Box<Failure> {
        self.endpoint = Some(endpoint.name);
        self.is_of_router = endpoint.host == Host::Router;
        self.permission = endpoint.permission;
        self.advice = self.advice.take().or_else(|| advice::of(&self, Sent::Token, ""));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::models::MODEL_INFO;

    #[test]
    fn failures_without_a_reply_have_a_remedy_too() {
        for kind in [ErrorKind::Network, ErrorKind::Timeout, ErrorKind::Protocol] {
            assert!(Failure::new(kind, "x").of(&MODEL_INFO).advice.is_some(), "{kind:?}");
        }
        let mut failure = Failure::new(ErrorKind::NotFound, "repository not found").of(&MODEL_INFO);
        assert_eq!(failure.full_message(), "modelInfo: repository not found");
        (failure.subject, failure.status) = ("acme/x".into(), Some(404));
        assert_eq!(failure.full_message(), "modelInfo acme/x: repository not found (404)");
        let mut failure = Failure::new(ErrorKind::Network, "x");
        failure.advice = Some("Sleep.".into());
        assert_eq!(failure.of(&MODEL_INFO).advice.as_deref(), Some("Sleep."));
    }
}
