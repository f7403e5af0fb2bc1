//! What to do about a failure, in one sentence.

use super::failure::{ErrorKind, Failure, Limit, Missing};
use super::reply::Sent;

/// `subject` is the repository that the call was about; may be empty.
pub fn of(failure: &Failure, sent: Sent, subject: &str) -> Option<String> {
    let permission = failure.permission.unwrap_or_default();
    Some(match (failure.kind, failure.missing) {
        (ErrorKind::Unauthorized, _) if sent == Sent::NoToken => {
            let class = if failure.is_of_router { "InferenceRouter" } else { "Hub" };
            format!("Pass a token: new {class}({{ token }}), or set HF_TOKEN.")
        }
        (ErrorKind::Unauthorized, _) => {
            "The token is wrong, expired or revoked: make a new one at huggingface.co/settings/tokens.".into()
        }
        (ErrorKind::PaymentRequired, _) => "Add credits or a payment method at huggingface.co/settings/billing.".into(),
        (ErrorKind::Forbidden, _) if !permission.is_empty() => {
            let on = if subject.is_empty() { "" } else { " on " };
            let rest = ": add it at huggingface.co/settings/tokens; or its owner may not do this.";
            ["The token lacks ", permission, on, subject, rest].concat()
        }
        (ErrorKind::Forbidden, _) => "Check that the token's owner may do this.".into(),
        (ErrorKind::Gated, _) if sent == Sent::NoToken => {
            "Pass a token of a user who has accepted the repository's conditions.".into()
        }
        (ErrorKind::Gated, _) => {
            "Accept the conditions on the repository's page, and wait for approval where it is needed.".into()
        }
        (ErrorKind::NotFound, Some(Missing::Repo)) if sent == Sent::NoToken => {
            "Check the id and the type; if the repository is private, pass a token that can read it.".into()
        }
        (ErrorKind::NotFound, Some(Missing::Repo)) => {
            "Check the id and the type, and that the token can read the repository.".into()
        }
        (ErrorKind::NotFound, Some(Missing::Revision)) => {
            "Check the revision: listRefs shows branches and tags.".into()
        }
        (ErrorKind::NotFound, Some(Missing::Entry)) => "Check the path: listFiles shows what is there.".into(),
        (ErrorKind::NotFound, None) if failure.is_unsupported() => {
            "Check the id, and that the endpoint is a Hub: it may not serve this at all.".into()
        }
        (ErrorKind::NotFound, None) if subject.is_empty() => "Check the endpoint and the parameters.".into(),
        (ErrorKind::NotFound, None) => "Check the id.".into(),
        (ErrorKind::Conflict, _) => {
            "It exists already, or another operation is under way: choose another name, or try again later.".into()
        }
        (ErrorKind::PreconditionFailed, _) => "Read the branch again and commit on top of its new head.".into(),
        (ErrorKind::RateLimited, _) if failure.limit == Some(Limit::Action) => {
            "This action has a limit of its own, apart from the window's: do it less often.".into()
        }
        (ErrorKind::RateLimited, _) => match failure.retry_after {
            Some(wait) => format!("Wait {} seconds, then try again.", (wait / 1000.0).ceil() as u64),
            None => "Wait, then try again; a token raises the limits.".into(),
        },
        (ErrorKind::Server, _) if matches!(failure.status, Some(501 | 505)) => {
            "The server does not offer this: choose another provider or endpoint.".into()
        }
        (ErrorKind::Server, _) => match failure.retry_after {
            Some(wait) => format!("Try again in {} seconds.", (wait / 1000.0).ceil() as u64),
            None => "Try again later.".into(),
        },
        (ErrorKind::Network, _) => "Check the endpoint and the connection to it.".into(),
        (ErrorKind::Timeout, _) => "Give the call more time with the option timeout.".into(),
        (ErrorKind::Protocol, _) => {
            "Check that the endpoint is what it should be, and that no proxy changes its responses.".into()
        }
        (ErrorKind::Policy, _) => {
            "Nothing was sent. The owner of the policy can allow it by changing this rule.".into()
        }
        (ErrorKind::InvalidInput | ErrorKind::Internal | ErrorKind::Aborted, _) => return None,
    })
}

/// The remedy where nothing is known at an endpoint that has a path of its own.
pub fn of_path(path: &str) -> String {
    ["The endpoint has the path ", path, ": check that it is where the API begins."].concat()
}

/// The remedy where a guarded write was sent again after a response was lost, and has met a branch that has moved on.
pub const LOST: &str =
    "An attempt whose response was lost may have made this commit: read the branch before you commit again.";
