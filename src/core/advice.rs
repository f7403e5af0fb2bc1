//! What to do about a failure, in one sentence.

use super::failure::{Failure, Kind, Missing};
use super::reply::Sent;

pub fn of(failure: &Failure, sent: Sent) -> Option<String> {
    let permission = failure.permission.unwrap_or_default();
    Some(match (failure.kind, failure.missing) {
        (Kind::Unauthorized, _) if sent == Sent::NoToken => "Pass a token: new Hub({ token }), or set HF_TOKEN.".into(),
        (Kind::Unauthorized, _) => {
            "The token is wrong, expired or revoked: make a new one at huggingface.co/settings/tokens.".into()
        }
        (Kind::PaymentRequired, _) => "Add credits or a payment method at huggingface.co/settings/billing.".into(),
        (Kind::Forbidden, _) if !permission.is_empty() => {
            ["Check that the token has the permission ", permission, " here, and that its owner may do this."].concat()
        }
        (Kind::Forbidden, _) => "Check that the token's owner may do this.".into(),
        (Kind::Gated, _) if sent == Sent::NoToken => {
            "Pass a token of a user who has accepted the repository's conditions.".into()
        }
        (Kind::Gated, _) => {
            "Open the repository's page, accept its conditions, and wait for approval where it is needed.".into()
        }
        (Kind::NotFound, Some(Missing::Repo)) if sent == Sent::NoToken => {
            "Check the id and the type; if the repository is private, pass a token that can read it.".into()
        }
        (Kind::NotFound, Some(Missing::Repo)) => {
            "Check the id and the type, and that the token can read the repository.".into()
        }
        (Kind::NotFound, Some(Missing::Revision)) => "Check the revision: listRefs shows branches and tags.".into(),
        (Kind::NotFound, Some(Missing::Entry)) => "Check the path: listFiles shows what is there.".into(),
        (Kind::NotFound, None) => "Check the id.".into(),
        (Kind::Conflict, _) => {
            "It exists already, or another operation is under way: choose another name, or try again later.".into()
        }
        (Kind::PreconditionFailed, _) => "Read the branch again and commit on top of its new head.".into(),
        (Kind::RateLimited, _) => match failure.retry_after {
            Some(wait) => ["Wait ", &((wait / 1000.0).ceil() as u64).to_string(), " seconds, then try again."].concat(),
            None => "Wait, then try again; a token raises the limits.".into(),
        },
        (Kind::InvalidInput, _) => "Correct the parameters that the message names.".into(),
        (Kind::Server, _) | (Kind::Network, _) => "Try again later.".into(),
        (Kind::Timeout, _) => "Give the call more time with the option timeout.".into(),
        (Kind::Protocol, _) => "Check that the endpoint is a Hub and that no proxy changes its answers.".into(),
        (Kind::Internal, _) => return None,
    })
}
